//! Trained models, as bytes: what they take and what they give. Nothing is run here.
//!
//! ```text
//! let signature = read_onnx(&bytes)?;
//! assert_eq!(signature.takes(), Some(5));
//! ```

#![forbid(unsafe_code)]

mod onnx;
mod protobuf;
mod refusal;
mod signature;
mod trees;
mod xgboost;

pub use onnx::read_onnx;
pub use refusal::Refusal;
pub use signature::{Port, Signature};
pub use trees::read_trees;
