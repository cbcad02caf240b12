//! How an order comes to a market of quotes or of books: the same, whatever is known of what is shown there.

use gbc_core::Nanos;
use gbc_core::orders::InForce;
use gbc_portfolio::Side;

use crate::floor::Floor;
use crate::message::{Happened, Key};
use crate::purse::Purse;
use crate::{OrderKind, Refusal};

/// Whether an order comes to the market at this moment, or was there before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comes {
    /// It takes.
    Now,
    /// It is met, at its own price.
    Before,
}

/// A market that shows something. What it shows, and what of that an order may have, is its own; when an order asks is told
/// here.
pub(crate) trait Arrival {
    /// What of ours is there.
    fn ours(&self) -> &Floor;

    /// The same, to be changed.
    fn ours_mut(&mut self) -> &mut Floor;

    /// The best price that somebody of a side would take at.
    fn opposite_best(&self, side: Side) -> Option<i64>;

    /// Whether all of an order can be had at once.
    fn covers(&mut self, index: usize, purse: &dyn Purse) -> bool;

    /// An order and the other side meet. Who comes takes; who rested is met at its own price.
    fn take(&mut self, key: Key, comes: Comes, at: Nanos, purse: &dyn Purse);

    /// Gives a resting order its place in line.
    fn stand(&mut self, index: usize);

    /// Whether the other side's best is at an order's limit or better.
    fn reach(&self, index: usize) -> bool {
        let order = &self.ours().orders[index];
        order.kind.trigger().is_none() && self.opposite_best(order.side).is_some_and(|price| order.accepts(price))
    }

    /// A new order is there.
    fn arrive(&mut self, index: usize, at: Nanos, purse: &dyn Purse) {
        let order = &self.ours().orders[index];
        let (key, waits) = (order.key, order.kind.trigger().is_some());
        if !waits {
            self.come(key, at, purse);
        }
        if let Some(index) = self.ours().index_of(key) {
            self.ours_mut().accept(index, at);
        }
    }

    /// An order moved: it is accepted there, unless it must not take and would, and meets the market.
    fn meet_anew(&mut self, index: usize, at: Nanos, purse: &dyn Purse) {
        let order = &self.ours().orders[index];
        let (key, waits) = (order.key, order.kind.trigger().is_some());
        if order.post_only && self.reach(index) {
            return self.ours_mut().drop(index, at, Happened::Refused(Refusal::WouldTake));
        }
        self.ours_mut().accept(index, at);
        if !waits {
            self.come(key, at, purse);
        }
    }

    /// An order comes to the market: it takes what it may, and what is left rests or goes.
    fn come(&mut self, key: Key, at: Nanos, purse: &dyn Purse) {
        let Some(index) = self.ours().index_of(key) else { return };
        let order = &self.ours().orders[index];
        let (in_force, reaches) = (order.in_force, self.reach(index));
        // Who was called by a stop, or closes lots, waits for somebody rather than being refused.
        let insists = !order.triggered && !order.closes;
        if order.kind == OrderKind::Market && insists && self.opposite_best(order.side).is_none() {
            return self.ours_mut().drop(index, at, Happened::Refused(Refusal::EmptySide));
        }
        if reaches && order.post_only {
            return self.ours_mut().drop(index, at, Happened::Refused(Refusal::WouldTake));
        }
        if in_force == InForce::Fok && !self.covers(index, purse) {
            return self.ours_mut().drop(index, at, Happened::Refused(Refusal::NotWhole));
        }
        if reaches {
            self.take(key, Comes::Now, at, purse);
        }
        let Some(index) = self.ours().index_of(key) else { return };
        if matches!(in_force, InForce::Ioc | InForce::Fok) {
            return self.ours_mut().drop(index, at, Happened::Cancelled);
        }
        self.stand(index);
    }

    /// Guards of lots that just came in meet the market.
    fn guards_come(&mut self, at: Nanos, purse: &dyn Purse) {
        for key in std::mem::take(&mut self.ours_mut().born) {
            if self.ours().index_of(key).is_some_and(|index| self.ours().orders[index].rests()) {
                self.come(key, at, purse);
            }
        }
    }

    /// Stops of a side that a price reaches go to market.
    fn trigger(&mut self, side: Side, price: Option<i64>, at: Nanos, purse: &dyn Purse) {
        let Some(price) = price else { return };
        let waiting = self.ours().find(|order| order.side == side && !order.triggered && order.is_triggered_at(price));
        for key in waiting {
            let Some(index) = self.ours().index_of(key) else { continue };
            let order = &mut self.ours_mut().orders[index];
            (order.kind, order.triggered) = (order.kind.triggered(), true);
            self.come(key, at, purse);
        }
    }

    /// What is shown has changed: stops that look at it are called unless `trades` are known to call them, who waited for it
    /// takes, and who rested is met.
    fn look(&mut self, trades: bool, at: Nanos, purse: &dyn Purse) {
        if !trades {
            // A stop to buy looks at what a buyer would pay.
            for side in [Side::Buy, Side::Sell] {
                self.trigger(side, self.opposite_best(side), at, purse);
            }
        }
        for side in [Side::Buy, Side::Sell] {
            for key in self.ours().line(side) {
                if let Some(index) = self.ours().index_of(key)
                    && self.reach(index)
                {
                    self.take(key, Comes::Before, at, purse);
                }
            }
        }
    }
}
