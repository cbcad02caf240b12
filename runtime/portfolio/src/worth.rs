//! What ticks and lots are worth, worked out once for each instrument: marking happens at every bar.

use std::fmt;

use gbc_core::{Instrument, MarketId, Money};
use serde::{Deserialize, Serialize};

/// Amounts stop here (10^21 units of a currency), far enough from the end of `i128` that sums cannot reach it.
const LIMIT: i128 = 1 << 100;

/// Something grew beyond what an account can count. The run stops there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow {
    /// In which market.
    pub market: MarketId,
    /// What grew.
    pub what: &'static str,
}

impl fmt::Display for Overflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} is too large to count", self.what)
    }
}

impl std::error::Error for Overflow {}

/// Prices of one instrument in billionths, as fractions in lowest terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worth {
    half_tick: Fraction,
    /// What who takes pays.
    taker: Fees,
    /// What who rested pays, where that is something else.
    maker: Option<Fees>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Fees {
    per_step: Fraction,
    /// Of the worth of what is traded.
    rate: Option<Fraction>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Fraction {
    num: i128,
    den: i128,
}

impl Worth {
    /// The scales of an instrument; `None` if they are beyond counting.
    pub fn of(instrument: &Instrument) -> Option<Worth> {
        let (tick, lot, point) = (instrument.tick, instrument.lot, instrument.point);
        let num = product([tick.num.into(), lot.num.into(), point.num.into(), Money::ONE.0])?;
        let den = product([tick.den.into(), lot.den.into(), point.den.into(), 2])?;
        let per_step = |per_lot: Money| Some(lowest(product([per_lot.0, lot.num.into()])?, lot.den.into()));
        let rate = instrument.fee_rate.map(|rate| lowest(rate.num.into(), rate.den.into()));
        let taker = Fees { per_step: per_step(instrument.fee_per_lot)?, rate };
        let maker = match instrument.maker {
            None => None,
            Some(fees) => {
                let rate = (fees.rate != 0).then(|| lowest(fees.rate.into(), Money::ONE.0));
                Some(Fees { per_step: per_step(fees.per_lot)?, rate })
            }
        };
        Some(Worth { half_tick: lowest(num, den), taker, maker })
    }

    /// The worth of `half_ticks` half ticks on `steps` lot steps: `Instrument::value_of_half_ticks`, without overflow.
    pub fn of_half_ticks(&self, half_ticks: i128, steps: i64) -> Option<Money> {
        times(half_ticks.checked_mul(i128::from(steps))?, self.half_tick)
    }

    /// The same, held at the limit: a mark that absurd must not stop a report.
    pub fn at_mark(&self, half_ticks: i128, steps: i64) -> Money {
        let sign = half_ticks.signum() * i128::from(steps.signum());
        self.of_half_ticks(half_ticks, steps).unwrap_or(Money(sign * LIMIT))
    }

    /// The fee for trading `steps` lot steps at a price in ticks, either way; `maker` if the order rested.
    pub fn fee(&self, steps: i64, price: i64, maker: bool) -> Option<Money> {
        let fees = self.maker.filter(|_| maker).unwrap_or(self.taker);
        let by_lot = times(i128::from(steps).abs(), fees.per_step)?;
        let Some(rate) = fees.rate else { return Some(by_lot) };
        let worth = self.of_half_ticks(2 * i128::from(price), steps)?;
        Some(by_lot + times(worth.0.abs(), rate)?)
    }
}

fn product<const N: usize>(factors: [i128; N]) -> Option<i128> {
    factors.into_iter().try_fold(1_i128, i128::checked_mul)
}

fn lowest(num: i128, den: i128) -> Fraction {
    let (mut a, mut b) = (num.abs(), den);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    Fraction { num: num / a, den: den / a }
}

/// Rounded to the nearest billionth, halves away from zero.
fn times(count: i128, scale: Fraction) -> Option<Money> {
    let top = count.checked_mul(scale.num)?;
    // Nearly always: a division of 128 bits at every bar would be felt.
    let amount = if scale.den == 1 { top } else { top.checked_add(top.signum() * (scale.den / 2))? / scale.den };
    (amount.abs() <= LIMIT).then_some(Money(amount))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gbc_core::Ratio;

    #[test]
    fn it_agrees_with_the_instrument_to_the_billionth() {
        let mut coin = Instrument::generic("BTC", Ratio { num: 1, den: 100 });
        coin.lot = Ratio { num: 1, den: 100_000_000 };
        coin.fee_per_lot = Money(1_234_567_890);
        let worth = Worth::of(&coin).unwrap();
        for (half_ticks, steps) in [(1, 1), (1, 5), (-1, 5), (1, -15), (9_999_999, 123_456_789), (10, 1)] {
            let asked = worth.of_half_ticks(half_ticks.into(), steps).unwrap();
            assert_eq!(asked, coin.value_of_half_ticks(half_ticks, steps), "{half_ticks} {steps}");
            assert_eq!(worth.fee(steps, 1, false).unwrap(), coin.fee(steps));
        }
    }

    #[test]
    fn a_fee_may_go_by_what_is_traded() {
        let mut share = Instrument::generic("GOOG", Ratio { num: 1, den: 100 });
        share.fee_rate = Some(Ratio { num: 2, den: 1000 });
        let fee = Worth::of(&share).unwrap().fee(-97, 10_234, true);
        assert_eq!(fee, Some(Money(19_853_960_000)), "97 at 102.34, two per mille");
    }

    #[test]
    fn who_rests_may_be_paid_for_it() {
        let mut coin = Instrument::generic("BTC", Ratio { num: 1, den: 100 });
        coin.fee_per_lot = Money(Money::ONE.0);
        coin.maker = Some(gbc_core::MakerFees { per_lot: Money(500_000_000), rate: -100_000 });
        let worth = Worth::of(&coin).unwrap();
        assert_eq!(worth.fee(2, 1_000_000, false), Some(Money(2 * Money::ONE.0)));
        assert_eq!(worth.fee(2, 1_000_000, true), Some(Money(-Money::ONE.0)), "1 by lot, and 2 back on 20,000");
    }

    #[test]
    fn what_cannot_be_counted_is_said() {
        let worth = Worth::of(&Instrument::generic("X", Ratio::ONE)).unwrap();
        assert_eq!(worth.of_half_ticks(i128::from(i64::MAX) * 2, i64::MAX), None);
        assert_eq!(worth.at_mark(i128::from(i64::MAX), -i64::MAX), Money(-LIMIT));
    }
}
