//! What closed trades tell. A win is a trade with a result above zero, a loss one below; zero is neither.

use gbc_core::time::SECOND;
use gbc_core::{Money, maths};
use gbc_portfolio::{Side, Trade};

use crate::figure::{Figure, Undefined, figures, finite, over};
use crate::sums::{mean, sum_of};

figures! {
    /// Numbers of closed trades. Results are after fees, in units of the currency.
    TradeStats {
        /// Closed trades
        count: usize = "tradeCount",
        /// Closed trades with a result above zero
        wins: usize = "winCount",
        /// Closed trades with a result below zero
        losses: usize = "lossCount",
        /// Wins as a share of closed trades
        win_rate: Figure = "winRate",
        /// Sum of wins / |sum of losses|
        profit_factor: Figure = "profitFactor",
        /// Mean result of a closed trade
        expectancy: Figure = "expectancy",
        /// Mean of the wins
        average_win: Figure = "averageWin",
        /// Mean of the losses, negative
        average_loss: Figure = "averageLoss",
        /// averageWin / |averageLoss|
        payoff: Figure = "payoffRatio",
        /// Mean of result / |averageLoss|: without a stop, the average loss is the risk taken
        average_rr: Figure = "avgRR",
        /// The best result, if it is a win
        largest_win: Figure = "largestWin",
        /// The worst result, negative, if it is a loss
        largest_loss: Figure = "largestLoss",
        /// Mean time from entry to exit
        average_hold_sec: Figure = "avgHoldDurationSec",
        /// Longest time from entry to exit
        longest_hold_sec: Figure = "maxHoldDurationSec",
        /// √(min(n, 100)) mean / sd of results, sd dividing by n - 1: the system quality number
        sqn: Figure = "sqn",
        /// √n mean / sd of results
        t: Figure = "tOfTrades",
        /// winRate - (1 - winRate) / payoffRatio: the share of the account that would have grown fastest, each loss taking the whole stake
        kelly: Figure = "kellyOfTrades",
        /// Most wins in a row, in the order of exits
        win_streak: usize = "maxConsecutiveWins",
        /// Most losses in a row, in the order of exits
        loss_streak: usize = "maxConsecutiveLosses",
        /// Wald and Wolfowitz's z of wins and losses: below zero they come in streaks, above zero they take turns, beyond 2 hardly by chance
        runs_z: Figure = "runsZ",
        /// Closed long trades
        long_count: usize = "longTrades",
        /// Closed short trades
        short_count: usize = "shortTrades",
        /// Sum of the results of long trades
        long_pnl: f64 = "longPnl",
        /// Sum of the results of short trades
        short_pnl: f64 = "shortPnl",
    }
}

/// The numbers of the closed ones among `trades`, which stand in the order of their exits.
pub fn of_trades(trades: &[Trade]) -> TradeStats {
    let closed: Vec<&Trade> = trades.iter().filter(|trade| trade.exit.is_some()).collect();
    let results: Vec<Money> = closed.iter().map(|trade| trade.pnl).collect();
    let pick = |sign: i128| -> Vec<Money> { results.iter().copied().filter(|pnl| pnl.0.signum() == sign).collect() };
    let (wins, losses) = (pick(1), pick(-1));
    let (won, lost) = (total(&wins), total(&losses));
    let (n, of) = (closed.len() as f64, |count: usize| count as f64);
    let expectancy = over(total(&results), n, Undefined::NoTrades);
    let win_rate = over(of(wins.len()), n, Undefined::NoTrades);
    let missing = |why| if closed.is_empty() { Undefined::NoTrades } else { why };
    let average_win = over(won, of(wins.len()), missing(Undefined::NoWins));
    let average_loss = over(lost, of(losses.len()), missing(Undefined::NoLosses));
    let payoff = average_win.and_then(|win| over(win, average_loss?.abs(), Undefined::NoLosses));
    let quality = mean_over_deviation(&results);
    let holds: Vec<f64> = closed.iter().filter_map(|trade| hold_sec(trade)).collect();
    let side = |side: Side| closed.iter().filter(move |trade| trade.side == side);
    let of_side = |wanted: Side| total(&side(wanted).map(|trade| trade.pnl).collect::<Vec<_>>());
    TradeStats {
        count: closed.len(),
        wins: wins.len(),
        losses: losses.len(),
        win_rate,
        profit_factor: over(won, lost.abs(), missing(Undefined::NoLosses)),
        expectancy,
        average_win,
        average_loss,
        payoff,
        average_rr: average_loss.and_then(|loss| over(expectancy?, loss.abs(), Undefined::NoLosses)),
        largest_win: wins.iter().max().map(|pnl| pnl.to_f64()).ok_or(missing(Undefined::NoWins)),
        largest_loss: losses.iter().min().map(|pnl| pnl.to_f64()).ok_or(missing(Undefined::NoLosses)),
        average_hold_sec: if holds.is_empty() { Err(Undefined::NoTrades) } else { finite(mean(&holds)) },
        longest_hold_sec: holds.iter().copied().reduce(maths::max).ok_or(Undefined::NoTrades),
        sqn: quality.map(|quality| maths::sqrt(maths::min(n, 100.0)) * quality),
        t: quality.map(|quality| maths::sqrt(n) * quality),
        kelly: win_rate.and_then(|rate| finite(rate - over(1.0 - rate, payoff?, Undefined::NoWins)?)),
        win_streak: streak(&results, 1),
        loss_streak: streak(&results, -1),
        runs_z: runs_z(&results),
        long_count: side(Side::Buy).count(),
        short_count: side(Side::Sell).count(),
        long_pnl: of_side(Side::Buy),
        short_pnl: of_side(Side::Sell),
    }
}

