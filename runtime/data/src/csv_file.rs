//! Comma-separated text: one line, one row. Memory is bounded by one line, whatever the file holds.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};

use crate::DataError;
use crate::error::shown;
use crate::field::Field;
use crate::layout::Pick;
use crate::moment::TimeText;
use crate::rows::{RowReader, Rows};
use crate::unpack::{Bytes, Packing};

/// Longer lines are not market data.
const MAX_LINE: u64 = 1 << 20;
/// Wider files are not read.
const MAX_COLUMNS: usize = 4096;

/// A text file whose header has been read.
#[derive(Debug)]
pub(crate) struct CsvFile {
    file: File,
    packing: Packing,
    delimiter: u8,
    /// Whether lines that are no rows are left out and counted, where they are few.
    leaves_out: bool,
    pub columns: Vec<String>,
}

impl CsvFile {
    pub(crate) fn open(file: File, packing: Packing, leaves_out: bool) -> Result<CsvFile, DataError> {
        let mut lines = Lines::from_start(&file, packing)?;
        let header = match lines.next()? {
            Some(line) => line.trim_start_matches('\u{feff}').to_owned(),
            None => return Err(DataError::new("the file is empty; it should begin with a line of column names")),
        };
        let delimiter = *b",;\t"
            .iter()
            .rev()
            .max_by_key(|mark| header.bytes().filter(|byte| byte == *mark).count())
            .expect("three marks");
        if delimiter == b';' {
            return Err(DataError::new(
                "the columns are parted by `;`, as where decimals are written with a comma; what a `,` means can then not be told: save the file with commas between columns and points in numbers",
            )
            .at_row(lines.number));
        }
        let mut ends = Vec::new();
        split(&header, delimiter, &mut ends).map_err(|reason| DataError::new(reason).at_row(lines.number))?;
        let columns: Vec<String> = (0..ends.len()).map(|index| cell(&header, &ends, index).to_owned()).collect();
        check_header(&columns).map_err(|error| error.at_row(lines.number))?;
        Ok(CsvFile { file, packing, delimiter, leaves_out, columns })
    }

    /// How its fields are parted, in words.
    pub(crate) fn describe(&self) -> String {
        let mark = match self.delimiter {
            b',' => "commas",
            _ => "tabs",
        };
        let packed = self.packing.name().map_or(String::new(), |name| format!(", packed with {name}"));
        format!("text with {mark}, {} columns{packed}", self.columns.len())
    }

    /// Reads from the first row on, these columns only.
    pub(crate) fn rows(&self, picks: &[Pick], batch_rows: usize) -> Result<CsvRows, DataError> {
        let mut lines = Lines::from_start(&self.file, self.packing)?;
        lines.next()?;
        let picks = picks.to_vec();
        Ok(CsvRows {
            lines,
            delimiter: self.delimiter,
            columns: self.columns.clone(),
            picks,
            batch_rows,
            time: None,
            exch_time: None,
            left_out: self.leaves_out.then(LeftOut::default),
            ends: Vec::new(),
        })
    }
}

fn check_header(columns: &[String]) -> Result<(), DataError> {
    if columns.len() > MAX_COLUMNS {
        return Err(DataError::new(format!("{} columns; at most {MAX_COLUMNS} are read", columns.len())));
    }
    let numbers = columns.iter().filter(|name| decimal(name).is_some()).count();
    if 2 * numbers > columns.len() {
        return Err(DataError::new(
            "the first line holds numbers, not the names of the columns; write a header line above it",
        ));
    }
    Ok(())
}

/// Rows of a text file.
#[derive(Debug)]
pub(crate) struct CsvRows {
    lines: Lines,
    delimiter: u8,
    columns: Vec<String>,
    picks: Vec<Pick>,
    batch_rows: usize,
    time: Option<TimeText>,
    exch_time: Option<TimeText>,
    left_out: Option<LeftOut>,
    /// Where the cells of the current line end.
    ends: Vec<usize>,
}

/// Lines that are no rows.
#[derive(Clone, Debug, Default)]
struct LeftOut {
    count: u64,
    rows: u64,
    first: u64,
    why: String,
}

/// More than this part of all lines are no accident: a tenth, beyond the first few.
const MOST_LEFT_OUT: (u64, u64) = (10, 20);

impl LeftOut {
    fn add(&mut self, error: DataError) {
        if self.count == 0 {
            self.first = error.row.unwrap_or(0);
            self.why = error.reason;
        }
        self.count += 1;
    }

    fn check(&self) -> Result<(), DataError> {
        let (part, few) = MOST_LEFT_OUT;
        if self.count <= few || self.count * part <= self.rows {
            return Ok(());
        }
        let LeftOut { count, rows, first, why } = self;
        Err(DataError::new(format!("{count} lines are no rows, beside {rows} that are: too many to leave out. {why}"))
            .at_row(*first))
    }
}

