//! What can be wrong with names, types and units, in words. One function per message.

use gbc_diagnostics::{Diagnostic, Span, nearest};

use crate::{Dim, Ty};

pub(crate) fn look_ahead(at: Span) -> Diagnostic {
    Diagnostic::error("E0101", "a strategy cannot see the future", at, "[n] counts steps back, so it starts at 0")
        .help("to see the last value but one: `x[1]`")
}

pub(crate) fn circle(names: &[String], at: Span) -> Diagnostic {
    let path: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let message = match names.len() {
        2 => format!("{} is defined by itself", path[0]),
        _ => format!("these values wait for each other: {}", path.join(" → ")),
    };
    Diagnostic::error("E0102", message, at, "needs its own value of this moment")
        .help("to use a value's own last one, write `prev`; to use another's, write `x[1]`")
}

pub(crate) fn unknown_name<'a>(name: &str, at: Span, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    near(Diagnostic::error("E0201", format!("`{name}` is not known here"), at, "no such name"), name, at, known)
}

pub(crate) fn unknown_member<'a>(
    what: &str,
    name: &str,
    at: Span,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let list: Vec<String> = known.clone().into_iter().map(|name| format!("`{name}`")).collect();
    let diagnostic =
        Diagnostic::error("E0203", format!("{what} has no `{name}`"), at, format!("it has {}", list.join(", ")));
    near(diagnostic, name, at, known)
}

pub(crate) fn unknown_function<'a>(name: &str, at: Span, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    near(Diagnostic::error("E0204", format!("there is no function `{name}`"), at, "no such function"), name, at, known)
}

fn near<'a>(diagnostic: Diagnostic, name: &str, at: Span, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    match nearest(name, known) {
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
    Diagnostic::error("E0205", format!("`{name}` takes {}, not {got}", values(wanted)), at, "here")
        .help(format!("write `{name}({inputs})`"))
}

pub(crate) fn not_a_value(what: &str, at: Span, repair: &str) -> Diagnostic {
    Diagnostic::error("E0206", format!("{what} is not a value"), at, "a value is needed here").help(repair)
}

pub(crate) fn not_state(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0208", format!("a rule cannot assign `{name}`"), at, "only declared `state` can be assigned")
        .help(format!("declare it: `state {name} = 0`"))
}

pub(crate) fn no_prev(at: Span) -> Diagnostic {
    Diagnostic::error("E0209", "`prev` has nothing to be the last value of", at, "outside every equation")
        .help("`prev` is an equation's own last value: `let n = prev + 1 else 0`")
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
    Diagnostic::error("E0213", format!("a library cannot hold `{word}`"), at, "libraries hold functions only")
        .help("that is what makes code of others safe to run; move it to a strategy")
}

pub(crate) fn no_first_value(at: Span) -> Diagnostic {
    Diagnostic::error("E0215", "this is built on its own last value and never has a first one", at, "undefined for ever")
        .help("say where it starts: `… else 0`")
}

pub(crate) fn two_targets(market: &str, at: Span, first: Span) -> Diagnostic {
    Diagnostic::error("E0214", format!("`{market}` has two targets"), at, "again here")
        .label(first, "first here")
        .help("a market has one wanted position; combine both in one expression")
}

pub(crate) fn span_is_written(at: Span) -> Diagnostic {
    Diagnostic::error("E0310", "a bar's length is written as a duration", at, "not a duration like `5m`")
        .help("write `es.bars(5m)`")
}

pub(crate) fn length_not_constant(what: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0311", format!("{what} must be known before the run"), at, "changes with the market")
        .help("use a whole number or a parameter")
}

pub(crate) fn length_out_of_range(what: &str, at: Span, value: &str) -> Diagnostic {
    Diagnostic::error("E0311", format!("{what} is a whole number from 1 to 16_777_216"), at, format!("this is {value}"))
        .help("use a whole number or a parameter with such a range")
}

