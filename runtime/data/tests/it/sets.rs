//! Packed files, and many files as one.

use std::io::Write;
use std::sync::Arc;

use gbc_core::time::MINUTE;
use gbc_core::{Block, Nanos};
use gbc_data::{DataError, Options, Part, Stamp, open, open_set, synth};

use super::{drain, joined, scratch, source_named};

/// 2025-06-02T13:30Z.
const START: Nanos = Nanos(1_748_871_000_000_000_000);

fn csv(blocks: &[Block]) -> Vec<u8> {
    let mut bytes = Vec::new();
    synth::write_csv(blocks, &synth::instrument(), &mut bytes).unwrap();
    bytes
}

fn parquet(blocks: &[Block]) -> Vec<u8> {
    let mut bytes = Vec::new();
    synth::write_parquet(blocks, &synth::instrument(), &mut bytes).unwrap();
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn options() -> Options {
    Options { instrument: Some(synth::instrument()), stamp: Some(Stamp::Open), ..Options::new(0, "X") }
}

fn part(name: &str, bytes: &[u8]) -> Part {
    let mut file = scratch();
    file.write_all(bytes).unwrap();
    Part { name: name.to_owned(), open: Arc::new(move || file.try_clone()) }
}

fn read_set(parts: Vec<Part>) -> Result<Block, DataError> {
    drain(open_set("folder", parts, &options())?)
}

#[test]
fn packed_text_is_the_text() {
    let blocks = synth::l1(7, 9000, START);
    let text = csv(&blocks);
    for (name, bytes) in [("a.csv.gz", gzip(&text)), ("a.csv.zst", zstd::encode_all(&text[..], 3).unwrap())] {
        assert_eq!(drain(open(source_named(&bytes, name), &options()).unwrap()).unwrap(), joined(&blocks), "{name}");
        let cut = &bytes[..bytes.len() - 20];
        let told = open(source_named(cut, name), &options()).and_then(drain).unwrap_err().to_string();
        assert!(told.starts_with(name) && told.contains("damaged or ends early"), "{told}");
    }
    // Two streams, one after the other, as `cat a.gz b.gz` makes them.
    let middle = text.len() / 2;
    let two = [gzip(&text[..middle]), gzip(&text[middle..])].concat();
    assert_eq!(drain(open(source_named(&two, "a.csv.gz"), &options()).unwrap()).unwrap(), joined(&blocks));
}

#[test]
fn a_bomb_is_refused() {
    let row = [b"1748871000,10,5,", &[b'0'; 4000][..], b"\n"].concat();
    let text = [&b"ts,px,sz,note\n"[..], &row.repeat(30_000)].concat();
    let bytes = zstd::encode_all(&text[..], 1).unwrap();
    assert!(bytes.len() < 100_000, "{}", bytes.len());
    let none = Options { instrument: None, ..options() };
    let told = open(source_named(&bytes, "a.csv.zst"), &none).err().unwrap().to_string();
    assert!(told.contains("unpacks to more than 512 times its size"), "{told}");
}

#[test]
fn a_set_is_its_files_in_the_order_of_time() {
    let blocks = synth::bars(7, 12_000, MINUTE, START);
    let (one, rest) = blocks.split_at(1);
    let (two, three) = rest.split_at(1);
    // Names and the order of listing say the contrary, and each file is of another format.
    let parts = vec![part("a.csv.gz", &gzip(&csv(three))), part("b.parquet", &parquet(one)), part("c.csv", &csv(two))];
    let set = open_set("folder", parts.clone(), &options());
    // A file that says its tick and one that does not are not of one kind.
    assert!(set.err().unwrap().to_string().contains("does not hold the same as"));
    let parts = vec![part("a.csv.gz", &gzip(&csv(three))), part("b.csv", &csv(one)), part("c.csv", &csv(two))];
    let set = open_set("folder", parts, &options()).unwrap();
    assert_eq!(set.parts, ["b.csv", "c.csv", "a.csv.gz"]);
    assert_eq!(drain(set).unwrap(), joined(&blocks));
}

#[test]
fn files_that_overlap_are_named() {
    let blocks = synth::bars(7, 12_000, MINUTE, START);
    let parts = vec![part("b.csv", &csv(&blocks[1..])), part("a.csv", &csv(&blocks[..2]))];
    let told = read_set(parts).unwrap_err().to_string();
    assert!(told.starts_with("b.csv: row 2: begins at ") && told.contains("before `a.csv` ends at"), "{told}");
}

#[test]
fn mistakes_name_the_file_they_are_in() {
    let blocks = synth::bars(7, 12_000, MINUTE, START);
    let mut broken = csv(&blocks[1..]);
    broken.extend(b"1848871000000000000,x,1,1,1,1\n");
    let told = read_set(vec![part("a.csv", &csv(&blocks[..1])), part("b.csv", &broken)]).unwrap_err().to_string();
    assert!(told.starts_with("b.csv: row ") && told.contains("`x` is no number"), "{told}");
    let ticks = csv(&synth::l1(7, 100, START));
    let told = read_set(vec![part("a.csv", &csv(&blocks[..1])), part("b.csv", &ticks)]).unwrap_err().to_string();
    assert!(told.contains("does not hold the same as"), "{told}");
    assert!(read_set(Vec::new()).unwrap_err().to_string().contains("no files"));
}
