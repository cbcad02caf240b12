//! Regular hours: 13:30 to 20:00 UTC, Monday to Friday. Holidays are not kept.

use gbc_core::Nanos;
use gbc_core::time::{DAY, MINUTE};

const OPEN: i64 = 13 * 60 * MINUTE + 30 * MINUTE;
/// Six and a half hours.
pub(super) const LENGTH: i64 = 390 * MINUTE;

/// The first moment of regular hours at or after `time`.
pub(super) fn at_or_after(time: Nanos) -> i64 {
    let day = time.floor_to(DAY).0;
    let open = open_of(day);
    match time.0 {
        now if now < open => open,
        now if now < open + LENGTH && open == day + OPEN => now,
        _ => open_of(day + DAY),
    }
}

/// The open of the session that holds or follows the start of `day`.
fn open_of(day: i64) -> i64 {
    let days_to_monday = match (day.div_euclid(DAY) + 4).rem_euclid(7) {
        0 => 1,
        6 => 2,
        _ => 0,
    };
    day + days_to_monday * DAY + OPEN
}

/// How busy the market is: 1000 at the open and the close, 400 at midday.
pub(super) fn busyness(time: i64) -> i64 {
    let minute = (time.rem_euclid(DAY) - OPEN) / MINUTE;
    let off_midday = minute - 195;
    400 + 600 * off_midday * off_midday / (195 * 195)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2025-06-06T00:00Z, a Friday.
    const FRIDAY: i64 = 20_245 * DAY;

    #[test]
    fn nights_and_weekends_lead_to_the_next_open() {
        let next = |time| at_or_after(Nanos(time));
        assert_eq!(next(FRIDAY), FRIDAY + OPEN);
        assert_eq!(next(FRIDAY + OPEN + 7), FRIDAY + OPEN + 7);
        assert_eq!(next(FRIDAY + OPEN + LENGTH), FRIDAY + 3 * DAY + OPEN);
        assert_eq!(next(FRIDAY + DAY + OPEN), FRIDAY + 3 * DAY + OPEN);
        assert_eq!(next(FRIDAY + 3 * DAY + OPEN + LENGTH), FRIDAY + 4 * DAY + OPEN);
    }
}
