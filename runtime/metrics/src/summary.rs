//! Everything a run amounts to: the `summary` of `report.json`.

use gbc_core::{Money, Nanos};
use gbc_portfolio::{EquityPoint, Trade};

use crate::activity::{Activity, ActivityStats, of_activity, years};
use crate::drawdown::{DrawdownStats, Falls, deepest_fall, of_falls};
use crate::excursions::{ExcursionStats, of_excursions};
use crate::figure::{Entry, Figure, Undefined, figures};
use crate::moments::{ShapeStats, shape};
use crate::months::{MonthStats, day_of_close, months, of_months};
use crate::returns::{ReturnStats, growth_rate, of_returns};
use crate::significance::{SignificanceStats, significance};
use crate::tail::{TailStats, tails};
use crate::trades::{TradeStats, of_trades};

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
    /// What fills cost more than at the prices of the data.
    pub slippage: Money,
    /// Orders sent.
    pub orders: usize,
    /// Fills received.
    pub fills: usize,
    /// How often lots were closed because margin was missing.
    pub margin_calls: usize,
    /// The first event.
    pub first: Nanos,
    /// The last event.
    pub last: Nanos,
}

figures! {
    /// The account at the end, in units of the currency.
    AccountStats {
        /// netPnl before fees
        gross_pnl: f64 = "grossPnl",
        /// Equity at the end less equity at the start: open trades count at their marks
        net_pnl: f64 = "netPnl",
        /// Largest fall of equity from a peak, over all equity points; positive
        max_drawdown: f64 = "maxDrawdown",
        /// Fees paid, positive
        fees: f64 = "fees",
        /// What fills cost more than at the prices of the data, as the profile has it; positive, and within every result
        slippage: f64 = "slippage",
        /// Cash at the start
        start_equity: f64 = "startEquity",
        /// Cash and open positions at the end
        final_equity: f64 = "finalEquity",
        /// Trades still open
        open_trades: usize = "openTrades",
        /// Orders sent
        orders: usize = "orders",
        /// Fills received
        fills: usize = "fills",
        /// How often all lots were closed because the account had less than their maintenance margin
        margin_calls: usize = "marginCalls",
        /// (E_T / E_0)^(1/years) - 1, years of 365.25 days between first and last event
        cagr_calendar: Figure = "cagrCalendar",
        /// A: days that make a year, 365 if data come on weekends too, else 252
        days_a_year: f64 = "daysAYear",
    }
}

/// Money in units of the currency, ratios as fractions, drawdowns positive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// The account at the end.
    pub account: AccountStats,
    /// What closed trades tell.
    pub trades: TradeStats,
    /// What daily returns tell.
    pub returns: ReturnStats,
    /// How the account fell.
    pub drawdowns: DrawdownStats,
    /// Time, turnover and costs.
    pub activity: ActivityStats,
    /// How far prices went while trades were open.
    pub excursions: ExcursionStats,
    /// Calendar months.
    pub months: MonthStats,
    /// How bad bad days are.
    pub tails: TailStats,
    /// The shape of daily returns.
    pub shape: ShapeStats,
    /// Whether it may have been luck.
    pub significance: SignificanceStats,
}

/// A group of a summary, as people look for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// What it is about.
    pub title: &'static str,
    /// Its figures.
    pub entries: Vec<Entry>,
}

impl Summary {
    /// All figures with names and definitions, in the order of `report.json`.
    pub fn groups(&self) -> Vec<Group> {
        let group = |title, entries| Group { title, entries };
        vec![
            group("Account", self.account.entries()),
            group("Trades", self.trades.entries()),
            group("Returns", self.returns.entries()),
            group("Drawdowns", self.drawdowns.entries()),
            group("Time, turnover and costs", self.activity.entries()),
            group("Excursions", self.excursions.entries()),
            group("Months", self.months.entries()),
            group("Tails", self.tails.entries()),
            group("Shape of returns", self.shape.entries()),
            group("Significance", self.significance.entries()),
        ]
    }

    /// The figures of all groups, one after the other.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        self.groups().into_iter().flat_map(|group| group.entries)
    }
}

/// Of a run in which nothing happened.
impl Default for Summary {
    fn default() -> Summary {
        let nothing = Money::ZERO;
        summarize(&Record {
            start: nothing,
            trades: &[],
            equity: &[],
            closes: &[],
            traded: nothing,
            fees: nothing,
            slippage: nothing,
            orders: 0,
            fills: 0,
            margin_calls: 0,
            first: Nanos(0),
            last: Nanos(0),
        })
    }
}

