//! The one maths library: interpreter, native code and constant folding all call these, so they cannot disagree.
//!
//! Undefined is one NaN, `UNDEFINED`. Whatever is given it gives it back; so does whatever leaves its domain.

/// The value of what has no value.
pub const UNDEFINED: f64 = f64::from_bits(0x7ff8_0000_0000_0000);

/// The same number, with every NaN made the one NaN.
#[inline(always)]
pub fn canonical(x: f64) -> f64 {
    if x.is_nan() { UNDEFINED } else { x }
}

/// `a / b`; undefined where `b` is zero.
#[inline(always)]
pub fn divide(a: f64, b: f64) -> f64 {
    if b == 0.0 { UNDEFINED } else { canonical(a / b) }
}

/// The quotient rounded down; undefined where `b` is zero.
pub fn floor_divide(a: f64, b: f64) -> f64 {
    canonical(libm::floor(divide(a, b)))
}

/// What floor division leaves, with the sign of `b`; undefined where `b` is zero.
pub fn modulo(a: f64, b: f64) -> f64 {
    let rest = if b == 0.0 { UNDEFINED } else { libm::fmod(a, b) };
    canonical(if rest != 0.0 && (rest < 0.0) != (b < 0.0) { rest + b } else { rest })
}

/// The whole quotient rounded down; `None` where `b` is zero or the quotient too large.
pub fn whole_floor_divide(a: i64, b: i64) -> Option<i64> {
    let quotient = a.checked_div(b)?;
    Some(if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
}

/// What floor division leaves of whole numbers; `None` where `b` is zero.
pub fn whole_modulo(a: i64, b: i64) -> Option<i64> {
    let rest = a.checked_rem(b)?;
    Some(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
}

/// The smaller; undefined if either is.
pub fn min(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        UNDEFINED
    } else if b < a || (a == 0.0 && b == 0.0 && b.is_sign_negative()) {
        b
    } else {
        a
    }
}

/// The larger; undefined if either is.
pub fn max(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        UNDEFINED
    } else if b > a || (a == 0.0 && b == 0.0 && b.is_sign_positive()) {
        b
    } else {
        a
    }
}

/// The nearest whole number, halves away from zero.
pub fn round(x: f64) -> f64 {
    canonical(libm::round(x))
}

/// The largest whole number not above `x`.
pub fn floor(x: f64) -> f64 {
    canonical(libm::floor(x))
}

/// The smallest whole number not below `x`.
pub fn ceil(x: f64) -> f64 {
    canonical(libm::ceil(x))
}

/// The square root; undefined below zero.
pub fn sqrt(x: f64) -> f64 {
    canonical(libm::sqrt(x))
}

/// e to the power of `x`.
pub fn exp(x: f64) -> f64 {
    canonical(libm::exp(x))
}

/// The natural logarithm; undefined at zero and below.
pub fn log(x: f64) -> f64 {
    if x <= 0.0 { UNDEFINED } else { canonical(libm::log(x)) }
}

/// `a` to the power of `b`; undefined where that is no real number.
pub fn pow(a: f64, b: f64) -> f64 {
    canonical(libm::pow(a, b))
}

/// The share of a standard normal distribution that lies below `x`.
pub fn normal_below(x: f64) -> f64 {
    canonical(0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_out_of_a_domain_gives_the_one_nan() {
        let outs = [
            divide(1.0, 0.0),
            modulo(1.0, 0.0),
            floor_divide(-1.0, 0.0),
            sqrt(-1.0),
            log(0.0),
            log(-1.0),
            pow(-8.0, 0.5),
        ];
        for out in outs {
            assert_eq!(out.to_bits(), UNDEFINED.to_bits());
        }
        assert_eq!(canonical(-f64::NAN).to_bits(), UNDEFINED.to_bits());
        assert_eq!(max(f64::NAN, 1.0).to_bits(), UNDEFINED.to_bits());
    }

    #[test]
    fn halves_round_away_and_floors_go_down() {
        assert_eq!((round(2.5), round(-2.5)), (3.0, -3.0));
        assert_eq!((floor_divide(-7.0, 2.0), modulo(-7.0, 2.0)), (-4.0, 1.0));
        assert_eq!((floor_divide(7.0, -2.0), modulo(7.0, -2.0)), (-4.0, -1.0));
    }

    #[test]
    fn zeros_have_an_order_of_their_own() {
        assert!(min(0.0, -0.0).is_sign_negative() && min(-0.0, 0.0).is_sign_negative());
        assert!(max(0.0, -0.0).is_sign_positive() && max(-0.0, 0.0).is_sign_positive());
    }
}
