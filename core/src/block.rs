//! Events as blocks of columns: whole ticks, whole lot steps, nanoseconds.
//!
//! A block holds rows of one feed, in time order. Replay walks a run of rows `from..to` and touches only the columns it needs.

use serde::{Deserialize, Serialize};

use crate::{Column, MarketId, Nanos, RowFlags, RowKind};

/// No value: an empty side of the book, a price that a row does not carry.
pub const NA: i64 = i64::MIN;

/// How many rows a block holds unless somebody asks otherwise.
pub const DEFAULT_BLOCK_ROWS: usize = 4096;

/// What the rows of a feed are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Schema {
    /// Finished bars; a row's time is the bar's close.
    Bars {
        /// The length of every bar.
        span_ns: i64,
    },
    /// Best bid and ask, and trades; a row's time is its receipt.
    L1,
    /// Sizes at price levels, and trades: a book by price. `DepthKind` says what a row is.
    Depth,
    /// Single orders, and trades: a book by order. `OrderAction` says what a row is.
    Orders,
}

impl Schema {
    /// Whether its rows are bars.
    pub fn is_bars(self) -> bool {
        matches!(self, Schema::Bars { .. })
    }

    /// Whether its rows build a book of several levels.
    pub fn has_levels(self) -> bool {
        matches!(self, Schema::Depth | Schema::Orders)
    }
}

/// Rows of one feed, column by column. Columns that the feed does not have, or nobody reads, are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Whose events these are.
    pub market: MarketId,
    /// What the rows are.
    pub schema: Schema,
    /// When we knew each row, ascending.
    pub time: Vec<i64>,
    columns: [Vec<i64>; Column::COUNT],
}

impl Block {
    /// A block without rows.
    pub fn new(market: MarketId, schema: Schema) -> Block {
        Block { market, schema, time: Vec::new(), columns: std::array::from_fn(|_| Vec::new()) }
    }

    /// How many rows it holds.
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// Whether it holds no row.
    pub fn is_empty(&self) -> bool {
        self.time.is_empty()
    }

    /// All values of a column; empty where the block does not hold it.
    pub fn column(&self, column: Column) -> &[i64] {
        &self.columns[column as usize]
    }

    /// The column, to be filled; it must end up as long as `time`, or empty.
    pub fn column_mut(&mut self, column: Column) -> &mut Vec<i64> {
        &mut self.columns[column as usize]
    }

    /// One value; `NA` where the block does not hold the column.
    pub fn value(&self, column: Column, row: usize) -> i64 {
        self.columns[column as usize].get(row).copied().unwrap_or(NA)
    }

    /// The time of a row.
    pub fn time_of(&self, row: usize) -> Nanos {
        Nanos(self.time[row])
    }

    /// Whether a row is a trade; no bar is.
    pub fn is_trade(&self, row: usize) -> bool {
        self.value(Column::Kind, row) == RowKind::Trade as i64
    }

    /// What else is said of a row of a book.
    pub fn flags(&self, row: usize) -> RowFlags {
        match self.value(Column::Flags, row) {
            NA => RowFlags::LAST,
            bits => RowFlags(bits),
        }
    }

    /// Forgets all rows and keeps the memory.
    pub fn clear(&mut self) {
        self.time.clear();
        self.columns.iter_mut().for_each(Vec::clear);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_flags_every_row_is_the_last_of_what_happened() {
        let mut block = Block::new(0, Schema::Orders);
        block.time = vec![1, 2];
        assert!(block.flags(1).has(RowFlags::LAST) && !block.flags(1).has(RowFlags::GAP));
        *block.column_mut(Column::Flags) = vec![RowFlags::SNAPSHOT.0, RowFlags::LAST.with(RowFlags::GAP).0];
        assert_eq!([0, 1].map(|row| block.flags(row).has(RowFlags::LAST)), [false, true]);
        assert!(!block.flags(1).has(RowFlags::LAST.with(RowFlags::SNAPSHOT)));
    }
}
