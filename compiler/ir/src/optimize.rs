//! The same flow with less in it. `docs/decisions/0007-optimise.md` says what nobody may notice of that.

use std::collections::BTreeMap;

use crate::as_of::told_as_of_now;
use crate::flow::{Flow, Node, NodeId, Op, Timer, Ty};
use crate::layout::is_count;
use crate::simplify::{Simpler, simplify};
use crate::{ClockSet, Time};

/// Folds what is known, makes one of equal nodes, and drops what nothing reads. The flow keeps its promises.
pub fn optimize(flow: &Flow) -> Flow {
    let mut smaller = simplified(flow);
    let stays = needed(&smaller);
    drop_others(&mut smaller, &stays);
    smaller
}

/// What makes two nodes one: all but their places in the source.
type NodeKey = (Op, Vec<NodeId>, Ty, ClockSet, (Time, u64, bool));

/// Each node as it comes to be once its operands are simplified.
fn simplified(flow: &Flow) -> Flow {
    let as_it_is = left_alone(flow);
    let mut made = Flow { nodes: Vec::with_capacity(flow.nodes.len()), ..flow.clone() };
    let mut now = Vec::with_capacity(flow.nodes.len());
    let mut known: BTreeMap<NodeKey, NodeId> = BTreeMap::new();
    for (index, node) in flow.nodes.iter().enumerate() {
        let args = node.args.iter().map(|arg| now[arg.0 as usize]).collect();
        let mut node = Node { args, ..node.clone() };
        let simpler = if as_it_is[index] { None } else { simplify(&made, &node) };
        match simpler {
            Some(Simpler::Operand(operand)) if stands_for(made.node(operand), &node) => {
                now.push(operand);
                continue;
            }
            // Nothing reaches a constant, but it is evaluated when the node was.
            Some(Simpler::Value(bits)) => {
                node = Node { op: Op::Const(bits), args: Vec::new(), params: 0, feedback: false, ..node }
            }
            _ => {}
        }
        let key = (node.op, node.args.clone(), node.ty, node.clocks, (node.time, node.params, node.feedback));
        let next = NodeId(made.nodes.len() as u32);
        let one = *known.entry(key).or_insert(next);
        let one = if as_it_is[index] { next } else { one };
        if one == next {
            made.nodes.push(node);
        }
        now.push(one);
    }
    point_to(&mut made, &now);
    made
}

/// What changes between ticks is evaluated when asked for, so it and whoever asks stay; so does an expectation, whose
/// message tells both its sides.
fn left_alone(flow: &Flow) -> Vec<bool> {
    let told = told_as_of_now(flow);
    let mut alone: Vec<bool> = flow.nodes.iter().map(|node| node.args.iter().any(|arg| told[arg.0 as usize])).collect();
    alone.iter_mut().zip(&told).for_each(|(alone, told)| *alone |= told);
    flow.expects.iter().for_each(|expect| alone[expect.value.0 as usize] = true);
    alone
}

/// Whether a node of an equal value is evaluated whenever the other is, and holds that value as long.
fn stands_for(one: &Node, other: &Node) -> bool {
    // The slots of `state` and `prev` change at the end of an event.
    let own_slot = !matches!(one.op, Op::State(_) | Op::Prev(_));
    let alike = one.time == other.time || one.time.max(other.time) <= Time::Run;
    own_slot && one.ty == other.ty && one.clocks == other.clocks && (alike || one.clocks != ClockSet::EMPTY)
}

