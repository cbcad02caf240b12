//! Records of single orders, as the files beside the checkout hold them, as blocks. Prices stay in billionths.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use gbc_core::{Block, Column, NA, OrderAction, RowFlags, Schema};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// A price of no value, in the records.
const UNDEFINED: i64 = i64::MAX;

/// A folder beside the checkout, where there is one.
pub fn shared(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(name);
    if !folder.is_dir() {
        eprintln!("skipped: no folder {}", folder.display());
    }
    folder.is_dir().then_some(folder)
}

/// All columns of whole numbers or of letters, by name; `NA` where a value is missing.
pub fn table(path: &Path) -> BTreeMap<String, Vec<i64>> {
    let file = File::open(path).expect("the manifest names its files");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("sound").build().expect("sound");
    let mut columns: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for batch in reader {
        let batch = batch.expect("sound");
        for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
            columns.entry(field.name().clone()).or_default().extend(whole_numbers(array));
        }
    }
    columns
}

fn whole_numbers(array: &ArrayRef) -> Vec<i64> {
    macro_rules! numbers {
        ($ty:ty) => {
            array.as_primitive::<$ty>().iter().map(|value| value.map_or(NA, |value| value as i64)).collect()
        };
    }
    let letter = |text: Option<&str>| text.and_then(|text| text.bytes().next()).map_or(NA, i64::from);
    match array.data_type() {
        DataType::Int8 => numbers!(Int8Type),
        DataType::Int32 => numbers!(Int32Type),
        DataType::Int64 => numbers!(Int64Type),
        DataType::UInt8 => numbers!(UInt8Type),
        DataType::UInt16 => numbers!(UInt16Type),
        DataType::UInt32 => numbers!(UInt32Type),
        // Order numbers may need all 64 bits.
        DataType::UInt64 => numbers!(UInt64Type),
        DataType::Utf8 => array.as_string::<i32>().iter().map(letter).collect(),
        other => panic!("{other} is not in these files"),
    }
}

/// The records of a Parquet file, as a feed of single orders.
pub fn of_parquet(path: &Path) -> Block {
    let table = table(path);
    let mut block = Block::new(0, Schema::Orders);
    for (row, received) in table["ts_recv"].iter().enumerate() {
        let value = |name: &str| table[name][row];
        let letter = |name: &str| u8::try_from(value(name)).expect("a letter");
        let price = if value("price") == UNDEFINED { NA } else { value("price") };
        block.time.push(*received);
        push(&mut block, letter("action"), letter("side"), [price, value("size"), value("order_id"), value("flags")]);
    }
    block
}

/// The records of a Databento CSV file.
pub fn of_csv(path: &Path) -> Block {
    let text = std::fs::read_to_string(path).expect("the manifest names its files");
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let mut block = Block::new(0, Schema::Orders);
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let text = |name: &str| fields[names.iter().position(|known| *known == name).expect("a known column")];
        let number = |name: &str| text(name).parse::<i64>().expect("a whole number");
        block.time.push(block.time.len() as i64);
        let (action, side) = (text("action").as_bytes()[0], text("side").as_bytes()[0]);
        push(
            &mut block,
            action,
            side,
            [billionths(text("price")), number("size"), number("order_id"), number("flags")],
        );
    }
    block
}

fn billionths(text: &str) -> i64 {
    let Some((whole, fraction)) = text.split_once('.') else { return NA };
    format!("{whole}{fraction:0<9}").parse().expect("nine decimals")
}

fn push(block: &mut Block, action: u8, side: u8, [price, size, order, flags]: [i64; 4]) {
    let action = match action {
        b'A' => OrderAction::Add,
        b'C' => OrderAction::Cancel,
        b'M' => OrderAction::Modify,
        b'R' => OrderAction::Clear,
        b'T' => OrderAction::Trade,
        b'F' => OrderAction::Fill,
        other => panic!("an unknown action {other}"),
    };
    let side = match side {
        b'B' => 1,
        b'A' => -1,
        _ => 0,
    };
    let last = if flags & 128 != 0 { RowFlags::LAST } else { RowFlags::default() };
    let snapshot = if flags & 32 != 0 { RowFlags::SNAPSHOT } else { RowFlags::default() };
    let cells = [
        (Column::Kind, action as i64),
        (Column::Side, side),
        (Column::Px, price),
        (Column::Sz, size),
        (Column::Order, order),
        (Column::Flags, last.with(snapshot).0),
    ];
    cells.iter().for_each(|(column, value)| block.column_mut(*column).push(*value));
}
