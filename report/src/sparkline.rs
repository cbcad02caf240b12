//! A curve in one line of text.

use gbc_core::Money;
use gbc_portfolio::EquityPoint;

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII: [char; 8] = ['_', '.', ':', '-', '=', '+', '*', '#'];

/// `width` bars over the time of the run, each as high as the account was worth by then; plain ASCII if asked.
pub(crate) fn sparkline(equity: &[EquityPoint], width: usize, ascii: bool) -> String {
    let bars = if ascii { ASCII } else { BARS };
    let worth = equity.iter().map(|point| point.equity);
    let Some((low, high)) = worth.clone().min().zip(worth.max()) else {
        return String::new();
    };
    at_steps(equity, width).map(|known| bars[level(equity[known].equity, low, high)]).collect()
}

/// The same, each bar as high as the account stood below its peak.
pub(crate) fn drawdown_line(start: Money, equity: &[EquityPoint], width: usize, ascii: bool) -> String {
    let mut peak = start;
    let fall = |point: &EquityPoint| {
        peak = peak.max(point.equity);
        EquityPoint { time: point.time, equity: peak - point.equity }
    };
    let falls: Vec<EquityPoint> = equity.iter().map(fall).collect();
    if falls.iter().all(|fall| fall.equity == Money::ZERO) {
        return at_steps(&falls, width).map(|_| if ascii { ASCII[0] } else { BARS[0] }).collect();
    }
    sparkline(&falls, width, ascii)
}

/// For each of `width` moments the last point at or before it: what was known by then, never what came after.
fn at_steps(points: &[EquityPoint], width: usize) -> impl Iterator<Item = usize> {
    let ends = points.first().zip(points.last());
    let steps = if ends.is_some() { width } else { 0 };
    (0..steps).map(move |step| {
        let (first, last) = ends.expect("there are steps only if there are points");
        let span = i128::from(last.time.0) - i128::from(first.time.0);
        let by = i128::from(first.time.0) + span * step as i128 / (width.max(2) - 1) as i128;
        points.partition_point(|point| i128::from(point.time.0) <= by) - 1
    })
}

fn level(worth: Money, low: Money, high: Money) -> usize {
    if high == low { 3 } else { ((worth - low).0 * BARS.len() as i128 / ((high - low).0 + 1)) as usize }
}

#[cfg(test)]
mod tests {
    use gbc_core::Nanos;

    use super::*;

    fn curve(worth: &[i128]) -> Vec<EquityPoint> {
        let point = |(row, worth): (usize, &i128)| EquityPoint { time: Nanos(row as i64 * 10), equity: Money(*worth) };
        worth.iter().enumerate().map(point).collect()
    }

    #[test]
    fn a_rise_rises() {
        assert_eq!(sparkline(&curve(&[0, 1, 2, 3, 4, 5, 6, 7]), 8, false), "▁▂▃▄▅▆▇█");
        assert_eq!(sparkline(&curve(&[0, 1, 2, 3, 4, 5, 6, 7]), 8, true), "_.:-=+*#");
        assert_eq!(sparkline(&curve(&[7, 0]), 4, false), "███▁");
    }

    #[test]
    fn a_fall_is_as_high_as_it_is_deep() {
        assert_eq!(drawdown_line(Money(50), &curve(&[50, 70, 30, 70]), 4, false), "▁▁█▁");
        assert_eq!(drawdown_line(Money(70), &curve(&[50, 70, 30, 70]), 4, false), "▄▁█▁");
        assert_eq!(drawdown_line(Money(1), &curve(&[5, 7]), 3, true), "___");
    }

    #[test]
    fn nothing_and_nothing_happening_have_a_line_too() {
        assert_eq!(sparkline(&[], 4, false), "");
        assert_eq!(sparkline(&curve(&[5, 5]), 3, false), "▄▄▄");
        assert_eq!(sparkline(&curve(&[5]), 3, false), "▄▄▄");
    }
}
