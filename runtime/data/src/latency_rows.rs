//! Recorded latencies of orders: when each was sent, when the exchange had it, and when its answer came.
//!
//! hftbacktest's `.npz`, or lines of CSV with the same columns, in nanoseconds.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};

use crate::DataError;
use crate::dataset::Source;
use crate::moment::moment;
use crate::npz_array::{Shape, ZippedArray, entry_of};

const SHAPE: Shape =
    Shape { fields: "[('req_ts','<i8'),('exch_ts','<i8'),('resp_ts','<i8'),('_padding','<i8')]", what: "of latencies" };
const ROW: usize = 32;
const COLUMNS: [&str; 3] = ["req_ts", "exch_ts", "resp_ts"];
/// All of them are held.
const MOST_ROWS: u64 = 4_000_000;
const MOST_LINE: u64 = 4096;

/// The rows of such a file. Whether their times are in order is for whoever uses them to say.
pub fn latency_rows(source: Source) -> Result<Vec<[i64; 3]>, DataError> {
    let Source { name, mut file } = source;
    let mut head = Vec::new();
    let begin = file.by_ref().take(2).read_to_end(&mut head).and_then(|_| file.rewind());
    let rows = match begin {
        Err(error) => Err(DataError::new(format!("cannot be read: {error}"))),
        Ok(()) if head == b"PK" => of_array(file),
        Ok(()) => of_lines(file),
    };
    rows.map_err(|error| error.in_file(&name))
}

fn too_many(rows: u64) -> DataError {
    DataError::new(format!("holds {rows} rows; at most {MOST_ROWS} latencies are read"))
}

fn of_array(mut file: File) -> Result<Vec<[i64; 3]>, DataError> {
    let entry = entry_of(&mut file)?;
    let mut array = ZippedArray::<ROW>::open(&file, entry, SHAPE)?;
    if array.rows > MOST_ROWS {
        return Err(too_many(array.rows));
    }
    let mut rows = Vec::new();
    while array.read < array.rows {
        let bytes = array.next()?;
        let mut row = [0; 3];
        for (index, column) in COLUMNS.iter().enumerate() {
            let word = std::array::from_fn(|byte| bytes[8 * index + byte]);
            row[index] = stamp(Some(i64::from_le_bytes(word)), column).map_err(|error| error.at_row(array.read))?;
        }
        rows.push(row);
    }
    array.check_end()?;
    Ok(rows)
}

fn of_lines(file: File) -> Result<Vec<[i64; 3]>, DataError> {
    let mut lines = Lines { file: BufReader::new(file), line: String::new(), read: 0 };
    let header = lines.next()?.unwrap_or_default();
    let names: Vec<&str> = header.split(',').map(str::trim).collect();
    let missing = |name: &str| {
        let reason = format!(
            "the file begins with no line of column names that has `{name}`; there have to be {}",
            COLUMNS.join(", ")
        );
        DataError::new(reason).at_row(1)
    };
    let mut places = [0; 3];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        *place = names.iter().position(|name| *name == column).ok_or_else(|| missing(column))?;
    }
    let mut rows = Vec::new();
    while let Some(line) = lines.next()? {
        let cells: Vec<&str> = line.split(',').collect();
        let mut row = [0; 3];
        for ((value, place), column) in row.iter_mut().zip(places).zip(COLUMNS) {
            let told = cells.get(place).and_then(|cell| cell.trim().parse().ok());
            *value = stamp(told, column).map_err(|error| error.at_row(lines.read))?;
        }
        rows.push(row);
        if rows.len() as u64 > MOST_ROWS {
            return Err(too_many(rows.len() as u64));
        }
    }
    Ok(rows)
}

fn stamp(told: Option<i64>, column: &str) -> Result<i64, DataError> {
    told.and_then(|told| moment(told, 1))
        .ok_or_else(|| DataError::new("is no moment between 1970 and 2100, in nanoseconds").in_column(column))
}

/// Lines of text, none of them long.
struct Lines {
    file: BufReader<File>,
    line: String,
    read: u64,
}

impl Lines {
    fn next(&mut self) -> Result<Option<String>, DataError> {
        self.line.clear();
        let read = self.file.by_ref().take(MOST_LINE).read_line(&mut self.line);
        self.read += 1;
        let wrong = |reason: String| DataError::new(reason).at_row(self.read);
        match read {
            Err(error) => Err(wrong(format!("cannot be read as text: {error}"))),
            Ok(0) => Ok(None),
            Ok(bytes) if bytes as u64 == MOST_LINE => Err(wrong("the line is too long for three times".to_owned())),
            Ok(_) => Ok(Some(self.line.trim_end().to_owned())),
        }
    }
}
