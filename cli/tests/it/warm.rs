//! `--from`: rows before it warm a strategy up, and nothing is ordered before it.

use serde_json::Value;

use crate::world::{Folder, Ran};

const START: i64 = 1_748_871_000;

/// Bars of a minute from 13:30 on, each closing at its end; the close goes up and down by steps of a fixed series.
fn bars(here: &Folder, count: usize) {
    let mut text = "time,open,high,low,close,volume\n".to_owned();
    let mut close = 1000_i64;
    for minute in 0..count as i64 {
        close += (minute * 7919 % 11) - 5;
        let ms = (START + 60 * (minute + 1)) * 1000;
        text += &format!("{ms},{close},{},{},{close},{}\n", close + 2, close - 2, 1 + minute % 5);
    }
    here.write("es.csv", &text);
}

const WINDOWS: &str = "strategy Windows

market es
let b    = es.bars(5m)
let m    = es.bars(1m)
let slow = mean(b.close, 4)
let back = m.close[7]
let high = max(m.high, 20m)
let top  = max(m.high, es.rth)
let soft = ema(b.close, 3)

target es = if b.close > slow and m.close > back { 1 } else { 0 }
export slow as \"slow\"
export high + top + soft as \"sum\"
";

fn folder(name: &str, text: &str) -> Folder {
    let here = Folder::new(name);
    here.write("s.gbs", text);
    here.write(
        "es.toml",
        "symbol = \"ES\"\ntick = 1\nhours = { open = \"09:30\", close = \"16:00\", zone = \"America/New_York\" }\n",
    );
    bars(&here, 390);
    here
}

fn run(here: &Folder, out: &str, more: &[&str]) -> Ran {
    let args = ["run", "s.gbs", "--data", "es.csv", "--stamp", "close", "--instrument", "es.toml", "--out", out];
    here.gbc(&[&args[..], more].concat())
}

/// The values of a moment, by where they stand.
fn at(here: &Folder, run: &str, time: &str) -> Vec<Value> {
    let told = here.gbc(&["why", run, "--at", time, "--format", "json"]).ends(0).out;
    let told: Value = serde_json::from_str(&told).expect("one JSON object");
    told["rules"].as_array().expect("rules").iter().map(|rule| rule["value"].clone()).collect()
}

#[test]
fn the_first_row_finds_the_strategy_warm() {
    let here = folder("warm-first", WINDOWS);
    let from = ["--from", "2025-06-02T16:02:00Z"];
    run(&here, "whole", &["--quiet"]).ends(0);
    let warm = run(&here, "warm", &from).ends(0);
    assert!(warm.err.contains("from   2025-06-02T16:02:00Z: "), "{}", warm.err);
    assert!(warm.err.contains(" warm it up, with orders held back"), "{}", warm.err);
    run(&here, "cold", &[&from[..], &["--cold", "--quiet"]].concat()).ends(0);
    // What the whole run wants at each minute, the warm run wants from its first one on.
    for minute in [2, 3, 5, 9, 30] {
        let time = format!("2025-06-02T16:{minute:02}:00Z");
        assert_eq!(at(&here, "warm", &time), at(&here, "whole", &time), "{time}");
    }
    assert_eq!(at(&here, "cold", "2025-06-02T16:05:00Z"), [Value::Null]);
    let manifest = |run: &str| here.json(&format!("{run}/manifest.json"));
    assert_eq!(manifest("cold")["warmUpRows"], 0);
    // Back to the opening of the session: 152 rows close before 16:02, all of that day.
    assert_eq!(manifest("warm")["warmUpRows"], 151);
    assert_ne!(manifest("cold")["runId"], manifest("warm")["runId"]);
    let report = here.json("warm/report.json");
    let first = report["dataset"]["startTs"].as_i64();
    assert_eq!(first, Some((START + 152 * 60) * 1000), "the period is that of the span");
    let orders = report["orders"].as_array().expect("orders");
    assert!(!orders.is_empty() && orders.iter().all(|order| order["ts"].as_i64() >= first), "{orders:?}");
}

#[test]
fn no_more_is_played_than_the_strategy_looks_back_on() {
    let here = folder("warm-much", &WINDOWS.replace("let top  = max(m.high, es.rth)", "let top  = m.high"));
    let says = |from: &str, words: &str| {
        let told = run(&here, "warm", &["--from", from]).ends(0).err;
        assert!(told.contains(words), "{words:?} is missing: {told}");
        here.json("warm/manifest.json")["warmUpRows"].as_u64().expect("a count")
    };
    // An average of three forgets its start within 30 bars; one more, whole, and 20 minutes before those.
    let rows = says("2025-06-02T18:00:00Z", "rows after ");
    assert!((30 * 5 + 20..33 * 5 + 30).contains(&rows), "{rows}");
    let rows =
        says("2025-06-02T14:00:00Z", "all rows before it warm it up, with orders held back; there are only 5 of ");
    assert_eq!(rows, 29);
    assert_eq!(says("2025-06-02T13:31:00Z", "nothing lies before it to warm it up"), 0);
    here.write("s.gbs", "strategy Plain\n\nmarket es\ntarget es = 1\n");
    assert!(!run(&here, "plain", &["--from", "2025-06-02T18:00:00Z"]).ends(0).err.contains("warm"));
    assert_eq!(here.json("plain/report.json")["orders"].as_array().map(Vec::len), Some(1));
    run(&here, "plain", &["--cold"]).complains(2, "--from");
}

/// What holds at the opening is asked for there; what came true before is over.
const HELD: &str = "strategy Held

market es
let b = es.bars(1m)
state since = 0
when b.close > 0 { since = 1 }

trade es long {
  enter ENTER b.close > 1
  size 1
}
";

#[test]
fn what_holds_is_ordered_at_the_opening_and_what_happened_is_over() {
    for (enter, orders) in [("while", 1), ("when", 0)] {
        let here = folder("warm-held", &HELD.replace("ENTER", enter));
        run(&here, "warm", &["--from", "2025-06-02T15:00:00Z", "--quiet"]).ends(0);
        let report = here.json("warm/report.json");
        let sent = report["orders"].as_array().expect("orders");
        assert_eq!(sent.len(), orders, "{enter}");
        if let Some(first) = sent.first() {
            assert_eq!(first["ts"], (START + 90 * 60) * 1000, "with the first bar");
        }
    }
    let here = folder("warm-pause", WINDOWS);
    let early = ["--from", "2025-06-02T15:00:00Z", "--pause-at", "2025-06-02T14:00:00Z"];
    run(&here, "warm", &early).complains(2, "`--pause-at` lies before `--from`");
}
