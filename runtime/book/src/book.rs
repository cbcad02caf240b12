//! Best prices and last price of one market.
//!
//! Nobody asks for the book at every row, so `seek` looks backwards for the last row that says anything and skips the rest.

use gbc_core::{Block, Column, NA, Nanos, RowFlags, Schema};
use serde::{Deserialize, Serialize};

/// A price of one side, and what is shown there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// In ticks.
    pub price: i64,
    /// In lot steps; `NA` where the block does not tell.
    pub size: i64,
    /// How many orders; `NA` where nobody told.
    pub orders: i64,
}

/// What is known of one market.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Best bid; `None` while nobody bids.
    pub bid: Option<Level>,
    /// Best ask; `None` while nobody offers.
    pub ask: Option<Level>,
    /// Price of the last trade or bar, in ticks.
    pub last: Option<i64>,
    /// When the last bar closed.
    pub bar_end: Option<Nanos>,
}

impl Book {
    /// Takes in one row.
    pub fn apply(&mut self, block: &Block, row: usize) {
        self.seek(block, row, row + 1);
    }

    /// Takes in rows `from..to` at once: the state is the one after applying each of them.
    pub fn seek(&mut self, block: &Block, from: usize, to: usize) {
        match block.schema {
            Schema::Bars { .. } => self.seek_bars(block, from, to),
            Schema::L1 => {
                self.seek_quotes(block, from, to);
                self.seek_trades(block, from, to);
            }
            Schema::Depth | Schema::Orders => {
                self.seek_shown(block, from, to);
                self.seek_trades(block, from, to);
            }
        }
    }

    /// A bar opened: until it is finished its open is the last price.
    pub fn open_at(&mut self, price: i64) {
        self.last = Some(price);
    }

    /// Best bid and best ask.
    pub fn best(&self) -> [Option<Level>; 2] {
        [self.bid, self.ask]
    }

    /// What one is worth now, in half ticks: the mid while both sides are there, else the last price.
    pub fn mark_half_ticks(&self) -> Option<i64> {
        match (self.bid, self.ask) {
            (Some(bid), Some(ask)) => Some(bid.price.saturating_add(ask.price)),
            _ => self.last.map(|price| price.saturating_mul(2)),
        }
    }

    fn seek_bars(&mut self, block: &Block, from: usize, to: usize) {
        if from < to {
            self.bar_end = Some(block.time_of(to - 1));
        }
        let carries = |row: &usize| block.value(Column::Close, *row) != NA;
        if let Some(row) = (from..to).rev().find(carries) {
            self.last = Some(block.value(Column::Close, row));
        }
    }

    fn seek_quotes(&mut self, block: &Block, from: usize, to: usize) {
        if let Some(row) = (from..to).rev().find(|row| carries_quote(block, *row)) {
            self.bid = level(block, row, Column::BidPx, Column::BidSz);
            self.ask = level(block, row, Column::AskPx, Column::AskSz);
        }
    }

    /// The best prices of levels and orders stand behind the rows that make their book whole: see `Follower`.
    fn seek_shown(&mut self, block: &Block, from: usize, to: usize) {
        let is_whole = |row: &usize| block.flags(*row).has(RowFlags::LAST) && is_ours(block, *row);
        if let Some(row) = (from..to).rev().find(is_whole) {
            self.bid = level(block, row, Column::BidPx, Column::BidSz);
            self.ask = level(block, row, Column::AskPx, Column::AskSz);
        }
    }

    fn seek_trades(&mut self, block: &Block, from: usize, to: usize) {
        if block.column(Column::Px).is_empty() {
            return;
        }
        let carries = |row: &usize| block.is_trade(*row) && block.value(Column::Px, *row) != NA && is_ours(block, *row);
        if let Some(row) = (from..to).rev().find(carries) {
            self.last = Some(block.value(Column::Px, row));
        }
    }
}

/// A trade row may repeat the quote before it; a quote row always speaks, if only to say that a side is empty.
fn carries_quote(block: &Block, row: usize) -> bool {
    let speaks = |column| block.value(column, row) != NA;
    !block.is_trade(row) || speaks(Column::BidPx) || speaks(Column::AskPx)
}

fn level(block: &Block, row: usize, price: Column, size: Column) -> Option<Level> {
    let told = block.value(price, row);
    (told != NA).then(|| Level { price: told, size: block.value(size, row), orders: NA })
}

/// Whether we saw this row too, and not the exchange alone.
fn is_ours(block: &Block, row: usize) -> bool {
    !block.flags(row).has(RowFlags::EXCH_ONLY)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of `(kind, bid, ask, trade)`.
    fn ticks(rows: &[(i64, i64, i64, i64)]) -> Block {
        let mut block = Block::new(0, Schema::L1);
        for (at, (kind, bid, ask, trade)) in rows.iter().enumerate() {
            block.time.push(at as i64);
            let columns = [(Column::Kind, kind), (Column::BidPx, bid), (Column::AskPx, ask), (Column::Px, trade)];
            for (column, value) in columns {
                block.column_mut(column).push(*value);
            }
        }
        block
    }

    fn mixed_ticks() -> Block {
        let rows: Vec<_> = (0..200_i64)
            .map(|i| match i * 7919 % 5 {
                0 => (1, NA, NA, 100 + i % 7),
                1 => (1, 100 + i % 3, 103, 101),
                2 => (0, NA, 104, NA),
                3 => (0, NA, NA, NA),
                _ => (0, 99 + i % 4, 104, NA),
            })
            .collect();
        ticks(&rows)
    }

    #[test]
    fn seeking_is_applying_each_row() {
        let block = mixed_ticks();
        for (from, to) in [(0, 200), (3, 4), (10, 60), (61, 61), (7, 13)] {
            let mut walked = Book::default();
            walked.seek(&block, 0, from);
            let mut sought = walked.clone();
            (from..to).for_each(|row| walked.apply(&block, row));
            sought.seek(&block, from, to);
            assert_eq!(walked, sought, "{from}..{to}");
        }
    }

    #[test]
    fn a_quote_row_without_prices_empties_the_book() {
        let block = ticks(&[(0, 99, 101, NA), (1, NA, NA, 100), (0, NA, NA, NA)]);
        let mut book = Book::default();
        book.seek(&block, 0, 2);
        assert_eq!(book.mark_half_ticks(), Some(200));
        assert_eq!(book.bid.map(|level| level.price), Some(99));
        book.seek(&block, 2, 3);
        assert_eq!((book.bid, book.ask, book.mark_half_ticks()), (None, None, Some(200)));
    }

    #[test]
    fn a_bar_is_worth_its_close() {
        let mut block = Block::new(0, Schema::Bars { span_ns: 60 });
        block.time = vec![60, 120];
        *block.column_mut(Column::Close) = vec![7, 9];
        let mut book = Book::default();
        book.seek(&block, 0, 2);
        assert_eq!((book.mark_half_ticks(), book.bar_end), (Some(18), Some(Nanos(120))));
    }
}
