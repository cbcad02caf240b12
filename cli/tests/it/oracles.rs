//! What other people's libraries make of real data, where those lie beside the checkout.

use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use crate::world::{Folder, shared};

mod aggregation;
mod indicators;

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

/// What lies in a folder of oracles, as its `manifest.json` tells it.
fn manifest(folder: &Path) -> Value {
    let bytes = std::fs::read(folder.join("manifest.json")).expect("a manifest lies there");
    serde_json::from_slice(&bytes).expect("the manifest is JSON")
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
    let manifest = manifest(&oracle);
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
