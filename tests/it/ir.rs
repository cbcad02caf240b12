//! Small flows by hand, `tests/ir/*.flow`, each with remarks that say what becomes of it:
//!
//! ```text
//! # refused: operands come before their user     the line above breaks this promise; at the end, the whole does
//! # e0: 1 2 3                                    the values of the first export, bar by bar
//! # stops: a whole number left the range         a fault ends the run
//! # cannot be bound: E0311                       nor begins it
//! #= n0 = const 3 …                              what `optimize` makes of it, in the last lines
//! ```
//!
//! Played are five minutes of market `m0`, with a tick of one point: they open at 100, and close at 100, 101, 99, 102, 103.

use std::fmt::Write;
use std::ops::ControlFlow;
use std::sync::Arc;

use gbc_core::bars::Source as BarSource;
use gbc_core::time::MINUTE;
use gbc_core::{Block, Column, Instrument, Money, Ratio, Schema};
use gbc_data::MemoryFeed;
use gbc_engine::{FeedInput, Halt, Setup};
use gbc_exec::Profile;
use gbc_interp::Machine;
use gbc_ir::{Flow, optimize, print, read, verify};

use crate::corpus::{Case, files};

const CLOSES: [i64; 5] = [100, 101, 99, 102, 103];

fn bars() -> Block {
    let mut block = Block::new(0, Schema::Bars { span_ns: MINUTE });
    for (index, close) in CLOSES.into_iter().enumerate() {
        let open_time = 19_702 * gbc_core::time::DAY + index as i64 * MINUTE;
        let values = [open_time, 100, close.max(100), close.min(100), close, 1];
        let columns = [Column::OpenTime, Column::Open, Column::High, Column::Low, Column::Close, Column::Volume];
        columns.into_iter().zip(values).for_each(|(column, value)| block.column_mut(column).push(value));
        block.time.push(open_time + MINUTE);
    }
    block
}

/// What becomes of a flow: a line for each export, and why it ended early.
fn played(flow: &Flow) -> String {
    let instrument = Instrument::generic("M", Ratio::ONE);
    let sources = [BarSource::Bars { span_ns: MINUTE }];
    let mut machine = match Machine::new(Arc::new(flow.clone()), &[], vec![instrument.clone()], &sources) {
        Ok(machine) => machine,
        Err(error) => return format!("cannot be bound: {}\n", error.code),
    };
    let setup = Setup {
        instruments: vec![instrument],
        cash: Money(0),
        profile: Profile::bars(),
        equity_every_ns: MINUTE,
        force_react: false,
    };
    let feed = FeedInput { market: 0, feed: Box::new(MemoryFeed::new(vec![bars()])) };
    let (outcome, halt) = gbc_engine::run(&mut machine, vec![feed], &setup, &mut |_| ControlFlow::Continue(()));
    let mut text = String::new();
    let exports = outcome.exports.iter().map(|exported| exported.export).max().map_or(0, |last| last + 1);
    for export in 0..exports {
        let values = outcome.exports.iter().filter(|exported| exported.export == export);
        let values: String = values.map(|exported| format!(" {}", exported.value)).collect();
        let _ = writeln!(text, "e{export}:{values}");
    }
    if let Some(Halt::Fault(fault)) = halt {
        let _ = writeln!(text, "stops: {}", fault.reason);
    }
    text
}

/// The remarks of a case that begin like this, a line each.
fn remarks(case: &Case, mark: &str) -> String {
    let lines = case.text.lines().filter_map(|line| line.strip_prefix(mark));
    lines.map(|line| format!("{line}\n")).collect()
}

fn cases() -> Vec<Case> {
    let cases = files("tests/ir", "flow");
    assert!(cases.len() >= 10, "only {} flows", cases.len());
    cases
}

#[test]
fn flows_by_hand_are_refused_or_played_as_they_say() {
    for case in cases() {
        let expected = remarks(&case, "# ");
        match read(&case.text) {
            Ok(flow) => {
                assert_eq!(verify(&flow), Ok(()), "{}", case.name);
                assert_eq!(played(&flow), expected, "{}", case.name);
            }
            Err(error) => {
                // What no single line is to blame for is told at the end of the text.
                let lines: Vec<&str> = case.text.lines().collect();
                let below = lines.get(error.line).unwrap_or(&lines[error.line - 1]);
                assert_eq!(*below, format!("# refused: {}", error.reason), "{}:{}", case.name, error.line);
            }
        }
    }
}

#[test]
fn what_optimize_makes_of_them_is_as_they_say_and_plays_the_same() {
    let mut shown = 0;
    for case in cases() {
        let Ok(flow) = read(&case.text) else { continue };
        let smaller = optimize(&flow);
        assert_eq!(verify(&smaller), Ok(()), "{}", case.name);
        assert_eq!(played(&smaller), remarks(&case, "# "), "{}", case.name);
        assert_eq!(optimize(&smaller), smaller, "{}: a second time finds nothing more", case.name);
        let expected = remarks(&case, "#= ");
        if !expected.is_empty() {
            let printed = print(&smaller);
            let nodes: String = printed.lines().filter(|line| line.starts_with('n')).map(without_place).collect();
            assert_eq!(nodes, expected, "{}\n{nodes}", case.name);
            shown += 1;
        }
    }
    assert!(shown >= 4, "only {shown} say what is made of them");
}

/// A line of a node, single blanks between its words, without its place in the source.
fn without_place(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().filter(|word| !word.starts_with(';')).collect();
    words.join(" ") + "\n"
}
