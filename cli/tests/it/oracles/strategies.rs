//! Whole strategies as backtesting.py plays them: every trade, and equity at every close.

use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::TimestampNanosecondType;
use gbc_core::maths;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use super::{close, column, manifest};
use crate::world::{Folder, repository, shared};

/// A strategy of `examples/compared`, and theirs.
struct Compared {
    theirs: &'static str,
    ours: &'static str,
    /// The names of parameters with us and with them, and the unit that ours has.
    params: &'static [[&'static str; 3]],
    instrument: Option<&'static str>,
    exec: Option<&'static str>,
    /// How long a bar is, in nanoseconds.
    span: i64,
}

const MILLISECOND: i64 = 1_000_000;
const SECOND: i64 = 1_000 * MILLISECOND;
const DAY: i64 = 86_400 * SECOND;

const SMA_CROSS: Compared = Compared {
    theirs: "s1_sma_cross_all_in",
    ours: "sma_cross",
    params: &[["fast", "fast", ""], ["slow", "slow", ""]],
    instrument: Some("goog.toml"),
    exec: None,
    span: DAY,
};

const GOLDEN_CROSS: Compared = Compared {
    theirs: "s2_golden_cross_fixed",
    ours: "golden_cross",
    params: &[["fast", "fast", ""], ["slow", "slow", ""], ["size", "size", ""]],
    instrument: None,
    exec: None,
    span: DAY,
};

const RSI_BRACKET: Compared = Compared {
    theirs: "s3_rsi_bracket",
    ours: "rsi_bracket",
    params: &[
        ["n", "rsi", ""],
        ["lower", "lower", ""],
        ["upper", "upper", ""],
        ["loss", "stop_loss", ""],
        ["gain", "take_profit", ""],
    ],
    instrument: Some("eurusd.toml"),
    exec: None,
    span: 3_600 * SECOND,
};

const BOLLINGER_LIMIT: Compared = Compared {
    theirs: "s4_bollinger_limit",
    ours: "bollinger_limit",
    params: &[["n", "length", ""], ["k", "k", ""]],
    instrument: Some("btc_perp.toml"),
    exec: None,
    span: 60 * SECOND,
};

const DONCHIAN_STOP: Compared = Compared {
    theirs: "s5_donchian_stop_entry",
    ours: "donchian_stop",
    params: &[["channel", "channel", ""], ["far", "atr_multiple", ""]],
    instrument: Some("es.toml"),
    exec: None,
    span: 60 * SECOND,
};

const MACD_AT_CLOSE: Compared = Compared {
    theirs: "s6_macd_close_fill",
    ours: "macd_at_close",
    params: &[["fast", "fast", ""], ["slow", "slow", ""], ["smooth", "signal", ""], ["size", "size", ""]],
    instrument: None,
    exec: Some("at_close.toml"),
    span: DAY,
};

const OPENING_RANGE_SECONDS: Compared = Compared {
    theirs: "s7_opening_range_two_level",
    ours: "opening_range_seconds",
    params: &[["window", "range_minutes", "m"], ["reward", "target_multiple", ""]],
    instrument: Some("spy.toml"),
    exec: None,
    span: SECOND,
};

impl Compared {
    /// What we make of one of their runs.
    fn run(&self, name: &str, data: &Value, params: &Value) -> Ours {
        let here = Folder::new(name);
        let example = |file: &str| repository(&format!("examples/compared/{file}")).display().to_string();
        let mut args = vec!["run".to_owned(), example(&format!("{}.gbs", self.ours))];
        let paths = data.as_array().cloned().unwrap_or_else(|| vec![data.clone()]);
        for path in paths {
            let path = shared(&format!("data/real/{}", path.as_str().expect("a path"))).expect("it was looked for");
            args.extend(["--data".to_owned(), path.display().to_string()]);
        }
        for [ours, theirs, unit] in self.params {
            args.extend(["--set".to_owned(), format!("{ours}={}{unit}", params[theirs])]);
        }
        args.extend(["--cash".to_owned(), params["cash"].to_string()]);
        for (flag, file) in [("--instrument", self.instrument), ("--exec", self.exec)] {
            args.extend(file.into_iter().flat_map(|file| [flag.to_owned(), example(file)]));
        }
        args.extend(["--stamp", "open", "--out", "run", "--quiet"].map(str::to_owned));
        here.gbc(&args.iter().map(String::as_str).collect::<Vec<_>>()).ends(0);
        let curve = here.0.join("run/equity.parquet");
        let points = times(&curve, "time").into_iter().zip(column(&curve, "equity"));
        // Fills within a bar are valued as well, just before its end, and at its end those of the next bar's open.
        let mut closes: Vec<(i64, f64)> = points.filter(|(time, _)| time % self.span == 0).collect();
        closes.dedup_by_key(|(time, _)| *time);
        Ours { report: here.json("run/report.json"), closes }
    }

