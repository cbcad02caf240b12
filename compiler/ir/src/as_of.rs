//! What is told as of now: whenever it is used, for it changes between the ticks of its clocks.
//!
//! A span empties as time passes. A state is written after everything was evaluated, so what was computed from it in
//! the same event still tells of the state before.

use gbc_analysis::ClockSet;

use crate::flow::{Flow, Op};

/// For each node, the clocks on which it is evaluated beyond its own, because somebody uses it then: a window over a span,
/// and all that is computed from one, or from a state.
pub fn asked(flow: &Flow) -> Vec<ClockSet> {
    let passes = told_as_of_now(flow);
    let mut asked = vec![ClockSet::EMPTY; flow.nodes.len()];
    for (index, node) in flow.nodes.iter().enumerate().rev() {
        let used_on = node.clocks.union(asked[index]);
        for arg in node.args.iter().map(|arg| arg.0 as usize).filter(|arg| passes[*arg]) {
            asked[arg] = ClockSet(asked[arg].union(used_on).0 & !flow.nodes[arg].clocks.0);
        }
    }
    asked
}

/// Which nodes change between ticks: what tells, a state, and what is computed from one.
pub(crate) fn told_as_of_now(flow: &Flow) -> Vec<bool> {
    let mut told = Vec::with_capacity(flow.nodes.len());
    for node in &flow.nodes {
        let tells = matches!(
            node.op,
            Op::Tell(_)
                | Op::TellPanes(_)
                | Op::TellSession(..)
                | Op::TellLife(_)
                | Op::Age(_)
                | Op::Since
                | Op::State(_)
        );
        let below = node.args.iter().any(|arg| told[arg.0 as usize]);
        told.push(tells || (below && !node.op.holds()));
    }
    told
}
