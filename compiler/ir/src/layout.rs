//! Where everything lies in the flat state, once parameters are bound.

use std::collections::BTreeMap;

use gbc_core::{bars, window};
use gbc_diagnostics::Span;

use crate::flow::{Flow, NodeId, Op, Timer};
use crate::{Clock, ClockSet};

/// No window may be longer than this many steps or panes.
const MAX_COUNT: usize = 1 << 24;

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
    /// The slot of each market's last event, where its age is asked for.
    pub heard: Vec<Option<usize>>,
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
            heard: Vec::new(),
            states: Vec::new(),
            values: Vec::new(),
            memory: Vec::new(),
        };
        layout.series = flow.series.iter().map(|_| layout.take(bars::SLOTS).start).collect();
        let asked = |market: usize| flow.nodes.iter().any(|node| node.op == Op::Age(market));
        layout.heard = (0..flow.markets.len()).map(|market| asked(market).then(|| layout.take(1).start)).collect();
        layout.alarms = flow.alarms().map(|_| layout.take(1).start).collect();
        layout.states = flow.states.iter().map(|_| layout.take(1).start).collect();
        for node in &flow.nodes {
            let shared = match node.op {
                Op::State(state) => Some(layout.states[state]),
                _ => None,
            };
            let value = shared.unwrap_or_else(|| layout.take(1).start);
            let slots = match node.op {
                Op::Window(_) => length(node.args[1]).filter(|n| is_count(*n)).map(window::slots),
                Op::PairWindow(_) => length(node.args[2]).filter(|n| is_count(*n)).map(window::pair_slots),
                Op::Take(kind) => length(*node.args.last().expect("a span has its length"))
                    .filter(|ns| *ns > 0)
                    .map(|ns| window::span_slots(kind, most_events(flow, node.clocks, ns, &length))),
                Op::TakeSession(..) | Op::TakeLife(_) => Some(window::pane_slots(1)),
                Op::TakePanes(_) => match (length(node.args[1]), length(node.args[2])) {
                    (Some(ns), Some(pane)) if pane > 0 && ns >= pane && ns / pane <= MAX_COUNT => {
                        Some(window::pane_slots(ns / pane))
                    }
                    _ => None,
                },
                Op::History => length(node.args[1]).filter(|n| *n <= MAX_COUNT).map(window::history_slots),
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

/// Whether a window may be so long.
pub(crate) fn is_count(n: usize) -> bool {
    (1..=MAX_COUNT).contains(&n)
}

/// How many events of a clock a span may hold: exact where the clock has a pace of its own.
fn most_events(flow: &Flow, clocks: ClockSet, span_ns: usize, length: impl Fn(NodeId) -> Option<usize>) -> usize {
    let pace = clocks.single().and_then(|clock| match flow.clocks[clock.0 as usize] {
        // The close of a session may end a bar early.
        Clock::Bars(series) => match (flow.series[series].size, flow.series[series].session) {
            (bars::Size::Time(ns), None) => usize::try_from(ns).ok(),
            _ => None,
        },
        Clock::Timer(timer) => match flow.timers[timer] {
            Timer::Every(period) => length(period),
            Timer::Quiet(..) | Timer::Since(..) | Timer::At(..) => None,
        },
        _ => None,
    });
    let most = pace.map_or(window::MAX_SPAN_EVENTS, |pace| span_ns / pace.max(1) + 3);
    most.min(window::MAX_SPAN_EVENTS)
}
