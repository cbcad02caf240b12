//! The house: its rooms, their floors, and what each may use. The one place where this is written for a machine.
//!
//! A room uses rooms on lower floors, and only those named here, so every arrow points down. `core` and `diagnostics`
//! are open to all rooms above them. Tests and benches may use what they like.

use crate::manifest::{dependencies, members, package_name};
use crate::tidy::Complaint;
use crate::tree::Tree;

struct Room {
    /// The folder.
    path: &'static str,
    /// The crate.
    package: &'static str,
    floor: u8,
    /// Crates without their `gbc-`, apart from those open to all.
    may_use: &'static [&'static str],
}

const fn room(floor: u8, path: &'static str, package: &'static str, may_use: &'static [&'static str]) -> Room {
    Room { path, package, floor, may_use }
}

const OPEN_TO_ALL: [&str; 2] = ["core", "diagnostics"];

/// In `may_use`: anything on a lower floor.
const ANYTHING_BELOW: &str = "*";

#[rustfmt::skip] // A table reads as a table.
const HOUSE: [Room; 28] = [
    room(0, "core",                 "gbc-core",        &[]),
    room(0, "compiler/diagnostics", "gbc-diagnostics", &[]),
    room(0, "stdlib",               "gbc-stdlib",      &[]),
    room(1, "compiler/syntax",      "gbc-syntax",      &[]),
    room(1, "compiler/models",      "gbc-models",      &[]),
    room(2, "compiler/hir",         "gbc-hir",         &["syntax", "stdlib"]),
    room(3, "compiler/analysis",    "gbc-analysis",    &["hir", "syntax"]),
    room(4, "compiler/ide",         "gbc-ide",         &["analysis", "hir", "syntax", "stdlib"]),
    room(4, "compiler/ir",          "gbc-ir",          &["analysis", "hir"]),
    room(5, "compiler/interp",      "gbc-interp",      &["ir"]),
    room(5, "compiler/jit",         "gbc-jit",         &["ir"]),
    // The front door hands the source from stage to stage, so it knows each of them.
    room(6, "compiler/driver",      "gbc-driver",      &["syntax", "hir", "models", "analysis", "ir", "interp", "jit"]),
    room(1, "runtime/data",         "gbc-data",        &[]),
    room(1, "runtime/book",         "gbc-book",        &[]),
    room(1, "runtime/portfolio",    "gbc-portfolio",   &[]),
    room(2, "runtime/exec",         "gbc-exec",        &["book", "portfolio"]),
    room(2, "runtime/metrics",      "gbc-metrics",     &["portfolio"]),
    room(3, "runtime/engine",       "gbc-engine",      &["data", "book", "portfolio", "exec", "metrics"]),
    room(7, "sweep",                "gbc-sweep",       &["driver", "engine", "metrics"]),
    // Reports write the records themselves: orders are exec's, fills and trades portfolio's.
    room(7, "report",               "gbc-report",      &["metrics", "portfolio", "exec"]),
    room(8, "lsp",                  "gbc-lsp",         &["ide"]),
    room(8, "server",               "gbc-server",      &["driver", "engine", "sweep", "report"]),
    room(8, "python",               "gbc-python",      &["driver", "engine", "sweep", "report"]),
    room(9, "cli",                  "gbc-cli",         &[ANYTHING_BELOW]),
    room(10, "tests",               "gbc-tests",       &[ANYTHING_BELOW]),
    room(10, "benches",             "gbc-benches",     &[ANYTHING_BELOW]),
    room(10, "fuzz",                "gbc-fuzz",        &[ANYTHING_BELOW]),
    room(10, "xtask",               "xtask",           &[]),
];

/// Every member of the workspace is a room of the house, under its own name.
pub fn members_are_rooms(tree: &Tree) -> Vec<Complaint> {
    let workspace = tree.text("Cargo.toml").unwrap_or_default();
    let mut complaints = Vec::new();
    for (member, line) in members(workspace) {
        for path in folders(tree, &member) {
            complaints.extend(complaint_about_member(tree, &path, line));
        }
    }
    complaints
}

fn complaint_about_member(tree: &Tree, path: &str, line: usize) -> Option<Complaint> {
    let manifest = format!("{path}/Cargo.toml");
    let Some(room) = HOUSE.iter().find(|room| room.path == path) else {
        let text = format!("`{path}` is no room of the house, give it a floor in xtask/src/floors.rs");
        return Some(Complaint::new("Cargo.toml", line, text));
    };
    let (name, line) = package_name(tree.text(&manifest)?).unwrap_or(("", 1));
    let text = || format!("the crate is called `{name}`, but folder and crate share one name: `{}`", room.package);
    (name != room.package).then(|| Complaint::new(&manifest, line, text()))
}

/// The folders with a manifest that a member pattern means.
fn folders(tree: &Tree, member: &str) -> Vec<String> {
    let manifests = tree.paths().filter_map(|path| path.strip_suffix("/Cargo.toml"));
    let matches = |folder: &&str| match member.strip_suffix("/*") {
        Some(parent) => folder.rsplit_once('/').is_some_and(|(above, _)| above == parent),
        None => *folder == member,
    };
    manifests.filter(matches).map(str::to_owned).collect()
}

