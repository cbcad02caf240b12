//! What a run leaves behind, and why it may end early.

use gbc_core::{Exported, Fault, Nanos, View};
use gbc_data::DataError;
use gbc_exec::{Entry, Order};
use gbc_metrics::Summary;
use gbc_portfolio::{Discrepancy, EquityPoint, Fill, Overflow, Trade};

use crate::PriceSpan;

/// Everything that happened. Whole even when the run was halted: it then ends there.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Every order, as sent.
    pub orders: Vec<Order>,
    /// Every message of every order, as it became known.
    pub journal: Vec<Entry>,
    /// Every fill, as it became known.
    pub fills: Vec<Fill>,
    /// Closed trades by their exits, then open ones at their last marks.
    pub trades: Vec<Trade>,
    /// What the strategy wrote down, in order.
    pub exports: Vec<Exported>,
    /// The account over time: at every fill, and at every bar or minute.
    pub equity: Vec<EquityPoint>,
    /// The account at the end of each UTC day with data, stamped with that end.
    pub closes: Vec<EquityPoint>,
    /// The way of each market's price, thinned for a picture, by `MarketId`.
    pub prices: Vec<Vec<PriceSpan>>,
    /// The first row's time; 1970 without data.
    pub first: Nanos,
    /// The last event's time; 1970 without data.
    pub last: Nanos,
    /// Rows played.
    pub rows: u64,
    /// What the strategy would have known next.
    pub view: View,
    /// The first moment at which the books did not add up, if there is one: a mistake in the machine.
    pub discrepancy: Option<(Nanos, Discrepancy)>,
    /// What was odd in the data, and no error, by feed.
    pub notes: Vec<String>,
    /// The numbers.
    pub summary: Summary,
}

/// The same to the last bit: an undefined average price equals another.
impl PartialEq for Outcome {
    fn eq(&self, other: &Outcome) -> bool {
        self.orders == other.orders
            && self.journal == other.journal
            && self.fills == other.fills
            && self.trades == other.trades
            && self.exports == other.exports
            && self.equity == other.equity
            && self.closes == other.closes
            && self.prices == other.prices
            && self.discrepancy == other.discrepancy
            && (self.first, self.last, self.rows) == (other.first, other.last, other.rows)
            && self.notes == other.notes
            && self.summary == other.summary
            && view_bits(&self.view) == view_bits(&other.view)
    }
}

fn view_bits(view: &View) -> Vec<(i64, u64, i64, i64)> {
    view.markets.iter().map(|it| (it.position, it.avg_price.to_bits(), it.orders, it.fills)).collect()
}

/// Why a run ended before its data did.
#[derive(Debug)]
pub enum Halt {
    /// A feed could not go on.
    Data(DataError),
    /// The strategy broke a rule of its own.
    Fault(Fault),
    /// An amount grew beyond counting.
    Overflow {
        /// The last event before.
        at: Nanos,
        /// What grew, and where.
        overflow: Overflow,
    },
    /// The books did not add up.
    Discrepancy {
        /// When.
        at: Nanos,
        /// By how much.
        discrepancy: Discrepancy,
    },
    /// Somebody asked it to stop.
    Interrupted,
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rows played.
    pub rows: u64,
    /// Where the clock stands.
    pub at: Nanos,
    /// Fills so far.
    pub fills: usize,
}
