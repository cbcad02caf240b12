//! Windows over the last `n` values: the memory every engine shares, laid out in a run of state slots.
//!
//! All-zero slots are a window that has seen nothing. A window has no value before it is full.

mod of_two;
mod panes;
mod span;

use crate::maths::{UNDEFINED, canonical, sqrt};

pub use of_two::{PairKind, pair_slots, step_pair};
pub use panes::{pane_slots, take_in_pane, take_since, tell_panes, tell_since};
pub use span::{MAX_SPAN_EVENTS, SpanKind, span_slots, take, tell};

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
    /// The mean of their distances from their mean.
    MeanDeviation,
    /// How far they lean to one side: the sample skewness; 0 where all are equal, or fewer than three.
    Skew,
    /// Their mean with weights from 1 to `n`, the newest heaviest.
    Wma,
    /// The one in the middle; half the sum of the two in the middle.
    Median,
    /// How many percent lie below the newest; itself and its equals count half, as ranks do.
    PercentileRank,
    /// Steps since the largest; the latest of several.
    Argmax,
    /// Steps since the smallest; the latest of several.
    Argmin,
}

impl WindowKind {
    /// Every kind with the name of the function that makes it.
    pub const NAMES: [(&'static str, WindowKind); 12] = [
        ("sum", WindowKind::Sum),
        ("mean", WindowKind::Mean),
        ("highest", WindowKind::Highest),
        ("lowest", WindowKind::Lowest),
        ("stdev", WindowKind::Stdev),
        ("mean_deviation", WindowKind::MeanDeviation),
        ("skew", WindowKind::Skew),
        ("wma", WindowKind::Wma),
        ("median", WindowKind::Median),
        ("percentile_rank", WindowKind::PercentileRank),
        ("argmax", WindowKind::Argmax),
        ("argmin", WindowKind::Argmin),
    ];

    /// The name of the function that makes it.
    pub fn name(self) -> &'static str {
        WindowKind::NAMES.iter().find(|(_, kind)| *kind == self).expect("every kind has a name").0
    }

