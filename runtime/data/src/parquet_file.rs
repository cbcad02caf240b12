//! Parquet files, decoded batch by batch. The decoder is not ours, and files may be hostile:
//! whatever it does, its caller gets an error and no panic.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use arrow_array::RecordBatch;
use arrow_schema::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Compression;
use parquet::schema::types::ColumnPath;

use crate::error::shown;
use crate::field::Field;
use crate::layout::Pick;
use crate::moment::Unit;
use crate::rows::{RowReader, Rows};
use crate::{DataError, columns, footer};

/// Schemas are walked by recursion.
const STACK: usize = 64 << 20;
/// To find the column to blame, at most so many rows are read once more.
const MOST_REREAD: u64 = 1 << 20;

/// A Parquet file whose footer has been read.
#[derive(Debug)]
pub(crate) struct ParquetFile {
    file: File,
    metadata: ArrowReaderMetadata,
    pub columns: Vec<String>,
}

impl ParquetFile {
    pub(crate) fn open(mut file: File) -> Result<ParquetFile, DataError> {
        footer::check(&mut file)?;
        let metadata = on_a_deep_stack(|| {
            // The embedded Arrow schema is a second opinion on types, and nobody checked it.
            ArrowReaderMetadata::load(&file, ArrowReaderOptions::new().with_skip_arrow_metadata(true)).map_err(damaged)
        })?;
        check_counts(&metadata)?;
        let columns = metadata.schema().fields().iter().map(|field| field.name().clone()).collect();
        Ok(ParquetFile { file, metadata, columns })
    }

    pub(crate) fn describe(&self) -> String {
        let file = self.metadata.metadata();
        let (rows, groups) = (file.file_metadata().num_rows(), file.num_row_groups());
        format!("Parquet, {rows} rows in {groups} groups, {} columns", self.columns.len())
    }

    /// A value from the file's own metadata.
    pub(crate) fn note(&self, key: &str) -> Option<&str> {
        let notes = self.metadata.metadata().file_metadata().key_value_metadata()?;
        notes.iter().find(|note| note.key == key)?.value.as_deref()
    }

    pub(crate) fn data_type(&self, column: usize) -> &DataType {
        self.metadata.schema().field(column).data_type()
    }

    /// Reads from the first row on, these columns only.
    pub(crate) fn rows(&self, picks: &[Pick], batch_rows: usize) -> Result<ParquetRows, DataError> {
        for pick in picks {
            columns::check_type(pick.field, self.data_type(pick.index))
                .map_err(|reason| DataError::new(reason).in_column(&pick.name))?;
            self.check_codec(pick)?;
        }
        // Columns arrive in the order of the file.
        let mut picks = picks.to_vec();
        picks.sort_by_key(|pick| pick.index);
        let batches = self.batches(&picks, batch_rows)?;
        let promised = self.metadata.metadata().file_metadata().num_rows() as u64;
        let file = self.file.try_clone().map_err(|error| DataError::new(format!("cannot be read: {error}")))?;
        let again = ParquetFile { file, metadata: self.metadata.clone(), columns: Vec::new() };
        Ok(ParquetRows {
            batches: Some(batches),
            picks,
            promised,
            decoded: 0,
            unit: None,
            exch_unit: None,
            again,
            batch_rows,
        })
    }

    fn check_codec(&self, pick: &Pick) -> Result<(), DataError> {
        use Compression::*;
        // A column of the root is one leaf, as its type is plain; leaves before it may belong to nested ones.
        let is_leaf = |path: &ColumnPath| path.parts().first().is_some_and(|root| *root == pick.name);
        let chunks = self.metadata.metadata().row_groups().iter().flat_map(|group| group.columns());
        let mut codecs = chunks.filter(|chunk| is_leaf(chunk.column_path())).map(|chunk| chunk.compression());
        match codecs.find(|codec| !matches!(codec, UNCOMPRESSED | SNAPPY | ZSTD(_) | LZ4 | LZ4_RAW)) {
            Some(codec) => Err(DataError::new(format!(
                "is compressed with {codec}, which is not read here; write the file with zstd"
            ))
            .in_column(&pick.name)),
            None => Ok(()),
        }
    }

    fn batches(&self, picks: &[Pick], batch_rows: usize) -> Result<ParquetRecordBatchReader, DataError> {
        let file = self.file.try_clone().map_err(|error| DataError::new(format!("cannot be read: {error}")))?;
        let metadata = self.metadata.clone();
        let roots: Vec<usize> = picks.iter().map(|pick| pick.index).collect();
        on_a_deep_stack(|| {
            let mask = ProjectionMask::roots(metadata.parquet_schema(), roots);
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone());
            builder.with_projection(mask).with_batch_size(batch_rows).build().map_err(damaged)
        })
    }
}

