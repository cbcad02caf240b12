//! Trades and equity to numbers, each defined in its doc. What is undefined says why, and is never a silent zero.

#![forbid(unsafe_code)]

mod figure;

pub mod activity;
pub mod benchmark;
pub mod drawdown;
pub mod excursions;
pub mod moments;
pub mod months;
pub mod normal;
pub mod returns;
pub mod significance;
pub mod sums;
pub mod tail;
pub mod trades;

mod summary;

pub use excursions::Excursion;
pub use figure::{Entry, Figure, Told, Undefined};
pub use summary::{AccountStats, Group, Record, Summary, summarize};
pub use trades::of_trades;
