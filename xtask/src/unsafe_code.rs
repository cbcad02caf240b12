//! One room may be unsafe, so that all others can be trusted without reading them.

use crate::rust_text::{Part, only};
use crate::tidy::Complaint;
use crate::tree::Tree;

const HOME: &str = "compiler/jit/";
const WORD: &str = "unsafe";

/// The word `unsafe` stands in no code outside `compiler/jit`.
pub fn only_the_jit_is_unsafe(tree: &Tree) -> Vec<Complaint> {
    let elsewhere = tree.rust().filter(|(path, _)| !path.starts_with(HOME));
    elsewhere.flat_map(|(path, text)| uses(path, text)).collect()
}

fn uses(path: &str, text: &str) -> Vec<Complaint> {
    let code = only(text, &[Part::Code]);
    let lines = code.lines().enumerate().filter(|(_, line)| words(line).any(|word| word == WORD));
    lines.map(|(index, _)| Complaint::new(path, index + 1, "unsafe code, whose home is compiler/jit")).collect()
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_that_is_unsafe_away_from_home_is_named() {
        let code = "//! unsafe\n#![forbid(unsafe_code)]\nfn f() { unsafe { g() } }\nconst T: &str = \"unsafe\";\n";
        let complaints = only_the_jit_is_unsafe(&Tree::of(&[("core/src/a.rs", code), ("compiler/jit/src/a.rs", code)]));
        assert_eq!(complaints.len(), 1);
        assert_eq!(complaints[0].to_string(), "core/src/a.rs:3: unsafe code, whose home is compiler/jit");
    }
}
