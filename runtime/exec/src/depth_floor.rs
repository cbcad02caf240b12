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
use gbc_core::{Nanos, Schema};
use gbc_portfolio::{FillReason, Side};

use crate::arrival::{Arrival, Comes};
use crate::floor::{Floor, Met};
use crate::message::{Happened, Key};
use crate::profile::DepthRules;
use crate::queue::QueueModel;
use crate::{Profile, Purse, Refusal};
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
}

impl Arrival for DepthFloor {
    fn ours(&self) -> &Floor {
        &self.floor
    }

    fn ours_mut(&mut self) -> &mut Floor {
        &mut self.floor
    }

    fn opposite_best(&self, side: Side) -> Option<i64> {
        self.book.best(own(side.opposite()))
    }

    fn stand(&mut self, index: usize) {
        let deep = self.is_strict();
        self.seats.join(&mut self.floor, index, &self.book, deep);
    }

    fn covers(&mut self, index: usize, purse: &dyn Purse) -> bool {
        let Some(price) = self.opposite_best(self.floor.orders[index].side) else { return false };
        let wanted = self.floor.open_at(index, price, purse);
        // A wanted share may have turned the order round.
        let (side, limit) = (self.floor.orders[index].side, self.floor.orders[index].kind.limit());
        let offers = self.offers(side, limit, wanted);
        self.reach(index) && wanted <= offers.iter().fold(0, |sum: i64, (_, size)| sum.saturating_add(*size))
    }

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
}
