//! `gbc test`: the `test` blocks of strategies, and the examples of libraries.
//!
//! A test runs on a generic instrument (tick 0.25, one currency unit a point, no costs), on 2025-01-06 from 09:30 UTC.

mod examples;
mod failure;
mod feeds;
mod watch;

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use gbc_core::bars::Source as BarSource;
use gbc_core::time::MINUTE;
use gbc_core::{Block, Instrument, Money};
use gbc_data::MemoryFeed;
use gbc_diagnostics::{Diagnostic, Printer, Span};
use gbc_driver::Checked;
use gbc_engine::{FeedInput, Halt, Setup};
use gbc_exec::Profile;
use serde_json::json;

use crate::args::{Format, TestArgs};
use crate::check::{rendered, report};
use crate::exit::Exit;
use crate::{libraries, out, project};
use failure::Failure;
use watch::Watched;

/// A test or an example, and what went wrong in it.
struct Played {
    name: String,
    is_example: bool,
    failures: Vec<Failure>,
}

pub(crate) fn test(args: &TestArgs) -> Result<(), Exit> {
    let (mut passed, mut failed, mut broken) = (0, 0, 0);
    for path in project::sources(&args.paths)? {
        let checked = libraries::checked(&path)?;
        if !checked.is_sound() {
            broken += 1;
            report(&checked, args.format)?;
            continue;
        }
        let (played, took) = timed(|| play_all(&checked));
        let wrong = played.iter().filter(|played| !played.failures.is_empty()).count();
        failed += wrong;
        passed += played.len() - wrong;
        match args.format {
            Format::Text => tell(&checked, &played, wrong, took)?,
            Format::Json => played.iter().try_for_each(|played| tell_script(&checked, played))?,
        }
    }
    if args.format == Format::Text {
        out::print(&totals(passed, failed, broken))?;
    }
    if failed + broken == 0 { Ok(()) } else { Err(Exit::program()) }
}

fn totals(passed: usize, failed: usize, broken: usize) -> String {
    let unread = match broken {
        0 => String::new(),
        1 => ", 1 file with errors".to_owned(),
        _ => format!(", {broken} files with errors"),
    };
    if passed + failed + broken == 0 {
        return "there are no tests; one looks like this, in the file of its strategy:\n\n  test \"does nothing at first\" {\n    bars es 1m : 100 101 102\n    expect es.orders == 0\n  }\n".to_owned();
    }
    format!("{passed} passed, {failed} failed{unread}\n")
}

#[expect(clippy::disallowed_methods, reason = "a door may say how long something took; it decides nothing")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    (work(), start.elapsed())
}

/// One line for the file; below it, what went wrong.
fn tell(checked: &Checked, played: &[Played], wrong: usize, took: Duration) -> Result<(), Exit> {
    let (file, count) = (&checked.source.name, played.len());
    let tests = |count: usize| format!("{count} test{}", if count == 1 { "" } else { "s" });
    let took = took.as_millis();
    out::print(&match (count, wrong) {
        (0, _) => format!("none    {file}: no tests\n"),
        (_, 0) => format!("ok      {file}: {}, {took} ms\n", tests(count)),
        _ => format!("FAILED  {file}: {wrong} of {}, {took} ms\n", tests(count)),
    })?;
    let printer = Printer::new(&checked.source);
    for one in played.iter().filter(|played| !played.failures.is_empty()) {
        let name = if one.is_example { one.name.clone() } else { format!("test {:?}", one.name) };
        out::print(&format!("\n{name}\n"))?;
        for (index, failure) in one.failures.iter().enumerate() {
            out::print(if index == 0 { "" } else { "\n" })?;
            out::print(&rendered(&printer, &failure.diagnostic, Format::Text))?;
            out::print(&failure.facts.as_ref().map_or(String::new(), |facts| facts.text()))?;
        }
    }
    out::print(if wrong == 0 { "" } else { "\n" })
}

