//! Bars as other people's libraries make them of the same trades and finer bars, through a whole run.

use std::fs::File;

use arrow_array::cast::AsArray;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::{close, column, manifest};
use crate::world::{Folder, shared};

const FIELDS: [&str; 5] = ["open", "high", "low", "close", "volume"];

/// What a run writes down of each finished bar, field by field.
fn bars(data: &str, size: &str) -> Vec<Vec<f64>> {
    let exports: String = FIELDS.iter().map(|field| format!("export b.{field} as \"{field}\"\n")).collect();
    let here = Folder::new(&format!("aggregation {size}"));
    here.write("bars.gbs", &format!("strategy Bars\n\nmarket m\nlet b = m.bars({size})\n{exports}\ntarget m = 0\n"));
    let stamp: &[&str] = if data.contains("/bars/") { &["--stamp", "open"] } else { &[] };
    here.gbc(&[&["run", "bars.gbs", "--data", data, "--out", "run", "--quiet"], stamp].concat()).ends(0);
    let path = here.0.join("run/exports.parquet");
    let names = labels(&path);
    let values = column(&path, "value");
    let of = |field: &&str| {
        let own = names.iter().zip(&values).filter(|(name, _)| name == field);
        own.map(|(_, value)| *value).collect()
    };
    FIELDS.iter().map(of).collect()
}

fn labels(path: &std::path::Path) -> Vec<String> {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(file).expect("it is Parquet").build().expect("it can be read");
    let batches = reader.map(|batch| batch.expect("it can be read"));
    batches
        .flat_map(|batch| {
            let names = batch.column_by_name("name").expect("exports have names");
            names.as_string::<i32>().iter().map(|name| name.unwrap_or("").to_owned()).collect::<Vec<_>>()
        })
        .collect()
}

/// The size in the words of the language; `None` where the run reads no such thing.
fn size(operation: &str, argument: i64) -> Option<String> {
    Some(match operation {
        "ticks->time" | "bars->time" => format!("{}s", argument / 1_000_000_000),
        "ticks->tick" => format!("{argument} trades"),
        "ticks->volume" => format!("{argument} lots"),
        "ticks->dollar" => format!("{argument} usd"),
        _ => return None,
    })
}

#[test]
fn bars_are_theirs() {
    let Some(oracle) = shared("oracles/aggregation") else { return };
    let manifest = manifest(&oracle);
    let mut compared = 0;
    for item in manifest["items"].as_array().expect("it lists items") {
        let text = |key: &str| item[key].as_str().expect("a text");
        let argument = item["argument"].as_i64().expect("a whole number");
        let Some(size) = size(text("operation"), argument) else { continue };
        let Some(data) = shared(text("input")) else { continue };
        let found = bars(&data.display().to_string(), &size);
        for (field, found) in FIELDS.iter().zip(found) {
            let wanted = column(&oracle.join(text("expected")), field);
            // The bar still forming at the end of the data is never seen.
            assert!((wanted.len() - 1..=wanted.len()).contains(&found.len()), "{size}: {} bars", found.len());
            for (bar, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
                assert!(close(*found, *wanted, 1e-9, 1e-12), "{size}: {field} of bar {bar}: {found}, not {wanted}");
            }
        }
        compared += 1;
    }
    assert!(compared >= 20, "{compared} series");
}
