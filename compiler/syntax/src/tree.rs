//! The lossless tree: every byte of the text is in exactly one leaf, so it prints back to the very same text.

use gbc_diagnostics::Span;

use crate::grammar::Rule;
use crate::lexer::{TokenKind, tokens};

/// Index of a node in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(pub(crate) u32);

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The whole file.
    File,
    /// What a rule of the grammar matched.
    Rule(Rule),
    /// An item that could not be read.
    Broken,
    /// A leaf.
    Token(TokenKind),
}

/// One node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// The bytes it covers.
    pub span: Span,
    /// Its parts in the order of the text; leaves have none.
    pub children: Vec<NodeId>,
}

/// A file as a tree.
#[derive(Clone, Debug)]
pub struct Tree {
    text: String,
    nodes: Vec<Node>,
    root: NodeId,
}

impl Tree {
    pub(crate) fn new(text: &str) -> Tree {
        let root = Node { kind: Kind::File, span: Span::new(0, text.len()), children: Vec::new() };
        Tree { text: text.to_owned(), nodes: vec![root], root: NodeId(0) }
    }

    /// The whole file.
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The text a node covers.
    pub fn text(&self, id: NodeId) -> &str {
        &self.text[self.node(id).span.range()]
    }

    /// The text again, leaf by leaf.
    pub fn print(&self) -> String {
        let mut out = String::with_capacity(self.text.len());
        let mut open = vec![self.root];
        while let Some(id) = open.pop() {
            let node = self.node(id);
            if let Kind::Token(_) = node.kind {
                out.push_str(&self.text[node.span.range()]);
            }
            open.extend(node.children.iter().rev());
        }
        out
    }

    /// The tree as nested lists, without white space: `(let_item let (name mid) = …)`.
    pub fn outline(&self) -> String {
        let mut out = String::new();
        for id in &self.node(self.root).children {
            if matches!(self.node(*id).kind, Kind::Token(kind) if kind.is_trivia()) {
                continue;
            }
            self.outline_node(*id, &mut out);
            out.push('\n');
        }
        out
    }

    fn outline_node(&self, id: NodeId, out: &mut String) {
        let node = self.node(id);
        let name = match node.kind {
            Kind::Token(_) => return out.push_str(&self.text[node.span.range()]),
            Kind::File => "file".to_owned(),
            Kind::Broken => "broken".to_owned(),
            Kind::Rule(rule) => format!("{rule:?}"),
        };
        out.push('(');
        out.push_str(&name);
        for child in &node.children {
            if !matches!(self.node(*child).kind, Kind::Token(kind) if kind.is_trivia()) {
                out.push(' ');
                self.outline_node(*child, out);
            }
        }
        out.push(')');
    }

    /// Adds a node below `parent`, filling what lies between it and its elder sibling with leaves.
    pub(crate) fn add(&mut self, parent: NodeId, kind: Kind, span: Span) -> NodeId {
        self.fill(parent, span.start);
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node { kind, span, children: Vec::new() });
        self.nodes[parent.0 as usize].children.push(id);
        id
    }

    /// Fills the rest of a node with leaves.
    pub(crate) fn finish(&mut self, id: NodeId) {
        self.fill(id, self.node(id).span.end);
    }

    fn fill(&mut self, parent: NodeId, until: u32) {
        let node = self.node(parent);
        let from = node.children.last().map_or(node.span.start, |last| self.node(*last).span.end);
        if from >= until {
            return;
        }
        for token in tokens(&self.text[from as usize..until as usize]) {
            let span = Span { start: from + token.span.start, end: from + token.span.end };
            let id = NodeId(self.nodes.len() as u32);
            self.nodes.push(Node { kind: Kind::Token(token.kind), span, children: Vec::new() });
            self.nodes[parent.0 as usize].children.push(id);
        }
    }
}
