//! Where a number lies. True and false lie at 1 and 0, so a condition that cannot be true lies exactly at 0.
//!
//! Ends are computed as values are, rounded to the nearest: rounding never swaps two results, so no value leaves its
//! interval. What overflows a number is left out: prices are whole ticks, and no chain of them comes near.

use gbc_core::arithmetic::BinaryOp;
use gbc_core::maths::{exp, log, pow};

/// All numbers from `low` to `high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The smallest.
    pub low: f64,
    /// The largest.
    pub high: f64,
    /// Whether zero is left out though it lies between the ends.
    pub not_zero: bool,
}

impl Default for Interval {
    fn default() -> Interval {
        Interval::ANY
    }
}

/// Beyond this, whole numbers are not exact as numbers.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Interval {
    /// Any number at all.
    pub const ANY: Interval = Interval::new(f64::NEG_INFINITY, f64::INFINITY);
    /// Nothing: what is never evaluated, or never has a value.
    pub const EMPTY: Interval = Interval::new(f64::INFINITY, f64::NEG_INFINITY);
    /// Zero or more.
    pub const NOT_NEGATIVE: Interval = Interval::new(0.0, f64::INFINITY);
    /// False or true.
    pub const TRUTH: Interval = Interval::new(0.0, 1.0);
    /// Never true.
    pub const FALSE: Interval = Interval::new(0.0, 0.0);
    /// Always true.
    pub const TRUE: Interval = Interval::new(1.0, 1.0);

    /// A tick or a point, a fraction of two 64-bit numbers; a product of a dozen of them is still a number.
    pub const SCALE: Interval = Interval::new(1e-19, 1e19);
    /// So many ticks, one or more.
    pub const TICKS: Interval = Interval::new(1e-19, 1e38);

    /// From here to there.
    pub const fn new(low: f64, high: f64) -> Interval {
        Interval { low, high, not_zero: false }
    }

    /// Exactly this.
    pub const fn exactly(x: f64) -> Interval {
        Interval::new(x, x)
    }

    /// Whether this number is in it.
    pub fn holds(self, x: f64) -> bool {
        self.low <= x && x <= self.high && !(x == 0.0 && self.not_zero)
    }

    /// Whether it holds nothing.
    pub fn is_empty(self) -> bool {
        self.low > self.high || (self.low == 0.0 && self.high == 0.0 && self.not_zero)
    }

    /// The one number it holds.
    pub fn single(self) -> Option<f64> {
        (self.low == self.high && !self.is_empty()).then_some(self.low)
    }

    /// Whether a truth is always this.
    pub fn is(self, truth: bool) -> bool {
        self.single() == Some(f64::from(u8::from(truth)))
    }

    /// The same without zero.
    pub fn without_zero(self) -> Interval {
        Interval { not_zero: true, ..self }
    }

    /// Everything in either.
    pub fn hull(self, other: Interval) -> Interval {
        if self.is_empty() || other.is_empty() {
            return if self.is_empty() { other } else { self };
        }
        let not_zero = !self.holds(0.0) && !other.holds(0.0);
        Interval { low: lower(self.low, other.low), high: higher(self.high, other.high), not_zero }
    }

    /// Everything in both.
    pub fn meet(self, other: Interval) -> Interval {
        let not_zero = self.not_zero || other.not_zero;
        Interval { low: higher(self.low, other.low), high: lower(self.high, other.high), not_zero }
    }

    /// The whole numbers in it: those that are counted, beyond the exact ones with a margin.
    pub fn whole(self) -> Interval {
        let low = if self.low.abs() < EXACT { gbc_core::maths::ceil(self.low) } else { self.low.next_down() };
        let high = if self.high.abs() < EXACT { gbc_core::maths::floor(self.high) } else { self.high.next_up() };
        Interval { low, high, ..self }
    }

    /// Of a sum.
    pub fn plus(self, other: Interval) -> Interval {
        ends(self.low + other.low, self.high + other.high)
    }

    /// Of the negative.
    pub fn negated(self) -> Interval {
        Interval { low: -self.high, high: -self.low, ..self }
    }

    /// Of a product.
    pub fn times(self, other: Interval) -> Interval {
        // At an end without bound nothing is reached: zero times it is zero.
        corners(self, other, |a, b| if a == 0.0 || b == 0.0 { 0.0 } else { a * b })
    }

    /// Of a quotient, where the divisor is not zero.
    pub fn over(self, other: Interval) -> Interval {
        if other.low < 0.0 && other.high > 0.0 {
            return Interval::ANY;
        }
        let positive = other.low >= 0.0;
        if other.low == 0.0 || other.high == 0.0 {
            let signed = if positive { self } else { self.negated() };
            return if signed.low >= 0.0 {
                Interval::NOT_NEGATIVE
            } else if signed.high <= 0.0 {
                Interval::NOT_NEGATIVE.negated()
            } else {
                Interval::ANY
            };
        }
        corners(self, other, |a, b| if a == 0.0 || b.is_infinite() { 0.0 } else { a / b })
    }

    /// Of what floor division leaves: it has the divisor's sign.
    pub fn modulo(self, other: Interval) -> Interval {
        if self.low >= 0.0 && self.high < other.low {
            return self;
        }
        Interval::new(lower(other.low, 0.0), higher(other.high, 0.0))
    }

    /// Of the size without sign.
    pub fn size(self) -> Interval {
        if self.low >= 0.0 {
            self
        } else if self.high <= 0.0 {
            self.negated()
        } else {
            Interval { low: 0.0, high: higher(-self.low, self.high), ..self }
        }
    }

    /// Of what a function that never falls makes of it; where that has no value it is left out.
    pub fn through(self, rising: fn(f64) -> f64) -> Interval {
        let (low, high) = (rising(self.low), rising(self.high));
        let least = rising(0.0);
        Interval::new(if low.is_nan() { least } else { low }, if high.is_nan() { f64::INFINITY } else { high })
    }

    /// Of e to its power.
    pub fn exp(self) -> Interval {
        Interval::new(exp(self.low), exp(self.high)).loosened().meet(Interval::NOT_NEGATIVE)
    }

    /// Of its logarithm, where it has one.
    pub fn log(self) -> Interval {
        const LEAST: f64 = 5e-324;
        Interval::new(log(higher(self.low, LEAST)), log(higher(self.high, LEAST))).loosened()
    }

    /// Of a power, where it has a value.
    pub fn pow(self, by: Interval) -> Interval {
        let even = by.single().is_some_and(|n| n % 2.0 == 0.0);
        if self.low < 0.0 {
            return if even { Interval::NOT_NEGATIVE } else { Interval::ANY };
        }
        match by.single() {
            Some(n) if n > 0.0 => {
                Interval::new(pow(self.low, n), pow(self.high, n)).loosened().meet(Interval::NOT_NEGATIVE)
            }
            _ => Interval::NOT_NEGATIVE,
        }
    }

    /// A little wider: approximations may swap two results by a hair.
    pub fn loosened(self) -> Interval {
        let by = |x: f64| if x.is_finite() { x.abs() * 1e-12 + f64::MIN_POSITIVE } else { 0.0 };
        Interval::new(self.low - by(self.low), self.high + by(self.high))
    }

    /// Of the smaller of two.
    pub fn smaller(self, other: Interval) -> Interval {
        let not_zero = !self.holds(0.0) && !other.holds(0.0);
        Interval { low: lower(self.low, other.low), high: lower(self.high, other.high), not_zero }
    }

    /// Of the larger of two.
    pub fn larger(self, other: Interval) -> Interval {
        let not_zero = !self.holds(0.0) && !other.holds(0.0);
        Interval { low: higher(self.low, other.low), high: higher(self.high, other.high), not_zero }
    }

    /// Of a comparison.
    pub fn compared(self, op: BinaryOp, other: Interval) -> Interval {
        let verdict = |always: bool, never: bool| match (always, never) {
            (true, _) => Interval::TRUE,
            (_, true) => Interval::FALSE,
            _ => Interval::TRUTH,
        };
        match op {
            BinaryOp::Lt => verdict(self.high < other.low, self.low >= other.high),
            BinaryOp::Le => verdict(self.high <= other.low, self.low > other.high),
            BinaryOp::Gt => other.compared(BinaryOp::Lt, self),
            BinaryOp::Ge => other.compared(BinaryOp::Le, self),
            BinaryOp::Eq => {
                let same = self.single().is_some() && self.single() == other.single();
                verdict(same, self.meet(other).is_empty())
            }
            _ => self.compared(BinaryOp::Eq, other).negated().plus(Interval::TRUE),
        }
    }

    /// What is left of it where a comparison with another is true. `whole`: both are whole numbers.
    pub fn narrowed(self, op: BinaryOp, other: Interval, whole: bool) -> Interval {
        let step = |x: f64, up: bool| match (whole && x.abs() < EXACT, up) {
            (true, true) => gbc_core::maths::floor(x) + 1.0,
            (true, false) => gbc_core::maths::ceil(x) - 1.0,
            (false, _) if whole => x,
            (false, true) => x.next_up(),
            (false, false) => x.next_down(),
        };
        let within = match op {
            BinaryOp::Lt => Interval::new(f64::NEG_INFINITY, step(other.high, false)),
            BinaryOp::Le => Interval::new(f64::NEG_INFINITY, other.high),
            BinaryOp::Gt => Interval::new(step(other.low, true), f64::INFINITY),
            BinaryOp::Ge => Interval::new(other.low, f64::INFINITY),
            BinaryOp::Eq => other,
            _ if other.single() == Some(0.0) => Interval::ANY.without_zero(),
            _ => Interval::ANY,
        };
        self.meet(within)
    }

    /// Wider than both, at ends that many values share, so that growing soon ends.
    pub fn widened(self, grown: Interval) -> Interval {
        let hull = self.hull(grown);
        if self.is_empty() {
            return hull;
        }
        let low = if hull.low < self.low { stop(-hull.low).map_or(f64::NEG_INFINITY, |end| -end) } else { hull.low };
        let high = if hull.high > self.high { stop(hull.high).unwrap_or(f64::INFINITY) } else { hull.high };
        Interval { low, high, ..hull }
    }
}

