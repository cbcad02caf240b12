//! `gbc test`: the `test` blocks of strategies, and the examples of libraries.
//!
//! A test runs on a generic instrument (tick 0.25, one currency unit a point, no costs), on 2025-01-06 from 09:30 UTC.

mod examples;

use std::ops::ControlFlow;

use gbc_core::bars::Source as BarSource;
use gbc_core::session::Hours;
use gbc_core::time::{DAY, MINUTE, SECOND};
use gbc_core::{Block, Column, Instrument, Money, NA, Ratio, RowKind, Schema};
use gbc_data::MemoryFeed;
use gbc_diagnostics::{Diagnostic, Span};
use gbc_driver::{Checked, TestFeed, TestRow};
use gbc_engine::{FeedInput, Halt, Setup};
use gbc_exec::Profile;

use crate::args::{Format, TestArgs};
use crate::check::rendered;
use crate::exit::Exit;
use crate::{libraries, out, project};

const MIDNIGHT: i64 = 1_736_121_600 * SECOND;
const OPEN: i64 = MIDNIGHT + 9 * 60 * MINUTE + 30 * MINUTE;
const TICK: Ratio = Ratio { num: 1, den: 4 };

pub(crate) fn test(args: &TestArgs) -> Result<(), Exit> {
    let (mut passed, mut failed, mut broken) = (0, 0, 0);
    for path in project::sources(&args.paths)? {
        let checked = libraries::checked(&path)?;
        if !checked.is_sound() {
            broken += 1;
            for diagnostic in checked.diagnostics.in_order() {
                out::print(&rendered(&checked.source, diagnostic, args.format))?;
            }
            continue;
        }
        for index in 0..checked.program.tests.len() {
            let wrong = run_one(&checked, index);
            if wrong.is_empty() {
                passed += 1
            } else {
                failed += 1
            }
            tell(args, &checked, &checked.program.tests[index].name, &wrong)?;
        }
        for played in examples::play_all(&checked) {
            *(if played.wrong.is_empty() { &mut passed } else { &mut failed }) += 1;
            tell(args, &checked, &played.name, &played.wrong)?;
        }
    }
    if args.format == Format::Text {
        let unread = if broken == 0 { String::new() } else { format!(", {broken} files with errors") };
        out::print(&format!("{passed} passed, {failed} failed{unread}\n"))?;
    }
    if failed + broken == 0 { Ok(()) } else { Err(Exit::program()) }
}

fn tell(args: &TestArgs, checked: &Checked, name: &str, wrong: &[Diagnostic]) -> Result<(), Exit> {
    if args.format == Format::Json {
        let line = serde_json::json!({ "file": checked.source.name, "test": name, "passed": wrong.is_empty() });
        out::print(&(line.to_string() + "\n"))?;
    } else {
        let verdict = if wrong.is_empty() { "ok    " } else { "FAILED" };
        out::print(&format!("{verdict} {}: {name}\n", checked.source.name))?;
    }
    wrong.iter().try_for_each(|diagnostic| out::print(&rendered(&checked.source, diagnostic, args.format)))
}

/// What went wrong in one test; nothing if it passed.
fn run_one(checked: &Checked, index: usize) -> Vec<Diagnostic> {
    let test = &checked.program.tests[index];
    let mut params = checked.defaults();
    for (param, value) in &test.with {
        params[*param] = *value;
    }
    let feeds: Result<Vec<Block>, Diagnostic> = test.feeds.iter().map(block).collect();
    let feeds = match feeds {
        Ok(feeds) => feeds,
        Err(diagnostic) => return vec![diagnostic],
    };
    let markets = &checked.program.markets;
    let hours = Some(Hours::of_tests());
    let instrument = |name: &str| Instrument { hours: hours.clone(), ..Instrument::generic(name, TICK) };
    let instruments: Vec<Instrument> = markets.iter().map(|market| instrument(&market.name)).collect();
    let sources: Vec<BarSource> = (0..markets.len()).map(|market| source(&feeds, market)).collect();
    let mut bound = match checked.bind(&params, instruments.clone(), &sources, Some(index)) {
        Ok(bound) => bound,
        Err(diagnostic) => return vec![*diagnostic],
    };
    let only_bars = feeds.iter().all(|block| block.schema != Schema::L1);
    let profile = if only_bars { Profile::bars() } else { Profile::touch() };
    let setup = Setup {
        instruments,
        cash: Money(100_000 * Money::ONE.0),
        profile,
        equity_every_ns: MINUTE,
        force_react: false,
    };
    let feeds =
        feeds.into_iter().map(|block| FeedInput { market: block.market, feed: Box::new(MemoryFeed::new(vec![block])) });
    let (outcome, halt) =
        gbc_engine::run(&mut bound.machine, feeds.collect(), &setup, &mut |_| ControlFlow::Continue(()));
    if let Some(halt) = halt {
        return vec![stopped(test.span, halt)];
    }
    match bound.machine.expectations(&outcome.view) {
        Err(fault) => vec![stopped(test.span, Halt::Fault(fault))],
        Ok(found) => found.iter().filter(|found| !found.holds).map(|found| unmet(found.span, found.sides)).collect(),
    }
}

fn stopped(span: Span, halt: Halt) -> Diagnostic {
    let (span, reason) = match halt {
        Halt::Fault(fault) => (Span { start: fault.start, end: fault.end }, fault.reason),
        Halt::Data(error) => (span, error.to_string()),
        Halt::Overflow { overflow, .. } => (span, format!("{} grew beyond counting", overflow.what)),
        Halt::Interrupted => (span, "interrupted".to_owned()),
    };
    Diagnostic::error("E0521", "the test stopped before its end", span, reason)
}

fn unmet(span: Span, sides: Option<(f64, f64)>) -> Diagnostic {
    let remark = match sides {
        Some((left, right)) => format!("the left side is {left}, the right side {right}"),
        None => "false or undefined at the end".to_owned(),
    };
    Diagnostic::error("E0520", "an expectation does not hold", span, remark)
}

fn source(feeds: &[Block], market: usize) -> BarSource {
    let spans = feeds.iter().filter(|block| block.market == market).filter_map(|block| match block.schema {
        Schema::Bars { span_ns } => Some(span_ns),
        Schema::L1 => None,
    });
    spans.min().map_or(BarSource::Trades, |span_ns| BarSource::Bars { span_ns })
}

fn block(feed: &TestFeed) -> Result<Block, Diagnostic> {
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

fn l1(market: usize, rows: &[TestRow]) -> Result<Block, Diagnostic> {
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
        put(Column::TradePx, trade.0);
        put(Column::TradeSz, trade.1);
        put(Column::TradeSide, 0);
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
