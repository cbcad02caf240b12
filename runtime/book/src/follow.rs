//! A book kept along a feed, and what it shows written beside the rows.
//!
//! Strategies and marks read a book at rows of their own choosing, and some run in loops that know columns only. So whoever
//! hands a block on lets the book follow it first: behind every row that makes the book whole stand the best prices and sizes
//! after it. No row tells of a later one, and a reader needs no book.

use gbc_core::{Block, Column, NA, RowFlags, Schema};

use crate::{BookCounts, BookSide, Crossing, Level, LevelBook, OrderBook};

/// A book that follows a feed of levels or of orders.
#[derive(Clone, Debug)]
pub struct Follower {
    book: Either,
}

#[derive(Clone, Debug)]
enum Either {
    Levels(LevelBook),
    Orders(OrderBook),
}

/// The columns that it fills, side by side: price and size of the best bid and ask.
const TOUCH: [Column; 4] = [Column::BidPx, Column::BidSz, Column::AskPx, Column::AskSz];

impl Follower {
    /// A book for such rows; `None` for rows that carry their best prices, or none.
    pub fn new(schema: Schema, crossing: Crossing) -> Option<Follower> {
        let book = match schema {
            Schema::Bars { .. } | Schema::L1 => return None,
            Schema::Depth => Either::Levels(LevelBook::new(crossing)),
            Schema::Orders => Either::Orders(OrderBook::new(crossing)),
        };
        Some(Follower { book })
    }

    /// Takes in all rows of the next block, and writes the best prices into it.
    pub fn follow(&mut self, block: &mut Block) {
        let mut shown = TOUCH.map(|column| std::mem::take(block.column_mut(column)));
        shown.iter_mut().for_each(Vec::clear);
        for row in 0..block.len() {
            let flags = block.flags(row);
            let told = if flags.has(RowFlags::EXCH_ONLY) { [NA; 4] } else { self.take(block, row, flags) };
            shown.iter_mut().zip(told).for_each(|(column, value)| column.push(value));
        }
        TOUCH.into_iter().zip(shown).for_each(|(column, values)| *block.column_mut(column) = values);
    }

    /// What was odd so far.
    pub fn counts(&self) -> BookCounts {
        match &self.book {
            Either::Levels(book) => book.counts,
            Either::Orders(book) => book.counts,
        }
    }

    fn take(&mut self, block: &Block, row: usize, flags: RowFlags) -> [i64; 4] {
        match &mut self.book {
            Either::Levels(book) => book.apply(block, row),
            Either::Orders(book) => book.apply(block, row),
        }
        if !flags.has(RowFlags::LAST) {
            return [NA; 4];
        }
        let [bid, ask] = [BookSide::Bid, BookSide::Ask].map(|side| self.best(side));
        let (price, size) = (
            |level: Option<Level>| level.map_or(NA, |it| it.price),
            |level: Option<Level>| level.map_or(NA, |it| it.size),
        );
        [price(bid), size(bid), price(ask), size(ask)]
    }

    fn best(&self, side: BookSide) -> Option<Level> {
        match &self.book {
            Either::Levels(book) => book.sides().best(side),
            Either::Orders(book) => book.sides().best(side),
        }
    }
}
