//! Trading sessions: local opening and closing times as moments, clock changes and days off included.
//!
//! A session belongs to the day it closes on; a close at midnight belongs to the day that ends with it. It holds the
//! moments of `[open, close)`. A local time that a clock change skips is moved forward, one that comes twice is the earlier.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::Nanos;
use crate::time::{DAY, HOUR, MINUTE};

/// No rule about days lets more of them pass than this.
const MOST_DAYS: usize = 1_000;

/// When a market trades, as people write it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Hours {
    /// Local opening time, in nanoseconds since midnight.
    pub open_ns: i64,
    /// Local closing time; not after `open_ns` if the session runs into the next day.
    pub close_ns: i64,
    /// The zone of both: `America/New_York`.
    pub zone: String,
    /// Whether Saturdays and Sundays are days like others.
    pub weekends: bool,
    /// Days without a session: `2024-12-25`.
    pub days_off: Vec<String>,
}

impl Hours {
    /// From half past nine to four in UTC, Monday to Friday: what tests trade in.
    pub fn of_tests() -> Hours {
        Hours::weekdays(9 * HOUR + 30 * MINUTE, 16 * HOUR, "UTC")
    }

    /// From Monday to Friday.
    pub fn weekdays(open_ns: i64, close_ns: i64, zone: &str) -> Hours {
        Hours { open_ns, close_ns, zone: zone.to_owned(), weekends: false, days_off: Vec::new() }
    }
}

/// Whether there is such a zone.
pub fn is_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

/// The names of all zones.
pub fn zones() -> Vec<String> {
    jiff::tz::db().available().map(|name| name.to_string()).collect()
}

/// Hours ready to be asked.
#[derive(Clone, Debug)]
pub struct Calendar {
    open_ns: i64,
    close_ns: i64,
    zone: TimeZone,
    weekends: bool,
    days_off: BTreeSet<Date>,
}

/// One session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its first moment.
    pub open: Nanos,
    /// The first moment after it.
    pub close: Nanos,
}

impl Session {
    /// Whether a moment lies in it.
    pub fn holds(self, time: Nanos) -> bool {
        self.open <= time && time < self.close
    }
}

impl Calendar {
    /// Reads hours; the reason if a name or a date in them means nothing.
    pub fn new(hours: &Hours) -> Result<Calendar, String> {
        let zone = TimeZone::get(&hours.zone).map_err(|_| format!("there is no time zone `{}`", hours.zone))?;
        let day = |text: &String| text.parse::<Date>().map_err(|_| format!("`{text}` is no date like 2024-12-25"));
        Ok(Calendar {
            open_ns: hours.open_ns,
            close_ns: if hours.close_ns == 0 { DAY } else { hours.close_ns },
            zone,
            weekends: hours.weekends,
            days_off: hours.days_off.iter().map(day).collect::<Result<_, _>>()?,
        })
    }

    /// The session that a moment lies in.
    pub fn at(&self, time: Nanos) -> Option<Session> {
        let day = day_in(&self.zone, time);
        [day, day.saturating_add(1.day())].into_iter().filter_map(|day| self.of(day)).find(|it| it.holds(time))
    }

    /// The first opening after a moment.
    pub fn next_open(&self, after: Nanos) -> Nanos {
        self.next(after, |session| session.open)
    }

    /// The last opening up to a moment; the beginning of time before the first.
    pub fn last_open(&self, until: Nanos) -> Nanos {
        let days = day_in(&self.zone, until).saturating_add(1.day()).series(-1.day()).take(MOST_DAYS);
        days.filter_map(|day| self.of(day))
            .map(|session| session.open)
            .find(|open| *open <= until)
            .unwrap_or(Nanos::MIN)
    }

    /// The first close after a moment.
    pub fn next_close(&self, after: Nanos) -> Nanos {
        self.next(after, |session| session.close)
    }

    fn next(&self, after: Nanos, moment: impl Fn(Session) -> Nanos) -> Nanos {
        let sessions = self.days_from(after).filter_map(|day| self.of(day));
        sessions.map(moment).find(|moment| *moment > after).unwrap_or(Nanos::MAX)
    }

