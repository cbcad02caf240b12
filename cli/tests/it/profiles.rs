//! Execution profiles from files, through the binary.

use crate::world::{Folder, repository};

const FILE: &str = "base = \"bars\"\n[bars]\nlimit_fill = \"through\"\n[fees]\nper_lot = 2.5\n";

fn run(here: &Folder, more: &[&str]) -> crate::world::Ran {
    let (source, data) = (repository("examples/ema_cross.gbs"), repository("examples/data/es_1m.parquet"));
    let (source, data) = (source.display().to_string(), data.display().to_string());
    let args = ["run", &source, "--data", &data];
    here.gbc(&args.iter().chain(more).copied().collect::<Vec<_>>())
}

#[test]
fn a_profile_file_changes_the_run_and_is_shown_in_it() {
    let here = Folder::new("profiles");
    here.write("mine.toml", FILE);
    let ran = run(&here, &["--exec", "mine.toml", "--out", "mine"]).ends(0);
    assert!(ran.err.contains("profile `mine.toml`, as asked"), "{}", ran.err);
    run(&here, &["--exec", "bars", "--out", "bars", "--quiet"]).ends(0);
    let (mine, bars) = (here.json("mine/report.json"), here.json("bars/report.json"));
    assert_eq!(mine["execution"]["name"], "mine.toml");
    assert_eq!(mine["execution"]["rules"]["limit_fill"], "through");
    assert_eq!(mine["execution"]["rules"]["fees of every instrument"], "per_lot 2.5 rate 0");
    assert_eq!(mine["execution"]["instruments"][0]["feePerLot"], 2.5);
    assert_ne!((&mine["runId"], &mine["resultHash"]), (&bars["runId"], &bars["resultHash"]));
    assert!(mine["summary"]["fees"].as_f64() > bars["summary"]["fees"].as_f64(), "{}", mine["summary"]);
    let manifest = here.json("mine/manifest.json");
    assert_eq!(manifest["profile"]["name"], "mine.toml");
    assert_eq!(manifest["profile"]["sha256"], mine["execution"]["sha256"]);
}

#[test]
fn the_rules_are_hashed_and_not_the_name_of_the_file() {
    let here = Folder::new("profile-names");
    here.write("plain.toml", "base = \"bars\"\n");
    run(&here, &["--exec", "plain.toml", "--out", "plain", "--quiet"]).ends(0);
    run(&here, &["--exec", "bars", "--out", "bars", "--quiet"]).ends(0);
    assert_eq!(here.json("plain/report.json")["runId"], here.json("bars/report.json")["runId"]);
}

#[test]
fn mistakes_in_a_profile_end_with_three_and_name_their_place() {
    let here = Folder::new("profile-mistakes");
    here.write("mine.toml", "base = \"strict\"\n\n[latency]\nenrty = \"2ms\"\n");
    run(&here, &["--exec", "mine.toml"]).complains(3, "mine.toml:4: there is no setting `latency.enrty`; did you mean");
    here.write("mine.toml", "base = \"bars\"\n[latency]\nfeed = \"2\"\n");
    run(&here, &["--exec", "mine.toml"]).complains(3, "mine.toml:3: `latency.feed = \"2\"` is no span of time");
    here.write("mine.toml", "base = \"bars\"\n[latency]\ntable = \"lat.csv\"\n");
    run(&here, &["--exec", "mine.toml"]).complains(3, "lat.csv: there is no such file");
    here.write("lat.csv", "req_ts,exch_ts\n");
    run(&here, &["--exec", "mine.toml"]).complains(3, "lat.csv: row 1: the file begins with no line of column names");
    here.write("lat.csv", "req_ts,exch_ts,resp_ts\n1700000000000000000,soon,1700000000000000000\n");
    run(&here, &["--exec", "mine.toml"]).complains(3, "lat.csv: row 2, column `exch_ts`: is no moment");
    here.write("lat.csv", "req_ts,exch_ts,resp_ts\n1700000000000000003,1700000000000000002,1700000000000000004\n");
    run(&here, &["--exec", "mine.toml"]).complains(3, "lat.csv: entry 1: ");
    here.write("lat.npz", "PK");
    here.write("mine.toml", "base = \"bars\"\n[latency]\ntable = \"lat.npz\"\n");
    run(&here, &["--exec", "mine.toml"]).complains(3, "lat.npz: the zip is damaged");
    run(&here, &["--exec", "none.toml"]).complains(3, "none.toml");
    run(&here, &["--exec", "strikt"]).complains(2, "did you mean `strict`?");
    here.write("mine.toml", "base = \"bars\"\n[latency]\nentry = \"2ms\"\n");
    let ran = run(&here, &["--exec", "mine.toml"]).ends(0);
    assert!(ran.err.contains("latency changes nothing here"), "{}", ran.err);
}

