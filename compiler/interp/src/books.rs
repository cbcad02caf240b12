//! Rows of levels and of orders: which clocks they tick.
//!
//! Whoever hands them on has let a book follow them: behind each row that makes it whole stand its best prices.

use gbc_core::{Block, RowFlags, Schema};
use gbc_ir::{Clock, ClockSet};

use crate::Machine;

/// Whether nobody here saw the row: it tells only in which order the exchange did things.
pub(crate) fn is_hidden(block: &Block, row: usize) -> bool {
    matches!(block.schema, Schema::Depth | Schema::Orders) && block.flags(row).has(RowFlags::EXCH_ONLY)
}

impl Machine {
    /// A trade is one wherever it stands; a quote is there when the book is whole, and not between its rows.
    pub(crate) fn take_book_row(&mut self, block: &Block, row: usize) -> ClockSet {
        let traded = if block.is_trade(row) { self.take_trade(block, row) } else { ClockSet::EMPTY };
        let is_whole = block.flags(row).has(RowFlags::LAST);
        if is_whole { traded.union(self.clock(Clock::Quotes(block.market))) } else { traded }
    }
}
