//! Clocks, causality, warm-up and definedness: facts about each expression of a typed program.

#![forbid(unsafe_code)]

mod assume;
mod bodies;
mod check;
mod clocks;
mod condition_errors;
mod conditions;
mod defined;
mod errors;
mod facts;
mod interval;
mod named_reads;
mod never_opens;
mod numbering;
mod order;
mod reach;
mod reading;
mod undefined_errors;
mod values;
mod warm_up;
mod wasted;
mod wrong_side;

pub use check::{Before, Checked, check, check_again, check_with};
pub use defined::{Cause, Why, needs_position};
pub use facts::{ClockSet, Fact, Facts, Time, analyse};
pub use gbc_hir::{Traces, operands};
pub use interval::Interval;
pub use named_reads::named_reads;
pub use undefined_errors::why;
pub use warm_up::WarmUp;
