//! What can be wrong with a text, in words.

mod unlike;

use gbc_diagnostics::{Diagnostic, Span, nearest};

use crate::grammar::Rule;
use crate::items::{ITEM_WORDS, RESERVED};

/// The text stops being the language at `span`; `expected` is what the grammar would have taken.
pub(crate) fn unexpected(found: &str, span: Span, expected: &[Rule]) -> Diagnostic {
    let wanted = wanted(expected);
    if found.is_empty() {
        let help = match expected.contains(&Rule::k_else) && !wanted.contains("value") {
            true => "an `if` is a value, so it needs both branches: `if c { 1 } else { 0 }`",
            false => "finish the item, or delete it",
        };
        return Diagnostic::error("E0001", "the item ends too early", span, format!("expected {wanted}")).help(help);
    }
    let shown: String = found.chars().take(20).collect();
    let message = format!("`{}` cannot stand here", shown.escape_debug());
    let diagnostic = Diagnostic::error("E0001", message, span, format!("expected {wanted}"));
    match unexpected_help(found, expected) {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// What people often mean by a word that cannot stand where it stands.
fn unexpected_help(found: &str, expected: &[Rule]) -> Option<String> {
    let wants = |rules: &[Rule]| rules.iter().any(|rule| expected.contains(rule));
    if wants(&[Rule::name]) && RESERVED.contains(&found) {
        return Some(match wants(&[Rule::close]) {
            true => "a rule holds assignments only: `when c { n = if d { 1 } else { 2 } }`".to_owned(),
            false => format!("`{found}` is a word of the language; choose another name"),
        });
    }
    if wants(&[Rule::open, Rule::block]) && !wants(&[Rule::name]) {
        return Some("both branches stand in braces: `if c { 1 } else { 0 }`".to_owned());
    }
    (found == "==" && wants(&[Rule::equals])).then(|| "one `=` gives a value, two compare".to_owned())
}

/// What people bring from other languages, where the text stops being this one.
pub(crate) fn habit(text: &str, item: Span, span: Span, expected: &[Rule]) -> Option<Diagnostic> {
    let wants = |rule: Rule| expected.contains(&rule);
    let (found, before) = (&text[span.range()], &text[item.start as usize..span.start as usize]);
    let after = &text[span.end as usize..item.end as usize];
    if found == "=" && (wants(Rule::block) || wants(Rule::open) || wants(Rule::eq)) && !wants(Rule::name) {
        return Some(compares(before, after, span));
    }
    if let Some(diagnostic) = indented(text, found, before, span) {
        return Some(diagnostic);
    }
    if found == "crosses" {
        return Some(crosses(after, span));
    }
    if found == "if"
        && let Some(diagnostic) = unlike::if_as_item(text, before, span)
    {
        return Some(diagnostic);
    }
    if wanted(expected).contains("value")
        && let Some(help) = unlike::no_value_help(found, before)
    {
        return Some(unexpected(found, span, expected).help(help));
    }
    if wants(Rule::string) && starts_with_word(before, &["strategy", "library"]) {
        return two_names(text, item, span);
    }
    let in_rule = starts_with_word(before, &["when", "on", "at", "every"]) && before.contains('{');
    if wants(Rule::equals) && found != "==" && in_rule {
        return Some(no_action(text, before, span));
    }
    bad_unit(before, found, span)
        .or_else(|| unlike::multiplied(before, found, span))
        .or_else(|| unlike::half_a_clause(before).map(|help| unexpected(found, span, expected).help(help)))
}

fn starts_with_word(text: &str, words: &[&str]) -> bool {
    text.split_whitespace().next().is_some_and(|first| words.contains(&first))
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.')
}

/// The name or number at the end of a text.
fn last_part(text: &str) -> &str {
    let text = text.trim_end();
    &text[text.trim_end_matches(is_part).len()..]
}

fn first_part(text: &str) -> &str {
    let text = text.trim_start();
    &text[..text.len() - text.trim_start_matches(is_part).len()]
}

fn compares(before: &str, after: &str, span: Span) -> Diagnostic {
    let (left, right) = (last_part(before), first_part(after));
    let diagnostic = Diagnostic::error("E0001", "`=` cannot stand here", span, "one `=` gives a value, two compare");
    let help = match right {
        _ if left.is_empty() || right.is_empty() => "compare with `==`".to_owned(),
        "true" => format!("compare with `==`: `{left} == true`, or just `{left}`"),
        "false" => format!("compare with `==`: `{left} == false`, or write `not {left}`"),
        _ => format!("compare with `==`: `{left} == {right}`"),
    };
    diagnostic.help(help).fix(span, "==")
}

/// The start of an item that blanks keep from being one.
fn indented(text: &str, found: &str, before: &str, span: Span) -> Option<Diagnostic> {
    let line = text[..span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let blank = &text[line..span.start as usize];
    let inside = before.contains('{') && before.matches('{').count() > before.matches('}').count();
    let starts = ITEM_WORDS.contains(&found) && !inside && !blank.is_empty() && blank.trim().is_empty();
    starts.then(|| {
        Diagnostic::error("E0001", format!("`{found}` cannot stand here"), span, "it continues the line before")
            .help("an item starts in column 0: delete the blanks before it")
            .fix(Span { start: line as u32, end: span.start }, "")
    })
}

fn crosses(after: &str, span: Span) -> Diagnostic {
    let word = first_part(after);
    let gap = after.len() - after.trim_start().len();
    let whole = Span { end: span.end + (gap + word.len()) as u32, ..span };
    let wanted = match word {
        "over" | "up" | "upward" | "upwards" => "crosses above",
        "under" | "down" | "downward" | "downwards" => "crosses below",
        _ => {
            let remark = "expected `above` or `below` after it";
            return Diagnostic::error("E0001", "`crosses` cannot stand here", span, remark)
                .help("write `a crosses above b` or `a crosses below b`");
        }
    };
    Diagnostic::error("E0001", format!("`crosses {word}` cannot stand here"), whole, format!("expected `{wanted}`"))
        .help("write `crosses above` or `crosses below`")
        .fix(whole, wanted)
}

/// `strategy ema cross`
fn two_names(text: &str, item: Span, span: Span) -> Option<Diagnostic> {
    let name = &text[item.range()];
    let (_, name) = name.split_once(char::is_whitespace)?;
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ')) {
        return None;
    }
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    let joined: String = name.split([' ', '-']).filter(|word| !word.is_empty()).map(capital).collect();
    let (found, start) = (&text[span.range()], item.end - name.trim_start().len() as u32);
    let diagnostic = Diagnostic::error("E0001", format!("`{found}` cannot stand here"), span, "a second name");
    let help = format!("a name is one word, `{joined}`; a title goes in quotes after it");
    Some(diagnostic.help(help).fix(Span { start, end: item.end }, joined))
}

/// A rule that does something other than assign.
fn no_action(text: &str, before: &str, span: Span) -> Diagnostic {
    let mut words = text.lines().filter_map(|line| line.strip_prefix("market "));
    let market = words.next().map_or("es", first_part);
    let name = last_part(before);
    let start = span.start - (before.len() - before.trim_end().len() + name.len()) as u32;
    let place = if name.is_empty() { span } else { Span { start, end: start + name.len() as u32 } };
    let message = format!("`{}` cannot stand here", if name.is_empty() { &text[span.range()] } else { name });
    Diagnostic::error("E0001", message, place, "expected an assignment like `n = 1`").help(format!(
        "a rule assigns states and sends orders, `send buy 1 {market}`; for a position write `target {market} = …`"
    ))
}

/// `5min`, `1D`, `5 m`
fn bad_unit(before: &str, found: &str, span: Span) -> Option<Diagnostic> {
    let number = last_part(before).rsplit("..").next().unwrap_or("");
    let is_number = number.starts_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_digit() || matches!(c, '_' | '.'));
    let (units, unit) = match found {
        "m" | "M" | "min" | "mins" | "minute" | "minutes" => ("minutes", "m"),
        "s" | "S" | "sec" | "secs" | "second" | "seconds" => ("seconds", "s"),
        "h" | "H" | "hr" | "hrs" | "hour" | "hours" => ("hours", "h"),
        "d" | "D" | "day" | "days" => ("days", "d"),
        _ => return None,
    };
    is_number.then(|| {
        let blanks = before.len() - before.trim_end().len();
        let whole = Span { start: span.start - (blanks + number.len()) as u32, ..span };
        let wanted = format!("{number}{unit}");
        let message = format!("`{}{found}` is no duration", &before[before.len() - blanks - number.len()..]);
        Diagnostic::error("E0001", message, whole, format!("expected `{wanted}`"))
            .help(format!("{units} are `{unit}`: `{wanted}`"))
            .fix(whole, wanted)
    })
}

/// What the grammar wanted, as people say it. Operators are mentioned only when nothing else would do.
fn wanted(expected: &[Rule]) -> String {
    let mut words: Vec<&str> = expected.iter().filter_map(|rule| word(*rule)).collect();
    words.sort_unstable();
    words.dedup();
    match words.as_slice() {
        [] => "the end of the item, or an operator".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

fn word(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::expr | Rule::postfix | Rule::primary | Rule::neg | Rule::not | Rule::number | Rule::group => "a value",
        Rule::name => "a name",
        Rule::equals => "`=`",
        Rule::open | Rule::block | Rule::body => "`{`",
        Rule::close => "`}`",
        Rule::k_in => "`in`",
        Rule::k_else => "`else`",
        Rule::k_if => "`if`",
        Rule::range | Rule::list => "a range like `5..30` or a list like `{1, 2}`",
        Rule::string => "a text in quotes",
        Rule::call => "`(`",
        Rule::inputs => "inputs in `( )`",
        Rule::with
        | Rule::bars
        | Rule::feed
        | Rule::expect
        | Rule::k_with
        | Rule::k_bars
        | Rule::k_feed
        | Rule::k_expect => "`with`, `bars`, `feed` or `expect`",
        Rule::moment => "a time like `09:30:00`",
        Rule::depth => "a price and size like `100.25x5`",
        Rule::signed => "a price",
        Rule::duration => "a duration like `5m`",
        Rule::k_quote => "`quote`",
        Rule::k_trade => "`trade`",
        Rule::assign => "an assignment like `n = 1`",
        Rule::decide | Rule::send | Rule::cancel | Rule::export | Rule::plot => "`if`, `send`, `cancel` or `export`",
        Rule::enter
        | Rule::size
        | Rule::stop
        | Rule::take
        | Rule::trail
        | Rule::exit
        | Rule::add_to
        | Rule::most
        | Rule::cooldown
        | Rule::cancel_after => {
            "a clause of a trade: `enter`, `size`, `stop`, `take`, `trail`, `exit`, `add`, `at most`, `cooldown`, `cancel after`"
        }
        Rule::side | Rule::levels | Rule::post_only | Rule::keep | Rule::rest | Rule::rate => {
            "a clause of a quote: `bid`, `ask`, `levels`, `post_only`, `keep while`, `rest at least`, `rate at most`"
        }
        Rule::max_of | Rule::flat_by | Rule::flat_when => "a limit: `max position`, `max loss`, `flat by`, `flat when`",
        Rule::on_clock => "`@`",
        Rule::date => "a day like `2024-06-30`",
        Rule::path => "a library like `std/flow`",
        Rule::field => "a field like `a = 1`",
        _ => return None,
    })
}

/// A line starts with no item's keyword.
pub(crate) fn no_item(text: &str, word: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "E0002",
        format!("`{}` starts no item", word.escape_debug()),
        span,
        "expected a keyword such as `let`",
    );
    if ITEM_WORDS.contains(&word) {
        let line = text[..span.start as usize].rfind('\n').map_or(0, |at| at + 1) as u32;
        return diagnostic
            .help("an item starts in column 0: delete the blanks before it")
            .fix(Span { start: line, end: span.start }, "");
    }
    let rest = text[span.end as usize..].trim_start();
    let calls = rest.trim_start_matches(is_part).starts_with('(');
    match word {
        "def" | "function" | "func" | "fun" if calls => {
            return diagnostic
                .help(format!("a function starts with `fn`: `fn {}(…)`", first_part(rest)))
                .fix(span, "fn");
        }
        "var" | "val" | "const" | "def" | "function" => {
            let name = if first_part(rest).is_empty() { "x" } else { first_part(rest) };
            return diagnostic.help(format!("write `let {name} = …`")).fix(span, "let");
        }
        _ => {}
    }
    if let Some(help) = unlike::no_item_help(text, word, rest) {
        return diagnostic.help(help);
    }
    match nearest(word, ITEM_WORDS) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(span, near),
        None => {
            diagnostic.help(format!("if it continues the line before, indent it; to name a value: `let {word} = …`"))
        }
    }
}

