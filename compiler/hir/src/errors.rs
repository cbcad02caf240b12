//! What can be wrong with names, types and units, in words. One function per message.

use gbc_diagnostics::{Diagnostic, Span, nearest};

use crate::{Dim, Ty};

pub(crate) use enums::*;
pub(crate) use spans::*;

pub(crate) mod circles;
mod clocks;
mod enums;
pub(crate) mod libraries;
pub(crate) mod orders;
pub(crate) mod records;
mod spans;
pub(crate) mod universes;

pub(crate) use clocks::*;

pub(crate) fn look_ahead(at: Span, written: &str) -> Diagnostic {
    let written = if written.is_empty() { "x" } else { written };
    Diagnostic::error("E0101", "a strategy cannot see the future", at, "[n] counts steps back, so it starts at 0")
        .help(format!(
            "the last value is `{written}`, the one before it `{written}[1]`\na training target? `label next = future({written}, 1d)`"
        ))
}

pub(crate) fn unknown_name<'a>(name: &str, at: Span, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let diagnostic = Diagnostic::error("E0201", format!("`{name}` is not known here"), at, "no such name");
    let diagnostic = near(diagnostic, name, at, known);
    if diagnostic.help.is_some() {
        return diagnostic;
    }
    diagnostic.help(match name {
        "queue" | "drift" => format!("`{name}` of our own order is known in `keep while` of a `quote`"),
        "R" => "`R`, the distance from entry to stop, is known in the `take` of a `trade`".to_owned(),
        "open" | "high" | "low" | "close" | "volume" => {
            format!("read it from bars: `let b = es.bars(5m)`, then `b.{name}`")
        }
        "bid" | "ask" | "mid" | "last" | "position" => format!("read it from a market: `es.{name}`"),
        _ => format!("define it: `let {name} = …`"),
    })
}

/// A parameter reads one that stands further down.
pub(crate) fn stands_below(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0201", format!("`{name}` is not known here"), at, "stands further down")
        .help(format!("a parameter may use those above it; move `{name}` up"))
}

/// A target for a name that nothing else knows.
pub(crate) fn unknown_market<'a>(
    name: &str,
    at: Span,
    markets: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let diagnostic = Diagnostic::error("E0201", format!("`{name}` is not known here"), at, "no such market");
    let diagnostic = near(diagnostic, name, at, markets.clone());
    if diagnostic.help.is_some() {
        return diagnostic;
    }
    let list: Vec<String> = markets.into_iter().map(|name| format!("`{name}`")).collect();
    let known = match list.as_slice() {
        [] => String::new(),
        [one] => format!("the market is {one}; "),
        _ => format!("the markets are {}; ", list.join(", ")),
    };
    diagnostic.help(format!("{known}to trade another, declare it: `market {name}`"))
}

/// A part of a market that is none. `bars`: an equation that stands for bars of it, if there is just one.
pub(crate) fn no_part_of_market<'a>(
    market: &str,
    name: &str,
    at: Span,
    bars: Option<&str>,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let diagnostic = unknown_member("a market", name, at, known);
    match (name, bars) {
        ("open" | "high" | "low" | "close" | "volume", Some(bars)) => {
            diagnostic.help(format!("read it from bars: `{bars}.{name}`"))
        }
        ("open" | "high" | "low" | "close" | "volume", None) => {
            diagnostic.help(format!("read it from bars: `let b = {market}.bars(5m)`, then `b.{name}`"))
        }
        _ => diagnostic,
    }
}

pub(crate) fn unknown_member<'a>(
    what: &str,
    name: &str,
    at: Span,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let list: Vec<String> = known.clone().into_iter().map(|name| format!("`{name}`")).collect();
    let remark = if list.is_empty() { "it has no parts".to_owned() } else { format!("it has {}", list.join(", ")) };
    near(Diagnostic::error("E0203", format!("{what} has no `{name}`"), at, remark), name, at, known)
}

pub(crate) fn unknown_function<'a>(name: &str, at: Span, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let diagnostic = Diagnostic::error("E0204", format!("there is no function `{name}`"), at, "no such function");
    let side = match name {
        "crossover" | "cross_over" | "cross" | "crosses_above" | "crossed_above" => Some("above"),
        "crossunder" | "cross_under" | "crosses_below" | "crossed_below" => Some("below"),
        _ => None,
    };
    if let Some(side) = side {
        return diagnostic.help(format!("write it between the two: `a crosses {side} b`"));
    }
    let diagnostic = near(diagnostic, name, at, known);
    let help = format!("write one: `fn {name}(x) = …`; for a value of `n` steps ago write `x[n]`");
    if diagnostic.help.is_some() { diagnostic } else { diagnostic.help(help) }
}

