//! What was written is read back, however it is cut into blocks.

use gbc_core::time::{HOUR, MINUTE};
use gbc_core::{Block, Nanos};
use gbc_data::{Feed, MemoryFeed, Options, Stamp, open, synth};

use super::{drain, joined, read, source_of};

/// 2025-06-02T13:30Z.
const START: Nanos = Nanos(1_748_871_000_000_000_000);

fn parquet(blocks: &[Block]) -> Vec<u8> {
    let mut bytes = Vec::new();
    synth::write_parquet(blocks, &synth::instrument(), &mut bytes).unwrap();
    bytes
}

fn csv(blocks: &[Block]) -> Vec<u8> {
    let mut bytes = Vec::new();
    synth::write_csv(blocks, &synth::instrument(), &mut bytes).unwrap();
    bytes
}

fn samples() -> [Vec<Block>; 3] {
    [synth::bars(7, 5000, MINUTE, START), synth::bars(7, 9, HOUR, START), synth::l1(7, 9000, START)]
}

#[test]
fn parquet_needs_no_option() {
    for blocks in samples() {
        let data = open(source_of(&parquet(&blocks)), &Options::new(0, "X")).unwrap();
        assert_eq!(data.instrument, synth::instrument());
        assert_eq!(drain(data).unwrap(), joined(&blocks));
    }
}

#[test]
fn text_needs_the_instrument_and_the_stamp() {
    for blocks in samples() {
        let options =
            Options { instrument: Some(synth::instrument()), stamp: Some(Stamp::Open), ..Options::new(0, "X") };
        assert_eq!(read(&csv(&blocks), &options).unwrap(), joined(&blocks));
    }
}

#[test]
fn the_cut_into_blocks_changes_nothing() {
    for blocks in samples() {
        for block_rows in [1, 7, 4096] {
            let options = Options {
                block_rows,
                instrument: Some(synth::instrument()),
                stamp: Some(Stamp::Open),
                ..Options::new(0, "X")
            };
            assert_eq!(read(&parquet(&blocks), &options).unwrap(), joined(&blocks), "{block_rows}");
            assert_eq!(read(&csv(&blocks), &options).unwrap(), joined(&blocks), "{block_rows}");
        }
    }
}

#[test]
fn the_same_seed_makes_the_same_bytes() {
    assert_eq!(parquet(&synth::l1(7, 5000, START)), parquet(&synth::l1(7, 5000, START)));
    assert_ne!(synth::l1(7, 50, START), synth::l1(8, 50, START));
}

/// A file whose rows are made as they are written is that of rows made before; text goes on where a shorter file ends.
#[test]
fn rows_may_be_made_while_they_are_written() {
    let (mut longest, instrument) = ([Vec::new(), Vec::new()], synth::instrument());
    for rows in [1, 4095, 4096, 4097, 9000] {
        let l1 = || Box::new(synth::l1_blocks(3, rows, START)) as Box<dyn Iterator<Item = Block>>;
        let bars = || Box::new(synth::bar_blocks(3, rows, MINUTE, START)) as Box<dyn Iterator<Item = Block>>;
        let whole = [synth::l1(3, rows, START), synth::bars(3, rows, MINUTE, START)];
        let made = [&l1 as &dyn Fn() -> Box<dyn Iterator<Item = Block>>, &bars];
        for ((made, whole), longest) in made.into_iter().zip(whole).zip(&mut longest) {
            let (mut columns, mut text) = (Vec::new(), Vec::new());
            synth::write_parquet(made(), &instrument, &mut columns).unwrap();
            synth::write_csv(made(), &instrument, &mut text).unwrap();
            assert!(columns == parquet(&whole) && text == csv(&whole), "{rows} rows");
            assert_eq!(whole.iter().map(Block::len).sum::<usize>(), rows);
            assert!(text.starts_with(longest) && text.len() > longest.len(), "{rows} rows");
            *longest = text;
        }
    }
    // What seed 3 has always meant.
    let hashes = longest.map(|text| blake3::hash(&text).to_hex().to_string());
    let wanted = [
        "3e5c63dcd4c4aae9573a0a182bb326dbc4de99290aeb17afae280c99d8a4e22a",
        "6032d783a2532fe67c73c5efa81dbef91be437df007bf97e7b6fb23e701624ea",
    ];
    assert_eq!(hashes, wanted);
}

#[test]
fn a_window_is_half_open() {
    let blocks = synth::bars(7, 500, MINUTE, START);
    let all = joined(&blocks);
    for block_rows in [1, 7, 4096] {
        let (from, to) = (Some(all.time_of(100)), Some(all.time_of(300)));
        let options = Options { from, to, block_rows, ..Options::new(0, "X") };
        let part = read(&parquet(&blocks), &options).unwrap();
        assert_eq!(part.time, all.time[100..300]);
    }
}

#[test]
fn cut_files_are_errors_wherever_they_end() {
    let bytes = parquet(&synth::l1(7, 3000, START));
    for end in (0..bytes.len()).step_by(997) {
        assert!(read(&bytes[..end], &Options::new(0, "X")).is_err(), "{end}");
    }
}

#[test]
fn flipped_bytes_never_panic() {
    let bytes = parquet(&synth::bars(7, 500, MINUTE, START));
    for at in (4..bytes.len()).step_by(61) {
        let mut bad = bytes.clone();
        bad[at] ^= 0x55;
        // Pages carry no checksum: some flips are other, valid numbers.
        let _ = read(&bad, &Options::new(0, "X"));
    }
}

#[test]
fn a_memory_feed_plays_its_blocks() {
    let blocks = synth::l1(7, 9000, START);
    let mut feed = MemoryFeed::new(blocks.clone());
    let mut block = blocks[0].clone();
    let mut played = Vec::new();
    while feed.next_block(&mut block).unwrap() {
        played.push(block.clone());
    }
    assert_eq!(played, blocks);
}
