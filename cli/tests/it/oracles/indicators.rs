//! Every indicator against TA-Lib and pandas, row for row; what comes out is the page `docs/indicators.md`.
//!
//! The wish is the probe: a target says what the indicator is worth after each row.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use gbc_core::bars::Source as BarSource;
use gbc_core::maths::max;
use gbc_core::session::Hours;
use gbc_core::time::span_text;
use gbc_core::{Block, Event, Instrument, Schema, Strategy, View, Wishes};
use gbc_data::{Dataset, Options, Stamp};

use super::*;
use crate::world::{Folder, shared};
use crate::world::{checked, repository, source};

mod cases;
mod trading_view;

use cases::{COLUMNS, HANG_ON_TIES, MADE, MADE_OF, TIES_AGREE, WINDOWS};

/// What a value is measured in; a probe that makes a plain number of it with another unit is refused.
#[derive(Clone, Copy)]
pub enum In {
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

/// The files of the library, in the order of the page.
const FILES: [&str; 8] = ["averages", "momentum", "trend", "bands", "volume", "statistics", "past", "flow"];

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
    let all_day = Hours { weekends: true, ..Hours::weekdays(0, 0, "UTC") };
    let instruments = vec![Instrument { hours: Some(all_day), ..dataset.instrument.clone() }];
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
    // The first value comes exactly when the compiler said it would.
    let target = program.facts.get(program.program.targets[0].value);
    let proven: u64 = target.warm_up.0.as_ref().expect("a target has a first value").values().sum();
    let first = told.iter().position(Option::is_some).expect("it has values");
    assert_eq!(first as u64 + 1, proven.max(1), "{value}: the warm-up is not the proven one");
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
fn every_function_has_an_example_that_holds() {
    let functions = definitions().len() - WINDOWS.len();
    let library = repository("stdlib");
    let ran = Folder::new("examples").gbc(&["test", &library.display().to_string(), "--format", "json"]).ends(0);
    assert!(ran.out.matches("example of").count() >= functions, "{}", ran.out);
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
        "percent_k(b, 14)",
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
        "di(b, 14).plus",
        "di(b, 14).minus",
        "adx(b, 14)",
        "skew(b.close, 7)",
        "zscore(b.close, 7)",
    ];
    let others = [("aroon(b, 14).up", 100.0), ("aroon(b, 14).down", 100.0), ("obv(b)", 10.0)];
    for (call, wanted) in nothing.map(|call| (call, 0.0)).into_iter().chain(others) {
        let told = wishes(&here.0.join("still.csv"), call);
        assert_eq!(told.last().copied().flatten(), Some(wanted), "{call}");
    }
}

#[test]
fn indicators_are_theirs_row_for_row() {
    let Some(folder) = shared("oracles/indicators") else { return };
    let manifest = manifest(&folder);
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
    let Some(theirs) = trading_view::all_agree() else { return };
    page_is(&page(&results, &theirs));
}

fn name_of(call: &str) -> &str {
    call.split('(').next().expect("a call has a name")
}

/// `ema`, `ema(x, n)` and the words above it in the library.
fn definitions() -> Vec<(String, String, String)> {
    let mut told: Vec<(String, String, String)> = WINDOWS
        .iter()
        .map(|(name, inputs, words)| (name.to_string(), format!("{name}({inputs})"), words.to_string()))
        .collect();
    for file in FILES {
        let (text, mut words) = (source(&format!("stdlib/{file}.gbs")), Vec::new());
        for line in text.lines() {
            if let Some(said) = line.strip_prefix("/// ") {
                words.push(said);
            } else if let Some(head) = line.strip_prefix("pub fn ") {
                let head = &head[..=head.find(')').expect("inputs end")];
                let head = head.replace(": int", "").replace(": bool", "");
                let (examples, said): (Vec<&str>, Vec<&str>) =
                    words.drain(..).partition(|word| word.starts_with("Example: "));
                assert!(!said.is_empty() && !examples.is_empty(), "`{head}` lacks its words or its example");
                told.push((name_of(&head).to_owned(), head, said.join(" ")));
            } else {
                words.clear();
            }
        }
    }
    told
}

fn page(results: &BTreeMap<&str, Found>, theirs: &[(&str, Found)]) -> String {
    let mut text = "# Indicators

Every window and every function of the [standard library](../stdlib), and how it fares against other people's numbers.
`cargo test -p gbc-cli --test it oracles` compares them row for row and writes this page: `GBC_BLESS=1` before it brings it up to date.

`x` is any number, `b` a bar series, `n` a count of steps. Where a unit is that of x and the function takes bars, it is a price.
Warm-up is how many bars pass up to the first value, for the call in the last but one column: the number that the compiler proves, and what came out. A column such as `ema_10` is compared on
four files: days of GOOG, hours of EUR/USD, minutes of ES, seconds of SPY; a name in capitals is TA-Lib's function on sixty made bars.
`di` and `adx` are compared on GOOG and ES alone: on the others some moves up and down are of as many ticks, equal here and
unequal by rounding in TA-Lib. The error is the largest difference from theirs, as a share of the column's largest value; on made bars,
of the value itself. Those of `zscore` and `slope` are the running sums of pandas and TA-Lib: plain loops differ from them as much.
What is compared with nothing is held by its example, which `gbc test stdlib` plays: `b` by high, low and close.
TA-Lib shows `chaikin` from bar `slow` on, with the same values.

| function | what it gives | unit | warm-up | compared | error |
|---|---|---|---|---|---|
"
    .to_owned();
    for (name, head, words) in definitions() {
        // `slope` has two forms, told apart by how many inputs they take.
        let is = |call: &str| name_of(call) == name && (name != "slope" || inputs_of(call) == inputs_of(&head));
        let columns = COLUMNS.iter().map(|(call, unit, column)| (*call, *unit, *column));
        let made = MADE.iter().map(|(call, unit, theirs, ..)| (*call, *unit, *theirs));
        let mut fields: Vec<&str> = Vec::new();
        for (call, unit, theirs) in columns.chain(made).filter(|(call, ..)| is(call)) {
            let field = field_of(call);
            if !fields.contains(&field) {
                let (head, words) = if fields.is_empty() { (head.as_str(), words.as_str()) } else { (field, "") };
                writeln!(text, "| `{head}` | {words} {}", measured(results, call, unit, theirs)).expect("a string");
                fields.push(field);
            }
        }
        if fields.is_empty() {
            writeln!(text, "| `{head}` | {words} | | | by its example | |").expect("a string");
        }
    }
    text += "\nAnd what people make of them:\n\n| of | warm-up | compared | error |\n|---|---|---|---|\n";
    for (call, _, column) in MADE_OF {
        let found = results[call];
        writeln!(text, "| `{call}` | {} | `{column}` | {} |", found.warm_up, share(found.error)).expect("a string");
    }
    text += &trading_view::table(theirs);
    text
}

/// `.upper`, of a call that gives several values.
fn field_of(call: &str) -> &str {
    call.rsplit_once(')').map_or("", |(_, field)| field)
}

fn inputs_of(call: &str) -> usize {
    call.matches(',').count() + 1
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
