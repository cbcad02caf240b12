//! The one screen that a run ends with: at most 24 lines of at most 80 columns.

use gbc_core::Nanos;
use gbc_core::time::DAY;
use serde_json::Value;

use crate::calendar::minute_text;
use crate::number_text::{grouped, money, percent, ratio, signed_money};
use crate::sparkline::sparkline;
use crate::{Rows, RunReport};

const WIDTH: usize = 80;
/// Where values begin; what stands before is the label.
const LABEL: usize = 16;
/// The width of a value in the left one of two columns, and of one in the right.
const VALUE: usize = 18;

/// What the run amounts to, for a terminal; `folder` is where its files are.
pub fn summary_text(report: &RunReport, folder: &str, colour: bool) -> String {
    let paint = Paint { colour };
    let mut lines = heading(report, &paint);
    lines.push(String::new());
    lines.extend(figures(report, &paint));
    lines.push(String::new());
    lines.extend(curve(report, &paint));
    lines.push(String::new());
    lines.push(fact("files", &from_the_end(folder, WIDTH - LABEL), &paint));
    lines.push(fact("result", &report.result_hash.chars().take(16).collect::<String>(), &paint));
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn heading(report: &RunReport, paint: &Paint) -> Vec<String> {
    let dataset = &report.dataset;
    let markets: Vec<&str> = report.instruments.iter().map(|instrument| instrument.symbol.as_str()).collect();
    let title = cut(&format!("{} on {}", report.strategy.name, markets.join(", ")), WIDTH - 2);
    let params = report.strategy.params.iter().map(|(name, value)| format!("{name} {}", plain(value)));
    let params = params.collect::<Vec<_>>().join(", ");
    let mut lines = vec![format!("  {}", paint.bold(&title))];
    if !params.is_empty() {
        lines.push(fact("parameters", &params, paint));
    }
    // The file's name may be long; how much of what it holds must stay in sight.
    let rows = rows_text(dataset.rows, dataset.interval.as_deref());
    let filename = cut(&dataset.filename, WIDTH - LABEL - rows.len() - 2);
    lines.push(fact("data", &format!("{filename}, {rows}"), paint));
    lines.push(fact("period", &period_text(dataset.start, dataset.end), paint));
    lines.push(fact("execution", &report.execution.name, paint));
    lines
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn rows_text(rows: Rows, interval: Option<&str>) -> String {
    match rows {
        Rows::Bars(count) => format!("{} bars of {}", grouped(count), interval.unwrap_or("any length")),
        Rows::Events(count) => format!("{} events", grouped(count)),
    }
}

fn period_text(start: Nanos, end: Nanos) -> String {
    let days = (i128::from(end.0) - i128::from(start.0)) / i128::from(DAY);
    let days = match days {
        0 => String::new(),
        1 => ", 1 day".to_owned(),
        days => format!(", {days} days"),
    };
    format!("{} to {} UTC{days}", minute_text(start), minute_text(end))
}

fn figures(report: &RunReport, paint: &Paint) -> Vec<String> {
    let summary = report.summary;
    let currency = report.instruments.first().map_or("", |instrument| instrument.currency.as_str());
    let trades = match summary.open_trades {
        0 => grouped(summary.trade_count as u64),
        open => format!("{} + {open} open", grouped(summary.trade_count as u64)),
    };
    let net = paint.by_sign(summary.net_pnl, &format!("{:>VALUE$}", signed_money(summary.net_pnl)));
    let rows = [
        (label("net P&L", currency), net, "trades", trades),
        row("gross P&L", &signed_money(summary.gross_pnl), "win rate", percent(summary.win_rate)),
        row("fees", &money(summary.fees), "profit factor", ratio(summary.profit_factor)),
        row("max drawdown", &money(summary.max_drawdown), "average R", ratio(summary.avg_rr)),
        row("start equity", &money(summary.start_equity), "Sharpe", ratio(summary.sharpe)),
        row("final equity", &money(summary.final_equity), "exposure", percent(summary.exposure)),
    ];
    let pair = |(left, value, right, other): (String, String, &str, String)| {
        format!(
            "  {}{value}      {}{other:>VALUE$}",
            paint.dim(&pad(&left, LABEL - 2)),
            paint.dim(&pad(right, LABEL - 2))
        )
    };
    rows.into_iter().map(pair).collect()
}

fn row<'a>(left: &str, value: &str, right: &'a str, other: String) -> (String, String, &'a str, String) {
    (left.to_owned(), format!("{value:>VALUE$}"), right, other)
}

fn label(name: &str, currency: &str) -> String {
    cut(&format!("{name} {currency}"), LABEL - 3)
}

fn curve(report: &RunReport, paint: &Paint) -> Vec<String> {
    let equity = report.records.equity;
    if equity.is_empty() {
        return vec![fact("equity", "no fills, no curve", paint)];
    }
    let worth = equity.iter().map(|point| point.equity);
    let low = worth.clone().min().expect("there is a point").to_f64();
    let high = worth.max().expect("there is a point").to_f64();
    let line = sparkline(equity, WIDTH - LABEL - 2);
    vec![
        format!("  {}{}", paint.dim(&pad("equity", LABEL - 2)), paint.by_sign(report.summary.net_pnl, &line)),
        fact("", &format!("low {}, high {}", money(low), money(high)), paint),
    ]
}

fn fact(label: &str, value: &str, paint: &Paint) -> String {
    format!("  {}{}", paint.dim(&pad(label, LABEL - 2)), cut(value, WIDTH - LABEL))
}

fn pad(text: &str, width: usize) -> String {
    format!("{text:<width$}")
}

/// The beginning of a text that is too long.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width - 1).chain(['…']).collect()
}

