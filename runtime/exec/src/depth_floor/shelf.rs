//! The book that a floor keeps of its own: the exchange's may be ahead of ours.

use gbc_book::{BookSide, Crossing, Level, LevelBook, OrderBook, Resting};
use gbc_core::{Block, Schema};
use serde::{Deserialize, Serialize};

/// A book of levels, or of single orders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Shelf {
    Levels(LevelBook),
    Orders(OrderBook),
}

impl Shelf {
    /// For rows of a schema that builds books.
    pub fn new(schema: Schema, crossing: Crossing) -> Shelf {
        match schema {
            Schema::Orders => Shelf::Orders(OrderBook::new(crossing)),
            _ => Shelf::Levels(LevelBook::new(crossing)),
        }
    }

    /// Whether it is built from such rows.
    pub fn reads(&self, schema: Schema) -> bool {
        match self {
            Shelf::Levels(_) => schema == Schema::Depth,
            Shelf::Orders(_) => schema == Schema::Orders,
        }
    }

    /// Takes in one row.
    pub fn apply(&mut self, block: &Block, row: usize) {
        match self {
            Shelf::Levels(book) => book.apply(block, row),
            Shelf::Orders(book) => book.apply(block, row),
        }
    }

    /// The best price of a side.
    pub fn best(&self, side: BookSide) -> Option<i64> {
        match self {
            Shelf::Levels(book) => book.sides().best_price(side),
            Shelf::Orders(book) => book.sides().best_price(side),
        }
    }

    /// The levels of a side, best first.
    pub fn levels(&self, side: BookSide) -> impl Iterator<Item = Level> {
        let (levels, orders) = match self {
            Shelf::Levels(book) => (Some(book.sides().levels(side)), None),
            Shelf::Orders(book) => (None, Some(book.sides().levels(side))),
        };
        levels.into_iter().flatten().chain(orders.into_iter().flatten())
    }

    /// Total size at a price.
    pub fn size_at(&self, side: BookSide, price: i64) -> i64 {
        match self {
            Shelf::Levels(book) => book.sides().size_at(side, price),
            Shelf::Orders(book) => book.sides().size_at(side, price),
        }
    }

    /// The order of that number, where single orders are known.
    pub fn order(&self, id: i64) -> Option<&Resting> {
        match self {
            Shelf::Levels(_) => None,
            Shelf::Orders(book) => book.order(id),
        }
    }

    /// The numbers of the orders at a price, where they are known.
    pub fn ids_at(&self, side: BookSide, price: i64) -> impl Iterator<Item = i64> {
        let orders = match self {
            Shelf::Levels(_) => None,
            Shelf::Orders(book) => Some(book.queue(side, price).map(|order| order.id)),
        };
        orders.into_iter().flatten()
    }

    /// Whether nobody who sees this book can tell what stands at a price: it lies beyond all that is shown.
    pub fn is_beyond(&self, side: BookSide, price: i64) -> bool {
        let worst = self.levels(side).last();
        worst.is_none_or(|level| match side {
            BookSide::Bid => price < level.price,
            BookSide::Ask => price > level.price,
        })
    }
}
