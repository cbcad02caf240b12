//! Real files, written and read back.

mod checks;
mod clean;
mod dbn;
mod found;
mod npz;
mod oracle;
mod real;
mod round_trip;
mod sets;

use std::fs::File;
use std::io::{Seek, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use gbc_core::{Block, Column};
use gbc_data::{DataError, Dataset, Options, Source, open};

/// A file of its own, deleted as soon as it is open.
fn scratch() -> File {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("gbc-data-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let path: PathBuf = std::env::temp_dir().join(name);
    let file =
        File::options().read(true).write(true).create_new(true).open(&path).expect("the temporary folder takes files");
    std::fs::remove_file(&path).ok();
    file
}

fn source_of(bytes: &[u8]) -> Source {
    source_named(bytes, if bytes.starts_with(b"PAR1") { "a.parquet" } else { "a.csv" })
}

fn source_named(bytes: &[u8], name: &str) -> Source {
    let mut file = scratch();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    Source { name: name.to_owned(), file }
}

/// What lies beside the checkout, if it does.
fn shared(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {name} is not here");
    None
}

/// All rows of a file, in one block.
fn drain(mut data: Dataset) -> Result<Block, DataError> {
    let mut all = Block::new(0, data.schema);
    let mut block = all.clone();
    while data.next_block(&mut block)? {
        append(&mut all, &block);
    }
    assert!(block.is_empty());
    Ok(all)
}

pub(crate) fn append(all: &mut Block, block: &Block) {
    all.time.extend_from_slice(&block.time);
    for column in Column::ALL {
        all.column_mut(column).extend_from_slice(block.column(column));
    }
}

fn joined(blocks: &[Block]) -> Block {
    let mut all = Block::new(0, blocks[0].schema);
    blocks.iter().for_each(|block| append(&mut all, block));
    all
}

fn read(bytes: &[u8], options: &Options) -> Result<Block, DataError> {
    drain(open(source_of(bytes), options)?)
}