    /// All their runs of this strategy, against ours.
    fn agrees(&self) {
        let (Some(oracle), Some(_)) = (shared("oracles/strategies"), shared("data/real")) else { return };
        let manifest = manifest(&oracle);
        let runs = manifest["runs"].as_array().expect("it lists runs").iter();
        let runs: Vec<_> = runs.filter(|run| run["strategy"] == self.theirs).collect();
        assert!(!runs.is_empty(), "it lists runs of {}", self.theirs);
        for run in runs {
            let name = run["run"].as_str().expect("a run has a name");
            let ours = self.run(name, &run["data"], &run["params"]);
            let equity = oracle.join(format!("{name}.equity.parquet"));
            let bars = times(&equity, "timestamp");
            self.trades_agree(&ours.report, &bars, &run["params"], &oracle.join(format!("{name}.trades.csv")));
            self.equity_agrees(&ours.closes, &bars, &column(&equity, "equity"));
            ours.figures_agree(&run["expected"]);
        }
    }

    /// The number of the bar in which a fill happened.
    fn bar(&self, bars: &[i64], ts: &Value) -> f64 {
        let ts = ts.as_i64().expect("a moment") * MILLISECOND;
        // The close of a bar is the moment at which the next may open.
        let within = if self.exec.is_some() { ts - MILLISECOND } else { ts };
        let bar = bars.partition_point(|open| *open <= within) - 1;
        assert!(within < bars[bar] + self.span, "{ts} is in no bar");
        bar as f64
    }

    fn trades_agree(&self, report: &Value, bars: &[i64], params: &Value, wanted: &Path) {
        let text = std::fs::read_to_string(wanted).expect("the oracle lies there");
        let mut rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
        // Open trades come last with us, by entry with them.
        rows.sort_by_key(|row| row[1].is_empty());
        let trades = report["trades"].as_array().expect("trades are listed");
        assert_eq!(trades.len(), rows.len(), "{}", wanted.display());
        let number = |text: &str| text.parse::<f64>().expect("a number");
        let point = params["point_value"].as_f64().unwrap_or(1.0);
        for (trade, row) in trades.iter().zip(rows) {
            let told = |key: &str| trade[key].as_f64().unwrap_or_else(|| panic!("{key} of {trade}"));
            let sign = if trade["side"] == "buy" { point } else { -point };
            assert_eq!(self.bar(bars, &trade["entryTs"]), number(row[0]), "{trade}");
            assert_eq!(sign * told("size"), number(row[4]), "{trade}");
            assert!(close(told("entryPrice"), number(row[5]), 0.0, 1e-9), "{trade}");
            if row[1].is_empty() {
                assert!(trade["exitTs"].is_null(), "{trade}");
                continue;
            }
            assert_eq!(self.bar(bars, &trade["exitTs"]), number(row[1]), "{trade}");
            assert!(close(told("exitPrice"), number(row[6]), 0.0, 1e-9), "{trade}");
            assert!(close(told("fees"), number(row[7]), 1e-6, 1e-6), "{trade}");
            assert!(close(told("pnl"), number(row[8]), 1e-6, 1e-6), "{trade}");
        }
    }

