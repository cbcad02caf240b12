//! What we hold and what it is worth: fills come in, positions, trades and equity come out.
//!
//! ```text
//! portfolio.apply(&fill)?;                // cash, lots, realised trades
//! let equity = portfolio.equity(&marks);  // cash + Σ position × mark, exact in billionths
//! ```

#![forbid(unsafe_code)]

pub mod audit;
pub mod portfolio;
pub mod position;
pub mod record;
pub mod worth;

pub use audit::{Audit, Discrepancy};
pub use portfolio::Portfolio;
pub use position::Position;
pub use record::{EquityPoint, Exit, Fill, FillReason, Side, Trade};
pub use worth::{Overflow, Worth};