impl RowReader for CsvRows {
    fn read(&mut self, rows: &mut Rows) -> Result<bool, DataError> {
        rows.clear();
        while rows.lines.len() < self.batch_rows {
            let CsvRows { lines, delimiter, columns, picks, time, exch_time, left_out, ends, .. } = self;
            let Some(line) = lines.next()? else { break };
            let done = split(line, *delimiter, ends)
                .map_err(DataError::new)
                .and_then(|()| same_width(ends.len(), columns))
                .and_then(|()| read_row(line, ends, picks, (time, exch_time), rows))
                .and_then(|()| if left_out.is_some() { whole_bar(rows) } else { Ok(()) })
                .map_err(|error| error.at_row(self.lines.number));
            match (done, left_out) {
                (Ok(()), left_out) => {
                    rows.lines.push(self.lines.number);
                    left_out.iter_mut().for_each(|left_out| left_out.rows += 1);
                }
                (Err(error), Some(left_out)) => {
                    rows.cut(rows.lines.len());
                    left_out.add(error);
                }
                (Err(error), None) => return Err(error),
            }
        }
        if rows.lines.is_empty()
            && let Some(left_out) = &self.left_out
        {
            left_out.check()?;
        }
        Ok(!rows.lines.is_empty())
    }

    fn report(&self) -> Vec<String> {
        let told = self.left_out.iter().filter(|left_out| left_out.count > 0);
        told.map(|LeftOut { count, first, why, .. }| {
            format!("{count} lines are no rows, and were left out; the first is row {first}: {why}")
        })
        .collect()
    }
}

/// A bar without all of its prices is none; a quote may lack a side.
fn whole_bar(rows: &Rows) -> Result<(), DataError> {
    let bar = [Field::Open, Field::High, Field::Low, Field::Close, Field::Volume];
    let missing = bar.iter().find(|field| rows.values(**field).last().is_some_and(|value| value.is_nan()));
    missing.map_or(Ok(()), |field| Err(DataError::new(format!("`{}` is missing", field.name()))))
}

fn same_width(cells: usize, columns: &[String]) -> Result<(), DataError> {
    if cells == columns.len() {
        return Ok(());
    }
    let error = DataError::new(format!(
        "{cells} fields, but the header names {}; was the file cut, or is a text with the delimiter unquoted?",
        columns.len()
    ));
    Err(match columns.get(cells) {
        Some(missing) => error.in_column(missing),
        None => error,
    })
}

fn read_row(
    line: &str,
    ends: &[usize],
    picks: &[Pick],
    (time, exch_time): (&mut Option<TimeText>, &mut Option<TimeText>),
    rows: &mut Rows,
) -> Result<(), DataError> {
    for pick in picks {
        let text = cell(line, ends, pick.index);
        let done = match pick.field {
            Field::Time => read_time(text, time).map(|ns| rows.time.push(ns)),
            Field::ExchTime => read_time(text, exch_time).map(|ns| rows.whole_mut(Field::ExchTime).push(ns)),
            field if field.is_whole() => read_whole(field, text).map(|value| rows.whole_mut(field).push(value)),
            field => read_value(field, text).map(|value| rows.values_mut(field).push(value)),
        };
        done.map_err(|reason| DataError::new(reason).in_column(&pick.name))?;
    }
    Ok(())
}

fn read_time(text: &str, form: &mut Option<TimeText>) -> Result<i64, String> {
    match form {
        Some(form) => form.read(text),
        None => form.insert(TimeText::of(text)?).read(text),
    }
}

/// A whole number: the bits of an order's number, a count, flags.
fn read_whole(field: Field, text: &str) -> Result<i64, String> {
    let number = match field {
        Field::Order => text.parse().map(u64::cast_signed),
        _ => text.parse(),
    };
    number.map_err(|_| format!("`{}` is no whole number", shown(text)))
}

/// The number a cell means; NaN for an empty cell.
pub(crate) fn read_value(field: Field, text: &str) -> Result<f64, String> {
    if text.is_empty() {
        return Ok(f64::NAN);
    }
    match field {
        Field::Side => {
            side(text).ok_or_else(|| format!("`{}` is no side; write 1, -1 or 0, or B, S (or A) or N", shown(text)))
        }
        Field::Action => {
            action(text).ok_or_else(|| format!("`{}` is no action; there are A, C, M, R, T, F and N", shown(text)))
        }
        Field::Kind => {
            kind(text).ok_or_else(|| format!("`{}` is no kind of row; write 0 or `quote`, 1 or `trade`", shown(text)))
        }
        _ => decimal(text).ok_or_else(|| {
            format!(
                "`{}` is no number; write digits with a `.` for decimals and nothing between thousands",
                shown(text)
            )
        }),
    }
}

/// One correct parser for decimals; what is not plainly a finite decimal is refused.
fn decimal(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    text.parse().ok().filter(|value: &f64| plain && value.is_finite())
}

fn side(text: &str) -> Option<f64> {
    let is_one_of = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    match () {
        () if is_one_of(&["1", "+1", "b", "buy", "buyer"]) => Some(1.0),
        () if is_one_of(&["-1", "s", "a", "sell", "seller"]) => Some(-1.0),
        () if is_one_of(&["0", "n", "none"]) => Some(0.0),
        () => None,
    }
}