#[test]
fn slippage_costs_what_it_says_and_is_told() {
    let here = Folder::new("slippage");
    here.write("slips.toml", "base = \"bars\"\n[slippage]\nticks = 2\n");
    run(&here, &["--exec", "bars", "--out", "bars", "--quiet"]).ends(0);
    let ran = run(&here, &["--exec", "slips.toml", "--out", "slips"]).ends(0);
    let (bars, slips) = (here.json("bars/report.json"), here.json("slips/report.json"));
    let told = |report: &serde_json::Value, key: &str| report["summary"][key].as_f64().expect("a number");
    // Every order fills whole, at the market.
    let lots: f64 = slips["orders"].as_array().expect("orders").iter().filter_map(|order| order["size"].as_f64()).sum();
    let points = slips["execution"]["instruments"][0]["point"].as_f64().expect("a number");
    let tick = slips["execution"]["instruments"][0]["tick"].as_f64().expect("a number");
    assert_eq!(told(&slips, "slippage"), 2.0 * tick * points * lots);
    assert!(lots > 10.0 && told(&bars, "slippage") == 0.0);
    let lost = told(&bars, "netPnl") - told(&slips, "netPnl");
    assert!((lost - told(&slips, "slippage")).abs() < 1e-6, "{lost}");
    assert!(ran.out.contains("slippage"), "{}", ran.out);
    assert_eq!(
        slips["execution"]["rules"]["slippage without a limit"],
        "ticks 2 bps 0 impact None, rounded against the order"
    );
    let why = here.gbc(&["why", "slips", "--order", "1"]).ends(0).out;
    assert!(why.contains("(open, of which 0.5 are slippage)"), "{why}");
}

/// A run of an example over the shipped quotes and trades: its report.
fn on_ticks(here: &Folder, profile: &str, more: &[&str]) -> serde_json::Value {
    here.write("mine.toml", &format!("base = \"touch\"\n{profile}"));
    let (source, data) = (repository("examples/tick_cross.gbs"), repository("examples/data/mnq_l1.parquet"));
    let (source, data) = (source.display().to_string(), data.display().to_string());
    let args = ["run", &source, "--data", &data, "--exec", "mine.toml", "--out", "run", "--quiet"];
    here.gbc(&[&args, more].concat()).ends(0);
    here.json("run/report.json")
}

#[test]
fn what_is_seen_late_is_ordered_late() {
    let here = Folder::new("profile-feed");
    let [prompt, late] = ["", "[latency]\nfeed = \"250ms\"\n"].map(|profile| on_ticks(&here, profile, &[]));
    let sent = |report: &serde_json::Value, index: usize| report["orders"][index]["ts"].as_f64().expect("a time");
    assert_eq!(sent(&late, 0) - sent(&prompt, 0), 250.0);
    assert_eq!(late["execution"]["rules"]["latency"], "feed after 250000000 entry 0 amend 0 cancel 0 reply 0");
    assert_ne!((&late["runId"], &late["resultHash"]), (&prompt["runId"], &prompt["resultHash"]));
    // Data with one time are seen when the exchange has them.
    for profile in ["[latency]\nfeed = \"recorded\"\n", "[latency]\nfeed = \"0s\"\n"] {
        assert_eq!(on_ticks(&here, profile, &[])["resultHash"], prompt["resultHash"], "{profile}");
    }
}

