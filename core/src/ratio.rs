//! Exact scales: a tick of 1/4, a lot of 1/1000.

use serde::{Deserialize, Serialize};

/// A positive fraction in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratio {
    /// Numerator, positive.
    pub num: i64,
    /// Denominator, positive.
    pub den: i64,
}

impl Ratio {
    /// One.
    pub const ONE: Ratio = Ratio { num: 1, den: 1 };

    /// `num / den` in lowest terms; `None` unless both are positive.
    pub fn new(num: i64, den: i64) -> Option<Ratio> {
        if num <= 0 || den <= 0 {
            return None;
        }
        let divisor = greatest_common_divisor(num, den);
        Some(Ratio { num: num / divisor, den: den / divisor })
    }

    /// Reads `0.25`, `1`, `0.0001`: digits with an optional fraction of at most 12 places.
    pub fn parse(text: &str) -> Option<Ratio> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits_only = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || fraction.len() > 12 || !digits_only(whole) || !digits_only(fraction) {
            return None;
        }
        let den = 10_i64.pow(fraction.len() as u32);
        Ratio::new(format!("{whole}{fraction}").parse().ok()?, den)
    }

    /// `count` times this scale, correctly rounded: 11_869 × 1/100 is the very number written `118.69`.
    ///
    /// Exact inputs stay exact while `count × num` is below 2^53.
    pub fn times(self, count: i64) -> f64 {
        let top = count as f64 * self.num as f64;
        if self.den == 1 { top } else { top / self.den as f64 }
    }

    /// The whole count nearest to `value`; `None` for what is no number or lies out of range.
    pub fn count_nearest(self, value: f64) -> Option<i64> {
        let count = value * self.den as f64 / self.num as f64;
        (count.is_finite() && count.abs() < 9.0e15).then(|| libm::round(count) as i64)
    }

    /// The count whose value is `value`, if `value` lies on this grid.
    ///
    /// On the grid means: the correctly rounded value of a whole count, give or take four units in the last place
    /// (files often hold `0.1 + 0.2` where they mean `0.3`).
    pub fn count_exact(self, value: f64) -> Option<i64> {
        let count = self.count_nearest(value)?;
        let off = (self.times(count) - value).abs();
        (off <= 4.0 * f64::EPSILON * value.abs()).then_some(count)
    }
}

fn greatest_common_divisor(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_the_number_its_decimal_text_means() {
        let cent = Ratio::parse("0.01").unwrap();
        for count in [1, 7, 29, 11_869, 99_999_999] {
            let text = format!("{}.{:02}", count / 100, count % 100);
            assert_eq!(cent.times(count), text.parse::<f64>().unwrap());
            assert_eq!(cent.count_exact(text.parse().unwrap()), Some(count));
        }
    }

    #[test]
    fn a_value_between_two_ticks_is_off_the_grid() {
        let quarter = Ratio::parse("0.25").unwrap();
        assert_eq!(quarter.count_exact(100.30), None);
        assert_eq!(quarter.count_exact(f64::NAN), None);
        assert_eq!(Ratio::parse("0.1").unwrap().count_exact(0.1 + 0.2), Some(3));
    }

    #[test]
    fn what_is_no_scale_is_refused() {
        for text in ["", "0", "-1", ".5", "1e3", "0.0000000000001", "x"] {
            assert_eq!(Ratio::parse(text), None, "{text}");
        }
    }
}
