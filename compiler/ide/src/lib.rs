//! What an editor asks of a source, answered as plain data: offsets in bytes, text, edits. No protocol.
//!
//! ```text
//! let document = Document::new(text);
//! let hover = document.hover(offset)?; // what the name there is, when it changes, what it waits for
//! ```

#![forbid(unsafe_code)]

mod document;
#[cfg(test)]
mod edits;
mod foreign;
mod hover;
mod lines;
mod names;
mod symbols;

pub use document::Document;
pub use foreign::Foreign;
pub use gbc_diagnostics::{Diagnostic, Edit, Label, Severity, Source, Span};
pub use gbc_hir::{LibraryPath, LoadError, Loader, no_files};
pub use hover::Hover;
pub use lines::{Columns, LineIndex, Place};
pub use symbols::{Symbol, SymbolKind};
