//! Every indicator against TA-Lib and pandas, row for row; what comes out is the page `docs/indicators.md`.
//!
//! The wish is the probe: a target says what the indicator is worth after each row.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use gbc_core::bars::Source as BarSource;
use gbc_core::maths::max;
use gbc_core::time::span_text;
use gbc_core::{Block, Event, Schema, Strategy, View, Wishes};
use gbc_data::{Dataset, Options, Stamp};

use super::*;
use crate::world::{checked, repository, source};

/// What a value is measured in; a probe that makes a plain number of it with another unit is refused.
#[derive(Clone, Copy)]
enum In {
    Plain,
    Price,
    PriceSquared,
}
use In::{Plain, Price, PriceSquared};

impl In {
    fn words(self) -> &'static str {
        match self {
            Plain => "plain",
            Price => "that of x",
            PriceSquared => "that of x, squared",
        }
    }

    fn plain(self, value: &str) -> String {
        match self {
            Plain => value.to_owned(),
            Price => format!("({value}) * m.point / 1 usd"),
            PriceSquared => format!("({value}) * m.point * m.point / 1 usd / 1 usd"),
        }
    }
}

/// Functions against columns of real data. Where a function has several columns, the first is the one on the page.
const COLUMNS: [(&str, In, &str); 27] = [
    ("sma(b.close, 50)", Price, "sma_50"),
    ("sma(b.close, 10)", Price, "sma_10"),
    ("ema(b.close, 50)", Price, "ema_50"),
    ("ema(b.close, 10)", Price, "ema_10"),
    ("wma(b.close, 20)", Price, "wma_20"),
    ("dema(b.close, 20)", Price, "dema_20"),
    ("kama(b.close, 10)", Price, "kama_10"),
    ("rsi(b.close, 14)", Plain, "rsi_14"),
    ("rsi(b.close, 2)", Plain, "rsi_2"),
    ("roc(b.close, 10)", Plain, "roc_10"),
    ("atr(b, 14)", Price, "atr_14"),
    ("atr(b, 5)", Price, "atr_5"),
    ("plus_di(b, 14)", Plain, "plus_di_14"),
    ("minus_di(b, 14)", Plain, "minus_di_14"),
    ("adx(b, 14)", Plain, "adx_14"),
    ("cci(b, 20)", Plain, "cci_20"),
    ("obv(b)", Plain, "obv"),
    ("stdev(b.close, 20)", Price, "stddev_20"),
    ("slope(b.close, 14)", Price, "linreg_slope_14"),
    ("highest(b.high, 20)", Price, "donchian_20_upper"),
    ("lowest(b.low, 20)", Price, "donchian_20_lower"),
    ("percentile_rank(b.close, 50)", Plain, "percent_rank_50"),
    ("zscore(b.close, 20)", Plain, "zscore_20"),
    ("skew(b.close, 30)", Plain, "skew_30"),
    ("mean(b.close, 20)", Price, "bbands_20_2_middle"),
    ("sum(b.close, 10) / 10", Price, "bbands_10_1.5_middle"),
    ("ema(b.close, 20)", Price, "keltner_20_10_2_middle"),
];

/// Columns that hang on ties, a move up against a move down, and the files where doubles tie wherever ticks do. In the others a move of as
/// many ticks differs by rounding in TA-Lib: on one bar of EUR/USD, on 117 of SPY.
const HANG_ON_TIES: [&str; 3] = ["plus_di_14", "minus_di_14", "adx_14"];
const TIES_AGREE: [&str; 2] = ["goog_1d", "esz3_1m"];

/// What people make of several functions.
const MADE_OF: [(&str, In, &str); 9] = [
    ("sma(b.close, 20) + 2 * stdev(b.close, 20)", Price, "bbands_20_2_upper"),
    ("sma(b.close, 20) - 2 * stdev(b.close, 20)", Price, "bbands_20_2_lower"),
    ("sma(b.close, 10) + 1.5 * stdev(b.close, 10)", Price, "bbands_10_1.5_upper"),
    ("sma(b.close, 10) - 1.5 * stdev(b.close, 10)", Price, "bbands_10_1.5_lower"),
    ("ema(b.close, 20) + 2 * atr(b, 10)", Price, "keltner_20_10_2_upper"),
    ("ema(b.close, 20) - 2 * atr(b, 10)", Price, "keltner_20_10_2_lower"),
    ("(highest(b.high, 20) + lowest(b.low, 20)) / 2", Price, "donchian_20_middle"),
    // TA-Lib shows %K no sooner than %D, so the probe waits for it too.
    ("sma(stoch(b, 14), 3) + 0 * sma(sma(stoch(b, 14), 3), 3)", Plain, "stoch_14_3_3_k"),
    ("sma(sma(stoch(b, 14), 3), 3)", Plain, "stoch_14_3_3_d"),
];

