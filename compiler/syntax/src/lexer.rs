//! Tokens with their white space and comments: for cutting items, for the leaves of the tree, for the formatter.
//!
//! The lexer accepts any text; what it does not know is a token of kind `Unknown`.

use gbc_diagnostics::Span;
use logos::Logos;

/// What a token is.
#[derive(Logos, Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Blanks and line ends.
    #[regex(r"[ \t\r\n\u{FEFF}]+")]
    Space,
    /// `// to the end of the line`
    #[regex(r"//[^\n]*", allow_greedy = true)]
    Comment,
    /// A word: a name or a keyword.
    #[regex(r"[A-Za-z_][A-Za-z0-9_]*")]
    Word,
    /// A number with whatever clings to it: `1_000`, `15m`, `2%`, `09:30:00.000`, `100.00x5`.
    #[regex(r"[0-9]+:[0-9]+(:[0-9]+(\.[0-9]+)?)?")]
    #[regex(r"[0-9][0-9_]*(\.[0-9][0-9_]*)?([A-Za-z_][A-Za-z0-9_]*(\.[0-9]+)?|%)?")]
    Number,
    /// `"text"`
    #[regex(r#""[^"\n]*""#)]
    Text,
    /// `{`
    #[token("{")]
    OpenBrace,
    /// `}`
    #[token("}")]
    CloseBrace,
    /// `(`
    #[token("(")]
    OpenParen,
    /// `)`
    #[token(")")]
    CloseParen,
    /// `[`
    #[token("[")]
    OpenBracket,
    /// `]`
    #[token("]")]
    CloseBracket,
    /// `,`
    #[token(",")]
    Comma,
    /// `.`
    #[token(".")]
    Dot,
    /// `:`
    #[token(":")]
    Colon,
    /// `@`
    #[token("@")]
    At,
    /// `..`
    #[token("..")]
    Range,
    /// `=`
    #[token("=")]
    Equals,
    /// An operator, or `->`.
    #[regex(r"==|!=|<=|>=|<|>|\+|-|\*|/|->")]
    Operator,
    /// Nothing of the language.
    Unknown,
}

impl TokenKind {
    /// Whether it is white space or a comment.
    pub fn is_trivia(self) -> bool {
        matches!(self, TokenKind::Space | TokenKind::Comment)
    }

    /// 1 for an opening bracket, -1 for a closing one.
    pub fn nesting(self) -> i32 {
        match self {
            TokenKind::OpenBrace | TokenKind::OpenParen | TokenKind::OpenBracket => 1,
            TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseBracket => -1,
            _ => 0,
        }
    }
}

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
}

/// All tokens of a text; together they cover every byte of it.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    for (kind, range) in TokenKind::lexer(text).spanned() {
        let token = Token { kind: kind.unwrap_or(TokenKind::Unknown), span: Span::new(range.start, range.end) };
        match out.last_mut() {
            Some(last) if last.kind == TokenKind::Unknown && token.kind == TokenKind::Unknown => {
                last.span.end = token.span.end
            }
            _ => out.push(token),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(TokenKind, &str)> {
        let all = tokens(text).into_iter().filter(|token| token.kind != TokenKind::Space);
        all.map(|token| (token.kind, &text[token.span.range()])).collect()
    }

    #[test]
    fn a_range_of_whole_numbers_is_three_tokens() {
        let expected = [(TokenKind::Number, "5"), (TokenKind::Range, ".."), (TokenKind::Number, "30")];
        assert_eq!(kinds("5..30"), expected);
    }

    #[test]
    fn numbers_keep_what_clings_to_them() {
        for text in ["15m", "2%", "09:30:00.000", "100.00x5.5", "1_000.25"] {
            assert_eq!(kinds(text), [(TokenKind::Number, text)]);
        }
    }

    #[test]
    fn every_byte_is_covered_whatever_it_is() {
        for text in ["let x = \"open\n$$ \u{e9} // end", "\u{0}\u{feff}1..", ""] {
            let joined: String = tokens(text).iter().map(|token| &text[token.span.range()]).collect();
            assert_eq!(joined, text);
        }
    }
}
