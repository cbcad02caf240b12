//! When spans are told: whenever what they tell is used, for they change as time passes.

use gbc_analysis::ClockSet;

use crate::flow::{Flow, Op};

/// For each node, the clocks on which it is evaluated beyond its own, because somebody uses it then: a window over a span
/// and all that is computed from one.
pub fn asked(flow: &Flow) -> Vec<ClockSet> {
    let mut passes = Vec::with_capacity(flow.nodes.len());
    for node in &flow.nodes {
        let tells = matches!(
            node.op,
            Op::Tell(_) | Op::TellPanes(_) | Op::TellSession(..) | Op::TellLife(_) | Op::Age(_) | Op::Since
        );
        let below = node.args.iter().any(|arg| passes[arg.0 as usize]);
        passes.push(tells || (below && !node.op.holds()));
    }
    let mut asked = vec![ClockSet::EMPTY; flow.nodes.len()];
    for (index, node) in flow.nodes.iter().enumerate().rev() {
        let used_on = node.clocks.union(asked[index]);
        for arg in node.args.iter().map(|arg| arg.0 as usize).filter(|arg| passes[*arg]) {
            asked[arg] = ClockSet(asked[arg].union(used_on).0 & !flow.nodes[arg].clocks.0);
        }
    }
    asked
}
