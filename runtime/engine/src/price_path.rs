//! The way of one market's price, thinned while it is recorded: enough for a picture, and never more than fits in one.

use gbc_core::Nanos;
use serde::{Deserialize, Serialize};

/// The most spans that are kept.
const MOST: usize = 8_192;

/// A few marks that followed one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceSpan {
    /// When the last of them was taken.
    pub time: Nanos,
    /// The lowest, in half ticks.
    pub low: i64,
    /// The highest, in half ticks.
    pub high: i64,
    /// The last, in half ticks.
    pub last: i64,
}

/// One market's marks at equity points. When there are too many, neighbours become one: spikes stay, memory does not grow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PricePath {
    pub spans: Vec<PriceSpan>,
    /// How many marks a whole span holds.
    marks_each: u32,
    /// How many marks the last one holds.
    marks_of_last: u32,
}

impl PricePath {
    pub fn new() -> PricePath {
        PricePath { spans: Vec::new(), marks_each: 1, marks_of_last: 1 }
    }

    pub fn add(&mut self, time: Nanos, mark: i64) {
        let full = self.marks_of_last == self.marks_each;
        match self.spans.last_mut() {
            Some(last) if !full => {
                *last = joined(*last, PriceSpan { time, low: mark, high: mark, last: mark });
                self.marks_of_last += 1;
            }
            _ => {
                self.make_room();
                self.spans.push(PriceSpan { time, low: mark, high: mark, last: mark });
                self.marks_of_last = 1;
            }
        }
    }

    fn make_room(&mut self) {
        if self.spans.len() == MOST {
            self.spans = self.spans.chunks(2).map(|pair| joined(pair[0], pair[1])).collect();
            self.marks_each = self.marks_each.saturating_mul(2);
        }
    }
}

fn joined(first: PriceSpan, then: PriceSpan) -> PriceSpan {
    PriceSpan { low: first.low.min(then.low), high: first.high.max(then.high), ..then }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_way_keeps_its_ends_and_its_spikes() {
        let mut path = PricePath::new();
        let total = 10 * MOST as i64 + 3;
        for step in 0..total {
            path.add(Nanos(step), if step == 12_345 { 9_999 } else { step % 7 });
        }
        assert!((MOST / 2..=MOST).contains(&path.spans.len()));
        assert!(path.spans.is_sorted_by(|a, b| a.time < b.time));
        assert_eq!(path.spans.iter().map(|span| span.high).max(), Some(9_999));
        assert_eq!(path.spans.last().map(|span| (span.time.0, span.last)), Some((total - 1, (total - 1) % 7)));
    }

    #[test]
    fn a_short_way_is_kept_as_it_is() {
        let mut path = PricePath::new();
        path.add(Nanos(1), 5);
        path.add(Nanos(2), 7);
        assert_eq!(path.spans.iter().map(|span| (span.time.0, span.last)).collect::<Vec<_>>(), [(1, 5), (2, 7)]);
    }
}
