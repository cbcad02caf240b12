//! A whole run: from its start or a checkpoint, to its end, a pause or a halt.

use std::ops::ControlFlow;

use gbc_core::{Nanos, Strategy};

use crate::checkpoint::{Checkpoint, NoCheckpoint};
use crate::{FeedInput, Halt, Outcome, Progress, Replay, Setup};

/// Plays `feeds` to the end, or to the halt. What was recorded up to there is whole either way.
///
/// `watch` is called every so many rows, and may break off.
pub fn run(
    strategy: &mut dyn Strategy,
    feeds: Vec<FeedInput>,
    setup: &Setup,
    watch: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> (Outcome, Option<Halt>) {
    let ended = run_between(strategy, feeds, setup, Journey::default(), watch);
    let ended = ended.expect("what begins at the beginning needs no checkpoint");
    (ended.outcome, ended.halt)
}

/// Where a run begins, and where it is laid down.
#[derive(Clone, Copy, Debug, Default)]
pub struct Journey<'a> {
    /// It goes on from here; else it begins at the beginning.
    pub from: Option<&'a Checkpoint>,
    /// It is laid down before the first row of this moment or later.
    pub pause_at: Option<Nanos>,
    /// Rows before this only warm it up.
    pub opens_at: Option<Nanos>,
}

/// What became of a run.
#[derive(Debug)]
pub struct Ended {
    /// Everything that happened, as if the data were over.
    pub outcome: Outcome,
    /// Why it ended before its data did, beside a pause.
    pub halt: Option<Halt>,
    /// The run as it stood: where it paused, or was interrupted.
    pub laid_down: Option<Checkpoint>,
    /// How many rows warmed it up.
    pub warmed: u64,
}

/// Plays `feeds` from a checkpoint or from their start, to the end, to a pause, or to the halt. It fails only where the
/// checkpoint is none of this strategy's with these feeds.
pub fn run_between(
    strategy: &mut dyn Strategy,
    feeds: Vec<FeedInput>,
    setup: &Setup,
    journey: Journey<'_>,
    watch: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Ended, NoCheckpoint> {
    let begun = match journey.from {
        Some(checkpoint) => Replay::resume(feeds, setup, checkpoint, strategy),
        None => Replay::new(feeds, setup).map(Some),
    };
    let mut replay = match begun {
        Ok(replay) => replay.ok_or(NoCheckpoint::OfAnotherRun)?,
        Err(halt) => return Ok(Ended { outcome: Outcome::default(), halt: Some(halt), laid_down: None, warmed: 0 }),
    };
    replay.pause_at(journey.pause_at.unwrap_or(Nanos::MAX));
    match (journey.opens_at, journey.from) {
        (Some(moment), None) => replay.open_at(moment),
        // Whether it is open was laid down with the rest.
        (moment, _) => replay.opened_at(moment.unwrap_or(Nanos::MIN)),
    }
    let halt = replay.play_all(strategy, watch).err();
    let stands = matches!(halt, Some(Halt::Interrupted)) || halt.is_none() && replay.is_paused();
    let laid_down = stands.then(|| replay.checkpoint(strategy));
    let warmed = replay.warmed();
    let outcome = replay.outcome();
    let wrong = outcome.discrepancy.map(|(at, discrepancy)| Halt::Discrepancy { at, discrepancy });
    Ok(Ended { outcome, halt: wrong.or(halt), laid_down, warmed })
}
