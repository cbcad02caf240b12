//! So many in so long: what `at most`, `rate` and `max orders` count.

use std::collections::VecDeque;

use gbc_core::orders::{Per, Rate};
use gbc_core::session::Calendar;
use gbc_core::time::DAY;
use gbc_core::{Nanos, Wishes};
use serde::{Deserialize, Serialize};

/// Counts events over a stretch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counter {
    times: VecDeque<Nanos>,
}

impl Counter {
    /// Whether one more fits now. An undefined limit lets nothing through.
    pub fn has_room(&mut self, rate: &Rate, now: Nanos, wishes: &Wishes, calendars: &[Calendar]) -> bool {
        let Some(most) = wishes.number(rate.count) else { return false };
        let from = since(rate.per, now, wishes, calendars);
        while self.times.front().is_some_and(|time| *time < from) {
            self.times.pop_front();
        }
        (self.times.len() as f64) < most
    }

    /// One more happened.
    pub fn count(&mut self, now: Nanos) {
        self.times.push_back(now);
    }
}

/// The first moment of the stretch that `now` lies in.
pub fn since(per: Per, now: Nanos, wishes: &Wishes, calendars: &[Calendar]) -> Nanos {
    match per {
        Per::Day => now.floor_to(DAY),
        Per::Session(session) => calendars[session].last_open(now),
        // A span is open at its start: what happened just so long ago is out.
        Per::Span(span) => Nanos(now.0.saturating_sub(wishes.span(span).unwrap_or(i64::MAX)).saturating_add(1)),
    }
}

/// The first moment after the stretch that `now` lies in.
pub fn until(per: Per, now: Nanos, wishes: &Wishes, calendars: &[Calendar]) -> Nanos {
    match per {
        Per::Day => Nanos(now.floor_to(DAY).0.saturating_add(DAY)),
        Per::Session(session) => calendars[session].next_open(now),
        Per::Span(span) => Nanos(now.0.saturating_add(wishes.span(span).unwrap_or(i64::MAX))),
    }
}
