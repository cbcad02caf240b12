//! Sums in a fixed order: pairwise, so that long ones stay exact and no machine adds differently.

/// Few enough to be added one by one.
const SHORT: usize = 8;

/// The sum.
pub fn sum(values: &[f64]) -> f64 {
    sum_of(values, |x| x)
}

/// The mean; NaN of nothing.
pub fn mean(values: &[f64]) -> f64 {
    sum(values) / values.len() as f64
}

/// The sum of `f` of each value.
pub fn sum_of(values: &[f64], f: impl Fn(f64) -> f64 + Copy) -> f64 {
    if values.len() <= SHORT {
        return values.iter().fold(0.0, |sum, x| sum + f(*x));
    }
    let (left, right) = values.split_at(values.len() / 2);
    sum_of(left, f) + sum_of(right, f)
}
