//! The proof sheet: what `gbc check` can say of a sound program.

use std::collections::BTreeMap;

use gbc_core::time::span_text;
use gbc_diagnostics::Severity;
use gbc_ir::{ClockId, ClockSet, Flow, clock_text};

use gbc_hir::Param;

use crate::Checked;

mod lookback;
mod memory;
mod settle;
mod snaps;
mod sweep;

pub use lookback::Lookback;
pub use settle::Settles;
pub use snaps::Snapped;
pub use sweep::{Shared, Sweep};

/// What is proven of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// For each market, what it reads of it.
    pub reads: Vec<(String, String)>,
    /// How many ticks of which clock the decisions wait for.
    pub warm_up: Vec<(String, u64)>,
    /// How long its recursive averages remember where they started, the slowest first.
    pub settles: Vec<Settles>,
    /// Everything it remembers, in bytes.
    pub memory_bytes: usize,
    /// What of that each equation remembers, the largest first.
    pub memory_of: Vec<(String, usize)>,
    /// Operations at each tick of each clock, at most.
    pub operations: Vec<(String, usize)>,
    /// The prices of orders that may lie between two ticks, and where they go.
    pub snaps: Vec<Snapped>,
    /// Its parameters.
    pub params: Vec<Reach>,
    /// What a sweep over them would do, if there is any to sweep.
    pub sweep: Option<Sweep>,
    /// How many tests the file holds.
    pub tests: usize,
    /// How many warnings it earns.
    pub warnings: usize,
    /// The words of what checks and cannot run.
    pub cannot_run: Vec<String>,
}

/// A parameter and what depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Its name.
    pub name: String,
    /// Its own value.
    pub value: String,
    /// Its range; empty without one.
    pub range: String,
    /// The equations it reaches.
    pub lets: Vec<String>,
    /// Whether it reaches an order.
    pub orders: bool,
    /// Whether it meets our own position or fills: then it cannot be swept without them.
    pub feedback: bool,
}

/// Proves what can be said before any data are seen. The program must be sound.
pub fn proof(checked: &Checked) -> Proof {
    let flow = checked.flow(None);
    let clock = |id: ClockId| clock_text(&flow, flow.clocks[id.0 as usize]);
    let (memory_bytes, memory_of) = memory::memory(checked);
    let all = checked.diagnostics.in_order().into_iter();
    Proof {
        reads: reads(checked),
        warm_up: warm_up_of(checked, &flow),
        settles: settle::settles(checked, clock),
        memory_bytes,
        memory_of,
        operations: operations(&flow),
        snaps: snaps::snaps(checked),
        params: reaches(checked, &flow),
        sweep: sweep::sweep(checked, &flow),
        tests: checked.program.tests.len(),
        warnings: all.filter(|diagnostic| diagnostic.severity == Severity::Warning).count(),
        cannot_run: checked.cannot_run(),
    }
}

/// How many ticks of which clock the decisions wait for. The program must be sound.
pub fn warm_up(checked: &Checked) -> Vec<(String, u64)> {
    warm_up_of(checked, &checked.flow(None))
}

fn warm_up_of(checked: &Checked, flow: &Flow) -> Vec<(String, u64)> {
    let program = &checked.program;
    let rules = program.rules.iter().flat_map(|rule| rule.choices().into_iter().chain([rule.condition]));
    let decisions = program.targets.iter().map(|target| target.value).chain(rules).chain(program.order_values());
    let mut waits: BTreeMap<ClockId, u64> = BTreeMap::new();
    for (id, ticks) in decisions.filter_map(|id| checked.facts.get(id).warm_up.0.clone()).flatten() {
        let known = waits.entry(id).or_default();
        *known = (*known).max(ticks);
    }
    waits.into_iter().map(|(id, ticks)| (clock_text(flow, flow.clocks[id.0 as usize]), ticks)).collect()
}

fn operations(flow: &Flow) -> Vec<(String, usize)> {
    let used = flow.nodes.iter().fold(ClockSet::EMPTY, |all, node| all.union(node.clocks));
    let count = |id: ClockId| flow.nodes.iter().filter(|node| node.clocks.0 >> id.0 & 1 == 1).count();
    used.iter().map(|id| (clock_text(flow, flow.clocks[id.0 as usize]), count(id))).collect()
}

fn reaches(checked: &Checked, flow: &Flow) -> Vec<Reach> {
    let program = &checked.program;
    let ordering = flow.roots.iter().filter(|root| root.orders()).flat_map(|root| root.values());
    let ordered = ordering.fold(0, |all, value| all | flow.node(value).params);
    let fed_back = flow.nodes.iter().filter(|node| node.feedback).fold(0, |all, node| all | node.params);
    let reach = |(index, param): (usize, &Param)| {
        // From the 64th on they share a bit.
        let is_in = |params: u64| params >> index.min(63) & 1 == 1;
        let lets = program.equations.iter().filter(|equation| is_in(checked.facts.get(equation.value).params));
        Reach {
            name: param.name.clone(),
            value: program.value_text(param.ty, param.default),
            range: program.range_text(param),
            lets: lets.map(|equation| equation.name.clone()).collect(),
            orders: is_in(ordered),
            feedback: is_in(fed_back),
        }
    };
    program.params.iter().enumerate().map(reach).collect()
}

fn reads(checked: &Checked) -> Vec<(String, String)> {
    let needs = checked.needs().into_iter();
    needs
        .map(|needs| {
            let mut feeds: Vec<String> = needs.bars.iter().map(|span| format!("{} bars", span_text(*span))).collect();
            feeds.extend(needs.quotes.then(|| "quotes".to_owned()));
            feeds.extend(needs.trades.then(|| "trades".to_owned()));
            let columns: Vec<&str> = needs.columns.iter().copied().collect();
            let text = match (feeds.is_empty(), columns.is_empty()) {
                (true, _) => "nothing".to_owned(),
                (false, true) => feeds.join(", "),
                (false, false) => format!("{}: {}", feeds.join(", "), columns.join(", ")),
            };
            (needs.name, text)
        })
        .collect()
}
