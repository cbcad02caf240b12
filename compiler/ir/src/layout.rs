//! Where everything lies in the flat state, once parameters are bound.

use std::collections::BTreeMap;

use gbc_core::{bars, window};
use gbc_diagnostics::Span;

use crate::flow::{Flow, NodeId, Op};

/// No program may remember more than this many slots: 512 MiB.
const MAX_SLOTS: usize = 1 << 26;

/// The slots of a bound program: a flag, bar series, states, then each node's value and memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// How many slots there are.
    pub size: usize,
    /// The first slot of each bar series.
    pub series: Vec<usize>,
    /// The slot of each of `Flow::alarms`: its next moment.
    pub alarms: Vec<usize>,
    /// The slot of each state.
    pub states: Vec<usize>,
    /// The slot of each node's value.
    pub values: Vec<usize>,
    /// The slots of each node's memory; empty where it has none.
    pub memory: Vec<std::ops::Range<usize>>,
}

/// A window that would need more memory than any program may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// The window.
    pub span: Span,
}

impl Layout {
    /// The slot that says whether the first event has come.
    pub const STARTED: usize = 0;

    /// Lays out a flow. `length` tells the value of a node known before the run: a window's length.
    pub fn new(flow: &Flow, length: impl Fn(NodeId) -> Option<usize>) -> Result<Layout, TooLong> {
        let mut layout = Layout {
            size: 1,
            series: Vec::new(),
            alarms: Vec::new(),
            states: Vec::new(),
            values: Vec::new(),
            memory: Vec::new(),
        };
        layout.series = flow.series.iter().map(|_| layout.take(bars::SLOTS).start).collect();
        layout.alarms = flow.alarms().map(|_| layout.take(1).start).collect();
        layout.states = flow.states.iter().map(|_| layout.take(1).start).collect();
        for node in &flow.nodes {
            let shared = match node.op {
                Op::State(state) => Some(layout.states[state]),
                _ => None,
            };
            let value = shared.unwrap_or_else(|| layout.take(1).start);
            let slots = match node.op {
                Op::Window(_) => length(node.args[1]).filter(|n| *n > 0).map(window::slots),
                Op::PairWindow(_) => length(node.args[2]).filter(|n| *n > 0).map(window::pair_slots),
                Op::History => length(node.args[1]).map(window::history_slots),
                Op::Edge => Some(1),
                _ => Some(0),
            };
            let slots = slots.filter(|slots| layout.size + slots <= MAX_SLOTS).ok_or(TooLong { span: node.span })?;
            layout.values.push(value);
            let memory = layout.take(slots);
            layout.memory.push(memory);
        }
        layout.share_cells(flow);
        Ok(layout)
    }

    fn take(&mut self, slots: usize) -> std::ops::Range<usize> {
        let start = self.size;
        self.size += slots;
        start..self.size
    }

    /// `prev` reads the very slot that its `keep` writes.
    fn share_cells(&mut self, flow: &Flow) {
        let slots = flow.nodes.iter().zip(&self.values).filter_map(|(node, slot)| match node.op {
            Op::Keep(cell) => Some((cell, *slot)),
            _ => None,
        });
        let slots: BTreeMap<u32, usize> = slots.collect();
        for (node, value) in flow.nodes.iter().zip(&mut self.values) {
            if let Op::Prev(cell) = node.op {
                *value = *slots.get(&cell).expect("every `prev` has its `keep`");
            }
        }
    }
}
