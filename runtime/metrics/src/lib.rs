//! Trades and equity to numbers, each defined in its doc.

#![forbid(unsafe_code)]
