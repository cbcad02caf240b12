//! hftbacktest's arrays: a small one made here, real ones beside the checkout, and damage.

use std::fs::File;

use gbc_core::{Block, Column, DepthKind, Instrument, NA, OrderAction, Ratio, RowFlags, Schema};
use gbc_data::{DataError, Options, Source, open};

use super::{drain, shared, source_named};

const T0: i64 = 1_748_871_000_000_000_000;
const BOTH: u64 = 3 << 30;
const BUY: u64 = 1 << 29;
const SELL: u64 = 1 << 28;

type Event = (u64, i64, i64, f64, f64, u64);

/// A zip of one array, not packed.
fn npz(events: &[Event]) -> Vec<u8> {
    let shape = format!("'shape': ({},), ", events.len());
    let fields = "[('ev', '<u8'), ('exch_ts', '<i8'), ('local_ts', '<i8'), ('px', '<f8'), ('qty', '<f8'), ('order_id', '<u8'), ('ival', '<i8'), ('fval', '<f8')]";
    let header = format!("{{'descr': {fields}, 'fortran_order': False, {shape}}}\n");
    let mut array = b"\x93NUMPY\x01\x00".to_vec();
    array.extend((header.len() as u16).to_le_bytes());
    array.extend(header.bytes());
    for (ev, exch, local, px, qty, order) in events {
        array.extend(ev.to_le_bytes());
        array.extend(exch.to_le_bytes());
        array.extend(local.to_le_bytes());
        array.extend(px.to_le_bytes());
        array.extend(qty.to_le_bytes());
        array.extend(order.to_le_bytes());
        array.extend([0; 16]);
    }
    let mut crc = flate2::Crc::new();
    crc.update(&array);
    let mut zip = b"PK\x03\x04\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00".to_vec();
    zip.extend(crc.sum().to_le_bytes());
    zip.extend((array.len() as u32).to_le_bytes());
    zip.extend((array.len() as u32).to_le_bytes());
    zip.extend(8_u16.to_le_bytes());
    zip.extend(0_u16.to_le_bytes());
    zip.extend(b"data.npy");
    zip.extend(array);
    zip.extend(b"PK\x05\x06and so on: nobody reads the list at the end");
    zip
}

fn options() -> Options {
    Options { instrument: Some(Instrument::generic("X", Ratio { num: 1, den: 4 })), ..Options::new(0, "X") }
}

fn read(bytes: &[u8]) -> Result<Block, DataError> {
    drain(open(source_named(bytes, "a.npz"), &options())?)
}

#[test]
fn levels_keep_both_orders_of_rows() {
    let rows = read(&npz(&[
        (BOTH | BUY | 4, T0, T0 + 5, 10.0, 3.0, 0),
        (1 << 31 | SELL | 1, T0 + 1, T0 + 9, 10.25, 2.0, 0),
        (BOTH | BUY | 2, T0 + 2, T0 + 6, 10.25, 1.0, 0),
        (1 << 30 | SELL | 1, T0 + 1, T0 + 9, 10.25, 2.0, 0),
        (BOTH | SELL | 3, T0 + 3, T0 + 9, 0.0, 0.0, 0),
    ]))
    .unwrap();
    assert_eq!(rows.schema, Schema::Depth);
    assert_eq!(rows.time, [5, 5, 6, 9, 9].map(|ns| T0 + ns));
    let kinds = [DepthKind::Snapshot, DepthKind::Change, DepthKind::Trade, DepthKind::Change, DepthKind::Clear];
    assert_eq!(rows.column(Column::Kind), kinds.map(|kind| kind as i64));
    assert_eq!(rows.column(Column::Px), [40, 41, 41, 41, NA]);
    assert_eq!(rows.column(Column::Side), [1, -1, 1, -1, -1]);
    let none = RowFlags::default();
    let seen = [none, RowFlags::EXCH_ONLY, none, RowFlags::LOCAL_ONLY, none];
    assert_eq!(rows.column(Column::Flags), seen.map(|flags| RowFlags::LAST.with(flags).0));
    assert_eq!(rows.column(Column::ExchTime), [0, 1, 2, 1, 3].map(|ns| T0 + ns));
}

