//! How books of several levels, or of single orders, meet ours.
//!
//! `strict`: who takes walks the levels of the other side, and what we took of one stays taken until that one changes. Who rests
//! stands behind what its level shows, or behind the very orders in it, and each traded lot serves us once. The book is
//! read when it is whole. `hft_compat`: each order fills whole and by itself, at the best price or at its own, after every row.
//!
//! Here is how orders arrive and take; what rows do to those that rest is in `rows`.

mod rows;
mod seats;
mod shelf;

use std::collections::BTreeMap;

use gbc_book::BookSide;
use gbc_core::orders::InForce;
use gbc_core::{Nanos, Schema};
use gbc_portfolio::{FillReason, Side};

use crate::floor::{Floor, Met};
use crate::message::{Happened, Key};
use crate::profile::DepthRules;
use crate::queue::QueueModel;
use crate::{OrderKind, Profile, Purse, Refusal};
use seats::{Seats, own};
use serde::{Deserialize, Serialize};
use shelf::Shelf;

/// Orders in one market of books.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DepthFloor {
    /// What is there.
    pub floor: Floor,
    rules: DepthRules,
    model: QueueModel,
    takes_whole: bool,
    /// A step of a quantity, in lots: what logarithms of sizes depend on.
    step: f64,
    book: Shelf,
    seats: Seats,
    /// What we took of each level since it last changed.
    taken: BTreeMap<(BookSide, i64), i64>,
    /// Whether trades are known: then they trigger stops, else best prices do.
    trades: bool,
    /// How much of the last trade went to our orders at better prices.
    spent: i64,
}

/// Whether an order comes to the market at this moment, or was there before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comes {
    Now,
    Before,
}

impl DepthFloor {
    /// By the rules of a profile, for rows of a schema that builds books. `step`: the smallest step of a quantity, in lots.
    pub fn new(floor: Floor, profile: &Profile, schema: Schema, step: f64) -> DepthFloor {
        DepthFloor {
            floor,
            rules: profile.depth,
            model: profile.queue,
            takes_whole: profile.takes_whole,
            step,
            book: Shelf::new(schema, profile.crossing()),
            seats: Seats::default(),
            taken: BTreeMap::new(),
            trades: false,
            spent: 0,
        }
    }

    /// The best bid and ask, in ticks.
    pub fn best(&self) -> [Option<i64>; 2] {
        [BookSide::Bid, BookSide::Ask].map(|side| self.book.best(side))
    }

    fn is_strict(&self) -> bool {
        self.rules == DepthRules::Strict
    }

    /// A new order is there.
    pub fn arrive(&mut self, index: usize, at: Nanos, purse: &dyn Purse) {
        let (key, waits) = (self.floor.orders[index].key, self.floor.orders[index].kind.trigger().is_some());
        if !waits {
            self.come(key, at, purse);
        }
        if let Some(index) = self.floor.index_of(key) {
            self.floor.accept(index, at);
        }
    }

    /// An order moved: it is accepted there, unless it must not take and would, and meets the market.
    pub fn meet_anew(&mut self, index: usize, at: Nanos, purse: &dyn Purse) {
        let order = &self.floor.orders[index];
        let (key, waits) = (order.key, order.kind.trigger().is_some());
        if order.post_only && self.reach(index) {
            return self.floor.drop(index, at, Happened::Refused(Refusal::WouldTake));
        }
        self.floor.accept(index, at);
        if !waits {
            self.come(key, at, purse);
        }
    }

    /// An order comes to the market: it takes what it may, and what is left rests or goes.
    fn come(&mut self, key: Key, at: Nanos, purse: &dyn Purse) {
        let Some(index) = self.floor.index_of(key) else { return };
        let order = &self.floor.orders[index];
        let (in_force, reaches) = (order.in_force, self.reach(index));
        // Who was called by a stop, or closes lots, waits for somebody rather than being refused.
        let insists = !order.triggered && !order.closes;
        if order.kind == OrderKind::Market && insists && self.opposite_best(order.side).is_none() {
            return self.floor.drop(index, at, Happened::Refused(Refusal::EmptySide));
        }
        if reaches && order.post_only {
            return self.floor.drop(index, at, Happened::Refused(Refusal::WouldTake));
        }
        if in_force == InForce::Fok && !self.covers(index, purse) {
            return self.floor.drop(index, at, Happened::Refused(Refusal::NotWhole));
        }
        if reaches {
            self.take(key, Comes::Now, at, purse);
        }
        let Some(index) = self.floor.index_of(key) else { return };
        if matches!(in_force, InForce::Ioc | InForce::Fok) {
            return self.floor.drop(index, at, Happened::Cancelled);
        }
        let deep = self.is_strict();
        self.seats.join(&mut self.floor, index, &self.book, deep);
    }

