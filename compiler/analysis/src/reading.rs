//! What a value can be, and why it may be undefined: anywhere, or where a condition is known to hold.
//!
//! `if n > 0 { x / n } else { 0 }` reads its first branch knowing that `n` is above zero. What remembers took in its
//! values earlier, when the condition may not have held, so assumptions end there.

use std::collections::BTreeMap;

use gbc_core::arithmetic::BinaryOp;
use gbc_hir::{ExprId, ExprKind, Program, Value};

use crate::Interval;
use crate::defined::{Cause, undefined};
use crate::numbering::Numbering;
use crate::values::{interval, ranges};

/// What is known of an expression in one place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub(crate) interval: Interval,
    /// Why it may be undefined once warmed up.
    pub(crate) undefined: Option<Cause>,
}

/// Parts further below an assumption than this are read without it.
pub(crate) const MAX_STEPS: usize = 200;

/// What is known to hold in a place.
#[derive(Clone, Default)]
pub(crate) struct Env {
    pub(crate) known: BTreeMap<ExprId, Interval>,
    pub(crate) memo: BTreeMap<ExprId, Seen>,
    pub(crate) depth: usize,
    /// Whether nothing can be here.
    pub(crate) dead: bool,
}

impl Env {
    pub(crate) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

/// Reads expressions under assumptions.
pub(crate) struct Reader<'a> {
    pub(crate) program: &'a Program,
    pub(crate) params: Vec<Interval>,
    pub(crate) cells: Vec<Interval>,
    pub(crate) states: Vec<Interval>,
    pub(crate) numbering: Numbering,
    /// Without any assumption.
    pub(crate) base: Vec<Seen>,
    /// How many more readings under assumptions are affordable.
    budget: usize,
    pub(crate) steps: usize,
}

