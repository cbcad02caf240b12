//! The account: cash, fees, positions, and the trades that are done.
//!
//! Buying takes the whole price out of cash, so equity is cash plus what the positions would fetch at their marks, and
//! a fill at the mark moves equity by its fee alone.

use gbc_core::maths::UNDEFINED;
use gbc_core::{Instrument, MarketId, Money, Ratio};
use serde::{Deserialize, Serialize};

use crate::{Fill, Overflow, Position, Side, Trade, Worth};

/// The account of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Portfolio {
    /// Cash, after everything bought, sold and charged. Negative while more is bought than there was.
    pub cash: Money,
    /// Fees paid so far.
    pub fees: Money,
    /// The worth of everything traded so far, both ways added up.
    pub traded: Money,
    /// Open quantities, by market.
    pub positions: Vec<Position>,
    /// What was opened and closed, in the order of exits.
    pub trades: Vec<Trade>,
    worths: Vec<Worth>,
    ticks: Vec<Ratio>,
    lots: Vec<Ratio>,
}

impl Portfolio {
    /// An account with `cash` and no position.
    pub fn new(instruments: &[Instrument], cash: Money) -> Result<Portfolio, Overflow> {
        let worth =
            |(market, instrument)| Worth::of(instrument).ok_or(Overflow { market, what: "scale of the instrument" });
        Ok(Portfolio {
            cash,
            fees: Money::ZERO,
            traded: Money::ZERO,
            positions: vec![Position::default(); instruments.len()],
            trades: Vec::new(),
            ticks: instruments.iter().map(|it| it.tick).collect(),
            lots: instruments.iter().map(|it| it.lot).collect(),
            worths: instruments.iter().enumerate().map(worth).collect::<Result<_, _>>()?,
        })
    }

    /// The fee for trading `size` lot steps at a price in ticks; `maker` if the order rested.
    pub fn fee(&self, market: MarketId, size: i64, price: i64, maker: bool) -> Result<Money, Overflow> {
        self.worths[market].fee(size, price, maker).ok_or(Overflow { market, what: "fee" })
    }

    /// Books a fill. Nothing is changed if it is beyond counting.
    pub fn apply(&mut self, fill: &Fill) -> Result<(), Overflow> {
        let market = fill.market;
        let (worth, position) = (&self.worths[market], &mut self.positions[market]);
        let signed = fill.side.sign() * fill.size;
        position.steps.checked_add(signed).ok_or(Overflow { market, what: "position" })?;
        let price = worth
            .of_half_ticks(2 * i128::from(fill.price), signed)
            .ok_or(Overflow { market, what: "worth of a fill" })?;
        self.cash -= price + fill.fee;
        self.fees += fill.fee;
        self.traded += Money(price.0.abs());
        position.apply(fill, worth, &mut self.trades);
        Ok(())
    }

    /// Average price of the open quantity in points; undefined while flat.
    pub fn avg_price(&self, market: MarketId) -> f64 {
        let position = &self.positions[market];
        let tick = self.ticks[market];
        if position.steps == 0 { UNDEFINED } else { position.avg_ticks * tick.num as f64 / tick.den as f64 }
    }

    /// A price in points.
    pub fn points(&self, market: MarketId, ticks: i64) -> f64 {
        self.ticks[market].times(ticks)
    }

    /// A quantity in lots.
    pub fn lots(&self, market: MarketId, steps: i64) -> f64 {
        self.lots[market].times(steps)
    }

    /// What the open position of a market has won or lost at `mark` half ticks, fees aside.
    pub fn open_result(&self, market: MarketId, mark: Option<i64>) -> Money {
        let position = &self.positions[market];
        let paid = self.worths[market].at_mark((2.0 * position.avg_ticks) as i128, position.steps);
        if position.steps == 0 { Money::ZERO } else { self.value(market, mark) - paid }
    }

    /// The cash that would be there if the position of a market were closed at a price in ticks, its fee paid.
    pub fn cash_after_closing(&self, market: MarketId, price: i64) -> Money {
        let steps = self.positions[market].steps;
        let fee = self.worths[market].fee(steps, price, false).unwrap_or(Money::ZERO);
        self.cash + self.worths[market].at_mark(2 * i128::from(price), steps) - fee
    }

