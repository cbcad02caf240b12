//! Windows over a span of time: what happened in `(now - span, now]`.
//!
//! All-zero slots are a window that has seen nothing. Taking in and telling are two things: a span empties as time
//! passes, so it is told anew whenever somebody asks, as of that moment.

use super::{PairKind, WindowKind, add, step_pair};
use crate::Nanos;
use crate::maths::{UNDEFINED, canonical};

/// No window over single events keeps more than this many; panes keep any number.
pub const MAX_SPAN_EVENTS: usize = 1 << 17;

/// What a window over a span tells of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpanKind {
    /// How many there are; 0 in an empty window.
    Count,
    /// The value as it was at the window's far end: the last one not younger than that.
    Ago,
    /// What a window over the last `n` tells of them all; a sum of none is 0, all else of none is undefined.
    Of(WindowKind),
    /// What a window over pairs tells of them all.
    OfTwo(PairKind),
}

impl SpanKind {
    /// Every kind.
    pub fn all() -> impl Iterator<Item = SpanKind> {
        let windows = WindowKind::NAMES.into_iter().map(|(_, kind)| SpanKind::Of(kind));
        let pairs = PairKind::NAMES.into_iter().map(|(_, kind, _)| SpanKind::OfTwo(kind));
        [SpanKind::Count, SpanKind::Ago].into_iter().chain(windows).chain(pairs)
    }

    /// The name of the function that makes it.
    pub fn name(self) -> &'static str {
        match self {
            SpanKind::Count => "count",
            SpanKind::Ago => "ago",
            SpanKind::Of(kind) => kind.name(),
            SpanKind::OfTwo(kind) => kind.name(),
        }
    }

    /// Whether an empty window has a value: it is 0.
    pub fn counts_nothing(self) -> bool {
        matches!(self, SpanKind::Count | SpanKind::Of(WindowKind::Sum))
    }

    /// Whether panes are enough to tell it: what single values were need not be known.
    pub fn fits_panes(self) -> bool {
        use WindowKind::{Highest, Lowest, Mean, Sum};
        matches!(self, SpanKind::Count | SpanKind::Of(Sum | Mean | Highest | Lowest))
    }

    /// How many slots one event takes: its time, then what is kept of it.
    fn width(self) -> usize {
        match self {
            SpanKind::Count => 1,
            SpanKind::Ago | SpanKind::Of(_) => 2,
            SpanKind::OfTwo(_) => 3,
        }
    }
}

const FIRST: usize = 0;
const LEN: usize = 1;
const SUM: usize = 2;
const LOST: usize = 3;
const EVENTS: usize = 4;

/// How many slots a window takes that never holds more than `events`.
pub fn span_slots(kind: SpanKind, events: usize) -> usize {
    EVENTS + kind.width() * events
}

/// Takes in an event at `at`; `false` if the window has no room for it. `values` are bits: of one value, or of a pair.
pub fn take(kind: SpanKind, slots: &mut [u64], at: Nanos, span_ns: i64, values: [u64; 2]) -> bool {
    leave(kind, slots, at, span_ns);
    let room = (slots.len() - EVENTS) / kind.width();
    let len = slots[LEN] as usize;
    if len == room {
        return false;
    }
    let place = place(kind, slots, len);
    slots[place] = at.0 as u64;
    slots[place + 1..place + kind.width()].copy_from_slice(&values[..kind.width() - 1]);
    slots[LEN] += 1;
    if is_sum(kind) {
        add_to_sum(slots, f64::from_bits(values[0]));
    }
    true
}

/// What the window tells as of `at`; bits of a number, or of what was taken in for [`SpanKind::Ago`]. `None` is undefined.
pub fn tell(kind: SpanKind, slots: &mut [u64], at: Nanos, span_ns: i64) -> Option<u64> {
    leave(kind, slots, at, span_ns);
    let len = slots[LEN] as usize;
    let value = match kind {
        SpanKind::Count => len as f64,
        SpanKind::Ago => {
            let oldest = place(kind, slots, 0);
            let old_enough = len > 0 && (slots[oldest] as i64) <= at.0.saturating_sub(span_ns);
            return old_enough.then(|| slots[oldest + 1]);
        }
        SpanKind::Of(WindowKind::Sum) => total(slots),
        _ if len == 0 => UNDEFINED,
        SpanKind::Of(WindowKind::Mean) => total(slots) / len as f64,
        SpanKind::Of(of) => tell_all(of, slots, kind),
        SpanKind::OfTwo(of) => tell_pairs(of, slots, kind),
    };
    let value = canonical(value);
    (!value.is_nan()).then(|| value.to_bits())
}

/// Lets events go that lie outside `(at - span, at]`; `ago` keeps the last of those.
fn leave(kind: SpanKind, slots: &mut [u64], at: Nanos, span_ns: i64) {
    let edge = at.0.saturating_sub(span_ns);
    let looks_at = usize::from(kind == SpanKind::Ago);
    while (slots[LEN] as usize) > looks_at && (slots[place(kind, slots, looks_at)] as i64) <= edge {
        let oldest = place(kind, slots, 0);
        if is_sum(kind) {
            let leaving = f64::from_bits(slots[oldest + 1]);
            slots[LEN] -= 1;
            slots[FIRST] += 1;
            add_to_sum(slots, -leaving);
        } else {
            slots[LEN] -= 1;
            slots[FIRST] += 1;
        }
        if slots[FIRST] as usize == (slots.len() - EVENTS) / kind.width() {
            slots[FIRST] = 0;
        }
    }
}

