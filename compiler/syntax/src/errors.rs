//! What can be wrong with a text, in words.

use gbc_diagnostics::{Diagnostic, Span, nearest};

use crate::grammar::Rule;
use crate::items::{ITEM_WORDS, LATER_WORDS};

/// The text stops being the language at `span`; `expected` is what the grammar would have taken.
pub(crate) fn unexpected(found: &str, span: Span, expected: &[Rule]) -> Diagnostic {
    let wanted = wanted(expected);
    if found.is_empty() {
        return Diagnostic::error("E0001", "the item ends too early", span, format!("expected {wanted}"))
            .help("finish the item, or delete it");
    }
    let shown: String = found.chars().take(20).collect();
    Diagnostic::error(
        "E0001",
        format!("`{}` cannot stand here", shown.escape_debug()),
        span,
        format!("expected {wanted}"),
    )
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
        Rule::with | Rule::bars | Rule::feed | Rule::expect => "`with`, `bars`, `feed` or `expect`",
        Rule::moment => "a time like `09:30:00`",
        Rule::depth => "a price and size like `100.25x5`",
        Rule::signed => "a price",
        Rule::duration => "a duration like `5m`",
        Rule::k_quote => "`quote`",
        Rule::k_trade => "`trade`",
        Rule::assign => "an assignment like `n = 1`",
        _ => return None,
    })
}

/// A line starts with no item's keyword.
pub(crate) fn no_item(word: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "E0002",
        format!("`{}` starts no item", word.escape_debug()),
        span,
        "expected a keyword such as `let`",
    );
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
    let (what, help) =
        if opens { ("is never closed", "close it before the next item") } else { ("closes nothing", "delete it") };
    Diagnostic::error("E0004", format!("`{bracket}` {what}"), span, "here").help(help)
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
pub(crate) fn unknown_text(text: &str, span: Span) -> Diagnostic {
    let shown: String = text.chars().take(8).map(|c| c.escape_unicode().to_string()).collect();
    let shown = if text.is_ascii() && !text.chars().any(|c| c.is_control()) { text.to_owned() } else { shown };
    Diagnostic::error("E0007", format!("`{shown}` is not part of the language"), span, "here")
        .help("names are made of a-z, A-Z, 0-9 and `_`; other letters may stand in comments and quotes")
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

/// An item of the language that this version does not do.
pub(crate) fn later(word: &str, span: Span) -> Option<Diagnostic> {
    LATER_WORDS.contains(&word).then(|| {
        Diagnostic::error(
            "E0901",
            format!("`{word}` is part of the language, but not of this version"),
            span,
            "not here yet",
        )
        .help("`gbc explain E0901` lists what this version does")
    })
}
