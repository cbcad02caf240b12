//! Holds the rows of a file to the order of time.

use gbc_core::time::span_text;
use jiff::Timestamp;

use crate::DataError;
use crate::rows::Rows;

/// The last row seen.
#[derive(Debug)]
pub(crate) struct Order {
    last: Option<i64>,
    /// At least this lies between two rows; 0 where rows may share a stamp.
    gap_ns: i64,
    column: String,
    /// A column that suggests several markets in the file.
    markets: Option<String>,
}

impl Order {
    pub(crate) fn new(gap_ns: i64, column: &str, markets: Option<String>) -> Order {
        Order { last: None, gap_ns, column: column.to_owned(), markets }
    }

    /// Refuses the first row that comes too early.
    pub(crate) fn check(&mut self, rows: &Rows) -> Result<(), DataError> {
        let mut last = self.last.unwrap_or(i64::MIN / 2);
        for (row, time) in rows.time.iter().enumerate() {
            if time - last < self.gap_ns {
                return Err(DataError::new(self.objection(last, *time))
                    .at_row(rows.number(row))
                    .in_column(&self.column));
            }
            last = *time;
        }
        self.last = Some(last);
        Ok(())
    }

    #[cold]
    fn objection(&self, last: i64, time: i64) -> String {
        let (before, now) = (shown_time(last), shown_time(time));
        if time == last {
            return format!("a second bar stamped {now}; keep one of the two");
        }
        if time > last {
            let (gap, span) = (span_text(time - last), span_text(self.gap_ns));
            return format!("{now} comes {gap} after the bar before, but bars are {span} long: they would overlap");
        }
        let hint = match &self.markets {
            Some(column) => format!(
                "column `{}` suggests several markets in one file; split it, one file each",
                crate::error::shown(column)
            ),
            None => "sort the file by time first".to_owned(),
        };
        format!("{now} comes after {before}: time runs backwards; {hint}")
    }
}

/// A moment as people read it.
pub(crate) fn shown_time(ns: i64) -> String {
    Timestamp::from_nanosecond(i128::from(ns)).map_or_else(|_| ns.to_string(), |time| time.to_string())
}
