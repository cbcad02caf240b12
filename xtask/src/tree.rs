//! The files of the repository as the rules see them: paths with `/`, relative to the root, and their text.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every file by its path; `None` for what is no text.
#[derive(Default)]
pub struct Tree {
    files: BTreeMap<String, Option<String>>,
}

impl Tree {
    /// What git tracks here, and what it would track next.
    pub fn of_this_repository() -> Result<Tree, String> {
        let root = root();
        let mut tree = Tree::default();
        for path in listed_by_git(&root)? {
            // A tracked file may have been removed since: git lists it until the removal is staged.
            if let Ok(bytes) = std::fs::read(root.join(&path)) {
                tree.files.insert(path, String::from_utf8(bytes).ok());
            }
        }
        Ok(tree)
    }

    /// A tree made up for a test.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Tree {
        let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), Some((*text).to_owned()));
        Tree { files: files.iter().map(owned).collect() }
    }

    /// Every path, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The text of a file, if it is there and is text.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.as_deref()
    }

    /// Every file of text.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)))
    }

    /// Every file of Rust.
    pub fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts().filter(|(path, _)| path.ends_with(".rs"))
    }

    /// Whether `path` is a file, or a folder with something in it.
    pub fn has(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        let mut from = self.files.range(path.to_owned()..);
        self.files.contains_key(path) || from.any(|(other, _)| other.starts_with(&folder))
    }
}

fn root() -> PathBuf {
    // Cargo says where this crate is when it runs it; the root is one folder up.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    here.as_deref().and_then(Path::parent).map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

fn listed_by_git(root: &Path) -> Result<Vec<String>, String> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let answer = Command::new("git").args(arguments).current_dir(root).output();
    let answer = answer.map_err(|error| format!("git is needed to list the files: {error}"))?;
    if !answer.status.success() {
        return Err(format!("git ls-files failed: {}", String::from_utf8_lossy(&answer.stderr).trim()));
    }
    let list = String::from_utf8(answer.stdout).map_err(|_| "a path is not UTF-8".to_owned())?;
    Ok(list.split_terminator('\0').map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_there_when_something_is_in_them() {
        let tree = Tree::of(&[("docs/a.md", ""), ("docs-old/b.md", "")]);
        assert!(tree.has("docs/a.md") && tree.has("docs"));
        assert!(!tree.has("docs/b.md") && !tree.has("doc"));
    }
}