/// Something like `b.close(3)`: of all that stands behind a dot, only a market's `bars` takes inputs.
pub(crate) fn only_bars_are_called(name: &str, at: Span, written: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error("E0204", format!("there is no function `{name}`"), at, "takes no inputs");
    let diagnostic = near(diagnostic, name, at, ["bars"]);
    let help = format!("for the value of 3 steps ago write `{written}[3]`");
    if diagnostic.help.is_some() { diagnostic } else { diagnostic.help(help) }
}

pub(crate) fn not_callable(at: Span) -> Diagnostic {
    Diagnostic::error("E0204", "this is no function", at, "only a function's name can stand before `(`")
        .help("to multiply, write `*`")
}

fn near<'a>(diagnostic: Diagnostic, name: &str, at: Span, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    // One letter is as near to any other: no guess is better than a wild one.
    match nearest(name, known).filter(|_| name.chars().count() > 1) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(at, near),
        None => diagnostic,
    }
}

pub(crate) fn twice(name: &str, at: Span, first: Span) -> Diagnostic {
    Diagnostic::error("E0202", format!("`{name}` is already a name of this file"), at, "again here")
        .label(first, "first here")
        .help("a name is defined once and never reassigned; give one of them another name")
}

pub(crate) fn wrong_count(name: &str, inputs: &str, wanted: usize, got: usize, at: Span) -> Diagnostic {
    let values = |n: usize| if n == 1 { "1 value".to_owned() } else { format!("{n} values") };
    let message = format!("`{name}` takes {}, not {got}", values(wanted));
    let remark = if got == 0 { "nothing is given".to_owned() } else { format!("{} given", values(got)) };
    Diagnostic::error("E0205", message, at, remark).help(format!("write `{name}({inputs})`"))
}

pub(crate) fn not_a_value(what: &str, at: Span, repair: &str) -> Diagnostic {
    let plural = ["a market's quotes", "a market's trades"].contains(&what);
    let message = if plural { format!("{what} are not a value") } else { format!("{what} is not a value") };
    Diagnostic::error("E0206", message, at, "a value is needed here").help(repair)
}

/// `taken`: the file knows the name as something else.
pub(crate) fn not_state<'a>(
    name: &str,
    at: Span,
    taken: bool,
    states: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let message = format!("a rule cannot assign `{name}`");
    let diagnostic = Diagnostic::error("E0208", message, at, "only declared `state` can be assigned");
    if taken {
        return diagnostic.help(format!("if rules are to change it, declare it as `state {name} = 0` instead"));
    }
    let diagnostic = near(diagnostic, name, at, states);
    if diagnostic.help.is_some() { diagnostic } else { diagnostic.help(format!("declare it: `state {name} = 0`")) }
}

pub(crate) fn no_prev(at: Span) -> Diagnostic {
    Diagnostic::error("E0209", "`prev` has nothing to be the last value of", at, "outside every equation").help(
        "`prev` is an equation's own last value, as in `let n = (prev else 0) + 1`; a rule reads its state by name",
    )
}

pub(crate) fn recursion(names: &[String], at: Span) -> Diagnostic {
    let path: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    Diagnostic::error("E0210", format!("a function cannot call itself: {}", path.join(" → ")), at, "closes the circle")
        .help("to build on the last value, write `prev`")
}

pub(crate) fn no_strategy(at: Span) -> Diagnostic {
    Diagnostic::error("E0211", "the file does not say what it is", at, "expected `strategy Name`")
        .help("start the file with `strategy Name`")
}

pub(crate) fn second_header(at: Span, first: Span) -> Diagnostic {
    Diagnostic::error("E0212", "a file is one strategy", at, "a second one")
        .label(first, "the first")
        .help("move it to a file of its own")
}

pub(crate) fn not_in_library(word: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        "E0213",
        format!("a library cannot hold `{word}`"),
        at,
        "libraries hold functions, enums and records",
    )
    .help("that is what makes code of others safe to run; move it to a strategy")
}

