//! Windows over the last `n` pairs of values: how two series go together.
//!
//! All-zero slots are a window that has seen nothing. Spreads and products divide by `n`, as TA-Lib does.

use super::add;
use crate::maths::{UNDEFINED, canonical, max, min, sqrt};

/// What a window tells of its pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PairKind {
    /// Their correlation, from -1 to 1; 0 where either side does not move.
    Corr,
    /// Their covariance, dividing by `n`.
    Covariance,
    /// The slope of the straight line that tells the first from the second; 0 where the second does not move.
    Slope,
}

impl PairKind {
    /// Every kind with the name of the function that makes it, and that function's inputs.
    pub const NAMES: [(&'static str, PairKind, &'static str); 3] = [
        ("corr", PairKind::Corr, "x, y, n"),
        ("covariance", PairKind::Covariance, "x, y, n"),
        ("slope", PairKind::Slope, "y, x, n"),
    ];

    /// The name of the function that makes it.
    pub fn name(self) -> &'static str {
        PairKind::NAMES.iter().find(|(_, kind, _)| *kind == self).expect("every kind has a name").0
    }

    /// The inputs of the function that makes it.
    pub fn inputs(self) -> &'static str {
        PairKind::NAMES.iter().find(|(_, kind, _)| *kind == self).expect("every kind has a name").2
    }
}

const COUNT: usize = 0;
const NEXT: usize = 1;
const PAIRS: usize = 2;

/// How many slots a window of `n` pairs takes.
pub fn pair_slots(n: usize) -> usize {
    PAIRS + 2 * n
}

/// Takes in two values, which must be defined, and tells the window's new value; undefined until it is full.
pub fn step_pair(kind: PairKind, slots: &mut [u64], a: f64, b: f64) -> f64 {
    let n = (slots.len() - PAIRS) / 2;
    let next = slots[NEXT] as usize;
    slots[PAIRS + 2 * next] = a.to_bits();
    slots[PAIRS + 2 * next + 1] = b.to_bits();
    slots[NEXT] = ((next + 1) % n) as u64;
    slots[COUNT] = (slots[COUNT] + 1).min(n as u64);
    if (slots[COUNT] as usize) < n {
        return UNDEFINED;
    }
    let spread = Spread::of(slots);
    let value = match kind {
        PairKind::Covariance => spread.ab,
        PairKind::Slope if spread.bb > 0.0 => spread.ab / spread.bb,
        PairKind::Corr if spread.aa > 0.0 && spread.bb > 0.0 => spread.correlation(),
        // An infinity in the window leaves nothing to tell; a side that stands still tells nothing of the other.
        _ if spread.is_finite() => 0.0,
        _ => UNDEFINED,
    };
    canonical(value)
}

/// Mean products of the distances from the means.
struct Spread {
    aa: f64,
    ab: f64,
    bb: f64,
}

impl Spread {
    fn of(slots: &[u64]) -> Spread {
        let (mean_a, mean_b) = (centre(slots, |(a, _)| a), centre(slots, |(_, b)| b));
        let product = |of: fn(f64, f64) -> f64| mean_of(slots, |(a, b)| of(a - mean_a, b - mean_b));
        Spread { aa: product(|a, _| a * a), ab: product(|a, b| a * b), bb: product(|_, b| b * b) }
    }

    fn correlation(&self) -> f64 {
        let product = self.aa * self.bb;
        // One root is nearer to the truth, two stay within the range of a number.
        let size = if product.is_normal() { sqrt(product) } else { sqrt(self.aa) * sqrt(self.bb) };
        max(min(self.ab / size, 1.0), -1.0)
    }

    fn is_finite(&self) -> bool {
        self.aa.is_finite() && self.bb.is_finite()
    }
}

/// The mean, corrected by what is left around it: equal values lie exactly on it.
fn centre(slots: &[u64], side: fn((f64, f64)) -> f64) -> f64 {
    let rough = mean_of(slots, side);
    rough + mean_of(slots, |pair| side(pair) - rough)
}

/// The compensated mean of what `of` makes of each pair, from the oldest on.
fn mean_of(slots: &[u64], of: impl Fn((f64, f64)) -> f64) -> f64 {
    let n = (slots.len() - PAIRS) / 2;
    let first = slots[NEXT] as usize;
    let pairs = (0..n).map(|i| PAIRS + 2 * ((first + i) % n));
    let values = pairs.map(|at| of((f64::from_bits(slots[at]), f64::from_bits(slots[at + 1]))));
    let (sum, lost) = values.fold((0.0, 0.0), add);
    (sum + lost) / n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(kind: PairKind, n: usize, pairs: &[(f64, f64)]) -> Vec<f64> {
        let mut state = vec![0; pair_slots(n)];
        pairs.iter().map(|(a, b)| step_pair(kind, &mut state, *a, *b)).collect()
    }

    #[test]
    fn a_window_has_no_value_until_it_is_full() {
        let found = run(PairKind::Covariance, 2, &[(1.0, 2.0), (3.0, 6.0), (3.0, 7.0)]);
        assert!(found[0].is_nan());
        assert_eq!(found[1..], [2.0, 0.0]);
    }

    #[test]
    fn a_straight_line_is_found_with_its_slope() {
        let line: Vec<(f64, f64)> = [1.0, 4.0, 2.0, 8.0].iter().map(|x| (3.0 - 2.0 * x, *x)).collect();
        assert_eq!(run(PairKind::Slope, 3, &line)[2..], [-2.0, -2.0]);
        assert_eq!(run(PairKind::Corr, 3, &line)[2..], [-1.0, -1.0]);
    }

    #[test]
    fn what_does_not_move_goes_with_nothing() {
        let still = [(1.0, 118.69), (2.0, 118.69), (4.0, 118.69)];
        for kind in [PairKind::Corr, PairKind::Covariance, PairKind::Slope] {
            assert_eq!(run(kind, 3, &still)[2], 0.0, "{kind:?}");
        }
        let turned: Vec<(f64, f64)> = still.iter().map(|(a, b)| (*b, *a)).collect();
        assert_eq!(run(PairKind::Corr, 3, &turned)[2], 0.0);
    }

    #[test]
    fn a_correlation_never_leaves_its_range() {
        for n in 2..60 {
            let pairs: Vec<(f64, f64)> = (0..n).map(|i| (0.1 * i as f64, 0.3 * i as f64 + 1e6)).collect();
            let found = run(PairKind::Corr, n as usize, &pairs)[n as usize - 1];
            assert!((0.999..=1.0).contains(&found), "{found}");
        }
    }

    #[test]
    fn an_infinity_is_no_number_and_leaves_no_trace() {
        let found = run(PairKind::Corr, 2, &[(f64::INFINITY, 1.0), (1.0, 2.0), (2.0, 3.0)]);
        assert!(found[1].is_nan());
        assert_eq!(found[2], 1.0);
    }
}
