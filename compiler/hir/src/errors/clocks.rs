//! What can be wrong with timers, sessions and handlers, in words.

use gbc_core::session::Days;
use gbc_diagnostics::{Diagnostic, Span, nearest};

use crate::Ty;

pub(crate) fn period_is_no_time(at: Span, ty: Ty, written: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error("E0350", "a timer needs a period", at, format!("{ty}, not a time"));
    if written.bytes().all(|byte| byte.is_ascii_digit()) {
        let repair = format!("{written}s");
        return diagnostic.help(format!("say of what: `{repair}`, `{written}m`, `{written}h`")).fix(at, repair);
    }
    diagnostic.help("write a duration: `every 1s`, `every 15m`")
}

pub(crate) fn period_too_short(at: Span) -> Diagnostic {
    Diagnostic::error("E0351", "a timer fires once a millisecond at most", at, "shorter than a millisecond")
        .help("a timer fires at every period of a run, with data or without; to follow every event, use `on`")
}

pub(crate) fn unknown_days(written: &str, at: Span) -> Diagnostic {
    let names = Days::NAMES.map(|(name, _)| name);
    let diagnostic = Diagnostic::error("E0352", format!("there are no days `{written}`"), at, "no such days");
    match nearest(written, names) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(at, near),
        None => diagnostic.help(format!("choose one of {}", names.map(|name| format!("`{name}`")).join(", "))),
    }
}

pub(crate) fn no_time_of_day(at: Span) -> Diagnostic {
    Diagnostic::error("E0356", "`at` needs a time of day", at, "not a time of day")
        .help("write hours and minutes: `at 15:45`; for a period, write `every 15m`")
}

pub(crate) fn outside_session(session: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0354", format!("`{session}` is never open at this time"), at, "outside the session")
        .help("choose a time from its opening to its close, in the session's own zone")
}

pub(crate) fn no_session(what: &str, at: Span, market: &str) -> Diagnostic {
    Diagnostic::error("E0357", format!("what stands behind `in` is a session; this is {what}"), at, what)
        .help(format!("name a session, say the market's trading hours: `in {market}.rth`"))
}

pub(crate) fn unknown_zone(zone: &str, at: Span, known: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::error("E0355", format!("there is no time zone `{zone}`"), at, "no such zone");
    let place = |name: &str| name.rsplit('/').next().unwrap_or(name).to_lowercase();
    let wanted = place(zone).replace(' ', "_");
    // Mostly the city is right and the continent is not.
    let city = known.iter().map(String::as_str).find(|name| name.contains('/') && place(name) == wanted);
    match city.or_else(|| nearest(zone, known.iter().map(String::as_str))) {
        Some(near) => diagnostic.help(format!("did you mean `\"{near}\"`?")).fix(at, format!("\"{near}\"")),
        None => diagnostic.help("zones go by continent and city: `\"America/New_York\"`, `\"Europe/London\"`"),
    }
}

pub(crate) fn no_event(what: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0358", format!("`on` waits for something that happens; this is {what}"), at, what)
        .help("name a trade, a quote, a bar series or a session's opening: `on es.trade`, `on b`, `on es.rth.open`")
}

pub(crate) fn moment_has_no_fields(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0359", "a moment has no values to give a name to", at, "nothing to read of it")
        .help(format!("leave out `as {name}`"))
}

pub(crate) fn size_of_bars(what: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0360", format!("{what} is the size of a bar and nothing else"), at, "not a value")
        .help("make bars of it: `es.bars(1000 trades)`, `es.bars(range 8 ticks)`")
}

pub(crate) fn size_beyond_session(at: Span) -> Diagnostic {
    Diagnostic::error("E0361", "a bar of a session lasts a whole part of a day at most", at, "does not fit into a day")
        .help("`1d` is one bar for each session; `1m`, `5m` or `1h` are cut at its opening and its close")
}

pub(crate) fn not_in_session(what: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0362", format!("only bars can be of a session; this is {what}"), at, what)
        .help("make bars of it: `es.bars(1m) in es.rth`; to ask whether it is open, read `es.rth.is_open`")
}
