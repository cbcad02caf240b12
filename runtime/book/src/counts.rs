//! What was odd in the rows of a book. Nothing of it stops a run; all of it is told.

use gbc_core::RowFlags;
use serde::{Deserialize, Serialize};

/// How often which oddity was met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookCounts {
    /// Whole books whose bid was above their ask.
    pub crossed: u64,
    /// Whole books whose bid equalled their ask.
    pub locked: u64,
    /// Cancels, changes and removals of orders that nobody had added.
    pub unknown: u64,
    /// Orders added under a number that another one had.
    pub replaced: u64,
    /// Cancels of more than was there.
    pub overdrawn: u64,
    /// Clears of a side, of both, or of a part.
    pub clears: u64,
    /// Rows of snapshots.
    pub snapshot_rows: u64,
    /// Rows before which others are missing.
    pub gaps: u64,
    /// Levels and orders of neither side; passed over.
    pub sideless: u64,
    /// Rows of an unknown kind, without a price or a size, or with one that cannot be; passed over.
    pub refused: u64,
}

impl BookCounts {
    /// What happened is over: how does the book stand?
    pub(crate) fn look(&mut self, bid: Option<i64>, ask: Option<i64>) {
        let (Some(bid), Some(ask)) = (bid, ask) else { return };
        self.crossed += u64::from(bid > ask);
        self.locked += u64::from(bid == ask);
    }

    pub(crate) fn take_flags(&mut self, flags: RowFlags) {
        self.snapshot_rows += u64::from(flags.has(RowFlags::SNAPSHOT));
        self.gaps += u64::from(flags.has(RowFlags::GAP));
    }

    /// What deserves a word, in words; clears and snapshots are nothing odd.
    pub fn notes(&self) -> Vec<String> {
        let all = [
            (self.crossed, "books crossed"),
            (self.locked, "books locked"),
            (self.gaps, "gaps in the rows of the book"),
            (self.unknown, "changes of orders that were never added"),
            (self.replaced, "orders added under a number in use"),
            (self.overdrawn, "cancels of more than an order held"),
            (self.sideless, "rows of neither side passed over"),
            (self.refused, "rows passed over that no book can hold"),
        ];
        all.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{what}: {count}")).collect()
    }
}
