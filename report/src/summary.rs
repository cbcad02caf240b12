//! The one screen that a run ends with: at most 24 lines of at most 80 columns.

use gbc_core::Nanos;
use gbc_core::time::DAY;
use gbc_metrics::Figure;
use gbc_metrics::returns::ReturnStats;
use serde_json::Value;

use crate::calendar::minute_text;
use crate::number_text::{grouped, money, percent, ratio, signed_money};
use crate::sparkline::{drawdown_line, sparkline};
use crate::{Rows, RunReport, Severity, run_id};

const WIDTH: usize = 80;
/// Where values begin; what stands before is the label.
const LABEL: usize = 16;
/// The width of a value, and of the share beside it.
const VALUE: usize = 19;
const SHARE: usize = 8;
const OTHER: usize = 20;

/// What the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Colours.
    pub colour: bool,
    /// Characters beyond ASCII.
    pub unicode: bool,
}

/// What the run amounts to, for a terminal; `folder` is where its files are.
pub fn summary_text(report: &RunReport, folder: &str, look: Look) -> String {
    let paint = Paint { colour: look.colour };
    let mut lines = heading(report, &paint);
    lines.push(String::new());
    lines.extend(curve(report, look, &paint));
    lines.push(String::new());
    lines.extend(figures(report, &paint));
    lines.push(String::new());
    lines.push(fact("files", &from_the_end(folder, WIDTH - LABEL), &paint));
    lines.push(fact("result", &hashes(report), &paint));
    let text: String = lines.iter().map(|line| format!("{}\n", line.trim_end())).collect();
    if look.unicode { text } else { text.replace('–', "-").replace('…', "~") }
}

fn heading(report: &RunReport, paint: &Paint) -> Vec<String> {
    let dataset = &report.dataset;
    let markets: Vec<&str> = report.instruments.iter().map(|instrument| instrument.symbol.as_str()).collect();
    let run = format!("run {}", run_id(report));
    let room = WIDTH - 4 - run.len();
    let title = cut(&format!("{} on {}", report.strategy.name, markets.join(", ")), room);
    let gap = " ".repeat(room + 2 - title.chars().count());
    let params = report.strategy.params.iter().map(|(name, value)| format!("{name} {}", plain(value)));
    let params = params.collect::<Vec<_>>().join(", ");
    let mut lines = vec![format!("  {}{gap}{}", paint.bold(&title), paint.dim(&run))];
    // The file's name may be long; how much of what it holds must stay in sight.
    let rows = rows_text(dataset.rows, dataset.interval.as_deref());
    let filename = cut(&dataset.filename, WIDTH - LABEL - rows.len() - 2);
    lines.push(fact("data", &format!("{filename}, {rows}"), paint));
    if !matches!(dataset.rows, Rows::Bars(0) | Rows::Events(0)) {
        lines.push(fact("period", &period_text(dataset.start, dataset.end), paint));
    }
    if !params.is_empty() {
        lines.push(fact("parameters", &params, paint));
    }
    lines.push(fact("execution", &format!("profile {}", report.execution.name), paint));
    // What is shown below is of a part of the data alone.
    let wrong = report.messages.iter().rev().find(|message| message.level == Severity::Error);
    lines.extend(wrong.map(|message| fact("ended early", &cut(&message.text, WIDTH - LABEL), paint)));
    lines
}

pub(crate) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

pub(crate) fn rows_text(rows: Rows, interval: Option<&str>) -> String {
    match rows {
        Rows::Bars(count) => format!("{} bars of {}", grouped(count), interval.unwrap_or("any length")),
        Rows::Events(count) => format!("{} events", grouped(count)),
    }
}

