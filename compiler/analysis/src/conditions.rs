//! Conditions that nothing can make true, or false: what hangs on them is dead, or always there.
//!
//! Conditions are read where they stand: after `if x > 0 { … } else if x > 1 { … }` the second can no longer be true.
//! One that the parameters alone decide is a switch, and says nothing about the market; so is one inside a function
//! that another call decides otherwise.

use std::collections::{BTreeMap, BTreeSet};

use gbc_core::arithmetic::BinaryOp;
use gbc_diagnostics::{Diagnostics, Span};
use gbc_hir::{ExprId, ExprKind, LimitKind, Program, Rule, Value};

use crate::bodies::{Statement, statements};
use crate::facts::{Facts, Time};
use crate::reading::{Env, Reader};
use crate::{Interval, condition_errors, reach};

/// What hangs on a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decides {
    /// A rule.
    Rule,
    /// Which branch is taken.
    Branch,
    /// Whether a trade opens.
    Enter,
    /// Whether a trade closes.
    Exit,
    /// Whether everything is closed.
    Flat,
}

/// Everything read of one place.
#[derive(Clone, Copy)]
struct Judged {
    condition: ExprId,
    decides: Decides,
    interval: Interval,
}

type Places = BTreeMap<Span, Judged>;

/// Reports what can never be true, and what always is.
pub(crate) fn find(
    program: &Program,
    reader: &mut Reader,
    facts: &Facts,
    params: &[Value],
    diagnostics: &mut Diagnostics,
) {
    let mut places = judge(reader, facts);
    places.retain(|_, judged| judged.interval.single().is_some());
    if places.is_empty() {
        return;
    }
    // A parameter without a range is a switch too: what only its own value decides may be otherwise in the next run.
    let mut free = Reader::new(program, &facts.needed, params, true);
    let confirmed = judge(&mut free, facts);
    places.retain(|place, judged| {
        confirmed.get(place).is_some_and(|other| other.interval.single() == judged.interval.single())
    });
    for judged in places.values().filter(|judged| !follows(program, judged.condition, &places)) {
        diagnostics.push(match judged.interval.is(true) {
            true => condition_errors::always_true(&free, judged.condition, judged.decides),
            false => condition_errors::never_true(&mut free, judged.condition, judged.decides),
        });
    }
}

/// Whether it only follows from another that is reported: a dead branch, or a rule that leaves its state alone.
fn follows(program: &Program, condition: ExprId, places: &Places) -> bool {
    let dead_rule = places.values().any(|judged| judged.decides == Decides::Rule && judged.condition != condition);
    let (mut open, mut seen) = (reach::operands(&program.expr(condition).kind).collect::<Vec<_>>(), BTreeSet::new());
    while let Some(id) = open.pop() {
        let expr = program.expr(id);
        let hangs = matches!(expr.kind, ExprKind::State(_)) && dead_rule;
        if hangs || places.values().any(|judged| judged.condition == id) {
            return true;
        }
        if seen.insert(id) {
            open.extend(reach::operands(&expr.kind));
        }
    }
    false
}

fn judge(reader: &mut Reader, facts: &Facts) -> Places {
    reader.refill(20 * facts.needed.len() + 1_000);
    let mut walk = Walk { reader, facts, places: Places::new(), seen: BTreeSet::new(), open: Vec::new(), depth: 0 };
    let program = walk.reader.program;
    for rule in &program.rules {
        walk.note(&mut Env::default(), rule.condition, Decides::Rule);
        walk.statements(rule);
    }
    for limit in &program.limits {
        if let LimitKind::FlatWhen(decision) = limit.kind {
            walk.note(&mut Env::default(), decision.value, Decides::Flat);
        }
    }
    for trade in &program.trades {
        if let Some(condition) = trade.enter.condition {
            walk.note(&mut Env::default(), condition.value, Decides::Enter);
        }
        trade.exits.iter().for_each(|exit| walk.note(&mut Env::default(), exit.value, Decides::Exit));
    }
    walk.open = reach::roots(program);
    while let Some(id) = walk.open.pop() {
        walk.go(&mut Env::default(), id);
    }
    // What was not walked may be where a condition is otherwise.
    if walk.reader.is_spent() { Places::new() } else { walk.places }
}

struct Walk<'r, 'p> {
    reader: &'r mut Reader<'p>,
    facts: &'r Facts,
    places: Places,
    /// What was walked without any assumption.
    seen: BTreeSet<ExprId>,
    /// What is still to be walked without any assumption.
    open: Vec<ExprId>,
    depth: usize,
}

/// Programs nested deeper than this are not judged.
const MAX_DEPTH: usize = 300;

impl Walk<'_, '_> {
    fn note(&mut self, env: &mut Env, condition: ExprId, decides: Decides) {
        if self.facts.get(condition).time <= Time::Run {
            return;
        }
        let interval = self.reader.read(env, condition).interval;
        if interval.is_empty() {
            return;
        }
        let span = self.reader.program.expr(condition).span;
        let judged = self.places.entry(span).or_insert(Judged { condition, decides, interval });
        judged.interval = judged.interval.hull(interval);
    }

    fn statements(&mut self, rule: &Rule) {
        for (mut env, statement) in statements(self.reader, self.reader.program, rule) {
            match statement {
                Statement::Condition(id) => {
                    self.note(&mut env, id, Decides::Branch);
                    self.go(&mut env, id);
                }
                Statement::Becomes(id) | Statement::Exports(id) => self.go(&mut env, id),
            }
        }
    }

    fn go(&mut self, env: &mut Env, id: ExprId) {
        if env.dead || (env.is_empty() && !self.seen.insert(id)) || self.reader.is_spent() {
            return;
        }
        self.reader.spend(if self.depth > MAX_DEPTH { usize::MAX } else { usize::from(!env.is_empty()) });
        self.depth += 1;
        self.go_into(env, id);
        self.depth -= 1;
    }

    fn go_into(&mut self, env: &mut Env, id: ExprId) {
        let expr = self.reader.program.expr(id);
        match expr.kind {
            ExprKind::If(condition, then, otherwise) => {
                // Inside the library every part stands where the call stands.
                if self.reader.program.expr(condition).span != expr.span {
                    self.note(env, condition, Decides::Branch);
                }
                self.go(env, condition);
                for (branch, truth) in [(then, true), (otherwise, false)] {
                    let mut inner = self.reader.assume(env, condition, truth);
                    self.go(&mut inner, branch);
                }
            }
            ExprKind::Binary(BinaryOp::And, a, b) => {
                self.go(env, a);
                let mut inner = self.reader.assume(env, a, true);
                self.go(&mut inner, b);
            }
            ExprKind::Keep { .. }
            | ExprKind::History { .. }
            | ExprKind::Window { .. }
            | ExprKind::PairWindow { .. }
            | ExprKind::Span { .. }
            | ExprKind::Since { .. }
            | ExprKind::Sample(..) => self.open.extend(reach::operands(&expr.kind)),
            ref kind => reach::operands(kind).for_each(|part| self.go(env, part)),
        }
    }
}
