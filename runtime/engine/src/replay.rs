//! The loop: plays events in the order that `docs/decisions/0001-one-event.md` promises, in runs as long as nothing else matters.

mod warm;

use std::ops::ControlFlow;

use gbc_core::{Due, Event, Fallen, Fault, Guards, MarketId, Money, Nanos, Strategy, Why};
use serde::{Deserialize, Serialize};

use crate::by_react::ByReact;
use crate::checkpoint::Checkpoint;
use crate::desk::{Desk, is_bars, open_time};
use crate::lane::Lane;
use crate::lanes::{Head, Lanes, first_after};
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
    /// For each lane whose opens meet orders: how far the bar at its head has come.
    stages: Vec<Stage>,
    /// It stands still before the first row of this moment or later.
    pause_at: Nanos,
    /// Rows before this warm it up.
    opens_at: Nanos,
}

/// How far the bar at the head of a lane has come, seen from the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// It has not opened.
    Ahead,
    /// Its open met the orders that were there.
    Open,
    /// All of it met them.
    Done,
}

/// Something that happens at the exchange without a row being played.
#[derive(Clone, Copy, Debug)]
struct BarEvent {
    lane: usize,
    at: Nanos,
}

impl Replay {
    /// Opens the feeds. Nothing is played yet.
    pub fn new(feeds: Vec<FeedInput>, setup: &Setup) -> Result<Replay, Halt> {
        let lanes = Lanes::open(feeds, &setup.profile, &setup.instruments).map_err(Halt::Data)?;
        let desk = Desk::new(setup, &lanes).map_err(|overflow| Halt::Overflow { at: Nanos(0), overflow })?;
        let bars = |lane: &usize| is_bars(&lanes.0[*lane]);
        let finest_of = |market| (0..lanes.0.len()).find(|lane| lanes.0[*lane].market == market && bars(lane));
        let finest = (0..lanes.0.len()).filter(bars).min_by_key(|lane| lanes.0[*lane].block().schema);
        // One market's bars may come in several files, each a lane of its own.
        let of_one = |a: &Lane, b: &Lane| a.market == b.market && a.block().schema == b.block().schema;
        let like = |first: Option<usize>, lane: &Lane| first.is_some_and(|first| of_one(&lanes.0[first], lane));
        let opens = lanes.0.iter().map(|lane| like(finest_of(lane.market), lane)).collect();
        let paces = lanes.0.iter().map(|lane| like(finest, lane)).collect();
        let stages = vec![Stage::Ahead; lanes.0.len()];
        let (cash, force_react) = (setup.cash, setup.force_react);
        let (pause_at, opens_at) = (Nanos::MAX, Nanos::MIN);
        Ok(Replay { lanes, desk, cash, force_react, opens, paces, stages, pause_at, opens_at })
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
        let lanes = replay.lanes.0.len();
        if [checkpoint.played.len(), checkpoint.stages.len()] != [lanes; 2] || !strategy.restore(&checkpoint.strategy) {
            return Ok(None);
        }
        replay.lanes.skip(&checkpoint.played).map_err(Halt::Data)?;
        replay.desk = checkpoint.desk.clone().of_setup(replay.desk);
        replay.stages = checkpoint.stages.clone();
        Ok(replay.desk.takes_up(strategy.plan()).then_some(replay))
    }

    /// Lets it stand still before the first row of this moment or later.
    pub fn pause_at(&mut self, moment: Nanos) {
        self.pause_at = moment;
    }

    /// Whether it stands still, with rows left to play.
    pub fn is_paused(&self) -> bool {
        self.lanes.head().is_some_and(|head| head.time >= self.pause_at)
    }

    /// Lays the run down as it stands.
    pub fn checkpoint(&self, strategy: &dyn Strategy) -> Checkpoint {
        let played = self.lanes.0.iter().map(Lane::progress).collect();
        Checkpoint { strategy: strategy.snapshot(), desk: self.desk.clone(), played, stages: self.stages.clone() }
    }

