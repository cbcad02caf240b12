//! The one screen of a run: the `summary` of `report.json`.

use gbc_core::time::DAY;
use gbc_core::{Money, Nanos};
use gbc_portfolio::{EquityPoint, Trade};
use serde::{Deserialize, Serialize};

use crate::trades::exposure;
use crate::{of_returns, of_trades};

/// What a run left behind.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// Cash at the start.
    pub start: Money,
    /// Closed trades, then open ones.
    pub trades: &'a [Trade],
    /// The account over time.
    pub equity: &'a [EquityPoint],
    /// The account at the close of each day with data, stamped with the day's end.
    pub closes: &'a [EquityPoint],
    /// Worth of all that was traded.
    pub traded: Money,
    /// Fees paid.
    pub fees: Money,
    /// Orders sent.
    pub orders: usize,
    /// Fills received.
    pub fills: usize,
    /// The first event.
    pub first: Nanos,
    /// The last event.
    pub last: Nanos,
}

/// Money in units of the currency, ratios as fractions; `None` is undefined.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// `net_pnl` before fees.
    pub gross_pnl: f64,
    /// Equity at the end less equity at the start: open trades count at their marks.
    pub net_pnl: f64,
    /// Wins as a share of closed trades.
    pub win_rate: Option<f64>,
    /// Mean of result / |average loss| over closed trades.
    #[serde(rename = "avgRR")]
    pub avg_rr: Option<f64>,
    /// Largest fall of equity from a peak, over all equity points; positive.
    pub max_drawdown: f64,
    /// Closed trades.
    pub trade_count: usize,
    /// Best closed result, if above zero.
    pub largest_win: Option<f64>,
    /// Worst closed result, if below zero; negative.
    pub largest_loss: Option<f64>,
    /// Mean time from entry to exit of closed trades.
    pub avg_hold_duration_sec: Option<f64>,
    /// Fees paid, positive.
    pub fees: f64,
    /// Of daily returns, annualised.
    pub sharpe: Option<f64>,
    /// Of daily returns, annualised.
    pub sortino: Option<f64>,
    /// Annual growth / largest daily drawdown.
    pub calmar: Option<f64>,
    /// Annual growth.
    pub cagr: Option<f64>,
    /// Of daily returns, annualised.
    pub volatility: Option<f64>,
    /// Of daily returns.
    pub skew: Option<f64>,
    /// Of daily returns; 3 of a normal series.
    pub kurtosis: Option<f64>,
    /// Wins / |losses|, in money.
    pub profit_factor: Option<f64>,
    /// Share of the time between first and last event with a position.
    pub exposure: Option<f64>,
    /// Worth of all that was traded / equity at the start.
    pub turnover: Option<f64>,
    /// Cash at the start.
    pub start_equity: f64,
    /// Cash and open positions at the end.
    pub final_equity: f64,
    /// Trades still open.
    pub open_trades: usize,
    /// Orders sent.
    pub orders: usize,
    /// Fills received.
    pub fills: usize,
}

/// Puts the numbers of a run together.
pub fn summarize(record: &Record<'_>) -> Summary {
    let finally = record.equity.last().map_or(record.start, |point| point.equity);
    let net = finally - record.start;
    let trades = of_trades(record.trades);
    let returns = daily_returns(record.start, record.closes)
        .map_or_else(Default::default, |r| of_returns(&r, days_a_year(record.closes)));
    Summary {
        gross_pnl: (net + record.fees).to_f64(),
        net_pnl: net.to_f64(),
        win_rate: trades.win_rate,
        avg_rr: trades.average_rr,
        max_drawdown: max_drawdown(record.start, record.equity).to_f64(),
        trade_count: trades.count,
        largest_win: trades.largest_win,
        largest_loss: trades.largest_loss,
        avg_hold_duration_sec: trades.average_hold_sec,
        fees: record.fees.to_f64(),
        sharpe: returns.sharpe,
        sortino: returns.sortino,
        calmar: returns.calmar,
        cagr: returns.cagr,
        volatility: returns.volatility,
        skew: returns.skew,
        kurtosis: returns.kurtosis,
        profit_factor: trades.profit_factor,
        exposure: exposure(record.trades, record.first, record.last),
        turnover: (record.start > Money::ZERO).then(|| record.traded.to_f64() / record.start.to_f64()),
        start_equity: record.start.to_f64(),
        final_equity: finally.to_f64(),
        open_trades: record.trades.len() - trades.count,
        orders: record.orders,
        fills: record.fills,
    }
}

/// Returns from close to close, the first from the starting cash; none once there is nothing left to return on.
fn daily_returns(start: Money, closes: &[EquityPoint]) -> Option<Vec<f64>> {
    let before = std::iter::once(start).chain(closes.iter().map(|close| close.equity));
    let pairs = before.zip(closes);
    pairs.map(|(old, new)| (old > Money::ZERO).then(|| new.equity.to_f64() / old.to_f64() - 1.0)).collect()
}

/// 365 for a market that also trades on weekends, 252 for all others.
fn days_a_year(closes: &[EquityPoint]) -> f64 {
    // 1970 began on a Thursday: days 2 and 3 of each seven are a weekend. A close is stamped with its day's end.
    let is_weekend = |close: &EquityPoint| matches!((close.time.0 - 1).div_euclid(DAY).rem_euclid(7), 2 | 3);
    if closes.iter().any(is_weekend) { 365.0 } else { 252.0 }
}

fn max_drawdown(start: Money, equity: &[EquityPoint]) -> Money {
    let (mut peak, mut worst) = (start, Money::ZERO);
    for point in equity {
        peak = peak.max(point.equity);
        worst = worst.max(peak - point.equity);
    }
    worst
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(day: i64, units: i128) -> EquityPoint {
        EquityPoint { time: Nanos(day * DAY), equity: Money(units * Money::ONE.0) }
    }

    fn record(closes: &[EquityPoint]) -> Record<'_> {
        Record {
            start: Money(100 * Money::ONE.0),
            trades: &[],
            equity: closes,
            closes,
            traded: Money::ZERO,
            fees: Money(2 * Money::ONE.0),
            orders: 1,
            fills: 1,
            first: Nanos(0),
            last: Nanos(DAY),
        }
    }

    #[test]
    fn a_loss_on_the_first_day_is_a_drawdown() {
        let summary = summarize(&record(&[point(5, 90), point(6, 95), point(7, 80)]));
        assert_eq!((summary.max_drawdown, summary.net_pnl, summary.gross_pnl), (20.0, -20.0, -18.0));
        assert_eq!((summary.final_equity, summary.turnover), (80.0, Some(0.0)));
    }

    #[test]
    fn saturday_makes_a_year_of_365_days() {
        // Day 1 is a Friday, and its close is stamped with the first moment of day 2.
        assert_eq!(days_a_year(&[point(2, 1)]), 252.0);
        assert_eq!(days_a_year(&[point(3, 1)]), 365.0);
    }

    #[test]
    fn a_lost_account_has_no_returns() {
        let summary = summarize(&record(&[point(5, 0), point(6, 1)]));
        assert_eq!((summary.sharpe, summary.cagr), (None, None));
    }
}
