//! Columns that TradingView itself computed, on half-hours of EUR/USD.

use super::*;

/// A file and its column, and what says the same here.
const COLUMNS: [(&str, &str, &str); 29] = [
    ("ma", "ta.sma(close, 10)", "sma(b.close, 10)"),
    ("ma", "ta.sma(hl2, 20)", "sma((b.high + b.low) / 2, 20)"),
    ("ma", "ta.sma(hlc3, 15)", "sma(typical_price(b), 15)"),
    ("ma", "ta.ema(close, 20)", "ema(b.close, 20)"),
    ("ma", "ta.ema(ohlc4, 10)", "ema((b.open + b.high + b.low + b.close) / 4, 10)"),
    ("ma", "ta.rma(hlcc4, 5)", "rma((b.high + b.low + 2 * b.close) / 4, 5)"),
    ("ma", "ta.rma(high, 15)", "rma(b.high, 15)"),
    ("ma", "ta.wma(close, 5)", "wma(b.close, 5)"),
    ("ma", "ta.wma(close, 20)", "wma(b.close, 20)"),
    ("ma", "ta.hma(close, 9)", "hull(b.close, 9)"),
    ("ma", "ta.hma(close, 20)", "hull(b.close, 20)"),
    ("ma", "ta.swma(hlc3)", "swma(typical_price(b))"),
    ("ma", "ta.vwma(close, 20)", "vwma(b, 20) else mean(b.close, 20)"),
    ("bb", "ta.bb(close, 20, 2).base", "bollinger(b.close, 20, 2).middle"),
    ("bb", "ta.bb(close, 20, 2).upper", "bollinger(b.close, 20, 2).upper"),
    ("bb", "ta.bb(close, 20, 2).lower", "bollinger(b.close, 20, 2).lower"),
    ("bb", "ta.bbw(close, 20, 2.1)", "bollinger(b.close, 20, 2.1).width"),
    // TradingView starts each average by itself, TA-Lib both at once.
    ("macd", "ta.macd(close, 12, 26, 9).macd", "ema(b.close, 12) - ema(b.close, 26)"),
    ("macd", "ta.macd(close, 12, 26, 9).signal", "ema(ema(b.close, 12) - ema(b.close, 26), 9)"),
    ("macd", "ta.macd(close, 12, 26, 9).hist", HISTOGRAM),
    ("mfi_rsi_stoch", "ta.mfi(close, 14)", "mfi_of(b.close, b.volume, 14)"),
    ("mfi_rsi_stoch", "ta.rsi(close, 14)", "rsi(b.close, 14)"),
    ("mfi_rsi_stoch", "ta.stoch(close, high, low, 20)", "percent_k(b, 20)"),
    // The first bar has no true range in TA-Lib, and its own range in TradingView.
    ("supertrend", "ta.supertrend(3, 10).up", RISING),
    ("supertrend", "ta.supertrend(3, 10).down", RISING),
    ("tr", "ta.tr(false)", "tr(b)"),
    ("tr", "ta.tr(true)", "tr(b) else b.high - b.low"),
    ("tr", "ta.tr", "true_range(b)"),
    ("tr", "ta.atr(14)", "rma(tr(b) else b.high - b.low, 14)"),
];

const HISTOGRAM: &str = "ema(b.close, 12) - ema(b.close, 26) - ema(ema(b.close, 12) - ema(b.close, 26), 9)";

const RISING: &str = "supertrend_of(b, rma(tr(b) else b.high - b.low, 10), 3).line";

/// Holds every column; nothing if they do not lie beside the checkout.
pub fn all_agree() -> Option<Vec<(&'static str, Found)>> {
    let folder = shared("oracles/indicators_tv")?;
    Some(COLUMNS.iter().map(|(file, column, call)| (*column, agrees(&folder, file, column, call))).collect())
}

fn agrees(folder: &Path, file: &str, name: &str, call: &str) -> Found {
    let path = folder.join(format!("{file}.csv"));
    let (wanted, unit) = (values(&path, name), if is_plain(call) { Plain } else { Price });
    let found = wishes(&path, &unit.plain(call));
    assert_eq!(found.len(), wanted.len(), "{name}");
    let (mut widest, mut largest) = (0.0_f64, 0.0_f64);
    for (row, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
        match (found, wanted.is_nan()) {
            (Some(found), false) => {
                assert!(close(*found, *wanted, 1e-9, 1e-9), "{name}: row {row}: {found} is not {wanted}");
                (widest, largest) = (max(widest, (found - wanted).abs()), max(largest, wanted.abs()));
            }
            // One column while the line lies below, the other while it lies above; before the first, a plotted 0.
            (Some(_), true) => assert_eq!(call, RISING, "{name}: row {row} has a value"),
            // Their money flow counts the first bar, which has none before it, and so starts a bar sooner.
            (None, false) => {
                let sooner = (call == RISING && row == 0) || (call == "mfi_of(b.close, b.volume, 14)" && row == 13);
                assert!(sooner, "{name}: row {row} has no value");
            }
            (None, true) => {}
        }
    }
    let warm_up = 1 + found.iter().position(Option::is_some).expect("it has values");
    Found { warm_up, error: if largest > 0.0 { widest / largest } else { 0.0 } }
}

fn is_plain(call: &str) -> bool {
    call.ends_with(".width") || ["mfi_of", "rsi", "percent_k"].contains(&name_of(call))
}

/// A column of a file whose heads may hold commas in quotes.
fn values(path: &Path, name: &str) -> Vec<f64> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = text.lines();
    let (mut heads, mut quoted) = (vec![String::new()], false);
    for letter in lines.next().expect("a first line").chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => heads.push(String::new()),
            other => heads.last_mut().expect("there is a head").push(other),
        }
    }
    let index = heads.iter().position(|head| head == name).unwrap_or_else(|| panic!("no column {name}"));
    let number = |line: &str| line.split(',').nth(index).and_then(|cell| cell.parse().ok()).expect("a number");
    lines.map(number).collect()
}

/// Their columns as a table.
pub fn table(results: &[(&str, Found)]) -> String {
    let mut text = "
And the columns that TradingView computed, on half-hours of EUR/USD:

| TradingView | here | warm-up | error |
|---|---|---|---|
"
    .to_owned();
    for ((name, found), (.., call)) in results.iter().zip(COLUMNS) {
        writeln!(text, "| `{name}` | `{call}` | {} | {} |", found.warm_up, share(found.error)).expect("a string");
    }
    text + "
Their macd starts each average by itself, TA-Lib's starts both at once; their `atr` counts the first bar's range, TA-Lib's does not, and their `mfi` starts a bar sooner:
`macd`, `atr` and `supertrend` follow TA-Lib, and the calls above say the other. Of their columns, `ta.alma` has no function
here: it weighs each step of a window by a bell curve, and windows have no weights of one's own.
"
}
