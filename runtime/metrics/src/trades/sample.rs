//! Trades that the tests of this room share.

use gbc_core::time::SECOND;
use gbc_core::{Money, Nanos};
use gbc_portfolio::{Exit, Side, Trade};

/// A long trade from second `entry` to second `exit` with a result in whole units.
pub(crate) fn trade(entry: i64, exit: Option<i64>, pnl: i128) -> Trade {
    let exit = exit.map(|second| Exit { order: 2, time: Nanos(second * SECOND), price: 0 });
    Trade {
        id: 1,
        market: 0,
        side: Side::Buy,
        size: 1,
        entry_order: 1,
        entry_time: Nanos(entry * SECOND),
        entry_price: 0,
        exit,
        fees: Money::ZERO,
        pnl: Money(pnl * Money::ONE.0),
        drawdown: Money::ZERO,
        runup: Money::ZERO,
    }
}
