//! From wishes to orders, and from orders to fills.
//!
//! ```text
//! reconciler.changed(market, wish, held)  ─► steps to trade
//! venue.send(market, time, steps)         ─► an order on its way
//! venue.arrive(..) / venue.open(..)       ─► fills, or a refusal
//! ```

#![forbid(unsafe_code)]

pub mod order;
pub mod profile;
pub mod reconcile;
pub mod venue;

pub use order::{Order, OrderKind, OrderStatus};
pub use profile::{MarketFill, Profile};
pub use reconcile::Reconciler;
pub use venue::{Opening, Venue};
