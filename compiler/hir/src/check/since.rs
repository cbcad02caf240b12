//! How long ago something last was: `since(c)`. A comparison with a span known before the run, `since(c) > 2s`, turns
//! true without an event, so a timer wakes it.

use gbc_core::arithmetic::BinaryOp;
use gbc_diagnostics::Span;
use gbc_syntax::ast;

use super::Checker;
use super::scope::{Operand, Scope};
use crate::{Clock, ExprId, ExprKind, Timer, Ty, Value, errors, fold, needed};

impl<'a> Checker<'a> {
    /// `since(condition)`, `since(es.trades where size >= 50 lots)`
    pub(super) fn since(&mut self, scope: &Scope<'a>, args: &[ast::ExprId], at: Span) -> Operand {
        if self.forgets(scope, "since", at) {
            return Operand::Unknown;
        }
        let [arg] = args else {
            self.report(errors::wrong_count("since", "events or a condition", 1, args.len(), at));
            return Operand::Unknown;
        };
        let operand = self.operand(scope, *arg);
        let (value, event) = match operand {
            Operand::Quotes(_) | Operand::Trades(_) | Operand::Series(_) | Operand::Filtered(_) => {
                let one = self.constant(Value::Num(1.0), at);
                (self.each_event(operand, one, at), true)
            }
            _ => (self.as_value(scope, *arg, operand), false),
        };
        match self.ty(value) {
            Ty::Unknown => Operand::Unknown,
            ty if !event && ty != Ty::Bool => {
                let place = scope.span(*arg);
                self.report(errors::wrong_type("what `since` takes", "events or a condition", ty, place));
                Operand::Unknown
            }
            _ => Operand::Value(self.push(ExprKind::Since { value, event, default: scope.at }, Ty::Duration, at)),
        }
    }

    /// Sets the timers of all such comparisons, now that it is known which ones the program is made of.
    pub(super) fn since_timers(&mut self) {
        for id in needed(&self.program) {
            let ExprKind::Binary(op, left, right) = self.program.expr(id).kind else { continue };
            let Some((of, after, longer)) = self.waits(op, left, right) else { continue };
            let kind = |id: ExprId| &self.program.expr(id).kind;
            let same = |timer: &Timer| match *timer {
                Timer::Since { of: other, after: span, longer: than } => {
                    (other, than) == (of, longer) && kind(span) == kind(after)
                }
                _ => false,
            };
            if !self.program.timers.iter().any(same) {
                self.program.timers.push(Timer::Since { of, after, longer });
                let at = self.span(id);
                self.clock(Clock::Timer(self.program.timers.len() - 1), at);
            }
        }
    }

    /// What a comparison waits for, how long, and whether only longer will do.
    fn waits(&self, op: BinaryOp, left: ExprId, right: ExprId) -> Option<(ExprId, ExprId, bool)> {
        use BinaryOp::{Ge, Gt, Le, Lt};
        let is_since = |id: ExprId| matches!(self.program.expr(id).kind, ExprKind::Since { .. });
        let (of, after, longer) = match (is_since(left), is_since(right)) {
            (true, false) => (left, right, matches!(op, Gt | Le)),
            (false, true) => (right, left, matches!(op, Lt | Ge)),
            _ => return None,
        };
        let known = fold(&self.program, after, &self.defaults()).is_some();
        (known && matches!(op, Gt | Ge | Lt | Le)).then_some((of, after, longer))
    }
}
