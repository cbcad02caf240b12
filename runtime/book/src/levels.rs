//! A book by price: every level has the total size that it was last told.

use gbc_core::{Block, Column, DepthKind, NA, RowFlags};
use serde::{Deserialize, Serialize};

use crate::sides::Held;
use crate::{BookCounts, BookSide, Crossing, Sides};

/// What is known of a level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    size: i64,
    orders: i64,
}

impl Held for Total {
    fn size(&self) -> i64 {
        self.size
    }

    fn orders(&self) -> i64 {
        self.orders
    }
}

/// A book built from `Depth` rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelBook {
    /// What was odd so far.
    pub counts: BookCounts,
    sides: Sides<Total>,
}

impl LevelBook {
    /// An empty book.
    pub fn new(crossing: Crossing) -> LevelBook {
        LevelBook { counts: BookCounts::default(), sides: Sides::new(crossing) }
    }

    /// What it shows.
    pub fn sides(&self) -> &Sides<Total> {
        &self.sides
    }

    /// Takes in one row. The book is whole after those flagged `LAST`.
    pub fn apply(&mut self, block: &Block, row: usize) {
        let value = |column| block.value(column, row);
        let flags = block.flags(row);
        self.counts.take_flags(flags);
        let side = BookSide::of(value(Column::Side));
        match DepthKind::of(value(Column::Kind)) {
            Some(DepthKind::Trade) => {}
            Some(DepthKind::Clear) => self.clear(side, Some(value(Column::Px)).filter(|price| *price != NA)),
            Some(DepthKind::Change | DepthKind::Snapshot) => match side {
                Some(side) => self.tell(side, value(Column::Px), value(Column::Sz), value(Column::Count)),
                None => self.counts.sideless += 1,
            },
            None => self.counts.refused += 1,
        }
        if flags.has(RowFlags::LAST) {
            self.counts.look(self.sides.best_price(BookSide::Bid), self.sides.best_price(BookSide::Ask));
        }
    }

    /// Gives a level a new size, and takes it away at 0; the size that it had before.
    pub fn set(&mut self, side: BookSide, price: i64, size: i64, orders: i64) -> i64 {
        if size == 0 {
            return self.sides.remove(side, price).map_or(0, |total| total.size);
        }
        std::mem::replace(self.sides.reach(side, price), Total { size, orders }).size
    }

    /// Takes away a side, or both; with a side and a price the levels from the best to there.
    pub fn clear(&mut self, side: Option<BookSide>, to: Option<i64>) {
        self.counts.clears += 1;
        self.sides.clear(side, to);
    }

    fn tell(&mut self, side: BookSide, price: i64, size: i64, orders: i64) {
        if price == NA || size < 0 {
            self.counts.refused += 1;
        } else {
            self.set(side, price, size, orders);
        }
    }
}
