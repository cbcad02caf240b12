//! Why bytes are no model, and what to do about it.

/// Why bytes are no model that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong: "it ends in the middle".
    pub reason: String,
    /// What to do.
    pub repair: String,
}

impl Refusal {
    pub(crate) fn new(reason: impl Into<String>, repair: impl Into<String>) -> Refusal {
        Refusal { reason: reason.into(), repair: repair.into() }
    }
}

const TO_ONNX: &str = "export it as ONNX: `torch.onnx.export`, `skl2onnx.to_onnx`";
const TO_JSON: &str = "save the trees as JSON: `booster.save_model(\"m.json\")` of XGBoost, `json.dump(booster.dump_model(), file)` of LightGBM";

/// What the first bytes show to be something else than the model that is asked for.
pub(crate) fn told_apart(bytes: &[u8], trees: bool) -> Option<Refusal> {
    let repair = if trees { TO_JSON } else { TO_ONNX };
    let begins = |with: &str| bytes.starts_with(with.as_bytes());
    let refusal = |reason: &str, repair: &str| Some(Refusal::new(reason, repair));
    match bytes {
        [] => refusal("it is empty", repair),
        _ if begins("version https://git-lfs") => {
            refusal("it is the pointer of a large file in Git", "fetch the file itself: `git lfs pull`")
        }
        _ if begins("<!") || begins("<html") => {
            refusal("it is a page of the web", "fetch the file itself, not the page that shows it")
        }
        _ if begins("PK") => refusal("it is an archive, as PyTorch and Keras write", repair),
        _ if bytes.starts_with(b"\x89HDF") => refusal("it is HDF5, as Keras writes", repair),
        [0x80, 2..=5, ..] => refusal("it is a pickle of Python", repair),
        _ if begins("tree\n") || begins("tree\r\n") => {
            refusal("it is LightGBM's own text", "save the trees as JSON: `json.dump(booster.dump_model(), file)`")
        }
        [b'{', b'L' | b'i' | b'U', ..] => refusal(
            "it is XGBoost's binary form",
            "save it under a name that ends in `.json`: `booster.save_model(\"m.json\")`",
        ),
        [b'{' | b'[', ..] if !trees => refusal("it is JSON", "trees are read as `gbdt \"m.json\"`"),
        _ => None,
    }
}

/// The same repair for what is cut short or damaged.
pub(crate) fn again(trees: bool) -> &'static str {
    if trees { TO_JSON } else { TO_ONNX }
}
