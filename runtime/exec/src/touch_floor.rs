//! How best quotes and trades meet orders: what `strict` means where only the top of the book is known.
//!
//! What we took stays taken until the quote says something new. A resting order waits behind what is shown when its price is
//! first the best, and each trade serves our orders in the order of price and arrival, once.

use gbc_book::Level;
use gbc_core::{NA, Nanos};
use gbc_portfolio::{FillReason, Side};
use serde::{Deserialize, Serialize};

use crate::arrival::{Arrival, Comes};
use crate::floor::{Floor, Met};
use crate::message::{Happened, Key};
use crate::queue::{Place, QueueModel};
use crate::{OrderKind, Profile, Purse, Refusal};

/// Orders in one market of quotes and trades.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TouchFloor {
    /// What is there.
    pub floor: Floor,
    model: QueueModel,
    takes_whole: bool,
    /// Best bid and best ask, as shown.
    best: [Option<Level>; 2],
    /// How much of each we took since it last said something new.
    taken: [i64; 2],
    /// Whether trades are known: then they trigger stops, else quotes do.
    trades: bool,
}

/// The side of the book on which orders of a side rest.
fn own(side: Side) -> usize {
    match side {
        Side::Buy => 0,
        Side::Sell => 1,
    }
}

impl TouchFloor {
    /// By the rules of a profile.
    pub fn new(floor: Floor, profile: &Profile) -> TouchFloor {
        let (model, takes_whole) = (profile.queue, profile.takes_whole);
        TouchFloor { floor, model, takes_whole, best: [None; 2], taken: [0; 2], trades: false }
    }

    /// The best bid and ask, in ticks.
    pub fn best(&self) -> [Option<i64>; 2] {
        self.best.map(|level| level.map(|level| level.price))
    }

    /// Whether rows must be shown one by one: something of ours is there, or took what nobody has renewed.
    pub fn is_watching(&self) -> bool {
        !self.floor.orders.is_empty() || self.taken != [0; 2]
    }

    /// Rows went by that nothing of ours could mind: this is what is shown now, and whether there were trades.
    pub fn pass(&mut self, best: [Option<Level>; 2], trades: impl FnOnce() -> bool) {
        self.best = best;
        self.trades = self.trades || trades();
    }

    /// The quote changed.
    pub fn quote(&mut self, best: [Option<Level>; 2], at: Nanos, purse: &dyn Purse) {
        let before = std::mem::replace(&mut self.best, best);
        for side in [Side::Buy, Side::Sell] {
            if before[own(side)] != best[own(side)] {
                self.taken[own(side)] = 0;
                self.move_up(side, before[own(side)], best[own(side)]);
            }
        }
        self.look(self.trades, at, purse);
    }

    /// Places in line on one side, after its best level changed.
    fn move_up(&mut self, side: Side, before: Option<Level>, now: Option<Level>) {
        for order in self.floor.orders.iter_mut().filter(|order| order.side == side) {
            let OrderKind::Limit { price } = order.kind else { continue };
            let at_price = |level: &Level| level.price == price;
            match now {
                Some(level) if at_price(&level) => {
                    let was = before.filter(at_price).map_or(order.place.joined, shown);
                    order.place.level(self.model, was, shown(level));
                }
                // Ours is better than anything shown.
                Some(level) if side.sign() * (price - level.price) > 0 => order.place.reach_front(),
                None => order.place.reach_front(),
                Some(_) => {}
            }
        }
    }