pub(crate) fn period_text(start: Nanos, end: Nanos) -> String {
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
    let (account, trades, returns) = (&summary.account, &summary.trades, &summary.returns);
    let currency = report.instruments.first().map_or("", |instrument| instrument.currency.as_str());
    let count = match account.open_trades {
        0 => grouped(trades.count as u64),
        open => format!("{} + {open} open", grouped(trades.count as u64)),
    };
    let net = account.net_pnl;
    let dash = || "–".to_owned();
    let rows = [
        (cut(&format!("net P&L {currency}"), LABEL - 3), signed_money(net), percent(returns.total), "trades", count),
        left("gross P&L", signed_money(account.gross_pnl), "", "win rate", percent(trades.win_rate)),
        left("fees", money(account.fees), "", "profit factor", ratio(trades.profit_factor)),
        left("slippage", money(account.slippage), "", "", String::new()),
        left(
            "max drawdown",
            money(account.max_drawdown),
            &percent(summary.drawdowns.deepest),
            "mean trade",
            trades.expectancy.map_or_else(|_| dash(), signed_money),
        ),
        left("growth a year", percent(returns.cagr), "", "Sharpe", sharpe(returns)),
        left("volatility", percent(returns.volatility), "", "Sortino", ratio(returns.sortino)),
        left("exposure", percent(summary.activity.exposure), "", "edge ratio", ratio(summary.excursions.edge_ratio)),
    ];
    let pair = |(place, (name, value, share, right, other)): (usize, (String, String, String, &str, String))| {
        let value = format!("{value:>VALUE$}{share:>SHARE$}");
        let value = if place == 0 { paint.by_sign(net, &value) } else { value };
        let other = format!("{:>OTHER$}", cut(&other, OTHER));
        format!("  {}{value}   {}{other}", paint.dim(&pad(&name, LABEL - 2)), paint.dim(&pad(right, LABEL - 2)))
    };
    // What costs nothing under most profiles is told only where it does.
    rows.into_iter().filter(|row| row.0 != "slippage" || account.slippage > 0.0).enumerate().map(pair).collect()
}

fn left<'a>(
    name: &str,
    value: String,
    share: &str,
    right: &'a str,
    other: String,
) -> (String, String, String, &'a str, String) {
    (name.to_owned(), value, share.to_owned(), right, other)
}

/// Never alone: with the interval that the ratio lies in.
fn sharpe(returns: &ReturnStats) -> String {
    interval(returns).map_or(ratio(returns.sharpe), |interval| format!("{} ({interval})", ratio(returns.sharpe)))
}

/// `0.2 to 2.8`; none where it would say nothing.
pub(crate) fn interval(returns: &ReturnStats) -> Option<String> {
    let short = |figure: Figure| figure.ok().filter(|x| x.abs() < 100.0).map(|x| format!("{x:.1}"));
    Some(format!("{} to {}", short(returns.sharpe_low)?, short(returns.sharpe_high)?))
}

fn curve(report: &RunReport, look: Look, paint: &Paint) -> Vec<String> {
    let equity = report.records.equity;
    if equity.is_empty() {
        return vec![fact("equity", "no fills, no curve", paint)];
    }
    let worth = equity.iter().map(|point| point.equity);
    let low = worth.clone().min().expect("there is a point").to_f64();
    let high = worth.max().expect("there is a point").to_f64();
    let (width, ascii) = (WIDTH - LABEL, !look.unicode);
    let rise = sparkline(equity, width, ascii);
    let fall = drawdown_line(report.execution.cash, equity, width, ascii);
    let account = &report.summary.account;
    let ends = format!("{} to {}", money(account.start_equity), money(account.final_equity));
    vec![
        format!("  {}{}", paint.dim(&pad("equity", LABEL - 2)), paint.by_sign(account.net_pnl, &rise)),
        format!("  {}{}", paint.dim(&pad("below peak", LABEL - 2)), paint.by_sign(-account.max_drawdown, &fall)),
        fact("", &format!("{ends}, low {}, high {}", money(low), money(high)), paint),
    ]
}

/// Enough of each to tell runs apart.
fn hashes(report: &RunReport) -> String {
    let short = |hash: &str, digits: usize| hash.chars().take(digits).collect::<String>();
    let part = |name: &str, hash: &str| format!("{name} {}", short(hash, 8));
    format!(
        "{}, {}, {}, {}",
        short(&report.result_hash, 12),
        part("source", &report.strategy.sha256),
        part("data", &report.dataset.sha256),
        part("profile", &report.execution.sha256)
    )
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
mod tests;
