//! Windows over the last `n` values: the memory every engine shares, laid out in a run of state slots.
//!
//! All-zero slots are a window that has seen nothing. A window has no value before it is full.

use crate::maths::{UNDEFINED, canonical, sqrt};

/// What a window tells of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WindowKind {
    /// Their sum, compensated.
    Sum,
    /// Their arithmetic mean.
    Mean,
    /// The largest.
    Highest,
    /// The smallest.
    Lowest,
    /// Their standard deviation, dividing by `n` as TA-Lib does.
    Stdev,
}

impl WindowKind {
    /// Every kind with the name of the function that makes it.
    pub const NAMES: [(&'static str, WindowKind); 5] = [
        ("sum", WindowKind::Sum),
        ("mean", WindowKind::Mean),
        ("highest", WindowKind::Highest),
        ("lowest", WindowKind::Lowest),
        ("stdev", WindowKind::Stdev),
    ];

    /// The name of the function that makes it.
    pub fn name(self) -> &'static str {
        WindowKind::NAMES.iter().find(|(_, kind)| *kind == self).expect("every kind has a name").0
    }
}

const COUNT: usize = 0;
const NEXT: usize = 1;
const SUM: usize = 2;
const LOST: usize = 3;
const VALUES: usize = 4;

/// How many slots a window of `n` values takes.
pub fn slots(n: usize) -> usize {
    VALUES + n
}

/// Takes in `x`, which must be defined, and tells the window's new value; undefined until it is full.
pub fn step(kind: WindowKind, slots: &mut [u64], x: f64) -> f64 {
    let leaving = push(slots, x);
    if matches!(kind, WindowKind::Sum | WindowKind::Mean) {
        update_sum(slots, x, leaving);
    }
    let n = slots.len() - VALUES;
    if (slots[COUNT] as usize) < n {
        return UNDEFINED;
    }
    match kind {
        WindowKind::Sum => total(slots),
        WindowKind::Mean => total(slots) / n as f64,
        WindowKind::Highest => extreme(slots, |a, b| a > b),
        WindowKind::Lowest => extreme(slots, |a, b| a < b),
        WindowKind::Stdev => deviation(slots),
    }
}

/// Stores `x`; gives back the value that it pushed out.
fn push(slots: &mut [u64], x: f64) -> Option<f64> {
    let n = slots.len() - VALUES;
    let next = slots[NEXT] as usize;
    let full = slots[COUNT] as usize == n;
    let leaving = full.then(|| f64::from_bits(slots[VALUES + next]));
    slots[VALUES + next] = x.to_bits();
    slots[NEXT] = ((next + 1) % n) as u64;
    slots[COUNT] += u64::from(!full);
    leaving
}

/// Values from the oldest to the newest.
fn oldest_first(slots: &[u64]) -> impl Iterator<Item = f64> + '_ {
    let n = slots.len() - VALUES;
    let (count, next) = (slots[COUNT] as usize, slots[NEXT] as usize);
    let first = if count == n { next } else { 0 };
    (0..count).map(move |i| f64::from_bits(slots[VALUES + (first + i) % n]))
}

fn update_sum(slots: &mut [u64], x: f64, leaving: Option<f64>) {
    let mut sum = (f64::from_bits(slots[SUM]), f64::from_bits(slots[LOST]));
    sum = add(sum, x);
    if let Some(old) = leaving {
        sum = add(sum, -old);
    }
    // An infinity that has left must not stay behind as a NaN.
    if !(sum.0 + sum.1).is_finite() {
        sum = oldest_first(slots).fold((0.0, 0.0), add);
    }
    slots[SUM] = sum.0.to_bits();
    slots[LOST] = sum.1.to_bits();
}

/// Neumaier's addition: what rounding loses is kept aside and given back at the end.
fn add((sum, lost): (f64, f64), x: f64) -> (f64, f64) {
    let next = sum + x;
    let slip = if sum.abs() >= x.abs() { (sum - next) + x } else { (x - next) + sum };
    (next, lost + slip)
}

