//! The same columns as numbers, each with the format's own crate and as its documentation reads: nothing is checked.

use std::fs::File;
use std::hint::black_box;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use dbn::Mbp1Msg;
use dbn::decode::{DbnDecoder, DecodeRecord};
use gbc_core::Column;
use gbc_core::block::DEFAULT_BLOCK_ROWS;
use gbc_data::synth;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::Found;

/// So many of DBN's parts of one are a tick of 0.25.
pub(super) const PARTS_OF_TICK: i64 = dbn::FIXED_PRICE_SCALE / 4;

/// All columns, batch by batch.
pub(super) fn parquet(path: &Path, summed: Column) -> Result<Found, String> {
    let file = File::open(path).map_err(told)?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(told)?;
    let (mut rows, mut sum) = (0, 0.0);
    for batch in builder.with_batch_size(DEFAULT_BLOCK_ROWS).build().map_err(told)? {
        let batch = black_box(batch.map_err(told)?);
        let prices = batch.column_by_name(summed.name()).and_then(|column| column.as_primitive_opt::<Float64Type>());
        sum += prices.ok_or("no such column of numbers")?.values().iter().sum::<f64>();
        rows += batch.num_rows() as u64;
    }
    Ok(Found { rows, sum: ticks(sum) })
}

/// All fields of all lines: the time as a whole number, the others as they come.
pub(super) fn csv(path: &Path, summed: Column) -> Result<Found, String> {
    let mut reader = csv::Reader::from_path(path).map_err(told)?;
    let place = reader.headers().map_err(told)?.iter().position(|name| name == summed.name());
    let place = place.ok_or("no such column")?;
    let mut record = csv::StringRecord::new();
    let (mut rows, mut sum) = (0, 0.0);
    while reader.read_record(&mut record).map_err(told)? {
        black_box(record[0].parse::<i64>().map_err(told)?);
        for (index, field) in record.iter().enumerate().skip(1) {
            let number = black_box(field.parse::<f64>().map_err(told)?);
            if index == place {
                sum += number;
            }
        }
        rows += 1;
    }
    Ok(Found { rows, sum: ticks(sum) })
}

/// Record by record; a bid is always there.
pub(super) fn dbn(path: &Path, _: Column) -> Result<Found, String> {
    let mut decoder = DbnDecoder::from_file(path).map_err(told)?;
    let mut found = Found::default();
    while let Some(record) = decoder.decode_record::<Mbp1Msg>().map_err(told)? {
        found.sum += black_box(record).levels[0].bid_px / PARTS_OF_TICK;
        found.rows += 1;
    }
    Ok(found)
}

/// Sums of quarters are exact, so this is too.
fn ticks(sum: f64) -> i64 {
    (sum / synth::instrument().tick.times(1)) as i64
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}
