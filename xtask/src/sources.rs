//! A file tells one story, says which at its top, and ends before the reader tires.

use crate::tidy::Complaint;
use crate::tree::Tree;

/// A file this long tells more than one story.
const MOST_LINES: usize = 800;

/// Every file of Rust opens with `//!`.
pub fn files_open_with_their_story(tree: &Tree) -> Vec<Complaint> {
    let silent = tree.rust().filter(|(_, text)| !text.starts_with("//!"));
    silent.map(|(path, _)| Complaint::new(path, 1, "does not open with `//!`, a reader starts there")).collect()
}

/// No file of Rust is longer than `MOST_LINES`.
pub fn files_stay_short(tree: &Tree) -> Vec<Complaint> {
    let counted = tree.rust().map(|(path, text)| (path, text.lines().count()));
    let long = counted.filter(|(_, lines)| *lines > MOST_LINES);
    long.map(|(path, lines)| {
        let text = format!("{lines} lines, more than {MOST_LINES}; give the second story its own file");
        Complaint::new(path, MOST_LINES + 1, text)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_story_is_named() {
        let tree = Tree::of(&[("a.rs", "//! Yes.\n"), ("b.rs", "// No.\n"), ("c.rs", ""), ("d.md", "no Rust")]);
        let complaints = files_open_with_their_story(&tree);
        let paths: Vec<_> = complaints.iter().map(|complaint| complaint.path.as_str()).collect();
        assert_eq!(paths, ["b.rs", "c.rs"]);
    }

    #[test]
    fn a_long_file_is_named_and_a_full_one_is_not() {
        let lines = |count: usize| "x\n".repeat(count);
        let tree = Tree::of(&[("full.rs", &lines(MOST_LINES)), ("long.rs", &lines(MOST_LINES + 1))]);
        let complaints = files_stay_short(&tree);
        assert_eq!(complaints.len(), 1);
        assert_eq!(complaints[0].path, "long.rs");
    }
}
