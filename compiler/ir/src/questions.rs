//! What somebody may ask of a run: which conditions and amounts decide, and where the values lie that they are made of.
//!
//! A rule reads states as the rules above it left them, and those slots change when the event is over. So each question
//! is lowered where its construct is, and what it reads of states is copied into slots of its own.

use std::collections::{BTreeMap, BTreeSet};

use gbc_analysis::{named_reads, operands};
use gbc_core::arithmetic::BinaryOp;
use gbc_hir::{ExprId, ExprKind};

use crate::flow::{NodeId, Op};
use crate::lower::{Lowering, remembers};

/// The most values that are kept for one question: near its top stand those that a person asks for.
const MOST: usize = 400;

/// What decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Construct {
    /// A rule or a handler.
    Rule(usize),
    /// A target.
    Target(usize),
    /// A trade.
    Trade(usize),
    /// A quote.
    Quote(usize),
    /// An order by hand.
    Send(usize),
    /// A limit.
    Limit(usize),
}

/// One condition or amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Whose.
    pub of: Construct,
    /// Its words in the source: `when`, `enter`, `exit when`, `bid while`.
    pub part: &'static str,
    /// What decides.
    pub value: ExprId,
    /// Where in `Flow::looks` it stands whether it acts at an event: where a condition acts when it becomes true.
    pub acts: Option<usize>,
    /// Where in `Flow::looks` each value stands that it is made of.
    pub seen: BTreeMap<ExprId, usize>,
}

impl Lowering<'_> {
    /// Takes note of a question, if anybody asks. `acts` is what its construct makes of it.
    pub(crate) fn ask(&mut self, of: Construct, part: &'static str, value: ExprId, acts: Option<NodeId>) {
        if self.questions.is_none() {
            return;
        }
        let mut seen = BTreeMap::new();
        let (mut open, mut known) = (vec![(value, self.age)], BTreeSet::new());
        // Nearest first: what lies deeper says less.
        while !open.is_empty() && seen.len() < MOST {
            let mut below = Vec::new();
            for (id, age) in open {
                if known.insert(id) && seen.len() < MOST {
                    seen.extend(self.look(id, age).map(|look| (id, look)));
                    let kind = &self.program.expr(id).kind;
                    let age = if remembers(kind) { 0 } else { age };
                    below.extend(operands(kind).map(|part| (part, age)));
                }
            }
            open = below;
        }
        for term in self.terms(value) {
            for (_, id) in named_reads(self.program, term) {
                if !seen.contains_key(&id) {
                    seen.extend(self.look(id, self.age).map(|look| (id, look)));
                }
            }
        }
        let acts = acts.map(|node| self.look_at(node));
        self.questions.iter_mut().for_each(|all| {
            all.push(Question { of, part, value, acts, seen: seen.clone() });
        });
    }

    /// What is joined by `and`.
    fn terms(&self, value: ExprId) -> Vec<ExprId> {
        let (mut terms, mut open) = (Vec::new(), vec![value]);
        while let Some(id) = open.pop() {
            match self.program.expr(id).kind {
                ExprKind::Binary(BinaryOp::And, left, right) => open.extend([right, left]),
                _ => terms.push(id),
            }
        }
        terms
    }

    /// Nothing of what `prev` reads: that is gone once its cell is written.
    fn look(&mut self, id: ExprId, age: usize) -> Option<usize> {
        let node = if age == self.age { self.expr(id) } else { self.at_first(|lowering| lowering.expr(id)) };
        let node = match self.flow.node(node).op {
            Op::Prev(_) => return None,
            Op::State(_) => self.copy_as_read(node),
            _ => node,
        };
        Some(self.look_at(node))
    }

    fn look_at(&mut self, node: NodeId) -> usize {
        self.flow.looks.push(node);
        self.flow.looks.len() - 1
    }

    /// The slot of a state is written at the end of an event: what was read there is kept beside it.
    fn copy_as_read(&mut self, node: NodeId) -> NodeId {
        let read = self.flow.node(node).clone();
        let none = self.undefined_of(read.ty, read.span);
        self.plain(Op::Else, &[node, none], read.ty, read.span)
    }
}
