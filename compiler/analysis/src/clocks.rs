//! On which clocks each value can change, and on which one each memory steps.

use gbc_diagnostics::{Diagnostic, Diagnostics};
use gbc_hir::{Clock, ClockId, ExprId, ExprKind, Program, Timer, Told};

use crate::facts::{ClockSet, Facts, Time};
use crate::{errors, reach};

/// What is known so far of values that expressions read across a knot.
#[derive(Clone, PartialEq)]
struct Knots {
    /// The clocks on which any rule may fire: all rules are tried on all of them.
    rules: ClockSet,
    /// Which parameters reach each state, and whether our own fills do.
    states: Vec<(u64, bool)>,
    /// The clocks on which each cell steps, which parameters reach it, and whether our own fills do.
    cells: Vec<(ClockSet, u64, bool)>,
}

/// Fills in `clocks`, `step`, `time`, `params` and `feedback`.
pub(crate) fn find(program: &Program, facts: &mut Facts, diagnostics: &mut Diagnostics) {
    let mut knots = Knots {
        rules: ClockSet::EMPTY,
        states: vec![(0, false); program.states.len()],
        cells: vec![(ClockSet::EMPTY, 0, false); program.cells],
    };
    // Rules read states and equations read their own past, so go round until nothing grows.
    loop {
        for id in facts.needed.clone() {
            settle(program, facts, &knots, id);
        }
        let grown = tie(program, facts, &knots);
        if grown == knots {
            break;
        }
        knots = grown;
    }
    // A function of the library remembers in several places; who called it hears of it once.
    let mut said = std::collections::BTreeSet::new();
    for id in &facts.needed {
        if let Some(complaint) = complaint(program, facts, *id)
            && said.insert(complaint.span())
        {
            diagnostics.push(complaint);
        }
    }
    let rules = program.rules.iter().filter(|rule| rule.on.is_none()).map(|rule| rule.condition);
    let enters = program.trades.iter().filter_map(|trade| trade.enter.condition).filter(|condition| !condition.level);
    let edges = rules.chain(enters.map(|condition| condition.value));
    for condition in edges.filter(|condition| facts.get(*condition).clocks == ClockSet::EMPTY) {
        diagnostics.push(errors::never_changes(program.expr(condition).span));
    }
}

fn tie(program: &Program, facts: &Facts, knots: &Knots) -> Knots {
    let mut grown = knots.clone();
    for rule in &program.rules {
        let condition = facts.get(rule.condition);
        grown.rules = grown.rules.union(rule.on.map_or(condition.clocks, ClockSet::of));
        // Which `if` guards which assignment is not told apart: they are of one rule.
        let mut decides = rule.choices();
        decides.push(rule.condition);
        for assign in rule.assigns() {
            let (params, feedback) = &mut grown.states[assign.state];
            for fact in decides.iter().chain([&assign.value]).map(|id| facts.get(*id)) {
                *params |= fact.params;
                *feedback |= fact.feedback;
            }
        }
    }
    for reset in program.states.iter().filter_map(|state| state.reset) {
        grown.rules = grown.rules.union(ClockSet::of(reset));
    }
    for id in &facts.needed {
        if let ExprKind::Keep { cell, .. } = &program.expr(*id).kind {
            let fact = facts.get(*id);
            let clocks = fact.step.map_or(ClockSet::EMPTY, ClockSet::of);
            grown.cells[cell.0 as usize] = (clocks, fact.params, fact.feedback);
        }
    }
    grown
}

