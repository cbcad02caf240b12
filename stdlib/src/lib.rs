//! The standard library, as text: it is written in the language itself.

#![forbid(unsafe_code)]

/// Indicators with memory; their names need no `use`.
pub const TA: &str = include_str!("../ta.gbs");
