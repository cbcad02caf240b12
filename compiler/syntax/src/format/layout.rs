//! From tokens to lines: where a line breaks, how far it is indented, where blanks stand in it.

use std::collections::BTreeSet;

use gbc_diagnostics::Span;

use super::roles::Roles;
use super::{Anchor, Line, What};
use crate::items::cut;
use crate::lexer::{Token, TokenKind, tokens};
use crate::parse::tree;
use crate::tree::Kind;

const STEP: usize = 2;

/// The lines of a text, items that parse in the one style, all others as they stand.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let (tokens, tree) = (tokens(text), tree(text));
    let items = tree.node(tree.root()).children.iter().map(|id| tree.node(*id));
    let sound: Vec<Span> = items.filter(|item| matches!(item.kind, Kind::Rule(_))).map(|item| item.span).collect();
    let mut layout = Layout::new(text, Roles::of(&tree));
    let mut rest = tokens.as_slice();
    for cut in cut(text, &tokens) {
        let (before, from) = rest.split_at(rest.partition_point(|token| token.span.start < cut.span.start));
        let (inside, after) = from.split_at(from.partition_point(|token| token.span.start < cut.span.end));
        layout.trivia(before);
        if sound.binary_search(&cut.span).is_ok() {
            layout.item(inside);
        } else {
            layout.broken(cut.span);
        }
        rest = after;
    }
    layout.trivia(rest);
    layout.own_lines(None, 0);
    layout.lines
}

struct Layout<'a> {
    text: &'a str,
    roles: Roles,
    lines: Vec<Line>,
    /// Indentation of the line being written.
    indent: usize,
    open: Vec<Open>,
    /// Line ends since the last token or comment.
    line_ends: usize,
    /// Comments on their own lines that wait for the code they stand above: blank line before, text.
    comments: Vec<(bool, &'a str)>,
}

/// A bracket not closed yet, or, at the bottom, the item.
struct Open {
    /// How far its closing partner is indented; what it holds stands one step further.
    outer: usize,
    /// How far the line is indented on which the current statement began; its other lines stand one step further.
    statement: usize,
    /// A broken block of statements: each starts a line.
    by_lines: bool,
}

