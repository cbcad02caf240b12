//! Clocks, causality, warm-up and definedness: facts about each expression of a typed program.

#![forbid(unsafe_code)]

mod check;
mod clocks;
mod defined;
mod errors;
mod facts;
mod interval;
mod reach;
mod warm_up;

pub use check::{Checked, check};
pub use facts::{ClockSet, Fact, Facts, Time, analyse};
pub use interval::Interval;
pub use reach::operands;
pub use warm_up::WarmUp;