/// Functions without a column: what TA-Lib 0.8 and pandas 3.1 make of the made bars, as first row, row 40 and row 59.
const MADE: [(&str, In, &str, usize, f64, f64); 23] = [
    ("tema(b.close, 8)", Price, "TEMA", 21, 1049.0878022453142, 1047.4764787422112),
    ("mom(b.close, 10)", Price, "MOM", 10, -28.0, -26.0),
    ("trix(b.close, 5)", Plain, "TRIX", 13, 0.0015738995856828808, 0.04713150546009626),
    ("ppo(b.close, 12, 26)", Plain, "PPO", 25, 0.08617473386546115, 0.027994170514822378),
    ("cmo(b.close, 14)", Plain, "CMO", 14, 1.6373450398422407, 0.9520529372859725),
    ("stoch(b, 14)", Plain, "STOCHF", 13, 52.07667731629393, 56.43153526970954),
    ("willr(b, 14)", Plain, "WILLR", 13, -47.92332268370607, -43.56846473029046),
    ("stoch_rsi(b.close, 14, 5)", Plain, "STOCHRSI", 18, 34.676166034532095, 54.476348454255174),
    ("variance(b.close, 20)", PriceSquared, "VAR", 19, 493.4017187499999, 362.0142187499996),
    ("linreg(b.close, 14)", Price, "LINEARREG", 13, 1044.8071428571427, 1046.3357142857142),
    ("typical_price(b)", Price, "TYPPRICE", 0, 1050.5, 1047.75),
    ("true_range(b)", Price, "TRANGE", 1, 21.0, 17.0),
    ("natr(b, 14)", Plain, "NATR", 14, 3.39661977594896, 3.100590761595635),
    ("aroon_up(b, 14)", Plain, "AROON", 14, 85.71428571428572, 28.571428571428573),
    ("aroon_down(b, 14)", Plain, "AROON", 14, 50.0, 50.0),
    ("mfi(b, 14)", Plain, "MFI", 14, 66.09674921310909, 64.6095833173385),
    ("adl(b)", Plain, "AD", 0, 290.99044289044286, 540.6473748473746),
    ("chaikin(b, 3, 10)", Plain, "ADOSC", 0, 0.21735866869079246, 24.02448375747383),
    ("ultosc(b, 7, 14, 28)", Plain, "ULTOSC", 28, 54.6670822950437, 54.5528121287853),
    ("median(b.close, 10)", Price, "pandas", 9, 1046.75, 1048.75),
    ("mean_deviation(b.close, 10)", Price, "pandas", 9, 17.15, 15.85),
    ("argmax(b.close, 10)", Plain, "pandas", 9, 2.0, 2.0),
    ("argmin(b.close, 10)", Plain, "pandas", 9, 7.0, 7.0),
];

/// Functions that are only tried as a part of others.
const PARTS: [(&str, &str); 6] = [
    ("rma", "atr"),
    ("change", "rsi"),
    ("percent_between", "stoch"),
    ("wilder_sum", "plus_di"),
    ("buying_pressure", "ultosc"),
    ("bars_since", ""),
];

/// What native windows are; the library's functions say it themselves.
const WINDOWS: [(&str, &str); 12] = [
    ("sum", "Sum of the last n values."),
    ("mean", "Mean of the last n values."),
    ("highest", "The largest of the last n values."),
    ("lowest", "The smallest of the last n values."),
    ("stdev", "Standard deviation of the last n values, dividing by n."),
    ("mean_deviation", "Mean distance of the last n values from their mean."),
    ("skew", "Sample skewness: how far the last n values lean to one side; 0 where all are equal or n is below 3."),
    ("wma", "Mean of the last n values with weights from 1 to n, the newest heaviest."),
    ("median", "The middle one of the last n values; half the sum of the two in the middle."),
    ("percentile_rank", "How many percent of the last n values lie below x; x itself and its equals count half."),
    ("argmax", "Steps since the largest of the last n values; the latest of several."),
    ("argmin", "Steps since the smallest of the last n values; the latest of several."),
];