impl<'a> Layout<'a> {
    fn new(text: &'a str, roles: Roles) -> Layout<'a> {
        Layout { text, roles, lines: Vec::new(), indent: 0, open: Vec::new(), line_ends: 0, comments: Vec::new() }
    }

    fn trivia(&mut self, tokens: &[Token]) {
        for token in tokens {
            let text = &self.text[token.span.range()];
            match token.kind {
                TokenKind::Comment => self.comment(text.trim_end_matches([' ', '\t', '\r'])),
                _ => self.line_ends += text.matches('\n').count(),
            }
        }
    }

    fn comment(&mut self, text: &'a str) {
        let behind_code = self.line_ends == 0 && self.comments.is_empty();
        match self.lines.last_mut().filter(|_| behind_code) {
            Some(line) => line.remark = Some(text.to_owned()),
            None => self.comments.push((self.line_ends > 1, text)),
        }
        self.line_ends = 0;
    }

    /// An item as it stands. One that does not start in column 0 is broken for that very reason, so it stays there.
    fn broken(&mut self, span: Span) {
        self.own_lines(None, 0);
        let head = &self.text[..span.start as usize];
        let mut code = String::new();
        if !head.is_empty() && !head.ends_with(['\n', '\u{feff}']) {
            let line = &head[head.rfind('\n').map_or(0, |end| end + 1)..];
            code.extend(line.chars().filter(|c| matches!(c, ' ' | '\t')));
            if code.is_empty() {
                code.push(' ');
            }
        }
        code.push_str(&self.text[span.range()]);
        self.push_line(What::Broken, self.line_ends > 1, code);
        self.line_ends = 0;
    }

    fn item(&mut self, inside: &[Token]) {
        let broken = broken_braces(self.text, inside);
        self.open = vec![Open { outer: 0, statement: 0, by_lines: false }];
        let word = &self.text[inside[0].span.range()];
        let mut before: Option<Token> = None;
        let mut first_line = 0;
        for token in inside {
            if token.kind.is_trivia() {
                self.trivia(std::slice::from_ref(token));
                continue;
            }
            match before {
                Some(last) if !self.breaks(last, *token, &broken) => {
                    if !self.roles.tight(last, *token) {
                        self.line().code.push(' ');
                    }
                }
                Some(last) => self.break_line(Some(last), *token),
                None => {
                    self.break_line(None, *token);
                    first_line = self.lines.len() - 1;
                }
            }
            self.line_ends = 0;
            self.write(word, *token, &broken);
            before = Some(*token);
        }
        // Only items on one line stand in columns with their neighbours.
        if self.lines.len() > first_line + 1 {
            self.lines[first_line..].iter_mut().for_each(|line| line.anchor = None);
        }
    }

    fn line(&mut self) -> &mut Line {
        self.lines.last_mut().expect("the first token of an item breaks the line")
    }

    /// Whether a token starts a new line. Blocks are whole: on one line, or with their braces at the ends of lines.
    fn breaks(&self, before: Token, token: Token, broken: &BTreeSet<u32>) -> bool {
        let comment = !self.comments.is_empty() || self.lines.last().is_some_and(|line| line.remark.is_some());
        let opened = before.kind == TokenKind::OpenBrace && broken.contains(&before.span.start);
        let closes = token.kind == TokenKind::CloseBrace && broken.contains(&token.span.start);
        let closed = before.kind == TokenKind::CloseBrace && broken.contains(&before.span.start);
        let start = &token.span.start;
        let states = self.open.last().is_some_and(|open| open.by_lines) && self.roles.starts.contains(start);
        let joins = self.roles.opens.contains(start) || closed && self.roles.elses.contains(start);
        comment || opened || closes || states || self.line_ends > 0 && !joins
    }

    fn break_line(&mut self, before: Option<Token>, token: Token) {
        let (top, start) = (self.open.last().expect("the item is at the bottom"), token.span.start);
        let closes = token.kind.nesting() < 0;
        let inner = match before {
            None => 0,
            Some(_) if closes || self.roles.starts.contains(&start) => top.outer + STEP,
            Some(_) => top.statement + STEP,
        };
        self.indent = if closes { top.outer } else { inner };
        let just_opened = before.filter(|_| self.comments.is_empty()).is_some_and(|last| last.kind.nesting() > 0);
        self.own_lines(before, inner);
        let blank = self.line_ends > 1 && !just_opened && !closes;
        self.push_line(What::Code, blank, " ".repeat(self.indent));
    }

    /// Writes the comments that waited; no blank line parts them from a bracket that just opened.
    fn own_lines(&mut self, before: Option<Token>, indent: usize) {
        let mut opened = before.is_some_and(|last| last.kind.nesting() > 0);
        for (blank, text) in std::mem::take(&mut self.comments) {
            self.push_line(What::Comment, blank && !opened, format!("{}{text}", " ".repeat(indent)));
            opened = false;
        }
    }

    fn push_line(&mut self, what: What, blank_before: bool, code: String) {
        self.lines.push(Line { blank_before, what, code, remark: None, anchor: None });
    }

    fn write(&mut self, word: &str, token: Token, broken: &BTreeSet<u32>) {
        let start = token.span.start;
        let text = &self.text[token.span.range()];
        let aligns = match word {
            "let" | "param" | "state" | "clock" | "session" => token.kind == TokenKind::Equals,
            "when" => self.roles.bodies.contains(&start),
            _ => false,
        };
        let line = self.line();
        if aligns && line.anchor.is_none() {
            line.anchor = Some(Anchor { word: word.to_owned(), at: line.code.len() });
        }
        line.code.push_str(text);
        self.track(token, broken);
    }

    fn track(&mut self, token: Token, broken: &BTreeSet<u32>) {
        let (indent, start) = (self.indent, token.span.start);
        let top = self.open.last_mut().expect("the item is at the bottom");
        if self.roles.starts.contains(&start) && token.kind.nesting() >= 0 {
            top.statement = indent;
        }
        match token.kind.nesting() {
            1 => {
                let body = self.roles.bodies.contains(&start);
                let outer = if body { top.statement } else { indent };
                self.open.push(Open { outer, statement: outer, by_lines: body && broken.contains(&start) });
            }
            -1 => _ = self.open.pop(),
            _ => {}
        }
    }
}

/// The braces, both of a pair, with a line end between them.
fn broken_braces(text: &str, inside: &[Token]) -> BTreeSet<u32> {
    let (mut broken, mut open, mut line_ends) = (BTreeSet::new(), Vec::new(), 0);
    for token in inside {
        match token.kind.nesting() {
            1 => open.push((token.span.start, line_ends)),
            -1 => {
                let (start, before) = open.pop().expect("brackets of a sound item are balanced");
                if line_ends > before {
                    broken.extend([start, token.span.start]);
                }
            }
            _ if token.kind == TokenKind::Space => line_ends += text[token.span.range()].matches('\n').count(),
            _ => {}
        }
    }
    broken
}
