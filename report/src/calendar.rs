//! Moments as people read them, in UTC.

use gbc_core::Nanos;
use gbc_core::time::{DAY, HOUR, MINUTE, date_of};

/// `2024-01-02 09:30`.
pub(crate) fn minute_text(time: Nanos) -> String {
    let (year, month, day) = date_of(time.0.div_euclid(DAY));
    let of_day = time.0.rem_euclid(DAY);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}", of_day / HOUR, of_day % HOUR / MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_cut_to_the_minute() {
        assert_eq!(minute_text(Nanos(19_723 * DAY + 9 * HOUR + 30 * MINUTE + 59)), "2024-01-01 09:30");
        assert_eq!(minute_text(Nanos(-1)), "1969-12-31 23:59");
    }
}
