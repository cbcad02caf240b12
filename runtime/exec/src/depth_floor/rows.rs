//! What rows of books do to orders that rest: trades and fills serve them, changes move them up in line.

use gbc_book::{BookSide, Resting};
use gbc_core::{Block, Column, DepthKind, NA, Nanos, OrderAction, RowFlags, Schema};
use gbc_portfolio::{FillReason, Side};

use super::DepthFloor;
use super::seats::{own, rests_at};
use crate::arrival::Arrival;
use crate::floor::Met;
use crate::message::Key;
use crate::{Purse, QueueModel};

/// What was traded, and who came: 1 a buyer, -1 a seller, 0 nobody knows.
#[derive(Clone, Copy)]
struct Trade {
    price: i64,
    size: i64,
    aggressor: i64,
    at: Nanos,
}

/// A row of the exchange's reading. Of best quotes beside a book only the trades count.
impl DepthFloor {
    /// A row passes the exchange.
    pub fn row(&mut self, block: &Block, row: usize, at: Nanos, purse: &dyn Purse) {
        let flags = block.flags(row);
        if flags.has(RowFlags::LOCAL_ONLY) {
            return;
        }
        if block.is_trade(row) {
            self.trades = true;
        }
        if self.floor.orders.is_empty() && self.taken.is_empty() {
            if self.book.reads(block.schema) {
                self.book.apply(block, row);
            }
            return;
        }
        let deep = self.is_strict();
        self.seats.settle(&mut self.floor, &self.book, deep);
        if block.is_trade(row) {
            self.trade(block, row, at, purse);
        }
        if !self.book.reads(block.schema) {
            return;
        }
        match block.schema {
            Schema::Orders => self.order_row(block, row, at, purse),
            _ => self.level_row(block, row),
        }
        if flags.has(RowFlags::LAST) || !self.is_strict() {
            self.look(self.trades, at, purse);
        }
    }

    fn trade(&mut self, block: &Block, row: usize, at: Nanos, purse: &dyn Purse) {
        let told = |column, without| Some(block.value(column, row)).filter(|it| *it != NA).unwrap_or(without);
        let price = told(Column::Px, NA);
        if price == NA {
            return;
        }
        let (size, aggressor) = (told(Column::Sz, 0), told(Column::Side, 0));
        let trade = Trade { price, size, aggressor, at };
        if self.is_strict() {
            self.serve_once(trade, purse)
        } else {
            self.serve_each(trade, purse)
        }
        for side in [Side::Buy, Side::Sell] {
            self.trigger(side, Some(price), trade.at, purse);
        }
    }

    /// A trade serves those ahead first, then ours by price and arrival, each lot once. Where single orders are known their
    /// fills tell who was served at the price itself.
    fn serve_once(&mut self, trade: Trade, purse: &dyn Purse) {
        let hit = self.hit_side(trade);
        let by_level = !self.book.reads(Schema::Orders);
        self.spent = 0;
        for side in [Side::Buy, Side::Sell] {
            let mut done = 0;
            for key in self.floor.line(side) {
                let Some((index, limit)) = self.resting(key) else { continue };
                let order = &mut self.floor.orders[index];
                let beyond = side.sign() * (limit - trade.price);
                let (most, reason) = if beyond > 0 {
                    order.place.advance_to(0.0);
                    (trade.size.saturating_sub(done), FillReason::Through)
                } else if beyond == 0 && hit == Some(side) && by_level {
                    let served = order.place.trade(trade.size as f64) as i64;
                    let most = if self.model == QueueModel::Through { 0 } else { served.saturating_sub(done) };
                    (most, FillReason::Queue)
                } else {
                    continue;
                };
                done += self.floor.fill(index, Met { price: limit, most, reason, maker: true, at: trade.at }, purse);
                self.guards_come(trade.at, purse);
            }
            self.spent += done;
        }
    }

    /// A trade fills whole whom it passes, and at its price whoever's estimate says so; each order by itself.
    fn serve_each(&mut self, trade: Trade, purse: &dyn Purse) {
        let side = match trade.aggressor {
            1 => Side::Sell,
            -1 => Side::Buy,
            _ => return,
        };
        for key in self.floor.line(side) {
            let Some((index, limit)) = self.resting(key) else { continue };
            let beyond = side.sign() * (limit - trade.price);
            let reason = if beyond > 0 {
                FillReason::Through
            } else if beyond == 0 && self.book.reads(Schema::Depth) {
                let past = self.floor.orders[index].place.trade_past(trade.size as f64);
                // Half a step past us is a step.
                let is_served = past >= 0.5 && self.model != QueueModel::Through;
                if !is_served {
                    continue;
                }
                FillReason::Queue
            } else {
                continue;
            };
            self.fill_whole(index, limit, reason, trade.at, purse);
        }
    }

    fn fill_whole(&mut self, index: usize, price: i64, reason: FillReason, at: Nanos, purse: &dyn Purse) {
        self.floor.fill(index, Met { price, most: i64::MAX, reason, maker: true, at }, purse);
        self.guards_come(at, purse);
    }

    /// The side of the resting orders that a trade hit: told, or read off the book.
    fn hit_side(&self, trade: Trade) -> Option<Side> {
        let reaches = |side: Side| {
            let best = self.opposite_best(side);
            best.is_some_and(|best| side.sign() * (trade.price - best) >= 0)
        };
        match trade.aggressor {
            1 => Some(Side::Sell),
            -1 => Some(Side::Buy),
            _ if reaches(Side::Buy) => Some(Side::Sell),
            _ if reaches(Side::Sell) => Some(Side::Buy),
            _ => None,
        }
    }

