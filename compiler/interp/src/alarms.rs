//! Moments known beforehand: timers, and the openings and closes of sessions.
//!
//! The next moment of each stands in the flat state. They start with the first event, whose own moment is over for them.

use gbc_core::session::{Calendar, Daily, Hours, Session as OneSession};
use gbc_core::time::MILLISECOND;
use gbc_core::{Due, Instrument, MarketId, NA, Nanos};
use gbc_diagnostics::Span;
use gbc_ir::{Clock, ClockSet, Flow, Layout, NodeId, Session, SessionHours, Timer};

use crate::machine::BindError;

/// All alarms of a bound program.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alarms {
    of: Vec<Alarm>,
    /// The sessions, ready to be asked.
    pub(crate) calendars: Vec<Calendar>,
    /// What was last found of each session, and from when until when that holds: nothing that a run remembers.
    found: Vec<(Nanos, Nanos, Option<OneSession>)>,
}

#[derive(Clone, Copy, Debug)]
struct Alarm {
    when: When,
    ticks: ClockSet,
    /// The slot of its next moment.
    slot: usize,
}

#[derive(Clone, Copy, Debug)]
enum When {
    Every(i64),
    At(Daily, Option<usize>),
    /// So long after the last event of a market.
    Quiet(MarketId, i64),
    /// So long after the moment that a slot tells.
    Since(usize, i64),
    Opens(usize),
    Closes(usize),
    Phase(usize),
}

impl Alarms {
    /// Sets the alarms of a flow. `period` tells the value of a node known before the run.
    pub(crate) fn new(
        flow: &Flow,
        layout: &Layout,
        instruments: &[Instrument],
        period: impl Fn(NodeId) -> Option<i64>,
    ) -> Result<Alarms, BindError> {
        let calendars = calendars(flow, instruments)?;
        let mut of = Vec::new();
        for (clock, slot) in flow.alarms().zip(&layout.alarms) {
            let when = match flow.clocks[clock.0 as usize] {
                Clock::Timer(timer) => match flow.timers[timer] {
                    Timer::Every(node) => {
                        let fits = period(node).filter(|period| *period >= MILLISECOND);
                        When::Every(fits.ok_or_else(|| too_short(flow.node(node).span))?)
                    }
                    Timer::Quiet(market, after, longer) => {
                        let span = period(after).unwrap_or(0).max(0);
                        When::Quiet(market, span.saturating_add(i64::from(longer)))
                    }
                    Timer::Since(of, after, longer) => {
                        let span = period(after).unwrap_or(0).max(0);
                        When::Since(layout.values[of.0 as usize], span.saturating_add(i64::from(longer)))
                    }
                    Timer::At(daily, session, span) => {
                        let hours = session.and_then(|id| hours(&flow.sessions[id], instruments));
                        if hours.is_some_and(|hours| !daily.fits(hours)) {
                            return Err(outside(span));
                        }
                        When::At(daily, session)
                    }
                },
                Clock::Opens(session) => When::Opens(session),
                Clock::Closes(session) => When::Closes(session),
                Clock::Phase(session) => When::Phase(session),
                Clock::Any(_)
                | Clock::Quotes(_)
                | Clock::Trades(_)
                | Clock::Bars(_)
                | Clock::Forming(_)
                | Clock::News => {
                    unreachable!("alarms tick without data")
                }
            };
            of.push(Alarm { when, ticks: ClockSet::of(clock), slot: *slot });
        }
        let found = vec![(Nanos::MAX, Nanos::MIN, None); calendars.len()];
        Ok(Alarms { of, calendars, found })
    }

    /// The session of that number that holds this moment.
    pub(crate) fn session_at(&mut self, index: usize, time: Nanos) -> Option<OneSession> {
        let (from, until, found) = self.found[index];
        if from <= time && time < until {
            return found;
        }
        let calendar = &self.calendars[index];
        let found = calendar.at(time);
        let until = found.map_or_else(|| calendar.next_open(time), |session| session.close);
        self.found[index] = (time, until, found);
        found
    }

    /// Whether a stretch that began outside a session, at a moment that was asked about last, reaches into one.
    pub(crate) fn reaches_into(&self, index: usize, until: Nanos) -> bool {
        let (_, next_open, found) = self.found[index];
        found.is_none() && next_open < until
    }

