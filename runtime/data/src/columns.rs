//! Columns as Parquet hands them out, made into moments and numbers.

use std::fmt::Write;

use arrow_array::cast::AsArray;
use arrow_array::types::*;
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType};
use arrow_schema::{DataType, TimeUnit};
use gbc_core::NA;
use gbc_core::time::{DAY, MICROSECOND, MILLISECOND, SECOND};

use crate::csv_file::read_value;
use crate::field::Field;
use crate::moment::{Unit, moment, no_count};

/// The row within the batch, and what is wrong with it.
type Wrong = (usize, String);

/// Refuses a column whose type cannot mean its field, before anything is decoded.
pub(crate) fn check_type(field: Field, data_type: &DataType) -> Result<(), String> {
    use DataType::*;
    let fits = match field {
        Field::Time | Field::ExchTime => matches!(data_type, Timestamp(..) | Date32 | Date64 | Int64 | UInt64),
        Field::Action => matches!(data_type, Utf8),
        Field::Side | Field::Kind => is_number(data_type) || matches!(data_type, Utf8),
        Field::Order | Field::Count | Field::Flags => is_number(data_type) && !data_type.is_floating(),
        _ => is_number(data_type),
    };
    let wanted = match field {
        Field::Time | Field::ExchTime => "a timestamp, a date, or 64-bit integers counting since 1970",
        Field::Action => "text",
        Field::Side | Field::Kind => "a small integer or text",
        Field::Order | Field::Count | Field::Flags => "an integer",
        _ => "an integer or floating-point number",
    };
    let name: String = data_type.to_string().chars().take(60).collect();
    if fits { Ok(()) } else { Err(format!("its type is {name}, where {wanted} is needed")) }
}

fn is_number(data_type: &DataType) -> bool {
    use DataType::*;
    matches!(data_type, Float64 | Float32 | Int8 | Int16 | Int32 | Int64 | UInt8 | UInt16 | UInt32 | UInt64)
}

/// Appends moments in nanoseconds.
pub(crate) fn times(array: &ArrayRef, unit: &mut Option<Unit>, out: &mut Vec<i64>) -> Result<(), Wrong> {
    if let Some(row) = (array.null_count() > 0).then(|| (0..array.len()).find(|row| array.is_null(*row))).flatten() {
        return Err((row, "the time is missing".to_owned()));
    }
    match array.data_type() {
        DataType::Timestamp(TimeUnit::Second, _) => {
            scaled(array.as_primitive::<TimestampSecondType>().values(), SECOND, out)
        }
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            scaled(array.as_primitive::<TimestampMillisecondType>().values(), MILLISECOND, out)
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            scaled(array.as_primitive::<TimestampMicrosecondType>().values(), MICROSECOND, out)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            scaled(array.as_primitive::<TimestampNanosecondType>().values(), 1, out)
        }
        DataType::Date32 => scaled(array.as_primitive::<Date32Type>().values(), DAY, out),
        DataType::Date64 => scaled(array.as_primitive::<Date64Type>().values(), MILLISECOND, out),
        DataType::Int64 => counted(array.as_primitive::<Int64Type>().values().iter().copied(), unit, out),
        DataType::UInt64 => counted(
            array.as_primitive::<UInt64Type>().values().iter().map(|count| i64::try_from(*count).unwrap_or(-1)),
            unit,
            out,
        ),
        other => Err((0, format!("its type changed to {other}"))),
    }
}

fn scaled<T: Copy + Into<i64>>(counts: &[T], unit_ns: i64, out: &mut Vec<i64>) -> Result<(), Wrong> {
    for (row, count) in counts.iter().enumerate() {
        let count: i64 = (*count).into();
        let time = moment(count, unit_ns).ok_or_else(|| (row, format!("{count} times {unit_ns} ns lies outside the years 1970 to 2100; does the column's type name the right unit?")))?;
        out.push(time);
    }
    Ok(())
}

