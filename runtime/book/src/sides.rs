//! Both sides of a book, and what happens where they meet.

use serde::{Deserialize, Serialize};

use crate::ladder::Ladder;
use crate::{BookSide, Level};

/// What a book makes of a bid that reaches an ask, or the other way round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Crossing {
    /// It shows what it was told, crossed if need be.
    #[default]
    Shown,
    /// The newer price is right: the best of the other side retreats to its next level beyond. What it passes over stays
    /// stored, and counts again when the best comes back to it. For feeds that lose rows.
    Retreats,
}

/// What a level holds.
pub trait Held {
    /// Total size, in lot steps.
    fn size(&self) -> i64;
    /// How many orders; `NA` where nobody told.
    fn orders(&self) -> i64;
}

/// The levels of both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sides<T> {
    bids: Ladder<T>,
    asks: Ladder<T>,
    crossing: Crossing,
}

impl<T: Default + Held> Sides<T> {
    pub(crate) fn new(crossing: Crossing) -> Sides<T> {
        Sides { bids: Ladder::new(BookSide::Bid), asks: Ladder::new(BookSide::Ask), crossing }
    }

    /// The best level of a side.
    pub fn best(&self, side: BookSide) -> Option<Level> {
        self.levels(side).next()
    }

    /// The best price of a side.
    pub fn best_price(&self, side: BookSide) -> Option<i64> {
        self.on(side).best()
    }

    /// The levels of a side, best first: `levels(side).take(5)`.
    pub fn levels(&self, side: BookSide) -> impl Iterator<Item = Level> {
        self.on(side).best_first().map(|(price, held)| Level { price, size: held.size(), orders: held.orders() })
    }

    /// How many levels a side has.
    pub fn count(&self, side: BookSide) -> usize {
        self.on(side).len()
    }

    /// Total size at a price; 0 where there is no level. A level that was passed over keeps its size.
    pub fn size_at(&self, side: BookSide, price: i64) -> i64 {
        self.get(side, price).map_or(0, Held::size)
    }

    pub(crate) fn get(&self, side: BookSide, price: i64) -> Option<&T> {
        self.on(side).get(price)
    }

    pub(crate) fn get_mut(&mut self, side: BookSide, price: i64) -> Option<&mut T> {
        self.on_mut(side).get_mut(price)
    }

    /// The level at a price, made if need be. A new best may send the other side back.
    pub(crate) fn reach(&mut self, side: BookSide, price: i64) -> &mut T {
        let (ours, theirs) = match side {
            BookSide::Bid => (&mut self.bids, &mut self.asks),
            BookSide::Ask => (&mut self.asks, &mut self.bids),
        };
        let (held, is_best) = ours.reach(price);
        if is_best && self.crossing == Crossing::Retreats {
            theirs.retreat_from(price);
        }
        held
    }

    pub(crate) fn remove(&mut self, side: BookSide, price: i64) -> Option<T> {
        self.on_mut(side).remove(price)
    }

    /// Takes away a side, or both; with a price only from the best to there.
    pub(crate) fn clear(&mut self, side: Option<BookSide>, to: Option<i64>) {
        for one in [BookSide::Bid, BookSide::Ask] {
            match to {
                _ if side.is_some_and(|side| side != one) => {}
                Some(price) if side.is_some() => self.on_mut(one).clear_to(price),
                _ => self.on_mut(one).clear(),
            }
        }
    }

    fn on(&self, side: BookSide) -> &Ladder<T> {
        match side {
            BookSide::Bid => &self.bids,
            BookSide::Ask => &self.asks,
        }
    }

    fn on_mut(&mut self, side: BookSide) -> &mut Ladder<T> {
        match side {
            BookSide::Bid => &mut self.bids,
            BookSide::Ask => &mut self.asks,
        }
    }
}