    /// Nothing is due before the first event.
    pub(crate) fn silence(&self, slots: &mut [u64]) {
        self.of.iter().for_each(|alarm| slots[alarm.slot] = i64::MAX as u64);
    }

    /// Sets every alarm behind the first event; the clocks that this event ticks, whatever it is.
    pub(crate) fn start(&self, first: Nanos, slots: &mut [u64]) -> ClockSet {
        let mut ticks = ClockSet::EMPTY;
        for alarm in &self.of {
            slots[alarm.slot] = self.next(alarm.when, first).0 as u64;
            if matches!(alarm.when, When::Phase(_)) {
                ticks = ticks.union(alarm.ticks);
            }
        }
        ticks
    }

    /// Something happened in a market: what waits for its silence waits anew.
    pub(crate) fn hear(&self, market: MarketId, time: Nanos, slots: &mut [u64]) {
        for alarm in &self.of {
            if let When::Quiet(of, span) = alarm.when
                && of == market
            {
                slots[alarm.slot] = time.0.saturating_add(span) as u64;
            }
        }
    }

    /// What waits for something to be over waits from when that last was.
    pub(crate) fn watch(&self, now: Nanos, slots: &mut [u64]) {
        for alarm in &self.of {
            if let When::Since(of, span) = alarm.when {
                let last = slots[of] as i64;
                let moment = if last == NA { i64::MAX } else { last.saturating_add(span) };
                let next = if moment > now.0 { moment } else { i64::MAX };
                slots[alarm.slot] = next as u64;
            }
        }
    }

    /// The next moment of any.
    pub(crate) fn due(&self, slots: &[u64]) -> Due {
        let moments = self.of.iter().map(|alarm| slots[alarm.slot] as i64);
        match moments.min() {
            Some(time) if time < i64::MAX => Due { time: Nanos(time), after_data: false },
            _ => Due::NEVER,
        }
    }

    /// Lets those of this moment go off and sets them anew; the clocks that ticks.
    pub(crate) fn go_off(&self, time: Nanos, slots: &mut [u64]) -> ClockSet {
        let mut ticks = ClockSet::EMPTY;
        for alarm in self.of.iter().filter(|alarm| slots[alarm.slot] as i64 == time.0) {
            ticks = ticks.union(alarm.ticks);
        }
        for alarm in self.of.iter().filter(|alarm| ticks.union(alarm.ticks) == ticks) {
            slots[alarm.slot] = self.next(alarm.when, time).0 as u64;
        }
        ticks
    }

    /// The first moment after another.
    fn next(&self, when: When, after: Nanos) -> Nanos {
        match when {
            When::Every(period) => Nanos(after.floor_to(period).0.saturating_add(period)),
            When::At(daily, session) => daily.next(session.map(|id| &self.calendars[id]), after),
            // Once; the next event sets it anew.
            When::Quiet(..) | When::Since(..) => Nanos::MAX,
            When::Opens(session) => self.calendars[session].next_open(after),
            When::Closes(session) => self.calendars[session].next_close(after),
            When::Phase(session) => {
                let calendar = &self.calendars[session];
                calendar.next_open(after).min(calendar.next_close(after))
            }
        }
    }
}

fn calendars(flow: &Flow, instruments: &[Instrument]) -> Result<Vec<Calendar>, BindError> {
    let of = |session: &Session| {
        let reason = format!("the trading hours `{}` are not known", session.name);
        let unknown = |reason| BindError { code: "E0353", reason, span: session.span };
        let hours = hours(session, instruments).ok_or(unknown(reason))?;
        Calendar::new(hours).map_err(unknown)
    };
    flow.sessions.iter().map(of).collect()
}

/// The hours of a session, its own or its market's.
pub(crate) fn hours<'a>(session: &'a Session, instruments: &'a [Instrument]) -> Option<&'a Hours> {
    match &session.hours {
        SessionHours::Own(hours) => Some(hours),
        SessionHours::Market(market) => instruments[*market].hours.as_ref(),
    }
}

fn too_short(span: Span) -> BindError {
    let reason = "a timer fires once a millisecond at most".to_owned();
    BindError { code: "E0351", reason, span }
}

fn outside(span: Span) -> BindError {
    let reason = "the market is never open at this time".to_owned();
    BindError { code: "E0354", reason, span }
}
