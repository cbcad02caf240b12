//! Columns of whole numbers from the oracles' Parquet files, read without our own reader.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::*;
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use gbc_core::NA;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// All columns that hold whole numbers or times, `NA` for nulls.
pub(crate) fn table(path: &Path) -> BTreeMap<String, Vec<i64>> {
    let batches = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().build().unwrap();
    let mut columns: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for batch in batches {
        let batch = batch.unwrap();
        for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
            if let Some(values) = whole(array) {
                columns.entry(field.name().clone()).or_default().extend(values);
            }
        }
    }
    columns
}

fn whole(array: &ArrayRef) -> Option<Vec<i64>> {
    macro_rules! values {
        ($kind:ty) => {
            array.as_primitive::<$kind>().iter().map(|value| value.map_or(NA, |value| value as i64)).collect()
        };
    }
    Some(match array.data_type() {
        DataType::Int64 => values!(Int64Type),
        DataType::UInt64 => values!(UInt64Type),
        DataType::Int32 => values!(Int32Type),
        DataType::UInt32 => values!(UInt32Type),
        DataType::UInt16 => values!(UInt16Type),
        DataType::UInt8 => values!(UInt8Type),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => values!(TimestampNanosecondType),
        _ => return None,
    })
}
