//! The shape of a series: its moments, and how far it is from normal and from independent.

use gbc_core::maths;

use crate::figure::{Figure, Undefined, figures, finite, over};
use crate::sums::{mean, sum, sum_of};

figures! {
    /// The shape of daily returns.
    ShapeStats {
        /// m₃ / m₂^1.5, population moments
        skew: Figure = "skew",
        /// m₄ / m₂², population moments: 3 of a normal series
        kurtosis: Figure = "kurtosis",
        /// skew √(n (n - 1)) / (n - 2)
        skew_sample: Figure = "skewSample",
        /// (n - 1) / ((n - 2)(n - 3)) ((n + 1)(kurtosis - 3) + 6): 0 of a normal series
        excess_kurtosis_sample: Figure = "excessKurtosisSample",
        /// Correlation of each r with the one before it
        autocorrelation: Figure = "autocorrelation1",
        /// n/6 (skew² + (kurtosis - 3)²/4): Jarque and Bera's measure of being unlike normal
        jarque_bera: Figure = "jarqueBera",
        /// How probable that much is of normal returns, by χ² with 2 degrees of freedom
        jarque_bera_p: Figure = "jarqueBeraP",
        /// n (n + 2) Σ ρ_k² / (n - k) over ten lags: Ljung and Box's measure of days that follow one another
        ljung_box: Figure = "ljungBox10",
        /// How probable that much is of independent returns, by χ² with 10 degrees of freedom
        ljung_box_p: Figure = "ljungBox10P",
    }
}

/// Sums of a series that everything else is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moments {
    pub count: f64,
    pub mean: Figure,
    /// Second to fourth population moments about the mean.
    m2: f64,
    m3: f64,
    m4: f64,
    varies: bool,
}

impl Moments {
    pub fn of(r: &[f64]) -> Moments {
        let count = r.len() as f64;
        let average = crate::sums::mean(r);
        let moment = |of: fn(f64) -> f64| sum_of(r, |x| of(x - average)) / count;
        Moments {
            count,
            mean: if r.is_empty() { Err(Undefined::FewDays) } else { finite(average) },
            m2: moment(|x| x * x),
            m3: moment(|x| x * x * x),
            m4: moment(|x| x * x * (x * x)),
            // Equal values may have a mean that is not quite theirs, and so a variance that is not quite zero.
            varies: r.iter().any(|x| *x != r[0]),
        }
    }

    /// Standard deviation, dividing by n - 1.
    pub fn deviation(&self) -> Figure {
        if self.count < 2.0 {
            return Err(Undefined::FewDays);
        }
        if self.varies { finite(maths::sqrt(self.m2 * self.count / (self.count - 1.0))) } else { Ok(0.0) }
    }

    pub fn skew(&self) -> Figure {
        over(self.m3, self.varied()? * maths::sqrt(self.m2), Undefined::NoVariation)
    }

    pub fn kurtosis(&self) -> Figure {
        over(self.m4, self.varied()? * self.m2, Undefined::NoVariation)
    }

    fn varied(&self) -> Figure {
        match (self.count < 2.0, self.varies) {
            (true, _) => Err(Undefined::FewDays),
            (false, false) => Err(Undefined::NoVariation),
            (false, true) => Ok(self.m2),
        }
    }
}

/// The shape of `r`.
pub fn shape(r: &[f64]) -> ShapeStats {
    let moments = Moments::of(r);
    let (n, skew, kurtosis) = (moments.count, moments.skew(), moments.kurtosis());
    let at_least = |count: f64| if n < count { Err(Undefined::FewDays) } else { Ok(()) };
    let jarque_bera = skew.and_then(|skew| {
        let excess = kurtosis? - 3.0;
        finite(n / 6.0 * (skew * skew + excess * excess / 4.0))
    });
    let ljung_box = ljung_box(r);
    ShapeStats {
        skew,
        kurtosis,
        skew_sample: at_least(3.0).and_then(|()| finite(skew? * maths::sqrt(n * (n - 1.0)) / (n - 2.0))),
        excess_kurtosis_sample: at_least(4.0)
            .and_then(|()| finite((n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * (kurtosis? - 3.0) + 6.0))),
        autocorrelation: first_autocorrelation(r),
        jarque_bera,
        jarque_bera_p: jarque_bera.map(|x| chi_squared_above(x, 2)),
        ljung_box,
        ljung_box_p: ljung_box.map(|x| chi_squared_above(x, LAGS)),
    }
}