    /// A trade was told. `aggressor`: 1 buyer, -1 seller, 0 unknown.
    pub fn trade(&mut self, price: i64, size: i64, aggressor: i64, at: Nanos, purse: &dyn Purse) {
        self.trades = true;
        let hit = match self.aggressor(price, aggressor) {
            1 => Some(Side::Sell),
            -1 => Some(Side::Buy),
            _ => None,
        };
        for side in [Side::Buy, Side::Sell] {
            let mut done = 0;
            for key in self.floor.line(side) {
                let Some(index) = self.floor.index_of(key) else { continue };
                let order = &mut self.floor.orders[index];
                let Some(limit) = order.kind.limit().filter(|_| order.rests()) else { continue };
                let beyond = side.sign() * (limit - price);
                let (most, reason) = if beyond > 0 {
                    order.place.reach_front();
                    (size.saturating_sub(done), FillReason::Through)
                } else if beyond == 0 && hit == Some(side) {
                    let served = order.place.trade(size as f64) as i64;
                    let most = if self.model == QueueModel::Through { 0 } else { served.saturating_sub(done) };
                    (most, FillReason::Queue)
                } else {
                    continue;
                };
                done += self.floor.fill(index, Met { price: limit, most, reason, maker: true, at }, purse);
                self.guards_come(at, purse);
            }
        }
        for side in [Side::Buy, Side::Sell] {
            self.trigger(side, Some(price), at, purse);
        }
    }

    /// Who took: told, or read off the quote.
    fn aggressor(&self, price: i64, told: i64) -> i64 {
        match (told, self.best) {
            (0, [_, Some(ask)]) if price >= ask.price => 1,
            (0, [Some(bid), _]) if price <= bid.price => -1,
            _ => told,
        }
    }

    /// What is left of the other side's best.
    fn available(&self, side: Side) -> i64 {
        match self.best[1 - own(side)] {
            None => 0,
            Some(level) if level.size == NA || self.takes_whole => i64::MAX,
            Some(level) => level.size.saturating_sub(self.taken[1 - own(side)]),
        }
    }
}

impl Arrival for TouchFloor {
    fn ours(&self) -> &Floor {
        &self.floor
    }

    fn ours_mut(&mut self) -> &mut Floor {
        &mut self.floor
    }

    fn opposite_best(&self, side: Side) -> Option<i64> {
        self.best[1 - own(side)].map(|level| level.price)
    }

    fn stand(&mut self, index: usize) {
        let order = &mut self.floor.orders[index];
        let OrderKind::Limit { price } = order.kind else { return };
        let best = self.best[own(order.side)];
        order.place = match best {
            Some(level) if level.price == price => Place::behind(shown(level)),
            // Deeper than anybody shows: nothing is known of that level yet.
            Some(level) if order.side.sign() * (level.price - price) > 0 => Place::default(),
            _ => Place::behind(0.0),
        };
    }

    fn covers(&mut self, index: usize, purse: &dyn Purse) -> bool {
        let Some(level) = self.best[1 - own(self.floor.orders[index].side)] else { return false };
        let open = self.floor.open_at(index, level.price, purse);
        // A wanted share may have turned the order round.
        self.reach(index) && open <= self.available(self.floor.orders[index].side)
    }

    fn take(&mut self, key: Key, comes: Comes, at: Nanos, purse: &dyn Purse) {
        let Some(index) = self.floor.index_of(key) else { return };
        let order = &self.floor.orders[index];
        let Some(level) = self.best[1 - own(order.side)] else { return };
        let rested = order.kind.limit().filter(|_| comes == Comes::Before);
        if self.floor.open_at(index, level.price, purse) == 0 {
            return self.floor.drop(index, at, Happened::Refused(Refusal::NothingLeft));
        }
        // A wanted share may have turned the order round.
        let side = self.floor.orders[index].side;
        let Some(other) = self.best[1 - own(side)] else {
            return self.floor.drop(index, at, Happened::Refused(Refusal::EmptySide));
        };
        let most = self.available(side);
        let met = match rested {
            Some(price) => Met { price, most, reason: FillReason::Crossed, maker: true, at },
            None => Met { price: other.price, most, reason: FillReason::Touch, maker: false, at },
        };
        let done = self.floor.fill(index, met, purse);
        if other.size != NA {
            self.taken[1 - own(side)] += done;
        }
        self.guards_come(at, purse);
    }
}

/// What is shown at a level; where data do not tell, nothing.
fn shown(level: Level) -> f64 {
    if level.size == NA { 0.0 } else { level.size as f64 }
}