fn total(slots: &[u64]) -> f64 {
    let (sum, lost) = (f64::from_bits(slots[SUM]), f64::from_bits(slots[LOST]));
    canonical(if sum.is_finite() { sum + lost } else { sum })
}

fn extreme(slots: &[u64], better: impl Fn(f64, f64) -> bool) -> f64 {
    oldest_first(slots).reduce(|best, x| if better(x, best) { x } else { best }).expect("a full window has values")
}

fn deviation(slots: &[u64]) -> f64 {
    let n = (slots.len() - VALUES) as f64;
    let (sum, lost) = oldest_first(slots).fold((0.0, 0.0), add);
    let mean = (sum + lost) / n;
    let (square, lost) = oldest_first(slots).fold((0.0, 0.0), |acc, x| add(acc, (x - mean) * (x - mean)));
    sqrt((square + lost) / n)
}

/// How many slots the history of the last `n` values takes.
pub fn history_slots(n: usize) -> usize {
    2 + n
}

/// Takes in the bits of the newest value and tells those of the value `n` values before it; `None` while there is none.
pub fn step_history(slots: &mut [u64], bits: u64) -> Option<u64> {
    let n = slots.len() - 2;
    if n == 0 {
        return Some(bits);
    }
    let next = slots[NEXT] as usize;
    let full = slots[COUNT] as usize == n;
    let old = full.then_some(slots[2 + next]);
    slots[2 + next] = bits;
    slots[NEXT] = ((next + 1) % n) as u64;
    slots[COUNT] += u64::from(!full);
    old
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(kind: WindowKind, n: usize, values: &[f64]) -> Vec<f64> {
        let mut state = vec![0; slots(n)];
        values.iter().map(|x| step(kind, &mut state, *x)).collect()
    }

    #[test]
    fn a_window_has_no_value_until_it_is_full() {
        let means = run(WindowKind::Mean, 3, &[1.0, 2.0, 6.0, 4.0]);
        assert!(means[0].is_nan() && means[1].is_nan());
        assert_eq!(means[2..], [3.0, 4.0]);
    }

    #[test]
    fn each_kind_tells_what_its_name_says() {
        let values = [3.0, 1.0, 2.0, 5.0, 4.0];
        assert_eq!(run(WindowKind::Sum, 2, &values)[1..], [4.0, 3.0, 7.0, 9.0]);
        assert_eq!(run(WindowKind::Highest, 2, &values)[1..], [3.0, 2.0, 5.0, 5.0]);
        assert_eq!(run(WindowKind::Lowest, 2, &values)[1..], [1.0, 1.0, 2.0, 4.0]);
        assert_eq!(run(WindowKind::Stdev, 2, &values)[1..], [1.0, 0.5, 1.5, 0.5]);
    }

    #[test]
    fn a_sum_forgets_what_left_even_beside_huge_values() {
        let mut values = vec![1e16, 1.0, -1e16];
        values.extend([0.1; 1000]);
        let last = *run(WindowKind::Sum, 3, &values).last().unwrap();
        assert!((last - 0.3).abs() < 1e-15, "{last}");
    }

    #[test]
    fn an_infinity_that_left_leaves_no_trace() {
        let sums = run(WindowKind::Sum, 2, &[f64::INFINITY, 1.0, 2.0, 3.0]);
        assert_eq!(sums[1..], [f64::INFINITY, 3.0, 5.0]);
    }

    #[test]
    fn history_tells_the_value_n_before_the_newest() {
        let mut state = vec![0; history_slots(2)];
        let told: Vec<_> = (10..15).map(|bits| step_history(&mut state, bits)).collect();
        assert_eq!(told, [None, None, Some(10), Some(11), Some(12)]);
        assert_eq!(step_history(&mut vec![0; history_slots(0)], 7), Some(7));
    }
}
