//! The normal distribution, both ways.

use gbc_core::maths::normal_below;

/// The value below which `share` of a standard normal distribution lies; `share` is between 0 and 1.
pub fn normal_quantile(share: f64) -> f64 {
    // Halving is slow and cannot go wrong; a report asks a few times.
    let (mut low, mut high) = (-40.0, 40.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if normal_below(middle) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (share, wanted) in [(0.05, -1.644853626951473), (0.975, 1.959963984540054), (1e-10, -6.361340902404056)] {
            assert!((normal_quantile(share) - wanted).abs() < 1e-12, "{}", normal_quantile(share));
        }
        assert!(normal_quantile(0.5).abs() < 1e-15);
    }
}
