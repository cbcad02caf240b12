//! Every diagnostic has a page, and every page is about a diagnostic.

use std::collections::BTreeMap;

use crate::rust_text::{Part, before_tests, only};
use crate::tidy::Complaint;
use crate::tree::Tree;

const PAGES: &str = "docs/diagnostics/";

/// Every code that the compiler uses has its page.
pub fn codes_have_pages(tree: &Tree) -> Vec<Complaint> {
    let lonely = used(tree).into_iter().filter(|(code, _)| tree.text(&page(code)).is_none());
    lonely
        .map(|(code, (path, line))| Complaint::new(&path, line, format!("`{code}` has no page, write {}", page(&code))))
        .collect()
}

/// Every page is about a code that the compiler uses.
pub fn pages_have_codes(tree: &Tree) -> Vec<Complaint> {
    let used = used(tree);
    let pages = tree.paths().filter_map(|path| Some((path, path.strip_prefix(PAGES)?.strip_suffix(".md")?)));
    let idle = pages.filter(|(_, name)| *name != "README" && !used.contains_key(*name));
    idle.map(|(path, name)| {
        Complaint::new(path, 1, format!("`{name}` is used nowhere in compiler/, a page explains a diagnostic"))
    })
    .collect()
}

fn page(code: &str) -> String {
    format!("{PAGES}{code}.md")
}

/// Where each code is first used. Comments do not count, nor do tests, which may make codes up.
fn used(tree: &Tree) -> BTreeMap<String, (String, usize)> {
    let mut used = BTreeMap::new();
    let sources = tree.rust().filter(|(path, _)| is_compiler_source(path));
    for (path, text) in sources {
        let code = only(before_tests(text), &[Part::Code, Part::Text]);
        for (index, line) in code.lines().enumerate() {
            for code in codes_in(line) {
                used.entry(code.to_owned()).or_insert_with(|| (path.to_owned(), index + 1));
            }
        }
    }
    used
}

fn is_compiler_source(path: &str) -> bool {
    // `gbc test` has diagnostics of its own.
    (path.starts_with("compiler/") || path.starts_with("cli/src/"))
        && !path.contains("/tests/")
        && !path.ends_with("/tests.rs")
}

/// The words made of `E` or `W` and four digits.
fn codes_in(line: &str) -> impl Iterator<Item = &str> {
    let words = line.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    words.filter(|word| match word.as_bytes() {
        [b'E' | b'W', digits @ ..] => digits.len() == 4 && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        Tree::of(&[
            (
                "compiler/hir/src/units.rs",
                "//! E0001\n#[diagnostic(code(E0415))]\nlet w = \"W0102\"; E04150\n#[cfg(test)]\nmod tests { E0999 }",
            ),
            ("runtime/data/src/a.rs", "E0777"),
            ("docs/diagnostics/E0415.md", ""),
            ("docs/diagnostics/E0001.md", ""),
            ("docs/diagnostics/notes.md", ""),
        ])
    }

    #[test]
    fn a_code_without_a_page_is_named() {
        let texts: Vec<_> = codes_have_pages(&tree()).iter().map(Complaint::to_string).collect();
        assert_eq!(texts, ["compiler/hir/src/units.rs:3: `W0102` has no page, write docs/diagnostics/W0102.md"]);
    }

    #[test]
    fn a_page_without_a_code_is_named() {
        let complaints = pages_have_codes(&tree());
        let paths: Vec<_> = complaints.iter().map(|complaint| complaint.path.as_str()).collect();
        assert_eq!(paths, ["docs/diagnostics/E0001.md", "docs/diagnostics/notes.md"]);
    }
}
