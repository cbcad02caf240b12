//! What can be wrong with windows over time and with filters.

use gbc_diagnostics::{Diagnostic, Span};

/// A name inside a filter that could be the event's field or one of the file's own.
pub(crate) fn field_or_name(name: &str, at: Span, own: Option<Span>) -> Diagnostic {
    let message = format!("`{name}` could be the event's own or the file's");
    let diagnostic = Diagnostic::error("E0335", message, at, "the event has one too");
    let diagnostic = match own {
        Some(own) => diagnostic.label(own, "the file's"),
        None => diagnostic,
    };
    diagnostic.help(format!(
        "rename the file's, or filter by name: `let t = es.trades`, then `t where t.{name} …` reads the event's"
    ))
}

pub(crate) fn empty_span(what: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0336", format!("{what} must be longer than nothing"), at, "no time at all")
        .help("write a span like `500ms`")
}

pub(crate) fn panes_do_not_fill(at: Span) -> Diagnostic {
    Diagnostic::error("E0337", "panes must fill their span", at, "the span is no multiple of its panes")
        .help("write a multiple: `500ms by 10ms`")
}

pub(crate) fn panes_are_too_little(name: &str, session: bool, at: Span) -> Diagnostic {
    let (keeper, remark, way) = match session {
        true => ("a session keeps", "since an opening", "with a session; for all others take a span, `1h`"),
        false => ("panes keep", "in panes", "with panes; leave `by` out for all others"),
    };
    Diagnostic::error("E0338", format!("`{name}` must know each value; {keeper} only sums"), at, remark)
        .help(format!("`count`, `sum`, `mean`, `highest` and `lowest` do {way}"))
}

pub(crate) fn count_of_a_count(at: Span) -> Diagnostic {
    Diagnostic::error("E0339", "so many events are always so many", at, "a number of events")
        .help("count within a span, `count(es.trades, 1s)`, or count a condition: `count(up, 20)`")
}

pub(crate) fn ago_of_steps(at: Span, written: &str, count: &str) -> Diagnostic {
    let help = format!("write `{written}[{count}]`; `ago` takes a span: `ago({written}, 10s)`");
    Diagnostic::error("E0340", "`ago` looks back by time, not by steps", at, "a number of steps").help(help)
}
