//! How long recursive averages remember where they started.
//!
//! `a * x + (1 - a) * prev` gives its first value the weight `(1 - a)^n` after `n` steps more. Where the factor of `prev`
//! is known and below one, so is the step from which that weight no longer shows. Nothing is claimed of other recursions,
//! nor of averages of averages, which take longer than either alone. Parameters count with their own values.

use std::collections::BTreeSet;

use gbc_analysis::{Facts, operands};
use gbc_core::arithmetic::{BinaryOp, UnaryOp};
use gbc_core::maths;
use gbc_hir::{CellId, ClockId, ExprId, ExprKind, Program, Value, fold};

use crate::Checked;

/// Below this weight the first value counts as forgotten.
const FORGOTTEN: f64 = 1e-9;

/// A recursive average.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settles {
    /// As it is written.
    pub of: String,
    /// The clock it steps on.
    pub clock: String,
    /// So many steps after its first value, that one has lost its weight.
    pub steps: u64,
}

/// Every recursive average of which that can be said, the slowest first.
pub(super) fn settles(checked: &Checked, clock: impl Fn(ClockId) -> String) -> Vec<Settles> {
    let program = &checked.program;
    let mut found: Vec<Settles> = Vec::new();
    for (id, step, steps) in averages(program, &checked.facts, &checked.defaults()) {
        let settles = Settles { of: name(program, id), clock: clock(step), steps };
        if !found.contains(&settles) {
            found.push(settles);
        }
    }
    found.sort_by_key(|settles| std::cmp::Reverse(settles.steps));
    found
}

/// The recursive averages, the clock of each, and how many steps it remembers its first value for.
pub(super) fn averages(program: &Program, facts: &Facts, params: &[Value]) -> Vec<(ExprId, ClockId, u64)> {
    let average = |id: &ExprId| {
        let ExprKind::Keep { cell, value, .. } = program.expr(*id).kind else { return None };
        // What our own orders move may come back to the average by way of the market.
        let fact = facts.get(*id);
        let step = fact.step.filter(|_| !fact.feedback)?;
        let average = Average { program, params, cell };
        Some((*id, step, average.steps(program.apart(value))?))
    };
    facts.needed.iter().filter_map(average).collect()
}

/// The name of its equation, or how it is written.
fn name(program: &Program, id: ExprId) -> String {
    let named = program.equations.iter().find(|equation| program.apart(equation.value) == id);
    let written = || program.text_at(program.expr(id).span).split_whitespace().collect::<Vec<_>>().join(" ");
    named.map_or_else(written, |equation| equation.name.clone())
}

struct Average<'a> {
    program: &'a Program,
    params: &'a [Value],
    cell: CellId,
}

impl Average<'_> {
    fn steps(&self, value: ExprId) -> Option<u64> {
        let factor = self.factor(value)?.abs();
        // What another average, another field of its record or a state brings may remember the start for longer.
        let others = |kind: &ExprKind| match *kind {
            ExprKind::Prev(cell) => cell != self.cell,
            ExprKind::Keep { .. } | ExprKind::State(_) => true,
            _ => false,
        };
        if !(factor > 0.0 && factor < 1.0) || self.has(value, others) {
            return None;
        }
        let steps = maths::ceil(maths::log(FORGOTTEN) / maths::log(factor));
        (steps < 1e12).then_some(steps as u64)
    }

    /// What `prev` is multiplied by, once it has a value; `None` where it is more than multiplied.
    fn factor(&self, id: ExprId) -> Option<f64> {
        match self.program.expr(id).kind {
            ExprKind::Prev(cell) if cell == self.cell => Some(1.0),
            _ if !self.has_prev(id) => Some(0.0),
            ExprKind::ToNum(x) => self.factor(x),
            ExprKind::Unary(UnaryOp::Neg, x) => Some(-self.factor(x)?),
            ExprKind::Binary(BinaryOp::Add, a, b) => Some(self.factor(a)? + self.factor(b)?),
            ExprKind::Binary(BinaryOp::Sub, a, b) => Some(self.factor(a)? - self.factor(b)?),
            ExprKind::Binary(BinaryOp::Mul, a, b) if self.has_prev(a) => Some(self.factor(a)? * self.known(b)?),
            ExprKind::Binary(BinaryOp::Mul, a, b) => Some(self.known(a)? * self.factor(b)?),
            ExprKind::Binary(BinaryOp::Div, a, b) => Some(self.factor(a)? / self.known(b)?),
            // What stands behind `else` is where it starts.
            ExprKind::Else(first, start) if !self.has_prev(start) => self.factor(first),
            _ => None,
        }
    }

    fn known(&self, id: ExprId) -> Option<f64> {
        fold(self.program, id, self.params).map(Value::to_f64)
    }

    fn has_prev(&self, id: ExprId) -> bool {
        self.has(id, |kind| *kind == ExprKind::Prev(self.cell))
    }

    fn has(&self, id: ExprId, wanted: impl Fn(&ExprKind) -> bool) -> bool {
        let (mut open, mut seen) = (vec![id], BTreeSet::new());
        while let Some(id) = open.pop() {
            let kind = &self.program.expr(id).kind;
            if wanted(kind) {
                return true;
            }
            if seen.insert(id) {
                open.extend(operands(kind));
            }
        }
        false
    }
}