    /// Guards of lots that just came in meet the market.
    fn guards_come(&mut self, at: Nanos, purse: &dyn Purse) {
        for key in std::mem::take(&mut self.floor.born) {
            if self.floor.index_of(key).is_some_and(|index| self.floor.orders[index].rests()) {
                self.come(key, at, purse);
            }
        }
    }

    fn opposite_best(&self, side: Side) -> Option<i64> {
        self.book.best(own(side.opposite()))
    }

    /// Whether the other side's best is at an order's limit or better.
    fn reach(&self, index: usize) -> bool {
        let order = &self.floor.orders[index];
        order.kind.trigger().is_none() && self.opposite_best(order.side).is_some_and(|price| order.accepts(price))
    }

    /// Where `wanted` steps would be found: price and size of the levels that a limit allows, best first.
    fn offers(&self, side: Side, limit: Option<i64>, wanted: i64) -> Vec<(i64, i64)> {
        let other = own(side.opposite());
        if self.takes_whole {
            return self.book.best(other).map(|price| (price, i64::MAX)).into_iter().collect();
        }
        let accepts = |price: i64| limit.is_none_or(|limit| side.sign() * (limit - price) >= 0);
        let mut missing = wanted;
        let mut offers = Vec::new();
        for level in self.book.levels(other).take_while(|level| accepts(level.price)) {
            let taken = self.taken.get(&(other, level.price)).copied().unwrap_or(0);
            let size = level.size.saturating_sub(taken);
            if size > 0 {
                offers.push((level.price, size));
                missing = missing.saturating_sub(size);
            }
            if missing <= 0 {
                break;
            }
        }
        offers
    }

    /// Whether all of an order can be had at once.
    fn covers(&mut self, index: usize, purse: &dyn Purse) -> bool {
        let Some(price) = self.opposite_best(self.floor.orders[index].side) else { return false };
        let wanted = self.floor.open_at(index, price, purse);
        // A wanted share may have turned the order round.
        let (side, limit) = (self.floor.orders[index].side, self.floor.orders[index].kind.limit());
        let offers = self.offers(side, limit, wanted);
        self.reach(index) && wanted <= offers.iter().fold(0, |sum: i64, (_, size)| sum.saturating_add(*size))
    }

    /// An order walks the levels of the other side. Who comes takes; who rested is met at its own price.
    fn take(&mut self, key: Key, comes: Comes, at: Nanos, purse: &dyn Purse) {
        let Some(index) = self.floor.index_of(key) else { return };
        let Some(best) = self.opposite_best(self.floor.orders[index].side) else { return };
        let wanted = self.floor.open_at(index, best, purse);
        if wanted == 0 {
            return self.floor.drop(index, at, Happened::Refused(Refusal::NothingLeft));
        }
        // A wanted share may have turned the order round.
        let (side, limit) = (self.floor.orders[index].side, self.floor.orders[index].kind.limit());
        let other = own(side.opposite());
        if self.book.best(other).is_none() {
            return self.floor.drop(index, at, Happened::Refused(Refusal::EmptySide));
        }
        let rested = limit.filter(|_| comes == Comes::Before);
        for (price, most) in self.offers(side, limit, wanted) {
            let Some(index) = self.floor.index_of(key) else { return };
            let met = match rested {
                Some(price) => Met { price, most, reason: FillReason::Crossed, maker: true, at },
                None => Met { price, most, reason: FillReason::Touch, maker: false, at },
            };
            let done = self.floor.fill(index, met, purse);
            if done > 0 && !self.takes_whole {
                *self.taken.entry((other, price)).or_default() += done;
            }
            self.guards_come(at, purse);
        }
    }

    /// Stops of a side that a price reaches go to market.
    fn trigger(&mut self, side: Side, price: Option<i64>, at: Nanos, purse: &dyn Purse) {
        let Some(price) = price else { return };
        let waiting = self.floor.find(|order| order.side == side && !order.triggered && order.is_triggered_at(price));
        for key in waiting {
            let Some(index) = self.floor.index_of(key) else { continue };
            let order = &mut self.floor.orders[index];
            (order.kind, order.triggered) = (order.kind.triggered(), true);
            self.come(key, at, purse);
        }
    }

    /// The book says something new: who waited for it takes, and who rested is met.
    fn look(&mut self, at: Nanos, purse: &dyn Purse) {
        if !self.trades {
            // A stop to buy looks at what a buyer would pay.
            for side in [Side::Buy, Side::Sell] {
                self.trigger(side, self.opposite_best(side), at, purse);
            }
        }
        for side in [Side::Buy, Side::Sell] {
            for key in self.floor.line(side) {
                if let Some(index) = self.floor.index_of(key)
                    && self.reach(index)
                {
                    self.take(key, Comes::Before, at, purse);
                }
            }
        }
    }
}
