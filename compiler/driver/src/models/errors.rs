//! What can be wrong with the file of a model, in words.

use gbc_diagnostics::{Diagnostic, nearest};
use gbc_hir::{LoadError, Model, ModelCall, ModelFormat};
use gbc_models::{Refusal, Signature};

/// No list in a message is longer.
const MOST_NAMES: usize = 12;

pub(super) fn no_file(model: &Model, why: &LoadError) -> Diagnostic {
    let (file, at) = (&model.file, model.file_span);
    let error = |remark: &str| Diagnostic::error("E0812", format!("the model `{file}` cannot be opened"), at, remark);
    match why {
        LoadError::Missing { siblings, .. } => {
            let diagnostic = error("no such file");
            match nearest(file, siblings.iter().map(String::as_str)) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(at, format!("\"{near}\"")),
                None => diagnostic.help("the path counts from the folder of the strategy; until the model is trained, leave it out"),
            }
        }
        LoadError::Outside => error("out of the project").help(
            "a project begins at the nearest `gbs.toml` above the file, or at the file's own folder; move the model into it and write its path from the strategy's folder",
        ),
        LoadError::NoFiles => error("no files can be seen from here").help("check the file where it lies: `gbc check`"),
        LoadError::Unreadable(why) => error(why).help("a model is a regular file of at most 256 MiB"),
        LoadError::Changed { .. } => error("it has changed").help("bring the file back that was there"),
    }
}

pub(super) fn no_model(model: &Model, format: ModelFormat, refusal: &Refusal) -> Diagnostic {
    let kind = match format {
        ModelFormat::Onnx => "as ONNX",
        ModelFormat::Gbdt => "as trees of LightGBM or XGBoost",
    };
    let message = format!("`{}` cannot be read {kind}", model.file);
    Diagnostic::error("E0813", message, model.file_span, &refusal.reason).help(&refusal.repair)
}

pub(super) fn takes_another_number(
    model: &Model,
    call: &ModelCall,
    count: usize,
    names: Option<&[&str]>,
) -> Diagnostic {
    let message = format!("`{}` takes {}, and is given {}", model.name, numbers(count), call.inputs.len());
    let remark = names.map_or(format!("trained with {count}"), |names| format!("trained with {}", list(names)));
    Diagnostic::error("E0814", message, call.span, format!("{} given", call.inputs.len()))
        .label(model.file_span, remark)
        .help("give it the features that it was trained with, in their order, or train it again with these")
}

pub(super) fn takes_another_name(model: &Model, call: &ModelCall, place: usize, names: &[&str]) -> Diagnostic {
    let given = call.inputs[place].as_deref().unwrap_or_default();
    let nth = place + 1;
    let message =
        format!("`{}` was trained with `{}` as its number {nth}, and is given `{given}`", model.name, names[place]);
    Diagnostic::error("E0814", message, call.span, format!("`{given}` comes as number {nth}"))
        .label(model.file_span, format!("trained with {}", list(names)))
        .help("name the features as in training, and write them in that order")
}

pub(super) fn gives_another_number(model: &Model, count: usize, signature: &Signature) -> Diagnostic {
    let named = model.outputs.len().max(1);
    let message = format!("`{}` gives {}, and {} named", model.name, numbers(count), are(named));
    let port = |port: &gbc_models::Port| {
        let width = numbers(port.width.unwrap_or(1));
        port.name.as_ref().map_or(width.clone(), |name| format!("`{name}`, {width}"))
    };
    let remark: Vec<String> = signature.outputs.iter().take(MOST_NAMES).map(port).collect();
    let outputs: Vec<String> = (1..=count.min(MOST_NAMES)).map(|nth| format!("out{nth}: float")).collect();
    let more = if count > MOST_NAMES { ", …" } else { "" };
    let help = if count == 1 {
        "name one, or none: then it is a plain number".to_owned()
    } else {
        format!("name each: `-> ({}{more})`", outputs.join(", "))
    };
    Diagnostic::error("E0814", message, model.file_span, format!("gives {}", remark.join("; "))).help(help)
}

pub(super) fn gives_in_another_order(model: &Model, names: &[&str]) -> Diagnostic {
    let outputs: Vec<String> = names.iter().map(|name| format!("{name}: float")).collect();
    let message = format!("`{}` gives the same numbers in another order", model.name);
    Diagnostic::error("E0814", message, model.file_span, format!("gives {}", list(names)))
        .help(format!("name them in its order: `-> ({})`", outputs.join(", ")))
}

fn numbers(count: usize) -> String {
    if count == 1 { "1 number".to_owned() } else { format!("{count} numbers") }
}

fn are(count: usize) -> String {
    if count == 1 { "1 is".to_owned() } else { format!("{count} are") }
}

fn list(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
    let more =
        if names.len() > MOST_NAMES { format!(", and {} more", names.len() - MOST_NAMES) } else { String::new() };
    format!("{}{more}", shown.join(", "))
}
