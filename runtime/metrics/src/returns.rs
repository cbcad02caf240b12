//! What a series of returns tells of growth and of growth for risk.
//!
//! `r` are simple returns per period, n of them; A periods make a year. The risk-free rate is zero unless one is given.

use gbc_core::maths;

use crate::figure::{Figure, Undefined, figures, finite, over};
use crate::moments::{Moments, first_autocorrelation};
use crate::sums::sum_of;

figures! {
    /// Numbers of a series of returns. Fractions, not percent.
    ReturnStats {
        /// Days with data, each of which gives one return r = E_t / E_(t-1) - 1; the first is on the starting cash.
        days: usize = "days",
        /// mean(r)
        mean: Figure = "meanReturn",
        /// E_T / E_0 - 1
        total: Figure = "totalReturn",
        /// (E_T / E_0)^(A/n) - 1
        cagr: Figure = "cagr",
        /// sd(r) √A, sd dividing by n - 1
        volatility: Figure = "volatility",
        /// √(mean(min(r, 0)²)) √A, the mean over all days
        downside: Figure = "downsideRisk",
        /// mean(r) / sd(r) √A
        sharpe: Figure = "sharpe",
        /// The lower end of the Sharpe ratio's 95 % interval: 1.96 standard errors below, √((1 - skew·SR + (kurtosis - 1)/4·SR²) / (n - 1)) a day
        sharpe_low: Figure = "sharpeLow95",
        /// The upper end of that interval
        sharpe_high: Figure = "sharpeHigh95",
        /// SR A / √(A + 2 Σ_(k<A) (A - k) ρ^k) with the daily SR and the first autocorrelation ρ, after Lo: what is left of the Sharpe ratio if each day follows the last
        sharpe_ar1: Figure = "sharpeAr1",
        /// mean(r) / √(mean(min(r, 0)²)) √A
        sortino: Figure = "sortino",
        /// Σ max(r, 0) / Σ max(-r, 0)
        omega: Figure = "omega",
        /// Σ r / |Σ min(r, 0)|
        gain_to_pain: Figure = "gainToPain",
        /// mean(r) / variance(r): the share of the account that would have grown fastest
        kelly: Figure = "kellyOfReturns",
        /// Largest r
        best: Figure = "bestDay",
        /// Smallest r
        worst: Figure = "worstDay",
        /// Days with r > 0 as a share of all days
        positive: Figure = "positiveDays",
    }
}

/// The numbers of `r`, of which `periods_per_year` make a year.
pub fn of_returns(r: &[f64], periods_per_year: f64) -> ReturnStats {
    let yearly = maths::sqrt(periods_per_year);
    let moments = Moments::of(r);
    let average = moments.mean;
    let downside = downside(r);
    let (gains, losses) = (sum_of(r, |x| maths::max(x, 0.0)), sum_of(r, |x| maths::max(-x, 0.0)));
    let annual = |x: f64| finite(x * yearly);
    let sharpe = sharpe(r, 0.0);
    let interval = sharpe.and_then(|ratio| Ok((ratio, 1.959_963_984_540_054 * standard_error(&moments, ratio)?)));
    let growth = growth(r);
    ReturnStats {
        days: r.len(),
        mean: average,
        total: some(r, growth - 1.0),
        cagr: growth_rate(some(r, growth), r.len() as f64 / periods_per_year),
        volatility: moments.deviation().and_then(annual),
        downside: downside.and_then(annual),
        sharpe: sharpe.and_then(annual),
        sharpe_low: interval.and_then(|(ratio, reach)| annual(ratio - reach)),
        sharpe_high: interval.and_then(|(ratio, reach)| annual(ratio + reach)),
        sharpe_ar1: sharpe.and_then(|ratio| annualised_ar1(ratio, first_autocorrelation(r)?, periods_per_year)),
        sortino: average.and_then(|average| annual(over(average, downside?, Undefined::NoDownside)?)),
        omega: average.and_then(|_| over(gains, losses, Undefined::NoDownside)),
        gain_to_pain: average.and_then(|_| over(gains - losses, losses, Undefined::NoDownside)),
        kelly: average.and_then(|average| {
            let deviation = moments.deviation()?;
            over(average, deviation * deviation, Undefined::NoVariation)
        }),
        best: some(r, r.iter().copied().fold(f64::NEG_INFINITY, maths::max)),
        worst: some(r, r.iter().copied().fold(f64::INFINITY, maths::min)),
        positive: some(r, r.iter().filter(|x| **x > 0.0).count() as f64 / r.len() as f64),
    }
}

