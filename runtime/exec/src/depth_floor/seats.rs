//! Who stands ahead of our resting orders: the very orders, where they are known one by one.

use std::collections::{BTreeMap, BTreeSet};

use gbc_book::BookSide;
use gbc_portfolio::Side;
use serde::{Deserialize, Serialize};

use super::shelf::Shelf;
use crate::floor::Floor;
use crate::message::Key;
use crate::queue::Place;
use crate::working::Working;

/// Where each of our orders stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Seats(BTreeMap<Key, Seat>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Seat {
    price: i64,
    /// Numbers of the orders ahead; none where a book knows levels only.
    ahead: BTreeSet<i64>,
}

/// The side of the book on which orders of a side rest.
pub(super) fn own(side: Side) -> BookSide {
    match side {
        Side::Buy => BookSide::Bid,
        Side::Sell => BookSide::Ask,
    }
}

/// The price at which an order rests, if it does.
pub(super) fn rests_at(order: &Working) -> Option<i64> {
    order.kind.limit().filter(|_| order.rests())
}

impl Seats {
    /// Lets orders sit that came to rest, or rest elsewhere, and forgets those that left. `deep` is whether a level that
    /// nobody shows may still hold somebody.
    pub fn settle(&mut self, floor: &mut Floor, book: &Shelf, deep: bool) {
        if floor.orders.is_empty() {
            return self.0.clear();
        }
        self.0.retain(|key, _| floor.index_of(*key).is_some());
        for index in 0..floor.orders.len() {
            let order = &floor.orders[index];
            let sits_at = self.0.get(&order.key).map(|seat| seat.price);
            if rests_at(order).is_some_and(|price| sits_at != Some(price)) {
                self.join(floor, index, book, deep);
            }
        }
    }

    /// An order goes to the end of the line at its price.
    pub fn join(&mut self, floor: &mut Floor, index: usize, book: &Shelf, deep: bool) {
        let order = &mut floor.orders[index];
        let Some(price) = rests_at(order) else { return };
        let side = own(order.side);
        let shown = book.size_at(side, price);
        let unknown = deep && shown == 0 && book.is_beyond(side, price) && book.best(side).is_some();
        order.place = if unknown { Place::default() } else { Place::behind(shown as f64) };
        self.0.insert(order.key, Seat { price, ahead: book.ids_at(side, price).collect() });
    }

    /// Whether an order of the book stands ahead of ours.
    pub fn is_ahead(&self, id: i64, of: Key) -> bool {
        self.0.get(&of).is_some_and(|seat| seat.ahead.contains(&id))
    }

    /// An order of the book has changed. `stays` is whether it kept its place.
    pub fn changed(&mut self, id: i64, stays: bool, floor: &mut Floor, book: &Shelf) {
        for (key, seat) in &mut self.0 {
            if !seat.ahead.contains(&id) {
                continue;
            }
            if !stays {
                seat.ahead.remove(&id);
            }
            seat.tell(*key, floor, book);
        }
    }

    /// Orders of the book are gone, many at once.
    pub fn cleared(&mut self, floor: &mut Floor, book: &Shelf) {
        for (key, seat) in &mut self.0 {
            seat.ahead.retain(|id| book.order(*id).is_some());
            seat.tell(*key, floor, book);
        }
    }
}

impl Seat {
    fn tell(&self, key: Key, floor: &mut Floor, book: &Shelf) {
        let ahead: i64 = self.ahead.iter().filter_map(|id| book.order(*id)).map(|order| order.size).sum();
        if let Some(index) = floor.index_of(key) {
            floor.orders[index].place.advance_to(ahead as f64);
        }
    }
}
