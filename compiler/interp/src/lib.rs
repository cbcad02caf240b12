//! What the flow IR means, written to be read. Native code must agree with this, bit for bit.
//!
//! One event: find the clocks it ticks, evaluate the nodes on those clocks in order, then follow the roots.

#![forbid(unsafe_code)]

mod alarms;
mod books;
mod cuts;
mod evaluate;
mod machine;
mod plan;
mod roots;
mod steps;
mod told;

pub use machine::{BindError, Expectation, Machine};