/// Pearson's correlation of each value with the one before it.
pub fn first_autocorrelation(r: &[f64]) -> Figure {
    if r.len() < 3 { Err(Undefined::FewDays) } else { correlation(&r[1..], &r[..r.len() - 1]) }
}

/// Pearson's correlation of two series of one length.
pub fn correlation(x: &[f64], y: &[f64]) -> Figure {
    if x.len() < 2 {
        return Err(Undefined::FewDays);
    }
    over(co_moment(x, y), maths::sqrt(co_moment(x, x) * co_moment(y, y)), Undefined::NoVariation)
}

/// Σ (x - mean(x)) (y - mean(y)).
pub fn co_moment(x: &[f64], y: &[f64]) -> f64 {
    let (of_x, of_y) = (mean(x), mean(y));
    sum(&x.iter().zip(y).map(|(x, y)| (x - of_x) * (y - of_y)).collect::<Vec<_>>())
}

/// Σ (r_t - mean)(r_(t-k) - mean) / Σ (r_t - mean)².
fn autocorrelation(r: &[f64], lag: usize) -> Figure {
    if r.len() <= lag {
        return Err(Undefined::FewDays);
    }
    let average = mean(r);
    let apart: Vec<f64> = r.iter().map(|x| x - average).collect();
    let products: Vec<f64> = apart[lag..].iter().zip(&apart).map(|(new, old)| new * old).collect();
    over(sum(&products), sum_of(&apart, |x| x * x), Undefined::NoVariation)
}

const LAGS: usize = 10;

fn ljung_box(r: &[f64]) -> Figure {
    let n = r.len() as f64;
    let mut sum = 0.0;
    for lag in 1..=LAGS {
        let rho = autocorrelation(r, lag)?;
        sum += rho * rho / (n - lag as f64);
    }
    finite(n * (n + 2.0) * sum)
}

/// The share of χ² above `x`; for an even number of degrees the tail is a finite sum.
fn chi_squared_above(x: f64, even_degrees: usize) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for step in 1..even_degrees / 2 {
        term *= x / 2.0 / step as f64;
        sum += term;
    }
    maths::exp(-x / 2.0) * sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::returns::golden::{near, returns};

    #[test]
    fn the_golden_vector_has_its_shape() {
        let shape = shape(&returns());
        near(shape.skew, -0.508554910);
        near(shape.kurtosis, 4.094758916);
        near(shape.autocorrelation, -0.060026924);
        near(Moments::of(&returns()).deviation(), 0.010276210187);
        assert!(shape.jarque_bera_p.unwrap() < 1e-6 && shape.ljung_box_p.unwrap() > 0.01);
    }

    #[test]
    fn tails_of_chi_squared_are_those_of_the_tables() {
        near(Ok(chi_squared_above(5.991464547107979, 2)), 0.05);
        near(Ok(chi_squared_above(18.307038053275146, 10)), 0.05);
    }

    #[test]
    fn equal_values_have_no_shape() {
        // Ten times a tenth: the mean is not quite a tenth.
        assert_eq!(shape(&[0.1; 10]).skew, Err(Undefined::NoVariation));
        assert_eq!(Moments::of(&[0.1; 10]).deviation(), Ok(0.0));
        assert_eq!(shape(&[0.1, 0.2]).skew_sample, Err(Undefined::FewDays));
    }
}
