//! Windows over a span of time in panes: constant memory, whatever the number of events.
//!
//! A pane is a whole multiple of its length since 1970. The window holds the pane at hand and as many before it as the
//! span has: what it sees began at least a span less one pane ago, and at most a span.

use super::{SpanKind, WindowKind, add};
use crate::Nanos;
use crate::maths::{UNDEFINED, canonical, max, min};

const MARK: usize = 0;
const COUNT: usize = 1;
const VALUE: usize = 2;
const LOST: usize = 3;
const PANE: usize = 4;

/// How many slots a window of so many panes takes.
pub fn pane_slots(panes: usize) -> usize {
    PANE * panes
}

/// Takes in a value at `at`.
pub fn take_in_pane(kind: SpanKind, slots: &mut [u64], at: Nanos, pane_ns: i64, x: f64) {
    let number = at.0.div_euclid(pane_ns);
    let pane = pane_mut(slots, number);
    take_since(kind, pane, number, x);
}

/// Takes in a value after a beginning, such as the opening of a session: a pane that starts anew with each.
pub fn take_since(kind: SpanKind, pane: &mut [u64], beginning: i64, x: f64) {
    // The mark is moved so that all-zero slots are no pane.
    let mark = mark(beginning);
    if pane[MARK] != mark {
        pane.copy_from_slice(&[mark, 0, 0, 0]);
    }
    let held = (f64::from_bits(pane[VALUE]), f64::from_bits(pane[LOST]));
    let (value, lost) = match kind {
        SpanKind::Of(WindowKind::Highest) if pane[COUNT] > 0 => (max(held.0, x), 0.0),
        SpanKind::Of(WindowKind::Lowest) if pane[COUNT] > 0 => (min(held.0, x), 0.0),
        SpanKind::Of(WindowKind::Highest | WindowKind::Lowest) => (x, 0.0),
        _ => add(held, x),
    };
    pane[COUNT] += 1;
    pane[VALUE] = value.to_bits();
    pane[LOST] = lost.to_bits();
}

/// What has been taken in since a beginning; of the last one that took anything in where there is none now.
pub fn tell_since(kind: SpanKind, pane: &[u64], beginning: Option<i64>) -> Option<u64> {
    let empty = pane[COUNT] == 0 || beginning.is_some_and(|beginning| pane[MARK] != mark(beginning));
    let (count, value) = if empty { (0, 0.0) } else { (pane[COUNT], f64::from_bits(pane[VALUE])) };
    let lost = if empty || !value.is_finite() { 0.0 } else { f64::from_bits(pane[LOST]) };
    let told = match kind {
        SpanKind::Count => count as f64,
        SpanKind::Of(WindowKind::Sum) => value + lost,
        _ if empty => UNDEFINED,
        SpanKind::Of(WindowKind::Mean) => (value + lost) / count as f64,
        _ => value,
    };
    let told = canonical(told);
    (!told.is_nan()).then(|| told.to_bits())
}

/// What the panes tell as of `at`; `None` is undefined.
pub fn tell_panes(kind: SpanKind, slots: &mut [u64], at: Nanos, pane_ns: i64) -> Option<u64> {
    let newest = at.0.div_euclid(pane_ns);
    let panes = (slots.len() / PANE) as i64;
    let (mut count, mut sum, mut extreme) = (0, (0.0, 0.0), UNDEFINED);
    for number in newest - panes + 1..=newest {
        let pane = pane_mut(slots, number);
        if pane[MARK] != mark(number) {
            continue;
        }
        let value = f64::from_bits(pane[VALUE]);
        extreme = match kind {
            _ if count == 0 => value,
            SpanKind::Of(WindowKind::Lowest) => min(extreme, value),
            _ => max(extreme, value),
        };
        sum = add(add(sum, value), f64::from_bits(pane[LOST]));
        count += pane[COUNT];
    }
    let total = if sum.0.is_finite() { sum.0 + sum.1 } else { sum.0 };
    let value = match kind {
        SpanKind::Count => count as f64,
        SpanKind::Of(WindowKind::Sum) => total,
        _ if count == 0 => UNDEFINED,
        SpanKind::Of(WindowKind::Mean) => total / count as f64,
        _ => extreme,
    };
    let value = canonical(value);
    (!value.is_nan()).then(|| value.to_bits())
}

fn mark(number: i64) -> u64 {
    (number as u64) ^ (1 << 63)
}

fn pane_mut(slots: &mut [u64], number: i64) -> &mut [u64] {
    let panes = (slots.len() / PANE) as i64;
    let at = number.rem_euclid(panes) as usize * PANE;
    &mut slots[at..at + PANE]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: SpanKind, events: &[(i64, f64)], at: i64) -> Option<f64> {
        let mut slots = vec![0; pane_slots(3)];
        events.iter().for_each(|(time, x)| take_in_pane(kind, &mut slots, Nanos(*time), 10, *x));
        tell_panes(kind, &mut slots, Nanos(at), 10).map(f64::from_bits)
    }

    const EVENTS: [(i64, f64); 4] = [(5, 3.0), (12, 1.0), (19, 5.0), (25, 2.0)];

    #[test]
    fn the_window_is_the_pane_at_hand_and_those_before_it() {
        assert_eq!(told(SpanKind::Count, &EVENTS, 29), Some(4.0));
        assert_eq!(told(SpanKind::Count, &EVENTS, 30), Some(3.0));
        assert_eq!(told(SpanKind::Of(WindowKind::Sum), &EVENTS, 39), Some(8.0));
        assert_eq!(told(SpanKind::Of(WindowKind::Mean), &EVENTS, 41), Some(2.0));
        assert_eq!(told(SpanKind::Of(WindowKind::Lowest), &EVENTS, 30), Some(1.0));
        assert_eq!(told(SpanKind::Of(WindowKind::Highest), &EVENTS, 30), Some(5.0));
    }

    #[test]
    fn each_beginning_starts_anew() {
        let mut pane = vec![0; pane_slots(1)];
        let mut told = |kind, beginning: i64, x: f64| {
            take_since(kind, &mut pane, beginning, x);
            tell_since(kind, &pane, Some(beginning)).map(f64::from_bits)
        };
        let kind = SpanKind::Of(WindowKind::Highest);
        assert_eq!([told(kind, 7, 2.0), told(kind, 7, 1.0), told(kind, 9, 1.0)], [Some(2.0), Some(2.0), Some(1.0)]);
        assert_eq!(tell_since(kind, &pane, None).map(f64::from_bits), Some(1.0));
        assert_eq!(tell_since(kind, &pane, Some(10)), None);
        assert_eq!(tell_since(SpanKind::Count, &pane, Some(10)).map(f64::from_bits), Some(0.0));
    }

    #[test]
    fn nothing_counts_as_nothing() {
        assert_eq!(told(SpanKind::Count, &EVENTS, 90), Some(0.0));
        assert_eq!(told(SpanKind::Of(WindowKind::Highest), &EVENTS, 90), None);
        assert_eq!(told(SpanKind::Count, &[], -5), Some(0.0));
    }
}
