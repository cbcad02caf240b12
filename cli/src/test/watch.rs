//! Watches names while a test is played: what each is worth, and since which event.

use gbc_core::orders::Plan;
use gbc_core::{Due, Event, Fault, Nanos, Strategy, View, Wishes};
use gbc_driver::Machine;

/// An event of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct When {
    pub(super) time: Nanos,
    /// The market, the row of its feed, from 1, and whether that is a bar; none for a moment without data.
    pub(super) row: Option<(usize, usize, bool)>,
}

impl When {
    fn of(event: &Event<'_>) -> When {
        match event {
            Event::Row(block, row) => {
                let is_bar = block.schema.is_bars();
                When { time: block.time_of(*row), row: Some((block.market, row + 1, is_bar)) }
            }
            Event::Due(time) => When { time: *time, row: None },
            Event::News(news) => When { time: news.at, row: None },
        }
    }
}

/// A strategy in motion whose names are looked at after each event.
pub(super) struct Watched<'a> {
    machine: &'a mut Machine,
    /// What each name is worth now.
    pub(super) values: Vec<Option<f64>>,
    /// When each last changed; none where it never did.
    pub(super) since: Vec<Option<When>>,
    pub(super) last: Option<When>,
}

impl Watched<'_> {
    pub(super) fn new(machine: &mut Machine) -> Watched<'_> {
        let values = machine.watched();
        Watched { since: vec![None; values.len()], values, last: None, machine }
    }

    /// Notes what changed with the last event, or at the end, when the last fills are known.
    fn look(&mut self) {
        let now = self.machine.watched();
        for (index, value) in now.iter().enumerate() {
            if value.map(f64::to_bits) != self.values[index].map(f64::to_bits) {
                self.since[index] = self.last;
            }
        }
        self.values = now;
    }

    /// What became of the expectations, once all is played.
    pub(super) fn expectations(&mut self, view: &View) -> Result<Vec<gbc_driver::Expectation>, Fault> {
        let told = self.machine.expectations(view)?;
        self.look();
        Ok(told)
    }
}

impl Strategy for Watched<'_> {
    fn react(&mut self, event: Event<'_>, view: &View, wishes: &mut Wishes) -> Result<(), Fault> {
        self.last = Some(When::of(&event));
        self.machine.react(event, view, wishes)?;
        self.look();
        Ok(())
    }

    fn due(&self) -> Due {
        self.machine.due()
    }

    fn plan(&self) -> Option<&Plan> {
        self.machine.plan()
    }

    fn snapshot(&self) -> Vec<u64> {
        self.machine.snapshot()
    }

    fn restore(&mut self, snapshot: &[u64]) -> bool {
        self.machine.restore(snapshot)
    }
}
