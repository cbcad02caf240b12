//! A page that sends its reader somewhere sends him to something that is there.

use crate::tidy::Complaint;
use crate::tree::Tree;

/// Every relative link in the pages of `docs/` and of the root leads to a file or a folder.
pub fn links_lead_somewhere(tree: &Tree) -> Vec<Complaint> {
    let is_page = |path: &str| path.ends_with(".md") && (path.starts_with("docs/") || !path.contains('/'));
    let pages = tree.texts().filter(|(path, _)| is_page(path));
    pages.flat_map(|(path, text)| dead_links(tree, path, text)).collect()
}

fn dead_links(tree: &Tree, path: &str, text: &str) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let mut in_code = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            let dead = targets(line).into_iter().filter(|target| !leads_somewhere(tree, path, target));
            complaints.extend(
                dead.map(|target| Complaint::new(path, index + 1, format!("the link to `{target}` leads nowhere"))),
            );
        }
    }
    complaints
}

/// What stands in `](..)` and behind `[name]:`, without titles, outside `code`.
fn targets(line: &str) -> Vec<String> {
    let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
    let inline = prose.split("](").skip(1).filter_map(|after| after.split(')').next());
    let reference = prose.trim_start().starts_with('[').then(|| prose.split_once("]:")).flatten();
    let all = inline.chain(reference.map(|(_, after)| after));
    let bare = all.filter_map(|target| target.split_whitespace().next());
    bare.map(|target| target.trim_matches(['<', '>']).to_owned()).collect()
}

fn leads_somewhere(tree: &Tree, page: &str, target: &str) -> bool {
    let target = target.split('#').next().unwrap_or(target);
    let elsewhere = target.contains("://") || target.starts_with("mailto:");
    // An anchor alone stays on its page.
    if elsewhere || target.is_empty() {
        return true;
    }
    resolve(page, target).is_some_and(|path| path.is_empty() || tree.has(&path))
}

/// The path from the root; `None` if it leaves the repository.
fn resolve(page: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(page: &str, text: &str) -> Vec<String> {
        let tree = Tree::of(&[(page, text), ("docs/language.md", ""), ("examples/data/es.csv", "")]);
        links_lead_somewhere(&tree).iter().map(Complaint::to_string).collect()
    }

    #[test]
    fn a_dead_link_is_named() {
        assert_eq!(
            complaints("docs/how-to/add.md", "fine\n[a](../language.md#types), [b](language.md)"),
            ["docs/how-to/add.md:2: the link to `language.md` leads nowhere"]
        );
        assert_eq!(complaints("README.md", "[x]: docs/nothing.md").len(), 1);
        assert_eq!(complaints("README.md", "[x](../../outside.md)").len(), 1);
    }

    #[test]
    fn live_links_and_code_are_left_alone() {
        let text = "[a](docs/language.md \"title\") [b](examples/data) [c](https://example.org) [d](#here)\n\
                    `x[n](y)`\n```\n[e](nowhere)\n```\n[f]: examples";
        assert!(complaints("README.md", text).is_empty());
        assert!(complaints("tests/notes.md", "[a](nowhere)").is_empty());
    }
}
