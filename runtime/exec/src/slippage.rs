//! How much worse than the data say an order fills that takes and names no limit: market orders, and stops once called.
//!
//! Data show prices at which others traded. Ours would have come on top of them, and late.

use gbc_portfolio::Side;
use serde::{Deserialize, Serialize};

use crate::floor::{Floor, Met};
use crate::purse::Purse;

/// How an order moves the price against itself, in basis points for a million traded at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Impact {
    /// Not at all.
    #[default]
    None,
    /// In proportion: twice as far for two millions.
    Linear(f64),
    /// With the square root: twice as far for four millions.
    SquareRoot(f64),
}

impl Impact {
    fn bps(self, millions: f64) -> f64 {
        match self {
            Impact::None => 0.0,
            Impact::Linear(bps) => bps * millions,
            Impact::SquareRoot(bps) => bps * millions.sqrt(),
        }
    }
}

/// What is added to the price of a purchase, and taken from that of a sale: all of these together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Slippage {
    /// So many ticks.
    pub ticks: i64,
    /// So many basis points of the price.
    pub bps: f64,
    /// What comes of the order's own size.
    pub impact: Impact,
}

/// Less of a tick is a mistake of counting, and no reason for a whole one more.
const A_TRIFLE: f64 = 1e-9;

impl Slippage {
    /// Whether there is any.
    pub fn is_none(self) -> bool {
        self == Slippage::default()
    }

    /// The price in ticks at which an order of `millions` fills where data say `price`: on a whole tick, rounded against the
    /// order. Nobody sells for less than a tick what the data sell for more.
    pub fn price(self, side: Side, price: i64, millions: f64) -> i64 {
        let bps = self.bps + self.impact.bps(millions);
        // A price absurd enough to leave this range is held at its end.
        let share = (price.unsigned_abs() as f64 * bps / 10_000.0 - A_TRIFLE).ceil().clamp(0.0, 9.0e15) as i64;
        let worse = price.saturating_add(side.sign().saturating_mul(self.ticks.saturating_add(share)));
        if price > 0 { worse.max(1) } else { worse }
    }

    /// Its rule in a profile's text; nothing where there is none.
    pub(crate) fn rule(self) -> String {
        if self.is_none() {
            return String::new();
        }
        let Slippage { ticks, bps, impact } = self;
        format!("slippage without a limit = ticks {ticks} bps {bps} impact {impact:?}, rounded against the order\n")
    }
}

impl Floor {
    /// What an order pays where data say `met.price`, and how many steps of it are open at that.
    pub(crate) fn price_of(&mut self, index: usize, met: Met, purse: &dyn Purse) -> (i64, i64) {
        let open = self.open_at(index, met.price, purse);
        let order = &self.orders[index];
        if met.maker || self.slippage.is_none() || order.kind.limit().is_some() {
            return (met.price, open);
        }
        let (side, slippage, worth) = (order.side, self.slippage, self.worth);
        let slips = |steps: i64| {
            let traded = (met.price as f64 * steps.min(met.most) as f64 * worth).abs();
            slippage.price(side, met.price, traded / 1e6)
        };
        let price = slips(open);
        if self.orders[index].unsettled.is_none() {
            return (price, open);
        }
        // A share of the account goes by what is really paid; it must not turn the order round.
        let open = self.open_at(index, price, purse);
        let order = &mut self.orders[index];
        if order.side != side {
            (order.side, order.left) = (side, 0);
            return (price, 0);
        }
        (slips(open), open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_and_points_add_up_and_are_rounded_against_the_order() {
        let slippage = Slippage { ticks: 1, bps: 2.0, impact: Impact::None };
        assert_eq!(slippage.price(Side::Buy, 10_000, 0.0), 10_003, "a tick, and two basis points, which are two");
        assert_eq!(slippage.price(Side::Sell, 10_000, 0.0), 9_997);
        assert_eq!(slippage.price(Side::Buy, 10_001, 0.0), 10_005, "a little more is a whole tick");
        assert_eq!(slippage.price(Side::Sell, -10_000, 0.0), -10_003, "prices below zero too");
    }

    #[test]
    fn large_orders_move_the_price() {
        let at = |impact, millions| Slippage { impact, ..Slippage::default() }.price(Side::Buy, 1_000_000, millions);
        assert_eq!(
            [0.0, 1.0, 2.0, 4.0].map(|millions| at(Impact::Linear(1.0), millions) - 1_000_000),
            [0, 100, 200, 400]
        );
        assert_eq!([0.0, 1.0, 4.0].map(|millions| at(Impact::SquareRoot(1.0), millions) - 1_000_000), [0, 100, 200]);
    }

    #[test]
    fn a_sale_never_costs_more_than_it_brings() {
        let slippage = Slippage { ticks: 5, ..Slippage::default() };
        assert_eq!(slippage.price(Side::Sell, 3, 0.0), 1);
        assert_eq!(slippage.price(Side::Buy, i64::MAX, 0.0), i64::MAX);
    }
}
