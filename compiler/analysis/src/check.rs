//! All checks of a text, in their order: what the compiler and the editor both start from.

use gbc_diagnostics::{Diagnostic, Diagnostics};
use gbc_hir::{Program, Value};
use gbc_syntax::Parsed;

use crate::{Facts, analyse};

/// A text after all checks.
#[derive(Clone, Debug)]
pub struct Checked {
    /// As tree and items.
    pub parsed: Parsed,
    /// What is wrong with it, all rooms together.
    pub diagnostics: Diagnostics,
    /// Its typed program; whole only if nothing is wrong.
    pub program: Program,
    /// What is known of its expressions, with parameters at their own values; empty if names or types are wrong.
    pub facts: Facts,
}

/// Reads and checks a text. Never fails: what is wrong stands in `diagnostics`.
pub fn check(text: &str) -> Checked {
    check_with(text, &gbc_hir::no_files)
}

/// The same, with a way to find the libraries that the text uses.
pub fn check_with(text: &str, loader: &gbc_hir::Loader<'_>) -> Checked {
    check_parsed(text, gbc_syntax::parse(text), loader)
}

/// The same for a text that has been read: `parsed` is what [`gbc_syntax::parse()`] makes of it.
pub fn check_parsed(text: &str, parsed: Parsed, loader: &gbc_hir::Loader<'_>) -> Checked {
    let mut diagnostics = parsed.diagnostics.clone();
    let (program, own) = gbc_hir::check_with(text, &parsed.file, loader);
    let names_can_be_trusted = !parsed.diagnostics.has_errors();
    let heard = |diagnostic: &&Diagnostic| names_can_be_trusted || !may_be_lost(diagnostic.code);
    own.in_order().into_iter().filter(heard).for_each(|diagnostic| diagnostics.push(diagnostic.clone()));
    if diagnostics.has_errors() {
        return Checked { parsed, diagnostics, program, facts: Facts::none() };
    }
    let defaults: Vec<Value> = program.params.iter().map(|param| param.default).collect();
    let (facts, own) = analyse(&program, &defaults);
    diagnostics.extend(own);
    Checked { parsed, diagnostics, program, facts }
}

/// Whether a message may come from a broken item alone: a name lost with it is no second mistake.
fn may_be_lost(code: &str) -> bool {
    matches!(code, "E0201" | "E0204" | "E0206" | "E0208" | "E0211" | "W0101" | "W0102" | "W0111" | "W0112")
}
