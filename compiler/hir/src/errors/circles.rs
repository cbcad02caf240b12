//! Equations that wait for each other, or of which nothing says what they are.

use gbc_diagnostics::{Diagnostic, Span};

/// `names` in the order in which they need each other, the first once more at the end; `places` of all but that one.
pub(crate) fn circle(names: &[String], places: &[Span]) -> Diagnostic {
    let path: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let needs = |at: usize| format!("needs {}", path[at + 1]);
    if let [_, _] = names {
        return Diagnostic::error(
            "E0102",
            format!("{} is defined by itself", path[0]),
            places[0],
            "needs its own value",
        )
        .help(format!("for its own last value write `prev` in place of {}", path[0]));
    }
    let message = format!("these values wait for each other: {}", path.join(" → "));
    let first = Diagnostic::error("E0102", message, places[0], needs(0));
    let all = places.iter().enumerate().skip(1).fold(first, |all, (at, place)| all.label(*place, needs(at)));
    let last = &names[1];
    all.help(format!(
        "one of them may read another's past: `{last}[1]` in place of `{last}`, with `else` to say where it starts"
    ))
}

/// A circle that reads its own past, and nothing in it has a kind.
pub(crate) fn no_kind(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        "E0215",
        format!("`{name}` is built on its own past and never has a first value"),
        at,
        "undefined for ever",
    )
    .help(format!("say where the circle starts: `{name}[1] else 0`"))
}

/// A circle whose values become something else with each step.
pub(crate) fn never_settles(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        "E0404",
        format!("`{name}` changes its kind with each step of its circle"),
        at,
        "must stay what it is",
    )
    .help("make every step of one kind: add what has its unit, multiply by plain numbers")
}
