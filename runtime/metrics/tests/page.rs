//! The page of all figures is the code's: names and definitions are written once, beside the fields.

use std::fmt::Write;
use std::path::Path;

use gbc_metrics::{Summary, Undefined};

const TABLES_BEGIN: &str = "## Account\n";

fn tables() -> String {
    let mut text = String::new();
    for group in Summary::default().groups() {
        let _ = write!(text, "## {}\n\n| name | definition |\n|---|---|\n", group.title);
        for entry in group.entries {
            let definition = entry.definition.replace('|', "\\|");
            let _ = writeln!(text, "| `{}` | {definition} |", entry.name);
        }
        text.push('\n');
    }
    text.trim_end().to_owned() + "\n"
}

#[test]
fn the_page_defines_every_figure_as_the_code_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/metrics.md");
    let found = std::fs::read_to_string(&path).expect("the page lies in the repository");
    let head = found.split(TABLES_BEGIN).next().expect("a text begins");
    let wanted = format!("{head}{}", tables());
    if std::env::var_os("GBC_BLESS").is_some_and(|bless| bless == "1") {
        std::fs::write(&path, &wanted).expect("the repository can be written to");
        return;
    }
    assert!(found == wanted, "docs/metrics.md is out of date: run this test once with GBC_BLESS=1");
    for why in Undefined::ALL {
        assert!(head.contains(&format!("`{}`", why.code())), "the page does not name `{}`", why.code());
    }
}
