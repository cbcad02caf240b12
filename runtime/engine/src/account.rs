//! What shares of the account buy, at the moment at which an order meets the market.

use gbc_core::orders::Unit;
use gbc_core::{MarketId, Money};
use gbc_exec::{Answer, Gateway, Happened, Purse};
use gbc_portfolio::{Portfolio, Side};

/// The account as the exchange finds it.
pub(crate) struct Account<'a> {
    /// What is booked.
    pub portfolio: &'a Portfolio,
    /// What one of each market is worth, in half ticks.
    pub marks: &'a [Option<i64>],
    /// Where answers are on their way: their fills have happened, and nobody has heard of them.
    pub gateway: &'a Gateway,
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
        let fills: Vec<Fill> = self.gateway.unheard().chain(just_said).filter_map(fill).collect();
        let moved = fills.iter().map(|(market, [price, size], side, maker)| {
            self.portfolio.cash_moved(*market, *side, *size, *price, *maker)
        });
        let cash = self.portfolio.cash + moved.sum();
        let money = match unit {
            Unit::Lots => return 0,
            Unit::Cash => cash,
            Unit::Equity => cash + self.worth_of_positions(&fills, market, price),
        };
        self.portfolio.steps_for(market, money, share, price)
    }
}

impl Account<'_> {
    /// What all positions are worth, with the fills that nobody has heard of; those of one market at this price.
    fn worth_of_positions(&self, fills: &[Fill], market: MarketId, price: i64) -> Money {
        let mut steps: Vec<i64> = self.portfolio.positions.iter().map(|position| position.steps).collect();
        for (market, [_, size], side, _) in fills {
            steps[*market] = steps[*market].saturating_add(side.sign() * size);
        }
        let mark = |of: MarketId| if of == market { Some(2 * price) } else { self.marks[of] };
        steps.iter().enumerate().map(|(of, steps)| self.portfolio.value_of(of, *steps, mark(of))).sum()
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
