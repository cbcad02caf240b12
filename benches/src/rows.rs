//! The rows that everybody plays, decoded once.

use std::fs::File;
use std::path::Path;

use gbc_core::{Block, Column, Instrument, Nanos, Schema};
use gbc_data::{Dataset, Options, Source, synth};

/// Blocks of quotes and trades, and where they are from.
pub(crate) struct Rows {
    pub(crate) blocks: Vec<Block>,
    pub(crate) origin: String,
}

/// Made data are the same rows on every machine.
pub(crate) const SEED: u64 = 1;
/// 2025-06-02.
pub(crate) const START: Nanos = Nanos(1_748_822_400_000_000_000);

/// The rows of a file; without one, `count` rows made on the spot.
pub(crate) fn get(file: Option<&Path>, count: usize) -> Result<Rows, String> {
    let (mut blocks, origin) = match file {
        Some(path) => (decode(path)?, path.file_name().unwrap_or_default().to_string_lossy().into_owned()),
        None => (synth::l1(SEED, count, START), format!("made on the spot, seed {SEED}")),
    };
    blocks.iter_mut().for_each(leave_what_is_read);
    Ok(Rows { blocks, origin })
}

/// The rows of a file of levels or of single orders, and its name.
pub(crate) fn of_book(path: &Path) -> Result<(String, Vec<Block>), String> {
    let blocks = blocks_of(path, None, "levels and no single orders", |dataset| dataset.schema.has_levels())?;
    Ok((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), blocks))
}

fn decode(path: &Path) -> Result<Vec<Block>, String> {
    let has_quotes = |dataset: &Dataset| dataset.schema == Schema::L1 && dataset.has_quotes;
    blocks_of(path, Some(synth::instrument()), "quotes", has_quotes)
}

fn blocks_of(
    path: &Path,
    instrument: Option<Instrument>,
    wanted: &str,
    fits: impl Fn(&Dataset) -> bool,
) -> Result<Vec<Block>, String> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut options = Options::new(0, "SYN");
    options.instrument = instrument;
    let source = Source { name: path.display().to_string(), file };
    let mut dataset = gbc_data::open(source, &options).map_err(|error| error.to_string())?;
    if !fits(&dataset) {
        return Err(format!("{}: holds no {wanted}", path.display()));
    }
    let mut blocks = Vec::new();
    loop {
        let mut block = Block::new(0, dataset.schema);
        match dataset.next_block(&mut block) {
            Ok(true) => blocks.push(block),
            Ok(false) => return Ok(blocks),
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// Each round plays a copy of its own, and nobody reads the other columns.
fn leave_what_is_read(block: &mut Block) {
    let read = gbc_engine::columns(Schema::L1);
    Column::ALL
        .iter()
        .filter(|column| !read.contains(column))
        .for_each(|column| *block.column_mut(*column) = Vec::new());
}