    /// What a fill cost more than at the price of the data.
    pub fn slippage(&self, fill: &Fill) -> Option<Money> {
        self.worths[fill.market].of_half_ticks(2 * i128::from(fill.slipped), fill.size)
    }

    /// What `per_lot` and a share of their worth come to for lot steps at a mark, either way.
    pub fn required(
        &self,
        market: MarketId,
        steps: i64,
        mark: Option<i64>,
        per_lot: Money,
        share: Option<Ratio>,
    ) -> Money {
        let part = |of: i128, ratio: Ratio| of.saturating_mul(ratio.num.into()) / i128::from(ratio.den);
        let by_lot = part(per_lot.0.saturating_mul(steps.unsigned_abs().into()), self.lots[market]);
        let by_worth = share.map_or(0, |share| part(self.value_of(market, steps, mark).0.abs(), share));
        Money(by_lot.saturating_add(by_worth))
    }

    /// The equity that would be there if the position of a market were closed at a price in ticks, its fee paid.
    pub fn equity_at(&self, marks: &[Option<i64>], market: MarketId, price: i64) -> Money {
        let others = marks.iter().enumerate().filter(|(other, _)| *other != market);
        self.cash_after_closing(market, price) + others.map(|(other, mark)| self.value(other, *mark)).sum()
    }

    /// What a fill would move the cash by, its fee paid; nothing where that is beyond counting.
    pub fn cash_moved(&self, market: MarketId, side: Side, size: i64, price: i64, maker: bool) -> Money {
        let paid = self.worths[market].at_mark(2 * i128::from(price), side.sign() * size);
        -paid - self.worths[market].fee(size, price, maker).unwrap_or(Money::ZERO)
    }

    /// The steps, negative to be short, that `share` of so much money buys at a price in ticks with the fee on top; whole
    /// lots of the smallest step, never more than the money pays for.
    pub fn steps_for(&self, market: MarketId, money: Money, share: f64, price: i64) -> i64 {
        let cost = |steps: i64| {
            let worth = self.worths[market].of_half_ticks(2 * i128::from(price), steps)?;
            Some(worth.0.abs() + self.worths[market].fee(steps, price, false)?.0)
        };
        let budget = money.0 as f64 * share.abs();
        let one = cost(1).filter(|one| *one > 0);
        let (Some(one), true) = (one, budget > 0.0 && budget < 1e30) else { return 0 };
        // A guess from one step, then to the very last step that fits.
        let fits = |steps: i64| cost(steps).is_some_and(|cost| cost <= budget as i128);
        let mut steps = ((budget / one as f64) as i64).max(0);
        while steps > 0 && !fits(steps) {
            steps -= 1 + steps / 1_000_000;
        }
        while fits(steps + 1) {
            steps += 1;
        }
        if share < 0.0 { -steps } else { steps }
    }

    /// The price that a position is valued at, in half ticks: its mark; without one, what it cost on average.
    pub fn mark(&self, market: MarketId, mark: Option<i64>) -> i128 {
        mark.map_or_else(|| (2.0 * self.positions[market].avg_ticks) as i128, i128::from)
    }

    /// What the position of a market fetches at `mark` half ticks.
    pub fn value(&self, market: MarketId, mark: Option<i64>) -> Money {
        self.value_of(market, self.positions[market].steps, mark)
    }

    /// What so many steps of a market would fetch at `mark` half ticks.
    pub fn value_of(&self, market: MarketId, steps: i64, mark: Option<i64>) -> Money {
        if steps == 0 { Money::ZERO } else { self.worths[market].at_mark(self.mark(market, mark), steps) }
    }

    /// Cash and all positions at their marks, in half ticks by market.
    pub fn equity(&self, marks: &[Option<i64>]) -> Money {
        let values = marks.iter().enumerate().map(|(market, mark)| self.value(market, *mark));
        self.cash + values.sum()
    }

    /// Lets open trades of a market see that prices went from `low` to `high`, in half ticks.
    pub fn observe(&mut self, market: MarketId, low: i64, high: i64) {
        self.positions[market].observe(low, high);
    }

