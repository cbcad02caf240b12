//! The equity curve in one line of text.

use gbc_core::Money;
use gbc_portfolio::EquityPoint;

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// `width` bars over the time of the run, each as high as the account was worth by then.
pub(crate) fn sparkline(equity: &[EquityPoint], width: usize) -> String {
    let (Some(first), Some(last)) = (equity.first(), equity.last()) else {
        return String::new();
    };
    let worth = equity.iter().map(|point| point.equity);
    let low = worth.clone().min().expect("there is a point");
    let high = worth.max().expect("there is a point");
    let span = i128::from(last.time.0) - i128::from(first.time.0);
    let bar_at = |step: usize| {
        // The last point at or before the step: what was known by then, never what came after.
        let by = i128::from(first.time.0) + span * step as i128 / (width.max(2) - 1) as i128;
        let known = equity.partition_point(|point| i128::from(point.time.0) <= by);
        bar(equity[known - 1].equity, low, high)
    };
    (0..width).map(bar_at).collect()
}

fn bar(worth: Money, low: Money, high: Money) -> char {
    if high == low {
        return BARS[3];
    }
    let height = (worth - low).0 * BARS.len() as i128 / ((high - low).0 + 1);
    BARS[height as usize]
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
        assert_eq!(sparkline(&curve(&[0, 1, 2, 3, 4, 5, 6, 7]), 8), "▁▂▃▄▅▆▇█");
        assert_eq!(sparkline(&curve(&[7, 0]), 4), "███▁");
    }

    #[test]
    fn nothing_and_nothing_happening_have_a_line_too() {
        assert_eq!(sparkline(&[], 4), "");
        assert_eq!(sparkline(&curve(&[5, 5]), 3), "▄▄▄");
        assert_eq!(sparkline(&curve(&[5]), 3), "▄▄▄");
    }
}
