//! Real files, read where they lie.

use std::fs::File;
use std::path::{Path, PathBuf};

use gbc_core::Schema;
use gbc_data::{Dataset, Options, Source, Stamp, open};

use super::drain;

fn real(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {name} is not here");
    None
}

fn opened(path: &Path, stamp: Option<Stamp>) -> Dataset {
    let source = Source { name: path.display().to_string(), file: File::open(path).unwrap() };
    open(source, &Options { stamp, ..Options::new(0, "X") }).unwrap()
}

#[test]
fn text_and_parquet_of_the_same_bars_agree() {
    for name in ["bars/second/SPY_20131007", "bars/second/BTCUSD_20161007-09", "bars/minute/BTC-PERP_202201"] {
        let (Some(csv), Some(parquet)) = (real(&format!("{name}.csv")), real(&format!("{name}.parquet"))) else {
            continue;
        };
        let rows = |path: &Path| drain(opened(path, Some(Stamp::Open))).unwrap();
        assert_eq!(rows(&csv), rows(&parquet), "{name}");
    }
}

#[test]
fn daily_files_show_their_stamp() {
    for name in ["GOOG.csv", "GOOG.parquet", "SPY.parquet", "AAPL.parquet", "IBM.parquet", "ORCL.parquet"] {
        let Some(path) = real(&format!("bars/daily/{name}")) else { continue };
        let data = opened(&path, None);
        assert_eq!(data.schema, Schema::Bars { span_ns: gbc_core::time::DAY });
        assert!(drain(data).unwrap().len() > 2000, "{name}");
    }
}

#[test]
fn ticks_are_read_whatever_their_columns_are_called() {
    let files = [
        ("ticks/USDJPY_2013_quotes.parquet", 1000),
        ("ticks/GCZ3_20131007_trades.parquet", 39_610),
        ("ticks/IBM_20131007_quotes.parquet", 109_066),
        ("ticks/EURUSD_20140501_quotes.parquet", 24_179),
        ("ticks/XAUUSD_20140502_quotes.parquet", 265_015),
    ];
    for (name, rows) in files {
        let Some(path) = real(name) else { continue };
        assert_eq!(drain(opened(&path, None)).unwrap().len(), rows, "{name}");
    }
}