    /// All trades: the closed ones, then the open ones at their marks.
    pub fn all_trades(&self, marks: &[Option<i64>]) -> Vec<Trade> {
        let mut trades = self.trades.clone();
        for (market, mark) in marks.iter().enumerate() {
            self.positions[market].open_trades(market, *mark, &self.worths[market], &mut trades);
        }
        trades
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FillReason, Side};
    use gbc_core::Nanos;

    fn account() -> Portfolio {
        let mut mnq = Instrument::generic("MNQ", Ratio { num: 1, den: 4 });
        mnq.point = Ratio { num: 2, den: 1 };
        mnq.fee_per_lot = Money(620_000_001);
        Portfolio::new(&[mnq], Money(1_000_000_000_000)).unwrap()
    }

    fn trade(account: &mut Portfolio, id: u64, steps: i64, price: i64) {
        let fee = account.fee(0, steps, price, false).unwrap();
        let (time, side, reason) = (Nanos(id as i64), Side::of(steps), FillReason::Touch);
        let fill = Fill {
            id,
            order: id,
            market: 0,
            time,
            side,
            price,
            slipped: 0,
            size: steps.abs(),
            fee,
            maker: false,
            reason,
        };
        account.apply(&fill).unwrap();
    }

    #[test]
    fn a_fill_at_the_mark_moves_equity_by_its_fee_alone() {
        let mut account = account();
        for (id, (steps, price)) in [(3, 400), (-1, 410), (-7, 390), (2, 377), (9, 401)].into_iter().enumerate() {
            let marks = [Some(2 * price)];
            let before = account.equity(&marks);
            let fee = account.fee(0, steps, price, false).unwrap();
            trade(&mut account, id as u64 + 1, steps, price);
            assert_eq!(account.equity(&marks), before - fee);
        }
    }

    #[test]
    fn trades_add_up_to_the_change_of_equity() {
        let mut account = account();
        for (id, (steps, price)) in [(3, 400), (4, 402), (-5, 410), (-7, 390), (1, 377)].into_iter().enumerate() {
            trade(&mut account, id as u64 + 1, steps, price);
        }
        let marks = [Some(755)];
        let trades = account.all_trades(&marks);
        let pnl: Money = trades.iter().map(|trade| trade.pnl).sum();
        assert_eq!(account.equity(&marks), Money(1_000_000_000_000) + pnl);
        assert_eq!(trades.iter().map(|trade| trade.fees).sum::<Money>(), account.fees);
        assert_eq!(
            trades.iter().map(|trade| trade.exit.is_some()).collect::<Vec<_>>(),
            [true, true, true, true, false]
        );
    }

    #[test]
    fn a_flip_closes_and_opens_at_the_same_fill() {
        let mut account = account();
        trade(&mut account, 1, 1, 400);
        trade(&mut account, 2, -3, 404);
        let trades = account.all_trades(&[Some(808)]);
        assert_eq!(trades[0].exit.map(|exit| (exit.order, exit.price)), Some((2, 404)));
        assert_eq!((trades[1].side, trades[1].size, trades[1].entry_order), (Side::Sell, 2, 2));
        assert_eq!((trades[1].entry_price, account.positions[0].avg_ticks), (404, 404.0));
        assert_eq!((trades[0].fees, trades[1].fees), (Money(1_240_000_002), Money(1_240_000_002)));
    }

    #[test]
    fn the_average_price_ignores_what_leaves() {
        let mut account = account();
        trade(&mut account, 1, 1, 400);
        trade(&mut account, 2, 3, 404);
        trade(&mut account, 3, -1, 500);
        assert_eq!((account.positions[0].steps, account.positions[0].avg_ticks), (3, 403.0));
    }

    #[test]
    fn a_trade_remembers_how_far_prices_went() {
        let mut account = account();
        trade(&mut account, 1, -2, 400);
        account.observe(0, 806, 806);
        account.observe(0, 770, 790);
        trade(&mut account, 2, 2, 390);
        // Three ticks against us, two lots, half a dollar a tick.
        assert_eq!(account.trades[0].drawdown, Money(3_000_000_000));
        // Fifteen ticks with us.
        assert_eq!(account.trades[0].runup, Money(15_000_000_000));
    }
}
