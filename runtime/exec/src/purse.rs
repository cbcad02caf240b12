//! Sizes that the account decides, found when an order meets the market.

use gbc_core::MarketId;
use gbc_core::orders::Unit;
use gbc_portfolio::Side;

use crate::floor::Floor;
use crate::margin::Deal;
use crate::message::{Answer, Size};

/// Tells how many lots an account wants when it wants a share of what it has.
pub trait Purse {
    /// The lot steps, negative to be short, that `share` of the cash or equity buys at a price in ticks; what is held in that
    /// market counts as sold there first.
    fn wanted(&self, market: MarketId, unit: Unit, share: f64, price: i64) -> i64;

    /// The lot steps that a positive `share` of the cash or equity buys on top of all that is held. `just_said` are answers
    /// that nobody has booked yet: what they filled counts.
    fn more(&self, market: MarketId, unit: Unit, share: f64, price: i64, just_said: &[Answer]) -> i64;

    /// Whether the account has the margin for lots that would come in on top of all that is held; without such a rule it has.
    fn carries(&self, _market: MarketId, _deal: Deal, _just_said: &[Answer]) -> bool {
        true
    }
}

impl Floor {
    /// The steps that an order would trade at a price: found now if the account decides.
    pub fn open_at(&mut self, index: usize, price: i64, purse: &dyn Purse) -> i64 {
        match self.orders[index].unsettled {
            Some(Size::Wanted(unit, share)) => self.toward(index, purse.wanted(self.market, unit, share, price)),
            Some(Size::Share { unit, share, most }) => {
                purse.more(self.market, unit, share, price, self.answers()).clamp(0, most)
            }
            _ => self.left(index),
        }
    }

    /// What is missing to a wanted position, which may turn the order round.
    fn toward(&mut self, index: usize, wanted: i64) -> i64 {
        let position = self.position;
        let order = &mut self.orders[index];
        let wanted = order.cap.map_or(wanted, |cap| wanted.clamp(-cap, cap));
        let steps = wanted.saturating_sub(position);
        (order.side, order.left) = (Side::of(steps), steps.saturating_abs());
        order.left
    }
}
