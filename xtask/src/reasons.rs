//! A dependency brings its reason, one line beside it. Rooms of the house need none: the floors are their reason.

use crate::manifest::dependencies;
use crate::tidy::Complaint;
use crate::tree::Tree;

/// Every foreign dependency that ships has a comment on its line.
pub fn dependencies_have_reasons(tree: &Tree) -> Vec<Complaint> {
    let manifests = tree.texts().filter(|(path, _)| path.ends_with("Cargo.toml"));
    manifests.flat_map(|(path, text)| without_reason(path, text)).collect()
}

fn without_reason(path: &str, text: &str) -> Vec<Complaint> {
    let foreign = |package: &str| !package.starts_with("gbc-");
    let silent = dependencies(text).into_iter();
    let silent = silent.filter(|one| !one.dev && !one.has_reason && foreign(&one.package));
    silent
        .map(|one| {
            Complaint::new(path, one.line, format!("`{}` has no reason, say on its line what it is for", one.package))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_without_a_reason_is_named() {
        let text = "[dependencies]\ngbc-core.workspace = true\ncsv.workspace = true\nserde = \"1\" # records travel\n[dev-dependencies]\nproptest = \"1\"";
        let complaints = dependencies_have_reasons(&Tree::of(&[("runtime/data/Cargo.toml", text)]));
        assert_eq!(complaints.len(), 1);
        assert_eq!(
            complaints[0].to_string(),
            "runtime/data/Cargo.toml:3: `csv` has no reason, say on its line what it is for"
        );
    }
}
