//! What compiler and runtime agree on: time, prices, blocks of events, and the strategy's contract.
//!
//! The compiler does not know the runtime, nor the runtime the compiler. They meet here:
//!
//! ```text
//! block of columns ─► Strategy::play(block, from, to, guards) ─► wishes, and why it stopped
//! ```

#![forbid(unsafe_code)]

pub mod arithmetic;
pub mod bars;
pub mod block;
pub mod column;
pub mod instrument;
pub mod maths;
pub mod money;
pub mod orders;
pub mod ratio;
pub mod row;
pub mod session;
pub mod strategy;
pub mod time;
pub mod view;
pub mod window;
pub mod wishes;

pub use block::{Block, NA, Schema};
pub use column::Column;
pub use instrument::{Instrument, MakerFees};
pub use money::Money;
pub use ratio::Ratio;
pub use row::{DepthKind, OrderAction, RowFlags, RowKind};
pub use strategy::{Due, Event, Fallen, Fault, Guards, Stop, Strategy, Why};
pub use time::Nanos;
pub use view::{MarketView, Mine, News, NewsKind, QuoteView, View};
pub use wishes::{Asked, Exported, Wishes};

/// Index of a market among the markets of one program, in the order of their symbols.
pub type MarketId = usize;
