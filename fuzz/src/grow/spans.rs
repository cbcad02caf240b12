//! Windows of time: spans, panes, and what began with a session or a position.

use gbc_core::window::WindowKind;

use super::Grow;
use super::kinds::{Clocks, Kind, Place};
use super::term::Term;

/// From what may be empty at once to what outlasts the data.
const SPANS: [&str; 6] = ["1ms", "900ms", "5s", "45s", "10m", "3h"];

/// A span and its panes.
const PANES: [&str; 4] = ["5s by 1s", "45s by 15s", "10m by 2m", "1h by 30m"];

/// What panes and sessions can tell, and keeps the unit.
const OF_PANES: [&str; 4] = ["sum", "mean", "highest", "lowest"];

impl Grow {
    /// A window of time over something that changes for certain.
    pub(super) fn of_a_span(&mut self, kind: Kind, place: Place) -> Term {
        let span = Term::whole(self.chance.pick(&SPANS));
        match (kind, self.chance.below(6)) {
            (Kind::Plain | Kind::Price, 0 | 1) => {
                let function = self.chance.pick(&OF_PANES);
                let (value, over) = (self.moving_value(kind, place), self.panes_or_session(place));
                Term::call(function, &[&value, &over])
            }
            (Kind::Plain, 2) => {
                let over = if self.chance.once_in(1, 2) { span } else { self.panes_or_session(place) };
                Term::call("count", &[&self.moving_value(Kind::Truth, place), &over])
            }
            (Kind::Plain | Kind::Price, 3 | 4) => {
                let fits = |window: &WindowKind| kind == Kind::Plain || window.keeps_unit();
                let all: Vec<&str> =
                    WindowKind::NAMES.iter().filter(|(_, window)| fits(window)).map(|(name, _)| *name).collect();
                let function = self.chance.pick(&all);
                Term::call(function, &[&self.moving_value(kind, place), &span])
            }
            _ => Term::call("ago", &[&self.moving_value(kind, place), &span]),
        }
    }

    fn panes_or_session(&mut self, place: Place) -> Term {
        let session = self.one_of(&self.sessions.clone());
        let market = self.chance.below(self.markets.len());
        Term::whole(match self.chance.below(4) {
            0 => self.chance.pick(&PANES).to_owned(),
            // A position begins and ends at moments of its own.
            1 if place.clocks == Clocks::Many => format!("trade(m{market})"),
            2 => format!("{session}.first({}m)", self.chance.whole(1, 6)),
            _ => session,
        })
    }
}