#[test]
fn chance_is_drawn_from_the_seed() {
    let here = Folder::new("profile-jitter");
    let jitter = "[jitter]\nfeed = \"50ms\"\nentry = \"80ms\"\n";
    let hash = |seed: &str| on_ticks(&here, jitter, &["--seed", seed])["resultHash"].clone();
    let (one, again, other) = (hash("1"), hash("1"), hash("2"));
    assert_eq!(one, again);
    assert_ne!(one, other);
}

#[test]
fn recorded_latencies_of_orders_come_on_top() {
    let here = Folder::new("profile-table");
    let row = |ns: i64, takes: i64| format!("{ns},{},{}\n", ns + takes, ns + takes);
    here.write(
        "lat.csv",
        &format!(
            "req_ts,exch_ts,resp_ts\n{}{}",
            row(1_000_000_000_000_000_000, 4_000_000),
            row(4_000_000_000_000_000_000, 4_000_000)
        ),
    );
    let table = on_ticks(&here, "[latency]\nentry = \"2ms\"\ntable = \"lat.csv\"\n", &[]);
    let constant = on_ticks(&here, "[latency]\nentry = \"6ms\"\n", &[]);
    assert_eq!(table["resultHash"], constant["resultHash"]);
    assert_ne!(table["runId"], constant["runId"]);
}

const MARGINED: &str = "strategy Margined

market m
let b = m.bars(1m)
let n @ b = prev + 1 else 1

state refused = 0
on order rejected as r { refused = refused + 1 }
export refused as \"refused\"

trade m long {
  enter when n == 3
  size 100
  stop 50 ticks
}
trade m short {
  enter limit at 500 when n == 4
  stop 50 ticks
}
risk { max position 200 lots }
";

#[test]
fn an_account_without_margin_is_sold_out_and_gbc_why_says_so() {
    let here = Folder::new("margin");
    let rows = ["100,100,100,100"; 5].into_iter().chain(["98,99,97,98", "96,97,95,96", "95,95,95,95"]);
    let rows = rows.enumerate().map(|(minute, row)| format!("2025-01-06T10:{minute:02}:00Z,{row},1\n"));
    here.write("m.csv", &format!("timestamp,open,high,low,close,volume\n{}", rows.collect::<String>()));
    here.write("s.gbs", MARGINED);
    here.write("margin.toml", "base = \"bars\"\n[margin]\ninitial = 0.5\nmaintenance = 0.49\n");
    let args = ["run", "s.gbs", "--data", "m.csv", "--stamp", "open", "--exec", "margin.toml", "--out"];
    let ran = here.gbc(&[&args[..], &["run", "--cash", "5000"]].concat()).ends(0);
    assert!(ran.err.contains("one margin call: on 2025-01-06 the account had 4800.00 where"), "{}", ran.err);
    let report = here.json("run/report.json");
    assert_eq!((&report["summary"]["marginCalls"], &report["summary"]["openTrades"]), (&1.into(), &0.into()));
    let trade = &report["trades"][0];
    assert_eq!(
        (&trade["entryPrice"], &trade["exitPrice"], &trade["pnl"]),
        (&100.0.into(), &96.0.into(), &(-400.0).into())
    );
    let order = trade["exitOrderId"].to_string();
    let why = here.gbc(&["why", "run", "--order", &order]).ends(0).out;
    assert!(why.contains("for a margin call") && why.contains("filled at 96 (open)"), "{why}");
    // The limit that rested far away went as well.
    let short = report["orders"].as_array().expect("orders").iter().find(|order| order["type"] == "limit");
    assert_eq!(short.map(|order| &order["status"]), Some(&"refused".into()));
    let why = here.gbc(&["why", "run", "--order", &short.expect("it is there")["orderId"].to_string()]).ends(0).out;
    assert!(why.contains("refused: margin"), "{why}");
    // One who cannot pay for half of it opens nothing.
    here.gbc(&[&args[..], &["poor", "--cash", "4900", "--quiet"]].concat()).ends(0);
    let poor = here.json("poor/report.json");
    assert_eq!((&poor["summary"]["fills"], &poor["orders"][0]["status"]), (&0.into(), &"refused".into()));
}