/// A footer may say one thing of the file and another of its parts.
fn check_counts(metadata: &ArrowReaderMetadata) -> Result<(), DataError> {
    let file = metadata.metadata();
    let promised = file.file_metadata().num_rows();
    let parts = file
        .row_groups()
        .iter()
        .try_fold(0_i64, |sum, group| sum.checked_add(group.num_rows()).filter(|_| group.num_rows() >= 0));
    if parts == Some(promised) {
        return Ok(());
    }
    Err(DataError::new(format!(
        "the footer is damaged: it promises {promised} rows, and its row groups promise another number"
    )))
}

/// Rows of a Parquet file.
pub(crate) struct ParquetRows {
    /// `None` after a failure: nothing behind it can be trusted.
    batches: Option<ParquetRecordBatchReader>,
    picks: Vec<Pick>,
    promised: u64,
    decoded: u64,
    /// What integers in the time column count; the first row settles it.
    unit: Option<Unit>,
    exch_unit: Option<Unit>,
    /// The file, to look for the column that is to blame.
    again: ParquetFile,
    batch_rows: usize,
}

impl RowReader for ParquetRows {
    fn read(&mut self, rows: &mut Rows) -> Result<bool, DataError> {
        rows.clear();
        rows.first = self.decoded + 1;
        let Some(mut batches) = self.batches.take() else { return Ok(false) };
        let batch = guarded(|| batches.next().transpose().map_err(damaged)).map_err(|error| self.blame(error))?;
        let Some(batch) = batch else { return self.end() };
        self.batches = Some(batches);
        self.decoded += batch.num_rows() as u64;
        self.copy(&batch, rows)?;
        Ok(true)
    }
}

impl ParquetRows {
    fn copy(&mut self, batch: &RecordBatch, rows: &mut Rows) -> Result<(), DataError> {
        for (pick, array) in self.picks.iter().zip(batch.columns()) {
            let done = match pick.field {
                Field::Time => columns::times(array, &mut self.unit, &mut rows.time),
                Field::ExchTime => columns::times(array, &mut self.exch_unit, rows.whole_mut(Field::ExchTime)),
                field if field.is_whole() => columns::whole(array, rows.whole_mut(field)),
                field => columns::values(field, array, rows.values_mut(field)),
            };
            done.map_err(|(row, reason)| DataError::new(reason).at_row(rows.first + row as u64).in_column(&pick.name))?;
        }
        Ok(())
    }

    /// Names the column that cannot be decoded, if one alone cannot.
    #[cold]
    fn blame(&self, error: DataError) -> DataError {
        let culprit = self.picks.iter().find(|pick| self.decoded <= MOST_REREAD && !self.decodes_alone(pick));
        let error = error.at_row(self.decoded + 1);
        culprit.map_or(error.clone(), |pick| error.in_column(&pick.name))
    }

    fn decodes_alone(&self, pick: &Pick) -> bool {
        let wanted = self.promised.min(self.decoded + self.batch_rows as u64);
        let Ok(mut batches) = self.again.batches(std::slice::from_ref(pick), self.batch_rows) else { return false };
        let mut seen = 0;
        while seen < wanted {
            match guarded(|| batches.next().transpose().map_err(damaged)) {
                Ok(Some(batch)) => seen += batch.num_rows() as u64,
                _ => return false,
            }
        }
        true
    }

    fn end(&self) -> Result<bool, DataError> {
        match self.decoded == self.promised {
            true => Ok(false),
            false => Err(DataError::new(format!(
                "the file is damaged: {} rows could be decoded, the footer promises {}",
                self.decoded, self.promised
            ))),
        }
    }
}

fn on_a_deep_stack<T: Send>(work: impl FnOnce() -> Result<T, DataError> + Send) -> Result<T, DataError> {
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || guarded(work));
        worker
            .map_err(|error| DataError::new(format!("no thread to read on: {error}")))?
            .join()
            .unwrap_or_else(|_| Err(panicked()))
    })
}

fn guarded<T>(work: impl FnOnce() -> Result<T, DataError>) -> Result<T, DataError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(panicked()))
}

fn panicked() -> DataError {
    DataError::new("the file is damaged: its decoder gave up; write it again from its source")
}

fn damaged(error: impl std::fmt::Display) -> DataError {
    let detail: String = error.to_string().chars().take(200).collect();
    DataError::new(format!(
        "the file cannot be decoded: {}",
        detail.split('\n').map(shown_long).collect::<Vec<_>>().join(" ")
    ))
}

fn shown_long(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(40).map(|piece| shown(&piece.iter().collect::<String>())).collect()
}
