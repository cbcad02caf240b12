//! What a series of returns tells.
//!
//! `r` are simple returns per period, A periods make a year, the risk-free rate is zero.

use gbc_core::maths;
use serde::{Deserialize, Serialize};

use crate::sums::{mean, sum_of};

/// Numbers of a series of returns. Fractions, not percent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReturnStats {
    /// How many periods.
    pub periods: usize,
    /// mean(r)
    pub mean: Option<f64>,
    /// sd(r)·√A, sd dividing by n − 1
    pub volatility: Option<f64>,
    /// mean(r)/sd(r)·√A
    pub sharpe: Option<f64>,
    /// mean(r)/√(mean(min(r, 0)²))·√A, the mean over all periods
    pub sortino: Option<f64>,
    /// Π(1 + r)^(A/n) − 1; none once the capital is gone
    pub cagr: Option<f64>,
    /// Largest fall from a peak as a positive fraction of it, the start being a peak
    pub max_drawdown: Option<f64>,
    /// cagr / max drawdown
    pub calmar: Option<f64>,
    /// m₃/m₂^1.5, population moments
    pub skew: Option<f64>,
    /// m₄/m₂², population moments: 3 of a normal series
    pub kurtosis: Option<f64>,
}

/// The numbers of `r`, of which `periods_per_year` make a year.
pub fn of_returns(r: &[f64], periods_per_year: f64) -> ReturnStats {
    if r.is_empty() {
        return ReturnStats::default();
    }
    let yearly = maths::sqrt(periods_per_year);
    let (n, average) = (r.len() as f64, mean(r));
    let moment = |power: i32| sum_of(r, |x| whole_power(x - average, power)) / n;
    let variance = moment(2);
    let deviation = maths::sqrt(maths::divide(variance * n, n - 1.0));
    let downside = maths::sqrt(sum_of(r, |x| if x < 0.0 { x * x } else { 0.0 }) / n);
    let growth = r.iter().fold(1.0, |growth, x| growth * (1.0 + x));
    let cagr = if growth > 0.0 { maths::pow(growth, periods_per_year / n) - 1.0 } else { maths::UNDEFINED };
    let drawdown = max_drawdown(r);
    ReturnStats {
        periods: r.len(),
        mean: told(average),
        volatility: told(deviation * yearly),
        sharpe: told(maths::divide(average, deviation) * yearly),
        sortino: told(maths::divide(average, downside) * yearly),
        cagr: told(cagr),
        max_drawdown: told(drawdown),
        calmar: told(maths::divide(cagr, drawdown)),
        skew: told(maths::divide(moment(3), variance * maths::sqrt(variance))),
        kurtosis: told(maths::divide(moment(4), variance * variance)),
    }
}

/// The number, unless it is none.
pub(crate) fn told(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}

fn whole_power(x: f64, power: i32) -> f64 {
    (1..power).fold(x, |product, _| product * x)
}

fn max_drawdown(r: &[f64]) -> f64 {
    let (mut equity, mut peak, mut worst) = (1.0, 1.0, 0.0);
    for x in r {
        equity *= 1.0 + x;
        peak = maths::max(peak, equity);
        worst = maths::max(worst, 1.0 - equity / peak);
    }
    worst
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(told: Option<f64>, wanted: f64) {
        let told = told.expect("defined");
        assert!((told - wanted).abs() < 1e-9, "{told} is not {wanted}");
    }

    /// The golden vector of the analytics pages.
    fn golden() -> Vec<f64> {
        let mut state = 12_345_u64;
        let mut uniform = move || {
            state = (1_664_525 * state + 1_013_904_223) % (1 << 32);
            state as f64 / 4_294_967_296.0
        };
        (0..500)
            .map(|_| {
                let u = [uniform(), uniform(), uniform(), uniform()];
                let shock = if u[3] < 0.02 { 0.03 } else { 0.0 };
                (u[0] + u[1] + u[2] - 1.5) * 0.02 + 0.0022 - shock
            })
            .collect()
    }

    #[test]
    fn the_golden_vector_gives_its_numbers() {
        let stats = of_returns(&golden(), 252.0);
        near(stats.mean, 9.784897823e-4);
        near(stats.sharpe, 1.511553721);
        near(stats.sortino, 2.163583414);
        near(stats.cagr, 0.262579420);
        near(stats.max_drawdown, 0.145166393);
        near(stats.calmar, 1.808816862);
        near(stats.skew, -0.508554910);
        near(stats.kurtosis, 4.094758916);
    }

    #[test]
    fn what_is_undefined_is_none() {
        assert_eq!(of_returns(&[], 252.0), ReturnStats::default());
        let flat = of_returns(&[0.0, 0.0], 252.0);
        assert_eq!((flat.sharpe, flat.sortino, flat.calmar, flat.skew), (None, None, None, None));
        assert_eq!((flat.cagr, flat.volatility), (Some(0.0), Some(0.0)));
        assert_eq!(of_returns(&[-1.5, 0.1], 252.0).cagr, None);
        assert_eq!(of_returns(&[0.1], 252.0).sharpe, None);
    }
}
