//! What can be wrong about records.

use gbc_diagnostics::{Diagnostic, Span};

pub(crate) fn field_twice(name: &str, at: Span, first: Span) -> Diagnostic {
    Diagnostic::error("E0613", format!("this record has two fields `{name}`"), at, "again here")
        .label(first, "first here")
        .help("give one of them another name, or leave it out")
}