    /// Whether it tells something in the unit of its values; otherwise a plain number.
    pub fn keeps_unit(self) -> bool {
        !matches!(self, WindowKind::Skew | WindowKind::PercentileRank | WindowKind::Argmax | WindowKind::Argmin)
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
        WindowKind::Stdev => sqrt(moment(slots, |away| away * away)),
        WindowKind::MeanDeviation => moment(slots, f64::abs),
        WindowKind::Skew => skew(slots),
        WindowKind::Wma => weighted(slots),
        WindowKind::Median => median(slots),
        WindowKind::PercentileRank => percentile_rank(slots, x),
        WindowKind::Argmax => steps_since(slots, |a, b| a >= b),
        WindowKind::Argmin => steps_since(slots, |a, b| a <= b),
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

/// The mean of what `of` makes of each value's distance from their mean.
fn moment(slots: &[u64], of: impl Fn(f64) -> f64) -> f64 {
    let centre = centre(slots);
    canonical(mean_of(oldest_first(slots).map(|x| of(x - centre))))
}

/// Their mean, corrected by what is left around it: equal values lie exactly on it.
fn centre(slots: &[u64]) -> f64 {
    let rough = mean_of(oldest_first(slots));
    rough + mean_of(oldest_first(slots).map(|x| x - rough))
}

fn mean_of(values: impl Iterator<Item = f64>) -> f64 {
    let ((sum, lost), n) = values.fold(((0.0, 0.0), 0.0), |(acc, n), x| (add(acc, x), n + 1.0));
    (sum + lost) / n
}

fn skew(slots: &[u64]) -> f64 {
    let n = (slots.len() - VALUES) as f64;
    let square = moment(slots, |away| away * away);
    if n < 3.0 || square == 0.0 {
        return 0.0;
    }
    let size = sqrt(square);
    // Cubes of shares, not of distances: those could leave the range of a number.
    sqrt(n * (n - 1.0)) / (n - 2.0) * moment(slots, |away| (away / size) * (away / size) * (away / size))
}

fn weighted(slots: &[u64]) -> f64 {
    let n = (slots.len() - VALUES) as f64;
    let weights = (1..).map(f64::from);
    let (sum, lost) = oldest_first(slots).zip(weights).fold((0.0, 0.0), |acc, (x, weight)| add(acc, weight * x));
    canonical((sum + lost) / (n * (n + 1.0) / 2.0))
}

fn median(slots: &[u64]) -> f64 {
    let mut values: Vec<f64> = oldest_first(slots).collect();
    let half = values.len() / 2;
    let even = values.len().is_multiple_of(2);
    let (below, middle, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    match below.iter().copied().max_by(f64::total_cmp) {
        Some(lower) if even => canonical((lower + *middle) / 2.0),
        _ => *middle,
    }
}

fn percentile_rank(slots: &[u64], newest: f64) -> f64 {
    let n = (slots.len() - VALUES) as f64;
    let below = oldest_first(slots).filter(|x| *x < newest).count() as f64;
    let equal = oldest_first(slots).filter(|x| *x == newest).count() as f64;
    100.0 * (below + (equal + 1.0) / 2.0) / n
}

fn steps_since(slots: &[u64], at_least: impl Fn(f64, f64) -> bool) -> f64 {
    let n = slots.len() - VALUES;
    let later = |best: (usize, f64), x: (usize, f64)| if at_least(x.1, best.1) { x } else { best };
    let (place, _) = oldest_first(slots).enumerate().reduce(later).expect("a full window has values");
    (n - 1 - place) as f64
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
    fn a_weighted_mean_gives_the_newest_the_most() {
        assert_eq!(run(WindowKind::Wma, 3, &[1.0, 2.0, 6.0, 0.0])[2..], [23.0 / 6.0, 14.0 / 6.0]);
    }

    #[test]
    fn the_median_stands_in_the_middle_of_odd_and_even_windows() {
        let values = [9.0, 1.0, 5.0, 3.0];
        assert_eq!(run(WindowKind::Median, 3, &values)[2..], [5.0, 3.0]);
        assert_eq!(run(WindowKind::Median, 4, &values)[3..], [4.0]);
        assert_eq!(run(WindowKind::Median, 1, &values), values);
    }

    #[test]
    fn a_rank_counts_its_equals_half() {
        let values = [1.0, 2.0, 2.0, 3.0, 0.0, 2.0];
        assert_eq!(run(WindowKind::PercentileRank, 4, &values)[3..], [100.0, 25.0, 62.5]);
    }

    #[test]
    fn the_latest_extreme_is_the_one_that_counts() {
        let values = [4.0, 1.0, 4.0, 1.0, 2.0];
        assert_eq!(run(WindowKind::Argmax, 3, &values)[2..], [0.0, 1.0, 2.0]);
        assert_eq!(run(WindowKind::Argmin, 3, &values)[2..], [1.0, 0.0, 1.0]);
    }

    #[test]
    fn distances_are_taken_from_the_mean() {
        assert_eq!(run(WindowKind::MeanDeviation, 4, &[1.0, 2.0, 3.0, 6.0])[3], 1.5);
        // Third moment 4.5, second 3.5, four values: sqrt(12) / 2 * 4.5 / 3.5^1.5.
        let skew = run(WindowKind::Skew, 4, &[1.0, 2.0, 3.0, 6.0])[3];
        assert!((skew - 3.0_f64.sqrt() * 4.5 / (3.5 * 3.5_f64.sqrt())).abs() < 1e-15, "{skew}");
        assert_eq!(run(WindowKind::Skew, 3, &[-1.0, 0.0, 1.0])[2], 0.0);
    }

    #[test]
    fn equal_values_do_not_spread_at_all() {
        for n in 1..200 {
            for kind in [WindowKind::Stdev, WindowKind::MeanDeviation, WindowKind::Skew] {
                assert_eq!(run(kind, n, &vec![118.69; n])[n - 1], 0.0, "{kind:?} of {n}");
            }
        }
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