    /// Place and price of an order that rests.
    fn resting(&self, key: Key) -> Option<(usize, i64)> {
        let index = self.floor.index_of(key)?;
        rests_at(&self.floor.orders[index]).map(|price| (index, price))
    }

    /// A level has a new size, or several are gone.
    fn level_row(&mut self, block: &Block, row: usize) {
        let value = |column| block.value(column, row);
        let side = BookSide::of(value(Column::Side));
        match DepthKind::of(value(Column::Kind)) {
            Some(DepthKind::Change | DepthKind::Snapshot) => {
                let (Some(side), price) = (side, value(Column::Px)) else { return self.book.apply(block, row) };
                let before = self.book.size_at(side, price);
                self.book.apply(block, row);
                self.level_changed(side, price, before);
            }
            Some(DepthKind::Clear) if self.is_strict() => self.clear_row(block, row),
            _ => self.book.apply(block, row),
        }
    }

    fn level_changed(&mut self, side: BookSide, price: i64, before: i64) {
        let now = self.book.size_at(side, price);
        if before != now {
            self.taken.remove(&(side, price));
        }
        let (model, step) = (self.model, self.step);
        // A level that goes out of sight below all others may be there still.
        let is_hidden = self.is_strict() && now == 0 && self.book.is_beyond(side, price);
        let here = |order: &&mut _| rests_here(order, side, price);
        for order in self.floor.orders.iter_mut().filter(here) {
            if !is_hidden || self.book.best(side).is_none() {
                order.place.level_in(model, step, before as f64, now as f64);
            }
        }
    }

    /// Levels are gone: those of ours that stood in one stand at the front.
    fn clear_row(&mut self, block: &Block, row: usize) {
        let sides = [BookSide::Bid, BookSide::Ask];
        let ours: Vec<_> =
            self.floor.orders.iter().filter_map(|order| Some((own(order.side), rests_at(order)?))).collect();
        let before: Vec<_> = ours.iter().map(|(side, price)| self.book.size_at(*side, *price)).collect();
        self.book.apply(block, row);
        let told = BookSide::of(block.value(Column::Side, row));
        for side in sides.into_iter().filter(|side| told.is_none_or(|told| told == *side)) {
            self.taken.retain(|(of, price), _| *of != side || self.book.size_at(side, *price) > 0);
        }
        for ((side, price), before) in ours.into_iter().zip(before) {
            let now = self.book.size_at(side, price);
            for order in self.floor.orders.iter_mut().filter(|order| before != now && rests_here(order, side, price)) {
                order.place.advance_to(now as f64);
            }
        }
    }

    /// A single order did something.
    fn order_row(&mut self, block: &Block, row: usize, at: Nanos, purse: &dyn Purse) {
        let value = |column| block.value(column, row);
        let id = value(Column::Order);
        let action = OrderAction::of(value(Column::Kind));
        match action {
            Some(OrderAction::Trade) => self.book.apply(block, row),
            Some(OrderAction::Fill) => {
                self.hit(id, value(Column::Px), value(Column::Sz), at, purse);
                self.book.apply(block, row);
            }
            Some(OrderAction::Clear) => {
                self.book.apply(block, row);
                self.taken.retain(|(side, price), _| self.book.size_at(*side, *price) > 0);
                self.seats.cleared(&mut self.floor, &self.book);
            }
            _ => {
                let before = self.book.order(id).copied();
                self.book.apply(block, row);
                let after = self.book.order(id).copied();
                self.forget_taken(before, after);
                if let Some(before) = before {
                    let stays =
                        after.is_some_and(|after| keeps_place(before, after)) && action != Some(OrderAction::Add);
                    self.seats.changed(id, stays, &mut self.floor, &self.book);
                }
            }
        }
    }

    /// What we took of the levels that an order left or joined is shown anew.
    fn forget_taken(&mut self, before: Option<Resting>, after: Option<Resting>) {
        let place = |order: Resting| (order.side, order.price, order.size);
        if before.map(place) != after.map(place) {
            for order in before.into_iter().chain(after) {
                self.taken.remove(&(order.side, order.price));
            }
        }
    }

    /// An order of the book was hit: whoever of ours stood ahead of it was hit before.
    fn hit(&mut self, id: i64, price: i64, size: i64, at: Nanos, purse: &dyn Purse) {
        let Some(hit) = self.book.order(id).copied() else { return };
        let side = if hit.side == BookSide::Bid { Side::Buy } else { Side::Sell };
        let again = self.spent.min(size).max(0);
        self.spent -= again;
        let mut left = size.saturating_sub(again);
        for key in self.floor.line(side) {
            let Some((index, limit)) = self.resting(key) else { continue };
            let is_better = side.sign() * (limit - price) > 0;
            let is_ahead = limit == hit.price && !self.seats.is_ahead(id, key);
            if !self.is_strict() && (is_better || is_ahead) {
                let reason = if is_better { FillReason::Through } else { FillReason::Queue };
                self.fill_whole(index, limit, reason, at, purse);
            } else if is_ahead && self.is_strict() && self.model != QueueModel::Through {
                let met = Met { price: limit, most: left, reason: FillReason::Queue, maker: true, at };
                left -= self.floor.fill(index, met, purse);
                self.guards_come(at, purse);
            }
        }
    }
}

/// Whether an order that changed stands where it stood.
fn keeps_place(before: Resting, after: Resting) -> bool {
    (before.side, before.price) == (after.side, after.price) && after.size <= before.size
}

fn rests_here(order: &crate::working::Working, side: BookSide, price: i64) -> bool {
    own(order.side) == side && rests_at(order) == Some(price)
}
