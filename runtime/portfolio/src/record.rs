//! The records a run leaves behind. Prices are ticks, quantities lot steps, times nanoseconds.

use gbc_core::{MarketId, Money, Nanos};
use serde::{Deserialize, Serialize};

/// Which way an order or a fill goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Bought.
    Buy,
    /// Sold.
    Sell,
}

impl Side {
    /// 1 for buying, -1 for selling.
    pub fn sign(self) -> i64 {
        match self {
            Side::Buy => 1,
            Side::Sell => -1,
        }
    }

    /// The other one.
    pub fn opposite(self) -> Side {
        match self {
            Side::Buy => Side::Sell,
            Side::Sell => Side::Buy,
        }
    }

    /// The side that changes a position by `steps`.
    pub fn of(steps: i64) -> Side {
        if steps < 0 { Side::Sell } else { Side::Buy }
    }
}

/// Why a fill happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FillReason {
    /// A bar opened at its price or beyond.
    Open,
    /// The bar that it answers closed there.
    Close,
    /// A bar reached its limit.
    Limit,
    /// A bar reached its stop.
    Stop,
    /// It took what was shown at the best price of the other side.
    Touch,
    /// It rested, and a trade at its price was larger than what stood ahead.
    Queue,
    /// It rested, and a trade went beyond its price.
    Through,
    /// It rested, and the other side came to its price.
    Crossed,
}

/// A part of an order, done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fill {
    /// Counts fills of the run from 1.
    pub id: u64,
    /// The order it belongs to.
    pub order: u64,
    /// Its market.
    pub market: MarketId,
    /// When.
    pub time: Nanos,
    /// Which way.
    pub side: Side,
    /// At what price.
    pub price: i64,
    /// How many ticks of that are slippage: the data were better by so much.
    pub slipped: i64,
    /// How much, positive.
    pub size: i64,
    /// What it cost in fees; negative if it was paid for.
    pub fee: Money,
    /// Whether our order was the one that rested.
    pub maker: bool,
    /// Why it happened.
    pub reason: FillReason,
}

/// One entry and its exit, matched first in, first out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trade {
    /// Counts trades of the run from 1, in the order of their exits; open ones come last.
    pub id: u64,
    /// Its market.
    pub market: MarketId,
    /// Buy for a long trade.
    pub side: Side,
    /// How much, positive.
    pub size: i64,
    /// The order that opened it.
    pub entry_order: u64,
    /// When it was opened.
    pub entry_time: Nanos,
    /// At what price.
    pub entry_price: i64,
    /// How it ended; `None` while it is open.
    pub exit: Option<Exit>,
    /// Fees of both sides, each fill's fee shared out by size.
    pub fees: Money,
    /// Result after fees; of an open trade, marked at the last mark.
    pub pnl: Money,
    /// The largest open loss while it was held, before fees, as a positive amount.
    pub drawdown: Money,
    /// The largest open gain while it was held, before fees.
    pub runup: Money,
}

/// How a trade ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    /// The order that closed it.
    pub order: u64,
    /// When.
    pub time: Nanos,
    /// At what price.
    pub price: i64,
}

/// What the account was worth at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EquityPoint {
    /// When.
    pub time: Nanos,
    /// Cash and open positions at their marks.
    pub equity: Money,
}
