//! The clock, and the loop that plays events through everything.
//!
//! ```text
//! feeds ─► lanes ─ runs of rows ─► Strategy::play ─ wishes ─► desk ( reconciler ► venue ► portfolio ) ─► curve
//!
//! let (outcome, halt) = run(&mut strategy, feeds, &setup, &mut |_| ControlFlow::Continue(()));
//! ```

#![forbid(unsafe_code)]

mod account;
mod by_react;
pub mod checkpoint;
mod curve;
mod desk;
mod hearing;
mod journey;
mod lane;
mod lanes;
mod margin;
pub mod outcome;
mod passing;
mod price_path;
pub mod replay;
pub mod setup;
mod standing;
mod trading;
mod two_times;

pub use checkpoint::{Checkpoint, NoCheckpoint};
pub use journey::{Ended, Journey, run, run_between};
pub use outcome::{Halt, Outcome, Progress};
pub use price_path::PriceSpan;
pub use replay::Replay;
pub use setup::{FeedInput, Setup, columns};
