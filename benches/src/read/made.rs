//! The files that are read: the same rows in every format, made from the seed in a temporary folder.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use dbn::encode::{DbnEncoder, EncodeRecord};
use dbn::flags::LAST;
use dbn::{BidAskPair, FlagSet, Mbp1Msg, MetadataBuilder, RecordHeader, SType, Schema, rtype};
use gbc_core::time::MINUTE;
use gbc_core::{Block, Column};
use gbc_data::synth;

use super::{Found, plain};
use crate::rows::{SEED, START};

/// One file, and how to read it plainly.
pub(super) struct Sample {
    pub(super) name: &'static str,
    pub(super) path: PathBuf,
    /// The column of prices that both reads sum up.
    pub(super) summed: Column,
    pub(super) plain: fn(&Path, Column) -> Result<Found, String>,
}

/// A folder that goes with its owner.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new() -> Result<Folder, String> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("gbc-benches-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Makes all files.
pub(super) fn files(folder: &Folder, rows: usize) -> Result<Vec<Sample>, String> {
    let quotes = || synth::l1_blocks(SEED, rows, START);
    let bars = || synth::bar_blocks(SEED, rows, MINUTE, START);
    let sample = |name, file: &str, summed, plain| Sample { name, path: folder.0.join(file), summed, plain };
    let samples = vec![
        sample("Parquet, quotes", "quotes.parquet", Column::BidPx, plain::parquet),
        sample("CSV, quotes", "quotes.csv", Column::BidPx, plain::csv),
        sample("DBN, quotes (`mbp-1`)", "quotes.dbn", Column::BidPx, plain::dbn),
        sample("Parquet, bars", "bars.parquet", Column::Close, plain::parquet),
        sample("CSV, bars", "bars.csv", Column::Close, plain::csv),
    ];
    parquet(&samples[0].path, quotes())?;
    csv(&samples[1].path, quotes())?;
    dbn(&samples[2].path, quotes())?;
    parquet(&samples[3].path, bars())?;
    csv(&samples[4].path, bars())?;
    Ok(samples)
}

fn create(path: &Path) -> Result<BufWriter<File>, String> {
    File::create(path).map(BufWriter::new).map_err(|error| format!("{}: {error}", path.display()))
}

fn parquet(path: &Path, blocks: impl Iterator<Item = Block>) -> Result<(), String> {
    synth::write_parquet(blocks, &synth::instrument(), create(path)?).map_err(|error| error.to_string())
}

fn csv(path: &Path, blocks: impl Iterator<Item = Block>) -> Result<(), String> {
    synth::write_csv(blocks, &synth::instrument(), create(path)?).map_err(|error| error.to_string())
}

/// A record for each row, with the vendor's own encoder.
fn dbn(path: &Path, blocks: impl Iterator<Item = Block>) -> Result<(), String> {
    let header = MetadataBuilder::new()
        .dataset("MADE")
        .schema(Some(Schema::Mbp1))
        .start(START.0.unsigned_abs())
        .stype_in(None)
        .stype_out(SType::InstrumentId)
        .build();
    let wrong = |error: ::dbn::Error| error.to_string();
    let mut encoder = DbnEncoder::new(create(path)?, &header).map_err(wrong)?;
    for block in blocks {
        let records: Vec<Mbp1Msg> = (0..block.len()).map(|row| record(&block, row)).collect();
        encoder.encode_records(&records).map_err(wrong)?;
    }
    encoder.get_mut().flush().map_err(|error| error.to_string())
}

/// A whole event of its own: a trade with the quote it met, or a quote.
fn record(block: &Block, row: usize) -> Mbp1Msg {
    use Column::*;
    let time = block.time[row].unsigned_abs();
    let size = |column| block.value(column, row).unsigned_abs() as u32;
    let price = |column| block.value(column, row) * plain::PARTS_OF_TICK;
    let best = BidAskPair {
        bid_px: price(BidPx),
        bid_sz: size(BidSz),
        ask_px: price(AskPx),
        ask_sz: size(AskSz),
        ..BidAskPair::default()
    };
    let (price, action) = if block.is_trade(row) { (price(Px), b'T') } else { (best.bid_px, b'M') };
    let side = match block.value(Side, row) {
        1 => b'B',
        -1 => b'A',
        _ => b'N',
    };
    Mbp1Msg {
        hd: RecordHeader::new::<Mbp1Msg>(rtype::MBP_1, 1, 1, time),
        price,
        size: size(Sz),
        action: action as _,
        side: side as _,
        flags: FlagSet::new(LAST),
        depth: 0,
        ts_recv: time,
        ts_in_delta: 0,
        sequence: 0,
        levels: [best],
    }
}
