//! The rows that everybody plays, decoded once.

use std::fs::File;
use std::path::Path;

use gbc_core::{Block, Column, Nanos, Schema};
use gbc_data::{Options, Source, synth};

/// Blocks of quotes and trades, and where they are from.
pub(crate) struct Rows {
    pub(crate) blocks: Vec<Block>,
    pub(crate) origin: String,
}

/// Made data are the same rows on every machine.
const SEED: u64 = 1;
/// 2025-06-02.
const START: Nanos = Nanos(1_748_822_400_000_000_000);

/// The rows of a file; without one, `count` rows made on the spot.
pub(crate) fn get(file: Option<&Path>, count: usize) -> Result<Rows, String> {
    let (mut blocks, origin) = match file {
        Some(path) => (decode(path)?, path.file_name().unwrap_or_default().to_string_lossy().into_owned()),
        None => (synth::l1(SEED, count, START), format!("made on the spot, seed {SEED}")),
    };
    blocks.iter_mut().for_each(leave_what_is_read);
    Ok(Rows { blocks, origin })
}

fn decode(path: &Path) -> Result<Vec<Block>, String> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut options = Options::new(0, "SYN");
    options.instrument = Some(synth::instrument());
    let source = Source { name: path.display().to_string(), file };
    let mut dataset = gbc_data::open(source, &options).map_err(|error| error.to_string())?;
    if dataset.schema != Schema::L1 || !dataset.has_quotes {
        return Err(format!("{}: holds no quotes", path.display()));
    }
    let mut blocks = Vec::new();
    loop {
        let mut block = Block::new(0, Schema::L1);
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