impl<'a> Reader<'a> {
    /// Reads everything that is needed; `free`: parameters without a range can be anything, not just what they are.
    pub(crate) fn new(program: &'a Program, needed: &[ExprId], params: &[Value], free: bool) -> Reader<'a> {
        let nothing = Seen { interval: Interval::EMPTY, undefined: None };
        let mut reader = Reader {
            program,
            params: ranges(program, params, free),
            cells: vec![Interval::EMPTY; program.cells],
            states: vec![Interval::EMPTY; program.states.len()],
            numbering: Numbering::new(program, needed),
            base: vec![nothing; program.exprs.len()],
            budget: 0,
            steps: 0,
        };
        reader.read_all(needed);
        reader.keep_requirements();
        reader.settle(needed);
        reader
    }

    fn read_all(&mut self, needed: &[ExprId]) {
        self.budget = 20 * needed.len() + 1_000;
        for id in needed {
            self.base[id.0 as usize] = self.step(&mut Env::default(), *id);
        }
    }

    /// What every combination of parameters must fulfil narrows each of them.
    fn keep_requirements(&mut self) {
        for condition in &self.program.requires {
            let env = self.assume(&mut Env::default(), *condition, true);
            for (id, known) in env.known {
                if let ExprKind::Param(index) = self.program.expr(id).kind {
                    self.params[index] = self.params[index].meet(known);
                }
            }
        }
    }

    /// States and equations with a past are read until nothing grows.
    fn settle(&mut self, needed: &[ExprId]) {
        for round in 0..16 {
            self.read_all(needed);
            let (cells, states) = (self.cells.clone(), self.states.clone());
            self.tie(needed);
            if cells == self.cells && states == self.states {
                return;
            }
            if round == 12 {
                self.cells.fill(Interval::ANY);
                self.states.fill(Interval::ANY);
            }
        }
        self.cells.fill(Interval::ANY);
        self.states.fill(Interval::ANY);
        self.read_all(needed);
    }

    fn tie(&mut self, needed: &[ExprId]) {
        for id in needed {
            if let ExprKind::Keep { cell, value, .. } = self.program.expr(*id).kind {
                let cell = &mut self.cells[cell.0 as usize];
                *cell = cell.widened(self.base[value.0 as usize].interval);
            }
        }
        let program = self.program;
        for (index, state) in program.states.iter().enumerate() {
            self.states[index] = self.states[index].widened(self.base[state.init.0 as usize].interval);
        }
        for rule in &program.rules {
            // What was assigned above may have changed what the condition spoke of.
            let assigns = rule.assigns();
            let mut env = match assigns.len() {
                1 => self.assume(&mut Env::default(), rule.condition, true),
                _ => Env::default(),
            };
            for assign in assigns.into_iter().filter(|_| !env.dead).collect::<Vec<_>>() {
                let value = self.read(&mut env, assign.value).interval;
                self.states[assign.state] = self.states[assign.state].widened(value);
            }
        }
    }

    /// What is known of an expression here.
    pub(crate) fn read(&mut self, env: &mut Env, id: ExprId) -> Seen {
        let base = self.base[id.0 as usize];
        if env.is_empty() || self.budget == 0 || self.steps > MAX_STEPS {
            return base;
        }
        if let Some(seen) = env.memo.get(&id) {
            return *seen;
        }
        self.budget -= 1;
        self.steps += 1;
        let mut seen = self.step(env, id);
        self.steps -= 1;
        if let Some(known) = env.known.get(&self.numbering.of(id)) {
            seen.interval = seen.interval.meet(*known);
        }
        env.memo.insert(id, seen);
        seen
    }

    /// Allows for so many readings under assumptions.
    pub(crate) fn refill(&mut self, budget: usize) {
        self.budget = budget;
    }

    /// Counts as so many readings.
    pub(crate) fn spend(&mut self, readings: usize) {
        self.budget = self.budget.saturating_sub(readings);
    }

    /// Whether no more readings are affordable: what is read now is too weak to judge by.
    pub(crate) fn is_spent(&self) -> bool {
        self.budget == 0
    }

    /// What it was when a memory took it in.
    pub(crate) fn taken_in(&self, id: ExprId) -> Seen {
        self.base[id.0 as usize]
    }

    fn step(&mut self, env: &mut Env, id: ExprId) -> Seen {
        match self.program.expr(id).kind {
            ExprKind::If(condition, then, otherwise) => self.choice(env, condition, [then, otherwise]),
            ExprKind::Binary(BinaryOp::And, a, b) => self.logic(env, id, [a, b], true),
            ExprKind::Binary(BinaryOp::Or, a, b) => self.logic(env, id, [a, b], false),
            _ => Seen { interval: interval(self, env, id), undefined: undefined(self, env, id) },
        }
    }

    fn choice(&mut self, env: &mut Env, condition: ExprId, branches: [ExprId; 2]) -> Seen {
        let decides = self.read(env, condition);
        let mut seen = Seen { interval: Interval::EMPTY, undefined: decides.undefined };
        for (branch, truth) in branches.into_iter().zip([true, false]) {
            let mut inner = self.assume(env, condition, truth);
            if inner.dead || !decides.interval.holds(f64::from(u8::from(truth))) {
                continue;
            }
            let read = self.read(&mut inner, branch);
            seen.interval = seen.interval.hull(read.interval);
            seen.undefined = seen.undefined.or(read.undefined);
        }
        seen
    }

    /// Each side matters only where the other leaves it open: beside what is false, `and` is false, whatever it is.
    fn logic(&mut self, env: &mut Env, whole: ExprId, [a, b]: [ExprId; 2], open: bool) -> Seen {
        let (first, second) = (self.read(env, a), self.read(env, b));
        let mut given = self.assume(env, a, open);
        let beside = if given.dead { second } else { self.read(&mut given, b) };
        let closed = Interval::exactly(f64::from(u8::from(!open)));
        let contradiction = !first.interval.is_empty() && self.assume(env, whole, open).dead;
        let interval = match open {
            _ if contradiction => closed,
            true => first.interval.smaller(beside.interval),
            false => first.interval.larger(beside.interval),
        };
        let undefined = match second.undefined {
            None => {
                let mut given = self.assume(env, b, open);
                if given.dead { None } else { self.read(&mut given, a).undefined }
            }
            Some(_) if given.dead => first.undefined,
            Some(_) => first.undefined.or(beside.undefined),
        };
        Seen { interval: Interval { not_zero: false, ..interval }, undefined }
    }
}
