//! What closed trades tell. A win is a trade with a result above zero, a loss one below; zero is neither.

use gbc_core::time::SECOND;
use gbc_core::{Money, Nanos, maths};
use gbc_portfolio::Trade;

use crate::returns::told;
use crate::sums::mean;

/// Numbers of the closed trades, in units of the currency.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TradeStats {
    /// How many closed.
    pub count: usize,
    /// Wins as a share of all.
    pub win_rate: Option<f64>,
    /// Mean of the losses, negative.
    pub average_loss: Option<f64>,
    /// Mean of result / |average loss|: without a stop, the average loss is the risk taken.
    pub average_rr: Option<f64>,
    /// The best result, if it is a win.
    pub largest_win: Option<f64>,
    /// The worst result, negative, if it is a loss.
    pub largest_loss: Option<f64>,
    /// Mean time from entry to exit, in seconds.
    pub average_hold_sec: Option<f64>,
    /// Sum of wins / |sum of losses|; none without losses.
    pub profit_factor: Option<f64>,
}

/// The numbers of the closed ones among `trades`.
pub fn of_trades(trades: &[Trade]) -> TradeStats {
    let closed: Vec<&Trade> = trades.iter().filter(|trade| trade.exit.is_some()).collect();
    let results: Vec<f64> = closed.iter().map(|trade| trade.pnl.to_f64()).collect();
    let wins: Vec<Money> = closed.iter().map(|trade| trade.pnl).filter(|pnl| pnl.0 > 0).collect();
    let losses: Vec<Money> = closed.iter().map(|trade| trade.pnl).filter(|pnl| pnl.0 < 0).collect();
    let average_loss = maths::divide(total(&losses), losses.len() as f64);
    let holds: Vec<f64> = closed.iter().map(|trade| hold_sec(trade)).collect();
    TradeStats {
        count: closed.len(),
        win_rate: told(maths::divide(wins.len() as f64, closed.len() as f64)),
        average_loss: told(average_loss),
        average_rr: told(maths::divide(mean(&results), average_loss.abs())),
        largest_win: wins.iter().max().map(|pnl| pnl.to_f64()),
        largest_loss: losses.iter().min().map(|pnl| pnl.to_f64()),
        average_hold_sec: told(mean(&holds)),
        profit_factor: told(maths::divide(total(&wins), total(&losses).abs())),
    }
}

/// The share of `first..last` during which some trade was open; none if that is no time at all.
pub fn exposure(trades: &[Trade], first: Nanos, last: Nanos) -> Option<f64> {
    let mut spans: Vec<_> =
        trades.iter().map(|trade| (trade.entry_time, trade.exit.map_or(last, |exit| exit.time))).collect();
    spans.sort_unstable();
    let (mut held, mut until) = (0_i128, first);
    for (entry, exit) in spans {
        held += (i128::from(exit.0) - i128::from(entry.max(until).0)).max(0);
        until = until.max(exit);
    }
    told(maths::divide(held as f64, (i128::from(last.0) - i128::from(first.0)) as f64))
}

fn total(amounts: &[Money]) -> f64 {
    amounts.iter().copied().sum::<Money>().to_f64()
}

fn hold_sec(trade: &Trade) -> f64 {
    let end = trade.exit.map_or(trade.entry_time, |exit| exit.time);
    (i128::from(end.0) - i128::from(trade.entry_time.0)) as f64 / SECOND as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use gbc_portfolio::{Exit, Side};

    fn trade(entry: i64, exit: Option<i64>, pnl: i128) -> Trade {
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
        }
    }

    #[test]
    fn wins_and_losses_are_told_apart() {
        let trades = [trade(0, Some(10), 30), trade(10, Some(12), -10), trade(12, Some(15), 0), trade(20, None, 99)];
        let stats = of_trades(&trades);
        assert_eq!((stats.count, stats.win_rate, stats.average_hold_sec), (3, Some(1.0 / 3.0), Some(5.0)));
        assert_eq!((stats.largest_win, stats.largest_loss, stats.profit_factor), (Some(30.0), Some(-10.0), Some(3.0)));
        assert_eq!((stats.average_loss, stats.average_rr), (Some(-10.0), Some(20.0 / 3.0 / 10.0)));
    }

    #[test]
    fn nothing_closed_tells_nothing() {
        let stats = of_trades(&[trade(0, None, 5)]);
        assert_eq!(stats, TradeStats::default());
    }

    #[test]
    fn time_in_the_market_counts_once() {
        let trades = [trade(0, Some(4), 1), trade(2, Some(5), 1), trade(8, None, 1)];
        assert_eq!(exposure(&trades, Nanos(0), Nanos(10 * SECOND)), Some(0.7));
        assert_eq!(exposure(&trades, Nanos(0), Nanos(0)), None);
    }
}
