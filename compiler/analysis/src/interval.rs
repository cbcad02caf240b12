//! Where a number lies: just enough to see that a divisor is never zero.

/// All numbers from `low` to `high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The smallest.
    pub low: f64,
    /// The largest.
    pub high: f64,
}

impl Default for Interval {
    fn default() -> Interval {
        Interval::ANY
    }
}

impl Interval {
    /// Any number at all.
    pub const ANY: Interval = Interval { low: f64::NEG_INFINITY, high: f64::INFINITY };
    /// Zero or more.
    pub const NOT_NEGATIVE: Interval = Interval { low: 0.0, high: f64::INFINITY };

    /// A tick or a point: a fraction of two 64-bit numbers is never nearer to zero than this, and a product of a dozen
    /// of them is still a number.
    pub const SCALE: Interval = Interval { low: 1e-19, high: f64::INFINITY };

    /// Exactly this.
    pub fn exactly(x: f64) -> Interval {
        Interval { low: x, high: x }
    }

    /// Whether this number is in it.
    pub fn holds(self, x: f64) -> bool {
        self.low <= x && x <= self.high
    }

    /// Everything in either.
    pub fn hull(self, other: Interval) -> Interval {
        Interval { low: lower(self.low, other.low), high: higher(self.high, other.high) }
    }

    /// Of a sum.
    pub fn plus(self, other: Interval) -> Interval {
        whole(self.low + other.low, self.high + other.high)
    }

    /// Of the negative.
    pub fn negated(self) -> Interval {
        Interval { low: -self.high, high: -self.low }
    }

    /// Of a product.
    pub fn times(self, other: Interval) -> Interval {
        let ends = [self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high];
        if ends.iter().any(|end| end.is_nan()) {
            return if self.low >= 0.0 && other.low >= 0.0 { Interval::NOT_NEGATIVE } else { Interval::ANY };
        }
        Interval {
            low: ends.into_iter().fold(f64::INFINITY, lower),
            high: ends.into_iter().fold(f64::NEG_INFINITY, higher),
        }
    }

    /// Of a quotient, where the divisor is not zero.
    pub fn over(self, other: Interval) -> Interval {
        if other.holds(0.0) {
            return if self.low >= 0.0 && other.low >= 0.0 { Interval::NOT_NEGATIVE } else { Interval::ANY };
        }
        self.times(Interval { low: 1.0 / other.high, high: 1.0 / other.low })
    }

    /// Of the size without sign.
    pub fn size(self) -> Interval {
        if self.low >= 0.0 {
            self
        } else if self.high <= 0.0 {
            self.negated()
        } else {
            Interval { low: 0.0, high: higher(-self.low, self.high) }
        }
    }

    /// Of what a function that never falls makes of it; where that has no value it is left out.
    pub fn through(self, rising: fn(f64) -> f64) -> Interval {
        let (low, high) = (rising(self.low), rising(self.high));
        let least = rising(0.0);
        Interval { low: if low.is_nan() { least } else { low }, high: if high.is_nan() { f64::INFINITY } else { high } }
    }

    /// Of the smaller of two.
    pub fn smaller(self, other: Interval) -> Interval {
        Interval { low: lower(self.low, other.low), high: lower(self.high, other.high) }
    }

    /// Of the larger of two.
    pub fn larger(self, other: Interval) -> Interval {
        Interval { low: higher(self.low, other.low), high: higher(self.high, other.high) }
    }
}

fn whole(low: f64, high: f64) -> Interval {
    if low.is_nan() || high.is_nan() { Interval::ANY } else { Interval { low, high } }
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

    #[test]
    fn a_parameter_plus_one_is_never_zero() {
        let n = Interval { low: 5.0, high: 30.0 };
        assert!(!n.plus(Interval::exactly(1.0)).holds(0.0));
        assert!(n.plus(Interval::exactly(1.0).negated()).plus(Interval::exactly(-9.0)).holds(0.0));
    }

    #[test]
    fn a_product_of_scales_is_never_zero() {
        assert!(!Interval::exactly(2.0).times(Interval::SCALE).times(Interval::SCALE).holds(0.0));
    }

    #[test]
    fn a_root_and_a_whole_value_keep_what_is_known() {
        let n = Interval { low: 5.0, high: 30.0 };
        assert_eq!(n.through(gbc_core::maths::sqrt).through(gbc_core::maths::floor), Interval { low: 2.0, high: 5.0 });
        assert_eq!(Interval::ANY.through(gbc_core::maths::sqrt), Interval::NOT_NEGATIVE);
        assert_eq!(Interval::ANY.through(gbc_core::maths::floor), Interval::ANY);
    }

    #[test]
    fn infinite_ends_never_make_a_wrong_claim() {
        assert_eq!(Interval::ANY.times(Interval::exactly(0.0)), Interval::ANY);
        assert_eq!(Interval::NOT_NEGATIVE.times(Interval::NOT_NEGATIVE), Interval::NOT_NEGATIVE);
        assert!(Interval::ANY.plus(Interval::ANY).holds(0.0));
    }
}
