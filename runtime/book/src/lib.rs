//! The market as the venue and the marks see it, rebuilt from events. Our own orders are laid on top in `exec`.
//!
//! ```text
//! book.seek(&block, from, to);       // the state after rows from..to, without walking them
//! let mark = book.mark_half_ticks(); // mid, or last price, in half ticks
//!
//! orders.apply(&block, row);         // a book of several levels takes in every row
//! orders.sides().levels(BookSide::Bid).take(5)
//! ```

#![forbid(unsafe_code)]

pub mod book;
pub mod counts;
pub mod extremes;
mod follow;
mod ladder;
pub mod levels;
pub mod orders;
pub mod queue;
mod side;
pub mod sides;

pub use book::{Book, Level};
pub use counts::BookCounts;
pub use extremes::extremes_half_ticks;
pub use follow::Follower;
pub use levels::LevelBook;
pub use orders::OrderBook;
pub use queue::Resting;
pub use side::BookSide;
pub use sides::{Crossing, Sides};
