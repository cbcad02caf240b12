//! The compiler's front door: a source goes in, a checked program comes out, and from that a running strategy.
//!
//! ```text
//! let checked = check(Source::new("a.gbs", text));
//! let machine = checked.bind(&checked.defaults(), instruments, &sources)?;
//! ```

#![forbid(unsafe_code)]

mod bind;
mod emit;
mod missing;
mod models;
mod proof;
mod settings;
mod why;

use gbc_diagnostics::{Diagnostics, Source};
use gbc_syntax::Parsed;
use gbc_syntax::ast::ItemKind;

pub use bind::{Bound, Needs, Passes};
pub use emit::{Stage, emit};
pub use gbc_analysis::{ClockSet, Facts, named_reads};
pub use gbc_hir::{ClockId, ExprId, ExprKind, LibraryPath, LoadError, Loader, Program, TestFeed, TestRow, Ty, Value};
pub use gbc_interp::{Expectation, Machine};
pub use gbc_ir::{Construct, Flow, Question, clock_text};
pub use gbc_syntax::format;
pub use models::ModelFiles;
pub use proof::{Lookback, Proof, Reach, Settles, Shared, Snapped, Sweep, proof, warm_up};
pub use why::{Still, Term};

/// A source after all checks.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The text.
    pub source: Source,
    /// As tree and items.
    pub parsed: Parsed,
    /// What is wrong with it, all rooms together.
    pub diagnostics: Diagnostics,
    /// Its typed program; whole only if nothing is wrong.
    pub program: Program,
    /// What is known of its expressions, with parameters at their own values.
    pub facts: Facts,
}

/// Reads and checks a source that uses no library but the standard one. Never fails: what is wrong stands in `diagnostics`.
pub fn check(source: Source) -> Checked {
    check_with(source, &gbc_hir::no_files)
}

/// The same, with a way to find the libraries that the source uses.
pub fn check_with(source: Source, loader: &Loader<'_>) -> Checked {
    let gbc_analysis::Checked { parsed, diagnostics, program, facts } = gbc_analysis::check_with(&source.text, loader);
    let mut checked = Checked { source, parsed, diagnostics, program, facts };
    if checked.is_sound()
        && let Err(diagnostic) = checked.trial()
    {
        checked.diagnostics.push(*diagnostic);
    }
    checked
}

impl Checked {
    /// Whether the program can run.
    pub fn is_sound(&self) -> bool {
        !self.diagnostics.has_errors()
    }

    /// Whether it holds functions only.
    pub fn is_library(&self) -> bool {
        self.program.is_library
    }

    /// The names of the functions that others may use.
    pub fn offered(&self) -> Vec<&str> {
        let items = self.parsed.file.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Fn(function) if function.public => Some(function.name.text.as_str()),
            _ => None,
        });
        items.collect()
    }

    /// The parameters at their own values.
    pub fn defaults(&self) -> Vec<Value> {
        self.program.params.iter().map(|param| param.default).collect()
    }
}
