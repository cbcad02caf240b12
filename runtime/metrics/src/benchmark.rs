//! A series of returns held against another: how much of it was the market.

use gbc_core::maths;

use crate::figure::{Figure, Undefined, figures, finite, over};
use crate::moments::{co_moment, correlation};
use crate::sums::mean;

figures! {
    /// Returns r against the benchmark's returns b of the same days.
    BenchmarkStats {
        /// cov(r, b) / var(b)
        beta: Figure = "beta",
        /// (1 + mean(r - beta b))^A - 1
        alpha: Figure = "alpha",
        /// Pearson's correlation of r and b
        correlation: Figure = "correlation",
        /// Its square: the share of the ups and downs that the benchmark explains
        r_squared: Figure = "rSquared",
        /// mean(r) A / beta
        treynor: Figure = "treynor",
        /// mean(r - b) / sd(r - b) √A
        information_ratio: Figure = "informationRatio",
        /// mean(r) / mean(b) over days on which the benchmark rose
        up_capture: Figure = "upCapture",
        /// mean(r) / mean(b) over days on which the benchmark fell
        down_capture: Figure = "downCapture",
    }
}

/// `r` against `b`; they have the same length.
pub fn against(r: &[f64], b: &[f64], periods_per_year: f64) -> BenchmarkStats {
    let enough = if r.len() < 2 { Err(Undefined::FewDays) } else { Ok(()) };
    let beta = enough.and_then(|()| over(co_moment(r, b), co_moment(b, b), Undefined::NoVariation));
    let correlation = correlation(r, b);
    let apart: Vec<f64> = r.iter().zip(b).map(|(x, y)| x - y).collect();
    let capture = |rose: bool| {
        let days = r.iter().zip(b).filter(|(_, y)| if rose { **y > 0.0 } else { **y < 0.0 });
        let (ours, theirs): (Vec<f64>, Vec<f64>) = days.unzip();
        if ours.is_empty() { Err(Undefined::FewDays) } else { over(mean(&ours), mean(&theirs), Undefined::NoVariation) }
    };
    BenchmarkStats {
        beta,
        alpha: beta.and_then(|beta| {
            let left: Vec<f64> = r.iter().zip(b).map(|(x, y)| x - beta * y).collect();
            finite(maths::pow(1.0 + mean(&left), periods_per_year) - 1.0)
        }),
        correlation,
        r_squared: correlation.map(|c| c * c),
        treynor: beta.and_then(|beta| over(mean(r) * periods_per_year, beta, Undefined::NoVariation)),
        information_ratio: crate::returns::sharpe(&apart, 0.0)
            .and_then(|ratio| finite(ratio * maths::sqrt(periods_per_year))),
        up_capture: capture(true),
        down_capture: capture(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moments::Moments;
    use crate::returns::golden::{near, returns};

    #[test]
    fn twice_the_market_is_a_beta_of_two_and_no_alpha() {
        let market = returns();
        let twice: Vec<f64> = market.iter().map(|x| 2.0 * x).collect();
        let stats = against(&twice, &market, 252.0);
        near(stats.beta, 2.0);
        near(stats.alpha, 0.0);
        near(stats.r_squared, 1.0);
        near(stats.up_capture, 2.0);
        near(stats.down_capture, 2.0);
        near(stats.treynor, Moments::of(&market).mean.unwrap() * 252.0);
    }

    #[test]
    fn a_market_that_stands_still_explains_nothing() {
        let stats = against(&[0.1, -0.1], &[0.0, 0.0], 252.0);
        assert_eq!((stats.beta, stats.up_capture), (Err(Undefined::NoVariation), Err(Undefined::FewDays)));
    }
}
