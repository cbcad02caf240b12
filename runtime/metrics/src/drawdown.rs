//! Falls from a peak: how deep, how long, how often. A drawdown is a positive amount, and the start is a peak.

use gbc_core::time::DAY;
use gbc_core::{Money, maths};
use gbc_portfolio::EquityPoint;

use crate::figure::{Figure, Undefined, figures, finite, over};
use crate::sums::{mean, sum_of};
use crate::tail::mean_of_worst;

figures! {
    /// How the account fell.
    DrawdownStats {
        /// Largest fall as a share of the peak before it, over all equity points
        deepest: Figure = "maxDrawdownFraction",
        /// Largest fall as a share of the peak before it, over the closes of days
        deepest_daily: Figure = "maxDailyDrawdown",
        /// Mean depth of all falls, each from its peak to its trough, over the closes of days
        average: Figure = "averageDrawdown",
        /// Longest way from a peak to the next close at or above it, or to the end, in calendar days
        longest_days: Figure = "longestDrawdownDays",
        /// Closes below an earlier peak as a share of all closes
        under_water: Figure = "timeUnderWater",
        /// √(mean(d²)) over the closes of days, d being how far below the peak each stands
        ulcer: Figure = "ulcerIndex",
        /// Mean of the worst 5 % of d, the last of them counted in part
        cdar95: Figure = "cdar95",
        /// cagr / maxDailyDrawdown
        calmar: Figure = "calmar",
        /// cagr / ulcerIndex
        martin: Figure = "ulcerPerformance",
        /// netPnl / maxDrawdown
        recovery: Figure = "recoveryFactor",
    }
}

/// A fall from a peak and the way back, as places in the path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawdown {
    /// Where the peak stands.
    pub peak: usize,
    /// Where it was deepest.
    pub trough: usize,
    /// Where the peak was reached again; `None` if never.
    pub recovery: Option<usize>,
    /// Depth as a share of the peak.
    pub depth: f64,
}

/// The account over time, for what falls are measured in.
#[derive(Clone, Copy, Debug)]
pub struct Falls<'a> {
    /// Equity at the start, then every equity point.
    pub points: &'a [Money],
    /// The start, then every daily close; stamped.
    pub closes: &'a [EquityPoint],
    /// Equity at the end less equity at the start.
    pub net: Money,
    /// Annual growth.
    pub cagr: Figure,
}

/// How the account fell.
pub fn of_falls(falls: &Falls<'_>) -> DrawdownStats {
    let path: Vec<f64> = falls.closes.iter().map(|close| close.equity.to_f64()).collect();
    let depths = depths(&path);
    let closes = depths.as_ref().map_or(&[][..], |depths| depths.get(1..).unwrap_or(&[]));
    let some = |x: f64| depths.as_ref().map_err(|why| *why).and_then(|_| over(x, 1.0, Undefined::FewDays));
    let none_yet = || if closes.is_empty() { Err(Undefined::FewDays) } else { Ok(()) };
    let deepest_daily = none_yet().and_then(|()| some(closes.iter().copied().fold(0.0, maths::max)));
    let ulcer = none_yet().and_then(|()| some(root_mean_square(closes)));
    let episodes = if depths.is_ok() { drawdowns(&path) } else { Vec::new() };
    let each: Vec<f64> = episodes.iter().map(|it| it.depth).collect();
    let last = path.len().saturating_sub(1);
    let days = |it: &Drawdown| days_between(falls.closes, it.peak, it.recovery.unwrap_or(last));
    DrawdownStats {
        deepest: deepest_share(falls.points),
        deepest_daily,
        average: none_yet().and_then(|()| if each.is_empty() { some(0.0) } else { some(mean(&each)) }),
        longest_days: none_yet().and_then(|()| some(episodes.iter().map(days).fold(0.0, maths::max))),
        under_water: none_yet()
            .and_then(|()| some(closes.iter().filter(|depth| **depth > 0.0).count() as f64 / closes.len() as f64)),
        ulcer,
        cdar95: none_yet().and_then(|()| {
            some(0.0)?;
            let mut sorted: Vec<f64> = closes.iter().map(|depth| -depth).collect();
            sorted.sort_unstable_by(f64::total_cmp);
            mean_of_worst(&sorted, 0.05 * sorted.len() as f64).map(f64::abs)
        }),
        calmar: falls.cagr.and_then(|cagr| over(cagr, deepest_daily?, Undefined::NoDrawdown)),
        martin: falls.cagr.and_then(|cagr| over(cagr, ulcer?, Undefined::NoDrawdown)),
        recovery: over(falls.net.to_f64(), deepest_fall(falls.points).to_f64(), Undefined::NoDrawdown),
    }
}

