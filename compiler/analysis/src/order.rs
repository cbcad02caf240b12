//! Pairs of which one is never above the other, whatever they are: a bar's low and its high.

use gbc_core::arithmetic::BinaryOp;
use gbc_core::bars::BarField;
use gbc_core::window::WindowKind;
use gbc_hir::{ExprId, ExprKind};

use crate::reading::Reader;

impl Reader<'_> {
    /// Whether both are one value.
    pub(crate) fn is_same(&self, a: ExprId, b: ExprId) -> bool {
        self.numbering.of(a) == self.numbering.of(b)
    }

    /// Whether the first is never below the second, where both have a value.
    pub(crate) fn never_below(&self, a: ExprId, b: ExprId) -> bool {
        if self.is_same(a, b) {
            return true;
        }
        match (&self.program.expr(a).kind, &self.program.expr(b).kind) {
            (ExprKind::ToNum(a), ExprKind::ToNum(b)) => {
                self.program.expr(*a).ty == self.program.expr(*b).ty && self.never_below(*a, *b)
            }
            // The data room holds every bar to this.
            (ExprKind::Bar(_, one, high), ExprKind::Bar(_, other, low)) => one == other && bar_orders(*high, *low),
            (ExprKind::Window { .. }, ExprKind::Window { .. }) => self.window_never_below(a, b),
            (ExprKind::Binary(BinaryOp::Max, x, y), _) if self.is_same(*x, b) || self.is_same(*y, b) => true,
            (_, ExprKind::Binary(BinaryOp::Min, x, y)) => self.is_same(*x, a) || self.is_same(*y, a),
            _ => false,
        }
    }

    /// The highest and the lowest of the same steps.
    fn window_never_below(&self, a: ExprId, b: ExprId) -> bool {
        let window = |id| match self.program.expr(id).kind {
            ExprKind::Window { kind, value, length, default } => {
                Some((kind, value, self.numbering.of(length), default))
            }
            _ => None,
        };
        let (Some((high, above, length, clock)), Some((low, below, other, beside))) = (window(a), window(b)) else {
            return false;
        };
        (high, low) == (WindowKind::Highest, WindowKind::Lowest)
            && (length, clock) == (other, beside)
            && self.never_below(above, below)
    }
}

fn bar_orders(high: BarField, low: BarField) -> bool {
    let is_price = |field| field != BarField::Volume;
    (high == BarField::High && is_price(low)) || (low == BarField::Low && is_price(high))
}