pub(crate) fn no_first_value(at: Span) -> Diagnostic {
    Diagnostic::error(
        "E0215",
        "this is built on its own last value and never has a first one",
        at,
        "undefined for ever",
    )
    .help("say where it starts: `… else 0`")
}

pub(crate) fn two_targets(market: &str, at: Span, first: Span) -> Diagnostic {
    Diagnostic::error("E0214", format!("`{market}` has two targets"), at, "again here")
        .label(first, "first here")
        .help("a market has one wanted position; combine both in one expression")
}

pub(crate) fn span_is_written(at: Span, market: &str, written: &str, whole: bool, zero: bool) -> Diagnostic {
    let message = "a bar's length is written as a duration";
    if zero {
        return Diagnostic::error("E0310", message, at, "a bar must last").help(format!("write `{market}.bars(5m)`"));
    }
    let diagnostic = Diagnostic::error("E0310", message, at, "not a duration like `5m`");
    match whole {
        true => diagnostic.help(format!("minutes? write `{market}.bars({written}m)`; `s`, `h` and `d` work too")),
        false => match written.split_once(" in ") {
            Some((length, session)) => diagnostic.help(format!("write `{market}.bars({length}) in {session}`")),
            None => diagnostic.help(format!("write the duration itself: `{market}.bars(5m)`")),
        },
    }
}

pub(crate) fn length_not_constant(what: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0311", format!("{what} must be known before the run"), at, "changes with the market")
        .help("use a whole number or a parameter")
}

pub(crate) fn length_out_of_range(what: &str, from: u8, at: Span, value: &str) -> Diagnostic {
    let message = format!("{what} is a whole number from {from} to 16_777_216");
    Diagnostic::error("E0311", message, at, format!("this is {value}"))
        .help("use a whole number, or a parameter that stays in there")
}

/// A length that counts nothing: a duration, some ticks.
pub(crate) fn length_is_no_count(what: &str, at: Span, ty: Ty) -> Diagnostic {
    let diagnostic = Diagnostic::error("E0311", format!("{what} is a whole number; this is {ty}"), at, ty.to_string());
    match ty {
        Ty::Duration => diagnostic.help("this version counts steps: twenty bars are `20`, on bars as long as you like"),
        _ => diagnostic.help("count steps: `20`"),
    }
}

pub(crate) fn window_or_larger(name: &str, wanted: &str, at: Span, n: i64, written: &str) -> Diagnostic {
    let message = format!("is this the {wanted} of {n} values, or of two?");
    let repair = format!("{wanted}({written}, {n})");
    let diagnostic = Diagnostic::error("E0313", message, at, "a value with a unit, and a plain number");
    let diagnostic = diagnostic.help(format!("the last {n}: `{repair}`; `{name}` compares two values of one unit"));
    if written.is_empty() { diagnostic } else { diagnostic.fix(at, repair) }
}

pub(crate) fn remembers_inside(name: &str, place: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        "E0330",
        format!("`{name}` remembers, so it cannot live inside {place}"),
        at,
        "here it would see only some of the steps",
    )
    .help("give it a `let` of its own and use its name here")
}

/// `point` is a market to value prices by.
pub(crate) fn disagree(op: &str, compares: bool, left: (Span, Ty), right: (Span, Ty), point: &str) -> Diagnostic {
    let (a, b) = (left.1.to_string(), right.1.to_string());
    let message = format!("`{op}` needs two of a kind: {a} and {b} do not mix");
    let diagnostic = Diagnostic::error("E0401", message, left.0, a).label(right.0, b);
    let either = |wanted: Ty| left.1 == wanted || right.1 == wanted;
    let dims = [left.1.dim(), right.1.dim()];
    if either(Ty::Bool) && compares {
        return diagnostic.help("comparisons do not chain: write `a < b and b < c`");
    }
    if either(Ty::Bool) {
        return diagnostic.help("to count a truth, write `if c { 1 } else { 0 }`");
    }
    if either(Ty::Duration) {
        return diagnostic.help("write a duration with its unit: `5m`, `500ms`");
    }
    if dims.contains(&Some(Dim::MONEY)) && dims.contains(&Some(Dim::PRICE)) {
        return diagnostic
            .help(format!("a price becomes money by its lots and its point: `price * lots * {point}.point`"));
    }
    if dims.contains(&Some(Dim::PRICE)) && dims.contains(&Some(Dim::NONE)) {
        return diagnostic
            .help(format!("to make a number a price, scale one: `x * {point}.tick`, or `price * (1 + 2%)`"));
    }
    diagnostic.help("compare or add values of one unit")
}

