//! Orders that wait in line: one piece of memory for all of them, and a line per level through it.

use gbc_core::NA;
use serde::{Deserialize, Serialize};

use crate::BookSide;
use crate::sides::Held;

/// No order.
const NOBODY: u32 = u32::MAX;

/// An order that rests in a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resting {
    /// Its number at the exchange.
    pub id: i64,
    /// Its side.
    pub side: BookSide,
    /// In ticks.
    pub price: i64,
    /// In lot steps; more than 0.
    pub size: i64,
    ahead: u32,
    behind: u32,
}

/// Where an order lies among all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place(u32);

/// All orders of a book; places of those that left are used again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Orders {
    places: Vec<Resting>,
    free: Vec<u32>,
}

/// The orders of one level, the first in front.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    size: i64,
    orders: i64,
    first: u32,
    last: u32,
}

impl Default for Queue {
    fn default() -> Queue {
        Queue { size: 0, orders: 0, first: NOBODY, last: NOBODY }
    }
}

impl Held for Queue {
    fn size(&self) -> i64 {
        self.size
    }

    fn orders(&self) -> i64 {
        self.orders
    }
}

impl Orders {
    pub fn get(&self, place: Place) -> &Resting {
        &self.places[place.0 as usize]
    }

    pub fn clear(&mut self) {
        self.places.clear();
        self.free.clear();
    }

    /// Room for an order that stands in no line yet; `None` when four billion rest already.
    pub fn add(&mut self, id: i64, side: BookSide, price: i64, size: i64) -> Option<Place> {
        let order = Resting { id, side, price, size, ahead: NOBODY, behind: NOBODY };
        if let Some(at) = self.free.pop() {
            self.places[at as usize] = order;
            return Some(Place(at));
        }
        let at = u32::try_from(self.places.len()).ok().filter(|at| *at != NOBODY)?;
        self.places.push(order);
        Some(Place(at))
    }

    /// Gives the room of an order that left its line to another.
    pub fn forget(&mut self, place: Place) {
        self.free.push(place.0);
    }

    /// New price and size of an order that stands in no line.
    pub fn set(&mut self, place: Place, side: BookSide, price: i64, size: i64) {
        let order = &mut self.places[place.0 as usize];
        (order.side, order.price, order.size) = (side, price, size);
    }

    /// Those ahead of an order, from the next one to the front.
    pub fn ahead_of(&self, place: Place) -> impl Iterator<Item = &Resting> {
        self.line(self.get(place).ahead, |order| order.ahead)
    }

    /// A whole line, from its front.
    pub fn in_line(&self, queue: &Queue) -> impl Iterator<Item = &Resting> {
        self.line(queue.first, |order| order.behind)
    }

    fn line(&self, from: u32, next: impl Fn(&Resting) -> u32) -> impl Iterator<Item = &Resting> {
        let at = |place: u32| (place != NOBODY).then(|| &self.places[place as usize]);
        std::iter::successors(at(from), move |order| at(next(order)))
    }
}

impl Queue {
    /// Whether `more` still fits into what a level can hold.
    pub(crate) fn has_room(&self, more: i64) -> bool {
        self.size.checked_add(more).is_some_and(|size| size != NA)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first == NOBODY
    }

    /// An order comes to the end of the line.
    pub(crate) fn join(&mut self, orders: &mut Orders, place: Place) {
        let order = &mut orders.places[place.0 as usize];
        (order.ahead, order.behind) = (self.last, NOBODY);
        self.size += order.size;
        self.orders += 1;
        match self.last {
            NOBODY => self.first = place.0,
            last => orders.places[last as usize].behind = place.0,
        }
        self.last = place.0;
    }

    /// An order leaves the line.
    pub(crate) fn leave(&mut self, orders: &mut Orders, place: Place) {
        let Resting { size, ahead, behind, .. } = *orders.get(place);
        self.size -= size;
        self.orders -= 1;
        match ahead {
            NOBODY => self.first = behind,
            ahead => orders.places[ahead as usize].behind = behind,
        }
        match behind {
            NOBODY => self.last = ahead,
            behind => orders.places[behind as usize].ahead = ahead,
        }
    }

    /// An order gets smaller where it stands.
    pub(crate) fn shrink(&mut self, orders: &mut Orders, place: Place, size: i64) {
        let order = &mut orders.places[place.0 as usize];
        self.size -= order.size - size;
        order.size = size;
    }
}
