//! The plan of a bound program: what it orders, beside targets.

use gbc_core::orders::Plan;
use gbc_core::session::Calendar;
use gbc_ir::{Clock, Flow, Mine, Op, Root, ViewField};

/// What a flow orders; none where it only has targets and looks at nothing that a plan brings.
pub(crate) fn plan(flow: &Flow, calendars: &[Calendar]) -> Option<Plan> {
    let orders = flow.orders.clone();
    let plan = Plan {
        channels: flow.roots.iter().filter(|root| matches!(root, Root::Channel { .. })).count(),
        calendars: calendars.to_vec(),
        trades: orders.trades,
        quotes: orders.quotes,
        sends: orders.sends,
        limits: orders.limits,
        listens: flow.clocks.contains(&Clock::News),
        looks: flow.nodes.iter().any(|node| changes_with_rows(node.op)),
    };
    let asks = plan.channels > 0 || !plan.limits.is_empty() || !plan.sends.is_empty();
    let knows = flow.nodes.iter().any(|node| matches!(node.op, Op::Mine(..)));
    (asks || knows || plan.listens || plan.looks).then_some(plan)
}

/// Whether any row may change it.
fn changes_with_rows(op: Op) -> bool {
    matches!(
        op,
        Op::Account(_) | Op::Mark(_) | Op::Queue(..) | Op::Mine(_, _, Mine::Queue) | Op::View(_, ViewField::OpenPnl)
    )
}