/// For a price where a count belongs.
const SWAPPED: &str = "are the inputs swapped? the values come first, the count after them: `ema(b.close, 20)`";

pub(crate) fn wrong_type(what: &str, wanted: &str, got: Ty, at: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error("E0402", format!("{what} must be {wanted}; this is {got}"), at, got.to_string());
    match got {
        Ty::Bool if wanted.contains("number") => diagnostic.help("choose two numbers by it: `if c { 1 } else { 0 }`"),
        Ty::Int | Ty::Num(_) | Ty::Exact(_) if wanted == "true or false" => {
            diagnostic.help("compare it with something: `x > 0`")
        }
        Ty::Num(dim) if wanted == "a whole number" && dim != Dim::NONE => diagnostic.help(SWAPPED),
        Ty::Exact(_) if wanted == "a whole number" => diagnostic.help(SWAPPED),
        Ty::Num(Dim::NONE) if wanted == "a whole number" => diagnostic.help("write it without a point: `20`"),
        Ty::Num(_) | Ty::Exact(_) if wanted == "a plain number" => {
            diagnostic.help("take the ratio of two values of one unit first: `b.close / b.open`")
        }
        _ => diagnostic,
    }
}

pub(crate) fn branches_disagree(then: (Span, Ty), otherwise: (Span, Ty)) -> Diagnostic {
    two_kinds("both branches must be of one kind", then, otherwise)
}

pub(crate) fn sides_of_else_disagree(first: (Span, Ty), otherwise: (Span, Ty)) -> Diagnostic {
    two_kinds("what stands after `else` must be of the kind before it", first, otherwise)
}

fn two_kinds(rule: &str, first: (Span, Ty), second: (Span, Ty)) -> Diagnostic {
    let (a, b) = (first.1.to_string(), second.1.to_string());
    let message = format!("{rule}: {a} and {b} are not");
    let diagnostic = Diagnostic::error("E0403", message, second.0, b).label(first.0, a);
    match (first.1, second.1) {
        (Ty::Bool, _) => diagnostic.help("write `true` or `false` here"),
        (_, Ty::Bool) => diagnostic.help("write a number here"),
        _ => diagnostic.help("give both one unit: two prices, or two plain numbers"),
    }
}

pub(crate) fn prev_changes(at: Span, first: Ty, then: Ty) -> Diagnostic {
    Diagnostic::error(
        "E0404",
        format!("with `prev`, this is {then} after having been {first}"),
        at,
        "must stay what it is",
    )
    .help("make every step of one kind")
}

/// `parts`: what it is divided or multiplied from.
pub(crate) fn size_has_unit(dim: Dim, at: Span, parts: &[(Span, String)]) -> Diagnostic {
    let message = format!("a size is a plain number; this is {dim}");
    let mut diagnostic = Diagnostic::error("E0415", message, at, dim.to_string());
    if let Some(((span, text), rest)) = parts.split_first() {
        diagnostic.labels[0].span = *span;
        diagnostic.labels[0].text.clone_from(text);
        diagnostic = rest.iter().fold(diagnostic, |all, (span, text)| all.label(*span, text.clone()));
    }
    diagnostic.help("a wanted position counts lots: `1`, `-2`, or a ratio of two amounts of one unit")
}

pub(crate) fn state_changes(name: &str, state: Ty, value: Ty, at: Span, market: &str) -> Diagnostic {
    let message = format!("`{name}` holds {state}; this is {value}");
    let diagnostic = Diagnostic::error("E0405", message, at, value.to_string());
    let start = match value {
        Ty::Bool => "false".to_owned(),
        Ty::Int => "0".to_owned(),
        Ty::NUM => "0.0".to_owned(),
        Ty::Duration => "0s".to_owned(),
        Ty::Enum(_) => "an arm".to_owned(),
        Ty::Exact(_) => format!("0 * {market}.tick"),
        Ty::Num(Dim::PRICE) => format!("0.0 * {market}.tick"),
        Ty::Num(Dim::MONEY) => "0 usd".to_owned(),
        _ => return diagnostic.help("start the state with a value of that kind"),
    };
    diagnostic.help(format!("start it with a value of that kind: `state {name} = {start}`"))
}

