//! The difference between what is wanted and what is held or ordered.

use gbc_core::orders::Unit;
use gbc_core::{MarketId, Ratio};
use gbc_portfolio::Overflow;
use serde::{Deserialize, Serialize};

use crate::Size;

/// Positions stay below this many lot steps, where every whole number is still a float.
const MOST_STEPS: f64 = 9.0e15;

/// Turns wishes into sizes of orders. Remembers the last wish, so that a refused order is not sent again and again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reconciler {
    lots: Vec<Ratio>,
    last: Vec<Option<(f64, Unit)>>,
}

impl Reconciler {
    /// For markets with these lot steps.
    pub fn new(lots: Vec<Ratio>) -> Reconciler {
        let last = vec![None; lots.len()];
        Reconciler { lots, last }
    }

    /// What to trade (negative steps to sell) if the wish of `market` changed; `held` is the position with what is on its way.
    ///
    /// An undefined wish changes nothing.
    pub fn changed(&mut self, market: MarketId, wish: f64, unit: Unit, held: i64) -> Result<Option<Size>, Overflow> {
        if wish.is_nan() || self.last[market] == Some((wish, unit)) {
            return Ok(None);
        }
        self.last[market] = Some((wish, unit));
        if unit != Unit::Lots {
            return Ok(Some(Size::Wanted(unit, wish)));
        }
        let wanted = whole_steps(self.lots[market], wish).ok_or(Overflow { market, what: "wanted position" })?;
        let steps = wanted.checked_sub(held).ok_or(Overflow { market, what: "order" })?;
        Ok((steps != 0).then_some(Size::Steps(steps)))
    }
}

/// Lots in whole steps, floored toward zero: `0.29` lots are 29 steps of 0.01, though the quotient falls short of it.
pub(crate) fn whole_steps(lot: Ratio, lots: f64) -> Option<i64> {
    let steps = lots * lot.den as f64 / lot.num as f64;
    if steps.is_nan() || steps.abs() >= MOST_STEPS {
        return None;
    }
    Some(lot.count_exact(lots).unwrap_or(steps as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(lot: &str, wish: f64, held: i64) -> Option<Size> {
        let mut reconciler = Reconciler::new(vec![Ratio::parse(lot).unwrap()]);
        reconciler.changed(0, wish, Unit::Lots, held).unwrap()
    }

    #[test]
    fn a_wish_is_floored_toward_zero() {
        assert_eq!(steps("1", 2.9, 0), Some(Size::Steps(2)));
        assert_eq!(steps("1", -2.9, 0), Some(Size::Steps(-2)));
        assert_eq!(steps("0.01", 0.29, 0), Some(Size::Steps(29)));
        assert_eq!(steps("100", 250.0, 1), Some(Size::Steps(1)));
    }

    #[test]
    fn what_is_held_or_ordered_counts() {
        assert_eq!(steps("1", 2.0, 2), None);
        assert_eq!(steps("1", -1.0, 2), Some(Size::Steps(-3)));
    }

    #[test]
    fn only_a_changed_wish_is_news() {
        let mut reconciler = Reconciler::new(vec![Ratio::ONE]);
        let mut wish = |lots| reconciler.changed(0, lots, Unit::Lots, 0).unwrap().is_some();
        assert_eq!([wish(1.0), wish(1.0), wish(f64::NAN), wish(1.0), wish(2.0)], [true, false, false, false, true]);
    }

    #[test]
    fn a_wish_beyond_counting_is_refused() {
        let mut reconciler = Reconciler::new(vec![Ratio::ONE]);
        assert!(reconciler.changed(0, f64::INFINITY, Unit::Lots, 0).is_err());
    }
}