/// Every fall of a path, in order. A value that equals the peak ends it.
pub fn drawdowns(path: &[f64]) -> Vec<Drawdown> {
    let mut found = Vec::new();
    let (mut peak, mut open): (usize, Option<Drawdown>) = (0, None);
    for (place, value) in path.iter().enumerate() {
        if *value >= path[peak] {
            found.extend(open.take().map(|it| Drawdown { recovery: Some(place), ..it }));
            peak = place;
            continue;
        }
        let depth = 1.0 - value / path[peak];
        if open.is_none_or(|it| depth > it.depth) {
            open = Some(Drawdown { peak, trough: place, recovery: None, depth });
        }
    }
    found.extend(open);
    found
}

/// How far below its peak each value stands, as a share of the peak.
pub fn depths(path: &[f64]) -> Result<Vec<f64>, Undefined> {
    let mut peak = *path.first().ok_or(Undefined::FewDays)?;
    if peak <= 0.0 {
        return Err(Undefined::NoCapital);
    }
    let depth = |value: &f64| {
        peak = maths::max(peak, *value);
        1.0 - value / peak
    };
    Ok(path.iter().map(depth).collect())
}

/// √(mean(d²)).
pub fn root_mean_square(depths: &[f64]) -> f64 {
    maths::sqrt(sum_of(depths, |d| d * d) / depths.len() as f64)
}

/// Largest fall from a peak, in money.
pub fn deepest_fall(points: &[Money]) -> Money {
    let mut peak = points.first().copied().unwrap_or(Money::ZERO);
    let fall = |equity: &Money| {
        peak = peak.max(*equity);
        peak - *equity
    };
    points.iter().map(fall).max().unwrap_or(Money::ZERO)
}

fn deepest_share(points: &[Money]) -> Figure {
    let mut peak = points.first().copied().unwrap_or(Money::ZERO);
    if peak <= Money::ZERO {
        return Err(Undefined::NoCapital);
    }
    let mut deepest = 0.0;
    for equity in points {
        peak = peak.max(*equity);
        deepest = maths::max(deepest, (peak - *equity).to_f64() / peak.to_f64());
    }
    finite(deepest)
}

fn days_between(closes: &[EquityPoint], from: usize, to: usize) -> f64 {
    (i128::from(closes[to].time.0) - i128::from(closes[from].time.0)) as f64 / DAY as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use gbc_core::Nanos;

    fn whole(units: i128) -> Money {
        Money(units * Money::ONE.0)
    }

    fn fallen(path: &[i128]) -> DrawdownStats {
        let points: Vec<Money> = path.iter().map(|units| whole(*units)).collect();
        let at = |(day, equity): (usize, &Money)| EquityPoint { time: Nanos(day as i64 * DAY), equity: *equity };
        let closes: Vec<EquityPoint> = points.iter().enumerate().map(at).collect();
        let net = points[points.len() - 1] - points[0];
        of_falls(&Falls { points: &points, closes: &closes, net, cagr: Ok(0.1) })
    }

    #[test]
    fn falls_are_told_apart() {
        let path = [100.0, 90.0, 80.0, 100.0, 110.0, 99.0, 105.0];
        let told: Vec<_> = drawdowns(&path).iter().map(|it| (it.peak, it.trough, it.recovery)).collect();
        assert_eq!(told, [(0, 2, Some(3)), (4, 5, None)]);
    }

    #[test]
    fn a_path_with_two_falls_has_their_numbers() {
        let stats = fallen(&[100, 80, 100, 110, 99, 105]);
        let near = |told: Figure, wanted: f64| assert!((told.unwrap() - wanted).abs() < 1e-12, "{told:?} {wanted}");
        near(stats.deepest, 0.2);
        near(stats.average, 0.15);
        near(stats.longest_days, 2.0);
        near(stats.under_water, 0.6);
        near(stats.calmar, 0.5);
        near(stats.recovery, 0.25);
        near(stats.cdar95, 0.2);
    }

    #[test]
    fn an_account_that_only_rises_never_fell() {
        let stats = fallen(&[100, 101, 102]);
        assert_eq!((stats.deepest, stats.longest_days, stats.average), (Ok(0.0), Ok(0.0), Ok(0.0)));
        assert_eq!((stats.calmar, stats.recovery), (Err(Undefined::NoDrawdown), Err(Undefined::NoDrawdown)));
    }

    #[test]
    fn nothing_cannot_fall() {
        assert_eq!(fallen(&[0, 5]).deepest, Err(Undefined::NoCapital));
        assert_eq!(fallen(&[100]).deepest_daily, Err(Undefined::FewDays));
    }
}
