//! How sure one run makes us that its Sharpe ratio is above zero.
//!
//! It knows of one run. Whoever took the best of many has to ask for more: a search's report does.

use gbc_core::maths;

use crate::figure::{Figure, Undefined, figures, finite, over};
use crate::moments::{Moments, first_autocorrelation};
use crate::normal::normal_quantile;
use crate::returns::sharpe;

figures! {
    /// Whether it may have been luck.
    SignificanceStats {
        /// Probability that the true Sharpe ratio is above zero: Φ(SR √(n / a)), a = 1 under the null hypothesis of independent days
        psr: Figure = "psr",
        /// The same with days that follow one another: a = 1 + 2ρ / (1 - ρ) with the first autocorrelation ρ
        psr_ar1: Figure = "psrAr1",
        /// The same with the spread of the measured ratio, after Bailey and López de Prado: Φ(SR √(n - 1) / √(1 - skew·SR + (kurtosis - 1)/4·SR²))
        psr_bldp: Figure = "psrBldp",
        /// Days that would have to look like these before `psr` reaches 95 %
        min_track_record: Figure = "minTrackRecordDays",
        /// Days before `psrBldp` reaches 95 %
        min_track_record_bldp: Figure = "minTrackRecordBldpDays",
        /// mean(r) / sd(r) √n
        t: Figure = "tOfReturns",
    }
}

/// How significant `r` is against a Sharpe ratio of zero.
pub fn significance(r: &[f64]) -> SignificanceStats {
    let n = r.len() as f64;
    let ratio = sharpe(r, 0.0);
    let spread = ratio.and_then(|ratio| spread(r, ratio));
    let root = |x: f64| maths::sqrt(x);
    let z = normal_quantile(0.95);
    let needed = |a: Figure| {
        let ratio = ratio?;
        if ratio <= 0.0 { Err(Undefined::NoEdge) } else { finite(a? * (z / ratio) * (z / ratio)) }
    };
    let probability = |z: Figure| z.map(maths::normal_below);
    SignificanceStats {
        psr: probability(ratio.map(|ratio| ratio * root(n))),
        psr_ar1: probability(ratio.and_then(|ratio| {
            let rho = first_autocorrelation(r)?;
            finite(ratio * root(n / (1.0 + over(2.0 * rho, 1.0 - rho, Undefined::NoVariation)?)))
        })),
        psr_bldp: probability(ratio.and_then(|ratio| finite(ratio * root(n - 1.0) / root(spread?)))),
        min_track_record: needed(Ok(1.0)),
        min_track_record_bldp: needed(spread).map(|days| 1.0 + days),
        t: ratio.map(|ratio| ratio * root(n)),
    }
}

fn spread(r: &[f64], ratio: f64) -> Figure {
    let moments = Moments::of(r);
    finite(1.0 - moments.skew()? * ratio + (moments.kurtosis()? - 1.0) / 4.0 * ratio * ratio)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::returns::golden::{near, returns};

    #[test]
    fn the_golden_vector_is_as_sure_as_it_is() {
        let sure = significance(&returns());
        near(sure.psr, 0.983379492);
        near(sure.psr_ar1, 0.988121741);
        near(sure.psr_bldp, 0.980793173);
        assert!((sure.min_track_record.unwrap() - 298.4062).abs() < 1e-4);
        assert!((sure.min_track_record_bldp.unwrap() - 315.9495).abs() < 1e-4);
    }

    #[test]
    fn no_patience_makes_a_loss_significant() {
        let losing: Vec<f64> = returns().iter().map(|x| -x).collect();
        assert_eq!(significance(&losing).min_track_record, Err(Undefined::NoEdge));
        assert!(significance(&losing).psr.unwrap() < 0.05);
    }
}
