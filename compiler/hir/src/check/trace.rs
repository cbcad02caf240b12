//! What the check of one item, or of one expansion of a function, did to the program: a list of steps that can be done
//! again elsewhere. Every way in which a check adds to what is shared goes through a function of `Checker` that notes
//! a step; what a check only reads leaves none.

use std::fmt;

use gbc_diagnostics::{Diagnostics, Span};

use super::filters::Filter;
use super::records::Bundle;
use super::scope::Operand;
use super::{Checker, InstanceKey};
use crate::{CellId, ClockId, ExprId, Program, Timer};

/// One thing that a check did. All numbers are those of the program that was checked.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Added the expressions from here to there.
    Exprs(u32, u32),
    /// Took a new cell.
    Cell(CellId),
    /// Needed a clock.
    Clock(ClockId),
    /// Needed a series of bars.
    Series(usize),
    /// Needed the hours of a market, at this place.
    Session(usize, Span),
    /// Needed a timer like this one.
    Timer(usize, Timer),
    /// Needed a filter like this one.
    Filter(usize, Filter),
    /// Made a record.
    Record(usize),
    /// Looked for the first plain input like this one, and found that one.
    Plain(ExprId, ExprId),
    /// Kept the past of a value.
    Past(usize),
    /// Used what cannot run yet.
    Unsupported(usize),
    /// Read a name.
    Used(String),
    /// Read an equation.
    Let(usize),
    /// Called a function.
    Call(Box<Called>),
}

/// A call of a function.
#[derive(Clone, Debug)]
pub(super) struct Called {
    /// Which expansion it came to.
    pub(super) call: usize,
    /// Its place, where a function of a library belongs to it.
    pub(super) at: Option<Span>,
    /// Its inputs.
    pub(super) inputs: Vec<Operand>,
}

/// All that a check did.
#[derive(Clone, Debug, Default)]
pub(super) struct Trace {
    pub(super) steps: Vec<Step>,
    /// Of an expansion: the place of the call.
    pub(super) call: Option<Span>,
    /// What an equation or an expansion was found to be.
    pub(super) found: Option<Operand>,
    /// The lengths of the lists of items before and after.
    pub(super) items: [Lengths; 2],
}

/// How long the lists of a program are to which its items add.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lengths {
    pub(super) requires: usize,
    pub(super) rules: usize,
    pub(super) targets: usize,
    pub(super) trades: usize,
    pub(super) quotes: usize,
    pub(super) sends: usize,
    pub(super) reads: usize,
    pub(super) exports: usize,
    pub(super) limits: usize,
    pub(super) tests: usize,
}

impl Lengths {
    pub(super) fn of(program: &Program) -> Lengths {
        Lengths {
            requires: program.requires.len(),
            rules: program.rules.len(),
            targets: program.targets.len(),
            trades: program.trades.len(),
            quotes: program.quotes.len(),
            sends: program.sends.len(),
            reads: program.reads.len(),
            exports: program.exports.len(),
            limits: program.limits.len(),
            tests: program.tests.len(),
        }
    }
}

/// An expansion of a function.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) key: InstanceKey,
    /// The inputs of the first who called it; those of the key may be others like them.
    pub(super) inputs: Vec<Operand>,
    pub(super) found: Operand,
    /// How it was expanded, unless something was wrong.
    pub(super) trace: Option<Trace>,
}

/// What was checked as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// An item, by its index.
    Item(usize),
    /// An expansion, by its index among the calls.
    Call(usize),
}

/// What a check leaves for the next check of the same file, after an edit.
#[derive(Clone, Debug, Default)]
pub struct Traces {
    /// Of each item, unless something was wrong with it.
    pub(super) items: Vec<Option<Trace>>,
    pub(super) calls: Vec<Call>,
    /// What was checked, in the order in which that ended: what is read before what reads it.
    pub(super) order: Vec<Unit>,
    /// The item of each equation, and what the equation was found to be.
    pub(super) lets: Vec<(usize, Option<Operand>)>,
    pub(super) filters: Vec<Filter>,
    pub(super) records: Vec<Bundle>,
    /// How much was numbered before the first equation was checked.
    pub(super) head: Head,
    pub(super) checked: Tally,
}

/// How many items were checked rather than taken over. It says how the work was done, not what came of it, so it is no
/// part of what traces are compared by.
#[derive(Clone, Copy, Default)]
pub(super) struct Tally(usize);

