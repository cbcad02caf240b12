//! What other languages have and this one does not, and what to type instead.

use gbc_diagnostics::{Diagnostic, Span};

use super::{first_part, last_part};

/// What to type instead of a word that starts no item.
pub(super) fn no_item_help(text: &str, word: &str, rest: &str) -> Option<String> {
    let known = |keyword: &str| text.lines().any(|line| declares(line, keyword, word));
    Some(match word {
        "for" | "while" | "loop" | "foreach" | "repeat" => {
            "there are no loops: a window looks back over many values, `sum(x, 10)`, and `prev` carries one on"
                .to_owned()
        }
        "buy" | "sell" | "short" | "cover" | "order" | "exit" | "close" => {
            let market = market_of(text);
            format!(
                "the wanted position is an equation, `target {market} = 1`; a single order is sent in a rule: `when c {{ send buy 1 {market} }}`"
            )
        }
        "import" | "from" | "include" | "using" => "take functions from a library: `use std/flow { ofi }`".to_owned(),
        "print" | "echo" => "to see a value of a run, `plot x`, or `export x as \"name\"`".to_owned(),
        "class" | "struct" | "type" => "a kind of record: `record Band { up: price, down: price }`".to_owned(),
        "return" => "a function gives what stands last in it: `fn f(x) { x + 1 }`".to_owned(),
        _ if !rest.starts_with('=') || rest.starts_with("==") => return None,
        _ if known("let") => {
            format!(
                "`{word}` is an equation and holds at every moment; what changes is a `state {word} = …`, and rules change it"
            )
        }
        _ if known("state") => format!("a state is changed in a rule: `when c {{ {word} = … }}`"),
        _ if known("param") => format!("a parameter is the same for a whole run; another value: `--set {word}=…`"),
        _ => return None,
    })
}

/// Whether a line starts as `let x`.
fn declares(line: &str, keyword: &str, name: &str) -> bool {
    line.strip_prefix(keyword).is_some_and(|rest| rest.starts_with(' ') && first_part(rest) == name)
}

fn market_of(text: &str) -> &str {
    text.lines().filter_map(|line| line.strip_prefix("market ")).map(first_part).next().unwrap_or("es")
}

/// `if c { target es = 1 }`, where an item should start.
pub(super) fn if_as_item(text: &str, before: &str, span: Span) -> Option<Diagnostic> {
    let starts = span.start == 0 || text[..span.start as usize].ends_with('\n');
    let inside = before.matches('{').count() > before.matches('}').count();
    (starts && !inside).then(|| {
        let market = market_of(text);
        Diagnostic::error("E0002", "`if` starts no item", span, "expected a keyword such as `when`").help(format!(
            "to act when it becomes true: `when c {{ … }}`; to choose a value: `target {market} = if c {{ 1 }} else {{ 0 }}`"
        ))
    })
}

/// What is missing, or not there, where a value should stand.
pub(super) fn no_value_help(found: &str, before: &str) -> Option<String> {
    match (found, last_part(before)) {
        ("[", _) => Some("there are no lists: name each value, `(a = 1, b = 2)`; the past of `x` is `x[1]`".to_owned()),
        (_, word @ ("and" | "or" | "not")) => Some(format!("a condition is missing behind `{word}`")),
        _ => None,
    }
}

/// `2R`, `3x`
pub(super) fn multiplied(before: &str, found: &str, span: Span) -> Option<Diagnostic> {
    let number = last_part(before);
    let touches =
        before.ends_with(|c: char| c.is_ascii_digit()) && found.starts_with(|c: char| c.is_ascii_alphabetic());
    if !touches || !number.chars().all(|c| c.is_ascii_digit() || matches!(c, '_' | '.')) {
        return None;
    }
    let whole = Span { start: span.start - number.len() as u32, ..span };
    let wanted = format!("{number} * {found}");
    Some(
        Diagnostic::error("E0001", format!("`{number}{found}` is no number"), whole, format!("expected `{wanted}`"))
            .help(format!("to multiply, write the sign: `{wanted}`"))
            .fix(whole, wanted),
    )
}

/// Clauses of several words, by their first: what follows is often forgotten.
const CLAUSES: [(&str, &str); 11] = [
    ("rest", "rest at least 50ms"),
    ("rate", "rate at most 20 per 1s"),
    ("keep", "keep while queue < 30%"),
    ("levels", "levels 3 apart 2 ticks"),
    ("trail", "trail 4 after 8"),
    ("cancel", "cancel after 30s"),
    ("cooldown", "cooldown 5m after loss"),
    ("exit", "exit when c, or exit after 2h"),
    ("enter", "enter when c, or enter limit at p while c"),
    ("flat", "flat by 15:55, or flat when c"),
    ("max", "max position 2 lots, or max loss 500 usd per day then halt for day"),
];

/// The shape of the clause that breaks off right behind its first word, or at its end.
pub(super) fn half_a_clause(before: &str) -> Option<String> {
    let line = before.rsplit('\n').next()?.trim();
    let (_, shape) = CLAUSES.iter().find(|(word, _)| line.split_whitespace().next() == Some(word))?;
    let shapes: Vec<String> = shape.split(", or ").map(|shape| format!("`{shape}`")).collect();
    Some(format!("it goes {}", shapes.join(" or ")))
}

/// Whether a semicolon stands in `[float; 3]`.
pub(super) fn in_brackets(before: &str) -> bool {
    let line = before.lines().next_back().unwrap_or("");
    line.matches('[').count() > line.matches(']').count()
}

#[cfg(test)]
mod tests {
    use crate::parse;

    #[track_caller]
    fn helps(text: &str, wanted: &str) {
        let text = format!("strategy S\nmarket es\nlet b = es.bars(1m)\n{text}\n");
        let parsed = parse(&text);
        let first = parsed.diagnostics.in_order().into_iter().next().expect("something is wrong");
        let help = first.help.as_deref().unwrap_or("");
        assert!(help.contains(wanted), "{text}: {help}");
    }

    #[test]
    fn words_of_other_languages_are_answered() {
        helps("for i in 0..10 { }", "there are no loops");
        helps("buy(1)", "send buy 1 es");
        helps("import x", "use std/flow");
        helps("b = 3", "`state b = …`");
        helps("if b.close > 1 { }", "target es = if c");
        helps("let x = [1, 2]", "there are no lists");
        helps("fn f(x: [float; 3]) = x", "there are no arrays");
        helps("target es = if b.close > 1 and { 1 } else { 0 }", "missing behind `and`");
        helps("at 15:50 { es.close() }", "send buy 1 es");
        helps("let x = 2b.close", "write the sign: `2 * b`");
    }

    #[test]
    fn a_clause_that_breaks_off_shows_its_shape() {
        helps("quote es {\n  bid 1 at 5\n  rest 200ms\n}", "rest at least 50ms");
        helps("trade es long {\n  enter if b.close > 1\n}", "enter when c");
        helps("risk {\n  max lots 3\n}", "max position 2 lots");
    }
}
