//! What can be wrong with many symbols, and with what is learnt, in words.

use gbc_diagnostics::{Diagnostic, Span};

use super::near;

pub(crate) fn too_many_symbols(at: Span, found: i64, most: i64) -> Diagnostic {
    Diagnostic::error("E0801", format!("a universe holds at most {most} symbols"), at, format!("this is {found}"))
        .help(format!("write a smaller number: `max {most}`"))
}

pub(crate) fn no_universe<'a>(
    name: &str,
    at: Span,
    taken: bool,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let remark = if taken { "something else" } else { "no such universe" };
    let diagnostic = near(Diagnostic::error("E0801", format!("`{name}` is no universe"), at, remark), name, at, known);
    if diagnostic.help.is_some() {
        diagnostic
    } else {
        diagnostic.help(format!("declare it: `universe {name} max 64`"))
    }
}

pub(crate) fn roll_by(name: &str, at: Span, counted: bool, known: [&str; 3]) -> Diagnostic {
    let message = format!("contracts cannot roll by `{name}`");
    let help = match (name, counted) {
        ("calendar", false) => "say how long before the end: `by calendar(5 days)`",
        ("volume" | "open_interest", true) => "it takes no number: `by volume`",
        _ => "write `by volume`, `by open_interest` or `by calendar(5 days)`",
    };
    let diagnostic = Diagnostic::error("E0802", message, at, "not like this");
    let diagnostic = if known.contains(&name) { diagnostic } else { near(diagnostic, name, at, known) };
    if diagnostic.help.is_some() { diagnostic } else { diagnostic.help(help) }
}

pub(crate) fn roll_adjust(name: &str, at: Span, known: [&str; 3]) -> Diagnostic {
    let message = format!("the past cannot be adjusted by `{name}`");
    let diagnostic = near(Diagnostic::error("E0802", message, at, "not like this"), name, at, known);
    if diagnostic.help.is_some() { diagnostic } else { diagnostic.help("write `ratio`, `difference` or `none`") }
}

pub(crate) fn rolled_twice(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0802", format!("`{name}` rolls in two ways"), at, "again here").help("keep one `roll`")
}

pub(crate) fn no_question<'a>(name: &str, at: Span, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    let list: Vec<String> = known.clone().into_iter().map(|name| format!("`{name}`")).collect();
    let message = format!("`{name}` cannot be asked across symbols");
    Diagnostic::error("E0803", message, at, "not across a universe").help(format!("there is {}", list.join(", ")))
}

pub(crate) fn outside_each(name: &str, universe: &str, at: Span) -> Diagnostic {
    let message = format!("`{name}` compares the symbols of `{universe}`, and there is no symbol here");
    Diagnostic::error("E0803", message, at, "whose value?").help(format!("ask inside `each m in {universe} {{ … }}`"))
}

pub(crate) fn no_common_clock(name: &str, at: Span) -> Diagnostic {
    let message = format!("`{name}` compares symbols, so it needs one clock for all of them");
    Diagnostic::error("E0804", message, at, "each symbol ticks on its own")
        .help("say when to compare: `clock rebal = at 15:45`, then `target m @ rebal = …` or `let top @ rebal = …`")
}

pub(crate) fn model_format(name: &str, at: Span) -> Diagnostic {
    let message = format!("a model cannot be read as `{name}`");
    let diagnostic = near(Diagnostic::error("E0810", message, at, "no such format"), name, at, ["onnx", "gbdt"]);
    if diagnostic.help.is_some() { diagnostic } else { diagnostic.help("write `onnx \"m.onnx\"` or `gbdt \"m.json\"`") }
}

pub(crate) fn model_gives_floats(ty: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0810", format!("a model gives numbers, not `{ty}`"), at, "not a `float`")
        .help("write `float`; compare it where a truth is needed")
        .fix(at, "float")
}

pub(crate) fn model_inputs(name: &str, at: Span, found: usize, known: Option<usize>) -> Diagnostic {
    let remark = if found == 1 { "1 number given".to_owned() } else { format!("{found} numbers given") };
    let message = match known {
        Some(known) => format!("`{name}` took {known} numbers elsewhere, and {found} here"),
        None => format!("`{name}` needs something to go by"),
    };
    Diagnostic::error("E0811", message, at, remark).help(format!("give it one block of features: `{name}(fx)`"))
}

pub(crate) fn future_outside_label(at: Span, written: &str, span: &str) -> Diagnostic {
    Diagnostic::error("E0101", "a strategy cannot see the future", at, "only a label may")
        .help(format!("a training target? `label next = future({written}, {span})`"))
}

pub(crate) fn label_reaches_orders(name: &str, at: Span, label: Span) -> Diagnostic {
    Diagnostic::error("E0820", format!("`{name}` knows the future, so nothing that trades may read it"), at, "a label")
        .label(label, "known only afterwards")
        .help("labels are for data sets: another `label` may read it, or train a `model` with it")
}