    /// The days whose sessions may have something to say after a moment.
    fn days_from(&self, after: Nanos) -> impl Iterator<Item = Date> {
        day_in(&self.zone, after).series(1.day()).take(MOST_DAYS)
    }

    /// The session of a day.
    fn of(&self, day: Date) -> Option<Session> {
        let opens_on = if self.open_ns < self.close_ns { day } else { day.saturating_sub(1.day()) };
        let open = moment(&self.zone, opens_on, self.open_ns)?;
        let close = moment(&self.zone, day, self.close_ns)?;
        (self.is_open_on(day) && open < close).then_some(Session { open, close })
    }

    fn is_open_on(&self, day: Date) -> bool {
        (self.weekends || is_weekday(day)) && !self.days_off.contains(&day)
    }
}

/// On which days a moment of the day comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Days {
    /// On each: of the calendar, or of the session.
    Every,
    /// From Monday to Friday.
    Weekdays,
    /// Once a week; 0 is Monday.
    Weekly(u8),
    /// On the first trading day of the month.
    MonthFirst,
    /// On the last trading day of the month.
    MonthLast,
    /// On the first trading day of the week.
    WeekFirst,
    /// On the last trading day of the week.
    WeekLast,
}

impl Days {
    /// Every rule with its name in the language, `Every` aside.
    pub const NAMES: [(&'static str, Days); 12] = [
        ("month.first_day", Days::MonthFirst),
        ("month.last_day", Days::MonthLast),
        ("week.first_day", Days::WeekFirst),
        ("week.last_day", Days::WeekLast),
        ("weekday", Days::Weekdays),
        ("monday", Days::Weekly(0)),
        ("tuesday", Days::Weekly(1)),
        ("wednesday", Days::Weekly(2)),
        ("thursday", Days::Weekly(3)),
        ("friday", Days::Weekly(4)),
        ("saturday", Days::Weekly(5)),
        ("sunday", Days::Weekly(6)),
    ];

    /// Its name in the language.
    pub fn name(self) -> &'static str {
        Days::NAMES.iter().find(|(_, days)| *days == self).map_or("day", |(name, _)| *name)
    }

    /// The rule of that name; `day` is every day.
    pub fn from_name(name: &str) -> Option<Days> {
        let named = Days::NAMES.iter().find(|(known, _)| *known == name).map(|(_, days)| *days);
        named.or((name == Days::Every.name()).then_some(Days::Every))
    }

    fn holds(self, day: Date, trades: impl Fn(Date) -> bool) -> bool {
        let same_week = |other: Date| other.iso_week_date().week() == day.iso_week_date().week();
        let same_month = |other: Date| other.month() == day.month();
        let others = |step: i64| day.series(step.days()).skip(1).take(31);
        let first = |same: &dyn Fn(Date) -> bool| !others(-1).take_while(|other| same(*other)).any(&trades);
        let last = |same: &dyn Fn(Date) -> bool| !others(1).take_while(|other| same(*other)).any(&trades);
        match self {
            Days::Every => true,
            Days::Weekdays => is_weekday(day),
            Days::Weekly(wanted) => day.weekday().to_monday_zero_offset() == wanted as i8,
            Days::MonthFirst => trades(day) && first(&same_month),
            Days::MonthLast => trades(day) && last(&same_month),
            Days::WeekFirst => trades(day) && first(&same_week),
            Days::WeekLast => trades(day) && last(&same_week),
        }
    }
}

/// A time of day on certain days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Daily {
    /// Nanoseconds since midnight.
    pub time_ns: i64,
    /// On which days.
    pub days: Days,
}

impl Daily {
    /// Its first moment after another: in the zone and on the days of a calendar, or in UTC.
    ///
    /// In a calendar only the moments from the open to the close of a session count, both included.
    pub fn next(self, calendar: Option<&Calendar>, after: Nanos) -> Nanos {
        let found = match calendar {
            Some(calendar) => {
                let trades = |day: Date| calendar.is_open_on(day);
                let days = calendar.days_from(after).filter(|day| self.days.holds(*day, trades));
                days.filter_map(|day| self.in_session(calendar, day)).find(|moment| *moment > after)
            }
            None => {
                let days = day_in(&TimeZone::UTC, after).series(1.day()).take(MOST_DAYS);
                let days = days.filter(|day| self.days.holds(*day, is_weekday));
                days.filter_map(|day| moment(&TimeZone::UTC, day, self.time_ns)).find(|moment| *moment > after)
            }
        };
        found.unwrap_or(Nanos::MAX)
    }

