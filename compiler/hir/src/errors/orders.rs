//! What can be wrong with orders and limits, in words.

use gbc_diagnostics::{Diagnostic, Span};

use super::near;
use crate::{Direction, Ty};

pub(crate) fn no_enter(at: Span) -> Diagnostic {
    Diagnostic::error("E0701", "this trade never says when to enter", at, "no `enter` in it")
        .help("say when: `enter when c` at the market, or `enter stop at p` to wait at a price")
}

pub(crate) fn enters_at_once(at: Span) -> Diagnostic {
    Diagnostic::error("E0701", "this trade never says when to enter", at, "neither a price nor a condition")
        .help("say when: `enter when c` at the market, or `enter stop at p` to wait at a price")
}

pub(crate) fn clause_twice(word: &str, at: Span, first: Span) -> Diagnostic {
    let help = match word {
        "enter" => "a trade enters in one way; for another, write a second `trade` block of the same market",
        "stop" | "take" => "combine both in one value: `min(a, b)` or `max(a, b)`",
        _ => "keep the one you mean",
    };
    Diagnostic::error("E0702", format!("`{word}` stands here twice"), at, "again here")
        .label(first, "first here")
        .help(help)
}

pub(crate) fn price_of_another(at: Span, other: &str, market: &str) -> Diagnostic {
    let message = format!("an order in `{market}` cannot have a price of `{other}`");
    Diagnostic::error("E0703", message, at, format!("counts ticks of `{other}`"))
        .help(format!("price it by its own market: `{market}.mid`, or a distance in `{market}.tick`"))
}

/// `written`: a bare number where a distance belongs.
pub(crate) fn not_a_price(what: &str, ty: Ty, at: Span, market: &str, written: Option<&String>) -> Diagnostic {
    let diagnostic = Diagnostic::error("E0704", format!("{what} is a price; this is {ty}"), at, ty.to_string());
    match written {
        Some(n) if n.bytes().all(|byte| byte.is_ascii_digit()) => {
            let help = format!("{n} of what? `{n} ticks`, or `{n} * atr(b, 20)`");
            diagnostic.help(help).fix(at, format!("{n} ticks"))
        }
        Some(n) => diagnostic.help(format!("{n} of what? `{n} * {market}.tick`, or `{n} * atr(b, 20)`")),
        None => diagnostic.help(format!("scale one: `x * {market}.tick`; money becomes a price by `/ {market}.point`")),
    }
}

pub(crate) fn risk_without_stop(at: Span) -> Diagnostic {
    Diagnostic::error("E0705", "`R` is the distance to the stop, and this trade has none", at, "nothing to measure")
        .help("give the trade a stop: `stop 2 * atr(b, 20)`; or take at a distance of its own: `take 8 ticks`")
}

pub(crate) fn mixed_forms(market: &str, form: &str, at: Span, other: &str, first: Span) -> Diagnostic {
    let message = format!("`{market}` is traded in two forms: `{other}` and `{form}`");
    Diagnostic::error("E0706", message, at, format!("a `{form}`"))
        .label(first, format!("a `{other}`"))
        .help("each form owns the market's position, so two would undo each other; keep one")
}

pub(crate) fn nothing_rests(at: Span, enter: Span) -> Diagnostic {
    Diagnostic::error("E0707", "there is no resting entry to cancel", at, "what would it cancel?")
        .label(enter, "enters at the market, at once")
        .help("rest at a price: `enter limit at p when c`; or leave `cancel after` out")
        .fix(at, "")
}

pub(crate) fn not_a_duration(what: &str, ty: Ty, at: Span, whole: Option<u64>) -> Diagnostic {
    let diagnostic = Diagnostic::error("E0708", format!("{what} is a duration; this is {ty}"), at, ty.to_string());
    match whole {
        Some(n) => diagnostic.help(format!("minutes? write `{n}m`; `ms`, `s`, `h` and `d` work too")),
        None => diagnostic.help("write a duration: `5m`, `500ms`, or a parameter that is one"),
    }
}

pub(crate) fn no_time_at_all(what: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0708", format!("{what} is longer than nothing"), at, "no time at all")
        .help("write how long, or leave the clause out")
}

pub(crate) fn counts_nothing(what: &str, at: Span, value: &str) -> Diagnostic {
    Diagnostic::error("E0708", format!("{what} is at least 1"), at, format!("this is {value}"))
        .help("to switch it off, take the whole block out")
}

pub(crate) fn unknown_stretch(name: &str, at: Span) -> Diagnostic {
    let diagnostic =
        Diagnostic::error("E0709", format!("`{name}` is no stretch of time to count over"), at, "per what?");
    let diagnostic = near(diagnostic, name, at, ["day"]);
    if diagnostic.help.is_some() { diagnostic } else { diagnostic.help("write `day`, or a duration: `1s`, `30m`") }
}

pub(crate) fn unknown_style(name: &str, at: Span, styles: &[(&str, &str)]) -> Diagnostic {
    let message = format!("orders cannot be worked by `{name}`");
    let diagnostic =
        near(Diagnostic::error("E0710", message, at, "no such style"), name, at, styles.iter().map(|(name, _)| *name));
    let shapes: Vec<String> = styles.iter().map(|(_, shape)| format!("`via {shape}`")).collect();
    if diagnostic.help.is_some() { diagnostic } else { diagnostic.help(format!("write {}", shapes.join(" or "))) }
}

