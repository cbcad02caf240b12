//! Databento's files: the vendor's own samples, byte for byte; the same records as the vendor's reader finds in real days; damage.

use std::fs::File;
use std::path::Path;

use gbc_core::time::MINUTE;
use gbc_core::{Block, Column, Instrument, NA, Ratio, Schema};
use gbc_data::{DataError, Options, Source, open};

use super::{drain, shared, source_named};

const TICK: Ratio = Ratio { num: 1, den: 4 };

fn sample(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples").join(name);
    std::fs::read(path).unwrap()
}

fn options() -> Options {
    Options { instrument: Some(Instrument::generic("ES", TICK)), ..Options::new(0, "ES") }
}

fn read(bytes: &[u8], name: &str) -> Result<Block, DataError> {
    drain(open(source_named(bytes, name), &options())?)
}

fn sample_rows(name: &str) -> Block {
    read(&sample(name), name).unwrap()
}

#[test]
fn trades_of_all_versions_are_the_same() {
    let [one, two, three] = ["v1", "v2", "v3"].map(|version| sample_rows(&format!("trades.{version}.dbn.zst")));
    assert_eq!((&one, &one), (&two, &three));
    assert_eq!(one.time, [1_609_160_400_099_150_057, 1_609_160_400_108_142_648]);
    // 3720.25, sold at the bid.
    assert_eq!(one.column(Column::Px), [14_881, 14_881]);
    assert_eq!(one.column(Column::Sz), [5, 21]);
    assert_eq!(one.column(Column::Side), [-1, -1]);
}

#[test]
fn a_trade_with_its_quote_is_a_quote_and_a_trade() {
    let rows = sample_rows("tbbo.v2.dbn.zst");
    assert_eq!(rows.column(Column::Kind), [0, 1, 0, 1]);
    assert_eq!(rows.column(Column::BidSz), [26, 26, 21, 21]);
    assert_eq!(rows.column(Column::Sz), [0, 5, 0, 21]);
    assert_eq!(rows.column(Column::Px), [NA, 14_881, NA, 14_881]);
}

#[test]
fn best_quotes_come_as_they_change_or_as_they_are_sampled() {
    let changes = sample_rows("mbp-1.v3.dbn.zst");
    assert_eq!(changes.column(Column::AskPx), [14_882, 14_882]);
    assert_eq!(changes.column(Column::AskSz), [11, 12]);
    let samples = sample_rows("bbo-1s.v3.dbn.zst");
    assert_eq!(samples.column(Column::BidPx), [14_809, 14_810, 14_809, 14_810]);
    assert!(samples.column(Column::Px).is_empty());
}

#[test]
fn bars_say_their_length_and_stamp() {
    let data = open(source_named(&sample("ohlcv-1m.v1.dbn.zst"), "a.dbn.zst"), &options()).unwrap();
    assert_eq!(data.schema, Schema::Bars { span_ns: MINUTE });
    let rows = drain(data).unwrap();
    assert_eq!(rows.column(Column::OpenTime), [1_609_160_400_000_000_000, 1_609_160_460_000_000_000]);
    assert_eq!(rows.column(Column::Volume), [353, 152]);
}

/// Cut anywhere, or with any byte changed, a file is read or refused; nothing else.
#[test]
fn damage_is_an_error_and_never_a_panic() {
    let whole = sample("trades.v2.dbn.zst");
    let plain = zstd_free(&whole);
    for end in 0..plain.len() {
        // Between two records, what is left is a whole file.
        assert_eq!(read(&plain[..end], "a.dbn").is_ok(), end == plain.len() - 48, "cut at {end}");
    }
    for at in 0..plain.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut bent = plain.clone();
            bent[at] ^= flip;
            let _ = read(&bent, "a.dbn");
        }
    }
    for end in 0..whole.len() {
        assert!(read(&whole[..end], "a.dbn.zst").is_err(), "packed, cut at {end}");
    }
}

#[test]
fn a_record_out_of_place_is_named() {
    let mut bytes = zstd_free(&sample("trades.v2.dbn.zst"));
    let second = bytes.len() - 48;
    bytes[second] = 3;
    let told = read(&bytes, "a.dbn").unwrap_err().to_string();
    assert_eq!(told, "a.dbn: row 2: the record claims 12 bytes, less than the 16 that each begins with");
    bytes[second] = 14;
    let told = read(&bytes, "a.dbn").unwrap_err().to_string();
    assert_eq!(told, "a.dbn: row 2: the record claims 56 bytes, and its type 0x00 has 48");
}

fn zstd_free(bytes: &[u8]) -> Vec<u8> {
    zstd::decode_all(bytes).unwrap()
}

