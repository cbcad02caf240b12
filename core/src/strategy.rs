//! The contract between a strategy and whoever plays events to it.
//!
//! `react` handles one event and defines the meaning. `play` handles a run of rows of one block and returns when the
//! runtime is needed; its default walks `react`. Native code replaces the body of `play`, never its shape.

use crate::orders::Plan;
use crate::{Block, Nanos, News, View, Wishes};

/// One thing that happens to a strategy.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A row of a block.
    Row(&'a Block, usize),
    /// The moment that the strategy itself named in `due`: a bar closes, a timer fires.
    Due(Nanos),
    /// Something became of its orders. Told only to a strategy whose plan says that it listens.
    News(&'a News),
}

/// A moment at which a strategy acts without data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// The moment.
    pub time: Nanos,
    /// Whether data of the same nanosecond come first: a bar made of bars waits for the last of them.
    pub after_data: bool,
}

impl Due {
    /// Nothing is due.
    pub const NEVER: Due = Due { time: Nanos::MAX, after_data: true };

    /// Whether this comes before data received at `time`.
    pub fn is_before(self, time: Nanos) -> bool {
        self.time < time || (self.time == time && !self.after_data)
    }
}

/// What brings `play` back before its rows end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guards {
    /// Stop before handling anything, row or due, at or after this moment.
    pub until: Nanos,
    /// Stop before every row: the runtime has something that any row may touch.
    pub each_row: bool,
}

impl Guards {
    /// Nothing to watch for.
    pub const NONE: Guards = Guards { until: Nanos::MAX, each_row: false };
}

/// Why `play` returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// A wish changed.
    Wish,
    /// A guard holds for what comes next.
    Guard,
    /// All rows are played.
    End,
}

/// Where and why `play` returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The first row not yet played.
    pub next: usize,
    /// The time of the last event played; the block's own time at `from` if none was.
    pub at: Nanos,
    /// The reason.
    pub why: Why,
}

/// A checked fault: the program did what its own rules forbid, and stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What happened, for people.
    pub reason: String,
    /// Byte offset of the blamed expression in the source.
    pub start: u32,
    /// Its end.
    pub end: u32,
    /// When it happened.
    pub at: Nanos,
}

impl Fault {
    /// The fault in a run of rows of which those before `next` were played.
    pub fn before(self, next: usize) -> Fallen {
        Fallen { fault: self, next }
    }
}

/// A fault amid a run of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallen {
    /// What happened.
    pub fault: Fault,
    /// The row that it happened at, or before which it fell due: rows of the same moment may lie before it.
    pub next: usize,
}

/// A compiled strategy in motion.
pub trait Strategy: Send {
    /// Handles one event: `docs/decisions/0001-one-event.md`, steps 1 to 6.
    fn react(&mut self, event: Event<'_>, view: &View, wishes: &mut Wishes) -> Result<(), Fault>;

    /// The next moment at which it wants to react without data.
    fn due(&self) -> Due;

    /// What it may want beside targets; the same as long as it runs.
    fn plan(&self) -> Option<&Plan> {
        None
    }

    /// Everything it remembers, as one flat array.
    fn snapshot(&self) -> Vec<u64>;

    /// Goes on from a snapshot of the same program with the same parameters. `false` if it is of another.
    fn restore(&mut self, snapshot: &[u64]) -> bool;

    /// Plays rows `from..to`, and what falls due between them, until a wish, a guard, or the end.
    fn play(
        &mut self,
        block: &Block,
        from: usize,
        to: usize,
        guards: &Guards,
        view: &View,
        wishes: &mut Wishes,
    ) -> Result<Stop, Fallen> {
        let mut at = block.time_of(from);
        for row in from..to {
            let time = block.time_of(row);
            while self.due().is_before(time) {
                let due = self.due().time;
                if due >= guards.until {
                    return Ok(Stop { next: row, at, why: Why::Guard });
                }
                at = due;
                self.react(Event::Due(due), view, wishes).map_err(|fault| fault.before(row))?;
                if wishes.changed {
                    return Ok(Stop { next: row, at, why: Why::Wish });
                }
            }
            if guards.each_row || time >= guards.until {
                return Ok(Stop { next: row, at, why: Why::Guard });
            }
            at = time;
            self.react(Event::Row(block, row), view, wishes).map_err(|fault| fault.before(row))?;
            if wishes.changed {
                return Ok(Stop { next: row + 1, at, why: Why::Wish });
            }
        }
        Ok(Stop { next: to, at, why: Why::End })
    }
}
