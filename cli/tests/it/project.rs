//! Projects: what `gbc new` makes runs as it is, and the other commands know where they are.

use std::fs;

use crate::world::{Folder, checked, repository, source};

const TEMPLATES: [&str; 3] = ["cross", "fade", "quotes"];

/// The lines of the `sh` blocks of a page.
fn commands(page: &str) -> Vec<String> {
    let blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.flat_map(str::lines).map(str::to_owned).collect()
}

#[test]
fn every_project_does_what_its_readme_says() {
    for template in TEMPLATES {
        let here = Folder::new(&format!("new-{template}"));
        let said = here.gbc(&["new", "mine", "--template", template]).ends(0).out;
        let strategy = format!("strategies/{template}.gbs");
        assert!(said.contains(&format!("gbc run {strategy}")), "{said}");
        let wanted = [".gitignore", "README.md", "data", "gbs.toml", "lib", "strategies"];
        assert_eq!(here.names("mine"), wanted);
        assert_eq!(here.names("."), ["mine"], "nothing is left beside it");

        let readme = String::from_utf8(here.read("mine/README.md")).expect("UTF-8");
        let holes = ["{name}", "{strategy}", "{about}", "{data}", "{rows}", "{set}"];
        assert!(!holes.iter().any(|hole| readme.contains(hole)) && readme.starts_with("# mine\n"), "{readme}");
        let commands = commands(&readme);
        assert!(commands.len() >= 8, "{commands:?}");
        for line in commands {
            let args: Vec<&str> = line.strip_prefix("gbc ").expect("a command of gbc").split(' ').collect();
            here.ran(here.command(&args).current_dir(here.0.join("mine"))).ends(0);
        }
        assert_eq!(here.names("mine/runs").len(), 2);
        let report = here.json("mine/runs/mine/report.json");
        assert!(report["summary"]["tradeCount"].as_u64() >= Some(10), "{template} trades: {}", report["summary"]);
        assert_eq!(
            here.read(&format!("mine/{strategy}")),
            source(&format!("cli/{strategy}").replace("strategies", "templates")).as_bytes()
        );
    }
}

#[test]
fn templates_are_sound_tested_and_in_the_one_style() {
    for name in TEMPLATES.iter().chain(&["lib"]) {
        let text = source(&format!("cli/templates/{name}.gbs"));
        let checked = checked(&text);
        assert!(checked.diagnostics.is_empty(), "{name}: {:?}", checked.diagnostics);
        assert_eq!(gbc_driver::format(&text), text, "{name}");
        assert!(checked.is_library() || !checked.program.tests.is_empty(), "{name} has no test");
    }
    Folder::new("templates").gbc(&["test", &repository("cli/templates").display().to_string()]).ends(0);
}

#[test]
fn a_new_project_is_refused_where_something_is() {
    let here = Folder::new("new-refused");
    here.write("file", "mine");
    fs::create_dir_all(here.0.join("full/below")).expect("it is ours");
    fs::create_dir(here.0.join("empty")).expect("it is ours");
    for (args, words) in [
        (&["new", "full"][..], "full: this folder exists and is not empty; choose another name"),
        (&["new", "file"], "file: there is a file of this name"),
        (&["new", "my strategy"], "`my-strategy` would do"),
        (&["new", "."], "is no name for a project"),
        (&["new", "7up"], "`up` would do"),
        (&["new", "a", "--template", "fads"], "'fade'"),
        (&["new", "a", "--template", "none"], "cross, fade, quotes"),
    ] {
        here.gbc(args).complains(2, words);
    }
    here.gbc(&["new", "file/below"]).ends(3);
    assert_eq!(here.names("."), ["empty", "file", "full"]);
    assert_eq!(here.names("full"), ["below"]);
    here.gbc(&["new", "empty"]).ends(0);
    here.gbc(&["new", "empty"]).ends(2);
}

#[test]
fn commands_find_the_project_from_below() {
    let here = Folder::new("project-below");
    here.gbc(&["new", "mine"]).ends(0);
    let below = |args: &[&str]| here.ran(here.command(args).current_dir(here.0.join("mine/strategies")));
    let said = below(&["check"]).ends(0).out;
    assert!(said.contains("../strategies/cross.gbs: sound") && said.contains("../lib/levels.gbs"), "{said}");
    below(&["test"]).ends(0);
    below(&["run", "cross.gbs"]).ends(0);
    assert_eq!(here.names("mine/strategies"), ["cross.gbs"]);
    assert_eq!(here.names("mine/runs").len(), 1);
    below(&["fmt", "--check"]).ends(0);
}

#[test]
fn what_the_project_file_says_is_held_against_the_folder() {
    let here = Folder::new("project-file");
    here.gbc(&["new", "mine"]).ends(0);
    let inside = |args: &[&str]| here.ran(here.command(args).current_dir(here.0.join("mine")));
    fs::remove_file(here.0.join("mine/lib/levels.gbs")).expect("it is ours");
    inside(&["check"]).ends(0);
    fs::remove_dir(here.0.join("mine/lib")).expect("it is ours");
    inside(&["check"]).complains(3, "gbs.toml: `sources` names `lib`, and there is no such folder");
    here.write("mine/gbs.toml", "sorces = []\n");
    for args in [&["check"][..], &["test"], &["fmt"], &["run", "strategies/cross.gbs"]] {
        inside(args).complains(3, "gbs.toml: there is no setting `sorces`; did you mean `sources`?");
    }
    here.write("mine/gbs.toml", "sources = [\"strategies\"]\n");
    inside(&["check"]).ends(0);
    inside(&["run", "strategies/cross.gbs"]).complains(2, "no data");
    here.write("mine/gbs.toml", "[data]\nmnq = \"data/none.parquet\"\n");
    inside(&["run", "strategies/cross.gbs"]).complains(3, "data/none.parquet: there is no such file");
}