fn opened(path: &Path) -> Dataset {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let source = gbc_data::Source { name: path.display().to_string(), file };
    let options = Options { stamp: Some(Stamp::Open), ..Options::new(0, "M") };
    gbc_data::open(source, &options).unwrap_or_else(|error| panic!("{error}"))
}

/// The wish after each row; none until the first.
fn wishes(data: &Path, value: &str) -> Vec<Option<f64>> {
    let mut dataset = opened(data);
    let Schema::Bars { span_ns } = dataset.schema else { panic!("bars") };
    let text = format!("strategy Probe\n\nmarket m\n\nlet b = m.bars({})\n\ntarget m = {value}\n", span_text(span_ns));
    let instruments = vec![dataset.instrument.clone()];
    let program = checked(&text);
    let bound = program.bind(&program.defaults(), instruments, &[BarSource::Bars { span_ns }], None);
    let mut machine = bound.unwrap_or_else(|diagnostic| panic!("{diagnostic:?}")).machine;
    let (mut block, mut wishes, mut told) = (Block::new(0, dataset.schema), Wishes::none(1), Vec::new());
    while dataset.next_block(&mut block).unwrap_or_else(|error| panic!("{error}")) {
        for row in 0..block.len() {
            while machine.due().is_before(block.time_of(row)) {
                let due = Event::Due(machine.due().time);
                machine.react(due, &View::default(), &mut wishes).expect("no fault");
            }
            machine.react(Event::Row(&block, row), &View::default(), &mut wishes).expect("no fault");
            told.push(wishes.targets[0]);
        }
    }
    told
}

/// What a comparison found.
#[derive(Clone, Copy, Default)]
struct Found {
    /// Bars until the first value.
    warm_up: usize,
    /// The largest difference, as a share of the largest value of the column.
    error: f64,
}

/// Which rows of a column are to be compared.
fn compared(path: &Path, name: &str, rows: usize) -> Vec<bool> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("it lies there"));
    let reader = reader.expect("it is Parquet").build().expect("it can be read");
    let marks: Vec<bool> = reader
        .filter_map(|batch| batch.expect("it can be read").column_by_name(&format!("{name}__ok")).cloned())
        .flat_map(|marks| marks.as_boolean().iter().map(|ok| ok == Some(true)).collect::<Vec<_>>())
        .collect();
    if marks.is_empty() { vec![true; rows] } else { marks }
}

/// One probe against one column of the manifest, on one file.
fn agrees(manifest: &Value, folder: &Path, data: &Path, case: &Value, value: &str) -> Found {
    let number = |key: &str| case[key].as_f64().unwrap_or_else(|| panic!("{key} of {case}"));
    let (set, name) = (case["set"].as_str().expect("a set"), case["column"].as_str().expect("a column"));
    let expected = folder.join(format!("{set}.parquet"));
    assert!(manifest["sets"][set].is_object());
    let wanted = column(&expected, name);
    let found = wishes(data, value);
    assert_eq!(found.len(), wanted.len(), "{case}");
    let (mut widest, mut largest) = (0.0_f64, 0.0_f64);
    for (row, ok) in compared(&expected, name, wanted.len()).into_iter().enumerate() {
        let first = number("first_valid_row");
        assert_eq!(found[row].is_some(), row as f64 >= first, "{value}: row {row} of {set}");
        let (Some(found), wanted, true) = (found[row], wanted[row], ok) else { continue };
        let same = close(found, wanted, number("abs_tol"), number("rel_tol"));
        assert!(same, "{value}: row {row} of {set}: {found} is not {wanted}");
        (widest, largest) = (max(widest, (found - wanted).abs()), max(largest, wanted.abs()));
    }
    let warm_up = 1 + found.iter().position(Option::is_some).expect("it has values");
    Found { warm_up, error: if largest > 0.0 { widest / largest } else { 0.0 } }
}

