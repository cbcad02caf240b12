//! The tables of the page: months, trades, every figure.

use std::collections::BTreeMap;

use gbc_core::maths;
use gbc_metrics::months::months;
use gbc_metrics::{Excursion, Figure, Told};
use gbc_portfolio::{Side, Trade};

use super::axis::{decimal_text, month_name};
use super::markup::{Align, Column, escaped, table};
use crate::RunReport;
use crate::calendar::minute_text;
use crate::number_text::{grouped, signed_money};

/// Trades shown from the start, and from the end.
const MOST_TRADES: usize = 250;

/// Returns by month and year.
pub(crate) fn month_section(report: &RunReport) -> String {
    let mut years: BTreeMap<i64, [Option<Figure>; 12]> = BTreeMap::new();
    for month in months(report.execution.cash, report.records.closes) {
        years.entry(month.year).or_default()[(month.month - 1) as usize] = Some(month.gain);
    }
    if years.is_empty() {
        return String::new();
    }
    let mut columns = vec![Column("", Align::Text)];
    columns.extend((1..=12).map(|month| Column(month_name(month), Align::Number)));
    columns.push(Column("Year", Align::Number));
    let rows: Vec<Vec<String>> = years.iter().map(|(year, gains)| year_row(*year, gains)).collect();
    format!("<section><h2>Months, in percent</h2>\n{}</section>\n", table("months", &columns, &rows))
}

fn year_row(year: i64, gains: &[Option<Figure>; 12]) -> Vec<String> {
    let whole = gains.iter().flatten().try_fold(1.0, |growth, gain| gain.map(|gain| growth * (1.0 + gain)));
    let cells = gains.iter().map(|gain| gain.map_or(String::new(), gain_cell));
    let year = std::iter::once(format!("<b>{year}</b>"));
    year.chain(cells).chain([gain_cell(whole.map(|growth| growth - 1.0))]).collect()
}

/// Two decimals and a tint: the sign can be read without the colour.
fn gain_cell(gain: Figure) -> String {
    let Ok(gain) = gain else { return "–".to_owned() };
    let class = if gain < 0.0 { "down" } else { "up" };
    format!("<span class=\"{class}\">{}</span>", decimal_text(gain * 100.0, 2))
}

/// Every trade, or the first and the last ones of many.
pub(crate) fn trade_section(report: &RunReport) -> String {
    let trades = report.records.trades;
    if trades.is_empty() {
        return "<section><h2>Trades</h2><p>No trade was opened.</p></section>\n".to_owned();
    }
    let several = report.instruments.len() > 1;
    let reach = trades.iter().map(Excursion::of).map(|it| maths::max(it.mfe, -it.mae)).fold(0.0, maths::max);
    let mut columns = vec![Column("#", Align::Number)];
    columns.extend(several.then_some(Column("market", Align::Text)));
    columns.extend([
        Column("side", Align::Text),
        Column("lots", Align::Number),
        Column("in", Align::Text),
        Column("at", Align::Number),
        Column("out", Align::Text),
        Column("at", Align::Number),
        Column("held", Align::Number),
        Column("result", Align::Number),
        Column("fees", Align::Number),
        Column("MAE", Align::Number),
        Column("MFE", Align::Number),
        Column("way", Align::Text),
    ]);
    let shown: Vec<&Trade> = if trades.len() <= 2 * MOST_TRADES {
        trades.iter().collect()
    } else {
        trades[..MOST_TRADES].iter().chain(&trades[trades.len() - MOST_TRADES..]).collect()
    };
    let rows: Vec<Vec<String>> = shown.iter().map(|trade| trade_row(report, trade, several, reach)).collect();
    let note = if shown.len() < trades.len() {
        format!(
            "<p class=\"note\">The first and the last {MOST_TRADES} of {} trades; <code>trades.parquet</code> has all.</p>\n",
            grouped(trades.len() as u64)
        )
    } else {
        String::new()
    };
    let key = "<p>Results are after fees. MAE and MFE are the worst and the best open result before fees; under “way” a line goes from one to \
               the other, with a dot where the trade ended.</p>\n";
    format!("<section><h2>Trades</h2>\n{key}{note}{}</section>\n", table("trades", &columns, &rows))
}

