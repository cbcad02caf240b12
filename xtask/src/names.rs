//! A file is named for what it holds, not for its kind.

use crate::tidy::Complaint;
use crate::tree::Tree;

const KINDS: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "commons", "misc", "stuff"];

/// No file and no folder is called `utils`, `helpers`, `common` or `misc`.
pub fn files_are_named_for_what_they_hold(tree: &Tree) -> Vec<Complaint> {
    let named_for_kind = |path: &&str| path.split('/').any(is_kind);
    let text = "named for its kind, name it for what it holds";
    tree.paths().filter(named_for_kind).map(|path| Complaint::new(path, 1, text)).collect()
}

fn is_kind(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part);
    KINDS.contains(&stem.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_named_for_its_kind_is_named() {
        let tree = Tree::of(&[
            ("core/src/utils.rs", ""),
            ("core/src/common/mod.rs", ""),
            ("tests/Helpers.py", ""),
            ("core/src/common_sense.rs", ""),
        ]);
        assert_eq!(files_are_named_for_what_they_hold(&tree).len(), 3);
    }
}
