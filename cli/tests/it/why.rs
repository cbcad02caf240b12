//! `gbc why`, on the data that ship with the examples.

use serde_json::Value;

use crate::world::{Folder, repository};

/// A run of an example over the shipped quotes and trades, with this profile.
fn ticks(name: &str, profile: &str) -> Folder {
    let here = Folder::new(name);
    here.write("slow.toml", profile);
    let (source, data) = (repository("examples/tick_cross.gbs"), repository("examples/data/mnq_l1.parquet"));
    let (source, data) = (source.display().to_string(), data.display().to_string());
    here.gbc(&["run", &source, "--data", &data, "--exec", "slow.toml", "--out", "run", "--quiet"]).ends(0);
    here
}

fn json(here: &Folder, args: &[&str]) -> Value {
    let args = [&["why", "run", "--format", "json"], args].concat();
    serde_json::from_str(&here.gbc(&args).ends(0).out).expect("one JSON object")
}

#[test]
fn the_life_of_an_order_is_told_in_its_order() {
    let here = ticks("why-order", "base = \"touch\"\n[latency]\nentry = \"2ms\"\nreply = \"1ms\"\n");
    let told = json(&here, &["--order", "1"]);
    assert_eq!((&told["type"], &told["origin"], &told["limit"]), (&"market".into(), &"target".into(), &Value::Null));
    let messages = told["messages"].as_array().expect("messages");
    let steps: Vec<&str> = messages.iter().filter_map(|message| message["step"].as_str()).collect();
    assert_eq!(steps, ["sent", "arrived", "filled"]);
    // It arrives when it was said to, and meets the price that was shown there.
    assert_eq!(messages[0]["then"], messages[1]["time"]);
    let side = if told["side"] == "buy" { "ask" } else { "bid" };
    assert_eq!(messages[2]["price"], messages[1][side]);
    assert_ne!(messages[2]["then"], messages[2]["time"]);
    assert_eq!((&messages[2]["left"], &messages[2]["reason"]), (&0.0.into(), &"touch".into()));
    let text = here.gbc(&["why", "run", "--order", "1"]).ends(0).out;
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() > 5 && lines[5].starts_with("what it saw at "), "{text}");
    assert!(lines[0].starts_with("order 1: ") && lines[0].ends_with("MNQ market, for a target"), "{text}");
    assert_eq!(lines[1], "wanted by line 25: target mnq = want");
    assert!(lines[2].contains("sent, arrives ") && lines[3].contains("arrived, bid "), "{text}");
    assert!(lines[4].contains(" filled at ") && lines[4].contains("(touch), 0 open, heard "), "{text}");
}

#[test]
fn every_order_and_fill_of_the_report_is_in_the_journal() {
    let here = ticks("why-all", "base = \"strict\"\n");
    let report = here.json("run/report.json");
    let end = json(&here, &["--at", "2100-01-01"]);
    assert_eq!(end["open"], Value::from(Vec::<Value>::new()));
    assert_eq!(end["after"], Value::from(Vec::<Value>::new()));
    let mut position = 0.0;
    for order in report["orders"].as_array().expect("orders").iter().take(20) {
        let told = json(&here, &["--order", &order["orderId"].to_string()]);
        let fills = told["messages"].as_array().expect("messages").iter().filter(|it| it["step"] == "filled");
        let filled: f64 = fills.filter_map(|fill| fill["size"].as_f64()).sum();
        assert!(order["status"] != "filled" || filled == order["size"].as_f64().expect("a size"), "{order} {told}");
        position += if order["side"] == "buy" { filled } else { -filled };
        let last = told["messages"].as_array().and_then(|all| all.last()).expect("a message")["time"].clone();
        let then = json(&here, &["--at", last.as_str().expect("a time")]);
        assert_eq!(then["positions"]["MNQ"].as_f64(), Some(position), "{then}");
    }
}

#[test]
fn a_moment_says_what_was_open_and_what_happened_around_it() {
    let here = ticks("why-at", "base = \"touch\"\n[latency]\nentry = \"2ms\"\n");
    let told = json(&here, &["--order", "2"]);
    let sent = told["messages"][0]["time"].as_str().expect("a time").to_owned();
    let text = here.gbc(&["why", "run", "--at", &sent]).ends(0).out;
    assert!(text.contains("open:\n  order 2: ") && text.contains("before:\n  order 1, line 25: "), "{text}");
    assert!(text.contains("after:\n  order 2, line 25: ") && text.contains(" arrived, bid "), "{text}");
    let text = here.gbc(&["why", "run", "--at", "2000-01-01"]).ends(0).out;
    assert!(text.contains("position: nothing was traded yet\nopen: no order\nafter:\n  order 1, line 25: "), "{text}");
}

#[test]
fn questions_without_an_answer_say_what_there_is() {
    let here = ticks("why-not", "base = \"strict\"\n");
    here.gbc(&["why", "run", "--order", "0"]).complains(2, "there is no order 0 among ");
    here.gbc(&["why", "run", "--order", "0"]).complains(2, "near it are 1, 2, 3");
    here.gbc(&["why", "run"]).complains(2, "--order");
    here.gbc(&["why", "run", "--at", "noon"]).complains(2, "is no time");
    here.gbc(&["why", ".", "--order", "1"]).complains(3, "there is no journal.parquet");
    here.write("journal.parquet", "PAR1 and no more");
    here.gbc(&["why", ".", "--order", "1"]).complains(3, "journal.parquet: ");
    std::fs::copy(here.0.join("run/equity.parquet"), here.0.join("journal.parquet")).expect("it can be copied");
    here.gbc(&["why", ".", "--order", "1"]).complains(3, "columns of a journal");
}
