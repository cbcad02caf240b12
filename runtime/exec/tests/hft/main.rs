//! Order logs of hftbacktest on real feeds, row for row: its exchange without partial fills, its queue models, its latencies.

mod feed;
mod files;
mod world;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use gbc_core::Schema;
use gbc_core::orders::InForce;
use gbc_exec::{Exchange, Holds, Latency, LatencyTable, OrderKind, Profile, QueueModel};
use serde_json::Value;

use feed::Feed;
use world::{Terms, World};

#[test]
fn careful_queues_are_theirs() {
    compare("btcusdt_usdm_20240808.npz", Schema::Depth, &["q1", "q2", "q8"]);
}

#[test]
fn estimated_queues_are_theirs() {
    compare("btcusdt_usdm_20240808.npz", Schema::Depth, &["q3", "q4", "q5", "q6"]);
}

#[test]
fn a_table_of_latencies_and_a_taker_are_theirs() {
    compare("btcusdt_usdm_20240808.npz", Schema::Depth, &["q7", "t1"]);
}

#[test]
fn lines_of_single_orders_are_theirs() {
    compare("esh4_20231225_l3.npz", Schema::Orders, &["l1", "l2", "l3"]);
}

/// Plays runs of the manifest by the first part of their names, and compares all that was logged.
fn compare(data: &str, schema: Schema, names: &[&str]) {
    let (Some(oracles), Some(path)) = (files::shared("oracles/hft"), files::shared(&format!("data/real/hft/{data}")))
    else {
        return;
    };
    let text = std::fs::read_to_string(oracles.join("manifest.json")).expect("the folder has a manifest");
    let manifest: Value = serde_json::from_str(&text).expect("sound");
    let mut feed = None;
    for name in names {
        let starts = |run: &&Value| word(run, "run").split('_').next() == Some(name);
        let run = manifest["runs"].as_array().expect("a list").iter().find(starts).expect("the manifest knows it");
        let config = &run["config"];
        let steps = (number(config, "tick_size"), number(config, "lot_size"));
        let feed = feed.get_or_insert_with(|| Feed::read(&path, schema, steps.0, steps.1));
        let played = play(feed, schema, config, &oracles);
        played.compare(&oracles, run);
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

fn latency(config: &Value, oracles: &Path) -> Latency {
    if let Some(file) = config["file"].as_str() {
        let rows = files::array::<4>(&oracles.join(file));
        let rows = rows.iter().map(|row| [row[0] as i64, row[1] as i64, row[2] as i64]).collect();
        let table = LatencyTable::new(rows, String::new()).expect("sound");
        return Latency { table: Some(Arc::new(table)), ..Latency::default() };
    }
    let [entry, reply_ns] = ["entry_ns", "response_ns"].map(|name| number(config, name) as i64);
    Latency { entry_ns: entry, cancel_ns: entry, reply_ns, ..Latency::default() }
}

/// All that a run logged, as text.
#[derive(Default)]
struct Played {
    orders: Vec<String>,
    fills: Vec<String>,
    steps: Vec<String>,
    position: f64,
    balance: f64,
    fee: f64,
}

fn play(feed: &Feed, schema: Schema, config: &Value, oracles: &Path) -> Played {
    let profile = Profile { queue: queue_model(&config["queue"]), ..Profile::hft_compat() };
    let lot_size = number(config, "lot_size");
    let holds = Holds { bars: false, ticks: true, books: Some(schema), step: lot_size, worth: 1.0 };
    let fee = &config["fee"];
    let terms = Terms {
        tick_size: number(config, "tick_size"),
        lot_size,
        contract_size: number(config, "contract_size"),
        fee_by_value: word(fee, "model") == "value",
        fees: [number(fee, "maker"), number(fee, "taker")],
    };
    let latency = latency(&config["latency"], oracles);
    let mut world = World::new(feed, Exchange::new(&profile, &[holds]), latency, terms);
    let strategy = &config["strategy"];
    let interval = number(strategy, "interval_ns") as i64;
    if let Some(start) = strategy["start_ts"].as_i64() {
        world.elapse(1);
        world.elapse(start - world.clock);
    }
    let (mut played, mut seen, mut sent) = (Played::default(), BTreeMap::new(), 0);
    let quotes = word(strategy, "kind") == "quotes";
    while world.elapse(interval) {
        played.log(&mut world, &mut seen, number(strategy, "qty"));
        played.look(&world);
        let Some(best) = world.best() else { continue };
        if quotes { quote(&mut world, strategy, best, &mut sent) } else { take(&mut world, strategy, best, &mut sent) }
    }
    // What happened after the last decision is logged, and nothing more is done.
    played.log(&mut world, &mut seen, number(strategy, "qty"));
    (played.position, played.balance, played.fee) = (world.position, world.balance, world.fee);
    played
}

/// Stands at a distance from the best prices, and moves with them.
fn quote(world: &mut World, strategy: &Value, (bid, ask): (i64, i64), sent: &mut u64) {
    let offset = number(strategy, "offset_ticks") as i64;
    let (lots, most) = (number(strategy, "qty"), number(strategy, "max_position"));
    let wanted = |buys: bool| if buys { bid - offset } else { ask + offset };
    let moved = |order: &world::Known| order.status == "new" && order.req == "none" && order.tick != wanted(order.buys);
    let stale: Vec<u64> = world.orders.iter().filter(|(_, order)| moved(order)).map(|(id, _)| *id).collect();
    stale.into_iter().for_each(|id| world.cancel(id));
    for buys in [true, false] {
        let has_room = if buys { world.position < most } else { world.position > -most };
        if has_room && world.orders.values().all(|order| order.buys != buys) {
            *sent += 1;
            let price = wanted(buys);
            world.send(*sent, buys, price, OrderKind::Limit { price }, lots, (InForce::Gtc, true));
        }
    }
}

/// Takes in four ways, one after the other.
fn take(world: &mut World, strategy: &Value, (bid, ask): (i64, i64), sent: &mut u64) {
    let (buys, price, in_force) = match *sent % 4 {
        0 => (true, None, InForce::Gtc),
        1 => (false, None, InForce::Gtc),
        2 => (true, Some(ask + 2), InForce::Gtc),
        _ => (false, Some(bid), InForce::Ioc),
    };
    *sent += 1;
    let kind = price.map_or(OrderKind::Market, |price| OrderKind::Limit { price });
    // Their log notes with a market order the price that it set out for.
    world.send(
        *sent,
        buys,
        price.unwrap_or(if buys { ask } else { bid }),
        kind,
        number(strategy, "qty"),
        (in_force, false),
    );
}

type Seen = BTreeMap<u64, (&'static str, &'static str)>;

impl Played {
    /// Notes what is seen at a decision.
    fn look(&mut self, world: &World) {
        let (bid, ask) = world.best().unwrap_or_default();
        self.steps.push(format!("{} {bid} {ask}", world.clock));
    }

    /// Notes what changed since the last decision, and forgets orders that are over.
    fn log(&mut self, world: &mut World, seen: &mut Seen, lots: f64) {
        let (step, now) = (self.steps.len(), world.clock);
        for (id, order) in &world.orders {
            if seen.insert(*id, (order.status, order.req)) == Some((order.status, order.req)) {
                continue;
            }
            let world::Known { buys, tick, status, req, exch_ts, local_ts, exec_tick, maker } = order;
            let side = if *buys { "buy" } else { "sell" };
            self.orders.push(format!(
                "{step} {now} {id} {tick} {exec_tick} {exch_ts} {local_ts} {side} {status} {req} {maker}"
            ));
            if *status == "filled" {
                let maker = if *maker { "True" } else { "False" };
                let size = if lots.fract() == 0.0 { format!("{lots:.1}") } else { lots.to_string() };
                self.fills.push(format!("{id},{side},{exec_tick},{size},{exch_ts},{now},{maker},{status}"));
            }
        }
        world.orders.retain(|_, order| !["filled", "expired", "canceled"].contains(&order.status));
    }

    fn compare(&self, oracles: &Path, run: &Value) {
        let name = word(run, "run");
        let file = |what: &str| oracles.join(word(&run["files"], what));
        same(name, "fills", &self.fills, &files::lines(&file("fills")));
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
        same(name, "orders", &self.orders, &theirs);
        let theirs: Vec<_> =
            files::log(&file("steps")).iter().map(|cells| row(&["now", "bid_tick", "ask_tick"], cells)).collect();
        same(name, "steps", &self.steps, &theirs);
        let expected = &run["expected"];
        let near = |ours: f64, what: &str, most: f64| {
            let theirs = number(expected, what);
            assert!((ours - theirs).abs() <= most, "{name}: {what} is {ours}, theirs is {theirs}");
        };
        near(self.position, "position", 1e-9);
        near(self.balance, "balance", 1e-6);
        near(self.fee, "fee", 1e-6);
    }
}

/// Compares line by line; the first that differs is told.
fn same(run: &str, what: &str, ours: &[String], theirs: &[String]) {
    for (at, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        assert_eq!(ours, theirs, "{run}: {what}, line {at}");
    }
    assert_eq!(ours.len(), theirs.len(), "{run}: how many {what}");
}
