//! From wishes to orders, and from orders to fills.

#![forbid(unsafe_code)]

pub mod order;

pub use order::{Order, OrderKind, OrderStatus};