    /// Plays `rows` more rows; `false` when nothing is left.
    pub fn advance(&mut self, strategy: &mut dyn Strategy, rows: u64) -> Result<bool, Halt> {
        if self.force_react { self.play_rows(&mut ByReact(strategy), rows) } else { self.play_rows(strategy, rows) }
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        Progress { rows: self.desk.played(), at: self.desk.last(), fills: self.desk.fills.len() }
    }

    /// Ends the run here, and tells what happened.
    pub fn outcome(self) -> Outcome {
        let mut notes: Vec<String> = self.lanes.0.iter().flat_map(Lane::notes).collect();
        let outcome = self.desk.finish(self.cash);
        notes.extend(outcome.notes);
        Outcome { notes, ..outcome }
    }

    pub(crate) fn play_all(
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
        if let Some(plan) = strategy.plan() {
            self.desk.prepare(plan);
        }
        let goal = self.desk.played().saturating_add(rows);
        while self.desk.played() < goal {
            if self.is_paused() {
                return Ok(false);
            }
            let left = usize::try_from(goal - self.desk.played()).unwrap_or(usize::MAX);
            if self.warm_up(strategy, left)? {
                continue;
            }
            if !self.step(strategy, left)? {
                return Ok(false);
            }
            if let Some((at, discrepancy)) = self.desk.discrepancy {
                return Err(Halt::Discrepancy { at, discrepancy });
            }
        }
        Ok(true)
    }

    /// Does what comes next. At one time: what is due and local rows, what we hear of our orders, rows that the exchange sees
    /// by a reading of its own, what reaches it, and bars that open there.
    fn step(&mut self, strategy: &mut dyn Strategy, most_rows: usize) -> Result<bool, Halt> {
        let (head, due) = (self.lanes.head(), strategy.due());
        let next = next_time(head, due, self.desk.last());
        let over = |at: Nanos| next.map_or(at <= self.desk.last(), |next| at < next);
        // Timers of our own, and times in force, come before data of their moment.
        let timely = |at: &Nanos| next.map_or(*at <= self.desk.last(), |next| *at <= next);
        let messages = self.desk.next_message().unwrap_or(Nanos::MAX);
        let (bar, theirs) = (self.next_bar_event(), self.exchange_head());
        let (bar_at, theirs_at) = (bar.map(|event| event.at), theirs.map(|head| head.time));
        let before = [bar_at, theirs_at].into_iter().flatten().fold(messages, Nanos::min);
        if let Some(at) = self.desk.next_expiry().filter(timely).filter(|at| *at <= before) {
            self.desk.expire(at);
            return Ok(true);
        }
        if let Some(at) = self.desk.next_wake().filter(timely).filter(|at| *at <= before) {
            self.desk.reach(at);
            self.desk.act(at).map_err(|overflow| Halt::Overflow { at, overflow })?;
            return Ok(true);
        }
        let (answer, request) = (self.desk.next_answer(), self.desk.next_request());
        let sooner = |at: Nanos, other: Option<Nanos>| other.is_none_or(|other| at <= other);
        let first = |at: Nanos| over(at) && sooner(at, request) && sooner(at, bar_at);
        if let Some(at) = answer.filter(|at| first(*at) && sooner(*at, theirs_at)) {
            self.hear(strategy, at)?;
            return Ok(true);
        }
        if let Some(head) = theirs.filter(|head| first(head.time)) {
            self.pass(head.lane, |_, row| row + 1, head.time)?;
            return Ok(true);
        }
        if let Some(at) = request.filter(|at| over(*at) && sooner(*at, bar_at)) {
            self.arrive(at)?;
            return Ok(true);
        }
        if let Some(event) = bar.filter(|event| {
            over(event.at) || next == head.map(|head| head.time) && head.map(|head| head.lane) == Some(event.lane)
        }) {
            self.bar_event(event);
            return Ok(true);
        }
        match head {
            Some(head) => self.play_run(strategy, head, bar_at.into_iter().chain(theirs_at).min(), most_rows)?,
            None if next.is_some() => self.react_to_due(strategy, due.time)?,
            None => return Ok(false),
        }
        Ok(true)
    }

    /// The next row that the exchange sees by a reading of its own, where something of ours is there to meet it. Elsewhere it
    /// may wait: nobody could tell.
    fn exchange_head(&self) -> Option<Head> {
        self.lanes.exchange_head(self.desk.last(), |lane| lane.is_apart() && self.desk.works(lane.market))
    }

