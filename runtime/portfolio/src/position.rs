//! One market's open quantity: its average price, and the lots it is made of, first in, first out.

use std::collections::VecDeque;

use gbc_core::{MarketId, Money, Nanos};
use serde::{Deserialize, Serialize};

use crate::{Exit, Fill, Side, Trade, Worth};

/// What we hold of one market.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Open quantity in lot steps; negative when short.
    pub steps: i64,
    /// Average price of it in ticks, meaningless while flat. Closing a part leaves it as it was.
    pub avg_ticks: f64,
    lots: VecDeque<Lot>,
}

/// What is left of one entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Lot {
    order: u64,
    time: Nanos,
    price: i64,
    size: i64,
    fee: Money,
    /// The lowest and the highest price seen while held, in half ticks.
    low: i128,
    high: i128,
}

impl Position {
    /// Takes in a fill: what it closes becomes trades, what is left of it opens a lot.
    pub(crate) fn apply(&mut self, fill: &Fill, worth: &Worth, trades: &mut Vec<Trade>) {
        let (mut left, mut fee) = (fill.size, fill.fee);
        while left > 0 && self.steps.signum() == -fill.side.sign() {
            let part = self.close_part(fill, &mut left, &mut fee, worth, trades.len() as u64 + 1);
            trades.push(part);
        }
        if left > 0 {
            self.open(fill, left, fee);
        }
    }

    /// Lets every open lot remember how far prices went, in half ticks.
    pub(crate) fn observe(&mut self, low: i64, high: i64) {
        for lot in &mut self.lots {
            lot.see(low.into());
            lot.see(high.into());
        }
    }

    /// What is open, as trades without an exit, marked at `mark` or, where there is none, at their entry.
    pub(crate) fn open_trades(&self, market: MarketId, mark: Option<i64>, worth: &Worth, trades: &mut Vec<Trade>) {
        let side = Side::of(self.steps);
        for lot in &self.lots {
            let mut lot = lot.clone();
            let mark = mark.map_or(2 * i128::from(lot.price), i128::from);
            lot.see(mark);
            let id = trades.len() as u64 + 1;
            trades.push(lot.trade(id, market, side, lot.size, lot.fee, mark, worth));
        }
    }

    fn close_part(&mut self, fill: &Fill, left: &mut i64, fee: &mut Money, worth: &Worth, id: u64) -> Trade {
        let side = Side::of(self.steps);
        let lot = self.lots.front_mut().expect("an open position has lots");
        let part = lot.size.min(*left);
        let fees = share(&mut lot.fee, lot.size, part) + share(fee, *left, part);
        let price = 2 * i128::from(fill.price);
        lot.see(price);
        let mut trade = lot.trade(id, fill.market, side, part, fees, price, worth);
        trade.exit = Some(Exit { order: fill.order, time: fill.time, price: fill.price });
        lot.size -= part;
        if lot.size == 0 {
            self.lots.pop_front();
        }
        *left -= part;
        self.steps -= side.sign() * part;
        trade
    }

    fn open(&mut self, fill: &Fill, size: i64, fee: Money) {
        let held = self.steps.abs() as f64;
        let total = self.avg_ticks * held + fill.price as f64 * size as f64;
        self.avg_ticks = total / (held + size as f64);
        self.steps += fill.side.sign() * size;
        let seen = 2 * i128::from(fill.price);
        let lot = Lot { order: fill.order, time: fill.time, price: fill.price, size, fee, low: seen, high: seen };
        self.lots.push_back(lot);
    }
}

impl Lot {
    fn see(&mut self, price: i128) {
        self.low = self.low.min(price);
        self.high = self.high.max(price);
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a trade row has many parts, and this is the one place that fills it"
    )]
    fn trade(&self, id: u64, market: MarketId, side: Side, size: i64, fees: Money, out: i128, worth: &Worth) -> Trade {
        let (worst, best) = if side == Side::Buy { (self.low, self.high) } else { (self.high, self.low) };
        let gain_at = |mark: i128| worth.at_mark(mark - 2 * i128::from(self.price), side.sign() * size);
        Trade {
            id,
            market,
            side,
            size,
            entry_order: self.order,
            entry_time: self.time,
            entry_price: self.price,
            exit: None,
            fees,
            pnl: gain_at(out) - fees,
            drawdown: (-gain_at(worst)).or_zero(),
            runup: gain_at(best).or_zero(),
        }
    }
}

/// Takes the share of `part` out of `whole`. The last part takes what is left, so that shares add up to the fee.
fn share(fee: &mut Money, whole: i64, part: i64) -> Money {
    let (whole, part) = (i128::from(whole), i128::from(part));
    // Quotient and rest apart: their products stay within 128 bits.
    let taken = Money(fee.0 / whole * part + fee.0 % whole * part / whole);
    *fee -= taken;
    taken
}
