//! Messages for people: where a mistake is, why it is one, what to type instead.
//!
//! Rooms build a [`Diagnostic`] beside the check that finds the mistake and put it on a [`Diagnostics`] list;
//! the doors render the list as text or as JSON lines.

#![forbid(unsafe_code)]

mod diagnostic;
mod explain;
mod json;
mod near;
mod source;
mod text;

pub use diagnostic::{Diagnostic, Diagnostics, Edit, Label, Severity};
pub use explain::{codes, explain};
pub use json::to_json;
pub use near::nearest;
pub use source::{Place, Source, Span};
pub use text::{Printer, to_text};
