//! How long a file's bars are, and which end of them it stamps. A bar read at the wrong end shows the future.

use gbc_core::time::{DAY, span_text};

use crate::{DataError, Stamp};

/// The length of every bar, and the end that is stamped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BarClock {
    pub span_ns: i64,
    pub stamp: Stamp,
}

/// What speaks for one end or the other, the strongest first.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct StampHints {
    pub option: Option<Stamp>,
    pub file: Option<Stamp>,
    pub column: Option<Stamp>,
    pub assumed: Option<Stamp>,
}

/// Settles both from the first stamps of a file, and says how.
pub(crate) fn settle(stamps: &[i64], span_ns: Option<i64>, hints: StampHints) -> Result<(BarClock, String), DataError> {
    let (span_ns, found) = match span_ns {
        Some(span_ns) => (span_ns, "as the file says"),
        None => (shortest_gap(stamps)?, "the shortest gap"),
    };
    let (stamp, why) = stamp_of(stamps, span_ns, hints)?;
    let end = match stamp {
        Stamp::Open => "open",
        Stamp::Close => "close",
    };
    Ok((
        BarClock { span_ns, stamp },
        format!("bars of {} ({found}), stamped at their {end} ({why})", span_text(span_ns)),
    ))
}

/// Stamps that repeat or run backwards are left to the reader, which knows their rows.
fn shortest_gap(stamps: &[i64]) -> Result<i64, DataError> {
    let gaps = stamps.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 0);
    gaps.min().ok_or_else(|| {
        DataError::new("the length of the bars cannot be told: that takes two bars with different stamps")
    })
}

fn stamp_of(stamps: &[i64], span_ns: i64, hints: StampHints) -> Result<(Stamp, &'static str), DataError> {
    let told = [
        (hints.option, "as chosen"),
        (hints.file, "as the file says"),
        (hints.column, "by the name of the column"),
        (stamp_of_weekdays(stamps, span_ns), "by the weekdays that are stamped"),
        (hints.assumed, "taken as open until you choose"),
    ];
    let found = told.iter().find_map(|(stamp, why)| stamp.map(|stamp| (stamp, *why)));
    found.ok_or_else(|| {
        DataError::choose(format!(
            "nothing in the file says whether a bar of {} is stamped at its open or its close, and one end taken for the other would show the future; choose `--stamp open` (most exports) or `--stamp close`",
            span_text(span_ns)
        ))
    })
}

/// Exchanges that rest at weekends trade Monday to Friday: that is the days of the opens, and a day later those of the closes.
fn stamp_of_weekdays(stamps: &[i64], span_ns: i64) -> Option<Stamp> {
    if span_ns != DAY || stamps.iter().any(|stamp| stamp % DAY != 0) {
        return None;
    }
    let mut seen = [false; 7];
    stamps.iter().for_each(|stamp| seen[weekday(*stamp)] = true);
    match seen {
        // Sunday first. Mondays settle it together with Fridays: a file of some Tuesdays to Fridays could be either.
        [false, true, _, _, _, true, false] => Some(Stamp::Open),
        [false, false, _, _, _, true, true] => Some(Stamp::Close),
        _ => None,
    }
}

/// Days since the last Sunday.
fn weekday(time: i64) -> usize {
    (time.div_euclid(DAY) + 4).rem_euclid(7) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use gbc_core::time::MINUTE;

    /// 2025-06-02, a Monday.
    const MONDAY: i64 = 20_241 * DAY;

    fn days(of_week: &[i64]) -> Vec<i64> {
        (0..3).flat_map(|week| of_week.iter().map(move |day| MONDAY + (7 * week + day) * DAY)).collect()
    }

    #[test]
    fn weekdays_tell_the_end_of_a_daily_bar() {
        let stamp = |of_week: &[i64]| settle(&days(of_week), None, StampHints::default()).map(|(clock, _)| clock.stamp);
        assert_eq!(stamp(&[0, 1, 2, 3, 4]), Ok(Stamp::Open));
        assert_eq!(stamp(&[1, 2, 3, 4, 5]), Ok(Stamp::Close));
        assert!(stamp(&[0, 1, 2, 3, 4, 5, 6]).is_err());
        assert!(stamp(&[1, 2, 3]).is_err());
    }

    #[test]
    fn without_a_hint_the_user_chooses() {
        let error = settle(&[0, MINUTE, 2 * MINUTE], None, StampHints::default()).unwrap_err();
        assert_eq!(error.kind, crate::ErrorKind::Choose);
        assert!(error.reason.contains("`--stamp open`") && error.reason.contains("`--stamp close`"));
    }

    #[test]
    fn the_option_wins_over_the_file_and_the_file_over_the_name() {
        let hints = StampHints { option: Some(Stamp::Close), file: Some(Stamp::Open), ..StampHints::default() };
        assert_eq!(settle(&[0, MINUTE], None, hints).unwrap().0, BarClock { span_ns: MINUTE, stamp: Stamp::Close });
        let hints = StampHints { file: Some(Stamp::Open), column: Some(Stamp::Close), ..StampHints::default() };
        let (clock, said) = settle(&[0, 3 * MINUTE, 4 * MINUTE], None, hints).unwrap();
        assert_eq!(clock, BarClock { span_ns: MINUTE, stamp: Stamp::Open });
        assert_eq!(said, "bars of 1m (the shortest gap), stamped at their open (as the file says)");
    }

    #[test]
    fn one_bar_has_no_length() {
        assert!(settle(&[0], None, StampHints::default()).unwrap_err().reason.contains("two bars"));
    }
}