    /// Rows of a lane pass the exchange, up to where `end` says; `by` is the moment.
    fn pass(&mut self, lane: usize, end: impl Fn(&Lane, usize) -> usize, by: Nanos) -> Result<(), Halt> {
        let it = &mut self.lanes.0[lane];
        let Some((piece, row)) = it.exchange_place() else { return Ok(()) };
        let end = end(it, row);
        self.desk.pass(piece, row, end, by);
        it.pass_to(end).map_err(Halt::Data)
    }

    /// The exchange sees all rows of a market that it has waited with and that are due by a moment.
    fn catch_up(&mut self, market: MarketId, by: Nanos) -> Result<(), Halt> {
        let lanes = |lane: &Lane| lane.market == market && lane.is_apart();
        let alone = self.lanes.0.iter().filter(|lane| lanes(lane)).count() == 1;
        while let Some(head) = self.lanes.exchange_head(self.desk.last(), lanes).filter(|head| head.time <= by) {
            self.pass(head.lane, |lane, row| if alone { lane.exchange_end(by) } else { row + 1 }, by)?;
        }
        Ok(())
    }

    /// The next bar that meets orders of ours.
    fn next_bar_event(&self) -> Option<BarEvent> {
        let events = self.lanes.0.iter().enumerate().filter_map(|(lane, it)| {
            if !self.opens[lane]
                || it.block().is_empty()
                || !self.desk.works(it.market)
                || !self.desk.meets_bars(it.market)
            {
                return None;
            }
            let at = match self.stages[lane] {
                Stage::Ahead => self.opening(lane),
                Stage::Open => Nanos(it.block().time_of(it.row()).0 - 1),
                Stage::Done => return None,
            };
            Some(BarEvent { lane, at })
        });
        events.min_by_key(|event| (event.at, event.lane))
    }

    /// When the bar at a lane's head opens: not before the one before it ended.
    fn opening(&self, lane: usize) -> Nanos {
        let it = &self.lanes.0[lane];
        let stamped = open_time(it.block(), it.row());
        stamped.max(self.desk.books[it.market].bar_end.unwrap_or(Nanos::MIN))
    }

    fn bar_event(&mut self, event: BarEvent) {
        let lane = &self.lanes.0[event.lane];
        match self.stages[event.lane] {
            Stage::Ahead => {
                self.stages[event.lane] = Stage::Open;
                // What is due at the close of the bar before is taken first.
                self.desk.value_before(lane.block().time_of(lane.row()));
                self.desk.open(lane.block(), lane.row(), event.at);
            }
            _ => {
                self.stages[event.lane] = Stage::Done;
                self.desk.range(lane.block(), lane.row());
            }
        }
    }

    /// A request arrives at the exchange. A bar that opened while nothing of ours was there did not wait for it.
    fn arrive(&mut self, at: Nanos) -> Result<(), Halt> {
        let Some(request) = self.desk.take_request() else { return Ok(()) };
        self.catch_up(request.market, at)?;
        self.pass_opens(request.market, at);
        self.desk.arrive(&request);
        Ok(())
    }

    /// The account is held against what its lots require; where it falls short, they are closed.
    fn call_for_margin(&mut self, at: Nanos) -> Result<(), Halt> {
        if self.desk.falls_short(at).is_none() {
            return Ok(());
        }
        for market in 0..self.desk.marks.len() {
            self.catch_up(market, at)?;
            self.pass_opens(market, at);
        }
        // What the exchange saw up to now may have closed them already.
        if let Some(call) = self.desk.falls_short(at) {
            self.desk.close_for_margin(call);
        }
        Ok(())
    }

    /// Bars that opened before `at` while nothing of ours was there did not wait for what comes now.
    fn pass_opens(&mut self, market: MarketId, at: Nanos) {
        for lane in 0..self.lanes.0.len() {
            let it = &self.lanes.0[lane];
            let waits = self.opens[lane] && it.market == market && !it.block().is_empty();
            if waits && self.stages[lane] == Stage::Ahead && self.opening(lane) < at && !self.desk.works(it.market) {
                self.desk.exchange.opened_without_us(it.market, self.opening(lane));
                self.stages[lane] = Stage::Open;
            }
        }
    }

