//! How much has to be played before a moment so that decisions are warm at it.

use std::collections::BTreeMap;

use gbc_analysis::{Facts, operands};
use gbc_hir::{Clock, ClockId, ExprKind, Program, Value, fold};

use super::settle::averages;
use crate::Checked;

/// What decisions and exports look back on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookback {
    /// So many ticks of each clock, for what waits for a first value, and for averages to forget where they started.
    pub ticks: BTreeMap<ClockId, u64>,
    /// So long before those, for windows over time.
    pub span_ns: i64,
    /// Back to the opening of these sessions, by index.
    pub sessions: Vec<usize>,
}

impl Lookback {
    /// Whether nothing looks back.
    pub fn is_none(&self) -> bool {
        *self == Lookback::default()
    }
}

impl Checked {
    /// How far back decisions and exports look with these parameters. States, and what counts up for ever, look back to the start of
    /// all data, and are left out.
    pub fn lookback(&self, params: &[Value]) -> Lookback {
        let (program, facts) = (&self.program, self.facts_for(params));
        let rules = program.rules.iter().flat_map(|rule| rule.choices().into_iter().chain([rule.condition]));
        let values = program.targets.iter().map(|target| target.value).chain(rules).chain(program.order_values());
        let values = values.chain(program.exports.iter().map(|export| export.value));
        let mut ticks: BTreeMap<ClockId, u64> = BTreeMap::new();
        let mut raise = |clock: ClockId, count: u64| {
            let known = ticks.entry(clock).or_default();
            *known = (*known).max(count);
        };
        values
            .filter_map(|id| facts.get(id).warm_up.0.clone())
            .flatten()
            .for_each(|(clock, count)| raise(clock, count));
        for (id, clock, steps) in averages(program, &facts, params) {
            let first = facts.get(id).warm_up.0.as_ref().and_then(|waits| waits.get(&clock)).copied().unwrap_or(0);
            raise(clock, first.saturating_add(steps));
        }
        ticks.retain(|clock, _| program.clocks[clock.0 as usize] != Clock::News);
        Lookback { ticks, span_ns: longest_span(program, &facts, params), sessions: sessions(program, &facts) }
    }
}

/// The longest chain of windows over time, one made of the other.
fn longest_span(program: &Program, facts: &Facts, params: &[Value]) -> i64 {
    let mut reach = vec![0_i64; program.exprs.len()];
    for id in &facts.needed {
        let kind = &program.expr(*id).kind;
        let below = operands(kind).map(|part| reach[part.0 as usize]).max().unwrap_or(0);
        let own = match *kind {
            ExprKind::Span { length, session: None, life: None, pane, .. } => {
                let spans = [Some(length), pane].into_iter().flatten();
                spans.map(|span| fold(program, span, params).map_or(0, |span| span.to_f64() as i64)).sum()
            }
            _ => 0_i64,
        };
        reach[id.0 as usize] = below.saturating_add(own.max(0));
    }
    reach.into_iter().max().unwrap_or(0)
}

/// The sessions since whose opening something is remembered.
fn sessions(program: &Program, facts: &Facts) -> Vec<usize> {
    let of = |kind: &ExprKind| match *kind {
        ExprKind::Span { session, .. } => session,
        ExprKind::SinceOpen(session) => Some(session),
        _ => None,
    };
    let windows = facts.needed.iter().filter_map(|id| of(&program.expr(*id).kind));
    let opens = |clock: ClockId| match program.clocks[clock.0 as usize] {
        Clock::Opens(session) | Clock::Closes(session) => Some(session),
        _ => None,
    };
    let resets = program.states.iter().filter_map(|state| opens(state.reset?));
    let mut all: Vec<usize> = windows.chain(resets).collect();
    all.sort_unstable();
    all.dedup();
    all
}
