//! The engine's own store: plain Parquet, sorted, counted in whole ticks and lots, a month of bars or a day of ticks in a part.
//!
//! Whoever holds the disk makes the files; each part comes out with its hash.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use gbc_core::{Block, Column, Instrument, NA, Schema};
use jiff::Timestamp;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use crate::DataError;
use crate::synth::notes;

/// Rows in one group: what a window of time can leave out.
const GROUP_ROWS: usize = 1 << 16;

/// A part that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPart {
    /// Its path below the store's folder.
    pub path: String,
    /// How many rows it holds.
    pub rows: u64,
    /// Its first stamp as it is written there: a bar's open.
    pub first: i64,
    /// Its last.
    pub last: i64,
    /// BLAKE3 of its bytes.
    pub blake3: String,
}

/// Makes the file of a part.
pub type MakeFile<'a> = &'a mut dyn FnMut(&str) -> io::Result<Box<dyn Write + Send>>;

/// A store being written.
pub struct Store {
    schema: Schema,
    instrument: Instrument,
    open: Option<OpenPart>,
    done: Vec<StoredPart>,
}

struct OpenPart {
    part: StoredPart,
    writer: ArrowWriter<Hashing>,
}

impl Store {
    /// An empty store.
    pub fn new(schema: Schema, instrument: Instrument) -> Store {
        Store { schema, instrument, open: None, done: Vec::new() }
    }

    /// Writes rows, which come in the order of time.
    pub fn write(&mut self, block: &Block, make: MakeFile) -> std::result::Result<(), DataError> {
        let stamps = stamps(block).to_vec();
        let mut start = 0;
        while start < stamps.len() {
            let path = self.path(stamps[start]);
            let end = start + stamps[start..].iter().take_while(|stamp| self.path(**stamp) == path).count();
            self.write_run(block, (start, end), &path, make).map_err(cannot_write)?;
            start = end;
        }
        Ok(())
    }

    /// Closes the last part.
    pub fn finish(mut self) -> std::result::Result<Vec<StoredPart>, DataError> {
        self.close().map_err(cannot_write)?;
        Ok(self.done)
    }

    /// The part that a stamp belongs to. Parts follow each other as time does, so each is written once.
    fn path(&self, stamp: i64) -> String {
        let date = Timestamp::from_nanosecond(i128::from(stamp)).map_or("unknown".to_owned(), |time| time.to_string());
        match self.schema {
            Schema::Bars { .. } => format!("month={}/part.parquet", &date[..7.min(date.len())]),
            _ => format!("date={}/part.parquet", &date[..10.min(date.len())]),
        }
    }

    fn write_run(&mut self, block: &Block, (from, to): (usize, usize), path: &str, make: MakeFile) -> Result<()> {
        let batch = batch(block, from, to)?;
        if self.open.as_ref().is_none_or(|open| open.part.path != path) {
            self.close()?;
            let file = make(path).map_err(|error| ParquetError::External(Box::new(error)))?;
            let options = ArrowWriterOptions::new().with_properties(self.properties()?).with_skip_arrow_metadata(true);
            let hashing = Hashing { inner: file, hash: blake3::Hasher::new() };
            let writer = ArrowWriter::try_new_with_options(hashing, batch.schema(), options)?;
            let first = stamps(block)[from];
            let part = StoredPart { path: path.to_owned(), rows: 0, first, last: first, blake3: String::new() };
            self.open = Some(OpenPart { part, writer });
        }
        let open = self.open.as_mut().expect("a part was just opened");
        open.writer.write(&batch)?;
        open.part.rows += (to - from) as u64;
        open.part.last = stamps(block)[to - 1];
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        let Some(OpenPart { mut part, writer }) = self.open.take() else { return Ok(()) };
        let hashing = writer.into_inner()?;
        part.blake3 = hashing.hash.finalize().to_hex().to_string();
        self.done.push(part);
        Ok(())
    }

    fn properties(&self) -> Result<WriterProperties> {
        let mut notes = notes(self.schema, &self.instrument);
        notes.push(KeyValue::new("glowback.counts".to_owned(), "ticks".to_owned()));
        let time = ColumnPath::from("ts");
        let properties = WriterProperties::builder()
            .set_created_by("glowback".to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_column_dictionary_enabled(time.clone(), false)
            .set_column_encoding(time, Encoding::DELTA_BINARY_PACKED)
            .set_key_value_metadata(Some(notes));
        Ok(properties.build())
    }
}

/// What a row is stamped with in the store.
fn stamps(block: &Block) -> &[i64] {
    if block.schema.is_bars() { block.column(Column::OpenTime) } else { &block.time }
}

fn batch(block: &Block, from: usize, to: usize) -> Result<RecordBatch> {
    let counts = |values: &[i64]| {
        let counts = values[from..to].iter().map(|count| (*count != NA).then_some(*count));
        Arc::new(Int64Array::from_iter(counts)) as ArrayRef
    };
    let mut columns = vec![("ts", counts(stamps(block)), false)];
    for column in Column::ALL {
        if column != Column::OpenTime && !block.column(column).is_empty() {
            columns.push((column.name(), counts(block.column(column)), true));
        }
    }
    RecordBatch::try_from_iter_with_nullable(columns).map_err(|error| ParquetError::General(error.to_string()))
}

fn cannot_write(error: ParquetError) -> DataError {
    DataError::new(format!("cannot be written: {error}"))
}

/// Hashes what it writes.
struct Hashing {
    inner: Box<dyn Write + Send>,
    hash: blake3::Hasher,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hash.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