pub(crate) fn window_or_larger(name: &str, wanted: &str, at: Span, n: &str) -> Diagnostic {
    Diagnostic::error(
        "E0313",
        format!("is this the {wanted} of {n} values, or the {wanted} of two?"),
        at,
        "a price and a plain number",
    )
    .help(format!("of the last {n} values: `{wanted}(x, {n})`; `{name}` compares two values of one unit"))
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

pub(crate) fn disagree(op: &str, left: (Span, Ty), right: (Span, Ty)) -> Diagnostic {
    let (a, b) = (left.1.to_string(), right.1.to_string());
    Diagnostic::error("E0401", format!("`{op}` needs two of a kind: {a} and {b} do not mix"), left.0, a)
        .label(right.0, b)
}

pub(crate) fn wrong_type(what: &str, wanted: &str, got: Ty, at: Span) -> Diagnostic {
    Diagnostic::error("E0402", format!("{what} must be {wanted}; this is {got}"), at, got.to_string())
}

pub(crate) fn branches_disagree(then: (Span, Ty), otherwise: (Span, Ty)) -> Diagnostic {
    let (a, b) = (then.1.to_string(), otherwise.1.to_string());
    Diagnostic::error("E0403", format!("both branches must be of one kind: {a} and {b} are not"), otherwise.0, b)
        .label(then.0, a)
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

pub(crate) fn size_has_unit(dim: Dim, at: Span, parts: Vec<(Span, String)>, repair: Option<String>) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::error("E0415", format!("a size is a plain number; this is {dim}"), at, dim.to_string());
    if let Some(((span, text), rest)) = parts.split_first() {
        diagnostic.labels[0].span = *span;
        diagnostic.labels[0].text.clone_from(text);
        for (span, text) in rest {
            diagnostic = diagnostic.label(*span, text.clone());
        }
    }
    match repair {
        Some(repair) => diagnostic.help(repair),
        None => diagnostic.help("a wanted position counts lots: `1`, `-2`, or a ratio of two amounts of one unit"),
    }
}

pub(crate) fn state_changes(name: &str, state: Ty, value: Ty, at: Span) -> Diagnostic {
    Diagnostic::error("E0405", format!("`{name}` holds {state}; this is {value}"), at, value.to_string())
        .help("start the state with a value of that kind")
}

pub(crate) fn ticks_of_what(at: Span) -> Diagnostic {
    Diagnostic::error("E0416", "ticks of which market?", at, "the file has several").help("write `2 * zn.tick`")
}

pub(crate) fn part_of_tick(at: Span) -> Diagnostic {
    Diagnostic::error("E0417", "there is no part of a tick", at, "not a whole number")
        .help("scale a tick instead: `0.5 * es.tick`")
}

pub(crate) fn not_constant(what: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        "E0420",
        format!("{what} must be known before the run"),
        at,
        "changes with the market, or overflows",
    )
    .help("use numbers, other parameters that stand above it, and arithmetic")
}

pub(crate) fn outside_range(name: &str, value: &str, range: &str, at: Span) -> Diagnostic {
    Diagnostic::error("E0421", format!("`{name} = {value}` lies outside its own range"), at, "the value")
        .help(format!("choose one of {range}"))
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

pub(crate) fn nothing_expected(at: Span) -> Diagnostic {
    Diagnostic::error("E0504", "this test expects nothing, so it cannot fail", at, "no `expect` in it")
        .help("add `expect es.orders == 0`")
}

pub(crate) fn too_many(what: &str, limit: usize, at: Span) -> Diagnostic {
    Diagnostic::error("E0902", format!("too many {what}"), at, format!("this version handles {limit}"))
        .help("split the strategy")
}

pub(crate) fn unused(name: &str, at: Span) -> Diagnostic {
    Diagnostic::warning("W0101", format!("`{name}` is never used"), at, "reaches no order").help("use it, or delete it")
}

pub(crate) fn wishes_nothing(at: Span) -> Diagnostic {
    Diagnostic::warning("W0102", "this strategy wants nothing, so it will never trade", at, "no `target` in the file")
        .help("say what to hold: `target es = 1`")
}
