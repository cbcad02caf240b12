//! Windows over two series: `corr(x, y, 20)`.

use gbc_core::window::{PairKind, SpanKind};
use gbc_diagnostics::Span;
use gbc_syntax::ast;

use super::Checker;
use super::scope::{Operand, Scope};
use super::spans::Length;
use crate::{Dim, ExprKind, Ty, errors};

impl<'a> Checker<'a> {
    pub(super) fn pair_window(&mut self, scope: &Scope<'a>, kind: PairKind, args: &[ast::ExprId], at: Span) -> Operand {
        if self.forgets(scope, kind.name(), at) {
            return Operand::Unknown;
        }
        let [x, y, length] = args else {
            self.report(errors::wrong_count(kind.name(), kind.inputs(), 3, args.len(), at));
            return Operand::Unknown;
        };
        let ids = [*x, *y].map(|arg| self.value(scope, arg));
        self.stand(ids.into_iter().zip([*x, *y].map(|arg| scope.span(arg))));
        if let Some(wrong) = ids.iter().find(|id| matches!(self.ty(**id), Ty::Bool | Ty::Duration | Ty::Enum(_))) {
            return Operand::Value(self.wrong(&format!("what `{}` takes", kind.name()), "a number", *wrong, at));
        }
        let Some(length) = self.length(scope, "a window's length", *length) else { return Operand::Unknown };
        let values = [ids[0], ids[1]].map(|id| self.number(id));
        let ty = match values.map(|id| self.ty(id).dim()) {
            [Some(a), Some(b)] => Ty::Num(unit(kind, a, b)),
            _ => Ty::Unknown,
        };
        match length {
            Length::Steps(length) => {
                Operand::Value(self.push(ExprKind::PairWindow { kind, values, length, default: scope.at }, ty, at))
            }
            reach => {
                let pair = (values[0], Some(values[1]));
                self.over_time(scope, SpanKind::OfTwo(kind), pair, reach, ty, at)
            }
        }
    }
}

/// The unit of what a window tells, by those of its two sides.
fn unit(kind: PairKind, a: Dim, b: Dim) -> Dim {
    match kind {
        PairKind::Corr => Dim::NONE,
        PairKind::Covariance => a.times(b),
        PairKind::Slope => a.times(b.inverse()),
    }
}
