//! What follows from a condition that is true, or false, for the values that it compares.

use std::collections::BTreeMap;

use gbc_core::arithmetic::{BinaryOp, UnaryOp};
use gbc_hir::{ExprId, ExprKind, Ty};

use crate::Interval;
use crate::reading::{Env, MAX_STEPS, Reader};

/// Assumptions nested deeper than this add nothing.
const MAX_DEPTH: usize = 4;

impl Reader<'_> {
    /// What is known where a condition is true, or false.
    pub(crate) fn assume(&mut self, env: &mut Env, condition: ExprId, truth: bool) -> Env {
        let mut inner = Env { known: env.known.clone(), memo: BTreeMap::new(), depth: env.depth + 1, dead: env.dead };
        if env.depth < MAX_DEPTH {
            self.learn(env, &mut inner, condition, truth);
        }
        inner
    }

    fn learn(&mut self, env: &mut Env, inner: &mut Env, condition: ExprId, truth: bool) {
        if self.steps > MAX_STEPS {
            return;
        }
        self.steps += 1;
        self.note(inner, condition, Interval::exactly(f64::from(u8::from(truth))));
        match self.program.expr(condition).kind {
            ExprKind::Binary(BinaryOp::And, a, b) if truth => {
                self.learn(env, inner, a, true);
                self.learn(env, inner, b, true);
            }
            ExprKind::Binary(BinaryOp::Or, a, b) if !truth => {
                self.learn(env, inner, a, false);
                self.learn(env, inner, b, false);
            }
            ExprKind::Unary(UnaryOp::Not, x) => self.learn(env, inner, x, !truth),
            // Only the first side can have made it true.
            ExprKind::Else(x, other)
                if self.read(env, other).interval.single() == Some(f64::from(u8::from(!truth))) =>
            {
                self.learn(env, inner, x, truth);
            }
            ExprKind::Binary(op, a, b) if op.compares() => {
                self.learn_comparison(env, inner, if truth { op } else { opposite(op) }, [a, b]);
            }
            _ => {}
        }
        self.steps -= 1;
    }

    fn learn_comparison(&mut self, env: &mut Env, inner: &mut Env, op: BinaryOp, [a, b]: [ExprId; 2]) {
        let whole = self.program.expr(a).ty.is_whole();
        let known = |inner: &Env, id| inner.known.get(&self.numbering.of(id)).copied().unwrap_or(Interval::ANY);
        let (known_left, known_right) = (known(inner, a), known(inner, b));
        let left = self.read(env, a).interval.meet(known_left);
        let right = self.read(env, b).interval.meet(known_right);
        self.note(inner, a, left.narrowed(op, right, whole));
        self.note(inner, b, right.narrowed(mirrored(op), left, whole));
    }

    /// Notes where a value lies, and what that says of its parts.
    fn note(&mut self, env: &mut Env, id: ExprId, interval: Interval) {
        let known = env.known.entry(self.numbering.of(id)).or_insert(Interval::ANY);
        *known = known.meet(interval);
        env.dead |= known.is_empty();
        if env.dead || self.steps > MAX_STEPS {
            return;
        }
        self.steps += 1;
        let not_zero = !interval.holds(0.0);
        match self.program.expr(id).kind {
            ExprKind::ToNum(x) if matches!(self.program.expr(x).ty, Ty::Exact(_)) => {
                self.note(env, x, signs(interval));
            }
            ExprKind::ToNum(x) => self.note(env, x, interval.whole()),
            ExprKind::Unary(UnaryOp::Neg, x) => self.note(env, x, interval.negated()),
            ExprKind::Unary(UnaryOp::Abs, x) => {
                self.note(env, x, Interval { not_zero, ..Interval::new(-interval.high, interval.high) });
            }
            ExprKind::Binary(BinaryOp::Mul, a, b) if not_zero => {
                self.note(env, a, Interval::ANY.without_zero());
                self.note(env, b, Interval::ANY.without_zero());
            }
            ExprKind::Binary(BinaryOp::Div, a, _) if not_zero => self.note(env, a, Interval::ANY.without_zero()),
            ExprKind::Binary(BinaryOp::Max, a, b) => {
                let below = Interval::new(f64::NEG_INFINITY, interval.high);
                self.note(env, a, below);
                self.note(env, b, below);
            }
            ExprKind::Binary(BinaryOp::Min, a, b) => {
                let above = Interval::new(interval.low, f64::INFINITY);
                self.note(env, a, above);
                self.note(env, b, above);
            }
            _ => {}
        }
        self.steps -= 1;
    }
}

/// The sign of ticks is that of their price.
fn signs(price: Interval) -> Interval {
    let low = if price.low > 0.0 { 1.0 } else { f64::NEG_INFINITY };
    let high = if price.high < 0.0 { -1.0 } else { f64::INFINITY };
    let low = if price.low == 0.0 { 0.0 } else { low };
    let high = if price.high == 0.0 { 0.0 } else { high };
    Interval { not_zero: !price.holds(0.0), ..Interval::new(low, high) }
}

/// What holds where a comparison does not.
pub(crate) fn opposite(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Lt => BinaryOp::Ge,
        BinaryOp::Le => BinaryOp::Gt,
        BinaryOp::Gt => BinaryOp::Le,
        BinaryOp::Ge => BinaryOp::Lt,
        BinaryOp::Eq => BinaryOp::Ne,
        _ => BinaryOp::Eq,
    }
}

/// The same comparison, read from the right.
pub(crate) fn mirrored(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Lt => BinaryOp::Gt,
        BinaryOp::Le => BinaryOp::Ge,
        BinaryOp::Gt => BinaryOp::Lt,
        BinaryOp::Ge => BinaryOp::Le,
        op => op,
    }
}