pub(crate) fn via_shape(name: &str, at: Span, shape: &str) -> Diagnostic {
    Diagnostic::error("E0710", format!("`{name}` does not take what stands here"), at, "takes something else")
        .help(format!("write `via {shape}`"))
}

pub(crate) fn limit_unit(word: &str, (wanted, example): (&str, &str), ty: Ty, at: Span) -> Diagnostic {
    Diagnostic::error("E0711", format!("`{word}` is {wanted}; this is {ty}"), at, ty.to_string())
        .help(format!("write `{example}`"))
}

pub(crate) fn orders_per_what(at: Span) -> Diagnostic {
    Diagnostic::error("E0712", "`max orders` counts over a stretch of time", at, "in how long?")
        .help("say in how long: `max orders 20 per 1s`")
}

pub(crate) fn limit_at_all_times(word: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0712", format!("`{word}` holds at every moment, so it counts over nothing"), at, "holds always")
        .help(format!("leave `per` out: `{word} …` is never exceeded"))
}

pub(crate) fn no_limit_in(at: Span) -> Diagnostic {
    Diagnostic::error("E0713", "this `risk` block limits nothing", at, "empty")
        .help("say what is refused: `risk { max loss 500 usd per day then halt for day }`")
}

pub(crate) fn in_no_session(at: Span) -> Diagnostic {
    Diagnostic::error("E0709", "a time of day belongs to a session", at, "this is none")
        .help("write `flat by 15:55 in es.rth`, or leave `in` out")
}

pub(crate) fn no_such_order<'a>(name: &str, at: Span, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let diagnostic = Diagnostic::error("E0731", format!("no order is called `{name}`"), at, "nothing to cancel");
    let diagnostic = near(diagnostic, name, at, known);
    let help = format!("name it where it is sent: `send buy 1 es limit at p as {name}`");
    if diagnostic.help.is_some() { diagnostic } else { diagnostic.help(help) }
}

pub(crate) fn no_side(at: Span) -> Diagnostic {
    Diagnostic::error("E0720", "this quote has neither a bid nor an ask", at, "no side in it")
        .help("say what rests where: `bid 2 at q.bid while calm`")
}

pub(crate) fn two_quotes(market: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0720", format!("`{market}` is quoted twice"), at, "again here")
        .help("a market has one quote; for more orders on a side write `levels 3 apart 2 ticks`")
}

/// `at` is the word `when`.
pub(crate) fn quotes_at_an_edge(at: Span) -> Diagnostic {
    Diagnostic::error("E0721", "a quote rests as long as its condition holds, so it has no edge", at, "an edge")
        .help("write `while`: the order is withdrawn where the condition fails")
        .fix(at, "while")
}

pub(crate) fn book_depth(at: Span, most: i64, found: Option<&str>) -> Diagnostic {
    let message = format!("how deep a book is read is a whole number from 1 to {most}, known before the run");
    let remark = found.map_or("changes with the market".to_owned(), |found| format!("this is {found}"));
    Diagnostic::error("E0730", message, at, remark).help("write how many levels: `es.book(5)`")
}

pub(crate) fn no_such_level(at: Span, levels: u8, found: Option<&str>) -> Diagnostic {
    let message = format!("this book has the levels 1 to {levels}");
    let remark = found.map_or("known before the run, please".to_owned(), |found| format!("this is {found}"));
    Diagnostic::error("E0730", message, at, remark).help("the best level is 1; to see more, read a deeper book")
}

pub(crate) fn level_of_what(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0730", "a book has several levels", at, "of which level?")
        .help(format!("the best is the first: `{name}(1)`"))
}

/// `word`: `all_in`, `equity`.
pub(crate) fn share_counted_with(word: &str, at: Span) -> Diagnostic {
    let message = format!("how many lots `{word}` is, only the fill settles");
    Diagnostic::error("E0732", message, at, "no number before that").help(format!(
        "let it be the size itself, chosen by `if` or turned around by `-`, and count within it: `size {word}(50%)`"
    ))
}

pub(crate) fn label_twice(label: &str, at: Span, first: Span) -> Diagnostic {
    Diagnostic::error("E0740", format!("two values are written down as \"{label}\""), at, "again here")
        .label(first, "first here")
        .help("results find them by this name; give one of them another")
}

pub(crate) fn no_stop(at: Span, direction: Direction) -> Diagnostic {
    let side = if direction == Direction::Long { "falls" } else { "rises" };
    let message = format!("this trade has no stop, so nothing ends it while the price {side}");
    Diagnostic::warning("W0103", message, at, "no `stop` in it").help("say where it was wrong: `stop 2 * atr(b, 20)`")
}

pub(crate) fn no_limits(at: Span) -> Diagnostic {
    Diagnostic::warning("W0104", "nothing limits what this strategy may lose", at, "no `risk` in the file")
        .help("say what is refused: `risk { max loss 500 usd per day then halt for day }`")
}
