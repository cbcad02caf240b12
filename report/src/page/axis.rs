//! Axes with round numbers, and moments at which a calendar turns.

use gbc_core::Nanos;
use gbc_core::time::{DAY, HOUR, MINUTE, date_of};

use crate::number_text::grouped;

/// A value axis: where it begins and ends, and how far apart its lines are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Axis {
    pub(crate) low: f64,
    pub(crate) high: f64,
    step: f64,
}

impl Axis {
    /// An axis that holds `low..=high` with at most about `lines` lines at round numbers.
    pub(crate) fn around(low: f64, high: f64, lines: usize) -> Axis {
        let (low, high) = if high > low { (low, high) } else { (low - 1.0, high + 1.0) };
        let step = round_step((high - low) / lines as f64);
        // A little room, so that no curve runs along the edge.
        let room = (high - low) * 0.04;
        Axis { low: low - room, high: high + room, step }
    }

    /// An axis from nothing downwards, with room for what is written at the deepest point.
    pub(crate) fn down_to(depth: f64, lines: usize) -> Axis {
        let depth = if depth > 0.0 { depth } else { 0.01 };
        Axis { low: -depth * 1.3, high: 0.0, step: round_step(depth / lines as f64) }
    }

    /// Its lines, from the lowest up.
    pub(crate) fn lines(&self) -> Vec<f64> {
        let first = (self.low / self.step).ceil();
        let count = ((self.high / self.step).floor() - first) as i64;
        (0..=count.clamp(-1, 50)).map(|n| (first + n as f64) * self.step).collect()
    }

    /// A line's value, with as many decimals as tell the lines apart.
    pub(crate) fn text(&self, value: f64) -> String {
        decimal_text(value, decimals_of(self.step))
    }

    /// A line's value as a share.
    pub(crate) fn percent_text(&self, value: f64) -> String {
        format!("{} %", decimal_text(value * 100.0, decimals_of(self.step * 100.0)))
    }
}

/// 1, 2 or 5 times a power of ten, not below `wanted`.
fn round_step(wanted: f64) -> f64 {
    let mut power = 1.0;
    while power < wanted {
        power *= 10.0;
    }
    while power / 10.0 >= wanted && power > 1e-12 {
        power /= 10.0;
    }
    [0.2, 0.5].into_iter().map(|part| power * part).find(|step| *step >= wanted).unwrap_or(power)
}

fn decimals_of(step: f64) -> usize {
    let (mut decimals, mut step) = (0, step);
    while decimals < 9 && (step - step.round()).abs() > 1e-9 * step.abs() {
        step *= 10.0;
        decimals += 1;
    }
    decimals
}

/// `-1,234.50`, with a true minus.
pub(crate) fn decimal_text(value: f64, decimals: usize) -> String {
    if !value.is_finite() || value.abs() >= 1e15 {
        return format!("{value:.2e}");
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let whole = grouped(whole.parse().expect("digits below 10^15"));
    let sign = if value < 0.0 && text.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) { "−" } else { "" };
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

/// A kind of turn: the number of the period that holds a moment, and what is written where a period begins.
type Kind = (fn(Nanos) -> i64, fn(Nanos) -> String);

/// A place on the time axis and what is written there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mark {
    /// The first point at or after the turn.
    pub(crate) place: usize,
    pub(crate) text: String,
}

/// Turns of the calendar among `times`, of the finest kind that gives at most `most` of them.
pub(crate) fn calendar_marks(times: &[Nanos], most: usize) -> Vec<Mark> {
    let kinds: [Kind; 14] = [
        (|t| t.0.div_euclid(MINUTE), clock),
        (|t| t.0.div_euclid(5 * MINUTE), clock),
        (|t| t.0.div_euclid(15 * MINUTE), clock),
        (|t| t.0.div_euclid(30 * MINUTE), clock),
        (|t| t.0.div_euclid(HOUR), clock),
        (|t| t.0.div_euclid(3 * HOUR), clock),
        (|t| t.0.div_euclid(DAY), day),
        (|t| t.0.div_euclid(2 * DAY), day),
        // Weeks that begin on Monday: 1970 began on a Thursday.
        (|t| (t.0.div_euclid(DAY) + 3).div_euclid(7), day),
        (month_number, month),
        (|t| month_number(t).div_euclid(3), month),
        (|t| date_of(t.0.div_euclid(DAY)).0, year),
        (|t| date_of(t.0.div_euclid(DAY)).0.div_euclid(5), year),
        (|t| date_of(t.0.div_euclid(DAY)).0.div_euclid(25), year),
    ];
    let of = |(period, text): &Kind| turns(times, *period, *text, most);
    kinds.iter().find_map(of).unwrap_or_default()
}