/// Brackets or operators nest too deep.
pub(crate) fn too_deep(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error("E0003", "this is nested too deep to follow", span, format!("more than {limit} levels"))
        .help("name a part of it: `let part = …`")
}

/// A bracket without its partner.
pub(crate) fn unbalanced(bracket: &str, span: Span) -> Diagnostic {
    let opens = matches!(bracket, "{" | "(" | "[");
    let (what, remark, help) = if opens {
        ("is never closed", "opened here", "close it before the next item")
    } else {
        ("closes nothing", "nothing is open here", "delete it, or open it before")
    };
    Diagnostic::error("E0004", format!("`{bracket}` {what}"), span, remark).help(help)
}

/// A number that its type cannot hold, or a time of day that does not exist.
pub(crate) fn bad_literal(text: &str, span: Span) -> Diagnostic {
    let shown: String = text.chars().take(24).collect();
    Diagnostic::error("E0005", format!("`{shown}` is out of range"), span, "no such value")
        .help("whole numbers reach 9_223_372_036_854_775_807, times 23:59:59.999999999")
}

/// Text in quotes that the line's end cuts off.
pub(crate) fn open_text(span: Span) -> Diagnostic {
    Diagnostic::error("E0006", "this text has no closing quote", span, "it ends with its line").help("add `\"`")
}

