//! The two sides of a book, and how prices compare on each.

use serde::{Deserialize, Serialize};

/// A side of a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BookSide {
    /// Who wants to buy; the highest price is best.
    Bid,
    /// Who wants to sell; the lowest price is best.
    Ask,
}

impl BookSide {
    /// As rows have it: 1 bid, -1 ask, anything else neither.
    pub fn of(number: i64) -> Option<BookSide> {
        match number {
            1 => Some(BookSide::Bid),
            -1 => Some(BookSide::Ask),
            _ => None,
        }
    }

    /// The other one.
    pub fn other(self) -> BookSide {
        match self {
            BookSide::Bid => BookSide::Ask,
            BookSide::Ask => BookSide::Bid,
        }
    }

    /// How good a price is on this side: more is better. The rank of a rank is the price again.
    pub(crate) fn rank(self, price: i64) -> i64 {
        match self {
            BookSide::Bid => price,
            // `NA` is the one number without a negative, and no price.
            BookSide::Ask => price.wrapping_neg(),
        }
    }
}
