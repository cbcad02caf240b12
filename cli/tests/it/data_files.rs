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

#[test]
fn an_imported_store_gives_the_result_of_its_source() {
    let here = parted("import");
    let whole = result_hash(&here, "all.csv");
    let told = here
        .gbc(&["data", "import", "parts", "--stamp", "open", "--instrument", "x.toml", "--out", "es.store"])
        .ends(0);
    assert!(told.out.contains("3000 rows of parts in 1 parts"), "{}", told.out);
    assert_eq!(here.names("es.store"), ["month=2025-06", "store.json"]);
    assert_eq!(result_hash(&here, "es.store"), whole);
    here.gbc(&["data", "import", "parts", "--stamp", "open", "--out", "es.store"]).complains(3, "exists already");
    here.gbc(&["data", "import", "parts", "--out", "other"]).complains(3, "choose `--stamp open`");
    assert!(!here.0.join("other").exists(), "nothing is left of what failed");
}

#[test]
fn import_mends_and_says_so() {
    let here = parted("mend");
    let text = String::from_utf8(here.read("all.csv")).expect("made text is UTF-8");
    let mut lines: Vec<&str> = text.lines().collect();
    lines.swap(100, 200);
    lines.insert(300, lines[299]);
    lines.insert(400, "torn,1");
    here.write("dirty.csv", &(lines.join("\n") + "\n"));
    let import = ["data", "import", "dirty.csv", "--stamp", "open", "--instrument", "x.toml", "--out", "mended"];
    here.gbc(&[&import[..], &["--strict"]].concat()).complains(3, "dirty.csv: row 401");
    let told = here.gbc(&import).ends(0);
    for words in ["1 lines are no rows", "the first is row 401", "rows came late", "1 bars stood there twice"] {
        assert!(told.out.contains(words), "{words}: {}", told.out);
    }
    assert_eq!(result_hash(&here, "mended"), result_hash(&here, "all.csv"));
}

#[test]
fn a_sheet_is_there_for_scripts_too() {
    let here = parted("sheet");
    let told = here.gbc(&["data", "check", "parts", "--format", "json"]).ends(0);
    let sheet: serde_json::Value = serde_json::from_str(&told.out).expect("one object");
    assert_eq!((&sheet["rows"], &sheet["schema"]), (&3000.into(), &"bars".into()));
    assert_eq!(sheet["files"][0], "parts/date=1/z.csv");
    assert_eq!(sheet["missingBars"].as_u64().map(|count| count > 0), Some(true), "nights lie between the days");
}
