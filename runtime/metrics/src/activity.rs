//! How much of the time and how much of the account were at work, and what that cost.

use gbc_core::time::DAY;
use gbc_core::{Money, Nanos, maths};
use gbc_portfolio::{Side, Trade};

use crate::figure::{Figure, Undefined, figures, over};

figures! {
    /// Time, turnover and costs.
    ActivityStats {
        /// Share of the time between first and last event with a position
        exposure: Figure = "exposure",
        /// Share of that time with a long trade open
        long_exposure: Figure = "longExposure",
        /// Share of that time with a short trade open
        short_exposure: Figure = "shortExposure",
        /// Worth of all that was traded, both ways / equity at the start
        turnover: Figure = "turnover",
        /// turnover / years between first and last event, of 365.25 days
        turnover_per_year: Figure = "turnoverPerYear",
        /// fees / worth of all that was traded
        fee_rate: Figure = "feesOfTurnover",
        /// fees / |grossPnl|
        fees_of_gross: Figure = "feesOfGross",
        /// grossPnl / fees: by how much fees could be multiplied before the same fills earn nothing
        break_even_fees: Figure = "breakEvenFees",
    }
}

/// What the account did between two moments.
#[derive(Clone, Copy, Debug)]
pub struct Activity<'a> {
    /// All trades, open ones too.
    pub trades: &'a [Trade],
    /// The first event.
    pub first: Nanos,
    /// The last event.
    pub last: Nanos,
    /// Equity at the start.
    pub start: Money,
    /// Worth of all that was traded.
    pub traded: Money,
    /// Fees paid.
    pub fees: Money,
    /// Result before fees.
    pub gross: Money,
}

/// Time, turnover and costs.
pub fn of_activity(it: &Activity<'_>) -> ActivityStats {
    let side = |side: Side| it.trades.iter().filter(move |trade| trade.side == side);
    let (traded, fees, gross) = (it.traded.to_f64(), it.fees.to_f64(), it.gross.to_f64());
    let turnover = over(traded, it.start.or_zero().to_f64(), Undefined::NoCapital);
    ActivityStats {
        exposure: exposure(it.trades.iter(), it.first, it.last),
        long_exposure: exposure(side(Side::Buy), it.first, it.last),
        short_exposure: exposure(side(Side::Sell), it.first, it.last),
        turnover,
        turnover_per_year: turnover.and_then(|turnover| over(turnover, years(it.first, it.last), Undefined::NoTime)),
        fee_rate: over(fees, traded, Undefined::NothingTraded),
        fees_of_gross: over(fees, gross.abs(), Undefined::NothingTraded),
        break_even_fees: over(gross, fees, Undefined::NoFees),
    }
}

/// The share of `first..last` during which some trade was open.
pub fn exposure<'a>(trades: impl Iterator<Item = &'a Trade>, first: Nanos, last: Nanos) -> Figure {
    let mut spans: Vec<_> = trades.map(|trade| (trade.entry_time, trade.exit.map_or(last, |exit| exit.time))).collect();
    spans.sort_unstable();
    let (mut held, mut until) = (0_i128, first);
    for (entry, exit) in spans {
        held += (i128::from(exit.0) - i128::from(entry.max(until).0)).max(0);
        until = until.max(exit);
    }
    over(held as f64, between(first, last), Undefined::NoTime)
}

/// Years of 365.25 days.
pub fn years(first: Nanos, last: Nanos) -> f64 {
    maths::divide(between(first, last) / DAY as f64, 365.25)
}

fn between(first: Nanos, last: Nanos) -> f64 {
    (i128::from(last.0) - i128::from(first.0)) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trades::sample::trade;
    use gbc_core::time::SECOND;

    #[test]
    fn time_in_the_market_counts_once() {
        let trades = [trade(0, Some(4), 1), trade(2, Some(5), 1), trade(8, None, 1)];
        assert_eq!(exposure(trades.iter(), Nanos(0), Nanos(10 * SECOND)), Ok(0.7));
        assert_eq!(exposure(trades.iter(), Nanos(0), Nanos(0)), Err(Undefined::NoTime));
    }

    #[test]
    fn costs_are_held_against_what_was_moved_and_won() {
        let whole = |units: i128| Money(units * Money::ONE.0);
        let it = Activity {
            trades: &[],
            first: Nanos(0),
            last: Nanos(1461 * DAY / 4),
            start: whole(100),
            traded: whole(400),
            fees: whole(2),
            gross: whole(-8),
        };
        let stats = of_activity(&it);
        assert_eq!((stats.turnover, stats.turnover_per_year, stats.fee_rate), (Ok(4.0), Ok(4.0), Ok(0.005)));
        assert_eq!((stats.fees_of_gross, stats.break_even_fees), (Ok(0.25), Ok(-4.0)));
        let broke = of_activity(&Activity { start: whole(-1), fees: Money::ZERO, ..it });
        assert_eq!((broke.turnover, broke.break_even_fees), (Err(Undefined::NoCapital), Err(Undefined::NoFees)));
    }
}