fn counted(counts: impl Iterator<Item = i64>, unit: &mut Option<Unit>, out: &mut Vec<i64>) -> Result<(), Wrong> {
    for (row, count) in counts.enumerate() {
        let unit = match unit {
            Some(unit) => *unit,
            None => *unit.insert(Unit::of(count).ok_or_else(|| (row, no_count(count)))?),
        };
        out.push(unit.moment(count).map_err(|reason| (row, reason))?);
    }
    Ok(())
}

/// Appends whole numbers, `NA` for nulls; of unsigned ones the bits.
pub(crate) fn whole(array: &ArrayRef, out: &mut Vec<i64>) -> Result<(), Wrong> {
    match array.data_type() {
        DataType::Int8 => integers::<Int8Type>(array, out, i64::from),
        DataType::Int16 => integers::<Int16Type>(array, out, i64::from),
        DataType::Int32 => integers::<Int32Type>(array, out, i64::from),
        DataType::Int64 => integers::<Int64Type>(array, out, |value| value),
        DataType::UInt8 => integers::<UInt8Type>(array, out, i64::from),
        DataType::UInt16 => integers::<UInt16Type>(array, out, i64::from),
        DataType::UInt32 => integers::<UInt32Type>(array, out, i64::from),
        DataType::UInt64 => integers::<UInt64Type>(array, out, u64::cast_signed),
        other => return Err((0, format!("its type changed to {other}"))),
    }
    Ok(())
}

fn integers<T: ArrowPrimitiveType>(array: &ArrayRef, out: &mut Vec<i64>, value: impl Fn(T::Native) -> i64) {
    out.extend(array.as_primitive::<T>().iter().map(|number| number.map_or(NA, &value)));
}

/// Appends numbers, NaN for nulls.
pub(crate) fn values(field: Field, array: &ArrayRef, out: &mut Vec<f64>) -> Result<(), Wrong> {
    match array.data_type() {
        DataType::Float64 => numbers::<Float64Type>(array, out, |value| value),
        DataType::Float32 => floats(array, out),
        DataType::Int8 => numbers::<Int8Type>(array, out, f64::from),
        DataType::Int16 => numbers::<Int16Type>(array, out, f64::from),
        DataType::Int32 => numbers::<Int32Type>(array, out, f64::from),
        DataType::Int64 => numbers::<Int64Type>(array, out, |value| value as f64),
        DataType::UInt8 => numbers::<UInt8Type>(array, out, f64::from),
        DataType::UInt16 => numbers::<UInt16Type>(array, out, f64::from),
        DataType::UInt32 => numbers::<UInt32Type>(array, out, f64::from),
        DataType::UInt64 => numbers::<UInt64Type>(array, out, |value| value as f64),
        DataType::Utf8 => return words(field, array, out),
        other => return Err((0, format!("its type changed to {other}"))),
    }
    Ok(())
}

fn numbers<T: ArrowPrimitiveType>(array: &ArrayRef, out: &mut Vec<f64>, value: impl Fn(T::Native) -> f64) {
    let array = array.as_primitive::<T>();
    match array.null_count() {
        0 => out.extend(array.values().iter().map(|number| value(*number))),
        _ => out.extend(array.iter().map(|number| number.map_or(f64::NAN, &value))),
    }
}

/// A 32-bit float means the shortest decimal that it is nearest to: 118.69, not 118.69000244.
fn floats(array: &ArrayRef, out: &mut Vec<f64>) {
    let mut text = String::new();
    out.extend(array.as_primitive::<Float32Type>().iter().map(|number| {
        text.clear();
        let written = number.map(|number| write!(text, "{number}"));
        written.and_then(|_| text.parse().ok()).unwrap_or(f64::NAN)
    }));
}

fn words(field: Field, array: &ArrayRef, out: &mut Vec<f64>) -> Result<(), Wrong> {
    for (row, word) in array.as_string::<i32>().iter().enumerate() {
        out.push(read_value(field, word.unwrap_or("").trim()).map_err(|reason| (row, reason))?);
    }
    Ok(())
}