/// Puts the numbers of a run together.
pub fn summarize(record: &Record<'_>) -> Summary {
    let (start, closes) = (record.start, record.closes);
    let points: Vec<Money> = std::iter::once(start).chain(record.equity.iter().map(|point| point.equity)).collect();
    let finally = points[points.len() - 1];
    let (net, gross) = (finally - start, finally - start + record.fees);
    let a = days_a_year(closes);
    let lost = lost(start, closes);
    // Returns on nothing are nothing: a lost account has none, from its first day on.
    let r = lost.map_or_else(|| daily_returns(start, closes), |_| Vec::new());
    let trades = of_trades(record.trades);
    let mut returns = of_returns(&r, a);
    if let Some(why) = lost {
        (returns.total, returns.cagr) = (Err(why), Err(why));
    }
    let path: Vec<EquityPoint> =
        std::iter::once(EquityPoint { time: record.first, equity: start }).chain(closes.iter().copied()).collect();
    let (first, last, fees) = (record.first, record.last, record.fees);
    Summary {
        account: AccountStats {
            gross_pnl: gross.to_f64(),
            net_pnl: net.to_f64(),
            max_drawdown: deepest_fall(&points).to_f64(),
            fees: fees.to_f64(),
            slippage: record.slippage.to_f64(),
            start_equity: start.to_f64(),
            final_equity: finally.to_f64(),
            open_trades: record.trades.len() - trades.count,
            orders: record.orders,
            fills: record.fills,
            margin_calls: record.margin_calls,
            cagr_calendar: growth_rate(growth(start, finally), years(first, last)),
            days_a_year: a,
        },
        trades,
        drawdowns: of_falls(&Falls { points: &points, closes: &path, net, cagr: returns.cagr }),
        returns,
        activity: of_activity(&Activity {
            trades: record.trades,
            first,
            last,
            start,
            traded: record.traded,
            fees,
            gross,
        }),
        excursions: of_excursions(record.trades),
        months: of_months(&months(start, closes)),
        tails: tails(&r),
        shape: shape(&r),
        significance: significance(&r),
    }
}

fn growth(from: Money, to: Money) -> Figure {
    if from <= Money::ZERO { Err(Undefined::NoCapital) } else { Ok(to.to_f64() / from.to_f64()) }
}

/// Why there are no returns, if the account stood at zero or below before the last close.
fn lost(start: Money, closes: &[EquityPoint]) -> Option<Undefined> {
    let before_last = closes.iter().rev().skip(1).any(|close| close.equity <= Money::ZERO);
    match (start <= Money::ZERO, before_last) {
        (true, _) => Some(Undefined::NoCapital),
        (false, true) => Some(Undefined::CapitalLost),
        (false, false) => None,
    }
}

/// Returns from close to close, the first from the starting cash.
fn daily_returns(start: Money, closes: &[EquityPoint]) -> Vec<f64> {
    let before = std::iter::once(start).chain(closes.iter().map(|close| close.equity));
    before.zip(closes).map(|(old, new)| new.equity.to_f64() / old.to_f64() - 1.0).collect()
}

/// 365 for a market that also trades on weekends, 252 for all others.
fn days_a_year(closes: &[EquityPoint]) -> f64 {
    // 1970 began on a Thursday: days 2 and 3 of each seven are a weekend.
    let is_weekend = |close: &EquityPoint| matches!(day_of_close(close.time).rem_euclid(7), 2 | 3);
    if closes.iter().any(is_weekend) { 365.0 } else { 252.0 }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use gbc_core::time::DAY;

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
            slippage: Money::ZERO,
            orders: 1,
            fills: 1,
            margin_calls: 0,
            first: Nanos(0),
            last: Nanos(DAY),
        }
    }

    #[test]
    fn a_loss_on_the_first_day_is_a_drawdown() {
        let summary = summarize(&record(&[point(5, 90), point(6, 95), point(7, 80)]));
        let account = summary.account;
        assert_eq!((account.max_drawdown, account.net_pnl, account.gross_pnl), (20.0, -20.0, -18.0));
        assert_eq!((account.final_equity, summary.activity.turnover), (80.0, Ok(0.0)));
        assert_eq!(summary.drawdowns.deepest, Ok(0.2));
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
        assert_eq!(
            (summary.returns.sharpe, summary.returns.cagr),
            (Err(Undefined::FewDays), Err(Undefined::CapitalLost))
        );
        assert_eq!(summary.drawdowns.calmar, Err(Undefined::CapitalLost));
    }

    #[test]
    fn every_figure_has_a_name_and_a_definition_of_its_own() {
        let summary = Summary::default();
        let names: BTreeSet<&str> = summary.entries().map(|entry| entry.name).collect();
        assert_eq!(names.len(), summary.entries().count());
        for entry in summary.entries() {
            assert!(entry.name.chars().all(|c| c.is_ascii_alphanumeric()) && !entry.definition.is_empty(), "{entry:?}");
        }
        // The contract of the command line.
        for name in
            "grossPnl netPnl winRate avgRR maxDrawdown tradeCount largestWin largestLoss avgHoldDurationSec fees \
                     sharpe sortino calmar cagr volatility skew kurtosis profitFactor exposure turnover"
                .split_whitespace()
        {
            assert!(names.contains(name), "{name}");
        }
    }
}