/// A character the language does not use.
pub(crate) fn unknown_text(text: &str, before: &str, span: Span) -> Diagnostic {
    // Letters are shown as they are, all else by number: some characters turn a line of text around.
    let plain = |c: char| c.is_ascii_graphic() || c.is_alphanumeric();
    let shown: String =
        text.chars().take(8).map(|c| if plain(c) { c.to_string() } else { c.escape_unicode().to_string() }).collect();
    let diagnostic = Diagnostic::error("E0007", format!("`{shown}` is not part of the language"), span, "here");
    match instead(text) {
        _ if text == ";" && unlike::in_brackets(before) => diagnostic
            .help("there are no arrays: a record names its values, `(a = 1, b = 2)`; the past of `x` is `x[1]`"),
        Some((help, Some(word))) => diagnostic.help(help).fix(span, word),
        Some((help, None)) => diagnostic.help(help),
        None => {
            diagnostic.help("names are made of a-z, A-Z, 0-9 and `_`; other letters may stand in comments and quotes")
        }
    }
}

/// What other languages write so, and what to type for it here.
fn instead(text: &str) -> Option<(&'static str, Option<&'static str>)> {
    Some(match text {
        ";" => ("an item ends where the next one starts; delete it", Some("")),
        "&&" | "&" => ("write `and`", Some("and")),
        "||" | "|" => ("write `or`", Some("or")),
        "!" => ("write `not`", Some("not ")),
        "?" => ("write `if c { a } else { b }`", None),
        "^" => ("write `pow(a, b)`", None),
        "%" => ("for what a division leaves, write `a mod b`; a percentage is one word: `2%`", None),
        "#" => ("a comment starts with `//`", Some("//")),
        "'" | "`" => ("a text stands in double quotes", None),
        _ => return None,
    })
}

/// A source that is too large to be a strategy.
pub(crate) fn too_long(bytes: usize, limit: usize) -> Diagnostic {
    Diagnostic::error(
        "E0008",
        format!("the file is {bytes} bytes long"),
        Span::new(0, 0),
        format!("the limit is {limit}"),
    )
    .help("move functions into libraries")
}

/// A name or an item without end.
pub(crate) fn endless(what: &str, of: &str, limit: usize, span: Span) -> Diagnostic {
    Diagnostic::error("E0010", format!("{what} has at most {limit} {of}"), span, "this has more")
        .help("make it shorter")
}

/// Characters that make text read differently from what it is.
pub(crate) fn hidden_text(span: Span) -> Diagnostic {
    Diagnostic::error(
        "E0009",
        "an invisible character changes how this text is read",
        span,
        "a bidirectional control or a zero byte",
    )
    .help("delete it")
}
