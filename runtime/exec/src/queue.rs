//! How much stands ahead of a resting order, where data show levels and not single orders.
//!
//! A trade at our price takes from the front. A level that shrinks by more than was traded lost orders ahead of us or behind
//! us; the model says in which measure. Sizes are lot steps.

use gbc_core::maths;
use serde::{Deserialize, Serialize};

/// Who leaves first when a level shrinks without trades.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueModel {
    /// Those behind us, as long as there are any.
    RiskAverse,
    /// Those behind with probability bⁿ / (bⁿ + fⁿ), of f ahead and b behind.
    Power(f64),
    /// Those behind with probability 1 − (f / (f + b))ⁿ.
    Power3(f64),
    /// Those behind with probability L(b) / (L(b) + L(f)), L(x) = ln(1 + x).
    Log,
    /// Those behind with probability L(b) / L(b + f).
    Log2,
    /// Nobody: only a trade beyond our price fills us.
    Through,
}

/// A place in line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// What stands ahead; not known before the level was first seen.
    pub ahead: Option<f64>,
    /// What stood there when we joined.
    pub joined: f64,
    /// What was traded at our price since the level last changed.
    traded: f64,
}

impl Default for Place {
    fn default() -> Place {
        Place { ahead: None, joined: 0.0, traded: 0.0 }
    }
}

impl Place {
    /// Joins a level of which so much is shown.
    pub fn behind(shown: f64) -> Place {
        Place { ahead: Some(shown), joined: shown, traded: 0.0 }
    }

    /// The share of the level that is still ahead of us.
    pub fn share(self) -> Option<f64> {
        let ahead = self.ahead?;
        Some(if self.joined > 0.0 { maths::max(ahead / self.joined, 0.0) } else { 0.0 })
    }

    /// So much was traded at our price; how much of that went beyond those ahead.
    pub fn trade(&mut self, size: f64) -> f64 {
        let ahead = self.ahead.unwrap_or(f64::INFINITY);
        self.ahead = Some(maths::max(ahead - size, 0.0)).filter(|left| left.is_finite());
        self.traded += size;
        maths::max(size - maths::max(ahead, 0.0), 0.0)
    }

    /// The same where the estimate may run past us: how much it has, over all trades since.
    pub fn trade_past(&mut self, size: f64) -> f64 {
        let ahead = self.ahead.unwrap_or(f64::INFINITY) - size;
        self.ahead = Some(ahead).filter(|left| left.is_finite());
        self.traded += size;
        -ahead
    }

    /// Those ahead have all been served.
    pub fn reach_front(&mut self) {
        self.ahead = Some(0.0);
    }

    /// What stands ahead is known, order by order.
    pub fn advance_to(&mut self, ahead: f64) {
        self.ahead = Some(ahead);
    }

    /// What is shown at our price changed.
    pub fn level(&mut self, model: QueueModel, before: f64, now: f64) {
        self.level_in(model, 1.0, before, now);
    }

    /// The same, with a lot step as large as `step` where a model does not go by shares alone.
    pub fn level_in(&mut self, model: QueueModel, step: f64, before: f64, now: f64) {
        let Some(ahead) = self.ahead else {
            *self = Place::behind(now);
            return;
        };
        let left = before - now - std::mem::take(&mut self.traded);
        self.ahead = Some(match model {
            QueueModel::RiskAverse | QueueModel::Through => smaller(ahead, now),
            _ if left < 0.0 => smaller(ahead, now),
            _ => {
                let behind = before - ahead;
                let p = model.leaves_behind(ahead, behind, step);
                let estimate = ahead - (1.0 - p) * left + smaller(behind - p * left, 0.0);
                if estimate.is_nan() { now } else { smaller(estimate, now) }
            }
        });
    }
}

impl QueueModel {
    /// The probability that who leaves stood behind us.
    fn leaves_behind(self, ahead: f64, behind: f64, step: f64) -> f64 {
        let l = |steps: f64| maths::log(1.0 + steps * step);
        let p = match self {
            QueueModel::RiskAverse | QueueModel::Through => 1.0,
            QueueModel::Power(n) => {
                let (f, b) = (maths::pow(ahead, n), maths::pow(behind, n));
                b / (b + f)
            }
            QueueModel::Power3(n) => 1.0 - maths::pow(ahead / (ahead + behind), n),
            QueueModel::Log => l(behind) / (l(behind) + l(ahead)),
            QueueModel::Log2 => l(behind) / l(behind + ahead),
        };
        if p.is_infinite() { 1.0 } else { p }
    }
}

fn smaller(a: f64, b: f64) -> f64 {
    if b < a { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trades_serve_those_ahead_first() {
        let mut place = Place::behind(5.0);
        assert_eq!([place.trade(3.0), place.trade(3.0), place.trade(2.0)], [0.0, 1.0, 2.0]);
    }

    #[test]
    fn the_careful_model_moves_up_only_as_far_as_the_level_shows() {
        let mut place = Place::behind(5.0);
        place.level(QueueModel::RiskAverse, 5.0, 9.0);
        assert_eq!(place.ahead, Some(5.0));
        place.level(QueueModel::RiskAverse, 9.0, 4.0);
        assert_eq!(place.ahead, Some(4.0));
    }

    #[test]
    fn what_was_traded_does_not_leave_twice() {
        let mut place = Place::behind(5.0);
        place.level(QueueModel::Power(1.0), 5.0, 10.0);
        place.trade(2.0);
        place.level(QueueModel::Power(1.0), 10.0, 8.0);
        assert_eq!(place.ahead, Some(3.0));
        // Four more go without a trade: 3 ahead, 5 behind, so 5/8 of them were behind.
        place.level(QueueModel::Power(1.0), 8.0, 4.0);
        assert_eq!(place.ahead, Some(1.5));
    }

    #[test]
    fn a_level_never_seen_has_no_place() {
        let mut place = Place::default();
        assert_eq!((place.share(), place.trade(7.0)), (None, 0.0));
        place.level(QueueModel::RiskAverse, 0.0, 8.0);
        assert_eq!((place.share(), place.ahead), (Some(1.0), Some(8.0)));
    }
}
