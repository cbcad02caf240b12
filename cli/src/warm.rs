//! The rows before `--from` that warm a strategy up: how far back they reach.
//!
//! The data before that moment are gone through once without a strategy, only to see when its clocks ticked. So bars of any
//! size, sessions and timers count as they will in the run.

use std::collections::{BTreeMap, VecDeque};

use gbc_core::{Due, Event, Fault, Nanos, Strategy, View, Wishes};
use gbc_driver::{Bound, Checked, ClockId, Lookback, Machine, clock_text};
use gbc_engine::{FeedInput, Halt, Setup};

use crate::exit::Exit;
use crate::progress::Watch;
use crate::run::time_text;

/// How a run is warmed up.
pub(crate) struct WarmUp {
    /// The first moment whose rows are played.
    pub(crate) from: Nanos,
    /// What is said of it.
    pub(crate) text: String,
}

/// Finds how far back it reaches in these feeds, which end before the run opens; nothing where no row lies before that.
pub(crate) fn find(
    checked: &Checked,
    lookback: &Lookback,
    bound: Bound,
    feeds: Vec<FeedInput>,
    setup: &Setup,
    opens: Nanos,
) -> Result<Option<WarmUp>, Exit> {
    let Bound { flow, mut machine } = bound;
    let mut counts = Counts::new(&mut machine, lookback);
    let watch = Watch::new(true);
    let (outcome, halt) = gbc_engine::run(&mut counts, feeds, setup, &mut |progress| watch.at(progress.rows));
    match halt {
        Some(Halt::Interrupted) => return Err(Exit::interrupted("interrupted")),
        Some(halt) => return Err(crate::run::ending(checked, halt).1),
        None => {}
    }
    if outcome.rows == 0 {
        return Ok(None);
    }
    let starts = counts.rings.values().map(Ring::start);
    let ticks = starts.fold(opens, |earliest, start| earliest.min(start.unwrap_or(outcome.first)));
    let spans = Nanos(ticks.0.saturating_sub(lookback.span_ns));
    let calendars = counts.machine.calendars();
    let sessions = lookback.sessions.iter().map(|session| calendars[*session].last_open(opens));
    let from = sessions.fold(spans, Nanos::min).max(outcome.first);
    let missing: Vec<String> = counts
        .rings
        .iter()
        .filter(|(_, ring)| ring.came < ring.needs)
        .map(|(clock, ring)| {
            format!("only {} of {} × {}", ring.came, ring.needs, clock_text(&flow, flow.clocks[clock.0 as usize]))
        })
        .collect();
    let missing = if missing.is_empty() { String::new() } else { format!("; there are {}", missing.join(", ")) };
    let rows = match from {
        first if first == outcome.first => "all rows before it".to_owned(),
        first => format!("rows after {}", time_text(Nanos(first.0 - 1))),
    };
    let text = format!("{rows} warm it up, with orders held back{missing}");
    Ok(Some(WarmUp { from, text }))
}

/// The last ticks of a clock.
struct Ring {
    needs: u64,
    came: u64,
    /// One more than are needed: a bar reaches back to the end of the one before.
    last: VecDeque<Nanos>,
}

impl Ring {
    fn take(&mut self, time: Nanos) {
        self.came += 1;
        self.last.push_back(time);
        if self.last.len() as u64 > self.needs + 1 {
            self.last.pop_front();
        }
    }

    /// Where the needed ticks begin; nothing if there are too few.
    fn start(&self) -> Option<Nanos> {
        (self.last.len() as u64 > self.needs).then(|| Nanos(self.last[0].0 + 1))
    }
}

/// A strategy that wants nothing and only sees which clocks tick.
struct Counts<'a> {
    machine: &'a mut Machine,
    rings: BTreeMap<ClockId, Ring>,
}

impl Counts<'_> {
    fn new<'a>(machine: &'a mut Machine, lookback: &Lookback) -> Counts<'a> {
        let ring = |(clock, needs): (&ClockId, &u64)| (*clock, Ring { needs: *needs, came: 0, last: VecDeque::new() });
        Counts { rings: lookback.ticks.iter().map(ring).collect(), machine }
    }
}

impl Strategy for Counts<'_> {
    fn react(&mut self, event: Event<'_>, _: &View, _: &mut Wishes) -> Result<(), Fault> {
        let time = match event {
            Event::Row(block, row) => block.time_of(row),
            Event::Due(time) => time,
            Event::News(news) => news.at,
        };
        for clock in self.machine.let_by(event).iter() {
            if let Some(ring) = self.rings.get_mut(&clock) {
                ring.take(time);
            }
        }
        Ok(())
    }

    fn due(&self) -> Due {
        self.machine.due()
    }

    fn snapshot(&self) -> Vec<u64> {
        self.machine.snapshot()
    }

    fn restore(&mut self, snapshot: &[u64]) -> bool {
        self.machine.restore(snapshot)
    }
}