/// A line for the test, and one for each of its messages.
fn tell_script(checked: &Checked, played: &Played) -> Result<(), Exit> {
    let known = |failure: &Failure| failure.facts.as_ref().map(|it| it.json(&checked.source, &failure.diagnostic));
    let failures: Vec<_> = played.failures.iter().filter_map(known).collect();
    let passed = played.failures.is_empty();
    let line = json!({ "file": checked.source.name, "test": played.name, "passed": passed, "expectations": failures });
    out::print(&(line.to_string() + "\n"))?;
    let printer = Printer::new(&checked.source);
    let diagnostics = played.failures.iter().map(|failure| &failure.diagnostic);
    diagnostics.map(|it| rendered(&printer, it, Format::Json)).try_for_each(|line| out::print(&line))
}

fn play_all(checked: &Checked) -> Vec<Played> {
    let tests = checked.program.tests.iter().enumerate().map(|(index, test)| Played {
        name: test.name.clone(),
        is_example: false,
        failures: run_one(checked, index),
    });
    let examples = examples::play_all(checked).into_iter().map(|example| Played {
        name: example.name,
        is_example: true,
        failures: example.wrong.into_iter().map(Failure::from).collect(),
    });
    tests.chain(examples).collect()
}

/// What went wrong in one test; nothing if it passed.
fn run_one(checked: &Checked, index: usize) -> Vec<Failure> {
    play(checked, index).unwrap_or_else(|diagnostic| vec![Failure::from(*diagnostic)])
}

fn play(checked: &Checked, index: usize) -> Result<Vec<Failure>, Box<Diagnostic>> {
    let test = &checked.program.tests[index];
    let mut params = checked.defaults();
    for (param, value) in &test.with {
        params[*param] = *value;
    }
    let feeds: Result<Vec<Block>, Diagnostic> = test.feeds.iter().map(feeds::block).collect();
    let feeds = feeds.map_err(Box::new)?;
    let markets = &checked.program.markets;
    let instruments: Vec<Instrument> = markets.iter().map(|market| feeds::instrument(&market.name)).collect();
    let sources: Vec<BarSource> = (0..markets.len()).map(|market| feeds::source(&feeds, market)).collect();
    let mut bound = checked.bind(&params, instruments.clone(), &sources, Some(index))?;
    let only_bars = feeds.iter().all(|block| block.schema.is_bars());
    let profile = if only_bars { Profile::bars() } else { Profile::strict() };
    let setup = Setup {
        instruments,
        cash: Money(100_000 * Money::ONE.0),
        profile,
        equity_every_ns: MINUTE,
        force_react: false,
    };
    let feeds =
        feeds.into_iter().map(|block| FeedInput { market: block.market, feed: Box::new(MemoryFeed::new(vec![block])) });
    let mut watched = Watched::new(&mut bound.machine);
    let (outcome, halt) = gbc_engine::run(&mut watched, feeds.collect(), &setup, &mut |_| ControlFlow::Continue(()));
    if let Some(halt) = halt {
        return Err(Box::new(stopped(test.span, halt)));
    }
    let told = watched.expectations(&outcome.view).map_err(|fault| stopped(test.span, Halt::Fault(fault)))?;
    Ok(failure::unmet(checked, index, &told, &watched))
}

fn stopped(span: Span, halt: Halt) -> Diagnostic {
    let (span, reason) = match halt {
        Halt::Fault(fault) => (Span { start: fault.start, end: fault.end }, fault.reason),
        Halt::Data(error) => (span, error.to_string()),
        Halt::Overflow { overflow, .. } => (span, format!("{} grew beyond counting", overflow.what)),
        Halt::Discrepancy { discrepancy, .. } => (span, discrepancy.to_string()),
        Halt::Interrupted => (span, "interrupted".to_owned()),
    };
    Diagnostic::error("E0521", "the test stopped before its end", span, reason)
}
