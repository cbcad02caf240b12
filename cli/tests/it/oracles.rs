//! What other people's libraries make of real data, where those lie beside the checkout.

use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

mod aggregation;
mod indicators;
mod strategies;

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