/// A vendor's letter as the number of an `OrderAction`. Nothing happens by `N`, nor by a fill.
pub(crate) fn action(text: &str) -> Option<f64> {
    use gbc_core::OrderAction::*;
    let action = match text {
        "A" => Add,
        "C" => Cancel,
        "M" => Modify,
        "R" => Clear,
        "T" => Trade,
        "F" | "N" => Fill,
        _ => return None,
    };
    Some(action as i64 as f64)
}

fn kind(text: &str) -> Option<f64> {
    let is_one_of = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    match () {
        () if is_one_of(&["0", "q", "quote"]) => Some(0.0),
        () if is_one_of(&["1", "t", "trade"]) => Some(1.0),
        // Books have more kinds; whether a row may be of this one is for its schema to say.
        () => ["2", "3", "4", "5", "6"].iter().position(|word| text == *word).map(|at| at as f64 + 2.0),
    }
}

/// Notes where each cell of `line` ends. Delimiters inside quotes part nothing.
fn split(line: &str, delimiter: u8, ends: &mut Vec<usize>) -> Result<(), String> {
    ends.clear();
    let mut quoted = false;
    for (at, byte) in line.bytes().enumerate() {
        quoted ^= byte == b'"';
        if byte == delimiter && !quoted {
            ends.push(at);
        }
    }
    ends.push(line.len());
    if quoted { Err("a quote opens on this line and does not close on it".to_owned()) } else { Ok(()) }
}

/// The text of one cell, without the space and the quotes around it.
fn cell<'a>(line: &'a str, ends: &[usize], index: usize) -> &'a str {
    let start = if index == 0 { 0 } else { ends[index - 1] + 1 };
    let text = line[start..ends[index]].trim_matches(' ');
    text.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(text)
}

/// Lines with their numbers; blank ones are counted and skipped.
#[derive(Debug)]
struct Lines {
    reader: BufReader<Bytes>,
    line: Vec<u8>,
    number: u64,
}

impl Lines {
    fn from_start(file: &File, packing: Packing) -> Result<Lines, DataError> {
        let reader = BufReader::with_capacity(1 << 17, packing.open(file)?);
        Ok(Lines { reader, line: Vec::new(), number: 0 })
    }

    fn next(&mut self) -> Result<Option<&str>, DataError> {
        loop {
            self.line.clear();
            self.number += 1;
            let read = (&mut self.reader).take(MAX_LINE + 1).read_until(b'\n', &mut self.line);
            let read = read.map_err(|error| cannot_read(error).at_row(self.number))?;
            if read == 0 {
                return Ok(None);
            }
            while matches!(self.line.last(), Some(b'\n' | b'\r')) {
                self.line.pop();
            }
            if !self.line.is_empty() {
                break;
            }
        }
        self.text().map(Some).map_err(|reason| DataError::new(reason).at_row(self.number))
    }

    fn text(&self) -> Result<&str, &'static str> {
        let holds = |byte: u8| self.line.contains(&byte);
        match () {
            // First, as the bytes of a hole in the file come in one endless line.
            () if holds(0) => {
                Err("the line holds NUL bytes; the file is no text, in UTF-16, or was damaged by a crash")
            }
            () if self.line.len() as u64 > MAX_LINE => {
                Err("the line is longer than 1 MiB; this is no table of market data")
            }
            () if holds(b'\r') => Err("lines end with a lone carriage return; save the file with line feeds"),
            () => std::str::from_utf8(&self.line).map_err(|_| "the line is not UTF-8 text; save the file as UTF-8"),
        }
    }
}

fn cannot_read(error: std::io::Error) -> DataError {
    DataError::new(format!("cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: &str) -> Vec<&str> {
        let mut ends = Vec::new();
        split(line, b',', &mut ends).unwrap();
        (0..ends.len()).map(|index| cell(line, &ends, index)).collect()
    }

    #[test]
    fn quotes_hold_delimiters() {
        assert_eq!(cells(r#"1, "a,b",,"x""#), ["1", "a,b", "", "x"]);
        assert!(split(r#"1,"a"#, b',', &mut Vec::new()).is_err());
    }

    #[test]
    fn only_plain_finite_decimals_are_numbers() {
        assert_eq!(decimal("-1.5e3"), Some(-1500.0));
        assert_eq!(decimal("+.5"), Some(0.5));
        for text in ["NaN", "inf", "-inf", "1e400", "0x10", "1_000", "1,5", "1.2.3", "$5", "١٢", "-", "e5", "1 000"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }

    #[test]
    fn sides_and_kinds_have_many_names() {
        assert_eq!(["B", "sell", "A", "0", "N"].map(side), [Some(1.0), Some(-1.0), Some(-1.0), Some(0.0), Some(0.0)]);
        assert_eq!(["quote", "T", "6", "7"].map(kind), [Some(0.0), Some(1.0), Some(6.0), None]);
    }
}
