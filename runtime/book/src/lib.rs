//! The market as the venue and the marks see it, rebuilt from events. Our own orders are laid on top in `exec`.
//!
//! ```text
//! book.seek(&block, from, to);      // the state after rows from..to, without walking them
//! let mark = book.mark_half_ticks(); // mid, or last price, in half ticks
//! ```

#![forbid(unsafe_code)]

pub mod book;

pub use book::{Book, Level};
