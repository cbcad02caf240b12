//! What `gbc test` says of an expectation that does not hold: what came instead, and the names it reads.

use serde_json::{Value, json};

use crate::world::Folder;

const STRATEGY: &str = "strategy Swing

market es
market zn
param fast = 2 in 2..30
param slow = 4 in 3..120
enum Phase { Watch, Armed }

let b    = es.bars(5m)
let up   = ema(b.close, fast) > ema(b.close, slow)
let rise = b.close - b.close[1]

state phase = Watch
when rise > 0.5 { phase = Armed }

target es = if up { 1 } else { -1 }
target zn = 0
";

/// What is said of a test with these expectations.
fn said(name: &str, expects: &str) -> (String, Vec<Value>) {
    let here = Folder::new(name);
    let test = format!("\ntest \"it\" {{\n  bars es 5m : 100 100 101 102 103 104 105 90 80 70 60\n{expects}}}\n");
    here.write("swing.gbs", &format!("{STRATEGY}{test}"));
    let text = here.gbc(&["test", "swing.gbs"]).ends(1).out;
    let lines = here.gbc(&["test", "swing.gbs", "--format", "json"]).ends(1).out;
    (text, lines.lines().map(|line| serde_json::from_str(line).expect("JSON lines")).collect())
}

#[test]
fn a_failure_shows_the_names_it_reads_and_when_they_changed() {
    let (text, lines) = said("failing-names", "  expect es.position == 1\n  expect up\n");
    let table = "  last event: bar 11 of es, 10:25:00\n  es.position  -1  since bar 9 of es, 10:15:00\n";
    assert!(text.contains("expected 1, got -1") && text.contains(table), "{text}");
    // A name stands before what it is made of; the columns are aligned.
    let made_of = text.split("\n  up       false  since bar 8 of es, 10:10:00\n").nth(1).unwrap_or_default();
    let rows = [
        "  b.close  60     since bar 11 of es, 10:25:00\n",
        "  fast     2      parameter\n",
        "  slow     4      parameter\n",
    ];
    assert!(rows.iter().all(|row| made_of.contains(row)), "{text}");

    let first = &lines[0]["expectations"][0];
    assert_eq!(lines[0]["passed"], json!(false));
    assert_eq!(first["expected"], json!("es.position == 1"));
    assert_eq!((&first["left"], &first["right"]), (&json!(-1.0), &json!(1.0)));
    let since = json!({ "time": "2025-01-06T10:15:00Z", "market": "es", "row": 9 });
    let value = json!({ "name": "es.position", "value": -1.0, "parameter": false, "since": since });
    assert_eq!(first["values"], json!([value]));
    assert_eq!(first["lastEvent"]["row"], json!(11));
    assert_eq!(lines[1]["code"], json!("E0520"));
}

#[test]
fn each_kind_of_value_is_shown_as_it_is_written() {
    let expects = "  expect phase == Watch\n  expect es.avg_price >= 1_000\n  expect zn.avg_price == 1\n  expect up and rise > 0\n";
    let (text, lines) = said("failing-kinds", expects);
    for words in [
        "expected Watch, got Armed",
        "phase  Armed  since bar 3 of es, 09:45:00",
        "expected something from 1000, got 80",
        "expected 1, got undefined",
        "zn.avg_price  undefined  from the start",
        "expected true, got false",
        "b.close[1]  70",
    ] {
        assert!(text.contains(words), "{words:?} is missing: {text}");
    }
    let expectations = lines[0]["expectations"].as_array().expect("a list");
    assert_eq!(expectations[0]["left"], json!("Armed"));
    assert_eq!(expectations[2]["values"][0]["value"], Value::Null);
    assert_eq!(expectations[3]["left"], Value::Null);
}

#[test]
fn a_file_that_passes_takes_one_line() {
    let here = Folder::new("passing");
    here.write("a.gbs", &format!("{STRATEGY}\ntest \"it\" {{\n  bars es 5m : 100 101\n  expect es.fills == 0\n}}\n"));
    here.write("b.gbs", STRATEGY);
    let text = here.gbc(&["test"]).ends(0).out;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(lines[0].starts_with("ok      ./a.gbs: 1 test, ") && lines[0].ends_with(" ms"), "{text}");
    assert_eq!(lines[1..], ["none    ./b.gbs: no tests", "1 passed, 0 failed"]);
}

#[test]
fn it_is_said_plainly_that_there_are_no_tests() {
    let here = Folder::new("no-tests");
    here.write("a.gbs", STRATEGY);
    let text = here.gbc(&["test", "a.gbs"]).ends(0).out;
    assert!(text.contains("there are no tests; one looks like this"), "{text}");
    assert_eq!(here.gbc(&["test", "a.gbs", "--format", "json"]).ends(0).out, "");
    // What it looks like is a test.
    let example: String =
        text.lines().skip_while(|line| !line.starts_with("  test")).map(|line| format!("{line}\n")).collect();
    here.write(
        "a.gbs",
        &format!(
            "strategy A\n\nmarket es\ntarget es = if es.bars(1m).close > 200 {{ 1 }} else {{ 0 }}\n\n{}",
            example.replace("\n  ", "\n").trim_start()
        ),
    );
    assert!(here.gbc(&["test", "a.gbs"]).out.contains("1 passed, 0 failed"), "{text}");
}
