//! Names, types and units: from typed items to one typed program.
//!
//! Functions are expanded per call, names become what they name, so the program is one graph of expressions. What a
//! value is measured in is settled here; when it changes and whether it is defined is the next floor's business.

#![forbid(unsafe_code)]

mod check;
mod clock;
mod errors;
mod fold;
mod libraries;
mod link;
mod param_text;
mod print;
mod program;
mod reach;
mod rule;
mod shares;
mod ty;
mod versions;

pub use check::{Before, Traces, check, check_again, check_with};
pub use clock::*;
pub use fold::{Value, fold};
pub use libraries::{LibraryPath, LoadError, Loader, no_files};
pub use print::print;
pub use program::*;
pub use reach::{needed, operands, periods, roots};
pub use rule::*;
pub use shares::{handed_on, shares};
pub use ty::{Dim, Ty};
