//! When the account is valued.
//!
//! A value due at a moment is taken as late as possible: just before the first event that lies beyond what it covers. So
//! it does not matter how rows are cut into blocks, and rows between two values need not be looked at.

use gbc_core::time::DAY;
use gbc_core::{Money, Nanos};
use gbc_portfolio::EquityPoint;
use serde::{Deserialize, Serialize};

/// What leaves equity points, besides fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Pace {
    /// Each bar of the finest bars.
    EachBar,
    /// Each whole span of this length in which something happened.
    Every(i64),
}

/// A value to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Expected {
    /// The last nanosecond whose events it covers.
    covers: i64,
    /// Its stamp.
    stamp: i64,
}

/// The account over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Curve {
    pub points: Vec<EquityPoint>,
    pub closes: Vec<EquityPoint>,
    pace: Pace,
    point: Option<Expected>,
    close: Option<Expected>,
}

impl Curve {
    pub fn new(pace: Pace) -> Curve {
        Curve { points: Vec::new(), closes: Vec::new(), pace, point: None, close: None }
    }

    /// Whether a value must be taken before an event at `time` is let in.
    pub fn expects_before(&self, time: Nanos) -> bool {
        time.0 > self.covers()
    }

    /// The last nanosecond up to which rows may be let in together.
    pub fn covers(&self) -> i64 {
        let covers = |expected: Option<Expected>| expected.map_or(i64::MAX, |it| it.covers);
        covers(self.point).min(covers(self.close))
    }

    /// Takes what is expected before `time`.
    pub fn take_before(&mut self, time: Nanos, equity: Money) {
        if let Some(point) = self.point.take_if(|it| time.0 > it.covers) {
            self.push(Nanos(point.stamp), equity);
        }
        if let Some(close) = self.close.take_if(|it| time.0 > it.covers) {
            self.closes.push(EquityPoint { time: Nanos(close.stamp), equity });
        }
    }

    /// A row at `time` is let in; `paces` if it is one of the finest bars.
    pub fn row(&mut self, time: Nanos, paces: bool) {
        match self.pace {
            Pace::EachBar if paces => self.point = Some(Expected { covers: time.0, stamp: time.0 }),
            Pace::EachBar => {}
            Pace::Every(_) => self.activity(time),
        }
        // A bar that ends at midnight belongs to the day it ends.
        let day_end = Nanos(time.0.saturating_sub(1)).floor_to(DAY).0.saturating_add(DAY);
        self.close = Some(Expected { covers: day_end, stamp: day_end });
    }

    /// Something happened at `time`: its span will leave a point.
    pub fn activity(&mut self, time: Nanos) {
        if let Pace::Every(span_ns) = self.pace {
            let end = time.floor_to(span_ns).0.saturating_add(span_ns);
            self.point = Some(Expected { covers: end - 1, stamp: end });
        }
    }

    /// A point out of turn: a fill.
    pub fn push(&mut self, time: Nanos, equity: Money) {
        // The open of a bar is known when the bar ends; the curve never runs backwards for it.
        let time = self.points.last().map_or(time, |last| last.time.max(time));
        self.points.push(EquityPoint { time, equity });
    }

    /// The run is over: the last values, at the last event.
    pub fn finish(&mut self, last: Nanos, equity: Money) {
        if self.points.last() != Some(&EquityPoint { time: last, equity }) {
            self.push(last, equity);
        }
        self.closes.extend(self.close.take().map(|close| EquityPoint { time: Nanos(close.stamp), equity }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gbc_core::time::MINUTE;

    fn stamps(points: &[EquityPoint]) -> Vec<i64> {
        points.iter().map(|point| point.time.0).collect()
    }

    #[test]
    fn a_quiet_hour_leaves_one_point() {
        let mut curve = Curve::new(Pace::Every(MINUTE));
        for time in [5, MINUTE - 1, MINUTE, 61 * MINUTE] {
            curve.take_before(Nanos(time), Money::ZERO);
            curve.row(Nanos(time), false);
        }
        assert_eq!(stamps(&curve.points), [MINUTE, 2 * MINUTE]);
    }

    #[test]
    fn the_bar_that_ends_at_midnight_closes_its_day() {
        let mut curve = Curve::new(Pace::EachBar);
        for (time, equity) in [(DAY - 1, 1), (DAY, 2), (DAY + 1, 3)] {
            curve.take_before(Nanos(time), Money(equity - 1));
            curve.row(Nanos(time), true);
        }
        curve.finish(Nanos(DAY + 1), Money(3));
        assert_eq!(
            curve.closes.iter().map(|close| (close.time.0, close.equity.0)).collect::<Vec<_>>(),
            [(DAY, 2), (2 * DAY, 3)]
        );
        assert_eq!(stamps(&curve.points), [DAY - 1, DAY, DAY + 1]);
    }
}