/// The first stop on the way up.
fn stop(x: f64) -> Option<f64> {
    [0.0, 1.0, 100.0].into_iter().find(|end| x <= *end)
}

fn ends(low: f64, high: f64) -> Interval {
    let low = if low.is_nan() { f64::NEG_INFINITY } else { low };
    Interval::new(low, if high.is_nan() { f64::INFINITY } else { high })
}

fn corners(a: Interval, b: Interval, of: impl Fn(f64, f64) -> f64) -> Interval {
    let ends = [of(a.low, b.low), of(a.low, b.high), of(a.high, b.low), of(a.high, b.high)];
    if ends.iter().any(|end| end.is_nan()) {
        return Interval::ANY;
    }
    Interval::new(ends.into_iter().fold(f64::INFINITY, lower), ends.into_iter().fold(f64::NEG_INFINITY, higher))
}

fn lower(a: f64, b: f64) -> f64 {
    if b < a { b } else { a }
}

fn higher(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;

    const N: Interval = Interval::new(5.0, 30.0);

    #[test]
    fn a_parameter_plus_one_is_never_zero() {
        assert!(!N.plus(Interval::exactly(1.0)).holds(0.0));
        assert!(N.plus(Interval::exactly(1.0).negated()).plus(Interval::exactly(-9.0)).holds(0.0));
    }

    #[test]
    fn a_product_of_scales_is_never_zero() {
        assert!(!Interval::exactly(2.0).times(Interval::SCALE).times(Interval::SCALE).holds(0.0));
    }

    #[test]
    fn a_root_and_a_whole_value_keep_what_is_known() {
        assert_eq!(N.through(gbc_core::maths::sqrt).through(gbc_core::maths::floor), Interval::new(2.0, 5.0));
        assert_eq!(Interval::ANY.through(gbc_core::maths::sqrt), Interval::NOT_NEGATIVE);
        assert_eq!(Interval::ANY.through(gbc_core::maths::floor), Interval::ANY);
    }

    #[test]
    fn ends_without_bound_never_make_a_wrong_claim() {
        assert_eq!(Interval::NOT_NEGATIVE.times(Interval::NOT_NEGATIVE), Interval::NOT_NEGATIVE);
        assert_eq!(Interval::ANY.times(Interval::NOT_NEGATIVE), Interval::ANY);
        assert!(Interval::ANY.plus(Interval::ANY).holds(0.0));
        assert_eq!(Interval::exactly(1.0).over(Interval::ANY.without_zero()), Interval::ANY);
    }

    #[test]
    fn a_comparison_narrows_both_sides_to_what_is_left() {
        assert_eq!(N.narrowed(BinaryOp::Gt, Interval::exactly(29.0), true), Interval::exactly(30.0));
        assert!(N.narrowed(BinaryOp::Lt, Interval::exactly(5.0), false).is_empty());
        assert!(!Interval::ANY.narrowed(BinaryOp::Ne, Interval::exactly(0.0), false).holds(0.0));
        assert!(!Interval::ANY.narrowed(BinaryOp::Gt, Interval::exactly(0.0), false).holds(0.0));
    }

    #[test]
    fn comparing_says_never_and_always_only_where_it_is_so() {
        let rank = Interval::new(0.0, 100.0);
        assert_eq!(rank.compared(BinaryOp::Gt, Interval::exactly(120.0)), Interval::FALSE);
        assert_eq!(rank.compared(BinaryOp::Ge, Interval::exactly(0.0)), Interval::TRUE);
        assert_eq!(rank.compared(BinaryOp::Gt, Interval::exactly(0.0)), Interval::TRUTH);
        assert_eq!(rank.compared(BinaryOp::Ne, Interval::exactly(120.0)), Interval::TRUE);
        assert_eq!(Interval::ANY.without_zero().compared(BinaryOp::Eq, Interval::exactly(0.0)), Interval::FALSE);
    }
}