    /// We hear of one of our orders.
    fn hear(&mut self, strategy: &mut dyn Strategy, at: Nanos) -> Result<(), Halt> {
        let news = self.desk.hear().map_err(|overflow| Halt::Overflow { at, overflow })?;
        if self.desk.runs_in_circles() {
            let reason = "its orders and their answers chase each other, and no time passes".to_owned();
            return Err(Halt::Fault(Fault { reason, start: 0, end: 0, at }));
        }
        let listens = strategy.plan().is_some_and(|plan| plan.listens);
        if news.is_some() {
            self.desk.wishes.changed |= self.desk.planner.is_some();
        }
        if let Some(news) = news.filter(|_| listens) {
            strategy.react(Event::News(&news), &self.desk.view, &mut self.desk.wishes).map_err(Halt::Fault)?;
        }
        self.wished(at)
    }

    /// Plays a run of the head's lane, as far as the order of events and the messages on their way allow.
    fn play_run(
        &mut self,
        strategy: &mut dyn Strategy,
        head: Head,
        exchange_at: Option<Nanos>,
        most_rows: usize,
    ) -> Result<(), Halt> {
        let lane = &self.lanes.0[head.lane];
        let (block, from) = (lane.block(), lane.row());
        let looks = self.desk.looks_at_each_row();
        if looks {
            // What falls due before the row must not know what the row makes of the account.
            if let Some(due) = Some(strategy.due()).filter(|due| due.is_before(head.time)) {
                return self.react_to_due(strategy, due.time);
            }
            self.desk.foresee(block, from);
        }
        let apart = lane.is_apart();
        let works = looks || self.desk.owes_margin() || (!apart && self.desk.minds(block));
        let end = self.lanes.run_end(head.lane).min(from.saturating_add(most_rows));
        let end =
            if self.pause_at == Nanos::MAX { end } else { first_after(&block.time, from, end, self.pause_at.0 - 1) };
        // Where something of ours is at the exchange each row may touch it.
        let to = match works {
            true => from + 1,
            false if apart && self.desk.works(lane.market) => end.min(lane.due_end()),
            false => end,
        };
        let other = [self.desk.next_message(), exchange_at].into_iter().flatten().min();
        let timers = [self.desk.next_wake(), self.desk.next_expiry()].into_iter().flatten().min();
        let until = other.map_or(Nanos::MAX, |at| Nanos(at.0.saturating_add(1))).min(timers.unwrap_or(Nanos::MAX));
        let guards = Guards { until, each_row: false };
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
        if stop.next > from {
            self.stages[head.lane] = Stage::Ahead;
            if self.opens[head.lane] {
                self.desk.closed(self.lanes.0[head.lane].block(), stop.next - 1);
            }
        }
        self.move_on(head.lane, stop.next)?;
        self.call_for_margin(stop.at)?;
        if looks {
            self.desk.wishes.changed = true;
            return self.wished(stop.at);
        }
        if stop.why == Why::Wish { self.wished(stop.at) } else { Ok(()) }
    }

    /// We have seen the rows of a lane's block up to `row`. The exchange follows where it waits, before blocks pile up.
    fn move_on(&mut self, lane: usize, row: usize) -> Result<(), Halt> {
        let it = &mut self.lanes.0[lane];
        it.move_to(row).map_err(Halt::Data)?;
        let market = it.market;
        if it.holds_the_past() && !self.desk.works(market) { self.catch_up(market, self.desk.last()) } else { Ok(()) }
    }

    /// Something falls due without a row.
    fn react_to_due(&mut self, strategy: &mut dyn Strategy, time: Nanos) -> Result<(), Halt> {
        strategy.react(Event::Due(time), &self.desk.view, &mut self.desk.wishes).map_err(Halt::Fault)?;
        self.wished(time)
    }

    fn wished(&mut self, at: Nanos) -> Result<(), Halt> {
        self.desk.reach(at);
        self.desk.send(at).map_err(|overflow| Halt::Overflow { at, overflow })
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
