//! Order logs of hftbacktest on real feeds, row for row, by a whole run: their files, read twice as they are; their exchange without
//! partial fills, their queue models, their latencies; and what their strategies did.

mod files;
mod log;
mod strategy;

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use gbc_core::{Instrument, MakerFees, Money, Ratio};
use gbc_data::{Options, Source};
use gbc_engine::{FeedInput, Outcome, Setup, run};
use gbc_exec::{Fees, Latency, LatencyTable, Profile, QueueModel};
use serde_json::Value;

use log::Log;
use strategy::{Decider, Kind};

#[test]
fn careful_queues_are_theirs() {
    compare("btcusdt_usdm_20240808.npz", &["q1", "q2", "q8"]);
}

#[test]
fn estimated_queues_are_theirs() {
    compare("btcusdt_usdm_20240808.npz", &["q3", "q4", "q5", "q6"]);
}

#[test]
fn a_table_of_latencies_and_a_taker_are_theirs() {
    compare("btcusdt_usdm_20240808.npz", &["q7", "t1"]);
}

#[test]
fn lines_of_single_orders_are_theirs() {
    compare("esh4_20231225_l3.npz", &["l1", "l2", "l3"]);
}

/// Plays runs of the manifest by the first part of their names, and compares all that was logged.
fn compare(data: &str, names: &[&str]) {
    let (Some(oracles), Some(path)) = (files::shared("oracles/hft"), files::shared(&format!("data/real/hft/{data}")))
    else {
        return;
    };
    let text = std::fs::read_to_string(oracles.join("manifest.json")).expect("the folder has a manifest");
    let manifest: Value = serde_json::from_str(&text).expect("sound");
    for name in names {
        let starts = |run: &&Value| word(run, "run").split('_').next() == Some(name);
        let run = manifest["runs"].as_array().expect("a list").iter().find(starts).expect("the manifest knows it");
        same_as(&oracles, run, &path);
    }
}

fn number(value: &Value, name: &str) -> f64 {
    value[name].as_f64().unwrap_or_else(|| panic!("no number {name} in {value}"))
}

fn word<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no word {name} in {value}"))
}

fn queue_model(queue: &Value) -> QueueModel {
    match word(queue, "model") {
        "risk_averse" | "l3_fifo" => QueueModel::RiskAverse,
        "power_prob" => QueueModel::Power(number(queue, "n")),
        "power_prob3" => QueueModel::Power3(number(queue, "n")),
        "log_prob" => QueueModel::Log,
        "log_prob2" => QueueModel::Log2,
        other => panic!("{other} is not in the manifest"),
    }
}

/// Their latencies. Our orders set out a nanosecond later, and so take one less; where they take none they come late by that.
fn latency(config: &Value, oracles: &Path) -> (Latency, i64) {
    if let Some(file) = config["file"].as_str() {
        let file = File::open(oracles.join(file)).expect("the manifest names its files");
        let rows = gbc_data::latency_rows(Source { name: "latency".to_owned(), file }).expect("sound");
        let later = rows.into_iter().map(|[sent, had, told]| [sent + 1, had, told]).collect();
        let table = LatencyTable::new(later, String::new()).expect("sound");
        return (Latency { table: Some(Arc::new(table)), ..Latency::default() }, 0);
    }
    let [entry, reply_ns] = ["entry_ns", "response_ns"].map(|name| number(config, name) as i64);
    let entry_ns = (entry - 1).max(0);
    (Latency { entry_ns, cancel_ns: entry_ns, reply_ns, ..Latency::default() }, entry_ns + 1 - entry)
}

fn instrument(config: &Value) -> Instrument {
    let ratio = |name: &str| Ratio::parse(&number(config, name).to_string()).expect("a step");
    let mut instrument = Instrument::generic("HFT", ratio("tick_size"));
    (instrument.lot, instrument.point) = (ratio("lot_size"), ratio("contract_size"));
    instrument
}

fn fees(fee: &Value) -> Fees {
    let [maker, taker] = ["maker", "taker"].map(|name| number(fee, name));
    let money = |value: f64| Money::nearest(value).expect("an amount");
    if word(fee, "model") == "value" {
        let maker = MakerFees { per_lot: Money::ZERO, rate: money(maker).0 as i64 };
        return Fees { per_lot: Money::ZERO, rate: Ratio::parse(&taker.to_string()), maker: Some(maker) };
    }
    Fees { per_lot: money(taker), rate: None, maker: Some(MakerFees { per_lot: money(maker), rate: 0 }) }
}

