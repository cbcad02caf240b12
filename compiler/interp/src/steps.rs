//! Nodes with their operands resolved to slots, and which of them each event evaluates.

use std::collections::BTreeMap;
use std::ops::Range;

use gbc_diagnostics::Span;
use gbc_ir::{Clock, ClockId, ClockSet, Flow, Layout, NodeId, Op, Root, Time, Ty};

/// A node ready to be evaluated: operands and result are slots of the flat state.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) op: Op,
    pub(crate) ty: Ty,
    /// The type of the first operand.
    pub(crate) takes: Ty,
    pub(crate) args: [usize; 3],
    pub(crate) out: usize,
    pub(crate) memory: Range<usize>,
    pub(crate) span: Span,
}

impl Step {
    pub(crate) fn new(flow: &Flow, layout: &Layout, id: NodeId) -> Step {
        let node = flow.node(id);
        let mut args = [0; 3];
        for (slot, arg) in args.iter_mut().zip(&node.args) {
            *slot = layout.values[arg.0 as usize];
        }
        Step {
            op: node.op,
            ty: node.ty,
            takes: node.args.first().map_or(node.ty, |arg| flow.node(*arg).ty),
            args,
            out: layout.values[id.0 as usize],
            memory: match node.op {
                Op::Age(market) => layout.heard[market].map_or(0..0, |slot| slot..slot + 1),
                _ => layout.memory[told_of(flow, id).0 as usize].clone(),
            },
            span: node.span,
        }
    }
}

/// Whose memory a node looks at: its own, or that of what it tells.
fn told_of(flow: &Flow, id: NodeId) -> NodeId {
    let node = flow.node(id);
    if matches!(node.op, Op::Tell(_) | Op::TellPanes(_) | Op::TellLife(_) | Op::TellSession(..)) {
        node.args[0]
    } else {
        id
    }
}

/// What one set of ticking clocks sets in motion.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    pub(crate) roots: Vec<Root>,
}

/// Plans by the clocks that tick, each made when first needed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plans {
    known: BTreeMap<ClockSet, Plan>,
    /// When spans are told beyond their own clocks; found with the first plan.
    asked: Vec<ClockSet>,
}

impl Plans {
    pub(crate) fn get(&mut self, flow: &Flow, layout: &Layout, ticks: ClockSet) -> &Plan {
        if self.asked.len() != flow.nodes.len() {
            self.asked = gbc_ir::asked(flow);
        }
        let asked = &self.asked;
        self.known.entry(ticks).or_insert_with(|| plan(flow, layout, ticks, asked))
    }
}

fn plan(flow: &Flow, layout: &Layout, ticks: ClockSet, asked: &[ClockSet]) -> Plan {
    // What follows fills and nothing of the market has no clock of the market: any event will do.
    let news = flow.clocks.iter().position(|clock| *clock == Clock::News).map(|index| ClockId(index as u8));
    let news = news.map_or(ClockSet::EMPTY, ClockSet::of);
    let is_of_no_market = |clocks: ClockSet| clocks == ClockSet::EMPTY || clocks == news;
    let follows_fills = |id: NodeId| flow.node(id).time == Time::Feedback && is_of_no_market(flow.node(id).clocks);
    let ticks_on = |clocks: ClockSet| clocks.0 & ticks.0 != 0;
    let awake = |id: NodeId| ticks_on(flow.node(id).clocks) || follows_fills(id);
    // `state` and `prev` share the slot of what they read: there is nothing to do.
    let moves = |op: Op| !matches!(op, Op::State(_) | Op::Prev(_));
    let nodes = (0..flow.nodes.len() as u32).map(NodeId);
    let steps = nodes.filter(|id| (awake(*id) || ticks_on(asked[id.0 as usize])) && moves(flow.node(*id).op));
    let roots = flow.roots.iter().filter(|root| match root {
        Root::Write { .. } | Root::Send { .. } | Root::Cancel { .. } => ticks_on(flow.rules),
        Root::Target { value, .. }
        | Root::Export { value, .. }
        | Root::Channel { value, .. }
        | Root::Fire { value, .. } => awake(*value),
        Root::Read { .. } => false,
    });
    Plan { steps: steps.map(|id| Step::new(flow, layout, id)).collect(), roots: roots.copied().collect() }
}
