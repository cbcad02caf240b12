//! A file of any format, or many as one: columns with names, and rows to read.

use std::fs::File;
use std::io::{Read, Seek};

use crate::csv_file::CsvFile;
use crate::dbn_file::{self, DbnFile, Wanted};
use crate::layout::Pick;
use crate::npz_file::NpzFile;
use crate::parquet_file::ParquetFile;
use crate::rows::RowReader;
use crate::set::TableSet;
use crate::unpack::Packing;
use crate::{DataError, Source};

/// An opened file. It can be read several times: once to look, once to play.
pub(crate) enum Table {
    Csv(CsvFile),
    Parquet(ParquetFile),
    Dbn(Box<DbnFile>),
    Npz(NpzFile),
    Set(Box<TableSet>),
}

impl Table {
    /// Tells the format by the first bytes.
    pub(crate) fn open(source: Source, wanted: Wanted) -> Result<Table, DataError> {
        let Source { name, mut file } = source;
        // Everything else could block, or never end.
        if !file.metadata().is_ok_and(|metadata| metadata.is_file()) {
            return Err(DataError::new("is no regular file; save what it holds to a file first"));
        }
        let head = first_bytes(&mut file).map_err(|error| DataError::new(format!("cannot be read: {error}")))?;
        refuse_misnamed(&name, &head)?;
        let packing = Packing::of(&head);
        let inner = match packing {
            Packing::Plain => head,
            _ => first_bytes_unpacked(&file, packing)?,
        };
        match inner.as_slice() {
            [b'P', b'A', b'R', b'1', ..] if packing != Packing::Plain => {
                Err(DataError::new("is a Parquet file packed as a whole; unpack it first: Parquet packs its own pages"))
            }
            [b'P', b'A', b'R', b'1', ..] => ParquetFile::open(file).map(Table::Parquet),
            [b'P', b'A', b'R', b'E', ..] => {
                Err(DataError::new("is encrypted Parquet, which is not supported; write it without encryption"))
            }
            [b'D', b'B', b'N', version, ..] if *version < b' ' || is_called_dbn(&name) => {
                DbnFile::open(file, packing, wanted).map(|file| Table::Dbn(Box::new(file)))
            }
            [b'P', b'K', 3, 4, ..] if packing == Packing::Plain => NpzFile::open(file).map(Table::Npz),
            [b'P', b'K', 3, 4, ..] => Err(DataError::new("is a zip archive packed once more; unpack it first")),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Err(DataError::new("is UTF-16 text; save it as UTF-8")),
            _ if name.contains(".dbn.frag") => Err(DataError::new(
                "is a fragment of a DBN file, without the header that names instruments and versions; join it to its header first",
            )),
            _ if is_called_dbn(&name) => {
                Err(DataError::new("is called `.dbn` and does not begin with `DBN`; it is damaged, or something else"))
            }
            _ => CsvFile::open(file, packing, wanted.repairs).map(Table::Csv),
        }
    }

    pub(crate) fn columns(&self) -> &[String] {
        match self {
            Table::Csv(file) => &file.columns,
            Table::Parquet(file) => &file.columns,
            Table::Dbn(file) => &file.columns,
            Table::Npz(file) => &file.columns,
            Table::Set(set) => set.columns(),
        }
    }

    pub(crate) fn describe(&self) -> String {
        match self {
            Table::Csv(file) => file.describe(),
            Table::Parquet(file) => file.describe(),
            Table::Dbn(file) => file.describe(),
            Table::Npz(file) => file.describe(),
            Table::Set(set) => set.describe(),
        }
    }

    /// What the file says of itself under `key`; text files say nothing.
    pub(crate) fn note(&self, key: &str) -> Option<&str> {
        match self {
            Table::Csv(_) | Table::Npz(_) => None,
            Table::Parquet(file) => file.note(key),
            Table::Dbn(file) => file.note(key),
            Table::Set(set) => set.note(key),
        }
    }

    /// Reads `picks` from the first row on, `batch_rows` at a time.
    pub(crate) fn rows(&self, picks: &[Pick], batch_rows: usize) -> Result<Box<dyn RowReader>, DataError> {
        match self {
            Table::Csv(file) => Ok(Box::new(file.rows(picks, batch_rows)?)),
            Table::Parquet(file) => Ok(Box::new(file.rows(picks, batch_rows)?)),
            Table::Dbn(file) => Ok(Box::new(file.rows(picks, batch_rows)?)),
            Table::Npz(file) => Ok(Box::new(file.rows(picks, batch_rows)?)),
            Table::Set(set) => Ok(Box::new(set.rows(picks, batch_rows)?)),
        }
    }
}

/// A name that speaks against the first bytes is a mix-up, or a download that went wrong.
fn refuse_misnamed(name: &str, head: &[u8]) -> Result<(), DataError> {
    let is_parquet = head.starts_with(b"PAR1");
    let is_dbn = head.starts_with(&dbn_file::MAGIC);
    match () {
        () if is_parquet && is_called(name, ".csv") => {
            Err(DataError::new("is called `.csv` and holds Parquet; name it for what it is"))
        }
        () if !is_parquet && is_called(name, ".parquet") => Err(DataError::new(
            "is called `.parquet` and does not begin like Parquet; it is damaged, or something else",
        )),
        () if is_dbn && (is_called(name, ".csv") || is_called(name, ".parquet")) => {
            Err(DataError::new("holds DBN and is called something else; name it for what it is"))
        }
        () => Ok(()),
    }
}

fn is_called(name: &str, ending: &str) -> bool {
    name.to_ascii_lowercase().ends_with(ending)
}

fn is_called_dbn(name: &str) -> bool {
    [".dbn", ".dbn.zst", ".dbn.gz"].iter().any(|ending| is_called(name, ending))
}

fn first_bytes_unpacked(file: &File, packing: Packing) -> Result<Vec<u8>, DataError> {
    let mut head = Vec::new();
    let read = packing.open(file)?.take(4).read_to_end(&mut head);
    read.map(|_| head).map_err(|error| DataError::new(format!("cannot be read: {error}")))
}

fn first_bytes(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    file.rewind()?;
    file.take(4).read_to_end(&mut head)?;
    Ok(head)
}
