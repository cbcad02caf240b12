//! How bad bad days are.

use gbc_core::maths;

use crate::figure::{Figure, Undefined, figures, finite, over};
use crate::moments::Moments;
use crate::normal::normal_quantile;
use crate::sums::sum;

figures! {
    /// The bad end of daily returns. Losses are negative.
    TailStats {
        /// The 5 % quantile of r, interpolated between the two days beside it: one day in twenty was worse
        var95: Figure = "var95",
        /// Mean of the worst 5 % of days, the last of them counted in part
        cvar95: Figure = "cvar95",
        /// The 1 % quantile of r
        var99: Figure = "var99",
        /// Mean of the worst 1 % of days
        cvar99: Figure = "cvar99",
        /// mean(r) + sd(r) z(5 %): parametric, as if returns were normal
        var95_normal: Figure = "var95Normal",
        /// mean(r) - sd(r) φ(z(5 %)) / 5 %: parametric, as if returns were normal
        cvar95_normal: Figure = "cvar95Normal",
        /// mean(r) + sd(r) z', where z' is z(5 %) corrected for skew and kurtosis after Cornish and Fisher: parametric
        var95_cornish_fisher: Figure = "var95CornishFisher",
        /// |95 % quantile| / |5 % quantile|
        tail_ratio: Figure = "tailRatio",
    }
}

/// The tails of `r`.
pub fn tails(r: &[f64]) -> TailStats {
    let mut sorted = r.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let worst = |share: f64| mean_of_worst(&sorted, share * sorted.len() as f64);
    let moments = Moments::of(r);
    let z = normal_quantile(0.05);
    let at = |z: f64| finite(moments.mean? + moments.deviation()? * z);
    TailStats {
        var95: quantile(&sorted, 0.05),
        cvar95: worst(0.05),
        var99: quantile(&sorted, 0.01),
        cvar99: worst(0.01),
        var95_normal: at(z),
        cvar95_normal: at(-maths::exp(-z * z / 2.0) / maths::sqrt(2.0 * std::f64::consts::PI) / 0.05),
        var95_cornish_fisher: moments.skew().and_then(|skew| {
            let excess = moments.kurtosis()? - 3.0;
            let bent = z + (z * z - 1.0) * skew / 6.0 + (z * z * z - 3.0 * z) * excess / 24.0;
            at(bent - (2.0 * z * z * z - 5.0 * z) * skew * skew / 36.0)
        }),
        tail_ratio: quantile(&sorted, 0.05)
            .and_then(|low| over(quantile(&sorted, 0.95)?.abs(), low.abs(), Undefined::NoVariation)),
    }
}

/// The value at `share` of the way through sorted values, on the line between the two beside it.
pub fn quantile(sorted: &[f64], share: f64) -> Figure {
    let last = sorted.len().checked_sub(1).ok_or(Undefined::FewDays)?;
    let place = last as f64 * share;
    let below = maths::floor(place);
    let (low, high) = (sorted[below as usize], sorted[(below as usize + 1).min(last)]);
    finite(low + (high - low) * (place - below))
}

/// The mean of exactly `weight` of the smallest of sorted values, the last of them taken in part.
pub fn mean_of_worst(sorted: &[f64], weight: f64) -> Figure {
    let whole = maths::floor(weight) as usize;
    if sorted.is_empty() || whole > sorted.len() {
        return Err(Undefined::FewDays);
    }
    let part = sorted.get(whole).map_or(0.0, |next| next * (weight - whole as f64));
    over(sum(&sorted[..whole]) + part, weight, Undefined::FewDays)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::returns::golden::{near, returns};

    #[test]
    fn the_golden_vector_has_its_tails() {
        let tails = tails(&returns());
        near(tails.var95, -0.015945691);
        near(tails.cvar95, -0.023927779);
        near(tails.tail_ratio, 1.091702565);
    }

    #[test]
    fn the_last_of_the_worst_counts_in_part() {
        let sorted = [-4.0, -2.0, 1.0];
        assert_eq!(mean_of_worst(&sorted, 1.5), Ok((-4.0 - 1.0) / 1.5));
        assert_eq!(mean_of_worst(&sorted, 0.5), Ok(-4.0));
        assert_eq!(mean_of_worst(&[], 0.0), Err(Undefined::FewDays));
        assert_eq!((quantile(&sorted, 0.25), quantile(&sorted, 1.0)), (Ok(-3.0), Ok(1.0)));
    }

    #[test]
    fn normal_returns_have_the_same_tail_by_every_way() {
        // A series made of normal quantiles is as normal as a thousand values can be.
        let normal: Vec<f64> = (1..4000).map(|step| normal_quantile(f64::from(step) / 4000.0)).collect();
        let tails = tails(&normal);
        for (told, wanted) in [
            (tails.var95, -1.6449),
            (tails.var95_normal, -1.6449),
            (tails.var95_cornish_fisher, -1.6449),
            (tails.cvar95, -2.0627),
            (tails.cvar95_normal, -2.0627),
        ] {
            assert!((told.unwrap() - wanted).abs() < 0.01, "{told:?} {wanted}");
        }
    }
}