/// Sixty days that go up and down, from nothing but whole numbers.
fn made_bars(name: &str) -> Folder {
    let here = Folder::new(name);
    let mut text = "timestamp,open,high,low,close,volume\n".to_owned();
    for i in 0..60_i64 {
        let close = (4000 + (i * 37) % 101 * 3 + (i * i) % 47 * 2) as f64 / 4.0;
        let high = close + (1 + (i * 13) % 7) as f64 / 4.0;
        let low = close - (1 + (i * 5) % 9) as f64 / 4.0;
        let (month, day) = if i < 31 { (1, i + 1) } else { (2, i - 30) };
        let volume = 100 + (i * 29) % 53;
        writeln!(text, "2024-{month:02}-{day:02},{close:.2},{high:.2},{low:.2},{close:.2},{volume}").expect("a string");
    }
    here.write("made.csv", &text);
    here
}

fn on_made_bars(folder: &str) -> BTreeMap<&'static str, Found> {
    let here = made_bars(folder);
    let probe = |(call, unit, _, first, middle, last): (&'static str, In, &str, usize, f64, f64)| {
        let told = wishes(&here.0.join("made.csv"), &unit.plain(call));
        assert_eq!(told.iter().position(Option::is_some), Some(first), "{call}");
        let mut error = 0.0_f64;
        for (row, wanted) in [(40, middle), (59, last)] {
            let found = told[row].expect("it has a value by then");
            assert!(close(found, wanted, 1e-12, 1e-9), "{call}: row {row}: {found} is not {wanted}");
            error = max(error, (found - wanted).abs() / wanted.abs());
        }
        (call, Found { warm_up: first + 1, error })
    };
    MADE.into_iter().map(probe).collect()
}

#[test]
fn indicators_without_a_column_are_theirs_on_made_bars() {
    assert_eq!(on_made_bars("made").len(), MADE.len());
}

#[test]
fn a_market_that_stands_still_is_worth_what_ta_lib_says() {
    let here = Folder::new("still-bars");
    let mut text = "timestamp,open,high,low,close,volume\n".to_owned();
    for day in 1..=31 {
        writeln!(text, "2024-01-{day:02},118.75,118.75,118.75,118.75,10").expect("a string");
    }
    here.write("still.csv", &text);
    let nothing = [
        "rsi(b.close, 14)",
        "cmo(b.close, 14)",
        "stoch(b, 14)",
        "willr(b, 14)",
        "stoch_rsi(b.close, 14, 5)",
        "cci(b, 20)",
        "mfi(b, 14)",
        "adl(b)",
        "chaikin(b, 3, 10)",
        "ultosc(b, 7, 14, 28)",
        "roc(b.close, 10)",
        "trix(b.close, 5)",
        "ppo(b.close, 12, 26)",
        "natr(b, 14)",
        "plus_di(b, 14)",
        "minus_di(b, 14)",
        "adx(b, 14)",
        "skew(b.close, 7)",
        "zscore(b.close, 7)",
    ];
    let others = [("aroon_up(b, 14)", 100.0), ("aroon_down(b, 14)", 100.0), ("obv(b)", 10.0)];
    for (call, wanted) in nothing.map(|call| (call, 0.0)).into_iter().chain(others) {
        let told = wishes(&here.0.join("still.csv"), call);
        assert_eq!(told.last().copied().flatten(), Some(wanted), "{call}");
    }
}

#[test]
fn indicators_are_theirs_row_for_row() {
    let Some(folder) = shared("oracles/indicators") else { return };
    let manifest = std::fs::read(folder.join("manifest.json")).expect("a manifest lies there");
    let manifest: Value = serde_json::from_slice(&manifest).expect("the manifest is JSON");
    let mut results = on_made_bars("made-for-page");
    for (call, unit, name) in COLUMNS.into_iter().chain(MADE_OF) {
        let cases = manifest["columns"].as_array().expect("it lists columns").iter();
        let cases: Vec<&Value> = cases.filter(|case| case["column"] == name).collect();
        assert_eq!(cases.len(), 4, "{name} on every file");
        for case in cases {
            if HANG_ON_TIES.contains(&name) && !TIES_AGREE.iter().any(|set| case["set"] == *set) {
                continue;
            }
            let input = &manifest["sets"][case["set"].as_str().expect("a set")]["input"];
            let Some(data) = input.as_str().and_then(shared) else { return };
            let found = agrees(&manifest, &folder, &data, case, &unit.plain(call));
            let kept = results.entry(call).or_insert(found);
            kept.error = max(kept.error, found.error);
            println!("{call} is {name} of {}: {}", case["set"], share(found.error));
        }
    }
    page_is(&page(&results));
}

