//! What can still be wrong with a typed program when it is lowered.

use gbc_diagnostics::{Diagnostic, Span};

/// Every rule is written out with all it reads: rules that read much, often, take room.
pub(crate) fn too_large(limit: usize, at: Span) -> Diagnostic {
    let remark = format!("this version handles {limit}; each rule has its own copy of what reads state");
    Diagnostic::error("E0902", "too many operations after rules are written out", at, remark)
        .help("keep what rules share in a state of its own, assigned once, or split the strategy")
}
