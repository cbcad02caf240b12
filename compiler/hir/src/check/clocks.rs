//! Timers: `every 1s`, `at 15:45 in es.rth on month.first_day`, and the names that files give them.

use gbc_core::session::{Daily, Days};
use gbc_core::time::MILLISECOND;
use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, ExprKind as Ast, ItemKind, Timing, TimingKind};

use super::Checker;
use super::scope::{Global, Operand, Scope};
use super::trace::Step;
use crate::{Clock, ClockId, ExprId, ExprKind, Session, SessionHours, Timer, Ty, Value, errors, fold};

impl<'a> Checker<'a> {
    /// `clock s = every 1s`
    pub(super) fn clock_item(&mut self, item: &'a ast::Item) {
        let ItemKind::Clock { name, timing } = &item.kind else { return };
        let Some(clock) = self.timer(timing) else {
            self.broken_name(&name.text, name.span);
            return;
        };
        if self.name(&name.text, name.span, Global::Clock(clock)) {
            self.unused.insert(name.text.clone(), name.span);
            let clock = self.program.clocks[clock.0 as usize];
            self.program.feeds.push((name.text.clone(), clock));
        }
    }

    /// A name whose definition went wrong: said once, whoever reads it.
    pub(super) fn broken_name(&mut self, name: &str, span: Span) {
        self.name(name, span, Global::Broken);
    }

    /// The clock of a timer.
    pub(super) fn timer(&mut self, timing: &Timing) -> Option<ClockId> {
        let scope = Scope::new(self.user, timing.span).forgetful("a timer");
        let timer = match timing.kind {
            TimingKind::Every(period) => Timer::Every(self.period(&scope, period)?),
            TimingKind::At { moment, session, on } => {
                let session = match session {
                    Some(place) => Some(self.session_at(&scope, place)?),
                    None => None,
                };
                let days = on.map_or(Some(Days::Every), |on| self.days(&scope, on))?;
                let daily = Daily { time_ns: self.time_of_day(&scope, moment)?, days };
                let known = session.map(|id| self.program.sessions[id].clone());
                if let Some(Session { name, hours: SessionHours::Own(hours), .. }) = known
                    && !daily.fits(&hours)
                {
                    self.report(errors::outside_session(&name, scope.span(moment)));
                    return None;
                }
                Timer::At { daily, session, span: scope.span(moment) }
            }
        };
        let index = self.timer_of(timer);
        Some(self.clock(Clock::Timer(index), timing.span))
    }

    /// The timer of that kind, each once.
    pub(super) fn timer_of(&mut self, wanted: Timer) -> usize {
        let kind = |id: ExprId| &self.program.expr(id).kind;
        let same = |known: &Timer| match (*known, wanted) {
            (Timer::Every(a), Timer::Every(b)) => {
                kind(a) == kind(b) && matches!(kind(a), ExprKind::Const(_) | ExprKind::Param(_))
            }
            (Timer::Quiet { market, after, longer }, Timer::Quiet { market: other, after: span, longer: than }) => {
                (other, than) == (market, longer) && kind(span) == kind(after)
            }
            (Timer::At { daily: a, session: b, .. }, Timer::At { daily, session, .. }) => (a, b) == (daily, session),
            _ => false,
        };
        let index = self.program.timers.iter().position(same).unwrap_or_else(|| {
            self.program.timers.push(wanted);
            self.program.timers.len() - 1
        });
        self.recorder.note(Step::Timer(index, wanted));
        index
    }

    fn period(&mut self, scope: &Scope<'a>, period: ast::ExprId) -> Option<ExprId> {
        let (id, at) = (self.value(scope, period), scope.span(period));
        match (self.ty(id), fold(&self.program, id, &self.defaults())) {
            (Ty::Unknown, _) => return None,
            (Ty::Duration, Some(Value::Int(MILLISECOND..))) => return Some(id),
            (Ty::Duration, Some(_)) => self.report(errors::period_too_short(at)),
            (Ty::Duration, None) => self.report(errors::not_constant("a timer's period", at)),
            (ty, _) => self.report(errors::period_is_no_time(at, ty, self.program.text_at(at))),
        }
        None
    }

    fn time_of_day(&mut self, scope: &Scope<'a>, moment: ast::ExprId) -> Option<i64> {
        if let Ast::Moment(ns) = scope.file.expr(moment).kind {
            return Some(ns);
        }
        self.report(errors::no_time_of_day(scope.span(moment)));
        None
    }

    /// `month.first_day`, `weekday`, `friday`
    fn days(&mut self, scope: &Scope<'a>, on: ast::ExprId) -> Option<Days> {
        let at = scope.span(on);
        let written = self.program.text_at(at).to_owned();
        let found = Days::NAMES.iter().find(|(name, _)| *name == written).map(|(_, days)| *days);
        if found.is_none() {
            self.report(errors::unknown_days(&written, at));
        }
        found
    }

    /// A session by what the text says of it.
    pub(super) fn session_at(&mut self, scope: &Scope<'a>, place: ast::ExprId) -> Option<usize> {
        match self.operand(scope, place) {
            Operand::Session(session) => Some(session),
            Operand::Unknown => None,
            other => {
                let market = self.program.markets.first().map_or("es", |market| &market.name);
                self.report(errors::no_session(other.what(), scope.span(place), market));
                None
            }
        }
    }
}
