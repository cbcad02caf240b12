//! What a test is played on: a generic instrument, and rows made of what stands in the test.

use gbc_core::bars::Source as BarSource;
use gbc_core::session::Hours;
use gbc_core::time::{DAY, MINUTE, SECOND};
use gbc_core::{Block, Column, Instrument, NA, Ratio, RowKind, Schema};
use gbc_diagnostics::{Diagnostic, Span};
use gbc_driver::{TestFeed, TestRow};

pub(super) const MIDNIGHT: i64 = 1_736_121_600 * SECOND;
pub(super) const OPEN: i64 = MIDNIGHT + 9 * 60 * MINUTE + 30 * MINUTE;
pub(super) const TICK: Ratio = Ratio { num: 1, den: 4 };

/// What a market of a test trades.
pub(super) fn instrument(name: &str) -> Instrument {
    Instrument { hours: Some(Hours::of_tests()), ..Instrument::generic(name, TICK) }
}

/// What the bars of a market are made of.
pub(super) fn source(feeds: &[Block], market: usize) -> BarSource {
    let spans = feeds.iter().filter(|block| block.market == market).filter_map(|block| match block.schema {
        Schema::Bars { span_ns } => Some(span_ns),
        _ => None,
    });
    spans.min().map_or(BarSource::Trades, |span_ns| BarSource::Bars { span_ns })
}

/// The rows of a feed.
pub(super) fn block(feed: &TestFeed) -> Result<Block, Diagnostic> {
    match feed {
        TestFeed::Bars { market, span_ns, closes } => bars(*market, *span_ns, closes),
        TestFeed::L1 { market, rows } => l1(*market, rows),
    }
}

/// Bars that open, stay and close at one price.
fn bars(market: usize, span_ns: i64, closes: &[(f64, Span)]) -> Result<Block, Diagnostic> {
    let mut block = Block::new(market, Schema::Bars { span_ns });
    for (index, (close, span)) in closes.iter().enumerate() {
        let ticks = on_grid(*close, *span)?;
        // Days start at midnight, everything shorter when the exchange opens.
        let first = if span_ns >= DAY { MIDNIGHT } else { OPEN };
        let opens = first + index as i64 * span_ns;
        block.time.push(opens + span_ns);
        block.column_mut(Column::OpenTime).push(opens);
        for column in [Column::Open, Column::High, Column::Low, Column::Close] {
            block.column_mut(column).push(ticks);
        }
        block.column_mut(Column::Volume).push(1);
    }
    Ok(block)
}

pub(super) fn l1(market: usize, rows: &[TestRow]) -> Result<Block, Diagnostic> {
    let mut block = Block::new(market, Schema::L1);
    for row in rows {
        let price = |price: f64| on_grid(price, row.span);
        let size = |size: f64| Ratio::ONE.count_exact(size).ok_or_else(|| off_grid(size, "a whole lot", row.span));
        block.time.push(MIDNIGHT + row.time_ns);
        let mut put = |column: Column, value: i64| block.column_mut(column).push(value);
        let [bid, ask] = match row.quote {
            // As in files: a level of no size is an empty side.
            Some(levels) => {
                let [bid, ask] = levels.map(|(at, lots)| Ok((if lots == 0.0 { NA } else { price(at)? }, size(lots)?)));
                [bid?, ask?]
            }
            None => [(NA, 0); 2],
        };
        let trade = match row.trade {
            Some((at, lots)) => (price(at)?, size(lots)?),
            None => (NA, 0),
        };
        let kind = if row.trade.is_some() { RowKind::Trade } else { RowKind::Quote };
        put(Column::Kind, kind as i64);
        put(Column::BidPx, bid.0);
        put(Column::BidSz, bid.1);
        put(Column::AskPx, ask.0);
        put(Column::AskSz, ask.1);
        put(Column::Px, trade.0);
        put(Column::Sz, trade.1);
        put(Column::Side, 0);
    }
    Ok(block)
}

fn on_grid(price: f64, span: Span) -> Result<i64, Diagnostic> {
    TICK.count_exact(price).ok_or_else(|| off_grid(price, "a multiple of 0.25", span))
}

fn off_grid(value: f64, wanted: &str, span: Span) -> Diagnostic {
    Diagnostic::error("E0522", format!("{value} is not {wanted}"), span, "off the grid of a test's instrument")
        .help("tests trade a generic instrument with a tick of 0.25 and whole lots")
}

#[cfg(test)]
mod tests {
    use super::*;
    use gbc_core::Nanos;

    #[test]
    fn tests_start_on_a_monday_at_half_past_nine() {
        assert_eq!(crate::run::time_text(Nanos(OPEN)), "2025-01-06T09:30:00Z");
    }
}