#[test]
fn damage_is_an_error_and_never_a_panic() {
    let whole = npz(&[(BOTH | BUY | 10, T0, T0, 10.0, 3.0, 7), (BOTH | BUY | 11, T0, T0, 10.0, 3.0, 7)]);
    let rows = read(&whole).unwrap();
    assert_eq!(rows.column(Column::Kind), [OrderAction::Add as i64, OrderAction::Remove as i64]);
    let end = whole.len() - 47;
    for cut in 0..end {
        assert!(read(&whole[..cut]).is_err(), "cut at {cut}");
    }
    for at in 38..end {
        let mut bent = whole.clone();
        bent[at] ^= 0x10;
        assert!(read(&bent).is_err(), "the sum tells byte {at}");
    }
    let mut other = whole.clone();
    other[30..38].copy_from_slice(b"data.csv");
    assert!(read(&other).unwrap_err().to_string().contains("begins with `data.csv`; unpack it first"));
}

#[test]
fn real_arrays_are_read_whole() {
    let Some(root) = shared("data/real") else { return };
    let real = |name: &str| {
        let source = Source { name: name.to_owned(), file: File::open(root.join(name)).unwrap() };
        open(source, &Options { instrument: None, ..options() }).and_then(drain).unwrap()
    };
    let levels = real("hft/btcusdt_usdm_20240808.npz");
    assert_eq!((levels.schema, levels.len()), (Schema::Depth, 491_973));
    assert!(levels.time.is_sorted());
    let of_exchange: Vec<i64> = (0..levels.len())
        .filter(|row| !levels.flags(*row).has(RowFlags::LOCAL_ONLY))
        .map(|row| levels.value(Column::ExchTime, row))
        .collect();
    assert!(of_exchange.is_sorted());
    let count = |flags: RowFlags| (0..levels.len()).filter(|row| levels.flags(*row).has(flags)).count();
    // Counted in the file by their bits.
    assert_eq!((count(RowFlags::LOCAL_ONLY), count(RowFlags::EXCH_ONLY)), (25_137, 25_137));
    // The same day as its vendor has it: the same orders at the same prices.
    let (orders, vendor) = (real("hft/esh4_20231225_l3.npz"), real("dbn/esh4-20231225.mbo.dbn.zst"));
    assert_eq!(orders.schema, Schema::Orders);
    assert!(orders.column(Column::Order) == vendor.column(Column::Order));
}

#[test]
fn recorded_latencies_are_read_from_arrays_and_from_lines() {
    let Some(path) = shared("oracles/hft/btcusdt_usdm_20240808.latency.npz") else { return };
    let read = |path: &std::path::Path| {
        let file = std::fs::File::open(path).expect("it is there");
        gbc_data::latency_rows(gbc_data::Source { name: "lat".to_owned(), file })
    };
    let rows = read(&path).expect("sound");
    assert_eq!(rows.len(), 346);
    assert_eq!(rows[1], [1_723_161_257_973_374_016, 1_723_161_257_978_747_904, 1_723_161_257_984_121_856]);
    let lines: String = rows.iter().map(|[sent, had, told]| format!("{had},{sent}, {told}\n")).collect();
    let csv = std::env::temp_dir().join(format!("gbc-latencies-{}.csv", std::process::id()));
    std::fs::write(&csv, format!("exch_ts,req_ts,resp_ts\n{lines}")).expect("room for a file");
    assert_eq!(read(&csv), Ok(rows));
    let bytes = std::fs::read(&path).expect("it is there");
    let mut wrong = 0;
    for cut in (0..bytes.len()).step_by(97) {
        std::fs::write(&csv, &bytes[..cut]).expect("room for a file");
        wrong += usize::from(read(&csv).is_err());
    }
    std::fs::remove_file(&csv).expect("it was written");
    // Behind the array the archive tells what was read already.
    assert!(wrong * 97 > bytes.len() * 9 / 10, "{wrong}");
}
