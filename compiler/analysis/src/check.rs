//! All checks of a text, in their order: what the compiler and the editor both start from.

use gbc_diagnostics::{Diagnostic, Diagnostics};
use gbc_hir::{Program, Traces, Value};
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
    let parsed = gbc_syntax::parse(text);
    let found = gbc_hir::check_with(text, &parsed.file, loader);
    analysed(parsed, found)
}

/// A text that has been checked, and what the next check of it may take over.
#[derive(Clone, Copy, Debug)]
pub struct Before<'a> {
    /// The text.
    pub text: &'a str,
    /// What became of it.
    pub checked: &'a Checked,
    /// How its items were checked.
    pub traces: &'a Traces,
}

/// Checks a text that has been read and that will be edited: `parsed` is what [`gbc_syntax::parse()`] makes of it. Items
/// that neither changed since `before` nor read what changed are taken over.
pub fn check_again(
    text: &str,
    parsed: Parsed,
    loader: &gbc_hir::Loader<'_>,
    before: Option<Before<'_>>,
) -> (Checked, Traces) {
    let before = before.map(|Before { text, checked, traces }| gbc_hir::Before {
        text,
        file: &checked.parsed.file,
        program: &checked.program,
        traces,
    });
    let (program, own, traces) = gbc_hir::check_again(text, &parsed.file, loader, before);
    (analysed(parsed, (program, own)), traces)
}

fn analysed(parsed: Parsed, (program, own): (Program, Diagnostics)) -> Checked {
    let mut diagnostics = parsed.diagnostics.clone();
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
