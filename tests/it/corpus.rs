//! Every text of the language that the repository holds: files, and fenced blocks of its pages.

use std::fs;
use std::path::{Path, PathBuf};

use gbc_diagnostics::{Diagnostic, Source, to_text};
use gbc_driver::{Checked, check};

/// A text with the name to blame.
pub struct Case {
    /// Its path from the root; a fence adds the number of its line.
    pub name: String,
    /// What stands behind the backquotes of a fence: `gbs wrong`.
    pub info: String,
    /// The text.
    pub text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All files below `folder` that end in `.ending`, in order of their paths.
pub fn files(folder: &str, ending: &str) -> Vec<Case> {
    let mut paths = Vec::new();
    gather(&root().join(folder), ending, &mut paths);
    paths.sort();
    let name = |path: &Path| {
        let path = path.strip_prefix(root()).expect("below the root");
        path.to_string_lossy().replace('\\', "/")
    };
    let text = |path: &Path| fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    paths.iter().map(|path| Case { name: name(path), info: String::new(), text: text(path) }).collect()
}

fn gather(folder: &Path, ending: &str, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() {
            gather(&path, ending, paths);
        } else if path.extension().is_some_and(|found| found == ending) {
            paths.push(path);
        }
    }
}

/// The blocks of a page that are fenced as `gbs`.
pub fn fences(page: &Case) -> Vec<Case> {
    let mut found = Vec::new();
    let mut open: Option<Case> = None;
    for (index, line) in page.text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                let name = format!("{}:{}", page.name, index + 1);
                open = Some(Case { name, info: info.trim().to_owned(), text: String::new() });
            }
            (Some(_), Some(_)) => found.extend(open.take().filter(|case| case.info.starts_with("gbs"))),
            (Some(case), None) => case.text.extend([line, "\n"]),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{}: a fence is never closed", page.name);
    found
}

/// Every text there is, those of examples and pages included.
pub fn everything() -> Vec<Case> {
    let mut all = files("tests", "gbs");
    all.extend(files("examples", "gbs"));
    all.extend(files("stdlib", "gbs"));
    all.extend(files("docs", "md").iter().flat_map(fences).filter(|case| !case.text.is_empty()));
    all
}

/// The text, checked.
pub fn checked(name: &str, text: &str) -> Checked {
    check(Source::new(name, text))
}

/// The codes of all messages, in order of their places.
pub fn codes(checked: &Checked) -> Vec<&'static str> {
    checked.diagnostics.in_order().iter().map(|diagnostic| diagnostic.code).collect()
}

/// All messages as people see them, for the report of a test that fails.
pub fn shown(checked: &Checked) -> String {
    let all = checked.diagnostics.in_order();
    all.iter().map(|diagnostic| to_text(&checked.source, diagnostic, false)).collect()
}

/// The text with a message's repair applied.
pub fn repaired(text: &str, diagnostic: &Diagnostic) -> String {
    let mut edits: Vec<_> = diagnostic.fix.iter().collect();
    // From the back, so that the places in front stay where they are.
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    let mut text = text.to_owned();
    edits.iter().for_each(|edit| text.replace_range(edit.span.range(), &edit.new_text));
    text
}