/// mean(r - rf) / sd(r), per period.
pub fn sharpe(r: &[f64], rf: f64) -> Figure {
    let moments = Moments::of(r);
    over(moments.mean? - rf, moments.deviation()?, Undefined::NoVariation)
}

/// √(mean(min(r, 0)²)), per period.
pub fn downside(r: &[f64]) -> Figure {
    some(r, maths::sqrt(sum_of(r, |x| if x < 0.0 { x * x } else { 0.0 }) / r.len() as f64))
}

/// Π(1 + r): what one unit of money became.
pub fn growth(r: &[f64]) -> f64 {
    r.iter().fold(1.0, |growth, x| growth * (1.0 + x))
}

/// growth^(1 / years) - 1.
pub fn growth_rate(growth: Figure, years: f64) -> Figure {
    let growth = growth?;
    if growth <= 0.0 {
        return Err(Undefined::CapitalLost);
    }
    finite(maths::pow(growth, over(1.0, years, Undefined::NoTime)?) - 1.0)
}

/// The standard error of a ratio per period, its returns being neither normal nor symmetric.
fn standard_error(moments: &Moments, ratio: f64) -> Figure {
    let spread = 1.0 - moments.skew()? * ratio + (moments.kurtosis()? - 1.0) / 4.0 * ratio * ratio;
    finite(maths::sqrt(spread / (moments.count - 1.0)))
}

fn annualised_ar1(ratio: f64, rho: f64, periods_per_year: f64) -> Figure {
    let (mut power, mut weighted) = (1.0, 0.0);
    for lag in 1..periods_per_year as u32 {
        power *= rho;
        weighted += (periods_per_year - f64::from(lag)) * power;
    }
    over(ratio * periods_per_year, maths::sqrt(periods_per_year + 2.0 * weighted), Undefined::NoVariation)
}

/// `x`, which is only meant if there are returns.
fn some(r: &[f64], x: f64) -> Figure {
    if r.is_empty() { Err(Undefined::FewDays) } else { finite(x) }
}

#[cfg(test)]
pub(crate) mod golden;

#[cfg(test)]
mod tests {
    use super::golden::{near, returns};
    use super::*;

    #[test]
    fn the_golden_vector_gives_its_numbers() {
        let stats = of_returns(&returns(), 252.0);
        near(stats.mean, 9.784897823e-4);
        near(sharpe(&returns(), 0.0), 0.095218934272);
        near(stats.sharpe, 1.511553721);
        near(stats.sortino, 2.163583414);
        near(stats.cagr, 0.262579420);
        near(stats.omega, 1.277816943);
    }

    #[test]
    fn the_interval_holds_the_ratio_and_narrows_with_time() {
        let few = of_returns(&returns()[..100], 252.0);
        let many = of_returns(&returns(), 252.0);
        let width = |stats: &ReturnStats| stats.sharpe_high.unwrap() - stats.sharpe_low.unwrap();
        assert!(many.sharpe_low.unwrap() < many.sharpe.unwrap() && many.sharpe.unwrap() < many.sharpe_high.unwrap());
        assert!(width(&many) < width(&few));
    }

    #[test]
    fn days_that_answer_the_last_day_are_worth_more() {
        // The golden vector's days lean against one another, so a year of them varies less.
        let stats = of_returns(&returns(), 252.0);
        assert!(stats.sharpe_ar1.unwrap() > stats.sharpe.unwrap());
        near(annualised_ar1(0.1, 0.0, 252.0), 0.1 * maths::sqrt(252.0));
    }

    #[test]
    fn what_is_undefined_says_why() {
        let none = of_returns(&[], 252.0);
        assert_eq!((none.days, none.sharpe, none.best), (0, Err(Undefined::FewDays), Err(Undefined::FewDays)));
        let flat = of_returns(&[0.0, 0.0], 252.0);
        assert_eq!((flat.sharpe, flat.sortino), (Err(Undefined::NoVariation), Err(Undefined::NoDownside)));
        assert_eq!((flat.cagr, flat.volatility), (Ok(0.0), Ok(0.0)));
        assert_eq!(of_returns(&[-1.5, 0.1], 252.0).cagr, Err(Undefined::CapitalLost));
        assert_eq!(of_returns(&[0.1], 252.0).sharpe, Err(Undefined::FewDays));
    }
}
