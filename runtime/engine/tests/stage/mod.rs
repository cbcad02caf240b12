//! The stage for the replay tests: synthetic markets, strategies written by hand, and a run in one call.

#![allow(dead_code, reason = "each test file plays on a part of the stage")]

pub mod market;
pub mod quoter;
pub mod strategies;

use std::ops::ControlFlow;

use gbc_core::{Block, Instrument, MarketId, Money, Ratio, Strategy};
use gbc_data::MemoryFeed;
use gbc_engine::{FeedInput, Halt, Outcome, Setup, run};
use gbc_exec::Profile;

pub const START: Money = Money(100_000 * Money::ONE.0);

/// The micro Nasdaq: quarter ticks, two dollars a point, 62 cents a lot.
pub fn setup(markets: usize, profile: Profile) -> Setup {
    let mut mnq = Instrument::generic("MNQ", Ratio { num: 1, den: 4 });
    mnq.point = Ratio { num: 2, den: 1 };
    mnq.fee_per_lot = Money(620_000_000);
    let minute = gbc_core::time::MINUTE;
    Setup { instruments: vec![mnq; markets], cash: START, profile, equity_every_ns: minute, force_react: false }
}

/// The block as feed, `rows` at a time.
pub fn feed(market: MarketId, block: &Block, rows: usize) -> FeedInput {
    let starts = (0..block.len()).step_by(rows);
    let blocks = starts.map(|from| market::part(block, from, (from + rows).min(block.len()))).collect();
    FeedInput { market, feed: Box::new(MemoryFeed::new(blocks)) }
}

/// Plays it all; nothing may stop it.
pub fn play(strategy: &mut dyn Strategy, feeds: Vec<FeedInput>, setup: &Setup) -> Outcome {
    let (outcome, halt) = try_play(strategy, feeds, setup);
    assert!(halt.is_none(), "{halt:?}");
    outcome
}

/// Plays it all, or as far as it goes.
pub fn try_play(strategy: &mut dyn Strategy, feeds: Vec<FeedInput>, setup: &Setup) -> (Outcome, Option<Halt>) {
    run(strategy, feeds, setup, &mut |_| ControlFlow::Continue(()))
}
