//! What is needed at all, and what decides orders.

use gbc_hir::{ExprId, Program, periods};
pub(crate) use gbc_hir::{needed, operands, roots};

/// What decides orders: what is wanted, what limits it, and when timers have it decided.
pub(crate) fn orders(program: &Program) -> Vec<ExprId> {
    let targets = program.targets.iter().map(|target| target.value);
    targets.chain(program.order_values()).chain(periods(program)).collect()
}
