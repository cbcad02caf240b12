//! What a value waits for before it first has one: so many ticks of these clocks, or something that may never come.

use std::collections::BTreeMap;

use gbc_core::arithmetic::BinaryOp;
use gbc_hir::{ClockId, ExprId, ExprKind, Program, Value, fold};

use crate::facts::{Fact, Facts};
use crate::reach;

/// Ticks to wait for, by clock; `None` if there is no telling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarmUp(pub Option<BTreeMap<ClockId, u64>>);

impl Default for WarmUp {
    fn default() -> WarmUp {
        WarmUp(Some(BTreeMap::new()))
    }
}

impl WarmUp {
    /// No telling.
    pub const NEVER: WarmUp = WarmUp(None);

    fn ticks(clock: ClockId, count: u64) -> WarmUp {
        WarmUp(Some(BTreeMap::from([(clock, count)])))
    }

    /// Both.
    fn and(self, other: &WarmUp) -> WarmUp {
        let (Some(mut mine), Some(theirs)) = (self.0, &other.0) else { return WarmUp::NEVER };
        for (clock, count) in theirs {
            let known = mine.entry(*clock).or_default();
            *known = (*known).max(*count);
        }
        WarmUp(Some(mine))
    }

    /// Whichever comes first.
    fn or(self, other: &WarmUp) -> WarmUp {
        let total = |warm_up: &WarmUp| warm_up.0.as_ref().map_or(u64::MAX, |ticks| ticks.values().sum());
        if total(&self) <= total(other) { self } else { other.clone() }
    }

    /// Then so many ticks more.
    fn then(self, clock: ClockId, more: u64) -> WarmUp {
        WarmUp(self.0.map(|mut ticks| {
            *ticks.entry(clock).or_default() += more;
            ticks
        }))
    }
}

/// A circle of more equations than this that read each other's past counts as one that never starts.
const MAX_ROUNDS: usize = 64;

/// Fills in `warm_up`.
pub(crate) fn find(program: &Program, params: &[Value], facts: &mut Facts) {
    // What reads the past of another equation waits for that one, which may come later and wait for it in turn.
    let mut cells = vec![WarmUp::NEVER; program.cells];
    for _ in 0..MAX_ROUNDS {
        for id in facts.needed.clone() {
            let warm_up = of(program, params, facts, &cells, id);
            facts.of[id.0 as usize].warm_up = warm_up;
        }
        let known = program.pasts.iter().map(|past| (past.cell.0 as usize, kept(facts, past.keep)));
        let grown = known.fold(cells.clone(), |mut cells, (cell, known)| {
            cells[cell] = known;
            cells
        });
        if grown == cells {
            return;
        }
        cells = grown;
    }
}

/// When the past of a kept value is there: a step after itself.
fn kept(facts: &Facts, keep: ExprId) -> WarmUp {
    let fact = facts.get(keep);
    fact.step.map_or(WarmUp::NEVER, |clock| fact.warm_up.clone().then(clock, 1))
}

fn of(program: &Program, params: &[Value], facts: &Facts, cells: &[WarmUp], id: ExprId) -> WarmUp {
    let kind = &program.expr(id).kind;
    let operand = |id: &ExprId| facts.get(*id).warm_up.clone();
    let count = |id: &ExprId| match fold(program, *id, params) {
        Some(Value::Int(n)) => n.unsigned_abs(),
        _ => 1,
    };
    match kind {
        ExprKind::Row(clock, ..) | ExprKind::Bar(clock, ..) | ExprKind::Forming(clock, ..) => WarmUp::ticks(*clock, 1),
        ExprKind::Age(clock, _) => WarmUp::ticks(*clock, 1),
        ExprKind::Prev(cell) => cells[cell.0 as usize].clone(),
        ExprKind::Part { of, index } => operand(&of[*index]),
        // Where the first may go missing again, only the second can be relied on.
        ExprKind::Else(first, second) if facts.get(*first).undefined.is_some() => operand(second),
        ExprKind::Else(first, second) => operand(first).or(&operand(second)),
        // True or anything is true, but which side comes first cannot be told: wait for both.
        ExprKind::Binary(BinaryOp::And | BinaryOp::Or, a, b) => operand(a).and(&operand(b)),
        ExprKind::Window { value, length, .. } => stepped(facts.get(id), operand(value), count(length) - 1),
        // A count of nothing is 0 from the start; all else needs a first value.
        ExprKind::Span { kind, .. } if kind.counts_nothing() => WarmUp::default(),
        ExprKind::Span { value, other, .. } => other.iter().fold(operand(value), |all, other| all.and(&operand(other))),
        ExprKind::PairWindow { values: [a, b], length, .. } => {
            stepped(facts.get(id), operand(a).and(&operand(b)), count(length) - 1)
        }
        ExprKind::History { value, back, .. } => stepped(facts.get(id), operand(value), count(back)),
        ExprKind::Sample(value, clock) => operand(value).and(&WarmUp::ticks(*clock, 1)),
        _ => reach::operands(kind).fold(WarmUp::default(), |all, id| all.and(&facts.get(id).warm_up)),
    }
}

fn stepped(fact: &Fact, below: WarmUp, more: u64) -> WarmUp {
    // What is known from the start is taken in at the first step.
    fact.step.map_or(below.clone(), |clock| below.and(&WarmUp::ticks(clock, 1)).then(clock, more))
}
