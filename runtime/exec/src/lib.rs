//! From wishes to orders, and from orders to fills.
//!
//! ```text
//! reconciler.changed(market, wish, held) ─► steps to trade, for a target
//! planner.want(fired, asked, scene)      ─► requests, for trades, quotes and orders by hand
//! ledger.send(ticket) · gateway.ask(..)  ─► a request on its way
//! exchange.arrive / open / range / tick  ─► answers, on their way back
//! ledger.hear(answer)                    ─► what became of the order
//! ```

#![forbid(unsafe_code)]

mod arrival;
pub mod bar_floor;
pub mod depth_floor;
pub mod exchange;
pub mod floor;
pub mod gateway;
pub mod journal;
pub mod latency;
pub mod ledger;
pub mod margin;
pub mod message;
pub mod order;
pub mod plan;
pub mod profile;
pub mod purse;
pub mod queue;
pub mod reconcile;
pub mod slippage;
pub mod touch_floor;
pub mod working;

pub use bar_floor::Range;
pub use exchange::{Exchange, Holds};
pub use gateway::Gateway;
pub use journal::{Entry, Journal, Leg, Origin};
pub use latency::{FeedDelay, Jitter, Latency, LatencyTable, Odds, Purpose};
pub use ledger::{Heard, Ledger};
pub use margin::{Deal, Holding, Margin, Requirement};
pub use message::{Answer, Ask, Bracket, Guard, Happened, Key, Part, Request, Size, Ticket};
pub use order::{Order, OrderKind, OrderStatus, Refusal};
pub use plan::Planner;
pub use plan::scene::{MarketScene, Scene};
pub use profile::{BarRules, DepthRules, Fees, Profile};
pub use purse::Purse;
pub use queue::QueueModel;
pub use reconcile::Reconciler;
pub use slippage::{Impact, Slippage};