fn trade_row(report: &RunReport, trade: &Trade, several: bool, reach: f64) -> Vec<String> {
    let instrument = &report.instruments[trade.market];
    let price = |ticks: i64| decimal_text(instrument.tick.times(ticks), decimals(instrument.tick.times(1)));
    let way = Excursion::of(trade);
    let result = trade.pnl.to_f64();
    let mut row = vec![trade.id.to_string()];
    row.extend(several.then(|| escaped(&instrument.symbol)));
    row.extend([
        if trade.side == Side::Buy { "long" } else { "short" }.to_owned(),
        decimal_text(instrument.lot.times(trade.size), decimals(instrument.lot.times(1))),
        minute_text(trade.entry_time),
        price(trade.entry_price),
        trade.exit.map_or_else(|| "<i>open</i>".to_owned(), |exit| minute_text(exit.time)),
        trade.exit.map_or_else(String::new, |exit| price(exit.price)),
        gbc_metrics::trades::hold_sec(trade).map_or_else(String::new, hold_text),
        format!("<span class=\"{}\">{}</span>", if result < 0.0 { "down" } else { "up" }, minus(&signed_money(result))),
        decimal_text(trade.fees.to_f64(), 2),
        decimal_text(way.mae, 2),
        decimal_text(way.mfe, 2),
        way_picture(&way, (trade.pnl + trade.fees).to_f64(), reach),
    ]);
    row
}

/// The worst, the best and the end of a trade on one line; the middle is its entry.
fn way_picture(way: &Excursion, result: f64, reach: f64) -> String {
    let x = |value: f64| 60.0 + if reach > 0.0 { value / reach * 56.0 } else { 0.0 };
    let class = if result < 0.0 { "down-dot" } else { "up-dot" };
    format!(
        "<svg class=\"way\" viewBox=\"0 0 120 12\" aria-hidden=\"true\"><path class=\"grid\" d=\"M60 0v12\"/>\
         <path class=\"reach\" d=\"M{:.1} 6H{:.1}\"/><circle class=\"{class}\" cx=\"{:.1}\" cy=\"6\" r=\"3\"/></svg>",
        x(way.mae),
        x(way.mfe),
        x(result)
    )
}

fn hold_text(seconds: f64) -> String {
    let whole = seconds as u64;
    match whole {
        0..=59 => format!("{} s", decimal_text(seconds, if seconds < 10.0 { 1 } else { 0 })),
        60..=3_599 => format!("{} min", whole / 60),
        3_600..=86_399 => format!("{} h {:02}", whole / 3_600, whole % 3_600 / 60),
        _ => format!("{} d {} h", whole / 86_400, whole % 86_400 / 3_600),
    }
}

fn decimals(step: f64) -> usize {
    (0..9).find(|decimals| format!("{step:.decimals$}").parse() == Ok(step)).unwrap_or(9)
}

pub(crate) fn minus(text: &str) -> String {
    text.replace('-', "−")
}

/// Every figure of the summary with its definition.
pub(crate) fn figure_section(report: &RunReport) -> String {
    let groups = report.summary.groups().into_iter().map(|group| {
        let rows: Vec<Vec<String>> = group
            .entries
            .iter()
            .map(|entry| vec![format!("<code>{}</code>", entry.name), told(entry.told), escaped(entry.definition)])
            .collect();
        let columns = [Column("name", Align::Text), Column("value", Align::Number), Column("definition", Align::Text)];
        format!("<h3>{}</h3>\n{}", group.title, table("figures", &columns, &rows))
    });
    format!(
        "<section><h2>All figures</h2><details><summary>Every figure and how it is defined</summary>\n{}</details></section>\n",
        groups.collect::<String>()
    )
}

fn told(told: Told) -> String {
    match told {
        Told::Count(count) => grouped(count),
        Told::Figure(Ok(value)) => figure_text(value),
        Told::Figure(Err(why)) => format!("<i>{}</i>", escaped(why.words())),
    }
}

/// As many digits as a figure deserves.
fn figure_text(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if size < 0.000_1 => minus(&format!("{value:.2e}")),
        size if size < 1.0 => decimal_text(value, 4),
        _ => decimal_text(value, 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time_are_read_at_a_glance() {
        let told: Vec<String> = [0.25, 59.0, 60.0, 5_400.0, 90_000.0].into_iter().map(hold_text).collect();
        assert_eq!(told, ["0.2 s", "59 s", "1 min", "1 h 30", "1 d 1 h"]);
    }

    #[test]
    fn figures_have_the_digits_they_deserve() {
        let told: Vec<String> = [0.0, -0.000_012, 0.123_456, -1_234.567].into_iter().map(figure_text).collect();
        assert_eq!(told, ["0", "−1.20e−5", "0.1235", "−1,234.57"]);
        assert_eq!((decimals(0.25), decimals(1.0), decimals(1e-8)), (2, 0, 8));
    }
}