fn settle(program: &Program, facts: &mut Facts, knots: &Knots, id: ExprId) {
    let kind = &program.expr(id).kind;
    let on = |clocks: ClockSet| Time::of(clocks, &program.clocks, &program.series);
    let mut fact = facts.get(id).clone();
    for operand in reach::operands(kind) {
        let below = facts.get(operand);
        fact.clocks = fact.clocks.union(below.clocks);
        fact.time = fact.time.max(below.time);
        fact.params |= below.params;
        fact.feedback |= below.feedback;
    }
    match kind {
        ExprKind::Param(index) => {
            fact.time = Time::Param;
            fact.params = 1 << (*index).min(63);
        }
        ExprKind::Point(_) => fact.time = Time::Run,
        ExprKind::ToNum(value) if matches!(program.expr(*value).ty, gbc_hir::Ty::Exact(_)) => {
            fact.time = fact.time.max(Time::Run)
        }
        ExprKind::Row(clock, ..) | ExprKind::Bar(clock, ..) | ExprKind::Forming(clock, ..) => {
            fact.clocks = ClockSet::of(*clock);
            fact.time = on(fact.clocks);
        }
        ExprKind::IsOpen(clock, _) => {
            fact.clocks = ClockSet::of(*clock);
            fact.time = on(fact.clocks);
        }
        ExprKind::Age(clock, market) => {
            let wakes = |clock: &Clock| match clock {
                Clock::Timer(timer) => {
                    matches!(program.timers[*timer], Timer::Quiet { market: of, .. } if of == *market)
                }
                _ => false,
            };
            let timers = (0..program.clocks.len()).filter(|index| wakes(&program.clocks[*index]));
            fact.clocks = timers.fold(ClockSet::of(*clock), |all, index| all.union(ClockSet::of(ClockId(index as u8))));
            fact.time = Time::Clock;
        }
        ExprKind::Since { default, .. } => {
            let clocks = stepping(program, facts, kind);
            fact.step = fact.step.or(clocks.single()).or(*default);
            let wakes = |clock: &Clock| match clock {
                Clock::Timer(timer) => matches!(program.timers[*timer], Timer::Since { of, .. } if of == id),
                _ => false,
            };
            let own = fact.step.map_or(clocks, ClockSet::of);
            let timers = (0..program.clocks.len()).filter(|index| wakes(&program.clocks[*index]));
            fact.clocks = timers.fold(own, |all, index| all.union(ClockSet::of(ClockId(index as u8))));
            fact.time = Time::Clock;
        }
        ExprKind::SinceOpen(_) => {
            fact.clocks = all(program);
            fact.time = Time::Clock;
        }
        // What they are told from is all that can change them.
        ExprKind::Told(Told::Model { .. } | Told::Future | Told::AllIn | Told::EquityShare, _) => {}
        ExprKind::Told(Told::Level { clock, .. }, _) => {
            fact.clocks = ClockSet::of(*clock);
            fact.time = Time::Clock;
        }
        ExprKind::Told(Told::News { clock, .. }, _) => {
            fact.clocks = ClockSet::of(*clock);
            fact.time = on(fact.clocks);
            fact.feedback = true;
        }
        ExprKind::View(..) | ExprKind::Life(_) | ExprKind::Told(..) => {
            fact.clocks = all(program);
            fact.time = Time::Feedback;
            fact.feedback = true;
        }
        ExprKind::State(index) => {
            fact.clocks = knots.rules;
            fact.time = on(fact.clocks);
            (fact.params, fact.feedback) = knots.states[*index];
        }
        ExprKind::Prev(cell) => {
            (fact.clocks, fact.params, fact.feedback) = knots.cells[cell.0 as usize];
            fact.time = on(fact.clocks);
        }
        // They change together, and each is made of its own.
        ExprKind::Part { of, index } => {
            let own = facts.get(of[*index]);
            (fact.time, fact.params, fact.feedback) = (own.time, own.params, own.feedback);
        }
        ExprKind::Sample(_, clock) => {
            fact.clocks = ClockSet::of(*clock);
            fact.time = on(fact.clocks);
        }
        ExprKind::Keep { default, .. }
        | ExprKind::History { default, .. }
        | ExprKind::Window { default, .. }
        | ExprKind::Span { default, .. }
        | ExprKind::PairWindow { default, .. } => {
            let taken = taken_in(kind);
            let clocks = stepping(program, facts, kind);
            // Once found it stands: the step itself makes `prev` tick on it.
            let known = taken.iter().all(|value| facts.get(*value).time <= Time::Run);
            let timeless = matches!(kind, ExprKind::History { .. }) && known;
            fact.step = fact.step.or(clocks.single()).or(default.filter(|_| !timeless));
            fact.clocks = fact.step.map_or(clocks, ClockSet::of);
            // A memory changes with its clock, however often that which it remembers does.
            fact.time = fact.step.map_or(fact.time, |_| on(fact.clocks));
            // But what ends with a position ends whenever that does.
            if matches!(kind, ExprKind::Span { life: Some(_), .. }) {
                (fact.clocks, fact.time) = (all(program), Time::Feedback);
            }
        }
        _ => {}
    }
    facts.of[id.0 as usize] = fact;
}

