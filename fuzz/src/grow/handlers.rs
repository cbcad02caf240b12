//! Sessions, timers, and handlers: what happens at moments, and on each occurrence.

use super::Grow;
use super::items::ANYWHERE;
use super::kinds::{Clocks, Kind, Place};
use super::term::Term;

/// Hours that begin or end while data come, which start at midnight in UTC; one is an hour ahead, one began the day before.
const HOURS: [&str; 4] =
    ["00:02..00:31", "00:05..00:06 in \"UTC\"", "23:50..00:11", "01:03..01:21 in \"Europe/Berlin\""];

/// Timers of every kind.
const TIMERS: [&str; 7] = [
    "every 7s",
    "every 90s",
    "every 2m",
    "at 00:07",
    "at 00:20:30",
    "at 00:03 on month.first_day",
    "at 00:09 on monday",
];

impl Grow {
    pub(super) fn session(&mut self) {
        let (name, hours) = (self.fresh("day"), self.chance.pick(&HOURS));
        self.lines.push(format!("session {name} = {hours}"));
        self.sessions.push(name);
    }

    pub(super) fn timer(&mut self) {
        let (name, timer) = (self.fresh("clock"), self.chance.pick(&TIMERS));
        self.lines.push(format!("clock {name} = {timer}"));
        self.timers.push(name);
    }

    /// An equation that steps with a timer, whatever it reads.
    pub(super) fn on_a_timer(&mut self) {
        let (kind, name) = (self.kind(), self.fresh("v"));
        let place = Place { depth: 2, clocks: Clocks::Many, memory: true };
        let value = match self.chance.below(3) {
            0 => self.own_past(kind, place),
            1 => self.remembered(kind, place),
            _ => self.value(kind, place),
        };
        let timer = match self.chance.below(3) {
            0 => self.chance.pick(&TIMERS).to_owned(),
            _ => self.one_of(&self.timers.clone()),
        };
        self.lines.push(format!("let {name} @ {timer} = {}", value.text));
        self.learn(&name, kind, Clocks::Many);
    }

    pub(super) fn handler(&mut self) {
        let occasion = match self.chance.below(4) {
            0 => self.chance.pick(&TIMERS).to_owned(),
            1 => format!("on {}.{}", self.one_of(&self.sessions.clone()), self.chance.pick(&["open", "close"])),
            2 if !self.timers.is_empty() => format!("on {}", self.one_of(&self.timers.clone())),
            _ => self.of_a_feed(),
        };
        let filter = match occasion.starts_with("on ") && self.chance.once_in(1, 2) {
            true => format!(" if {}", self.value(Kind::Truth, ANYWHERE).text),
            false => String::new(),
        };
        let body = self.statements(2);
        self.lines.push(format!("{occasion}{filter} {{{body}}}"));
    }

    fn of_a_feed(&mut self) -> String {
        let feed = self.feeds[self.chance.below(self.feeds.len())].clone();
        match feed.source.as_str() {
            "quotes" => format!("on m{}.quote", feed.market),
            "trades" => format!("on m{}.trade as it", feed.market),
            _ => format!("on {}", feed.name),
        }
    }

    /// Assignments, under conditions or not.
    fn statements(&mut self, depth: usize) -> String {
        let first = self.assignments();
        if depth == 0 || self.chance.once_in(1, 2) {
            return first;
        }
        let condition = self.decided(Kind::Truth, ANYWHERE).text;
        let then = self.statements(depth - 1);
        let otherwise = match self.chance.below(2) {
            0 => format!(" else {{{}}}", self.statements(depth - 1)),
            _ => String::new(),
        };
        format!("{first} if {condition} {{{then}}}{otherwise} ")
    }

    /// What changes with the time of day, with silence, or while a bar forms.
    pub(super) fn of_the_hour(&mut self, kind: Kind) -> Term {
        let (session, market) = (self.one_of(&self.sessions.clone()), self.chance.below(self.markets.len()));
        let text = match (kind, self.chance.below(2)) {
            (Kind::Truth, 0) => format!("{session}.is_open"),
            (Kind::Truth, _) => return Term::whole(format!("(m{market}.age > {}s)", self.chance.whole(1, 90))),
            (Kind::Time, 0) => format!("{session}.since_open"),
            (Kind::Time, _) => format!("m{market}.age"),
            (Kind::Exact(market), _) => format!("b{market}.forming.{}", self.chance.pick(&["high", "low", "close"])),
            (Kind::Price, _) => format!("((b{market}.forming.high + b{market}.forming.low) / 2)"),
            (Kind::Plain, _) => format!("b{market}.forming.volume"),
            _ => return self.ticking(kind, Clocks::Many),
        };
        Term::whole(text)
    }
}
