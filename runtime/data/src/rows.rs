//! Rows as a file holds them, before anything is checked: the one form in which every format arrives.

use std::sync::Arc;

use crate::DataError;
use crate::field::Field;

/// A batch of rows. Numbers that are absent are NaN; columns that are not read are empty.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// Nanoseconds since 1970.
    pub time: Vec<i64>,
    /// The number of the first row, where rows are counted.
    pub first: u64,
    /// The line of every row, where lines are counted.
    pub lines: Vec<u64>,
    /// The file they are from, where there are several.
    pub file: Option<Arc<str>>,
    values: [Vec<f64>; Field::COUNT],
    whole: [Vec<i64>; Field::COUNT],
}

impl Rows {
    pub(crate) fn len(&self) -> usize {
        self.time.len()
    }

    pub(crate) fn clear(&mut self) {
        self.time.clear();
        self.lines.clear();
        self.values.iter_mut().for_each(Vec::clear);
        self.whole.iter_mut().for_each(Vec::clear);
    }

    /// Forgets all rows from this one on.
    pub(crate) fn cut(&mut self, length: usize) {
        self.time.truncate(length);
        self.lines.truncate(length);
        self.values.iter_mut().for_each(|values| values.truncate(length));
        self.whole.iter_mut().for_each(|values| values.truncate(length));
    }

    /// How messages call a row of this batch.
    pub(crate) fn number(&self, row: usize) -> u64 {
        self.lines.get(row).copied().unwrap_or(self.first + row as u64)
    }

    pub(crate) fn values(&self, field: Field) -> &[f64] {
        &self.values[field as usize]
    }

    /// Of a field that is kept as whole numbers.
    pub(crate) fn whole(&self, field: Field) -> &[i64] {
        &self.whole[field as usize]
    }

    pub(crate) fn whole_mut(&mut self, field: Field) -> &mut Vec<i64> {
        &mut self.whole[field as usize]
    }

    pub(crate) fn values_mut(&mut self, field: Field) -> &mut Vec<f64> {
        &mut self.values[field as usize]
    }
}

/// A file being read from its first row to its last.
pub(crate) trait RowReader: Send {
    /// Fills `rows` with the next batch; `false` at the end, with no row.
    fn read(&mut self, rows: &mut Rows) -> Result<bool, DataError>;

    /// What was odd in the file so far, and no error.
    fn report(&self) -> Vec<String> {
        Vec::new()
    }
}