/// Which nodes are read in the end, or make themselves felt though nothing reads them.
fn needed(flow: &Flow) -> Vec<bool> {
    let told = told_as_of_now(flow);
    let asks = |node: &Node| node.args.iter().any(|arg| told[arg.0 as usize]);
    let felt = (0..flow.nodes.len()).filter(|index| {
        let node = &flow.nodes[*index];
        told[*index] || asks(node) || may_fault(flow, node) || may_be_refused(flow, node)
    });
    let mut open: Vec<NodeId> = felt.map(|index| NodeId(index as u32)).chain(read_from_outside(flow)).collect();
    let keeps = keeps(flow);
    let mut stays = vec![false; flow.nodes.len()];
    while let Some(id) = open.pop() {
        if !std::mem::replace(&mut stays[id.0 as usize], true) {
            open.extend(&flow.node(id).args);
            if let Op::Prev(cell) = flow.node(id).op {
                open.extend(keeps.get(&cell));
            }
        }
    }
    stays
}

fn read_from_outside(flow: &Flow) -> Vec<NodeId> {
    let timers = flow.timers.iter().flat_map(|timer| match timer {
        Timer::Every(span) | Timer::Quiet(_, span, _) => vec![*span],
        Timer::Since(of, span, _) => vec![*of, *span],
        Timer::At(..) => Vec::new(),
    });
    let ends = flow.roots.iter().flat_map(|root| root.values()).chain(flow.expects.iter().map(|expect| expect.value));
    let watched = flow.watches.iter().map(|watch| watch.value).chain(flow.looks.iter().copied());
    let others = watched.chain(flow.states.iter().map(|state| state.init));
    timers.chain(ends).chain(others).collect()
}

fn keeps(flow: &Flow) -> BTreeMap<u32, NodeId> {
    let cell = |(index, node): (usize, &Node)| match node.op {
        Op::Keep(cell) => Some((cell, NodeId(index as u32))),
        _ => None,
    };
    flow.nodes.iter().enumerate().filter_map(cell).collect()
}

/// Whether evaluating it may stop the run.
fn may_fault(flow: &Flow, node: &Node) -> bool {
    match node.op {
        Op::Unary(op) => op.may_fault(),
        Op::Binary(op) => op.may_fault(flow.node(node.args[0]).ty.class()),
        Op::Take(_) => true,
        _ => false,
    }
}

/// Whether its length may be one that no window can have.
fn may_be_refused(flow: &Flow, node: &Node) -> bool {
    let known = |id: NodeId| match flow.node(id).op {
        Op::Const(bits) => usize::try_from(bits as i64).ok(),
        _ => None,
    };
    match node.op {
        Op::Window(_) | Op::PairWindow(_) => !node.args.last().and_then(|id| known(*id)).is_some_and(is_count),
        Op::History => !known(node.args[1]).is_some_and(|back| back == 0 || is_count(back)),
        Op::TakePanes(_) => true,
        _ => false,
    }
}

fn drop_others(flow: &mut Flow, stays: &[bool]) {
    let mut now = Vec::with_capacity(stays.len());
    let mut kept = 0;
    for stays in stays {
        now.push(NodeId(kept));
        kept += u32::from(*stays);
    }
    let all = std::mem::take(&mut flow.nodes).into_iter().zip(stays).filter(|(_, stays)| **stays);
    flow.nodes = all.map(|(node, _)| node).collect();
    for node in &mut flow.nodes {
        node.args.iter_mut().for_each(|arg| *arg = now[arg.0 as usize]);
    }
    point_to(flow, &now);
}

/// All that names nodes from outside their list, under the nodes' new numbers.
fn point_to(flow: &mut Flow, now: &[NodeId]) {
    let anew = |id: &mut NodeId| *id = now[id.0 as usize];
    for timer in &mut flow.timers {
        match timer {
            Timer::Every(span) | Timer::Quiet(_, span, _) => anew(span),
            Timer::Since(of, span, _) => {
                anew(of);
                anew(span);
            }
            Timer::At(..) => {}
        }
    }
    flow.states.iter_mut().for_each(|state| anew(&mut state.init));
    flow.roots.iter_mut().for_each(|root| root.values_mut().into_iter().for_each(anew));
    flow.expects.iter_mut().for_each(|expect| anew(&mut expect.value));
    flow.watches.iter_mut().for_each(|watch| anew(&mut watch.value));
    flow.looks.iter_mut().for_each(anew);
}
