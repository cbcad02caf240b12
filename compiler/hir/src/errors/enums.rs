//! What can be wrong with enums.

use gbc_diagnostics::{Diagnostic, Span, nearest};

pub(crate) fn arm_twice(arm: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0623", format!("`{arm}` stands twice in this enum"), at, "here again").help("delete one")
}

pub(crate) fn no_arm(of: &str, arm: &str, at: Span, arms: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::error("E0624", format!("`{of}` has no `{arm}`"), at, "no such arm");
    match nearest(arm, arms.iter().map(String::as_str)) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(at, near),
        None => diagnostic.help(format!("it has {}", listed(arms))),
    }
}

/// A bare arm that several enums have.
pub(crate) fn shared_arm(arm: &str, at: Span, readings: &[String]) -> Diagnostic {
    Diagnostic::error("E0625", format!("`{arm}` is an arm of several enums"), at, "which one?")
        .help(format!("write {}", listed(readings).replace(", ", " or ")))
}

fn listed(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

pub(crate) fn arms_have_no_order(of: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0626", format!("the arms of `{of}` have no order"), at, "compares or computes with arms")
        .help("arms compare with `==` and `!=` only; for numbers write `if phase == Armed { 1 } else { 0 }`")
}

pub(crate) fn two_enums(one: &str, other: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0627", format!("an arm of `{one}` is never one of `{other}`"), at, "of two enums")
        .help("use arms of one enum")
}