    /// Whether sessions of such hours have this time of day in them.
    pub fn fits(self, hours: &Hours) -> bool {
        let close = if hours.close_ns == 0 { DAY } else { hours.close_ns };
        let within = |time: i64| hours.open_ns <= time && time <= close;
        if hours.open_ns < close {
            within(self.time_ns)
        } else {
            self.time_ns >= hours.open_ns || self.time_ns <= close
        }
    }

    fn in_session(self, calendar: &Calendar, day: Date) -> Option<Nanos> {
        let session = calendar.of(day)?;
        let moments = [day.saturating_sub(1.day()), day].into_iter();
        moments
            .filter_map(|day| moment(&calendar.zone, day, self.time_ns))
            .find(|moment| session.open <= *moment && *moment <= session.close)
    }
}

fn is_weekday(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn day_in(zone: &TimeZone, time: Nanos) -> Date {
    Timestamp::from_nanosecond(i128::from(time.0)).map_or(Date::MAX, |moment| zone.to_datetime(moment).date())
}

/// A local time of a day; `None` where the calendar ends.
fn moment(zone: &TimeZone, day: Date, time_ns: i64) -> Option<Nanos> {
    let local = day.to_datetime(Time::midnight()).checked_add(SignedDuration::from_nanos(time_ns)).ok()?;
    let moment = zone.to_ambiguous_timestamp(local).compatible().ok()?;
    i64::try_from(moment.as_nanosecond()).ok().map(Nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(open: (i64, i64), close: (i64, i64), zone: &str) -> Calendar {
        let time = |(hour, minute): (i64, i64)| hour * HOUR + minute * MINUTE;
        Calendar::new(&Hours::weekdays(time(open), time(close), zone)).expect("a zone of the table")
    }

    fn utc(text: &str) -> Nanos {
        Nanos(text.parse::<Timestamp>().expect("a moment").as_nanosecond() as i64)
    }

    fn session(calendar: &Calendar, text: &str) -> Option<(String, String)> {
        let shown = |time: Nanos| Timestamp::from_nanosecond(i128::from(time.0)).expect("a moment").to_string();
        calendar.at(utc(text)).map(|session| (shown(session.open), shown(session.close)))
    }

    fn both(open: &str, close: &str) -> Option<(String, String)> {
        Some((open.to_owned(), close.to_owned()))
    }

    #[test]
    fn new_york_opens_an_hour_earlier_in_utc_once_its_clocks_go_forward() {
        let rth = calendar((9, 30), (16, 0), "America/New_York");
        assert_eq!(session(&rth, "2024-03-08T15:00:00Z"), both("2024-03-08T14:30:00Z", "2024-03-08T21:00:00Z"));
        assert_eq!(session(&rth, "2024-03-11T15:00:00Z"), both("2024-03-11T13:30:00Z", "2024-03-11T20:00:00Z"));
        assert_eq!(rth.next_open(utc("2024-03-08T14:30:00Z")), utc("2024-03-11T13:30:00Z"));
        assert_eq!(rth.next_close(utc("2024-11-01T20:00:00Z")), utc("2024-11-04T21:00:00Z"));
        assert_eq!(session(&rth, "2024-03-08T21:00:00Z"), None);
        assert_eq!(session(&rth, "2024-03-09T15:00:00Z"), None);
    }

    #[test]
    fn chicago_and_london_change_their_clocks_on_days_of_their_own() {
        let pit = calendar((8, 30), (15, 0), "America/Chicago");
        assert_eq!(pit.next_open(utc("2024-03-15T00:00:00Z")), utc("2024-03-15T13:30:00Z"));
        let city = calendar((8, 0), (16, 30), "Europe/London");
        assert_eq!(city.next_open(utc("2024-03-15T00:00:00Z")), utc("2024-03-15T08:00:00Z"));
        assert_eq!(city.next_open(utc("2024-04-01T00:00:00Z")), utc("2024-04-01T07:00:00Z"));
    }

    #[test]
    fn an_overnight_session_belongs_to_the_day_it_closes_on() {
        let globex = calendar((18, 0), (17, 0), "America/New_York");
        let monday = both("2024-01-07T23:00:00Z", "2024-01-08T22:00:00Z");
        assert_eq!(session(&globex, "2024-01-07T23:00:00Z"), monday);
        assert_eq!(session(&globex, "2024-01-08T21:59:59Z"), monday);
        assert_eq!(session(&globex, "2024-01-08T22:30:00Z"), None);
        assert_eq!(session(&globex, "2024-01-05T23:00:00Z"), None);
        // The night in which the clocks go forward is an hour shorter.
        assert_eq!(session(&globex, "2024-03-11T00:00:00Z"), both("2024-03-10T22:00:00Z", "2024-03-11T21:00:00Z"));
    }

    #[test]
    fn a_time_that_is_skipped_moves_forward_and_one_that_comes_twice_is_the_earlier() {
        let mut hours = Hours::weekdays(2 * HOUR + 30 * MINUTE, 12 * HOUR, "America/New_York");
        hours.weekends = true;
        let night = Calendar::new(&hours).unwrap();
        assert_eq!(night.next_open(utc("2024-03-10T05:00:00Z")), utc("2024-03-10T07:30:00Z"));
        let night = Calendar::new(&Hours { open_ns: HOUR + 30 * MINUTE, ..hours }).unwrap();
        assert_eq!(night.next_open(utc("2024-11-03T04:00:00Z")), utc("2024-11-03T05:30:00Z"));
    }

    #[test]
    fn days_off_have_no_session_and_midnight_ends_its_own_day() {
        let mut hours = Hours::weekdays(0, 0, "UTC");
        hours.days_off.push("2024-12-25".to_owned());
        let days = Calendar::new(&hours).unwrap();
        assert_eq!(session(&days, "2024-12-24T12:00:00Z"), both("2024-12-24T00:00:00Z", "2024-12-25T00:00:00Z"));
        assert_eq!(session(&days, "2024-12-25T12:00:00Z"), None);
        assert_eq!(days.next_open(utc("2024-12-24T00:00:00Z")), utc("2024-12-26T00:00:00Z"));
        assert!(Calendar::new(&Hours::weekdays(0, 0, "Europe/Atlantis")).is_err());
    }

    #[test]
    fn daily_moments_keep_to_their_days() {
        let next = |days, calendar: Option<&Calendar>, after: &str| {
            Daily { time_ns: 15 * HOUR + 45 * MINUTE, days }.next(calendar, utc(after))
        };
        let rth = calendar((9, 30), (16, 0), "America/New_York");
        assert_eq!(next(Days::Every, None, "2024-06-01T15:45:00Z"), utc("2024-06-02T15:45:00Z"));
        assert_eq!(next(Days::Every, Some(&rth), "2024-06-01T00:00:00Z"), utc("2024-06-03T19:45:00Z"));
        assert_eq!(next(Days::MonthFirst, Some(&rth), "2024-06-03T20:00:00Z"), utc("2024-07-01T19:45:00Z"));
        assert_eq!(next(Days::MonthLast, Some(&rth), "2024-06-03T20:00:00Z"), utc("2024-06-28T19:45:00Z"));
        assert_eq!(next(Days::WeekFirst, None, "2024-06-03T20:00:00Z"), utc("2024-06-10T15:45:00Z"));
        assert_eq!(next(Days::WeekLast, None, "2024-06-03T20:00:00Z"), utc("2024-06-07T15:45:00Z"));
        assert_eq!(next(Days::Weekly(2), None, "2024-06-03T20:00:00Z"), utc("2024-06-05T15:45:00Z"));
        let globex = calendar((18, 0), (17, 0), "America/New_York");
        let evening = Daily { time_ns: 20 * HOUR, days: Days::Every };
        assert_eq!(evening.next(Some(&globex), utc("2024-01-06T00:00:00Z")), utc("2024-01-08T01:00:00Z"));
        assert!(!Daily { time_ns: 17 * HOUR, days: Days::Every }.fits(&Hours::of_tests()));
    }
}
