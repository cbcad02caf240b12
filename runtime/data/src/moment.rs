//! Moments as files write them: counts since 1970 in some unit, dates, times with and without an offset.

use gbc_core::time::{MICROSECOND, MILLISECOND, SECOND};
use jiff::civil;
use jiff::tz::TimeZone;

use crate::error::shown;

/// 2100-01-01, in nanoseconds. Nothing later is market data; a wrong unit is.
const END: i64 = 4_102_444_800 * SECOND;

/// `count` units of `unit_ns`, if that is a moment between 1970 and 2100.
pub(crate) fn moment(count: i64, unit_ns: i64) -> Option<i64> {
    count.checked_mul(unit_ns).filter(|ns| (0..END).contains(ns))
}

/// The unit of a count since 1970, told by its size: units are a thousand apart, so from 1973 to 2100 there is no doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    pub ns: i64,
    pub name: &'static str,
}

impl Unit {
    pub(crate) fn of(count: i64) -> Option<Unit> {
        let (ns, name) = match count {
            100_000_000..100_000_000_000 => (SECOND, "seconds"),
            100_000_000_000..100_000_000_000_000 => (MILLISECOND, "milliseconds"),
            100_000_000_000_000..100_000_000_000_000_000 => (MICROSECOND, "microseconds"),
            100_000_000_000_000_000.. => (1, "nanoseconds"),
            _ => return None,
        };
        moment(count, ns).map(|_| Unit { ns, name })
    }

    /// The moment of a count in a file that began with this unit.
    pub(crate) fn moment(self, count: i64) -> Result<i64, String> {
        match Unit::of(count) {
            Some(unit) if unit == self => Ok(count * self.ns),
            Some(unit) => Err(format!(
                "{count} looks like {}, but the file began with {}; one file, one unit",
                unit.name, self.name
            )),
            None => Err(no_count(count)),
        }
    }
}

pub(crate) fn no_count(count: i64) -> String {
    format!(
        "{count} is no moment between 1973 and 2100, in seconds, milliseconds, microseconds or nanoseconds since 1970"
    )
}

/// How a text file writes time; its first row settles it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeText {
    Count(Unit),
    /// With an offset from UTC.
    Offset,
    /// Without one: taken as UTC.
    Plain,
}

impl TimeText {
    pub(crate) fn of(first: &str) -> Result<TimeText, String> {
        if first.len() != 8
            && let Some(count) = whole(first)
        {
            return Unit::of(count).map(TimeText::Count).ok_or_else(|| no_count(count));
        }
        let form = if has_offset(first) { TimeText::Offset } else { TimeText::Plain };
        form.read(first).map(|_| form)
    }

    /// The moment a row's text means.
    pub(crate) fn read(self, text: &str) -> Result<i64, String> {
        match self {
            TimeText::Count(unit) => unit.moment(whole(text).ok_or_else(|| no_time(text))?),
            _ if has_offset(text) != (self == TimeText::Offset) => Err(format!(
                "`{}`: some times have an offset from UTC and some have none; give all of them one",
                shown(text)
            )),
            TimeText::Offset => in_range(text.parse::<jiff::Timestamp>().map_err(|_| no_time(text))?, text),
            TimeText::Plain => {
                let local: civil::DateTime = text.parse().map_err(|_| no_time(text))?;
                in_range(local.to_zoned(TimeZone::UTC).map_err(|_| no_time(text))?.timestamp(), text)
            }
        }
    }
}

fn whole(text: &str) -> Option<i64> {
    let digits_only = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits_only.then(|| text.parse().ok()).flatten()
}

/// Anything after the date that is no digit of a time of day.
fn has_offset(text: &str) -> bool {
    text.bytes().skip(8).any(|byte| matches!(byte, b'Z' | b'z' | b'+' | b'['))
        || text.bytes().skip(11).any(|byte| byte == b'-')
}

fn in_range(time: jiff::Timestamp, text: &str) -> Result<i64, String> {
    let ns = i64::try_from(time.as_nanosecond()).ok().filter(|ns| (0..END).contains(ns));
    ns.ok_or_else(|| format!("`{}` lies outside the years 1970 to 2100", shown(text)))
}

fn no_time(text: &str) -> String {
    if text.is_empty() {
        return "the time is missing".to_owned();
    }
    format!(
        "`{}` is no time like the first row's; write whole counts since 1970, or `2025-06-02` or `2025-06-02T13:30:00Z`",
        shown(text)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_count_tells_its_unit() {
        for (count, ns) in [
            (1_748_871_000, SECOND),
            (1_748_871_000_000, MILLISECOND),
            (1_748_871_000_000_000, MICROSECOND),
            (1_748_871_000_000_000_000, 1),
        ] {
            assert_eq!(Unit::of(count).map(|unit| unit.ns), Some(ns));
            assert_eq!(TimeText::of(&count.to_string()).unwrap().read(&count.to_string()), Ok(1_748_871_000 * SECOND));
        }
        assert_eq!(Unit::of(17), None);
        assert_eq!(Unit::of(i64::MAX), None);
    }

    #[test]
    fn dates_are_read_with_and_without_an_offset() {
        let read = |text: &str| TimeText::of(text).and_then(|form| form.read(text));
        assert_eq!(read("2025-06-02T13:30:00Z"), Ok(1_748_871_000 * SECOND));
        assert_eq!(read("2025-06-02T09:30:00-04:00"), Ok(1_748_871_000 * SECOND));
        assert_eq!(read("2025-06-02 13:30:00"), Ok(1_748_871_000 * SECOND));
        assert_eq!(read("2025-06-02"), read("20250602"));
        assert!(read("1899-01-01").unwrap_err().contains("1970 to 2100"));
    }

    #[test]
    fn one_file_has_one_way_to_write_time() {
        let plain = TimeText::of("2025-06-02 13:30:00").unwrap();
        assert!(plain.read("2025-06-02T13:30:00Z").unwrap_err().contains("some times have an offset"));
        let seconds = TimeText::of("1748871000").unwrap();
        assert!(
            seconds
                .read("1748871000000")
                .unwrap_err()
                .contains("looks like milliseconds, but the file began with seconds")
        );
        assert!(seconds.read("soon").unwrap_err().starts_with("`soon` is no time"));
    }
}
