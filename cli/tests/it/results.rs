//! What runs leave behind has the form that is promised, and its numbers belong together.

use serde_json::Value;

use crate::world::{Folder, repository, source};

#[path = "../../../report/src/schema/check.rs"]
mod check;

const RISING: &str = "strategy Rising

market es
param span = 20 in 5..60

let b = es.bars(1m)

target es = if b.close > mean(b.close, span) { 1 } else { -1 }
";

fn complaints(report: &Value) -> Vec<String> {
    let schema = std::fs::read_to_string(repository("report/schema/report.schema.json")).expect("it lies there");
    check::complaints(&serde_json::from_str(&schema).expect("the schema is JSON"), report)
}

/// A run over made-up data of a kind; its report.
fn played(here: &Folder, source: &str, kind: &str, events: &str) -> Value {
    here.write("it.gbs", source);
    here.gbc(&["data", "synth", "--kind", kind, "--events", events, "--seed", "3", "--out", "data.parquet"]).ends(0);
    here.gbc(&["run", "it.gbs", "--data", "data.parquet", "--out", "run", "--quiet"]).ends(0);
    here.json("run/report.json")
}

fn sum(rows: &Value, name: &str) -> f64 {
    rows.as_array().expect("rows").iter().map(|row| row[name].as_f64().expect("a number")).sum()
}

fn near(found: f64, wanted: &Value) {
    let wanted = wanted.as_f64().expect("a number");
    assert!((found - wanted).abs() < 1e-6, "{found} is not {wanted}");
}

/// The whole adds up to its parts, as anybody can check who has nothing but the file.
fn adds_up(report: &Value) {
    let (summary, trades) = (&report["summary"], &report["trades"]);
    near(sum(trades, "pnl"), &summary["netPnl"]);
    near(sum(trades, "fees"), &summary["fees"]);
    let last = report["equityCurve"].as_array().and_then(|rows| rows.last()).expect("a curve");
    near(report["execution"]["cash"].as_f64().unwrap() + sum(trades, "pnl"), &last["equity"]);
    near(summary["longPnl"].as_f64().unwrap() + summary["shortPnl"].as_f64().unwrap(), &{
        let open = trades.as_array().unwrap().iter().filter(|trade| trade["exitTs"].is_null());
        Value::from(sum(trades, "pnl") - open.map(|trade| trade["pnl"].as_f64().unwrap()).sum::<f64>())
    });
    for trade in trades.as_array().expect("rows") {
        let of = |name: &str| trade[name].as_f64().expect("a number");
        let gross = of("pnl") + of("fees");
        assert!(of("mae") <= 0.0 && of("mfe") >= 0.0, "{trade}");
        assert!(of("mae") <= gross + 1e-9 && gross <= of("mfe") + 1e-9, "a result lies between the extremes: {trade}");
    }
}

#[test]
fn a_run_on_bars_has_the_form_of_the_schema_and_adds_up() {
    let here = Folder::new("results-bars");
    let report = played(&here, RISING, "bars", "5000");
    assert_eq!(complaints(&report), [""; 0]);
    assert!(report["summary"]["tradeCount"].as_u64() > Some(100));
    adds_up(&report);
}

#[test]
fn a_run_on_ticks_has_the_form_of_the_schema_and_adds_up() {
    let here = Folder::new("results-ticks");
    let report = played(&here, &source("examples/tick_cross.gbs"), "l1", "20000");
    assert_eq!(complaints(&report), [""; 0]);
    assert!(report["summary"]["tradeCount"].as_u64() > Some(10));
    adds_up(&report);
}

#[test]
fn the_page_of_a_run_is_the_same_for_the_same_run() {
    let here = Folder::new("results-page");
    let report = played(&here, RISING, "bars", "2000");
    let page = |here: &Folder| String::from_utf8(here.read("run/report.html")).expect("the page is UTF-8");
    let first = page(&here);
    for inside in ["Rising on", "<svg", report["resultHash"].as_str().expect("a hash")] {
        assert!(first.contains(inside), "{inside}");
    }
    played(&here, RISING, "bars", "2000");
    let but_for_the_moment = |page: String| {
        page.lines()
            .filter(|line| !line.contains("<dt>written</dt>"))
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    };
    assert_eq!(but_for_the_moment(page(&here)), but_for_the_moment(first));
}

#[test]
fn a_run_that_never_trades_says_why_it_knows_nothing() {
    let here = Folder::new("results-nothing");
    let report = played(&here, "strategy Idle\n\nmarket es\nlet b = es.bars(1m)\n\ntarget es = 0\n", "bars", "50");
    assert_eq!(complaints(&report), [""; 0]);
    assert_eq!(report["summary"]["undefined"]["winRate"], "no_trades");
    assert_eq!(report["summary"]["winRate"], Value::Null);
}
