//! The proof sheet: what `gbc check` can say of a sound program.

use gbc_core::time::span_text;
use gbc_ir::{ClockId, ClockSet, Root, clock_text};

use gbc_hir::{Ty, Value};

use crate::Checked;

/// What is proven of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// For each market, what it reads of it.
    pub reads: Vec<(String, String)>,
    /// How many ticks of which clock the decisions wait for.
    pub warm_up: Vec<(String, u64)>,
    /// Everything it remembers, in bytes.
    pub memory_bytes: usize,
    /// Operations at each tick of each clock, at most.
    pub operations: Vec<(String, usize)>,
    /// Each parameter, its value, its range, and whether it reaches an order.
    pub params: Vec<(String, String, String, bool)>,
    /// How many tests the file holds.
    pub tests: usize,
    /// The words of what checks and cannot run.
    pub cannot_run: Vec<String>,
}

/// Proves what can be said before any data are seen. The program must be sound.
pub fn proof(checked: &Checked) -> Proof {
    let flow = checked.flow(None);
    let clock = |id: ClockId| clock_text(&flow, flow.clocks[id.0 as usize]);
    let used = flow.nodes.iter().fold(ClockSet::EMPTY, |all, node| all.union(node.clocks));
    let operations = used.iter().map(|id| {
        let count = flow.nodes.iter().filter(|node| node.clocks.0 >> id.0 & 1 == 1).count();
        (clock(id), count)
    });
    let program = &checked.program;
    let decisions = program
        .targets
        .iter()
        .map(|target| target.value)
        .chain(program.rules.iter().flat_map(|rule| rule.choices().into_iter().chain([rule.condition])));
    let order_values = program.order_values();
    let decisions = decisions.chain(order_values);
    let warm_up = decisions.filter_map(|id| checked.facts.get(id).warm_up.0.clone());
    let mut waits: std::collections::BTreeMap<ClockId, u64> = Default::default();
    for (id, ticks) in warm_up.flatten() {
        let known = waits.entry(id).or_default();
        *known = (*known).max(ticks);
    }
    let reached = flow.roots.iter().fold(0, |all, root| match root {
        Root::Target { value, .. } | Root::Read { value } => all | flow.node(*value).params,
        Root::Write { .. } | Root::Export { .. } => all,
    });
    let params = checked.program.params.iter().enumerate().map(|(index, param)| {
        let reaches = reached >> index.min(63) & 1 == 1;
        let value = match (param.ty, param.default) {
            (Ty::Duration, Value::Int(ns)) => span_text(ns),
            (_, value) => value.to_string(),
        };
        let range = param.range.as_ref().map_or(String::new(), ToString::to_string);
        (param.name.clone(), value, range, reaches)
    });
    Proof {
        reads: reads(checked),
        warm_up: waits.into_iter().map(|(id, ticks)| (clock(id), ticks)).collect(),
        memory_bytes: memory(checked),
        operations: operations.collect(),
        params: params.collect(),
        tests: checked.program.tests.len(),
        cannot_run: checked.cannot_run(),
    }
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

fn memory(checked: &Checked) -> usize {
    checked.trial().map_or(0, |bound| bound.machine.slots() * size_of::<u64>())
}
