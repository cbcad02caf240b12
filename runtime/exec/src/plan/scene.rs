//! What a plan is reconciled with: the market as we see it, our own book of orders, and the way out.

use gbc_core::maths;
use gbc_core::orders::{Price, Snap};
use gbc_core::{Instrument, MarketId, Money, Nanos, Ratio, Wishes};
use gbc_portfolio::Side;

use crate::message::{Ask, Key, Ticket};
use crate::reconcile::whole_steps;
use crate::{Ledger, Refusal};

/// One market as the strategy sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MarketScene {
    /// Best bid and best ask, in ticks.
    pub best: [Option<i64>; 2],
    /// What one is worth, in half ticks.
    pub mark: Option<i64>,
    /// Our position, in lot steps.
    pub position: i64,
}

/// The moment, and everything that a plan may look at or touch.
pub struct Scene<'a> {
    /// Now.
    pub now: Nanos,
    /// What is wanted.
    pub wishes: &'a Wishes,
    /// What is traded.
    pub instruments: &'a [Instrument],
    /// How each market stands.
    pub markets: &'a [MarketScene],
    /// Cash and open positions at their marks.
    pub equity: Money,
    /// Our own book of orders.
    pub ledger: &'a mut Ledger,
    /// What goes out.
    pub asks: &'a mut Vec<(MarketId, Ask)>,
    /// What a limit of ours held back, as order number and reason.
    pub held_back: &'a mut Vec<(u64, Refusal)>,
}

impl Scene<'_> {
    /// A price in ticks, or nothing where it is undefined or beyond counting.
    pub fn price(&self, market: MarketId, price: Price) -> Option<i64> {
        snapped(self.instruments[market].tick, self.wishes.number(price.at)?, price.snap)
    }

    /// A distance in ticks, rounded away from the entry: a stop never closer than asked for, nor a take.
    pub fn distance(&self, market: MarketId, points: f64) -> Option<i64> {
        snapped(self.instruments[market].tick, points, Snap::Up).filter(|ticks| *ticks > 0)
    }

    /// Lots in whole steps, floored; nothing where they are undefined, beyond counting or none.
    pub fn steps(&self, market: MarketId, lots: f64) -> Option<i64> {
        whole_steps(self.instruments[market].lot, lots).filter(|steps| *steps > 0)
    }

    /// Ticks in points.
    pub fn points(&self, market: MarketId, ticks: i64) -> f64 {
        self.instruments[market].tick.times(ticks)
    }

    /// Sends a new order.
    pub fn send(&mut self, ticket: Ticket) {
        self.ledger.send(&ticket, self.now);
        self.asks.push((ticket.market, Ask::New(ticket)));
    }

    /// Records an order that did not get out.
    pub fn hold_back(&mut self, ticket: &Ticket, refusal: Refusal) {
        let order = self.ledger.refuse(ticket, self.now, refusal);
        self.held_back.push((order, refusal));
    }

    /// Takes an order back.
    pub fn cancel(&mut self, market: MarketId, key: Key) {
        self.asks.push((market, Ask::Cancel(key)));
    }

    /// The price at which a side could sell out, or buy back, at once; the mark where nobody quotes.
    pub fn exit_price(&self, market: MarketId, held: Side) -> Option<i64> {
        let scene = &self.markets[market];
        let quoted = if held == Side::Buy { scene.best[0] } else { scene.best[1] };
        quoted.or(scene.mark.map(|half| half.div_euclid(2)))
    }
}

/// A price on its grid: exact ones stay, others go where the rule says.
pub fn snapped(tick: Ratio, price: f64, snap: Snap) -> Option<i64> {
    if let Some(exact) = tick.count_exact(price) {
        return Some(exact);
    }
    let ticks = price * tick.den as f64 / tick.num as f64;
    let whole = match snap {
        Snap::Down => maths::floor(ticks),
        Snap::Up => maths::ceil(ticks),
        Snap::Nearest => maths::round(ticks),
    };
    (whole.is_finite() && whole.abs() < 9.0e15).then_some(whole as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_prices_stay_and_others_are_snapped() {
        let tick = Ratio::parse("0.01").unwrap();
        assert_eq!(snapped(tick, 118.69, Snap::Down), Some(11_869), "though the quotient falls short of it");
        let all = [Snap::Down, Snap::Up, Snap::Nearest].map(|snap| snapped(tick, -0.014, snap));
        assert_eq!(all, [Some(-2), Some(-1), Some(-1)]);
        assert_eq!(snapped(tick, f64::NAN, Snap::Up), None);
        assert_eq!(snapped(tick, 1e300, Snap::Up), None);
    }
}