/// From entry to exit; `None` while open.
pub fn hold_sec(trade: &Trade) -> Option<f64> {
    let exit = trade.exit?.time;
    Some((i128::from(exit.0) - i128::from(trade.entry_time.0)) as f64 / SECOND as f64)
}

fn total(amounts: &[Money]) -> f64 {
    amounts.iter().copied().sum::<Money>().to_f64()
}

fn mean_over_deviation(results: &[Money]) -> Figure {
    if results.len() < 2 {
        return Err(if results.is_empty() { Undefined::NoTrades } else { Undefined::FewTrades });
    }
    if results.iter().all(|pnl| *pnl == results[0]) {
        return Err(Undefined::NoVariation);
    }
    let results: Vec<f64> = results.iter().map(|pnl| pnl.to_f64()).collect();
    let average = mean(&results);
    let squares = sum_of(&results, |x| (x - average) * (x - average));
    over(average, maths::sqrt(squares / (results.len() - 1) as f64), Undefined::NoVariation)
}

/// The most results of one sign in a row.
fn streak(results: &[Money], sign: i128) -> usize {
    results.split(|pnl| pnl.0.signum() != sign).map(<[Money]>::len).max().unwrap_or(0)
}

fn runs_z(results: &[Money]) -> Figure {
    let signs: Vec<i128> = results.iter().map(|pnl| pnl.0.signum()).filter(|sign| *sign != 0).collect();
    let wins = signs.iter().filter(|sign| **sign > 0).count() as f64;
    let n = signs.len() as f64;
    let losses = n - wins;
    if signs.is_empty() {
        return Err(Undefined::NoTrades);
    }
    if wins == 0.0 || losses == 0.0 {
        return Err(if wins == 0.0 { Undefined::NoWins } else { Undefined::NoLosses });
    }
    let runs = 1.0 + signs.windows(2).filter(|pair| pair[0] != pair[1]).count() as f64;
    let expected = 2.0 * wins * losses / n + 1.0;
    let variance = over((expected - 1.0) * (expected - 2.0), n - 1.0, Undefined::FewTrades)?;
    over(runs - expected, maths::sqrt(variance), Undefined::FewTrades)
}

#[cfg(test)]
pub(crate) mod sample;

#[cfg(test)]
mod tests {
    use super::sample::trade;
    use super::*;

    #[test]
    fn wins_and_losses_are_told_apart() {
        let trades = [trade(0, Some(10), 30), trade(10, Some(12), -10), trade(12, Some(15), 0), trade(20, None, 99)];
        let stats = of_trades(&trades);
        assert_eq!((stats.count, stats.win_rate, stats.average_hold_sec), (3, Ok(1.0 / 3.0), Ok(5.0)));
        assert_eq!((stats.largest_win, stats.largest_loss, stats.profit_factor), (Ok(30.0), Ok(-10.0), Ok(3.0)));
        assert_eq!((stats.average_loss, stats.average_rr), (Ok(-10.0), Ok(20.0 / 3.0 / 10.0)));
        assert_eq!((stats.payoff, stats.kelly), (Ok(3.0), Ok(1.0 / 3.0 - (1.0 - 1.0 / 3.0) / 3.0)));
        assert_eq!((stats.long_count, stats.long_pnl, stats.short_pnl), (3, 20.0, 0.0));
    }

    #[test]
    fn nothing_closed_tells_nothing() {
        let stats = of_trades(&[trade(0, None, 5)]);
        assert_eq!((stats.count, stats.win_rate), (0, Err(Undefined::NoTrades)));
        assert!(stats.entries().iter().all(|entry| match entry.told {
            crate::Told::Count(count) => count == 0,
            crate::Told::Figure(figure) => figure == Err(Undefined::NoTrades) || figure == Ok(0.0),
        }));
    }

    #[test]
    fn only_wins_have_no_loss_to_compare_with() {
        let stats = of_trades(&[trade(0, Some(1), 5), trade(1, Some(2), 6)]);
        assert_eq!((stats.profit_factor, stats.average_rr), (Err(Undefined::NoLosses), Err(Undefined::NoLosses)));
        assert_eq!((stats.win_streak, stats.loss_streak, stats.runs_z), (2, 0, Err(Undefined::NoLosses)));
    }

    #[test]
    fn streaks_and_turns_are_opposites() {
        let of = |signs: &[i128]| {
            let trades: Vec<Trade> = signs.iter().map(|sign| trade(0, Some(1), *sign)).collect();
            of_trades(&trades)
        };
        let streaks = of(&[1, 1, 1, 1, -1, -1, -1, -1]);
        let turns = of(&[1, -1, 1, -1, 1, -1, 1, -1]);
        assert_eq!((streaks.win_streak, turns.win_streak), (4, 1));
        // Two runs, or eight, where five were to be expected: √(12 / 7) apart from it.
        assert_eq!(streaks.runs_z.map(|z| (z * 1e9) as i64), Ok(-2_291_287_847));
        assert_eq!(turns.runs_z.map(|z| -z), streaks.runs_z);
    }

    #[test]
    fn more_than_a_hundred_trades_do_not_raise_quality() {
        let trades: Vec<Trade> = (0..400).map(|i| trade(0, Some(1), if i % 4 == 0 { -2 } else { 1 })).collect();
        let stats = of_trades(&trades);
        let ratio = stats.t.unwrap() / stats.sqn.unwrap();
        assert!((ratio - 2.0).abs() < 1e-12);
    }
}
