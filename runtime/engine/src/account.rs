//! What shares of the account buy, at the moment at which an order meets the market.

use gbc_core::orders::Unit;
use gbc_core::{MarketId, Money};
use gbc_exec::{Answer, Deal, Gateway, Happened, Margin, Purse, Requirement};
use gbc_portfolio::{Portfolio, Side};

/// The account as the exchange finds it.
pub(crate) struct Account<'a> {
    /// What is booked.
    pub portfolio: &'a Portfolio,
    /// What one of each market is worth, in half ticks.
    pub marks: &'a [Option<i64>],
    /// Where answers are on their way: their fills have happened, and nobody has heard of them.
    pub gateway: &'a Gateway,
    /// What it must have for its lots, if anything.
    pub margin: Option<Margin>,
}

impl Purse for Account<'_> {
    fn wanted(&self, market: MarketId, unit: Unit, share: f64, price: i64) -> i64 {
        let money = match unit {
            Unit::Lots => return 0,
            Unit::Cash => self.portfolio.cash_after_closing(market, price),
            Unit::Equity => self.portfolio.equity_at(self.marks, market, price),
        };
        self.portfolio.steps_for(market, money, share, price)
    }

    fn more(&self, market: MarketId, unit: Unit, share: f64, price: i64, just_said: &[Answer]) -> i64 {
        let (cash, steps) = self.truth(just_said);
        let at = |of: MarketId| if of == market { Some(2 * price) } else { self.marks[of] };
        let money = match unit {
            Unit::Lots => return 0,
            Unit::Cash => cash,
            Unit::Equity => cash + self.worth(&steps, at),
        };
        self.portfolio.steps_for(market, money, share, price)
    }

    fn carries(&self, market: MarketId, deal: Deal, just_said: &[Answer]) -> bool {
        let Some(margin) = self.margin else { return true };
        let mark = self.marks[market];
        // Nobody knows what lots are worth before the first price: the fill will.
        let Some([paid, worth]) = deal.prices.map(|[paid, worth]| [paid, 2 * worth]).or(mark.map(|it| [it / 2, it]))
        else {
            return true;
        };
        let (cash, mut steps) = self.truth(just_said);
        let cash = cash + self.portfolio.cash_moved(market, deal.side, deal.size, paid, deal.maker);
        steps[market] = steps[market].saturating_add(deal.side.sign() * deal.size);
        let at = |of: MarketId| if of == market { Some(worth) } else { self.marks[of] };
        cash + self.worth(&steps, at) >= self.required(&steps, at, margin.initial)
    }
}

impl Account<'_> {
    /// Cash and positions with all fills that have happened, though nobody has heard of them.
    pub fn truth(&self, just_said: &[Answer]) -> (Money, Vec<i64>) {
        let mut cash = self.portfolio.cash;
        let mut steps: Vec<i64> = self.portfolio.positions.iter().map(|position| position.steps).collect();
        for (market, [price, size], side, maker) in self.gateway.unheard().chain(just_said).filter_map(fill) {
            cash += self.portfolio.cash_moved(market, side, size, price, maker);
            steps[market] = steps[market].saturating_add(side.sign() * size);
        }
        (cash, steps)
    }

    /// What positions are worth at marks in half ticks.
    pub fn worth(&self, steps: &[i64], at: impl Fn(MarketId) -> Option<i64>) -> Money {
        steps.iter().enumerate().map(|(of, steps)| self.portfolio.value_of(of, *steps, at(of))).sum()
    }

    /// What is required for positions at marks in half ticks.
    pub fn required(&self, steps: &[i64], at: impl Fn(MarketId) -> Option<i64>, needs: Requirement) -> Money {
        let of = |(of, steps): (usize, &i64)| self.portfolio.required(of, *steps, at(of), needs.per_lot, needs.share);
        steps.iter().enumerate().map(of).sum()
    }
}

/// Market, price and size, side, and whether the order rested.
type Fill = (MarketId, [i64; 2], Side, bool);

fn fill(answer: &Answer) -> Option<Fill> {
    match answer.what {
        Happened::Filled { side, price, size, maker, .. } => Some((answer.market, [price, size], side, maker)),
        _ => None,
    }
}
