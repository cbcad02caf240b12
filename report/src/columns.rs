//! The columns of the result tables: exact numbers beside the ones people read.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, Decimal128Array, Float64Array, Int64Array, StringArray, TimestampNanosecondArray, UInt64Array,
};
use gbc_core::{Instrument, Money, Nanos};

/// One named column of a table, over as many rows as were handed to it.
pub(crate) struct NamedColumn {
    pub(crate) name: &'static str,
    pub(crate) values: ArrayRef,
    pub(crate) nullable: bool,
}

fn column(name: &'static str, nullable: bool, values: ArrayRef) -> NamedColumn {
    NamedColumn { name, values, nullable }
}

pub(crate) fn count(name: &'static str, values: impl Iterator<Item = u64>) -> NamedColumn {
    column(name, false, Arc::new(UInt64Array::from_iter_values(values)))
}

pub(crate) fn maybe_count(name: &'static str, values: impl Iterator<Item = Option<u64>>) -> NamedColumn {
    column(name, true, Arc::new(values.collect::<UInt64Array>()))
}

pub(crate) fn text<'a>(name: &'static str, values: impl Iterator<Item = &'a str>) -> NamedColumn {
    column(name, false, Arc::new(StringArray::from_iter_values(values)))
}

pub(crate) fn number(name: &'static str, values: impl Iterator<Item = f64>) -> NamedColumn {
    column(name, false, Arc::new(Float64Array::from_iter_values(values)))
}

pub(crate) fn time(name: &'static str, values: impl Iterator<Item = Nanos>) -> NamedColumn {
    let nanos = TimestampNanosecondArray::from_iter_values(values.map(|time| time.0));
    column(name, false, Arc::new(nanos.with_timezone("UTC")))
}

pub(crate) fn maybe_time(name: &'static str, values: impl Iterator<Item = Option<Nanos>>) -> NamedColumn {
    let nanos: TimestampNanosecondArray = values.map(|time| time.map(|time| time.0)).collect();
    column(name, true, Arc::new(nanos.with_timezone("UTC")))
}

/// A price in points, and exactly in ticks.
pub(crate) fn price<'a>(
    names: [&'static str; 2],
    values: impl Iterator<Item = (&'a Instrument, Option<i64>)> + Clone,
) -> [NamedColumn; 2] {
    let points: Float64Array =
        values.clone().map(|(instrument, ticks)| ticks.map(|ticks| instrument.tick.times(ticks))).collect();
    let ticks: Int64Array = values.map(|(_, ticks)| ticks).collect();
    [column(names[0], true, Arc::new(points)), column(names[1], true, Arc::new(ticks))]
}

/// A quantity in lots, and exactly in lot steps.
pub(crate) fn size<'a>(values: impl Iterator<Item = (&'a Instrument, i64)> + Clone) -> [NamedColumn; 2] {
    let lots = values.clone().map(|(instrument, steps)| instrument.lot.times(steps));
    let steps = Int64Array::from_iter_values(values.map(|(_, steps)| steps));
    [number("size", lots), column("sizeSteps", false, Arc::new(steps))]
}

/// Money as a number, and exactly, in decimals with nine places.
pub(crate) fn money(names: [&'static str; 2], values: impl Iterator<Item = Money> + Clone) -> [NamedColumn; 2] {
    let exact = Decimal128Array::from_iter_values(values.clone().map(|money| money.0));
    let exact = exact.with_precision_and_scale(38, 9).expect("nine places fit thirty-eight digits");
    [number(names[0], values.map(Money::to_f64)), column(names[1], false, Arc::new(exact))]
}