fn is_sum(kind: SpanKind) -> bool {
    matches!(kind, SpanKind::Of(WindowKind::Sum | WindowKind::Mean))
}

/// Where the event so many after the oldest stands.
fn place(kind: SpanKind, slots: &[u64], index: usize) -> usize {
    let room = (slots.len() - EVENTS) / kind.width();
    EVENTS + kind.width() * ((slots[FIRST] as usize + index) % room)
}

fn add_to_sum(slots: &mut [u64], x: f64) {
    let mut sum = add((f64::from_bits(slots[SUM]), f64::from_bits(slots[LOST])), x);
    let kind = SpanKind::Of(WindowKind::Sum);
    // An empty window owes nothing to rounding, and an infinity that has left must not stay behind as a NaN.
    if slots[LEN] == 0 {
        sum = (0.0, 0.0);
    } else if !(sum.0 + sum.1).is_finite() {
        sum = (0..slots[LEN] as usize).fold((0.0, 0.0), |sum, i| add(sum, value(kind, slots, i, 1)));
    }
    slots[SUM] = sum.0.to_bits();
    slots[LOST] = sum.1.to_bits();
}

fn total(slots: &[u64]) -> f64 {
    let (sum, lost) = (f64::from_bits(slots[SUM]), f64::from_bits(slots[LOST]));
    if sum.is_finite() { sum + lost } else { sum }
}

fn value(kind: SpanKind, slots: &[u64], index: usize, which: usize) -> f64 {
    f64::from_bits(slots[place(kind, slots, index) + which])
}

/// All values through a window of just their number: one definition for both.
fn tell_all(of: WindowKind, slots: &[u64], kind: SpanKind) -> f64 {
    let len = slots[LEN] as usize;
    let mut window = vec![0; super::slots(len)];
    (0..len).fold(UNDEFINED, |_, index| super::step(of, &mut window, value(kind, slots, index, 1)))
}

fn tell_pairs(of: PairKind, slots: &[u64], kind: SpanKind) -> f64 {
    let len = slots[LEN] as usize;
    let mut window = vec![0; super::pair_slots(len)];
    let step = |index| (value(kind, slots, index, 1), value(kind, slots, index, 2));
    (0..len).map(step).fold(UNDEFINED, |_, (a, b)| step_pair(of, &mut window, a, b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: SpanKind, span: i64, events: &[(i64, f64)], at: i64) -> Option<f64> {
        let mut slots = vec![0; span_slots(kind, 8)];
        for (time, x) in events {
            assert!(take(kind, &mut slots, Nanos(*time), span, [x.to_bits(), 0]));
        }
        tell(kind, &mut slots, Nanos(at), span).map(f64::from_bits)
    }

    const EVENTS: [(i64, f64); 4] = [(10, 3.0), (20, 1.0), (20, 5.0), (35, 2.0)];

    #[test]
    fn a_span_is_open_at_its_far_end_and_closed_at_now() {
        assert_eq!(told(SpanKind::Count, 15, &EVENTS, 35), Some(1.0));
        assert_eq!(told(SpanKind::Count, 16, &EVENTS, 35), Some(3.0));
        assert_eq!(told(SpanKind::Of(WindowKind::Sum), 16, &EVENTS, 35), Some(8.0));
        assert_eq!(told(SpanKind::Of(WindowKind::Highest), 16, &EVENTS, 35), Some(5.0));
    }

    #[test]
    fn a_span_empties_as_time_passes() {
        assert_eq!(told(SpanKind::Count, 15, &EVENTS, 50), Some(0.0));
        assert_eq!(told(SpanKind::Of(WindowKind::Sum), 15, &EVENTS, 50), Some(0.0));
        assert_eq!(told(SpanKind::Of(WindowKind::Mean), 15, &EVENTS, 50), None);
        assert_eq!(told(SpanKind::Of(WindowKind::Lowest), 15, &EVENTS, 50), None);
    }

    #[test]
    fn ago_is_the_last_value_that_is_old_enough() {
        assert_eq!(told(SpanKind::Ago, 15, &EVENTS, 35), Some(5.0));
        assert_eq!(told(SpanKind::Ago, 16, &EVENTS, 35), Some(3.0));
        assert_eq!(told(SpanKind::Ago, 26, &EVENTS, 35), None);
        assert_eq!(told(SpanKind::Ago, 15, &EVENTS, 500), Some(2.0));
    }

    #[test]
    fn a_full_window_takes_nothing_more_and_loses_nothing() {
        let kind = SpanKind::Of(WindowKind::Sum);
        let mut slots = vec![0; span_slots(kind, 2)];
        let mut offer = |at| take(kind, &mut slots, Nanos(at), 10, [1.0_f64.to_bits(), 0]);
        assert_eq!([offer(1), offer(2), offer(3), offer(11)], [true, true, false, true]);
        assert_eq!(tell(kind, &mut slots, Nanos(11), 10).map(f64::from_bits), Some(2.0));
    }

    #[test]
    fn running_sums_are_as_good_as_fresh_ones() {
        let kind = SpanKind::Of(WindowKind::Sum);
        let mut slots = vec![0; span_slots(kind, 64)];
        for i in 0..10_005_i64 {
            let x: f64 = if i % 97 == 0 { 1e15 } else { 0.1 };
            take(kind, &mut slots, Nanos(i), 10, [x.to_bits(), 0]);
        }
        let last = f64::from_bits(tell(kind, &mut slots, Nanos(10_004), 10).unwrap());
        assert!((last - 1.0).abs() < 1e-14, "{last}");
    }
}