/// The end of a path that is too long: the part that tells runs apart.
fn from_the_end(path: &str, width: usize) -> String {
    let count = path.chars().count();
    if count <= width {
        return path.to_owned();
    }
    std::iter::once('…').chain(path.chars().skip(count + 1 - width)).collect()
}

struct Paint {
    colour: bool,
}

impl Paint {
    fn by_sign(&self, value: f64, text: &str) -> String {
        match value {
            value if value > 0.0 => self.with("32", text),
            value if value < 0.0 => self.with("31", text),
            _ => text.to_owned(),
        }
    }

    fn bold(&self, text: &str) -> String {
        self.with("1", text)
    }

    fn dim(&self, text: &str) -> String {
        self.with("2", text)
    }

    fn with(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::sample;

    fn fits(text: &str) {
        assert!(text.lines().count() <= 24, "{text}");
        for line in text.lines() {
            assert!(line.chars().count() <= WIDTH, "{} columns: {line}", line.chars().count());
        }
    }

    fn without_colour(text: &str) -> String {
        let mut plain = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('\x1b') {
            plain.push_str(before);
            rest = after.split_once('m').expect("every colour ends").1;
        }
        plain + rest
    }

    #[test]
    fn a_small_run_reads_well() {
        let text = summary_text(&sample::Owned::new().report(), "runs/ema-cross-0a1b2c", false);
        println!("{text}");
        fits(&text);
        let expected = include_str!("summary/small.txt");
        assert_eq!(text, expected);
    }

    #[test]
    fn colour_changes_nothing_but_colour() {
        let owned = sample::Owned::new();
        let text = summary_text(&owned.report(), "runs/x", true);
        assert!(text.contains("\x1b[32m"));
        assert_eq!(without_colour(&text), summary_text(&owned.report(), "runs/x", false));
    }

    #[test]
    fn the_largest_run_still_fits() {
        let mut owned = sample::Owned::new();
        owned.summary.net_pnl = -999_999_999_999.99;
        owned.summary.gross_pnl = 1.0e18;
        owned.summary.final_equity = f64::MAX;
        owned.summary.trade_count = 123_456_789;
        owned.summary.open_trades = 1_234;
        owned.summary.sharpe = Some(-1.0e300);
        owned.instruments[0].symbol = "A-VERY-LONG-SYMBOL-INDEED".repeat(5);
        owned.instruments[0].currency = "DOGECOINS".to_owned();
        let mut report = owned.report();
        report.dataset.filename = "data".repeat(40);
        report.dataset.rows = Rows::Events(u64::MAX);
        for number in 0..40 {
            report.strategy.params.insert(format!("parameter_{number}"), number.into());
        }
        fits(&summary_text(&report, &"folder/".repeat(30), false));
    }

    #[test]
    fn a_run_without_a_fill_says_so() {
        let mut owned = sample::Owned::new();
        owned.equity.clear();
        owned.summary = Default::default();
        let text = summary_text(&owned.report(), "runs/x", false);
        fits(&text);
        assert!(text.contains("no fills, no curve"));
    }
}
