//! Cutting a file into items: every item starts a line with its keyword in column 0.

use gbc_diagnostics::Span;

use crate::lexer::{Token, TokenKind};

/// The words that start an item.
pub const ITEM_WORDS: [&str; 32] = [
    "strategy", "library", "market", "universe", "session", "clock", "param", "require", "use", "let", "state", "enum",
    "record", "fn", "pub", "features", "label", "model", "target", "weight", "trade", "quote", "risk", "roll", "each",
    "when", "on", "every", "at", "plot", "export", "test",
];

/// Words that can never be names.
pub const RESERVED: [&str; 16] = [
    "if", "else", "and", "or", "not", "in", "where", "when", "while", "let", "crosses", "mod", "div", "true", "false",
    "prev",
];

/// One cut: from the item's first token up to its last, trivia between items left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// From the first to the last token.
    pub span: Span,
    /// Whether the first word is one of `ITEM_WORDS`.
    pub known: bool,
    /// The deepest nesting of brackets.
    pub nesting: usize,
}

/// Cuts tokens into items. Text before the first item, if any, is a cut that is not `known`.
pub(crate) fn cut(text: &str, tokens: &[Token]) -> Vec<Cut> {
    let mut cuts: Vec<Cut> = Vec::new();
    let mut depth = 0_i32;
    for token in tokens.iter().filter(|token| !token.kind.is_trivia()) {
        let known = starts_item(text, *token);
        let stray = depth <= 0 && in_column_0(text, *token) && may_start_stray(text, *token);
        if cuts.is_empty() || known || stray {
            cuts.push(Cut { span: token.span, known, nesting: 0 });
            depth = 0;
        }
        depth += token.kind.nesting();
        let cut = cuts.last_mut().expect("the first token made a cut");
        cut.span = cut.span.to(token.span);
        cut.nesting = cut.nesting.max(depth.max(0) as usize);
    }
    cuts
}

fn in_column_0(text: &str, token: Token) -> bool {
    let before = text[..token.span.start as usize].chars().next_back();
    matches!(before, None | Some('\n' | '\u{feff}'))
}

fn starts_item(text: &str, token: Token) -> bool {
    token.kind == TokenKind::Word && in_column_0(text, token) && ITEM_WORDS.contains(&&text[token.span.range()])
}

/// A word in column 0 outside all brackets was meant to start an item, unless it can only continue an expression.
fn may_start_stray(text: &str, token: Token) -> bool {
    token.kind == TokenKind::Word && !RESERVED.contains(&&text[token.span.range()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::tokens;

    fn pieces(text: &str) -> Vec<&str> {
        cut(text, &tokens(text)).iter().map(|cut| &text[cut.span.range()]).collect()
    }

    #[test]
    fn an_item_ends_where_the_next_keyword_starts_a_line() {
        let text = "// head\nlet a = 1\n  + 2 // tail\n\nlet b = (a\n)\nwhen a { let }\n";
        assert_eq!(pieces(text), ["let a = 1\n  + 2", "let b = (a\n)", "when a { let }"]);
    }

    #[test]
    fn an_open_brace_does_not_swallow_the_next_item() {
        assert_eq!(pieces("when a { b = 1\nlet c = 2\n"), ["when a { b = 1", "let c = 2"]);
    }

    #[test]
    fn a_stray_word_costs_only_its_own_line() {
        let text = "lte a = 1\nlet b = 2";
        let cuts = cut(text, &tokens(text));
        assert_eq!(pieces(text), ["lte a = 1", "let b = 2"]);
        assert_eq!(cuts.iter().map(|cut| cut.known).collect::<Vec<_>>(), [false, true]);
    }
}
