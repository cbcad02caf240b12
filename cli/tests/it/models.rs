//! Models on the disk, through the binary: where their paths lead, and what in them must agree with the strategy.

use std::fs;

use crate::world::{Folder, Ran, repository};

/// The names of the features that the trees below were trained with.
const NAMES: [&str; 5] = ["imb5", "ofi1", "trd1", "ret10", "vol1"];

/// A folder with the scorer's model and with real trees.
fn ready(name: &str) -> Folder {
    let here = Folder::new(name);
    fs::create_dir_all(here.0.join("models")).unwrap();
    let copy = |from: &str, to: &str| {
        fs::copy(repository(from), here.0.join("models").join(to)).unwrap();
    };
    copy("tests/design/models/taker.onnx", "taker.onnx");
    copy("compiler/models/tests/trees/lightgbm_three_classes.json", "three.json");
    copy("compiler/models/tests/trees/xgboost.json", "one.json");
    here
}

/// What `gbc check` says of a strategy that goes by a model: `onnx "m.onnx" -> (up: float)`.
fn checked(here: &Folder, model: &str, features: &[&str]) -> Ran {
    let fields: String = features.iter().map(|name| format!("  {name} = change(s.close)\n")).collect();
    let read = if model.contains("up: ") { ".up" } else { "" };
    here.write(
        "s.gbs",
        &format!(
            "strategy S\nmarket btc\nlet s = btc.bars(1s)\nfeatures fx @ s {{\n{fields}}}\nmodel alpha = {model}\n\
             target btc = (if alpha(fx){read} > 0.6 {{ 1 }} else {{ 0 }}) else 0\n"
        ),
    );
    here.gbc(&["check", "s.gbs"])
}

#[track_caller]
fn refused(ran: Ran, words: &[&str]) {
    let ran = ran.ends(1);
    words.iter().for_each(|word| assert!(ran.out.contains(word), "{word:?} is missing: {}", ran.out));
    assert_eq!(ran.out.matches("error[").count(), 1, "one mistake, one message: {}", ran.out);
}

#[test]
fn the_scorer_of_the_design_checks_with_its_model() {
    let here = Folder::new("models-design");
    let path = repository("tests/design/scorer.gbs");
    let ran = here.gbc(&["check", path.to_str().unwrap()]).ends(0);
    assert!(ran.out.contains("sound"), "{}", ran.out);
}

#[test]
fn models_that_agree_with_the_strategy_are_sound() {
    let here = ready("models-sound");
    checked(&here, "onnx \"models/taker.onnx\" -> (up: float, down: float)", &NAMES).ends(0);
    checked(&here, "onnx \"models/taker.onnx\" -> (up: float, down: float)", &["a", "b", "c", "d", "e"]).ends(0);
    checked(&here, "gbdt \"./models/three.json\" -> (down: float, same: float, up: float)", &NAMES).ends(0);
    checked(&here, "gbdt \"models/one.json\"", &["a", "b", "c", "d", "e"]).ends(0);
}

#[test]
fn a_model_that_is_not_there_is_named() {
    let here = ready("models-missing");
    refused(
        checked(&here, "onnx \"models/takr.onnx\" -> (up: float, down: float)", &NAMES),
        &["E0812", "s.gbs:11:20", "no such file", "did you mean `models/taker.onnx`?"],
    );
    refused(checked(&here, "onnx \"m.onnx\"", &NAMES), &["E0812", "the path counts from the folder of the strategy"]);
    fs::create_dir_all(here.0.join("models/deep.onnx")).unwrap();
    refused(checked(&here, "onnx \"models/deep.onnx\"", &NAMES), &["E0812", "this is a folder, not a file"]);
}

#[test]
fn no_model_is_read_outside_the_project() {
    let here = ready("models-outside");
    let other = ready("models-outside-other");
    let out_of_here = format!("onnx \"../{}/models/taker.onnx\"", other.0.file_name().unwrap().to_str().unwrap());
    refused(checked(&here, &out_of_here, &NAMES), &["E0812", "out of the project"]);
    let absolute = format!("onnx \"{}\"", here.0.join("models/taker.onnx").display());
    refused(checked(&here, &absolute, &NAMES), &["E0812", "out of the project"]);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_project_is_no_model() {
    let (here, other) = (ready("models-links"), ready("models-links-other"));
    std::os::unix::fs::symlink(other.0.join("models/taker.onnx"), here.0.join("models/link.onnx")).unwrap();
    refused(checked(&here, "onnx \"models/link.onnx\"", &NAMES), &["E0812", "out of the project"]);
}

#[test]
fn bytes_that_are_no_model_are_told_apart() {
    let here = ready("models-bytes");
    let whole = here.read("models/taker.onnx");
    fs::write(here.0.join("models/cut.onnx"), &whole[..whole.len() / 2]).unwrap();
    refused(
        checked(&here, "onnx \"models/cut.onnx\" -> (up: float, down: float)", &NAMES),
        &["E0813", "`models/cut.onnx` cannot be read as ONNX", "it ends in the middle", "export it as ONNX"],
    );
    refused(checked(&here, "onnx \"models/one.json\"", &NAMES), &["E0813", "it is JSON", "gbdt"]);
    refused(checked(&here, "gbdt \"models/taker.onnx\"", &NAMES), &["E0813", "it is no JSON", "save_model"]);
}

#[test]
fn counts_and_names_must_be_those_of_the_training() {
    let here = ready("models-counts");
    let taker = "onnx \"models/taker.onnx\" -> (up: float, down: float)";
    refused(checked(&here, taker, &NAMES[..4]), &["E0814", "s.gbs:10:20", "`alpha` takes 5 numbers, and is given 4"]);
    let three = "gbdt \"models/three.json\" -> (down: float, same: float, up: float)";
    refused(
        checked(&here, three, &NAMES[..4]),
        &["E0814", "trained with `imb5`, `ofi1`, `trd1`, `ret10`, `vol1`", "4 given"],
    );
    refused(
        checked(&here, three, &["imb5", "ofi1", "ret10", "trd1", "vol1"]),
        &["E0814", "was trained with `trd1` as its number 3, and is given `ret10`"],
    );
    refused(
        checked(&here, "onnx \"models/taker.onnx\" -> (up: float)", &NAMES),
        &["E0814", "`alpha` gives 2 numbers, and 1 is named", "`chances`, 2 numbers", "(out1: float, out2: float)"],
    );
    refused(
        checked(&here, "gbdt \"models/one.json\" -> (up: float, down: float)", &NAMES),
        &["E0814", "`alpha` gives 1 number, and 2 are named", "then it is a plain number"],
    );
}

#[test]
fn a_model_is_still_refused_at_the_run() {
    let here = ready("models-run");
    checked(&here, "gbdt \"models/one.json\"", &NAMES).ends(0);
    here.bars("bars.parquet", 50);
    let ran = here.gbc(&["run", "s.gbs", "--data", "bars.parquet"]);
    let said = format!("{}{}", ran.out, ran.err);
    assert!(said.contains("E0903") && said.contains("`model` is checked"), "{said}");
}
