//! What was written is what is read back.

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float64Type, Int64Type, TimestampNanosecondType, UInt64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use bytes::Bytes;
use gbc_core::{Money, Nanos};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::*;
use crate::Severity;
use crate::run::sample;

fn written(write: impl Fn(&mut Vec<u8>) -> Result<(), TableError>) -> RecordBatch {
    let mut bytes = Vec::new();
    write(&mut bytes).unwrap();
    let mut again = Vec::new();
    write(&mut again).unwrap();
    assert!(bytes == again, "the same records give the same bytes");
    read(bytes)
}

fn read(bytes: Vec<u8>) -> RecordBatch {
    let builder = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes)).unwrap();
    let schema = builder.schema().clone();
    let mut batches = builder.with_batch_size(1 << 20).build().unwrap();
    let batch = batches.next().unwrap_or_else(|| Ok(RecordBatch::new_empty(schema))).unwrap();
    assert!(batches.next().is_none());
    batch
}

fn names(batch: &RecordBatch) -> String {
    let fields = batch.schema().fields().clone();
    fields.iter().map(|field| field.name().as_str()).collect::<Vec<_>>().join(" ")
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> &'a dyn Array {
    batch.column_by_name(name).unwrap_or_else(|| panic!("no column {name}"))
}

fn counts(batch: &RecordBatch, name: &str) -> Vec<Option<u64>> {
    column(batch, name).as_primitive::<UInt64Type>().iter().collect()
}

fn whole(batch: &RecordBatch, name: &str) -> Vec<Option<i64>> {
    column(batch, name).as_primitive::<Int64Type>().iter().collect()
}

fn numbers(batch: &RecordBatch, name: &str) -> Vec<Option<f64>> {
    column(batch, name).as_primitive::<Float64Type>().iter().collect()
}

fn times(batch: &RecordBatch, name: &str) -> Vec<Option<Nanos>> {
    let values = column(batch, name).as_primitive::<TimestampNanosecondType>();
    values.iter().map(|value| value.map(Nanos)).collect()
}

fn exact(batch: &RecordBatch, name: &str) -> Vec<Money> {
    let values = column(batch, name).as_primitive::<Decimal128Type>();
    assert_eq!(values.data_type(), &DataType::Decimal128(38, 9));
    values.iter().map(|value| Money(value.unwrap())).collect()
}

fn texts(batch: &RecordBatch, name: &str) -> Vec<String> {
    column(batch, name).as_string::<i32>().iter().map(|value| value.unwrap().to_owned()).collect()
}

#[test]
fn orders_read_back() {
    let owned = sample::Owned::new();
    let batch = written(|out| write_orders(&owned.orders, &owned.instruments, out));
    assert_eq!(names(&batch), "orderId parentId time market side type price priceTicks size sizeSteps status");
    assert_eq!(counts(&batch, "orderId"), [Some(1), Some(2)]);
    assert_eq!(counts(&batch, "parentId"), [None, None]);
    assert_eq!(times(&batch, "time"), owned.orders.iter().map(|order| Some(order.time)).collect::<Vec<_>>());
    assert_eq!(texts(&batch, "market"), ["ES", "ES"]);
    assert_eq!(texts(&batch, "side"), ["buy", "sell"]);
    assert_eq!(texts(&batch, "type"), ["market", "market"]);
    assert_eq!(whole(&batch, "priceTicks"), [None, None]);
    assert_eq!(texts(&batch, "status"), ["filled", "filled"]);
    let utc = DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into()));
    assert_eq!(column(&batch, "time").data_type(), &utc);
}

#[test]
fn fills_read_back() {
    let owned = sample::Owned::new();
    let batch = written(|out| write_fills(&owned.fills, &owned.instruments, out));
    assert_eq!(
        names(&batch),
        "fillId orderId time market side price priceTicks size sizeSteps fee feeExact reason slippage slippageTicks"
    );
    assert_eq!(numbers(&batch, "price"), [Some(4700.25), Some(4699.75)]);
    assert_eq!(whole(&batch, "priceTicks"), [Some(18_801), Some(18_799)]);
    assert_eq!(numbers(&batch, "size"), [Some(2.0), Some(2.0)]);
    assert_eq!(whole(&batch, "sizeSteps"), [Some(2), Some(2)]);
    assert_eq!(numbers(&batch, "fee"), [Some(2.25), Some(2.25)]);
    assert_eq!(exact(&batch, "feeExact"), [Money(2_250_000_000); 2]);
    assert_eq!(texts(&batch, "reason"), ["open", "open"]);
}

#[test]
fn trades_read_back_with_nulls_where_one_is_open() {
    let owned = sample::Owned::new();
    let batch = written(|out| write_trades(&owned.trades, &owned.instruments, out));
    assert_eq!(counts(&batch, "exitOrderId"), [Some(2), None]);
    assert_eq!(times(&batch, "exitTime"), [owned.trades[0].exit.map(|exit| exit.time), None]);
    assert_eq!(numbers(&batch, "exitPrice"), [Some(4699.75), None]);
    assert_eq!(whole(&batch, "exitPriceTicks"), [Some(18_799), None]);
    assert_eq!(whole(&batch, "entryPriceTicks"), [Some(18_801), Some(18_799)]);
    assert_eq!(exact(&batch, "pnlExact"), [Money(-54_500_000_000), Money(12_345_000_000)]);
    assert_eq!(exact(&batch, "drawdownExact"), [Money(60_000_000_000); 2]);
    assert_eq!(texts(&batch, "side"), ["buy", "sell"]);
}

#[test]
fn equity_reads_back_beyond_one_piece() {
    let point = |row: usize| EquityPoint { time: Nanos(row as i64), equity: Money(-3 * row as i128) };
    let equity: Vec<_> = (0..PIECE_ROWS + 7).map(point).collect();
    let batch = written(|out| write_equity(&equity, out));
    assert_eq!(names(&batch), "time equity equityExact");
    assert_eq!(times(&batch, "time"), equity.iter().map(|point| Some(point.time)).collect::<Vec<_>>());
    assert_eq!(exact(&batch, "equityExact"), equity.iter().map(|point| point.equity).collect::<Vec<_>>());
}

#[test]
fn exports_and_messages_read_back_and_empty_tables_keep_their_columns() {
    let export = Export { time: Nanos(5), name: "edge".to_owned(), value: 0.5 };
    let batch = written(|out| write_exports(std::slice::from_ref(&export), out));
    assert_eq!((times(&batch, "time"), numbers(&batch, "value")), (vec![Some(Nanos(5))], vec![Some(0.5)]));
    assert_eq!(texts(&batch, "name"), ["edge"]);

    let message = Message { time: Nanos(6), level: Severity::Warning, text: "3 rows dropped".to_owned() };
    let batch = written(|out| write_messages(std::slice::from_ref(&message), out));
    assert_eq!(
        (texts(&batch, "level"), texts(&batch, "text")),
        (vec!["warning".into()], vec!["3 rows dropped".into()])
    );

    let batch = written(|out| write_exports(&[], out));
    assert_eq!((names(&batch).as_str(), batch.num_rows()), ("time name value", 0));
}
