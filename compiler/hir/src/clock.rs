//! What ticks: feeds, bars, timers and sessions, and how people say so.

use gbc_core::MarketId;
use gbc_core::bars::Size;
use gbc_core::session::{Daily, Days, Hours};
use gbc_core::time::{moment_text, span_text};
use gbc_diagnostics::Span;

use crate::{ExprId, ExprKind, Program, Value};

/// Something that ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Each quote of a market.
    Quotes(MarketId),
    /// Each trade of a market.
    Trades(MarketId),
    /// Each close of a bar of `Program::series`.
    Bars(usize),
    /// All that goes into the forming bar of a series, and its close.
    Forming(usize),
    /// Whatever happens in a market.
    Any(MarketId),
    /// Each moment of a timer of `Program::timers`.
    Timer(usize),
    /// Each opening of a session of `Program::sessions`.
    Opens(usize),
    /// Each close of one.
    Closes(usize),
    /// Both, and the first event of all: whenever whether it is open may change.
    Phase(usize),
    /// Each piece of news about our own orders, and the first event of all, when there are none.
    News,
}

impl Clock {
    /// Whether it ticks at moments that are known beforehand, with data or without.
    pub fn is_alarm(self) -> bool {
        matches!(self, Clock::Timer(_) | Clock::Opens(_) | Clock::Closes(_) | Clock::Phase(_))
    }
}

/// A timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Fires at every multiple of a period, counted from 1970; known once parameters are bound.
    Every(ExprId),
    /// Fires once when nothing has happened in a market for so long, or for longer.
    Quiet {
        /// Which market.
        market: MarketId,
        /// How long; known once parameters are bound.
        after: ExprId,
        /// Whether only longer will do.
        longer: bool,
    },
    /// Fires once when something has not been for so long, or for longer.
    Since {
        /// How long it has not been.
        of: ExprId,
        /// How long that has to be; known once parameters are bound.
        after: ExprId,
        /// Whether only longer will do.
        longer: bool,
    },
    /// Fires at a time of day: of a session's zone and within it, or in UTC.
    At {
        /// When.
        daily: Daily,
        /// The session, by its index.
        session: Option<usize>,
        /// Where it is written.
        span: Span,
    },
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its name in the text: `es.rth`.
    pub name: String,
    /// When it is open.
    pub hours: SessionHours,
    /// Where it is first named.
    pub span: Span,
}

/// Where the hours of a session come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionHours {
    /// From the market's instrument.
    Market(MarketId),
    /// From the text.
    Own(Hours),
}

/// A clock in the words of the source: `es.bars(5m)`, `every 1s`, `es.rth.open`.
pub fn clock_text(program: &Program, clock: Clock) -> String {
    let market = |market: MarketId| &program.markets[market].name;
    let session = |session: usize| &program.sessions[session].name;
    match clock {
        Clock::Quotes(id) => format!("{}.quotes", market(id)),
        Clock::Trades(id) => format!("{}.trades", market(id)),
        Clock::Bars(series) => {
            let series = program.series[series];
            series_text(market(series.market), series.size, series.session.map(session))
        }
        Clock::Forming(series) => format!("{}.forming", clock_text(program, Clock::Bars(series))),
        Clock::Any(id) => format!("{}.age", market(id)),
        Clock::Timer(timer) => timer_text(program, program.timers[timer]),
        Clock::Opens(id) => format!("{}.open", session(id)),
        Clock::Closes(id) => format!("{}.close", session(id)),
        Clock::Phase(id) => format!("{}.is_open", session(id)),
        Clock::News => "news of orders".to_owned(),
    }
}

/// How people say when a clock ticks.
pub fn clock_words(program: &Program, clock: Clock) -> String {
    let market = |market: MarketId| &program.markets[market].name;
    let session = |session: usize| &program.sessions[session].name;
    match clock {
        Clock::Quotes(id) => format!("on every quote of `{}`", market(id)),
        Clock::Trades(id) => format!("on every trade of `{}`", market(id)),
        Clock::Bars(series) => {
            let series = program.series[series];
            let place = series.session.map_or(String::new(), |id| format!(" in `{}`", session(id)));
            format!("with every {} bar of `{}`{place}", series.size.text(), market(series.market))
        }
        Clock::Forming(series) => {
            let series = program.series[series];
            format!("with all that goes into the {} bars of `{}`", series.size.text(), market(series.market))
        }
        Clock::Any(id) => format!("whenever anything happens in `{}`", market(id)),
        Clock::Timer(timer) => timer_text(program, program.timers[timer]),
        Clock::Opens(id) => format!("whenever `{}` opens", session(id)),
        Clock::Closes(id) => format!("whenever `{}` closes", session(id)),
        Clock::Phase(id) => format!("whenever `{}` opens or closes", session(id)),
        Clock::News => "with all news of our own orders".to_owned(),
    }
}

/// A bar series in the words of the source: `es.bars(5m) in es.rth`.
pub fn series_text(market: &str, size: Size, session: Option<&String>) -> String {
    let place = session.map_or(String::new(), |session| format!(" in {session}"));
    format!("{market}.bars({}){place}", size.text())
}

fn timer_text(program: &Program, timer: Timer) -> String {
    match timer {
        Timer::Every(period) => match &program.expr(period).kind {
            ExprKind::Const(Value::Int(ns)) => format!("every {}", span_text(*ns)),
            ExprKind::Param(index) => format!("every {}", program.params[*index].name),
            _ => "every so often".to_owned(),
        },
        Timer::Quiet { market, after, longer } => {
            format!("{}.age {}", program.markets[market].name, longer_than(program, after, longer))
        }
        Timer::Since { of, after, longer } => {
            let written = program.text_at(program.expr(of).span);
            let written = if written.starts_with("since(") { written } else { "since(…)" };
            format!("{written} {}", longer_than(program, after, longer))
        }
        Timer::At { daily, session, .. } => at_text(daily, session.map(|id| program.sessions[id].name.as_str())),
    }
}

/// `> 2s`
fn longer_than(program: &Program, after: ExprId, longer: bool) -> String {
    let span = match &program.expr(after).kind {
        ExprKind::Const(Value::Int(ns)) => span_text(*ns),
        ExprKind::Param(index) => program.params[*index].name.clone(),
        _ => "so long".to_owned(),
    };
    format!("{} {span}", if longer { ">" } else { ">=" })
}

/// A time of day, in the words of the source where it is of a session.
pub fn at_text(daily: Daily, session: Option<&str>) -> String {
    let place = session.map_or("UTC".to_owned(), |name| format!("in {name}"));
    let days = if daily.days == Days::Every { String::new() } else { format!(" on {}", daily.days.name()) };
    format!("at {} {place}{days}", moment_text(daily.time_ns))
}
