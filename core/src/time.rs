//! Time: nanoseconds since 1970 in UTC, and nothing else below the doors.

use serde::{Deserialize, Serialize};

/// A moment, in nanoseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Nanos(pub i64);

/// Nanoseconds in one microsecond.
pub const MICROSECOND: i64 = 1_000;
/// Nanoseconds in one millisecond.
pub const MILLISECOND: i64 = 1_000_000;
/// Nanoseconds in one second.
pub const SECOND: i64 = 1_000_000_000;
/// Nanoseconds in one minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Nanoseconds in one hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Nanoseconds in one day of 24 hours.
pub const DAY: i64 = 24 * HOUR;
/// Nanoseconds in one week.
pub const WEEK: i64 = 7 * DAY;

impl Nanos {
    /// Before every event.
    pub const MIN: Nanos = Nanos(i64::MIN);
    /// After every event: "never".
    pub const MAX: Nanos = Nanos(i64::MAX);

    /// The start of the span of length `span_ns` that holds this moment; spans are counted from 1970.
    pub fn floor_to(self, span_ns: i64) -> Nanos {
        Nanos(self.0 - self.0.rem_euclid(span_ns))
    }

    /// Whole milliseconds since 1970, rounded down.
    pub fn millis(self) -> i64 {
        self.0.div_euclid(MILLISECOND)
    }
}

/// Units of spans, largest first.
const UNITS: [(i64, &str); 7] =
    [(DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (SECOND, "s"), (MILLISECOND, "ms"), (MICROSECOND, "us"), (1, "ns")];

/// A span of time in the words of the language: `5m`, `90s`, `250ms`.
pub fn span_text(span_ns: i64) -> String {
    match UNITS.iter().find(|(size, _)| span_ns != 0 && span_ns % size == 0) {
        Some((size, name)) => format!("{}{name}", span_ns / size),
        None => format!("{span_ns}ns"),
    }
}

/// The span that `span_text` would write so; `None` if it writes none so.
pub fn span_from(text: &str) -> Option<i64> {
    let unit = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (size, _) = UNITS.iter().find(|(_, name)| *name == &text[unit..])?;
    let span_ns = text[..unit].parse::<i64>().ok()?.checked_mul(*size)?;
    (span_text(span_ns) == text).then_some(span_ns)
}

/// A time of day in the words of the language: `15:45`, `09:30:00.25`.
pub fn moment_text(ns: i64) -> String {
    let clock = format!("{:02}:{:02}", ns / HOUR, ns % HOUR / MINUTE);
    match (ns % MINUTE / SECOND, ns % SECOND) {
        (0, 0) => clock,
        (seconds, 0) => format!("{clock}:{seconds:02}"),
        (seconds, part) => format!("{clock}:{seconds:02}.{part:09}").trim_end_matches('0').to_owned(),
    }
}

/// The time of day that `moment_text` would write so; `None` if it writes none so.
pub fn moment_from(text: &str) -> Option<i64> {
    let (clock, part) = text.split_once('.').unwrap_or((text, ""));
    let numbers = clock.split(':').map(|number| number.parse::<i64>().ok().filter(|n| (0..60).contains(n)));
    let numbers = numbers.collect::<Option<Vec<i64>>>()?;
    let part = format!("{part:0<9}").parse::<i64>().ok()?;
    let sizes = [HOUR, MINUTE, SECOND];
    let whole: i64 = numbers.iter().zip(sizes).map(|(number, size)| number * size).sum();
    let ns = whole.checked_add(part)?;
    ((0..DAY).contains(&ns) && moment_text(ns) == text).then_some(ns)
}

/// Year, month and day of a day counted from 1970-01-01.
///
/// Years begin in March here, so that the leap day comes last and months have a simple rhythm: 153 days each five.
pub fn date_of(day: i64) -> (i64, i64, i64) {
    const DAYS_IN_400_YEARS: i64 = 146_097;
    let since_march_of_0000 = day + 719_468;
    let cycle = since_march_of_0000.div_euclid(DAYS_IN_400_YEARS);
    let of_cycle = since_march_of_0000.rem_euclid(DAYS_IN_400_YEARS);
    let year_of_cycle = (of_cycle - of_cycle / 1_460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
    let of_year = of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = cycle * 400 + year_of_cycle + i64::from(month <= 2);
    (year, month, day_of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_counted_from_1970_even_before_it() {
        assert_eq!(Nanos(MINUTE + 7).floor_to(MINUTE), Nanos(MINUTE));
        assert_eq!(Nanos(-7).floor_to(MINUTE), Nanos(-MINUTE));
    }

    #[test]
    fn dates_follow_one_another_without_a_gap() {
        assert_eq!(date_of(0), (1970, 1, 1));
        assert_eq!(date_of(-1), (1969, 12, 31));
        assert_eq!(date_of(11_016), (2000, 2, 29));
        assert_eq!(date_of(19_723), (2024, 1, 1));
        let length = |year: i64, month| match month {
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        for day in -100_000..100_000 {
            let (year, month, of_month) = date_of(day);
            let next = match (month, of_month == length(year, month)) {
                (_, false) => (year, month, of_month + 1),
                (12, true) => (year + 1, 1, 1),
                (_, true) => (year, month + 1, 1),
            };
            assert_eq!(date_of(day + 1), next);
        }
    }

    #[test]
    fn times_of_day_read_as_they_are_written() {
        let half_past = 9 * HOUR + 30 * MINUTE;
        for (ns, text) in
            [(15 * HOUR + 45 * MINUTE, "15:45"), (half_past + 250 * MILLISECOND, "09:30:00.25"), (0, "00:00")]
        {
            assert_eq!((moment_text(ns).as_str(), moment_from(text)), (text, Some(ns)));
        }
        for text in ["", "9:30", "24:00", "09:30:00", "09:30:00.250", "09:30:00.", "09:60", "x"] {
            assert_eq!(moment_from(text), None, "{text}");
        }
    }

    #[test]
    fn spans_read_as_they_are_written() {
        for (ns, text) in
            [(5 * MINUTE, "5m"), (90 * SECOND, "90s"), (DAY, "1d"), (250 * MILLISECOND, "250ms"), (7, "7ns")]
        {
            assert_eq!(span_text(ns), text);
            assert_eq!(span_from(text), Some(ns));
        }
        for text in ["", "5", "m", "60s", "5 m", "9999999999d", "5\u{b5}s"] {
            assert_eq!(span_from(text), None, "{text}");
        }
    }
}
