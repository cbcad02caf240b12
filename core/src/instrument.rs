//! What is traded: its grid of prices, its grid of sizes, and what one point of one lot is worth.

use serde::{Deserialize, Serialize};

use crate::session::Hours;
use crate::{Money, Ratio};

/// What a fill costs whose order rested, where that is something else; what is negative is paid to us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MakerFees {
    /// For each lot.
    pub per_lot: Money,
    /// As a share of its worth, in billionths.
    pub rate: i64,
}

/// One tradable thing. Prices count ticks, quantities count lot steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instrument {
    /// The name people trade it by: `ES`, `SPY`.
    pub symbol: String,
    /// The smallest step of a price.
    pub tick: Ratio,
    /// The smallest step of a quantity, in lots.
    pub lot: Ratio,
    /// Money for one point of one lot, in units of the currency.
    pub point: Ratio,
    /// The currency of all money: `USD`.
    pub currency: String,
    /// Charged for each lot of each fill, on each side.
    pub fee_per_lot: Money,
    /// Charged on the worth of each fill, on each side, as a share of it: 0.0002.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_rate: Option<Ratio>,
    /// Charged instead of both on fills of orders that rested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maker: Option<MakerFees>,
    /// Its regular trading hours, where they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
}

impl Instrument {
    /// A generic instrument: one lot, one currency unit a point, no fees.
    pub fn generic(symbol: &str, tick: Ratio) -> Instrument {
        Instrument {
            symbol: symbol.to_owned(),
            tick,
            lot: Ratio::ONE,
            point: Ratio::ONE,
            currency: "USD".to_owned(),
            fee_per_lot: Money::ZERO,
            fee_rate: None,
            maker: None,
            hours: None,
        }
    }

    /// The worth of `half_ticks` half ticks on `lot_steps` steps, rounded to the nearest billionth, halves away from zero.
    ///
    /// Half ticks, because positions are marked at the mid.
    pub fn value_of_half_ticks(&self, half_ticks: i64, lot_steps: i64) -> Money {
        let count = i128::from(half_ticks) * i128::from(lot_steps);
        let num = i128::from(self.tick.num) * i128::from(self.lot.num) * i128::from(self.point.num) * Money::ONE.0;
        let den = i128::from(self.tick.den) * i128::from(self.lot.den) * i128::from(self.point.den) * 2;
        Money(divide_to_nearest(count * num, den))
    }

    /// The worth of `ticks` ticks on `lot_steps` steps.
    pub fn value_of_ticks(&self, ticks: i64, lot_steps: i64) -> Money {
        self.value_of_half_ticks(2 * ticks, lot_steps)
    }

    /// The fee for trading `lot_steps` steps, either way.
    pub fn fee(&self, lot_steps: i64) -> Money {
        let steps = i128::from(lot_steps.abs());
        Money(divide_to_nearest(self.fee_per_lot.0 * steps * i128::from(self.lot.num), i128::from(self.lot.den)))
    }
}

fn divide_to_nearest(top: i128, bottom: i128) -> i128 {
    let half = bottom / 2;
    if top >= 0 { (top + half) / bottom } else { (top - half) / bottom }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_of_the_micro_nasdaq_is_worth_half_a_dollar() {
        let mut mnq = Instrument::generic("MNQ", Ratio { num: 1, den: 4 });
        mnq.point = Ratio { num: 2, den: 1 };
        mnq.fee_per_lot = Money(620_000_000);
        assert_eq!(mnq.value_of_ticks(1, 1), Money(500_000_000));
        assert_eq!(mnq.value_of_half_ticks(1, -3), Money(-750_000_000));
        assert_eq!(mnq.fee(-2), Money(1_240_000_000));
    }
}