fn name_of(call: &str) -> &str {
    call.split('(').next().expect("a call has a name")
}

/// `name`, or `ema(x, n)` and the `///` above it in the library.
fn definitions() -> Vec<(String, String, String)> {
    let library = source("stdlib/ta.gbs");
    let lines: Vec<&str> = library.lines().collect();
    let told = lines.windows(2).filter_map(|pair| {
        let (words, head) = (pair[0].strip_prefix("/// ")?, pair[1].strip_prefix("pub fn ")?);
        let head = &head[..=head.find(')')?];
        let head = head.replace(": int", "").replace(": bool", "");
        Some((name_of(&head).to_owned(), head, words.to_owned()))
    });
    let windows = WINDOWS.iter().map(|(name, words)| (name.to_string(), format!("{name}(x, n)"), words.to_string()));
    let all: Vec<_> = windows.chain(told).collect();
    let functions = lines.iter().filter(|line| line.starts_with("pub fn ")).count();
    assert_eq!(all.len(), functions + WINDOWS.len(), "every function says what it is");
    all
}

fn page(results: &BTreeMap<&str, Found>) -> String {
    let mut text = "# Indicators

Every window and every function of the [standard library](../stdlib/ta.gbs), and how it fares against other people's numbers.
`cargo test -p gbc-cli --test it oracles` compares them row for row and writes this page: `GBC_BLESS=1` before it brings it up to date.

`x` is any number, `b` a bar series, `n` a count of steps. Where a unit is that of x and the function takes bars, it is a price.
Warm-up is how many bars pass up to the first value, for the call in the last but one column. A column such as `ema_10` is compared on
four files: days of GOOG, hours of EUR/USD, minutes of ES, seconds of SPY; a name in capitals is TA-Lib's function on sixty made bars.
`plus_di`, `minus_di` and `adx` are compared on GOOG and ES alone: on the others some moves up and down are of as many ticks, equal here and
unequal by rounding in TA-Lib. The error is the largest difference from theirs, as a share of the column's largest value; on made bars,
of the value itself. Those of `zscore` and `slope` are the running sums of pandas and TA-Lib: plain loops differ from them as much.
TA-Lib shows `chaikin` from bar `slow` on, with the same values.

| function | what it gives | unit | warm-up | compared | error |
|---|---|---|---|---|---|
"
    .to_owned();
    for (name, head, words) in definitions() {
        let row = if let Some((call, unit, column)) = COLUMNS.iter().find(|(call, ..)| name_of(call) == name) {
            measured(results, call, *unit, column)
        } else if let Some((call, unit, theirs, ..)) = MADE.iter().find(|(call, ..)| name_of(call) == name) {
            measured(results, call, *unit, theirs)
        } else {
            let part = PARTS.iter().find(|(part, _)| *part == name);
            let (_, whole) = part.unwrap_or_else(|| panic!("`{name}` is compared with nothing"));
            let through = if whole.is_empty() { "-".to_owned() } else { format!("within `{whole}`") };
            format!("| | {through} | |")
        };
        writeln!(text, "| `{head}` | {words} {row}").expect("a string");
    }
    text += "\nAnd what people make of them:\n\n| of | warm-up | compared | error |\n|---|---|---|---|\n";
    for (call, _, column) in MADE_OF {
        let found = results[call];
        writeln!(text, "| `{call}` | {} | `{column}` | {} |", found.warm_up, share(found.error)).expect("a string");
    }
    text
}

fn measured(results: &BTreeMap<&str, Found>, call: &str, unit: In, theirs: &str) -> String {
    let found = results[call];
    format!("| {} | {} | `{call}`: `{theirs}` | {} |", unit.words(), found.warm_up, share(found.error))
}

fn share(error: f64) -> String {
    if error == 0.0 { "0".to_owned() } else { format!("{error:.0e}") }
}

/// The page as it stands, or as `GBC_BLESS=1` makes it.
fn page_is(wanted: &str) {
    let path = repository("docs/indicators.md");
    if std::env::var_os("GBC_BLESS").is_some_and(|bless| bless == "1") {
        std::fs::write(&path, wanted).expect("the page can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "docs/indicators.md is out of date: run this test once with GBC_BLESS=1");
}
