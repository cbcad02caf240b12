//! Markets that fall silent: `when zb.age > 2s` is decided without an event, so a timer wakes it.

use gbc_core::arithmetic::BinaryOp;
use gbc_diagnostics::Span;

use super::Checker;
use crate::{Clock, ExprId, ExprKind, Timer, Ty, fold};

impl Checker<'_> {
    /// Sets the timer of a comparison of an age with a span known before the run.
    pub(super) fn wake(&mut self, op: BinaryOp, left: ExprId, right: ExprId, at: Span) {
        use BinaryOp::{Ge, Gt, Le, Lt};
        let age_of = |id: ExprId| match self.program.expr(id).kind {
            ExprKind::Age(_, market) => Some(market),
            _ => None,
        };
        // It turns with the very moment, or with the one after it.
        let (market, after, longer) = match (age_of(left), age_of(right)) {
            (Some(market), None) => (market, right, matches!(op, Gt | Le)),
            (None, Some(market)) => (market, left, matches!(op, Lt | Ge)),
            _ => return,
        };
        let known = self.ty(after) == Ty::Duration && fold(&self.program, after, &self.defaults()).is_some();
        if !known || !matches!(op, Gt | Ge | Lt | Le) {
            return;
        }
        let index = self.timer_of(Timer::Quiet { market, after, longer });
        self.clock(Clock::Timer(index), at);
    }
}
