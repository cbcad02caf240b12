//! The loop: plays events in the order that `docs/decisions/0001-one-event.md` promises, in runs as long as nothing else matters.

use std::ops::ControlFlow;

use gbc_core::{Due, Event, Fallen, Guards, Money, Nanos, Strategy, Why};
use gbc_portfolio::Overflow;

use crate::by_react::ByReact;
use crate::desk::{Desk, is_bars};
use crate::lanes::{Head, Lane, Lanes};
use crate::{FeedInput, Halt, Outcome, Progress, Setup};

/// Rows between two looks at the watch.
const WATCH_ROWS: u64 = 65_536;

/// A run in motion.
pub struct Replay {
    lanes: Lanes,
    desk: Desk,
    cash: Money,
    force_react: bool,
    /// For each lane: whether orders meet its opens, being the finest bars of its market.
    opens: Vec<bool>,
    /// For each lane: whether its bars leave equity points, being the finest of all.
    paces: Vec<bool>,
}

/// A run laid down, to be taken up again with the same feeds from their start.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    strategy: Vec<u64>,
    desk: Desk,
    played: Vec<u64>,
}

/// Plays `feeds` to the end, or to the halt. What was recorded up to there is whole either way.
///
/// `watch` is called every so many rows, and may break off.
pub fn run(
    strategy: &mut dyn Strategy,
    feeds: Vec<FeedInput>,
    setup: &Setup,
    watch: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> (Outcome, Option<Halt>) {
    let mut replay = match Replay::new(feeds, setup) {
        Ok(replay) => replay,
        Err(halt) => return (Outcome::default(), Some(halt)),
    };
    let halt = replay.play_all(strategy, watch).err();
    (replay.outcome(), halt)
}

impl Replay {
    /// Opens the feeds. Nothing is played yet.
    pub fn new(feeds: Vec<FeedInput>, setup: &Setup) -> Result<Replay, Halt> {
        let lanes = Lanes::open(feeds).map_err(Halt::Data)?;
        let desk = Desk::new(setup, &lanes).map_err(|overflow| Halt::Overflow { at: Nanos(0), overflow })?;
        let bars = |lane: &usize| is_bars(&lanes.0[*lane]);
        let finest_of = |market| (0..lanes.0.len()).find(|lane| lanes.0[*lane].market == market && bars(lane));
        let finest = (0..lanes.0.len()).filter(bars).min_by_key(|lane| lanes.0[*lane].block.schema);
        // One market's bars may come in several files, each a lane of its own.
        let of_one = |a: &Lane, b: &Lane| a.market == b.market && a.block.schema == b.block.schema;
        let like = |first: Option<usize>, lane: &Lane| first.is_some_and(|first| of_one(&lanes.0[first], lane));
        let opens = lanes.0.iter().map(|lane| like(finest_of(lane.market), lane)).collect();
        let paces = lanes.0.iter().map(|lane| like(finest, lane)).collect();
        Ok(Replay { lanes, desk, cash: setup.cash, force_react: setup.force_react, opens, paces })
    }

    /// Takes a run up where `checkpoint` laid it down: `feeds` as they were given to it, the strategy fresh.
    ///
    /// `None` if the strategy does not know the snapshot as its own.
    pub fn resume(
        feeds: Vec<FeedInput>,
        setup: &Setup,
        checkpoint: &Checkpoint,
        strategy: &mut dyn Strategy,
    ) -> Result<Option<Replay>, Halt> {
        let mut replay = Replay::new(feeds, setup)?;
        replay.lanes.skip(&checkpoint.played).map_err(Halt::Data)?;
        replay.desk = checkpoint.desk.clone();
        Ok(strategy.restore(&checkpoint.strategy).then_some(replay))
    }

    /// Lays the run down as it stands.
    pub fn checkpoint(&self, strategy: &dyn Strategy) -> Checkpoint {
        let played = self.lanes.0.iter().map(|lane| lane.played).collect();
        Checkpoint { strategy: strategy.snapshot(), desk: self.desk.clone(), played }
    }

    /// Plays `rows` more rows; `false` when nothing is left.
    pub fn advance(&mut self, strategy: &mut dyn Strategy, rows: u64) -> Result<bool, Halt> {
        if self.force_react { self.play_rows(&mut ByReact(strategy), rows) } else { self.play_rows(strategy, rows) }
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        Progress { rows: self.desk.rows, at: self.desk.last(), fills: self.desk.fills.len() }
    }

    /// Ends the run here, and tells what happened.
    pub fn outcome(self) -> Outcome {
        let notes = self.lanes.0.iter().flat_map(Lane::notes).collect();
        Outcome { notes, ..self.desk.finish(self.cash) }
    }

    fn play_all(
        &mut self,
        strategy: &mut dyn Strategy,
        watch: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<(), Halt> {
        while self.advance(strategy, WATCH_ROWS)? {
            if watch(self.progress()).is_break() {
                return Err(Halt::Interrupted);
            }
        }
        Ok(())
    }

    fn play_rows(&mut self, strategy: &mut dyn Strategy, rows: u64) -> Result<bool, Halt> {
        let goal = self.desk.rows.saturating_add(rows);
        while self.desk.rows < goal {
            let left = usize::try_from(goal - self.desk.rows).unwrap_or(usize::MAX);
            if !self.step(strategy, left)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Does what comes next: orders arrive, or a run of rows is played, or a moment after the last row falls due.
    fn step(&mut self, strategy: &mut dyn Strategy, most_rows: usize) -> Result<bool, Halt> {
        let (head, due) = (self.lanes.head(), strategy.due());
        let next = next_time(head, due, self.desk.last());
        if self.desk.arrival().is_some_and(|sent| next.is_none_or(|next| sent < next)) {
            self.desk.arrive().map_err(|overflow| self.too_large(overflow))?;
            return Ok(true);
        }
        match head {
            Some(head) => self.play_run(strategy, head, due.is_before(head.time), most_rows)?,
            None if next.is_some() => self.react_to_due(strategy, due.time)?,
            None => return Ok(false),
        }
        Ok(true)
    }

    /// Plays a run of the head's lane, as far as the order of events and the orders on their way allow.
    fn play_run(
        &mut self,
        strategy: &mut dyn Strategy,
        head: Head,
        due_first: bool,
        most_rows: usize,
    ) -> Result<(), Halt> {
        let lane = &self.lanes.0[head.lane];
        let (block, from) = (&lane.block, lane.row);
        let meets_opens = self.opens[head.lane];
        if meets_opens && !due_first && self.desk.waits_for_open(lane.market) {
            self.desk.open(block, from).map_err(|overflow| Halt::Overflow { at: head.time, overflow })?;
        }
        // Still waiting: this bar was open before the order was there (play it alone), or a moment falls due before it.
        let waiting = meets_opens && self.desk.waits_for_open(lane.market);
        let end = self.lanes.run_end(head.lane).min(from.saturating_add(most_rows));
        let to = if waiting { from + 1 } else { end };
        let until = self.desk.arrival().map_or(Nanos::MAX, |sent| Nanos(sent.0.saturating_add(1)));
        let guards = Guards { until, each_row: waiting && due_first };
        let paces = self.paces[head.lane];
        let stop = match strategy.play(block, from, to, &guards, &self.desk.view, &mut self.desk.wishes) {
            Ok(stop) => stop,
            Err(Fallen { fault, next }) => {
                self.desk.let_in(block, from, next, paces);
                self.desk.reach(fault.at);
                return Err(Halt::Fault(fault));
            }
        };
        self.desk.let_in(block, from, stop.next, paces);
        self.lanes.0[head.lane].move_to(stop.next).map_err(Halt::Data)?;
        if stop.why == Why::Wish { self.wished(stop.at) } else { Ok(()) }
    }

    /// No row is left, but the last moment is not over for bars made of bars.
    fn react_to_due(&mut self, strategy: &mut dyn Strategy, time: Nanos) -> Result<(), Halt> {
        strategy.react(Event::Due(time), &self.desk.view, &mut self.desk.wishes).map_err(Halt::Fault)?;
        self.wished(time)
    }

    fn wished(&mut self, at: Nanos) -> Result<(), Halt> {
        self.desk.reach(at);
        self.desk.send(at).map_err(|overflow| Halt::Overflow { at, overflow })
    }

    fn too_large(&self, overflow: Overflow) -> Halt {
        Halt::Overflow { at: self.desk.last(), overflow }
    }
}

/// When the next event happens. After the last row only what falls due at its very moment still does: the rest is future.
fn next_time(head: Option<Head>, due: Due, last: Nanos) -> Option<Nanos> {
    match head {
        Some(head) if due.is_before(head.time) => Some(due.time),
        Some(head) => Some(head.time),
        None => (due.time <= last).then_some(due.time),
    }
}
