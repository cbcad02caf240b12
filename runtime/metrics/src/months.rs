//! The account by calendar months: a month's return is the product of its days'.

use gbc_core::time::{DAY, date_of};
use gbc_core::{Money, Nanos, maths};
use gbc_portfolio::EquityPoint;

use crate::figure::{Figure, Undefined, figures, finite};

figures! {
    /// Calendar months with data, in UTC; the first and the last may be cut short.
    MonthStats {
        /// Calendar months with data, in UTC
        months: usize = "months",
        /// Best return of a month
        best: Figure = "bestMonth",
        /// Worst return of a month
        worst: Figure = "worstMonth",
        /// Months with a return above zero as a share of all months
        positive: Figure = "positiveMonths",
    }
}

/// One month's return.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Month {
    /// Its year.
    pub year: i64,
    /// From 1 to 12.
    pub month: i64,
    /// Equity at its last close / equity at the last close before it - 1; none once nothing was left.
    pub gain: Figure,
}

/// Every month in which the account was closed on some day, in order.
pub fn months(start: Money, closes: &[EquityPoint]) -> Vec<Month> {
    let mut found: Vec<(i64, i64, Money, Money)> = Vec::new();
    let mut before = start;
    for close in closes {
        let (year, month, _) = date_of(day_of_close(close.time));
        match found.last_mut() {
            Some(last) if (last.0, last.1) == (year, month) => last.3 = close.equity,
            _ => found.push((year, month, before, close.equity)),
        }
        before = close.equity;
    }
    found.iter().map(|(year, month, from, to)| Month { year: *year, month: *month, gain: gain(*from, *to) }).collect()
}

/// What the months tell.
pub fn of_months(months: &[Month]) -> MonthStats {
    let gains: Result<Vec<f64>, Undefined> = months.iter().map(|month| month.gain).collect();
    let told = |of: fn(&[f64]) -> f64| match &gains {
        Ok(gains) if gains.is_empty() => Err(Undefined::FewDays),
        Ok(gains) => finite(of(gains)),
        Err(why) => Err(*why),
    };
    MonthStats {
        months: months.len(),
        best: told(|gains| gains.iter().copied().fold(f64::NEG_INFINITY, maths::max)),
        worst: told(|gains| gains.iter().copied().fold(f64::INFINITY, maths::min)),
        positive: told(|gains| gains.iter().filter(|gain| **gain > 0.0).count() as f64 / gains.len() as f64),
    }
}

/// The day that a close ends, counted from 1970: it is stamped with the first moment of the next.
pub fn day_of_close(time: Nanos) -> i64 {
    (time.0 - 1).div_euclid(DAY)
}

fn gain(from: Money, to: Money) -> Figure {
    if from <= Money::ZERO { Err(Undefined::CapitalLost) } else { finite(to.to_f64() / from.to_f64() - 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(day: i64, units: i128) -> EquityPoint {
        EquityPoint { time: Nanos((day + 1) * DAY), equity: Money(units * Money::ONE.0) }
    }

    #[test]
    fn days_gather_into_months() {
        let start = Money(100 * Money::ONE.0);
        // 30 and 31 January, 1 February and 1 April 1970.
        let months = months(start, &[close(29, 110), close(30, 120), close(31, 90), close(90, 99)]);
        let told: Vec<_> = months.iter().map(|it| (it.year, it.month)).collect();
        assert_eq!(told, [(1970, 1), (1970, 2), (1970, 4)]);
        let stats = of_months(&months);
        assert_eq!((stats.best, stats.worst, stats.positive), (Ok(1.2 - 1.0), Ok(-0.25), Ok(2.0 / 3.0)));
    }

    #[test]
    fn a_lost_account_has_no_best_month() {
        let months = months(Money(Money::ONE.0), &[close(0, 0), close(40, 5)]);
        assert_eq!(of_months(&months).best, Err(Undefined::CapitalLost));
        assert_eq!(of_months(&[]).best, Err(Undefined::FewDays));
    }
}
