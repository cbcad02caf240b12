//! What we hold and what it is worth: fills come in, positions, trades and equity come out.

#![forbid(unsafe_code)]

pub mod record;

pub use record::{EquityPoint, Exit, Fill, FillReason, Side, Trade};
