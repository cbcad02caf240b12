//! Windows over two series: `corr(x, y, 20)`.

use gbc_core::window::PairKind;
use gbc_diagnostics::Span;
use gbc_syntax::ast;

use super::Checker;
use super::scope::{Operand, Scope};
use crate::{Dim, ExprKind, Ty};

impl<'a> Checker<'a> {
    pub(super) fn pair_window(&mut self, scope: &Scope<'a>, kind: PairKind, args: &[ast::ExprId], at: Span) -> Operand {
        if self.forgets(scope, kind.name(), at) {
            return Operand::Unknown;
        }
        let Some(ids) = self.counted(scope, kind.name(), kind.inputs(), 3, args, at) else { return Operand::Unknown };
        if let Some(wrong) = ids[..2].iter().find(|id| matches!(self.ty(**id), Ty::Bool | Ty::Duration)) {
            return Operand::Value(self.wrong(&format!("what `{}` takes", kind.name()), "a number", *wrong, at));
        }
        if !self.is_length("a window's length", ids[2], scope.span(args[2])) {
            return Operand::Unknown;
        }
        let values = [ids[0], ids[1]].map(|id| self.number(id));
        let ty = match values.map(|id| self.ty(id).dim()) {
            [Some(a), Some(b)] => Ty::Num(unit(kind, a, b)),
            _ => Ty::Unknown,
        };
        Operand::Value(self.push(ExprKind::PairWindow { kind, values, length: ids[2], default: scope.at }, ty, at))
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
