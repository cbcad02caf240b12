//! Money in whole billionths of the currency, so that no order of addition and no machine can change a result.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

/// An amount, in billionths of the currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(pub i128);

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);
    /// One unit of the currency.
    pub const ONE: Money = Money(1_000_000_000);

    /// The nearest amount to `value` units of the currency; `None` if `value` is no number or beyond 10^20.
    pub fn nearest(value: f64) -> Option<Money> {
        (value.is_finite() && value.abs() < 1e20).then(|| Money(libm::round(value * 1e9) as i128))
    }

    /// In units of the currency, for ratios and for reading.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// This amount, never below nothing.
    pub fn or_zero(self) -> Money {
        Money(self.0.max(0))
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0 + other.0)
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0 - other.0)
    }
}

impl Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        Money(-self.0)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        *self = *self + other;
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Money) {
        *self = *self - other;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Add::add)
    }
}