    fn equity_agrees(&self, closes: &[(i64, f64)], bars: &[i64], wanted: &[f64]) {
        let mut closes = closes.iter();
        for (open, wanted) in bars.iter().zip(wanted) {
            let end = open + self.span;
            let found = closes.find(|(time, _)| *time == end).map(|(_, equity)| *equity);
            let found = found.unwrap_or_else(|| panic!("the bar that ends at {end} left no equity"));
            assert!(close(found, *wanted, 1e-6, 1e-9), "at {end}: {found} is not {wanted}");
        }
    }
}

/// A run of ours.
struct Ours {
    report: Value,
    /// Equity when bars ended.
    closes: Vec<(i64, f64)>,
}

impl Ours {
    /// What they tell of a whole run.
    fn figures_agree(&self, wanted: &Value) {
        let number = |value: &Value| value.as_f64().unwrap_or_else(|| panic!("{value} is no number"));
        let told = |key: &str| number(&self.report["summary"][key]);
        let trades = self.report["trades"].as_array().expect("trades are listed").iter();
        let net: f64 = trades.filter(|trade| !trade["exitTs"].is_null()).map(|trade| number(&trade["pnl"])).sum();
        let (mut peak, mut fall) = (f64::MIN, 0.0_f64);
        for (_, equity) in &self.closes {
            peak = maths::max(peak, *equity);
            fall = maths::min(fall, equity / peak - 1.0);
        }
        let found = [
            ("final_equity", told("finalEquity")),
            ("closed_trades", told("tradeCount")),
            ("open_trades", told("openTrades")),
            ("wins", told("winCount")),
            ("net_pnl_closed", net),
            ("max_drawdown", fall),
        ];
        for (key, found) in found {
            let wanted = number(&wanted[key]);
            assert!(close(found, wanted, 1e-6, 1e-9), "{key}: {found} is not {wanted}");
        }
    }
}

/// Moments of a file, in nanoseconds.
fn times(path: &Path, name: &str) -> Vec<i64> {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(file).expect("it is Parquet").build().expect("it can be read");
    let batches = reader.map(|batch| batch.expect("it can be read"));
    batches
        .flat_map(|batch| {
            let times = batch.column_by_name(name).unwrap_or_else(|| panic!("no column {name}"));
            times.as_primitive::<TimestampNanosecondType>().values().to_vec()
        })
        .collect()
}

#[test]
fn all_in_on_two_averages_is_theirs() {
    SMA_CROSS.agrees();
}

#[test]
fn the_golden_cross_is_theirs() {
    GOLDEN_CROSS.agrees();
}

#[test]
fn brackets_around_euros_are_theirs() {
    RSI_BRACKET.agrees();
}

#[test]
fn a_limit_at_the_lower_band_is_theirs() {
    BOLLINGER_LIMIT.agrees();
}

#[test]
fn a_stop_that_never_falls_is_theirs() {
    DONCHIAN_STOP.agrees();
}

#[test]
fn turning_around_at_the_close_is_theirs() {
    MACD_AT_CLOSE.agrees();
}

#[test]
fn minutes_that_decide_and_seconds_that_fill_are_theirs() {
    OPENING_RANGE_SECONDS.agrees();
}

#[test]
fn the_sweep_of_two_averages_is_theirs() {
    let (Some(sweep), Some(_)) = (shared("oracles/strategies/s1_sweep.csv"), shared("data/real")) else { return };
    let text = std::fs::read_to_string(sweep).expect("the oracle lies there");
    let mut lines = text.lines().map(|line| line.split(','));
    let heads: Vec<&str> = lines.next().expect("it has a head").collect();
    let mut compared = 0;
    for line in lines {
        let number = |text: &str| serde_json::from_str::<Value>(text).expect("a number");
        let mut row: serde_json::Map<String, Value> =
            heads.iter().zip(line).map(|(head, text)| ((*head).to_owned(), number(text))).collect();
        row.insert("cash".to_owned(), 10_000.into());
        let name = format!("sweep {}-{}", row["fast"], row["slow"]);
        let row = Value::Object(row);
        SMA_CROSS.run(&name, &"bars/daily/GOOG.parquet".into(), &row).figures_agree(&row);
        compared += 1;
    }
    assert_eq!(compared, 33);
}
