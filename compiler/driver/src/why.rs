//! Why a condition holds or does not, and how an amount came about, from the values with which a run stood still.

use gbc_analysis::{Facts, named_reads};
use gbc_core::arithmetic::BinaryOp;
use gbc_hir::{ExprId, ExprKind, Program};
use gbc_ir::{Flow, Question};

use crate::missing;

/// A run at a moment.
#[derive(Clone, Copy, Debug)]
pub struct Still<'a> {
    /// The program.
    pub program: &'a Program,
    /// What is known of it with the parameters of the run.
    pub facts: &'a Facts,
    /// Its flow, lowered to be asked.
    pub flow: &'a Flow,
    /// What each of the flow's looks is worth.
    pub values: &'a [Option<f64>],
    /// How often each clock has ticked.
    pub ticks: &'a [u64],
}

/// A part of a condition: what stands between its `and`s.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// What it is.
    pub id: ExprId,
    /// What it was worth: 1 if true, 0 if false, nothing if undefined.
    pub value: Option<f64>,
    /// Both sides, where it compares.
    pub sides: Option<[(ExprId, Option<f64>); 2]>,
    /// What it reads by name, and what that was worth.
    pub names: Vec<(String, ExprId, Option<f64>)>,
    /// Why it has no value, if it has none.
    pub missing: Option<String>,
}

impl Still<'_> {
    /// What a value that belongs to a question was worth; nothing as well if nobody looked.
    pub fn value(&self, question: &Question, id: ExprId) -> Option<f64> {
        question.seen.get(&id).and_then(|look| self.values[*look])
    }

    /// The terms of a condition, in the order of the source.
    pub fn terms(&self, question: &Question, id: ExprId) -> Vec<Term> {
        let (mut terms, mut open) = (Vec::new(), vec![id]);
        while let Some(id) = open.pop() {
            match self.program.expr(id).kind {
                ExprKind::Binary(BinaryOp::And, left, right) if self.is_written_apart(id, [left, right]) => {
                    open.extend([right, left]);
                }
                _ => terms.push(self.term(question, id)),
            }
        }
        terms
    }

    /// The terms that decide: the first that is false, the first that is undefined where none is, or all where all are
    /// true. Of a false `or` they are those of its sides.
    pub fn deciding(&self, question: &Question, id: ExprId) -> Vec<Term> {
        let mut terms = self.terms(question, id);
        let first = |wanted: fn(Option<f64>) -> bool| terms.iter().position(|term| wanted(term.value));
        let Some(first) = first(|value| value == Some(0.0)).or_else(|| first(|value| value.is_none())) else {
            return terms;
        };
        let term = terms.swap_remove(first);
        match self.program.expr(term.id).kind {
            ExprKind::Binary(BinaryOp::Or, left, right) if self.is_written_apart(term.id, [left, right]) => {
                // A side that is false while the other is undefined decides nothing.
                let decides = |side: &ExprId| self.value(question, *side) == term.value;
                let sides = [left, right].into_iter().filter(decides);
                sides.flat_map(|side| self.deciding(question, side)).collect()
            }
            _ => vec![term],
        }
    }

    /// How an amount came about: the conditions that were asked on the way to it, and the value in the end.
    pub fn way(&self, question: &Question) -> (Vec<Term>, ExprId) {
        let (mut asked, mut id) = (Vec::new(), question.value);
        loop {
            id = match self.program.expr(id).kind {
                ExprKind::If(condition, then, otherwise) => {
                    let decides = self.deciding(question, condition);
                    let next = match self.value(question, condition) {
                        Some(0.0) => Some(otherwise),
                        Some(_) => Some(then),
                        None => None,
                    };
                    asked.extend(decides);
                    let Some(next) = next else { return (asked, id) };
                    next
                }
                ExprKind::Else(first, second) => {
                    // The past is gone: all that can be said is what became of it.
                    if !question.seen.contains_key(&first) {
                        return (asked, id);
                    }
                    if self.value(question, first).is_some() { first } else { second }
                }
                // What is kept is what came last, and that may have been before.
                ExprKind::Keep { value, .. } if self.value(question, value).is_some() => value,
                ExprKind::ToNum(value) => value,
                _ => return (asked, id),
            };
        }
    }

    /// What the body of a function says is no term of its own where only the call is written.
    fn is_written_apart(&self, id: ExprId, parts: [ExprId; 2]) -> bool {
        let span = |id: ExprId| self.program.expr(id).span;
        parts.iter().all(|part| span(*part) != span(id)) && span(parts[0]) != span(parts[1])
    }

    /// One condition or amount, with all that it reads.
    pub fn term(&self, question: &Question, id: ExprId) -> Term {
        let value = self.value(question, id);
        let sides = match self.program.expr(id).kind {
            ExprKind::Binary(op, left, right) if op.compares() => {
                let both = [left, right];
                let known = both.iter().all(|side| question.seen.contains_key(side));
                known.then(|| both.map(|side| (side, self.value(question, side))))
            }
            _ => None,
        };
        let names = named_reads(self.program, id).into_iter();
        let names = names.filter(|(_, read)| *read != id && question.seen.contains_key(read));
        let names = names.map(|(name, read)| (name, read, self.value(question, read)));
        let missing = value.is_none().then(|| missing::reason(self, question, id));
        Term { id, value, sides, names: names.collect(), missing }
    }
}