/// Every dependency of a room on a room is on a lower floor, and allowed.
pub fn arrows_point_down(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for room in &HOUSE {
        let path = format!("{}/Cargo.toml", room.path);
        let arrows = dependencies(tree.text(&path).unwrap_or_default());
        for arrow in arrows.iter().filter(|arrow| !arrow.dev) {
            let reason = objection(room, &arrow.package);
            complaints.extend(reason.map(|reason| Complaint::new(&path, arrow.line, reason)));
        }
    }
    complaints
}

fn objection(room: &Room, package: &str) -> Option<String> {
    let (from, name) = (room.package, package.strip_prefix("gbc-")?);
    let Some(other) = HOUSE.iter().find(|other| other.package == package) else {
        return Some(format!("`{package}` is no room of the house, give it a floor in xtask/src/floors.rs"));
    };
    if other.floor >= room.floor {
        let way = if other.floor > room.floor { "up" } else { "sideways" };
        let floors = format!("from floor {} to floor {}", room.floor, other.floor);
        return Some(format!("`{from}` uses `{package}`, {way} {floors}; arrows point down"));
    }
    let allowed = [name, ANYTHING_BELOW].iter().any(|one| room.may_use.contains(one));
    if allowed || OPEN_TO_ALL.contains(&name) {
        return None;
    }
    let list = if room.may_use.is_empty() { "core, diagnostics".to_owned() } else { room.may_use.join(", ") };
    Some(format!("`{from}` uses `{package}`, but may use only {list}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(complaints: &[Complaint]) -> Vec<String> {
        complaints.iter().map(Complaint::to_string).collect()
    }

    fn manifest(dependency: &str) -> String {
        format!("[dependencies]\ngbc-core.workspace = true\n{dependency}\n")
    }

    fn complaints_of(path: &str, dependency: &str) -> Vec<String> {
        texts(&arrows_point_down(&Tree::of(&[(path, &manifest(dependency))])))
    }

    #[test]
    fn an_arrow_up_sideways_or_astray_is_named() {
        assert_eq!(
            complaints_of("compiler/ir/Cargo.toml", "gbc-driver.workspace = true"),
            ["compiler/ir/Cargo.toml:3: `gbc-ir` uses `gbc-driver`, up from floor 4 to floor 6; arrows point down"]
        );
        assert_eq!(
            complaints_of("runtime/book/Cargo.toml", "gbc-portfolio = { path = \"../portfolio\" }"),
            [
                "runtime/book/Cargo.toml:3: `gbc-book` uses `gbc-portfolio`, sideways from floor 1 to floor 1; arrows point down"
            ]
        );
        assert_eq!(
            complaints_of("report/Cargo.toml", "engine = { package = \"gbc-engine\", path = \"x\" }"),
            ["report/Cargo.toml:3: `gbc-report` uses `gbc-engine`, but may use only metrics, portfolio, exec"]
        );
        assert!(complaints_of("cli/Cargo.toml", "gbc-nowhere = \"1\"")[0].contains("no room of the house"));
        assert!(complaints_of("core/Cargo.toml", "gbc-diagnostics = \"1\"")[0].contains("sideways"));
    }

    #[test]
    fn arrows_down_and_arrows_of_tests_are_fine() {
        assert!(complaints_of("runtime/exec/Cargo.toml", "gbc-book.workspace = true").is_empty());
        assert!(complaints_of("cli/Cargo.toml", "gbc-engine.workspace = true").is_empty());
        assert!(complaints_of("compiler/hir/Cargo.toml", "gbc-diagnostics.workspace = true").is_empty());
        assert!(complaints_of("runtime/book/Cargo.toml", "[dev-dependencies]\ngbc-cli = \"1\"").is_empty());
    }

    #[test]
    fn a_member_without_a_floor_is_named() {
        let tree = Tree::of(&[
            ("Cargo.toml", "[workspace]\nmembers = [\n  \"core\",\n  \"runtime/*\",\n]\n"),
            ("core/Cargo.toml", "[package]\nname = \"gbc-heart\""),
            ("runtime/data/Cargo.toml", "[package]\nname = \"gbc-data\""),
            ("runtime/magic/Cargo.toml", "[package]\nname = \"gbc-magic\""),
        ]);
        assert_eq!(
            texts(&members_are_rooms(&tree)),
            [
                "core/Cargo.toml:2: the crate is called `gbc-heart`, but folder and crate share one name: `gbc-core`",
                "Cargo.toml:4: `runtime/magic` is no room of the house, give it a floor in xtask/src/floors.rs",
            ]
        );
    }

    #[test]
    fn the_house_itself_stands() {
        for room in &HOUSE {
            for name in room.may_use.iter().filter(|name| **name != ANYTHING_BELOW) {
                let below = HOUSE.iter().find(|other| other.package == format!("gbc-{name}"));
                assert!(below.is_some_and(|below| below.floor < room.floor), "{} uses {name}", room.package);
            }
        }
    }
}
