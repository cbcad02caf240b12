//! What works only in one person's folder does not work.

use crate::tidy::Complaint;
use crate::tree::Tree;

/// Where machines keep people and their work; put together here, or this file would break its own rule.
const FOLDERS: [&str; 3] = [concat!("/", "home/"), concat!("/", "root/"), concat!("/", "work/")];

/// No file names an absolute path of one machine.
pub fn no_machine_is_named(tree: &Tree) -> Vec<Complaint> {
    tree.texts().flat_map(|(path, text)| machine_paths(path, text)).collect()
}

fn machine_paths(path: &str, text: &str) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let named = FOLDERS.iter().find(|folder| begins_a_path(line, folder));
        complaints.extend(named.map(|folder| {
            Complaint::new(path, index + 1, format!("`{folder}` is a folder of one machine, use a relative path"))
        }));
    }
    complaints
}

/// Whether the folder stands where a path begins, and not within a longer one.
fn begins_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back().unwrap_or(' ');
        !(before.is_alphanumeric() || "_-./~}".contains(before))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_a_machine_is_named() {
        for folder in FOLDERS {
            let bad = format!("fine\nsee {folder}me/x");
            let complaints = no_machine_is_named(&Tree::of(&[("README.md", &bad)]));
            assert_eq!((complaints.len(), complaints[0].line), (1, 2));
            let good = format!("https://example.org{folder}x and examples{folder}y");
            assert!(no_machine_is_named(&Tree::of(&[("README.md", &good)])).is_empty());
        }
    }
}
