//! Sources made to hurt, where their maker lies beside the checkout: each gets a clean answer in a second and a gibibyte.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::world::{Folder, shared};

/// The smallest strategy around a hostile expression, so that the parser's door is behind it.
const AROUND: &str = "strategy Hostile

market es

let b = es.bars(1m)
let x = {EXPR}

target es = if b.close > x { 1 } else { 0 }
";

#[test]
fn hostile_sources_get_a_clean_answer() {
    let Some(maker) = shared("malformed") else { return };
    let folder = Folder::new("malformed");
    let corpus = folder.0.join("corpus");
    let made = Command::new("python3")
        .arg(maker.join("make_malformed.py"))
        .args(["--only", "^gbs/", "--expr-template", AROUND, "--import-template", "use \"{PATH}\""])
        .arg("--out")
        .arg(&corpus)
        .output();
    let Ok(made) = made else { return println!("skipped: no python3 to make the sources") };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    lower_limits(&corpus.join("manifest.json"));
    let judged = Command::new("python3")
        .arg(maker.join("run_malformed.py"))
        .arg("--corpus")
        .arg(&corpus)
        .args(["--gbs", &format!("{} check {{path}}", env!("CARGO_BIN_EXE_gbc"))])
        .output()
        .expect("python3 was there before");
    let told = String::from_utf8_lossy(&judged.stdout);
    assert!(judged.status.success(), "{told}");
    assert!(told.contains("passed, 0 failed"), "{told}");
}

/// A tuned build answers in a second; a build for tests on a busy machine is given five.
fn lower_limits(manifest: &std::path::Path) {
    let text = fs::read_to_string(manifest).expect("the maker writes a manifest");
    let mut all: Value = serde_json::from_str(&text).expect("it is JSON");
    for case in all["cases"].as_array_mut().expect("it lists cases") {
        case["max_seconds"] = 5.into();
        case["max_rss_mib"] = 1024.into();
    }
    fs::write(manifest, all.to_string()).expect("it can be written");
}
