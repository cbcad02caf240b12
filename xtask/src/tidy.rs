//! The house rules that a machine can hold. Each rule reads the tree and returns what it found wrong.

use std::fmt;
use std::process::ExitCode;

use crate::tree::Tree;
use crate::{codes, floors, links, machine_paths, names, reasons, sources, unsafe_code};

/// One thing that is wrong, where, and why it matters.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    /// The file, from the root.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and why it matters.
    pub text: String,
}

impl Complaint {
    /// Something wrong at a line of a file.
    pub fn new(path: &str, line: usize, text: impl Into<String>) -> Complaint {
        Complaint { path: path.to_owned(), line, text: text.into() }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.path, self.line, self.text)
    }
}

/// All rules, in the order in which they are told.
const RULES: [fn(&Tree) -> Vec<Complaint>; 11] = [
    floors::members_are_rooms,
    floors::arrows_point_down,
    reasons::dependencies_have_reasons,
    sources::files_open_with_their_story,
    sources::files_stay_short,
    names::files_are_named_for_what_they_hold,
    unsafe_code::only_the_jit_is_unsafe,
    codes::codes_have_pages,
    codes::pages_have_codes,
    machine_paths::no_machine_is_named,
    links::links_lead_somewhere,
];

/// Reads the tree, applies every rule, says what is wrong.
pub fn run() -> ExitCode {
    let tree = match Tree::of_this_repository() {
        Ok(tree) => tree,
        Err(error) => {
            eprintln!("tidy: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut complaints: Vec<Complaint> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    complaints.sort();
    for complaint in &complaints {
        println!("{complaint}");
    }
    println!("tidy: {} rules, {} complaints", RULES.len(), complaints.len());
    if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repository_has_the_rooms_it_needs() {
        let tree = Tree::of_this_repository().unwrap();
        assert!(tree.text("Cargo.toml").is_some());
        assert!(tree.paths().any(|path| path == "xtask/src/tidy.rs"));
    }

    #[test]
    fn a_complaint_is_one_line_that_an_editor_can_follow() {
        let complaint = Complaint::new("core/src/lib.rs", 3, "what, why");
        assert_eq!(complaint.to_string(), "core/src/lib.rs:3: what, why");
    }
}