/// Plays a run of theirs, and compares all that was logged.
fn same_as(oracles: &Path, theirs: &Value, data: &Path) {
    let config = &theirs["config"];
    let (latency, late) = latency(&config["latency"], oracles);
    let profile = Profile {
        queue: queue_model(&config["queue"]),
        latency,
        fees: Some(fees(&config["fee"])),
        ..Profile::hft_compat()
    };
    let mut instrument = instrument(config);
    profile.charge(&mut instrument);
    let options = Options { instrument: Some(instrument.clone()), ..Options::new(0, "HFT") };
    let file = File::open(data).expect("it is there");
    let dataset = gbc_data::open(Source { name: "feed".to_owned(), file }, &options).expect("sound");
    let (cash, minute) = (Money(1_000_000_000 * Money::ONE.0), gbc_core::time::MINUTE);
    let setup = Setup { instruments: vec![instrument], cash, profile, equity_every_ns: minute, force_react: false };
    let plan = &config["strategy"];
    let kind = match word(plan, "kind") {
        "quotes" => Kind::Quotes { offset: number(plan, "offset_ticks") as i64, most: number(plan, "max_position") },
        _ => Kind::Takes,
    };
    let (lots, interval) = (number(plan, "qty"), number(plan, "interval_ns") as i64);
    let first = theirs["expected"]["first_step_ts"].as_i64().expect("a time");
    let mut decider = Decider::new(kind, lots, number(config, "tick_size"), interval, first);
    let feeds = vec![FeedInput { market: 0, feed: Box::new(dataset) }];
    let (outcome, halt) = run(&mut decider, feeds, &setup, &mut |_| ControlFlow::Continue(()));
    assert!(halt.is_none(), "{halt:?}");
    let log = Log::of(&decider, &outcome, late);
    compare_logs(&log, oracles, theirs);
    compare_ends(&outcome, &setup, theirs);
}

fn compare_logs(log: &Log, oracles: &Path, run: &Value) {
    let name = word(run, "run");
    let file = |what: &str| oracles.join(word(&run["files"], what));
    same(name, "fills", &log.fills, &files::lines(&file("fills")));
    let row = |names: &[&str], cells: &BTreeMap<String, String>| {
        names.iter().map(|name| cells[*name].clone()).collect::<Vec<_>>().join(" ")
    };
    let columns = [
        "step",
        "now",
        "order_id",
        "price_tick",
        "exec_price_tick",
        "exch_ts",
        "local_ts",
        "side",
        "status",
        "req",
        "maker",
    ];
    let theirs: Vec<_> = files::log(&file("orders")).iter().map(|cells| row(&columns, cells)).collect();
    same(name, "orders", &log.orders, &theirs);
    let theirs: Vec<_> =
        files::log(&file("steps")).iter().map(|cells| row(&["now", "bid_tick", "ask_tick"], cells)).collect();
    same(name, "steps", &log.steps, &theirs);
}

fn compare_ends(outcome: &Outcome, setup: &Setup, run: &Value) {
    let (name, expected) = (word(run, "run"), &run["expected"]);
    let near = |ours: f64, what: &str| {
        let theirs = number(expected, what);
        assert!((ours - theirs).abs() <= 1e-6, "{name}: {what} is {ours}, theirs is {theirs}");
    };
    let fees: Money = outcome.fills.iter().map(|fill| fill.fee).sum();
    near(setup.instruments[0].lot.times(outcome.view.markets[0].position), "position");
    near(fees.to_f64(), "fee");
    // Their balance is what was paid and received, without fees.
    let instrument = &setup.instruments[0];
    let paid = |fill: &gbc_portfolio::Fill| {
        let price = instrument.tick.times(fill.price) * instrument.point.times(1);
        fill.side.sign() as f64 * price * instrument.lot.times(fill.size)
    };
    near(-outcome.fills.iter().map(paid).sum::<f64>(), "balance");
}

/// Compares line by line; the first that differs is told.
fn same(run: &str, what: &str, ours: &[String], theirs: &[String]) {
    for (at, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        assert_eq!(ours, theirs, "{run}: {what}, line {at}");
    }
    assert_eq!(ours.len(), theirs.len(), "{run}: how many {what}");
}
