//! What a token is to the formatter, read off the tree: where statements start, what clings to what.

use std::collections::BTreeSet;

use crate::grammar::Rule;
use crate::lexer::{Token, TokenKind, tokens};
use crate::tree::{Kind, Node, Tree};

/// First bytes of tokens, by role.
#[derive(Default)]
pub(super) struct Roles {
    /// Starts a statement, an argument or a block's value: no continuation of the line before.
    pub starts: BTreeSet<u32>,
    /// The `{` of a rule, a function, a test or a feed, rather than of an expression.
    pub bodies: BTreeSet<u32>,
    /// Any `{`.
    pub opens: BTreeSet<u32>,
    /// The `else` of an `if`.
    pub elses: BTreeSet<u32>,
    /// Never clings, whatever it starts with.
    stands_apart: BTreeSet<u32>,
    clings_to_last: BTreeSet<u32>,
    clings_to_next: BTreeSet<u32>,
}

impl Roles {
    pub(super) fn of(tree: &Tree) -> Roles {
        let mut roles = Roles::default();
        let mut open = vec![tree.root()];
        while let Some(id) = open.pop() {
            let node = tree.node(id);
            if let Kind::Rule(rule) = node.kind {
                roles.node(tree, rule, node, tree.text(id));
            }
            open.extend(&node.children);
        }
        roles
    }

    /// Whether no blank stands between two tokens of one line.
    pub(super) fn tight(&self, before: Token, token: Token) -> bool {
        use TokenKind::*;
        if self.stands_apart.contains(&token.span.start) {
            return false;
        }
        matches!(before.kind, OpenParen | OpenBracket | Dot | Range)
            || matches!(token.kind, CloseParen | CloseBracket | Comma | Dot | Range)
            || (before.kind, token.kind) == (OpenBrace, CloseBrace)
            || self.clings_to_next.contains(&before.span.start)
            || self.clings_to_last.contains(&token.span.start)
    }

    fn node(&mut self, tree: &Tree, rule: Rule, node: &Node, text: &str) {
        let start = node.span.start;
        match rule {
            Rule::call | Rule::index => _ = self.clings_to_last.insert(start),
            Rule::fn_item => {
                let inputs = children(tree, node).filter(|child| child.kind == Kind::Rule(Rule::inputs));
                self.clings_to_last.extend(inputs.map(|inputs| inputs.span.start));
            }
            Rule::via | Rule::roll => {
                let parens = children(tree, node).filter(|child| child.kind == Kind::Token(TokenKind::OpenParen));
                self.clings_to_last.extend(parens.map(|paren| paren.span.start));
            }
            Rule::neg => _ = self.clings_to_next.insert(start),
            Rule::open => _ = self.opens.insert(start),
            Rule::k_else => _ = self.elses.insert(start),
            // One word to the grammar, where the lexer may see two.
            Rule::signed | Rule::depth | Rule::path | Rule::date => {
                self.clings_to_last.extend(tokens(text).iter().skip(1).map(|token| start + token.span.start));
                self.stands_apart.extend((rule == Rule::path).then_some(start));
            }
            Rule::input | Rule::result => {
                let colons = children(tree, node).filter(|child| child.kind == Kind::Token(TokenKind::Colon));
                self.clings_to_last.extend(colons.map(|colon| colon.span.start));
            }
            Rule::list => {
                self.clings_to_next.insert(start);
                self.clings_to_last.insert(node.span.end - 1);
            }
            _ => {}
        }
        match rule {
            Rule::call | Rule::index | Rule::inputs | Rule::group | Rule::tuple | Rule::list | Rule::block => {
                self.starts(tree, node)
            }
            Rule::when_item
            | Rule::on_item
            | Rule::every_item
            | Rule::at_item
            | Rule::each
            | Rule::trade_item
            | Rule::quote_item
            | Rule::risk
            | Rule::features
            | Rule::enum_item
            | Rule::record
            | Rule::use_item
            | Rule::body
            | Rule::test
            | Rule::feed => {
                let mut parts = children(tree, node);
                let brace = parts.find(|child| child.kind == Kind::Rule(Rule::open)).expect("a body has its brace");
                self.bodies.insert(brace.span.start);
                let rules = parts.filter(|part| matches!(part.kind, Kind::Rule(_)));
                self.starts.extend(rules.map(|part| part.span.start));
            }
            Rule::decide => self.decide(tree, node),
            _ => {}
        }
    }

    /// `if c { … } else if d { … }`: the `if` behind an `else` continues its line.
    fn decide(&mut self, tree: &Tree, node: &Node) {
        let (mut inside, mut after_else) = (false, false);
        for part in children(tree, node) {
            let Kind::Rule(rule) = part.kind else { continue };
            match rule {
                Rule::open => {
                    self.bodies.insert(part.span.start);
                    inside = true;
                }
                Rule::k_else => {}
                _ if inside && !after_else => _ = self.starts.insert(part.span.start),
                _ => {}
            }
            after_else = rule == Rule::k_else;
        }
    }

    fn starts(&mut self, tree: &Tree, node: &Node) {
        let parts = children(tree, node).filter(|child| matches!(child.kind, Kind::Rule(rule) if rule != Rule::open));
        self.starts.extend(parts.map(|part| part.span.start));
    }
}

fn children<'a>(tree: &'a Tree, node: &'a Node) -> impl Iterator<Item = &'a Node> {
    node.children.iter().map(|id| tree.node(*id))
}
