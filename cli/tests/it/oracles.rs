//! What other people's libraries make of real data, where those lie beside the checkout.

use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use gbc_core::bars::Source as BarSource;
use gbc_core::time::span_text;
use gbc_core::{Block, Event, Schema, Strategy, View, Wishes};
use gbc_data::{Dataset, Options, Stamp};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use crate::world::{Folder, checked, shared};

const GOLDEN_CROSS: &str = "strategy GoldenCross

market spy

let b    = spy.bars(1d)
let fast = sma(b.close, 50)
let slow = sma(b.close, 200)

state hold = 0
when fast crosses above slow { hold = 100 }
when fast crosses below slow { hold = 0 }

target spy = hold
";

fn close(found: f64, wanted: f64, absolute: f64, relative: f64) -> bool {
    (found - wanted).abs() <= absolute + relative * wanted.abs()
}

fn column(path: &Path, name: &str) -> Vec<f64> {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(file).expect("it is Parquet").build().expect("it can be read");
    let batches = reader.map(|batch| batch.expect("it can be read"));
    batches
        .flat_map(|batch| {
            let values = batch.column_by_name(name).unwrap_or_else(|| panic!("no column {name}"));
            values.as_primitive::<Float64Type>().iter().map(|value| value.unwrap_or(f64::NAN)).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn the_golden_cross_is_theirs_trade_for_trade() {
    let (Some(oracle), Some(data)) = (shared("oracles/strategies"), shared("data/real/bars/daily/SPY.parquet")) else {
        return;
    };
    let here = Folder::new("golden");
    here.write("golden.gbs", GOLDEN_CROSS);
    here.gbc(&["run", "golden.gbs", "--data", &data.display().to_string(), "--out", "run", "--quiet"]).ends(0);
    let report = here.json("run/report.json");
    trades_agree(&report, &oracle.join("s2_golden_cross_fixed__v1.trades.csv"));
    equity_agrees(&report, &column(&oracle.join("s2_golden_cross_fixed__v1.equity.parquet"), "equity"));
    let manifest: Value = serde_json::from_slice(&std::fs::read(oracle.join("manifest.json")).expect("it lies there"))
        .expect("the manifest is JSON");
    let runs = manifest["runs"].as_array().expect("it lists runs");
    let run = runs.iter().find(|run| run["run"] == "s2_golden_cross_fixed__v1").expect("it lists this run");
    let wanted = run["expected"]["final_equity"].as_f64().expect("a number");
    assert!(close(report["summary"]["finalEquity"].as_f64().expect("a number"), wanted, 0.0, 1e-9));
}

fn trades_agree(report: &Value, wanted: &Path) {
    let text = std::fs::read_to_string(wanted).expect("the oracle lies there");
    let mut rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    // Open trades come last with us, by entry with them.
    rows.sort_by_key(|row| row[1].is_empty());
    let trades = report["trades"].as_array().expect("trades are listed");
    assert_eq!(trades.len(), rows.len());
    let number = |text: &str| text.parse::<f64>().expect("a number");
    for (trade, row) in trades.iter().zip(rows) {
        let told = |key: &str| trade[key].as_f64().unwrap_or_else(|| panic!("{key} of {trade}"));
        assert_eq!(told("entryTs"), number(row[2]) / 1e6, "{trade}");
        assert_eq!(told("size"), number(row[4]));
        assert!(close(told("entryPrice"), number(row[5]), 0.0, 1e-9), "{trade}");
        if row[1].is_empty() {
            assert!(trade["exitTs"].is_null(), "{trade}");
            continue;
        }
        assert_eq!(told("exitTs"), number(row[3]) / 1e6, "{trade}");
        assert!(close(told("exitPrice"), number(row[6]), 0.0, 1e-9), "{trade}");
        assert!(close(told("pnl"), number(row[8]), 1e-6, 1e-6), "{trade}");
    }
}

/// A value at each close, in order; between them stand those at fills.
fn equity_agrees(report: &Value, wanted: &[f64]) {
    let curve = report["equityCurve"].as_array().expect("the curve is listed");
    let fills = report["summary"]["fills"].as_u64().expect("fills are counted") as usize;
    assert_eq!(curve.len(), wanted.len() + fills);
    let mut points = curve.iter().map(|point| point["equity"].as_f64().expect("a number"));
    for (bar, wanted) in wanted.iter().enumerate() {
        assert!(points.any(|found| close(found, *wanted, 1e-6, 1e-9)), "the close of bar {bar} is not {wanted}");
    }
}

/// `let i` of each indicator, as a plain number.
fn probe(indicator: &str, length: u64) -> Option<String> {
    Some(match indicator {
        "sma" => format!("sma(b.close, {length}) * m.point / 1 usd"),
        "ema" => format!("ema(b.close, {length}) * m.point / 1 usd"),
        "rsi" => format!("rsi(b.close, {length})"),
        "atr" => format!("atr(b, {length}) * m.point / 1 usd"),
        _ => return None,
    })
}

fn opened(path: &Path) -> Dataset {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let source = gbc_data::Source { name: path.display().to_string(), file };
    let options = Options { stamp: Some(Stamp::Open), ..Options::new(0, "M") };
    gbc_data::open(source, &options).unwrap_or_else(|error| panic!("{error}"))
}

/// The wish after each row; none until the first.
fn wishes(data: &Path, value: &str) -> Vec<Option<f64>> {
    let mut dataset = opened(data);
    let Schema::Bars { span_ns } = dataset.schema else { panic!("bars") };
    let text = format!("strategy Probe\n\nmarket m\n\nlet b = m.bars({})\n\ntarget m = {value}\n", span_text(span_ns));
    let instruments = vec![dataset.instrument.clone()];
    let program = checked(&text);
    let bound = program.bind(&program.defaults(), instruments, &[BarSource::Bars { span_ns }], None);
    let mut machine = bound.unwrap_or_else(|diagnostic| panic!("{diagnostic:?}")).machine;
    let (mut block, mut wishes, mut told) = (Block::new(0, dataset.schema), Wishes::none(1), Vec::new());
    while dataset.next_block(&mut block).unwrap_or_else(|error| panic!("{error}")) {
        for row in 0..block.len() {
            while machine.due().is_before(block.time_of(row)) {
                let due = Event::Due(machine.due().time);
                machine.react(due, &View::default(), &mut wishes).expect("no fault");
            }
            machine.react(Event::Row(&block, row), &View::default(), &mut wishes).expect("no fault");
            told.push(wishes.targets[0]);
        }
    }
    told
}

#[test]
fn indicators_are_theirs_row_for_row() {
    let Some(folder) = shared("oracles/indicators") else { return };
    let manifest: Value =
        serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).expect("a manifest lies there"))
            .expect("the manifest is JSON");
    let mut compared = 0;
    for case in manifest["columns"].as_array().expect("it lists columns") {
        let text = |key: &str| case[key].as_str().unwrap_or_else(|| panic!("{key} of {case}"));
        let number = |key: &str| case[key].as_f64().unwrap_or_else(|| panic!("{key} of {case}"));
        let Some(value) = case["params"]["length"].as_u64().and_then(|length| probe(text("indicator"), length)) else {
            continue;
        };
        let set = &manifest["sets"][text("set")];
        let Some(data) = set["input"].as_str().and_then(shared) else { return };
        let wanted = column(&folder.join(format!("{}.parquet", text("set"))), text("column"));
        let found = wishes(&data, &value);
        assert_eq!(found.len(), wanted.len(), "{case}");
        for (row, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
            assert_eq!(
                found.is_some(),
                row as f64 >= number("first_valid_row"),
                "{value}: row {row} of {}",
                text("set")
            );
            let same = found.is_none_or(|found| close(found, *wanted, number("abs_tol"), number("rel_tol")));
            assert!(same, "{value}: row {row} of {}: {found:?} is not {wanted}", text("set"));
        }
        compared += 1;
    }
    assert_eq!(compared, 32);
}
