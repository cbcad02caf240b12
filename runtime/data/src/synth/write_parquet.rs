//! Blocks as Parquet, with all that a reader would otherwise ask for in the file's metadata.

use std::borrow::Borrow;
use std::io::Write;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch};
use gbc_core::{Block, Column, Instrument, NA, Ratio, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use super::NO_BOOKS;
use crate::DataError;
use crate::grid::ratio_text;

/// Rows in one group.
const GROUP_ROWS: usize = 1 << 18;

/// Writes blocks of one schema, one after the other, and holds no more of them than a group; `ts` is a bar's open, or the time of a
/// quote or trade, in nanoseconds. The same blocks, the same bytes.
pub fn write_parquet<B: Borrow<Block>>(
    blocks: impl IntoIterator<Item = B>,
    instrument: &Instrument,
    out: impl Write + Send,
) -> std::result::Result<(), DataError> {
    let mut blocks = blocks.into_iter();
    let Some(first) = blocks.next() else { return Err(DataError::new("there is nothing to write")) };
    if first.borrow().schema.has_levels() {
        return Err(DataError::new(NO_BOOKS));
    }
    let written = write_all(first.borrow(), blocks, instrument, out);
    written.map_err(|error| DataError::new(format!("cannot be written: {error}")))
}

fn write_all<B: Borrow<Block>>(
    first: &Block,
    rest: impl Iterator<Item = B>,
    instrument: &Instrument,
    out: impl Write + Send,
) -> Result<()> {
    let options =
        ArrowWriterOptions::new().with_properties(properties(first.schema, instrument)?).with_skip_arrow_metadata(true);
    let first = batch(first, instrument)?;
    let mut writer = ArrowWriter::try_new_with_options(out, first.schema(), options)?;
    writer.write(&first)?;
    for block in rest {
        writer.write(&batch(block.borrow(), instrument)?)?;
    }
    writer.close().map(|_| ())
}

fn properties(schema: Schema, instrument: &Instrument) -> Result<WriterProperties> {
    let properties = WriterProperties::builder()
        .set_created_by("glowback".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        // Stamps never repeat: a dictionary would only be in the way.
        .set_column_dictionary_enabled(ColumnPath::from("ts"), false)
        .set_column_encoding(ColumnPath::from("ts"), Encoding::DELTA_BINARY_PACKED)
        .set_key_value_metadata(Some(notes(schema, instrument)));
    Ok(properties.build())
}

pub(crate) fn notes(schema: Schema, instrument: &Instrument) -> Vec<KeyValue> {
    let note = |key: &str, value: String| KeyValue::new(format!("glowback.{key}"), value);
    let mut notes = vec![
        note("symbol", instrument.symbol.clone()),
        note("tick", ratio_text(instrument.tick)),
        note("lot", ratio_text(instrument.lot)),
        note("point", ratio_text(instrument.point)),
        note("currency", instrument.currency.clone()),
        note("fee", instrument.fee_per_lot.to_f64().to_string()),
    ];
    if let Schema::Bars { span_ns } = schema {
        notes.extend([note("stamp", "open".to_owned()), note("span_ns", span_ns.to_string())]);
    }
    notes
}

fn batch(block: &Block, instrument: &Instrument) -> Result<RecordBatch> {
    let whole = |values: &[i64]| Arc::new(Int64Array::from(values.to_vec())) as ArrayRef;
    let scaled = |column: Column, scale: Ratio| {
        let number = |count: &i64| if *count == NA { 0.0 } else { scale.times(*count) };
        Arc::new(Float64Array::from_iter_values(block.column(column).iter().map(number))) as ArrayRef
    };
    let is_bars = block.schema.is_bars();
    let mut columns = vec![("ts", whole(if is_bars { block.column(Column::OpenTime) } else { &block.time }))];
    for column in
        Column::ALL.into_iter().filter(|column| *column != Column::OpenTime && !block.column(*column).is_empty())
    {
        let values = match column {
            Column::Kind | Column::Side => whole(block.column(column)),
            Column::BidSz | Column::AskSz | Column::Sz | Column::Volume => scaled(column, instrument.lot),
            _ => scaled(column, instrument.tick),
        };
        columns.push((column.name(), values));
    }
    RecordBatch::try_from_iter(columns).map_err(|error| ParquetError::General(error.to_string()))
}