impl fmt::Debug for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("…")
    }
}

impl Traces {
    /// How many items were checked rather than taken over.
    pub fn checked(&self) -> usize {
        self.checked.0
    }
}

/// How much was numbered before the first equation was checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) clocks: usize,
    pub(super) series: usize,
    pub(super) sessions: usize,
    pub(super) timers: usize,
    pub(super) filters: usize,
    pub(super) records: usize,
    pub(super) cells: usize,
}

/// The traces being made, innermost last, and how much was said before each began.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    pub(super) on: bool,
    open: Vec<(Trace, usize, usize)>,
    /// How often a message was settled, or would have been were it not known.
    pub(super) settled: usize,
}

impl Recorder {
    /// Notes a step of the check at hand.
    pub(super) fn note(&mut self, step: Step) {
        if let Some((trace, ..)) = self.open.last_mut() {
            trace.steps.push(step);
        }
    }

    pub(super) fn expr(&mut self, id: ExprId) {
        let Some((trace, ..)) = self.open.last_mut() else { return };
        match trace.steps.last_mut() {
            Some(Step::Exprs(_, end)) if *end == id.0 => *end += 1,
            _ => trace.steps.push(Step::Exprs(id.0, id.0 + 1)),
        }
    }
}

impl Checker<'_> {
    /// Checks something and keeps how; `None` for a trace if something was wrong.
    pub(super) fn traced(
        &mut self,
        call: Option<Span>,
        check: impl FnOnce(&mut Self) -> Option<Operand>,
    ) -> (Option<Operand>, Option<Trace>) {
        if !self.recorder.on {
            return (check(self), None);
        }
        let before = Lengths::of(&self.program);
        let trace = Trace { call, items: [before; 2], ..Trace::default() };
        self.recorder.open.push((trace, self.diagnostics.len(), self.recorder.settled));
        let found = check(self);
        let (mut trace, said, settled) = self.recorder.open.pop().expect("it was pushed above");
        trace.found = found;
        trace.items[1] = Lengths::of(&self.program);
        let silent = self.diagnostics.len() == said && self.recorder.settled == settled && said < Diagnostics::LIMIT;
        (found, silent.then_some(trace))
    }

    /// Checks an item, or takes over what an earlier check of the same did.
    pub(super) fn item_kept(
        &mut self,
        index: usize,
        check: impl FnOnce(&mut Self) -> Option<Operand>,
    ) -> Option<Operand> {
        let (found, trace) = match self.again.as_mut().and_then(|again| again.trace_of(index)) {
            Some(old) => self.traced(None, |checker| checker.played(old)),
            None => {
                self.traces.checked.0 += 1;
                self.traced(None, check)
            }
        };
        if self.recorder.on {
            self.traces.items[index] = trace;
            self.traces.order.push(Unit::Item(index));
        }
        found
    }

    /// Expands a function for the first time, and gives its number among the calls.
    pub(super) fn expanded(
        &mut self,
        key: InstanceKey,
        at: Option<Span>,
        inputs: Vec<Operand>,
        expand: impl FnOnce(&mut Self) -> Operand,
    ) -> usize {
        let (found, trace) = self.traced(at, |checker| Some(expand(checker)));
        let index = self.traces.calls.len();
        self.instances.insert(key.clone(), index);
        let found = found.unwrap_or(Operand::Unknown);
        self.traces.calls.push(Call { key, inputs: inputs.clone(), found, trace });
        if self.recorder.on {
            self.traces.order.push(Unit::Call(index));
        }
        self.called(index, at, inputs);
        index
    }

    /// Notes a call.
    pub(super) fn called(&mut self, call: usize, at: Option<Span>, inputs: Vec<Operand>) {
        if self.recorder.on {
            self.recorder.note(Step::Call(Box::new(Called { call, at, inputs })));
        }
    }

    /// Notes that a name is read.
    pub(super) fn used(&mut self, name: &str) {
        self.unused.remove(name);
        if self.recorder.on {
            self.recorder.note(Step::Used(name.to_owned()));
        }
    }

    /// How much is numbered by now.
    pub(super) fn head(&self) -> Head {
        Head {
            clocks: self.program.clocks.len(),
            series: self.program.series.len(),
            sessions: self.program.sessions.len(),
            timers: self.program.timers.len(),
            filters: self.filters.len(),
            records: self.records.len(),
            cells: self.program.cells,
        }
    }
}
