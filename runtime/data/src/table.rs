//! A file of either format, as columns with names and rows to read.

use std::fs::File;
use std::io::{Read, Seek};

use crate::csv_file::CsvFile;
use crate::layout::Pick;
use crate::parquet_file::ParquetFile;
use crate::rows::RowReader;
use crate::{DataError, Source};

/// An opened file. It can be read several times: once to look, once to play.
#[derive(Debug)]
pub(crate) enum Table {
    Csv(CsvFile),
    Parquet(ParquetFile),
}

impl Table {
    /// Tells the format by the first bytes.
    pub(crate) fn open(source: Source) -> Result<Table, DataError> {
        let Source { name, mut file } = source;
        // Everything else could block, or never end.
        if !file.metadata().is_ok_and(|metadata| metadata.is_file()) {
            return Err(DataError::new("is no regular file; save what it holds to a file first"));
        }
        let head = first_bytes(&mut file).map_err(|error| DataError::new(format!("cannot be read: {error}")))?;
        refuse_misnamed(&name, head.starts_with(b"PAR1"))?;
        match head.as_slice() {
            [b'P', b'A', b'R', b'1', ..] => ParquetFile::open(file).map(Table::Parquet),
            [b'P', b'A', b'R', b'E', ..] => {
                Err(DataError::new("is encrypted Parquet, which is not supported; write it without encryption"))
            }
            [0x1f, 0x8b, ..] => Err(DataError::new("is compressed with gzip; unpack it first: `gunzip FILE`")),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => {
                Err(DataError::new("is compressed with zstd; unpack it first: `unzstd FILE`"))
            }
            [b'P', b'K', 3, 4, ..] => Err(DataError::new("is a zip archive; unpack it first: `unzip FILE`")),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Err(DataError::new("is UTF-16 text; save it as UTF-8")),
            _ => CsvFile::open(file).map(Table::Csv),
        }
    }

    pub(crate) fn columns(&self) -> &[String] {
        match self {
            Table::Csv(file) => &file.columns,
            Table::Parquet(file) => &file.columns,
        }
    }

    pub(crate) fn describe(&self) -> String {
        match self {
            Table::Csv(file) => file.describe(),
            Table::Parquet(file) => file.describe(),
        }
    }

    /// What the file says of itself under `key`; text files say nothing.
    pub(crate) fn note(&self, key: &str) -> Option<&str> {
        match self {
            Table::Csv(_) => None,
            Table::Parquet(file) => file.note(key),
        }
    }

    /// Reads `picks` from the first row on, `batch_rows` at a time.
    pub(crate) fn rows(&self, picks: &[Pick], batch_rows: usize) -> Result<Box<dyn RowReader>, DataError> {
        match self {
            Table::Csv(file) => Ok(Box::new(file.rows(picks, batch_rows)?)),
            Table::Parquet(file) => Ok(Box::new(file.rows(picks, batch_rows)?)),
        }
    }
}

/// A name that speaks against the first bytes is a mix-up, or a download that went wrong.
fn refuse_misnamed(name: &str, is_parquet: bool) -> Result<(), DataError> {
    let is_called = |ending: &str| name.to_ascii_lowercase().ends_with(ending);
    match is_parquet {
        true if is_called(".csv") => Err(DataError::new("is called `.csv` and holds Parquet; name it for what it is")),
        false if is_called(".parquet") => Err(DataError::new(
            "is called `.parquet` and does not begin like Parquet; it is damaged, or something else",
        )),
        _ => Ok(()),
    }
}

fn first_bytes(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    file.rewind()?;
    file.take(4).read_to_end(&mut head)?;
    Ok(head)
}
