//! Sources and data made to hurt, where their maker lies beside the checkout: each gets a clean answer in seconds and a gibibyte.

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
    let told = judge(
        "malformed",
        &["--only", "^gbs/", "--expr-template", AROUND, "--import-template", "use \"{PATH}\""],
        &["gbs"],
        "check",
        1,
    );
    assert!(told.is_none_or(|told| told.contains("passed, 0 failed")));
}

/// Whatever lies in a file of data, its answer is the one that the corpus asks for.
#[test]
fn hostile_data_get_a_clean_answer() {
    let kinds = ["csv", "parquet", "dbn"];
    // The one case that may run long decodes a billion rows until it is interrupted.
    let only = "^(csv/|parquet/(?!bomb_rle)|dbn/)";
    let Some(told) = judge("malformed-data", &["--only", only], &kinds, "data check", 10) else { return };
    assert!(told.contains("passed, 0 failed"), "{told}");
}

/// Makes a part of the corpus and has its runner judge `gbc` over it; `None` where that cannot be done here.
fn judge(name: &str, make: &[&str], kinds: &[&str], command: &str, seconds: u32) -> Option<String> {
    let maker = shared("malformed")?;
    let folder = Folder::new(name);
    let corpus = folder.0.join("corpus");
    let made =
        Command::new("python3").arg(maker.join("make_malformed.py")).args(make).arg("--out").arg(&corpus).output();
    let Ok(made) = made else {
        println!("skipped: no python3 to make the files");
        return None;
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    set_limits(&corpus.join("manifest.json"), seconds);
    let mut judged = Command::new("python3");
    judged.arg(maker.join("run_malformed.py")).arg("--corpus").arg(&corpus).args(["--check-rows", "--jobs", "1"]);
    for kind in kinds {
        judged.args([&format!("--{kind}"), &format!("{} {command} {{path}}", env!("CARGO_BIN_EXE_gbc"))]);
    }
    let judged = judged.output().expect("python3 was there before");
    Some(String::from_utf8_lossy(&judged.stdout).into_owned())
}

/// Sources are answered in a second, whatever the build; data, which a build for tests reads slowly, are given more.
fn set_limits(manifest: &std::path::Path, seconds: u32) {
    let text = fs::read_to_string(manifest).expect("the maker writes a manifest");
    let mut all: Value = serde_json::from_str(&text).expect("it is JSON");
    for case in all["cases"].as_array_mut().expect("it lists cases") {
        case["max_seconds"] = seconds.into();
        case["max_rss_mib"] = 1024.into();
    }
    fs::write(manifest, all.to_string()).expect("it can be written");
}
