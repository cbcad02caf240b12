//! The way of a market's price, and where we bought and sold.

use std::collections::BTreeMap;
use std::fmt::Write;

use gbc_core::{MarketId, Nanos, Ratio, maths};
use gbc_portfolio::{Fill, Side};

use super::axis::Axis;
use super::markup::escaped;
use super::picture::{Panel, Size, picture};
use crate::number_text::grouped;
use crate::{PriceSpan, RunReport};

/// Markets that get a picture; a page of hundreds would be read by nobody.
const MOST_MARKETS: usize = 6;

/// One section for all markets.
pub(crate) fn price_sections(report: &RunReport) -> String {
    let drawn = report.prices.iter().enumerate().filter(|(_, spans)| spans.len() > 1);
    let mut sections: String =
        drawn.clone().take(MOST_MARKETS).map(|(market, spans)| section(report, market, spans)).collect();
    let count = drawn.count();
    if count > MOST_MARKETS {
        let _ = writeln!(sections, "<p class=\"note\">{} more markets are not drawn.</p>", count - MOST_MARKETS);
    }
    sections
}

fn section(report: &RunReport, market: MarketId, spans: &[PriceSpan]) -> String {
    let fills: Vec<&Fill> = report.records.fills.iter().filter(|fill| fill.market == market).collect();
    let instrument = &report.instruments[market];
    let symbol = escaped(&instrument.symbol);
    let bought = fills.iter().filter(|fill| fill.side == Side::Buy).count();
    let sold = fills.len() - bought;
    let key = format!(
        "<span class=\"buy-word\">▲ bought {}</span>, <span class=\"sell-word\">▼ sold {}</span>.",
        times(bought),
        times(sold)
    );
    let about = format!("Price of {} with fills: bought {}, sold {}", instrument.symbol, times(bought), times(sold));
    let tick = instrument.tick;
    let picture = picture(&about, |size| draw(size, tick, spans, &fills));
    format!("<section><h2>{symbol} and our fills</h2><p>{key}</p>\n{picture}</section>\n")
}

fn times(count: usize) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        count => format!("{} times", grouped(count as u64)),
    }
}

fn draw(size: Size, tick: Ratio, spans: &[PriceSpan], fills: &[&Fill]) -> (f64, String) {
    let points = |half_ticks: i64| tick.times(half_ticks) / 2.0;
    let price = |ticks: i64| tick.times(ticks);
    let low = spans.iter().map(|span| points(span.low)).chain(fills.iter().map(|fill| price(fill.price)));
    let high = spans.iter().map(|span| points(span.high)).chain(fills.iter().map(|fill| price(fill.price)));
    let (low, high) = (low.fold(f64::INFINITY, maths::min), high.fold(f64::NEG_INFINITY, maths::max));
    let height = if size == Size::Wide { 300.0 } else { 210.0 };
    let panel = Panel { size, top: 12.0, height, axis: Axis::around(low, high, 5), points: spans.len() };
    let mut out = panel.grid(|axis, value| axis.text(value));
    let way = spans.iter().enumerate().flat_map(|(place, span)| {
        [span.low, span.high, span.last].into_iter().map(move |half_ticks| (place, points(half_ticks)))
    });
    let _ = writeln!(out, "<path class=\"price\" d=\"{}\"/>", panel.curve(way));
    for (side, x, y) in marks(&panel, spans, fills, price) {
        out += &arrow(side, x, y);
    }
    let times: Vec<Nanos> = spans.iter().map(|span| span.time).collect();
    out += &panel.calendar(&times);
    (panel.top + height + 26.0, out)
}

/// Arrows: one for each fill, but no two of a side on the same pixels, so that there are never more than the picture holds.
fn marks(panel: &Panel, spans: &[PriceSpan], fills: &[&Fill], price: impl Fn(i64) -> f64) -> Vec<(Side, f64, f64)> {
    const PIXELS: f64 = 3.0;
    let mut cells: BTreeMap<(u8, i64, i64), (Side, f64, f64)> = BTreeMap::new();
    for fill in fills {
        let place = spans.partition_point(|span| span.time < fill.time).min(spans.len() - 1);
        let (x, y) = (panel.x(place), panel.y(price(fill.price)));
        let cell = (u8::from(fill.side == Side::Sell), (x / PIXELS) as i64, (y / PIXELS) as i64);
        cells.entry(cell).or_insert((fill.side, x, y));
    }
    cells.into_values().collect()
}

/// A small triangle whose tip is at the price.
fn arrow(side: Side, x: f64, y: f64) -> String {
    let (class, down) = match side {
        Side::Buy => ("buy", 7.0),
        Side::Sell => ("sell", -7.0),
    };
    format!("<path class=\"{class}\" d=\"M{x:.1} {y:.1}l4 {down}h-8z\"/>\n")
}
