//! Repairs what has one right answer, and counts it: rows that come late are sorted in, doubled bars become one.
//! Only import does this; a run refuses such files.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::DataError;
use crate::field::Field;
use crate::layout::Pick;
use crate::order::shown_time;
use crate::rows::{RowReader, Rows};

/// A row may come so many rows late, not more: so much is held.
const WINDOW: usize = 1 << 16;

/// Rows in order, out of a reader whose rows are not quite.
pub(crate) struct Cleaned {
    inner: Box<dyn RowReader>,
    fields: Vec<Field>,
    /// Bars that are equal in all they say are one bar; equal ticks are two.
    drops_doubles: bool,
    batch_rows: usize,
    batch: Rows,
    /// By time, then by place in the file.
    held: BTreeMap<(i64, u64), Held>,
    next: u64,
    is_over: bool,
    newest: i64,
    last: Option<(i64, Vec<u64>)>,
    late: Count,
    doubled: Count,
}

/// A row taken out of its batch.
struct Held {
    number: u64,
    file: Option<Arc<str>>,
    values: Vec<f64>,
    whole: Vec<i64>,
}

/// How often, and where first.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    count: u64,
    first: u64,
}

impl Count {
    fn add(&mut self, row: u64) {
        self.first = if self.count == 0 { row } else { self.first };
        self.count += 1;
    }
}

impl Cleaned {
    pub(crate) fn new(inner: Box<dyn RowReader>, picks: &[Pick], drops_doubles: bool, batch_rows: usize) -> Cleaned {
        Cleaned {
            inner,
            fields: picks.iter().map(|pick| pick.field).filter(|field| *field != Field::Time).collect(),
            drops_doubles,
            batch_rows,
            batch: Rows::default(),
            held: BTreeMap::new(),
            next: 0,
            is_over: false,
            newest: i64::MIN,
            last: None,
            late: Count::default(),
            doubled: Count::default(),
        }
    }

    /// Holds one more batch.
    fn take_in(&mut self) -> Result<(), DataError> {
        self.is_over = !self.inner.read(&mut self.batch)?;
        let rows = &self.batch;
        for row in 0..if self.is_over { 0 } else { rows.len() } {
            let time = rows.time[row];
            if time < self.newest {
                self.late.add(rows.number(row));
            }
            self.newest = self.newest.max(time);
            let (mut values, mut whole) = (Vec::new(), Vec::new());
            for field in &self.fields {
                match field.is_whole() {
                    true => whole.extend(rows.whole(*field).get(row)),
                    false => values.extend(rows.values(*field).get(row)),
                }
            }
            self.held
                .insert((time, self.next), Held { number: rows.number(row), file: rows.file.clone(), values, whole });
            self.next += 1;
        }
        Ok(())
    }

    fn give(&mut self, time: i64, held: Held, rows: &mut Rows) -> Result<(), DataError> {
        if let Some((last, _)) = &self.last
            && time < *last
        {
            let (now, before) = (shown_time(time), shown_time(*last));
            let error = DataError::new(format!(
                "{now} comes more than {WINDOW} rows late, after {before}: sort the file by time first"
            ));
            return Err(error.at_row(held.number));
        }
        let bits: Vec<u64> = held
            .values
            .iter()
            .map(|value| value.to_bits())
            .chain(held.whole.iter().map(|value| value.cast_unsigned()))
            .collect();
        if self.drops_doubles && self.last.as_ref() == Some(&(time, bits.clone())) {
            self.doubled.add(held.number);
            return Ok(());
        }
        self.last = Some((time, bits));
        rows.time.push(time);
        rows.lines.push(held.number);
        rows.file = held.file;
        let (mut values, mut whole) = (held.values.into_iter(), held.whole.into_iter());
        for field in &self.fields {
            match field.is_whole() {
                true => rows.whole_mut(*field).extend(whole.next()),
                false => rows.values_mut(*field).extend(values.next()),
            }
        }
        Ok(())
    }
}

impl RowReader for Cleaned {
    fn read(&mut self, rows: &mut Rows) -> Result<bool, DataError> {
        rows.clear();
        while rows.len() < self.batch_rows {
            while !self.is_over && self.held.len() <= WINDOW {
                self.take_in()?;
            }
            let Some(next) = self.held.first_entry() else { break };
            // A batch is of one file, as its rows are named by it.
            if rows.len() > 0 && rows.file != next.get().file {
                break;
            }
            let ((time, _), held) = next.remove_entry();
            self.give(time, held, rows)?;
        }
        Ok(rows.len() > 0)
    }

    fn report(&self) -> Vec<String> {
        let mut lines = self.inner.report();
        let told = [
            (self.late, "rows came late, and were sorted in"),
            (self.doubled, "bars stood there twice, and were taken once"),
        ];
        let told = told.iter().filter(|(count, _)| count.count > 0);
        lines.extend(told.map(|(Count { count, first }, what)| format!("{count} {what}; the first in row {first}")));
        lines
    }
}
