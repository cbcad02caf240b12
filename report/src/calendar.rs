//! Moments as people read them, in UTC.

use gbc_core::Nanos;
use gbc_core::time::{DAY, HOUR, MINUTE};

/// `2024-01-02 09:30`.
pub(crate) fn minute_text(time: Nanos) -> String {
    let (year, month, day) = date_of(time.0.div_euclid(DAY));
    let of_day = time.0.rem_euclid(DAY);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}", of_day / HOUR, of_day % HOUR / MINUTE)
}

/// Year, month and day of a day counted from 1970-01-01.
///
/// Years begin in March here, so that the leap day comes last and months have a simple rhythm: 153 days each five.
fn date_of(day: i64) -> (i64, i64, i64) {
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
    fn moments_are_cut_to_the_minute() {
        assert_eq!(minute_text(Nanos(19_723 * DAY + 9 * HOUR + 30 * MINUTE + 59)), "2024-01-01 09:30");
        assert_eq!(minute_text(Nanos(-1)), "1969-12-31 23:59");
    }
}
