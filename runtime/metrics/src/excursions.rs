//! How far prices went against trades and with them, and how much of the way was kept. All before fees.

use gbc_core::Money;
use gbc_portfolio::Trade;

use crate::figure::{Figure, Undefined, figures, finite, over};
use crate::sums::{mean, sum};

figures! {
    /// Excursions of closed trades, in units of the currency, before fees.
    ExcursionStats {
        /// Mean of the worst open results; zero or below
        average_mae: Figure = "averageMae",
        /// Mean of the best open results; zero or above
        average_mfe: Figure = "averageMfe",
        /// Mean of what was given back of the best open result, mfe - result
        average_etd: Figure = "averageEtd",
        /// Σ mfe / Σ |mae|: how much further prices went with trades than against them
        edge_ratio: Figure = "edgeRatio",
        /// Mean of mfe / (mfe - mae): 1 if every entry was at the best price seen
        entry_efficiency: Figure = "entryEfficiency",
        /// Mean of (result - mae) / (mfe - mae): 1 if every exit was at the best price seen
        exit_efficiency: Figure = "exitEfficiency",
        /// Mean of result / (mfe - mae): 1 if trades took the whole way
        total_efficiency: Figure = "totalEfficiency",
    }
}

/// One trade's excursions, in units of the currency, before fees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Excursion {
    /// Maximum adverse excursion: the worst open result; zero or below.
    pub mae: f64,
    /// Maximum favourable excursion: the best open result; zero or above.
    pub mfe: f64,
    /// End trade drawdown: how far the result stands below the best one.
    pub etd: f64,
    /// mfe / (mfe - mae).
    pub entry_efficiency: Figure,
    /// (result - mae) / (mfe - mae).
    pub exit_efficiency: Figure,
    /// result / (mfe - mae).
    pub total_efficiency: Figure,
}

impl Excursion {
    /// Of a trade, closed or open.
    pub fn of(trade: &Trade) -> Excursion {
        let gross = trade.pnl + trade.fees;
        let range = (trade.runup + trade.drawdown).to_f64();
        let share = |part: Money| over(part.to_f64(), range, Undefined::NoExcursion);
        Excursion {
            mae: 0.0 - trade.drawdown.to_f64(),
            mfe: trade.runup.to_f64(),
            etd: (trade.runup - gross).to_f64(),
            entry_efficiency: share(trade.runup),
            exit_efficiency: share(gross + trade.drawdown),
            total_efficiency: share(gross),
        }
    }
}

/// The excursions of the closed ones among `trades`.
pub fn of_excursions(trades: &[Trade]) -> ExcursionStats {
    let closed = trades.iter().filter(|trade| trade.exit.is_some());
    let each: Vec<Excursion> = closed.map(Excursion::of).collect();
    let all = |of: fn(&Excursion) -> f64| each.iter().map(of).collect::<Vec<f64>>();
    let average = |of: fn(&Excursion) -> f64| {
        if each.is_empty() { Err(Undefined::NoTrades) } else { finite(mean(&all(of))) }
    };
    let efficiency = |of: fn(&Excursion) -> Figure| {
        let known: Vec<f64> = each.iter().filter_map(|it| of(it).ok()).collect();
        match (each.is_empty(), known.is_empty()) {
            (true, _) => Err(Undefined::NoTrades),
            (false, true) => Err(Undefined::NoExcursion),
            (false, false) => finite(mean(&known)),
        }
    };
    ExcursionStats {
        average_mae: average(|it| it.mae),
        average_mfe: average(|it| it.mfe),
        average_etd: average(|it| it.etd),
        edge_ratio: average(|it| it.mae)
            .and_then(|_| over(sum(&all(|it| it.mfe)), sum(&all(|it| -it.mae)), Undefined::NoExcursion)),
        entry_efficiency: efficiency(|it| it.entry_efficiency),
        exit_efficiency: efficiency(|it| it.exit_efficiency),
        total_efficiency: efficiency(|it| it.total_efficiency),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trades::sample::trade;

    fn moved(down: i128, up: i128, pnl: i128, fees: i128) -> Trade {
        let whole = |units: i128| Money(units * Money::ONE.0);
        Trade { drawdown: whole(down), runup: whole(up), fees: whole(fees), ..trade(0, Some(1), pnl) }
    }

    #[test]
    fn a_trade_keeps_a_part_of_its_way() {
        // Went 2 against us and 8 with us; we left at 5 and paid 1.
        let told = Excursion::of(&moved(2, 8, 4, 1));
        assert_eq!((told.mae, told.mfe, told.etd), (-2.0, 8.0, 3.0));
        assert_eq!((told.entry_efficiency, told.exit_efficiency, told.total_efficiency), (Ok(0.8), Ok(0.7), Ok(0.5)));
    }

    #[test]
    fn all_trades_together_have_an_edge() {
        let stats = of_excursions(&[moved(2, 8, 4, 1), moved(2, 0, -2, 0)]);
        assert_eq!((stats.average_mae, stats.average_mfe, stats.edge_ratio), (Ok(-2.0), Ok(4.0), Ok(2.0)));
        assert_eq!(stats.entry_efficiency, Ok(0.4));
    }

    #[test]
    fn a_price_that_stands_still_tells_nothing() {
        assert_eq!(of_excursions(&[moved(0, 0, 0, 0)]).edge_ratio, Err(Undefined::NoExcursion));
        assert_eq!(of_excursions(&[]).average_mae, Err(Undefined::NoTrades));
    }
}