/// What a memory takes in at each step.
fn taken_in(kind: &ExprKind) -> Vec<ExprId> {
    match kind {
        ExprKind::Keep { value, .. } | ExprKind::History { value, .. } | ExprKind::Window { value, .. } => vec![*value],
        ExprKind::Since { value, .. } => vec![*value],
        ExprKind::PairWindow { values, .. } => values.to_vec(),
        ExprKind::Span { value, other, .. } => [Some(*value), *other].into_iter().flatten().collect(),
        _ => Vec::new(),
    }
}

/// Whether the equation around a memory says when it steps.
fn names_a_clock(kind: &ExprKind) -> bool {
    matches!(
        kind,
        ExprKind::Keep { default: Some(_), .. }
            | ExprKind::Since { default: Some(_), .. }
            | ExprKind::History { default: Some(_), .. }
            | ExprKind::Window { default: Some(_), .. }
            | ExprKind::PairWindow { default: Some(_), .. }
            | ExprKind::Span { default: Some(_), .. }
    )
}

/// The clocks on which a memory might step: those of what it takes in. News of our orders count only where nothing else
/// does: what is held now is a new value, and yet no step.
fn stepping(program: &Program, facts: &Facts, kind: &ExprKind) -> ClockSet {
    let taken = taken_in(kind).into_iter();
    let all = taken.fold(ClockSet::EMPTY, |all, value| all.union(facts.get(value).clocks));
    let of_markets = all.iter().filter(|clock| program.clocks[clock.0 as usize] != Clock::News);
    let of_markets = of_markets.fold(ClockSet::EMPTY, |set, clock| set.union(ClockSet::of(clock)));
    if of_markets == ClockSet::EMPTY { all } else { of_markets }
}

/// Every clock: our own fills can change a position before any event.
fn all(program: &Program) -> ClockSet {
    ClockSet((0..program.clocks.len() as u8).fold(0, |set, clock| set | ClockSet::of(ClockId(clock)).0))
}

/// What is wrong with a memory that does not know when to step.
fn complaint(program: &Program, facts: &Facts, id: ExprId) -> Option<Diagnostic> {
    let kind = &program.expr(id).kind;
    let length = match kind {
        // The first field of a record speaks for all.
        ExprKind::Keep { value, .. } if matches!(program.expr(*value).kind, ExprKind::Part { index: 1.., .. }) => {
            return None;
        }
        ExprKind::Keep { .. } | ExprKind::Since { .. } => None,
        ExprKind::History { back, .. } => Some(*back),
        ExprKind::Window { length, .. } | ExprKind::PairWindow { length, .. } | ExprKind::Span { length, .. } => {
            Some(*length)
        }
        _ => return None,
    };
    let clocks = stepping(program, facts, kind);
    // What reads its own circle may have found a clock before it was known what the others change on.
    let torn = clocks.0.count_ones() > 1 && !names_a_clock(kind);
    if facts.get(id).step.is_some() && !torn {
        return None;
    }
    if clocks == ClockSet::EMPTY {
        // The past of a constant is the constant; `prev` and windows would never step.
        let is_history = matches!(program.expr(id).kind, ExprKind::History { .. });
        return (!is_history).then(|| errors::never_steps(program, id));
    }
    Some(errors::which_clock(program, id, length, clocks))
}
