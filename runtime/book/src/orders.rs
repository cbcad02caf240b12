//! A book by order: who rests where, and behind whom.

use std::collections::BTreeMap;

use gbc_core::{Block, Column, NA, OrderAction, RowFlags};
use serde::{Deserialize, Serialize};

use crate::queue::{Orders, Place, Queue, Resting};
use crate::{BookCounts, BookSide, Crossing, Sides};

/// A book built from `Orders` rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderBook {
    /// What was odd so far.
    pub counts: BookCounts,
    sides: Sides<Queue>,
    orders: Orders,
    places: BTreeMap<i64, Place>,
}

impl OrderBook {
    /// An empty book.
    pub fn new(crossing: Crossing) -> OrderBook {
        OrderBook {
            counts: BookCounts::default(),
            sides: Sides::new(crossing),
            orders: Orders::default(),
            places: BTreeMap::new(),
        }
    }

    /// What it shows.
    pub fn sides(&self) -> &Sides<Queue> {
        &self.sides
    }

    /// How many orders rest.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether no order rests.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The order with this number.
    pub fn order(&self, id: i64) -> Option<&Resting> {
        self.places.get(&id).map(|place| self.orders.get(*place))
    }

    /// Size ahead of an order in its line.
    pub fn ahead_of(&self, id: i64) -> Option<i64> {
        let place = self.places.get(&id)?;
        Some(self.orders.ahead_of(*place).map(|order| order.size).sum())
    }

    /// The orders at a price, the first in line first.
    pub fn queue(&self, side: BookSide, price: i64) -> impl Iterator<Item = &Resting> {
        self.sides.get(side, price).into_iter().flat_map(|queue| self.orders.in_line(queue))
    }

    /// Takes in one row. The book is whole after those flagged `LAST`.
    pub fn apply(&mut self, block: &Block, row: usize) {
        let value = |column| block.value(column, row);
        let flags = block.flags(row);
        self.counts.take_flags(flags);
        let (id, side) = (value(Column::Order), BookSide::of(value(Column::Side)));
        let (price, size) = (value(Column::Px), value(Column::Sz));
        match OrderAction::of(value(Column::Kind)) {
            Some(OrderAction::Trade | OrderAction::Fill) => {}
            Some(OrderAction::Add) => self.add_told(id, side, price, size),
            Some(OrderAction::Modify) => self.modify_told(id, side, price, size),
            Some(OrderAction::Cancel) => self.cancel_told(id, side, size),
            Some(OrderAction::Remove) => self.remove_told(id, side),
            Some(OrderAction::Clear) => self.clear(side),
            None => self.counts.refused += 1,
        }
        if flags.has(RowFlags::LAST) {
            self.counts.look(self.sides.best_price(BookSide::Bid), self.sides.best_price(BookSide::Ask));
        }
    }

    /// Takes away all orders of a side, or of both.
    pub fn clear(&mut self, side: Option<BookSide>) {
        self.counts.clears += 1;
        self.sides.clear(side, None);
        let Some(side) = side else {
            self.orders.clear();
            return self.places.clear();
        };
        let orders = &mut self.orders;
        self.places.retain(|_, place| {
            let stays = orders.get(*place).side != side;
            if !stays {
                orders.forget(*place);
            }
            stays
        });
    }

    fn add_told(&mut self, id: i64, side: Option<BookSide>, price: i64, size: i64) {
        let Some(side) = side else { return self.counts.sideless += 1 };
        if let Some(place) = self.places.get(&id).copied() {
            self.counts.replaced += 1;
            self.remove(id, place);
        }
        self.add(id, side, price, size);
    }

    fn modify_told(&mut self, id: i64, side: Option<BookSide>, price: i64, size: i64) {
        match (self.places.get(&id).copied(), side) {
            (Some(place), _) => {
                let side = side.unwrap_or(self.orders.get(place).side);
                self.modify(id, place, side, price, size);
            }
            (None, None) => self.counts.sideless += 1,
            (None, Some(side)) => {
                self.counts.unknown += 1;
                self.add(id, side, price, size);
            }
        }
    }

    fn cancel_told(&mut self, id: i64, side: Option<BookSide>, size: i64) {
        let Some(place) = self.known(id, side) else { return };
        if size < 0 {
            return self.counts.refused += 1;
        }
        let rests = self.orders.get(place).size;
        self.counts.overdrawn += u64::from(size > rests);
        if size >= rests { self.remove(id, place) } else { self.shrink(place, rests - size) }
    }

    fn remove_told(&mut self, id: i64, side: Option<BookSide>) {
        if let Some(place) = self.known(id, side) {
            self.remove(id, place);
        }
    }

    /// The place of an order that a row names; counted if there is none.
    fn known(&mut self, id: i64, side: Option<BookSide>) -> Option<Place> {
        let place = self.places.get(&id).copied();
        match (place, side) {
            (None, Some(_)) => self.counts.unknown += 1,
            (None, None) => self.counts.sideless += 1,
            (Some(_), _) => {}
        }
        place
    }

    /// An order of size 0 rests nowhere, and one that a level cannot hold is not taken.
    fn add(&mut self, id: i64, side: BookSide, price: i64, size: i64) {
        let sound = price != NA && size > 0;
        let Some(place) = sound.then(|| self.orders.add(id, side, price, size)).flatten() else {
            return self.counts.refused += 1;
        };
        let queue = self.sides.reach(side, price);
        // A level without room is not a new one: it stays as it is.
        if !queue.has_room(size) {
            self.orders.forget(place);
            return self.counts.refused += 1;
        }
        queue.join(&mut self.orders, place);
        self.places.insert(id, place);
    }

    fn modify(&mut self, id: i64, place: Place, side: BookSide, price: i64, size: i64) {
        let before = *self.orders.get(place);
        let stays = (before.side, before.price) == (side, price);
        let more = if stays { size.saturating_sub(before.size) } else { size };
        let has_room = || self.sides.get(side, price).is_none_or(|queue| queue.has_room(more));
        // What only gets smaller where it stands has room.
        if price == NA || size < 0 || (more > 0 && !has_room()) {
            return self.counts.refused += 1;
        }
        match size {
            0 => self.remove(id, place),
            _ if stays && size <= before.size => self.shrink(place, size),
            _ if stays => self.regrow(place, size),
            _ => {
                self.leave(place);
                self.orders.set(place, side, price, size);
                self.sides.reach(side, price).join(&mut self.orders, place);
            }
        }
    }

    fn shrink(&mut self, place: Place, size: i64) {
        let Resting { side, price, .. } = *self.orders.get(place);
        let queue = self.sides.get_mut(side, price).expect("an order rests in a level");
        queue.shrink(&mut self.orders, place, size);
    }

    /// An order that grew goes behind the others; its level never was empty.
    fn regrow(&mut self, place: Place, size: i64) {
        let Resting { side, price, .. } = *self.orders.get(place);
        let queue = self.sides.get_mut(side, price).expect("an order rests in a level");
        queue.leave(&mut self.orders, place);
        self.orders.set(place, side, price, size);
        queue.join(&mut self.orders, place);
    }

    fn remove(&mut self, id: i64, place: Place) {
        self.leave(place);
        self.orders.forget(place);
        self.places.remove(&id);
    }

    /// Takes an order out of its line, and the level away with the last one.
    fn leave(&mut self, place: Place) {
        let Resting { side, price, .. } = *self.orders.get(place);
        let queue = self.sides.get_mut(side, price).expect("an order rests in a level");
        queue.leave(&mut self.orders, place);
        if queue.is_empty() {
            self.sides.remove(side, price);
        }
    }
}