pub(crate) fn ticks_of_what(at: Span, count: f64, markets: &[&str]) -> Diagnostic {
    let choices: Vec<String> = markets.iter().map(|market| format!("`{count} * {market}.tick`")).collect();
    let (remark, help) = match choices.as_slice() {
        [] => ("the file has no market", "declare one: `market es`".to_owned()),
        _ => ("the file has several", format!("write {}", choices.join(" or "))),
    };
    Diagnostic::error("E0416", "ticks of which market?", at, remark).help(help)
}

pub(crate) fn part_of_tick(at: Span, count: f64, market: &str) -> Diagnostic {
    let repair = format!("{count} * {market}.tick");
    Diagnostic::error("E0417", "there is no part of a tick", at, "not a whole number")
        .help(format!("scale a tick instead: `{repair}`"))
        .fix(at, repair)
}

pub(crate) fn not_constant(what: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        "E0420",
        format!("{what} must be known before the run"),
        at,
        "changes with the market, or has no value",
    )
    .help("use numbers, other parameters that stand above it, and arithmetic")
}

pub(crate) fn outside_range(name: &str, value: &str, range: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0421", format!("`{name} = {value}` lies outside its own range"), at, "the value")
        .help(format!("choose one of {range}, or widen the range"))
}

pub(crate) fn empty_range(at: Span) -> Diagnostic {
    Diagnostic::error("E0422", "this range holds no value", at, "ends before it starts, or its step is not positive")
        .help("write the smaller end first and a positive step: `5..30 step 5`")
}

pub(crate) fn requirement_fails(at: Span, values: &str) -> Diagnostic {
    Diagnostic::error("E0423", "the parameters' own values break this requirement", at, format!("false for {values}"))
        .help("change the defaults so that the strategy can run as it stands")
}

pub(crate) fn unknown_setting<'a>(name: &str, at: Span, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    near(
        Diagnostic::error("E0501", format!("there is no parameter `{name}` to set"), at, "no such parameter"),
        name,
        at,
        known,
    )
}

pub(crate) fn time_runs_back(at: Span) -> Diagnostic {
    Diagnostic::error("E0502", "time runs backwards in this feed", at, "earlier than the row above")
        .help("put the rows in the order of their times")
}

pub(crate) fn only_in_tests(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0503", format!("only a test can read `{name}`"), at, "a strategy does not know it")
        .help("a strategy can read `position` and `avg_price`")
}

pub(crate) fn nothing_expected(at: Span, market: &str) -> Diagnostic {
    Diagnostic::error("E0504", "this test expects nothing, so it cannot fail", at, "no `expect` in it")
        .help(format!("say what must hold at its end: `expect {market}.orders == 0`"))
}

pub(crate) fn too_many(what: &str, limit: usize, at: Span) -> Diagnostic {
    Diagnostic::error("E0902", format!("too many {what}"), at, format!("this version handles {limit}"))
        .help("split the strategy")
}

pub(crate) fn unused(name: &str, at: Span) -> Diagnostic {
    Diagnostic::warning("W0101", format!("`{name}` is never used"), at, "reaches no order").help("use it, or delete it")
}

/// A state that rules assign and nothing reads.
pub(crate) fn never_read(name: &str, at: Span) -> Diagnostic {
    Diagnostic::warning("W0111", format!("`{name}` is written, but nothing reads it"), at, "reaches no order")
        .help("use it, or delete it with the assignments to it")
}

/// A state that no rule assigns.
pub(crate) fn never_written(name: &str, at: Span, item: Span) -> Diagnostic {
    let word = Span { start: item.start, end: item.start + "state".len() as u32 };
    Diagnostic::warning("W0112", format!("`{name}` never changes: no rule assigns it"), at, "what it starts as")
        .help(format!("assign it in a rule, or make it a constant: `let {name} = …`"))
        .fix(word, "let")
}

pub(crate) fn wishes_nothing(at: Span) -> Diagnostic {
    Diagnostic::warning("W0102", "this strategy wants nothing, so it will never trade", at, "no `target` in the file")
        .help("say what to hold: `target es = 1`")
}

pub(crate) fn unknown_type<'a>(name: &str, at: Span, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    let list: Vec<String> = known.clone().into_iter().map(|name| format!("`{name}`")).collect();
    let diagnostic = Diagnostic::error("E0406", format!("there is no type `{name}`"), at, "no such type")
        .help(format!("write {}, or nothing: then any value will do", list.join(", ")));
    near(diagnostic, name, at, known)
}