/// The first point of each period but the first; `None` if there are more than `most`.
fn turns(times: &[Nanos], period: fn(Nanos) -> i64, text: fn(Nanos) -> String, most: usize) -> Option<Vec<Mark>> {
    let mut marks = Vec::new();
    for (place, pair) in times.windows(2).enumerate() {
        if period(pair[0]) != period(pair[1]) {
            marks.push(Mark { place: place + 1, text: text(pair[1]) });
            if marks.len() > most {
                return None;
            }
        }
    }
    Some(marks)
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `Jan` of 1.
pub(crate) fn month_name(month: i64) -> &'static str {
    MONTHS[(month - 1) as usize]
}

fn month_number(time: Nanos) -> i64 {
    let (year, month, _) = date_of(time.0.div_euclid(DAY));
    year * 12 + month - 1
}

fn clock(time: Nanos) -> String {
    let of_day = time.0.rem_euclid(DAY);
    format!("{:02}:{:02}", of_day / HOUR, of_day % HOUR / MINUTE)
}

fn day(time: Nanos) -> String {
    let (_, month, day) = date_of(time.0.div_euclid(DAY));
    format!("{day} {}", month_name(month))
}

fn month(time: Nanos) -> String {
    let (year, month, _) = date_of(time.0.div_euclid(DAY));
    format!("{} {year}", month_name(month))
}

fn year(time: Nanos) -> String {
    date_of(time.0.div_euclid(DAY)).0.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stand_at_round_numbers() {
        let axis = Axis::around(98_329.25, 103_493.75, 5);
        let texts: Vec<String> = axis.lines().iter().map(|line| axis.text(*line)).collect();
        assert_eq!(texts, ["100,000", "102,000"]);
        let axis = Axis::around(0.0, 0.7, 4);
        assert_eq!(axis.lines().iter().map(|line| axis.text(*line)).collect::<Vec<_>>(), ["0.0", "0.2", "0.4", "0.6"]);
        let axis = Axis::down_to(0.031, 3);
        let texts: Vec<String> = axis.lines().iter().map(|line| axis.percent_text(*line)).collect();
        assert_eq!(texts, ["−4 %", "−2 %", "0 %"]);
    }

    #[test]
    fn whatever_the_range_there_are_some_lines_and_not_many() {
        for (low, high) in [(0.0, 0.0), (1e-9, 2e-9), (-5.0, 1e12), (1e15, 1e15 + 4.0), (-3.0, -2.9)] {
            let lines = Axis::around(low, high, 5).lines();
            assert!((2..=8).contains(&lines.len()), "{low} {high} {lines:?}");
            assert!(lines.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    #[test]
    fn a_month_of_minutes_is_marked_by_weeks_and_a_day_by_hours() {
        let every = |step: i64, count: i64| -> Vec<Nanos> {
            (0..count).map(|n| Nanos(1_748_822_400_000_000_000 + n * step)).collect() // Monday, 2 June 2025
        };
        let texts = |times: &[Nanos]| calendar_marks(times, 8).into_iter().map(|mark| mark.text).collect::<Vec<_>>();
        assert_eq!(texts(&every(HOUR, 24 * 28)), ["9 Jun", "16 Jun", "23 Jun"]);
        assert_eq!(texts(&every(MINUTE, 6 * 60 + 1)), ["01:00", "02:00", "03:00", "04:00", "05:00", "06:00"]);
        assert_eq!(
            texts(&every(30 * DAY, 24)),
            ["Jul 2025", "Oct 2025", "Jan 2026", "Apr 2026", "Jul 2026", "Oct 2026", "Jan 2027", "Apr 2027"]
        );
        assert!(texts(&every(DAY, 1)).is_empty());
    }
}
