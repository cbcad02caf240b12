//! What can be wrong with a file, said so that its owner can find the place and mend it.

use std::fmt;

/// What the caller may do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The bytes are wrong: mend the file.
    Input,
    /// The bytes are fine, but they do not say what they mean: choose with an option.
    Choose,
}

/// Why a file cannot be read, or not further.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct DataError {
    /// The name the caller gave the file.
    pub file: String,
    /// Line of a CSV file (the header is line 1), row of a Parquet file (the first is 1).
    pub row: Option<u64>,
    /// Name of the column in the file.
    pub column: Option<String>,
    /// What is wrong, why, and what to try.
    pub reason: String,
    /// What the caller may do about it.
    pub kind: ErrorKind,
}

impl DataError {
    pub(crate) fn new(reason: impl Into<String>) -> DataError {
        DataError { file: String::new(), row: None, column: None, reason: reason.into(), kind: ErrorKind::Input }
    }

    pub(crate) fn choose(reason: impl Into<String>) -> DataError {
        DataError { kind: ErrorKind::Choose, ..DataError::new(reason) }
    }

    pub(crate) fn at_row(self, row: u64) -> DataError {
        DataError { row: Some(row), ..self }
    }

    pub(crate) fn in_column(self, column: &str) -> DataError {
        DataError { column: Some(column.to_owned()), ..self }
    }

    /// The whole message, of a file with this name if it has none.
    pub fn in_place(self, file: &str) -> String {
        self.in_file(file).to_string()
    }

    /// The innermost name stays: of many files, it is the one that is wrong.
    pub(crate) fn in_file(self, file: &str) -> DataError {
        if self.file.is_empty() { DataError { file: file.to_owned(), ..self } } else { self }
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: ", shown_name(&self.file))?;
        match (self.row, &self.column) {
            (Some(row), Some(column)) => write!(out, "row {row}, column `{}`: ", shown(column))?,
            (Some(row), None) => write!(out, "row {row}: ")?,
            (None, Some(column)) => write!(out, "column `{}`: ", shown(column))?,
            (None, None) => {}
        }
        out.write_str(&self.reason)
    }
}

/// Text from a file, fit for a terminal: short, and control characters spelled out.
pub(crate) fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(40).map(shown_char).collect();
    if text.chars().nth(40).is_some() {
        short.push('…');
    }
    short
}

/// A list of names, cut where it stops being useful.
pub(crate) fn shown_list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{}`", shown(name))).collect();
    match names.get(20..) {
        Some(rest) if !rest.is_empty() => format!("{} and {} more", names[..20].join(", "), rest.len()),
        _ => names.join(", "),
    }
}

fn shown_name(name: &str) -> String {
    name.chars().map(shown_char).collect()
}

fn shown_char(letter: char) -> String {
    // Bidirectional controls reorder what follows on a terminal.
    let hides = letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if hides { letter.escape_unicode().to_string() } else { letter.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_starts_with_its_place() {
        let error = DataError::new("`x` is no number").at_row(7).in_column("open").in_file("a.csv");
        assert_eq!(error.to_string(), "a.csv: row 7, column `open`: `x` is no number");
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        let error = DataError::new("bad").in_column("\u{1b}[31mts").in_file("a\u{7}.csv");
        assert_eq!(error.to_string(), "a\\u{7}.csv: column `\\u{1b}[31mts`: bad");
    }
}
