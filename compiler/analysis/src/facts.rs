//! The facts, and the order in which they are found.

use gbc_diagnostics::Diagnostics;
use gbc_hir::{Clock, ClockId, ExprId, Program, Series, Value};

use crate::defined::Cause;
use crate::reading::Reader;
use crate::{Interval, WarmUp, clocks, conditions, defined, never_opens, reach, warm_up, wasted, wrong_side};

/// Clocks as bits, in the order of `Program::clocks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ClockSet(pub u64);

impl ClockSet {
    /// No clock: never changes after the start.
    pub const EMPTY: ClockSet = ClockSet(0);

    /// Only this clock.
    pub fn of(clock: ClockId) -> ClockSet {
        ClockSet(1 << clock.0)
    }

    /// Clocks of either.
    pub fn union(self, other: ClockSet) -> ClockSet {
        ClockSet(self.0 | other.0)
    }

    /// The clock, if it is just one.
    pub fn single(self) -> Option<ClockId> {
        (self.0.count_ones() == 1).then(|| ClockId(self.0.trailing_zeros() as u8))
    }

    /// Its clocks, in order.
    pub fn iter(self) -> impl Iterator<Item = ClockId> {
        (0..64_u8).filter(move |bit| self.0 >> bit & 1 == 1).map(ClockId)
    }
}

/// When a value is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Time {
    /// In the text.
    #[default]
    Const,
    /// Once parameters are bound.
    Param,
    /// Once instruments are known.
    Run,
    /// While events are played, at most once a day.
    Day,
    /// While events are played.
    Clock,
    /// Whenever our own orders have their effect. What remembers such a value on a clock changes with that clock only;
    /// `feedback` tells that our orders reach it all the same.
    Feedback,
}

impl Time {
    /// Every binding time with its name in printed programs, from the earliest on.
    pub const NAMES: [(&'static str, Time); 6] = [
        ("const", Time::Const),
        ("param", Time::Param),
        ("run", Time::Run),
        ("day", Time::Day),
        ("clock", Time::Clock),
        ("feedback", Time::Feedback),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Time::NAMES[self as usize].0
    }

    /// When a value is known that changes on these clocks only.
    pub fn of(set: ClockSet, clocks: &[Clock], series: &[Series]) -> Time {
        let daily = |id: ClockId| match clocks.get(id.0 as usize) {
            Some(Clock::Bars(index)) => series.get(*index).is_some_and(|series| series.size.is_daily()),
            // A session opens and closes once a day.
            Some(Clock::Opens(_) | Clock::Closes(_) | Clock::Phase(_)) => true,
            _ => false,
        };
        if set.iter().all(daily) { Time::Day } else { Time::Clock }
    }
}

/// What is known of one expression.
#[derive(Clone, Debug, Default)]
pub struct Fact {
    /// On which clocks it can change.
    pub clocks: ClockSet,
    /// The one clock its memory steps on, if it has memory of its own.
    pub step: Option<ClockId>,
    /// When it is known.
    pub time: Time,
    /// The parameters that reach it, as bits; from the 64th on they share the last bit.
    pub params: u64,
    /// Whether our own position or fills reach it.
    pub feedback: bool,
    /// What it waits for before it first has a value.
    pub warm_up: WarmUp,
    /// Where it lies, if it is a number.
    pub interval: Interval,
    /// Why it may be undefined once warmed up.
    pub undefined: Option<Cause>,
}

/// Facts about a whole program.
#[derive(Clone, Debug)]
pub struct Facts {
    /// One for each expression; those that nothing needs have the default.
    pub of: Vec<Fact>,
    /// The expressions that something needs, parts before wholes.
    pub needed: Vec<ExprId>,
    /// Whether warm-up and definedness were looked for, too: not where a memory does not know its clock.
    pub whole: bool,
}

impl Facts {
    /// About a program that cannot be analysed.
    pub(crate) fn none() -> Facts {
        Facts { of: Vec::new(), needed: Vec::new(), whole: false }
    }

    /// About one expression.
    pub fn get(&self, id: ExprId) -> &Fact {
        &self.of[id.0 as usize]
    }
}

/// Finds the facts under these parameter values, and what is wrong.
pub fn analyse(program: &Program, params: &[Value]) -> (Facts, Diagnostics) {
    let of = vec![Fact::default(); program.exprs.len()];
    let mut facts = Facts { of, needed: reach::needed(program), whole: false };
    let mut diagnostics = Diagnostics::default();
    clocks::find(program, &mut facts, &mut diagnostics);
    if !diagnostics.has_errors() {
        let mut reader = Reader::new(program, &facts.needed, params, false);
        defined::find(&reader, &mut facts);
        warm_up::find(program, params, &mut facts);
        defined::require(program, &mut reader, &facts, &mut diagnostics);
        conditions::find(program, &mut reader, &facts, params, &mut diagnostics);
        wrong_side::find(program, &mut reader, &facts, params, &mut diagnostics);
        never_opens::find(program, &mut diagnostics);
        wasted::find(program, &facts, &mut diagnostics);
        facts.whole = true;
    }
    (facts, diagnostics)
}
