//! What can be wrong with windows over time and with filters.

use gbc_diagnostics::{Diagnostic, Span, nearest};

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

/// What keeps only sums of what it saw.
#[derive(Clone, Copy)]
pub(crate) enum Keeper {
    Panes,
    Session,
    Position,
}

pub(crate) fn panes_are_too_little(name: &str, keeper: Keeper, at: Span) -> Diagnostic {
    let (keeper, remark, way) = match keeper {
        Keeper::Session => ("a session keeps", "since an opening", "with a session; for all others take a span, `1h`"),
        Keeper::Position => {
            ("a position keeps", "since it was opened", "with `trade`; for all others take a span, `1h`")
        }
        Keeper::Panes => ("panes keep", "in panes", "with panes; leave `by` out for all others"),
    };
    Diagnostic::error("E0338", format!("`{name}` must know each value; {keeper} only sums"), at, remark)
        .help(format!("`count`, `sum`, `mean`, `highest` and `lowest` do {way}"))
}

/// The life of a position, where there are several markets or none.
pub(crate) fn trade_of_which(at: Span, markets: &[&str]) -> Diagnostic {
    let each: Vec<String> = markets.iter().map(|market| format!("`trade({market})`")).collect();
    Diagnostic::error("E0341", "`trade` needs to know whose position it follows", at, "of which market?")
        .help(format!("write {}", if each.is_empty() { "`trade(es)`".to_owned() } else { each.join(" or ") }))
}

pub(crate) fn not_a_market(what: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0341", "`trade` needs to know whose position it follows", at, format!("{what}, not a market"))
        .help("name a market: `max(b.high, trade(es))`")
}

pub(crate) fn count_of_a_count(at: Span) -> Diagnostic {
    Diagnostic::error("E0339", "so many events are always so many", at, "a number of events")
        .help("count within a span, `count(es.trades, 1s)`, or count a condition: `count(up, 20)`")
}

pub(crate) fn ago_of_steps(at: Span, written: &str, count: &str) -> Diagnostic {
    let help = format!("write `{written}[{count}]`; `ago` takes a span: `ago({written}, 10s)`");
    Diagnostic::error("E0340", "`ago` looks back by time, not by steps", at, "a number of steps").help(help)
}

pub(crate) fn unknown_way(written: &str, at: Span, ways: [&str; 3]) -> Diagnostic {
    let message = "a price snaps to the tick that is `nearest`, to the one `up` or the one `down`";
    let diagnostic = Diagnostic::error("E0342", message, at, "none of these");
    match nearest(written, ways) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(at, near),
        None => diagnostic.help("write `snap(x, nearest)`"),
    }
}

pub(crate) fn snap_to_which(at: Span, markets: &[String]) -> Diagnostic {
    let each: Vec<String> = markets.iter().map(|market| format!("`snap(x, nearest, {market})`")).collect();
    Diagnostic::error("E0342", "`snap` needs to know whose ticks it snaps to", at, "of which market?").help(format!(
        "write {}",
        if each.is_empty() { "`snap(x, nearest, es)`".to_owned() } else { each.join(" or ") }
    ))
}

pub(crate) fn ticks_of_no_market(what: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0342", "`snap` needs to know whose ticks it snaps to", at, format!("{what}, not a market"))
        .help("name a market: `snap(x, nearest, es)`")
}
