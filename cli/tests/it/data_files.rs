//! `gbc data`, and data that lie in many files: the same rows, the same result.

use std::fs;
use std::path::Path;

use crate::world::{Folder, repository};

const CROSS: &str = "strategy Cross

market es

let b = es.bars(1m)

target es = if b.close > sma(b.close, 20) { 1 } else { 0 }
";

const INSTRUMENT: &str = "tick = 0.25\n";

/// A folder with bars as one file and as parts whose names say nothing of their order.
fn parted(name: &str) -> Folder {
    let here = Folder::new(name);
    here.write("cross.gbs", CROSS);
    here.write("x.toml", INSTRUMENT);
    here.bars("all.csv", 3000);
    let text = String::from_utf8(here.read("all.csv")).expect("made text is UTF-8");
    let lines: Vec<&str> = text.lines().collect();
    let part = |rows: &[&str]| format!("{}\n{}\n", lines[0], rows.join("\n"));
    fs::create_dir_all(here.0.join("parts/date=1")).expect("the folder is ours");
    here.write("parts/date=1/z.csv", &part(&lines[1..1001]));
    here.write("parts/y.csv", &part(&lines[1001..1002]));
    here.write("parts/a.csv", &part(&lines[1002..]));
    here.write("parts/_SUCCESS", "");
    here.write("parts/notes.txt", "not data");
    here
}

fn result_hash(here: &Folder, data: &str) -> String {
    let args = ["run", "cross.gbs", "--data", data, "--stamp", "open", "--instrument", "x.toml", "--out", "made"];
    here.gbc(&args).ends(0);
    let report = here.json("made/report.json");
    assert!(report["dataset"]["sha256"].as_str().is_some_and(|hash| hash.len() == 64), "{}", report["dataset"]);
    report["resultHash"].as_str().expect("a run has a hash").to_owned()
}

#[test]
fn parts_give_the_result_of_the_whole() {
    let here = parted("parts");
    let whole = result_hash(&here, "all.csv");
    assert_eq!(result_hash(&here, "parts"), whole);
    assert_eq!(result_hash(&here, "parts/**/*.csv"), whole);
    assert_ne!(result_hash(&here, "parts/?.csv"), whole, "the first thousand bars lie below");
}

#[test]
fn overlapping_parts_are_named() {
    let here = parted("overlap");
    here.gbc(&["data", "check", "parts"]).ends(0);
    fs::copy(here.0.join("all.csv"), here.0.join("parts/b.csv")).expect("the folder is ours");
    let told = here.gbc(&["data", "check", "parts"]).complains(3, "overlap");
    assert!(told.err.contains("parts/date=1/z.csv") && told.err.contains("`parts/b.csv`"), "{}", told.err);
    here.gbc(&["data", "check", "none/*.csv"]).complains(3, "no file of market data is called like this");
}

#[test]
fn a_vendors_file_is_inspected() {
    let here = Folder::new("vendor");
    let sample: &Path = &repository("runtime/data/tests/samples/tbbo.v2.dbn.zst");
    fs::copy(sample, here.0.join("es.dbn.zst")).expect("the sample is there");
    let told = here.gbc(&["data", "inspect", "es.dbn.zst"]).ends(0);
    assert!(
        told.out.contains("DBN version 2, packed with zstd, trades with the quote before them of ESH1"),
        "{}",
        told.out
    );
    here.gbc(&["data", "inspect", "es.dbn.zst#ESZ1"])
        .complains(3, "there is no instrument `ESZ1` inside; there are `ESH1`");
}
