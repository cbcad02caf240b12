//! W1: two averages of the mid, quote by quote, long above and short below.
//!
//! Three ways to play it: by hand, as a whole run of `examples/tick_cross.gbs`, and as that strategy alone.

mod by_hand;

use std::ops::ControlFlow;

use gbc_core::bars::Source as BarSource;
use gbc_core::time::MINUTE;
use gbc_core::{Block, Guards, Money, Strategy, View, Why, Wishes};
use gbc_data::{MemoryFeed, synth};
use gbc_diagnostics::Source;
use gbc_driver::{Checked, Machine};
use gbc_engine::{FeedInput, Setup};
use gbc_exec::Profile;

use crate::clock::timed;
use crate::figures::{Contestant, Figures};
use crate::rows::Rows;
use by_hand::Columns;

const STRATEGY: &str = include_str!("../../examples/tick_cross.gbs");

/// What a way to play must agree on with all others.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Found {
    fills: u64,
    pnl_cents: i64,
}

/// Plays all ways, round after round.
pub(crate) fn measure(rows: Rows, rounds: usize) -> Result<Figures, String> {
    let columns = Columns::of(&rows.blocks)?;
    let fresh = bind();
    let names = ["by hand", "interpreter in the engine", "interpreter alone"];
    let mut contestants = names.map(|name| Contestant { name, times: Vec::new() });
    let expected = by_hand::play(&columns);
    for _ in 0..rounds {
        let (found, by_hand) = timed(|| by_hand::play(&columns));
        assert_eq!(found, expected, "by hand");
        let (mut machine, feed) = (fresh.clone(), MemoryFeed::new(rows.blocks.clone()));
        let (found, whole) = timed(|| run(&mut machine, feed));
        assert_eq!(found, expected, "in the engine");
        let mut machine = fresh.clone();
        let (fills, alone) = timed(|| play_alone(&mut machine, &rows.blocks));
        assert_eq!(fills, expected.fills, "alone: changes of the wish");
        for (contestant, time) in contestants.iter_mut().zip([by_hand, whole, alone]) {
            contestant.times.push(time);
        }
    }
    let Found { fills, pnl_cents } = expected;
    let count = rows.blocks.iter().map(Block::len).sum();
    let contestants = contestants.into();
    Ok(Figures { workload: "W1", origin: rows.origin, rows: count, fills, pnl_cents, contestants })
}

fn bind() -> Machine {
    let checked: Checked = gbc_driver::check(Source::new("tick_cross.gbs", STRATEGY));
    let bound = checked.bind(&checked.defaults(), vec![synth::instrument()], &[BarSource::Trades], None);
    bound.expect("the example is sound").machine
}

/// A whole run: orders, fees, equity.
fn run(machine: &mut Machine, feed: MemoryFeed) -> Found {
    let setup = Setup {
        instruments: vec![synth::instrument()],
        cash: Money(100_000 * Money::ONE.0),
        profile: Profile::touch(),
        equity_every_ns: MINUTE,
        force_react: false,
    };
    let feeds = vec![FeedInput { market: 0, feed: Box::new(feed) }];
    let (outcome, halt) = gbc_engine::run(machine, feeds, &setup, &mut |_| ControlFlow::Continue(()));
    assert!(halt.is_none(), "{halt:?}");
    let equity = outcome.equity.last().map_or(setup.cash, |last| last.equity);
    let pnl_cents = (equity - setup.cash).0 / (Money::ONE.0 / 100);
    Found { fills: outcome.fills.len() as u64, pnl_cents: pnl_cents as i64 }
}

/// The strategy without a runtime; how often it wants another position than before.
fn play_alone(machine: &mut Machine, blocks: &[Block]) -> u64 {
    let view = View::empty(1);
    let mut wishes = Wishes::none(1);
    let (mut held, mut changes) = (0.0, 0);
    for block in blocks {
        let mut row = 0;
        while row < block.len() {
            let stop = machine.play(block, row, block.len(), &Guards::NONE, &view, &mut wishes);
            let stop = stop.expect("the example breaks no rule");
            row = stop.next;
            if stop.why == Why::Wish {
                wishes.changed = false;
                let wanted = wishes.targets[0].unwrap_or(held);
                changes += u64::from(wanted != held);
                held = wanted;
            }
        }
    }
    changes
}