#[test]
fn a_real_day_equals_the_vendors_own_reading() {
    let Some(root) = shared("data/real/dbn") else { return };
    let Some(oracles) = shared("oracles/orderbook") else { return };
    let open_real = |name: &str| {
        let path = root.join(name);
        drain(open(Source { name: name.to_owned(), file: File::open(path).unwrap() }, &options()).unwrap()).unwrap()
    };
    let trades = super::oracle::table(&oracles.join("esu4-20240701.trades.records.parquet"));
    let ours = open_real("esu4-20240701.trades.dbn.zst");
    assert_eq!(ours.time, trades["ts_recv"]);
    assert_eq!(ours.column(Column::Px), ticks(&trades["price"]));
    assert_eq!(ours.column(Column::Sz), trades["size"]);

    let changes = super::oracle::table(&oracles.join("esu4-20240701.mbp-1.records.parquet"));
    let ours = open_real("esu4-20240701.mbp-1.dbn.zst");
    let first_odd = ours.time.iter().zip(&changes["ts_recv"]).position(|(ours, theirs)| ours != theirs);
    assert_eq!(first_odd.map(|row| (row, ours.time[row], changes["ts_recv"][row], changes["flags"][row])), None);
    let columns = [(Column::BidPx, "bid_px_00"), (Column::AskPx, "ask_px_00")];
    columns.iter().for_each(|(column, name)| assert!(ours.column(*column) == ticks(&changes[*name]), "{name}"));
    let columns = [(Column::BidSz, "bid_sz_00"), (Column::AskSz, "ask_sz_00")];
    columns.iter().for_each(|(column, name)| assert!(ours.column(*column) == changes[*name], "{name}"));
    let of_trades = |column| -> Vec<i64> {
        (0..ours.len()).filter(|row| ours.is_trade(*row)).map(|row| ours.value(column, row)).collect()
    };
    assert_eq!(of_trades(Column::Px), ticks(&trades["price"]));
    assert_eq!(of_trades(Column::Sz), trades["size"]);
}

fn ticks(billionths: &[i64]) -> Vec<i64> {
    billionths.iter().map(|price| if *price == NA { NA } else { price / 250_000_000 }).collect()
}

#[test]
fn of_several_instruments_one_is_chosen() {
    let Some(root) = shared("data/real/dbn") else { return };
    let name = "esu4-nqu4-20240701.ohlcv-1m.dbn.zst";
    let source = || Source { name: name.to_owned(), file: File::open(root.join(name)).unwrap() };
    let of = |options: Options| open(source(), &options).and_then(drain);
    let oracle = shared("oracles/orderbook/esu4-nqu4-20240701.ohlcv-1m.records.parquet");
    let by_market = of(options()).unwrap();
    assert_eq!(by_market.len(), 30);
    assert_eq!(of(Options { inside: Some("ESU4".to_owned()), ..options() }), Ok(by_market.clone()));
    let told = of(Options { symbol: "CL".to_owned(), ..options() }).unwrap_err().to_string();
    assert!(told.contains("`ESU4`, `NQU4`") && told.contains("`FILE#ESU4`"), "{told}");
    let Some(oracle) = oracle.map(|path| super::oracle::table(&path)) else { return };
    let id = oracle["instrument_id"][0];
    let rows = (0..oracle["instrument_id"].len()).filter(|row| oracle["instrument_id"][*row] == id);
    let first: Vec<i64> = rows.map(|row| oracle["open"][row] / 250_000_000).collect();
    let other = of(Options { inside: Some("NQU4".to_owned()), ..options() }).unwrap();
    assert!(first == by_market.column(Column::Open) || first == other.column(Column::Open));
}

#[test]
fn orders_of_a_real_day_equal_the_vendors_own_reading() {
    let Some(root) = shared("data/real/dbn") else { return };
    let Some(oracles) = shared("oracles/orderbook") else { return };
    for day in ["esh4-20231224", "esh4-20231225"] {
        let source =
            Source { name: day.to_owned(), file: File::open(root.join(format!("{day}.mbo.dbn.zst"))).unwrap() };
        let data = open(source, &options()).unwrap();
        assert_eq!(data.schema, Schema::Orders);
        let ours = drain(data).unwrap();
        let theirs = super::oracle::table(&oracles.join(format!("{day}.records.parquet")));
        assert_eq!(ours.len(), theirs["ts_recv"].len(), "{day}");
        assert!(ours.column(Column::Px) == ticks(&theirs["price"]), "{day}: prices");
        for (column, name) in [(Column::Sz, "size"), (Column::Order, "order_id")] {
            assert!(ours.column(column) == theirs[name], "{day}: {name}");
        }
        let flags: Vec<i64> =
            theirs["flags"].iter().map(|bits| (bits >> 7 & 1) | (bits >> 5 & 1) << 1 | bits & 4).collect();
        assert!(ours.column(Column::Flags) == flags, "{day}: flags");
        // Orders of a snapshot bear the day they were sent; from then on the exchange's clock is the file's.
        let mut clock = 0;
        let running: Vec<i64> = theirs["ts_event"]
            .iter()
            .map(|time| {
                clock = clock.max(*time);
                clock
            })
            .collect();
        assert!(ours.column(Column::ExchTime) == running, "{day}: the exchange's time");
        assert!(ours.time.is_sorted(), "{day}");
    }
}

#[test]
fn ten_levels_become_what_changed() {
    let rows = sample_rows("mbp-10.v3.dbn.zst");
    assert_eq!(rows.schema, Schema::Depth);
    let last = |row: &usize| rows.column(Column::Flags)[*row] & 1 == 1;
    // Two records: all twenty levels, then the one that changed.
    assert_eq!((0..rows.len()).filter(last).collect::<Vec<_>>(), [19, rows.len() - 1]);
    assert!(rows.len() < 25, "{}", rows.len());
    assert_eq!((rows.column(Column::Px)[0], rows.column(Column::Px)[10]), (14_881, 14_882));
    assert_eq!((rows.column(Column::Sz)[0], rows.column(Column::Count)[0]), (24, 15));
}
