//! Import: what is mended, what is kept in a store, and that reading ahead changes nothing.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex};

use gbc_core::time::{DAY, MINUTE};
use gbc_core::{Block, Nanos, Schema};
use gbc_data::{Ahead, Feed, Options, Part, Source, Stamp, Store, StoredPart, open, open_set, synth};

use super::{drain, joined, scratch, shared, source_named, source_of};

/// 2025-06-02T13:30Z.
const START: Nanos = Nanos(1_748_871_000_000_000_000);

fn mending() -> Options {
    Options { repairs: true, stamp: Some(Stamp::Open), ..Options::new(0, "X") }
}

#[test]
fn dirty_files_come_out_clean() {
    let Some(root) = shared("oracles/ingest") else { return };
    let opened = |name: &str, options: &Options| {
        let file = std::fs::File::open(root.join(name)).unwrap();
        open(Source { name: name.to_owned(), file }, options).unwrap()
    };
    for (name, malformed, doubled) in [("spy_1s", 83 - 9, 100), ("btcusd_1s", 50 - 5, 60)] {
        let clean = opened(&format!("{name}.clean.csv"), &Options { repairs: false, ..mending() });
        let instrument = clean.instrument.clone();
        let clean = drain(clean).unwrap();
        for dirty in [format!("{name}.dirty.csv"), format!("{name}.dirty_crlf.csv")] {
            let mut data = opened(&dirty, &mending());
            assert_eq!(data.instrument.tick, instrument.tick);
            let (mut rows, mut block) = (Block::new(0, data.schema), Block::new(0, data.schema));
            while data.next_block(&mut block).unwrap() {
                super::append(&mut rows, &block);
            }
            assert!(rows == clean, "{dirty}");
            let told = data.report().join("\n");
            assert!(told.contains(&format!("{malformed} lines are no rows")), "{told}");
            assert!(told.contains(&format!("{doubled} bars stood there twice")), "{told}");
            assert!(told.contains("rows came late"), "{told}");
        }
    }
}

#[test]
fn what_has_no_one_answer_is_refused_all_the_same() {
    let bars = "ts,open,high,low,close\n1748871000,1,1,1,1\n1748871060,1,1,1,1\n";
    let said = |text: &str| open(source_of(text.as_bytes()), &mending()).and_then(drain).unwrap_err().to_string();
    assert!(said(&format!("{bars}1748871060,2,2,2,2\n")).contains("a second bar stamped"));
    let rubbish = "no row\n".repeat(30);
    assert!(said(&format!("{bars}{rubbish}")).contains("30 lines are no rows, beside 2 that are: too many"));
    let ticks = "ts,px,sz\n1748871000,1,1\n1748871000,1,1\n";
    assert_eq!(open(source_of(ticks.as_bytes()), &mending()).and_then(drain).unwrap().len(), 2, "equal ticks are two");
    let far: String = (0..70_000).map(|row| format!("{},1,1\n", 1_748_871_000 + row)).collect();
    assert!(said(&format!("ts,px,sz\n{far}1748871001,1,1\n")).contains("rows late"));
}

/// Files of a store, in memory.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<BTreeMap<String, Vec<u8>>>>);

struct Slot(Shelf, String);

impl Write for Slot {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.0.lock().unwrap().entry(self.1.clone()).or_default().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn stored(schema: Schema, blocks: &[Block]) -> (Shelf, Vec<StoredPart>) {
    let shelf = Shelf::default();
    let mut store = Store::new(schema, synth::instrument());
    let mut make = |name: &str| Ok(Box::new(Slot(shelf.clone(), name.to_owned())) as Box<dyn Write + Send>);
    blocks.iter().for_each(|block| store.write(block, &mut make).unwrap());
    let parts = store.finish().unwrap();
    (shelf, parts)
}

#[test]
fn a_store_is_read_back_as_it_was() {
    let two_days = [synth::l1(7, 9000, START), synth::l1(8, 9000, Nanos(START.0 + DAY))].concat();
    for blocks in [synth::bars(7, 60_000, MINUTE, START), two_days] {
        let (shelf, parts) = stored(blocks[0].schema, &blocks);
        assert!(parts.len() > 1, "{parts:?}");
        assert_eq!(parts.iter().map(|part| part.rows).sum::<u64>(), joined(&blocks).len() as u64);
        let files = shelf.0.lock().unwrap().clone();
        let part = |part: &StoredPart| {
            let bytes = &files[&part.path];
            assert_eq!(part.blake3, blake3::hash(bytes).to_hex().as_str());
            let mut file = scratch();
            file.write_all(bytes).unwrap();
            Part { name: part.path.clone(), open: Arc::new(move || file.try_clone()) }
        };
        let set = open_set("store", parts.iter().rev().map(part).collect(), &Options::new(0, "X")).unwrap();
        assert_eq!(set.instrument, synth::instrument());
        assert!(drain(set).unwrap() == joined(&blocks));
        let coarse = gbc_core::Instrument::generic("X", gbc_core::Ratio::ONE);
        let other = Options { instrument: Some(coarse), ..Options::new(0, "X") };
        let told = open(source_named(&files[&parts[0].path], "a.parquet"), &other).err().unwrap().to_string();
        assert!(told.contains("counted with a tick of 0.25, and the instrument has 1"), "{told}");
    }
}

#[test]
fn single_orders_are_stored_too() {
    let text = "ts,kind,side,px,sz,order_id,flags,exch_time\n\
                1748871000000000000,0,1,10,5,18446744073709551615,2,1748870999999999999\n\
                1748871000000000001,5,0,,0,0,1,1748871000000000000\n";
    let options = Options { instrument: Some(synth::instrument()), ..Options::new(0, "X") };
    let rows = open(source_of(text.as_bytes()), &options).and_then(drain).unwrap();
    assert_eq!(rows.schema, Schema::Orders);
    let (shelf, parts) = stored(rows.schema, std::slice::from_ref(&rows));
    let files = shelf.0.lock().unwrap().clone();
    let again = open(source_named(&files[&parts[0].path], "a.parquet"), &Options::new(0, "X")).and_then(drain).unwrap();
    assert_eq!(again, rows);
}

#[test]
fn reading_ahead_changes_nothing() {
    let text = "ts,bid,ask\n1748871000,10,9\n1748871001,8,9\nx,8,9\n";
    let feed = || {
        let options = Options { block_rows: 1, instrument: Some(synth::instrument()), ..Options::new(0, "X") };
        Box::new(open(source_of(text.as_bytes()), &options).unwrap())
    };
    let (mut plain, mut ahead): (Box<dyn Feed>, Ahead) = (feed(), Ahead::new(feed()));
    let (mut one, mut other) = (Block::new(0, Schema::L1), Block::new(0, Schema::L1));
    for _ in 0..4 {
        assert_eq!(plain.next_block(&mut one), ahead.next_block(&mut other));
        assert_eq!((&one, plain.report()), (&other, ahead.report()));
    }
    // Nobody listens any more: the thread ends.
    drop(Ahead::new(feed()));
}
