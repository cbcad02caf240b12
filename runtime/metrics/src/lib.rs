//! Trades and equity to numbers, each defined in its doc. What is undefined is `None`, never a silent zero.

#![forbid(unsafe_code)]

pub mod returns;
pub mod summary;
pub mod sums;
pub mod trades;

pub use returns::{ReturnStats, of_returns};
pub use summary::{Record, Summary, summarize};
pub use trades::{TradeStats, of_trades};
