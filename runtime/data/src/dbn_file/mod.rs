//! Databento's binary files (`.dbn`): trades, quotes, bars and books as rows of the same fields as everywhere.
//!
//! The decoder is not ours, and files may be hostile: `header` and `fence` look at every length before it does,
//! and what it still does is caught at the file's boundary.

mod depth;
mod fence;
mod header;
mod kinds;
mod reader;
mod record;
mod symbols;

use std::fs::File;

use crate::DataError;
use crate::layout::Pick;
use crate::unpack::Packing;
use header::Header;
use kinds::Content;
use reader::DbnRows;
use symbols::{Chosen, Symbols};

/// The first bytes of every DBN file.
pub(crate) const MAGIC: [u8; 3] = *b"DBN";

/// What is wanted of a file: which of several instruments, and how strictly.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    /// Named by the user: nothing else will do.
    pub named: Option<&'a str>,
    /// What the market is called: it helps to choose.
    pub market: &'a str,
    /// Whether lines that are no rows are left out.
    pub repairs: bool,
}

/// A DBN file whose header has been read.
#[derive(Debug)]
pub(crate) struct DbnFile {
    file: File,
    packing: Packing,
    header: Header,
    content: Content,
    chosen: Chosen,
    pub columns: Vec<String>,
}

impl DbnFile {
    /// Reads the header, and the first record if the header does not say what follows.
    pub(crate) fn open(file: File, packing: Packing, wanted: Wanted) -> Result<DbnFile, DataError> {
        let header = header::read(&mut packing.open(&file)?)?;
        let content = match header.schema {
            Some(schema) => kinds::content_of_schema(schema)?,
            None => reader::first_content(&file, packing, &header)?,
        };
        let chosen = Symbols::of(&header.metadata)?.choose(wanted)?;
        let columns = content.columns().iter().map(|name| (*name).to_owned()).collect();
        Ok(DbnFile { file, packing, header, content, chosen, columns })
    }

    pub(crate) fn describe(&self) -> String {
        let packed = self.packing.name().map_or(String::new(), |name| format!(", packed with {name}"));
        let Header { version, metadata, .. } = &self.header;
        let dataset = crate::error::shown(&metadata.dataset);
        format!("DBN version {version}{packed}, {} of {} from {dataset}", self.content.name(), self.chosen.name())
    }

    /// What the format says of itself: a bar's stamp is its open.
    pub(crate) fn note(&self, key: &str) -> Option<&str> {
        match (key, self.content.span_text()) {
            ("glowback.stamp", Some(_)) => Some("open"),
            ("glowback.span_ns", span) => span,
            _ => None,
        }
    }

    /// Reads from the first record on. All fields of a record are at hand: `picks` is only a wish.
    pub(crate) fn rows(&self, picks: &[Pick], batch_rows: usize) -> Result<DbnRows, DataError> {
        DbnRows::open(&self.file, self.packing, &self.header, self.content, self.chosen.clone(), picks, batch_rows)
    }
}
