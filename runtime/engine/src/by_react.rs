//! A strategy seen through `react` alone: the contract's own `play` in place of whatever faster one it has.

use gbc_core::{Due, Event, Fault, Strategy, View, Wishes};

/// Hides the strategy's `play`, and so gets the default one.
pub(crate) struct ByReact<'a>(pub &'a mut dyn Strategy);

impl Strategy for ByReact<'_> {
    fn react(&mut self, event: Event<'_>, view: &View, wishes: &mut Wishes) -> Result<(), Fault> {
        self.0.react(event, view, wishes)
    }

    fn due(&self) -> Due {
        self.0.due()
    }

    fn snapshot(&self) -> Vec<u64> {
        self.0.snapshot()
    }

    fn restore(&mut self, snapshot: &[u64]) -> bool {
        self.0.restore(snapshot)
    }
}
