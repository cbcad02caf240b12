//! Sessions: those that markets trade in, those that files declare, and what both offer.

use gbc_core::bars::Size;
use gbc_core::session::{Hours, is_zone, zones};
use gbc_core::time::DAY;
use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, ItemKind, Name};

use super::Checker;
use super::scope::{Global, Operand, Scope};
use super::trace::Step;
use crate::{Clock, ExprKind, Series, Session, SessionHours, Ty, Value, errors, fold};

const SESSION: [&str; 5] = ["open", "close", "is_open", "since_open", "first"];

impl<'a> Checker<'a> {
    /// `session day = 09:30..16:00 in "America/New_York"`
    pub(super) fn session(&mut self, item: &'a ast::Item) {
        let ItemKind::Session { name, open_ns, close_ns, zone } = &item.kind else { return };
        let zone = match zone {
            Some((zone, at)) if !is_zone(zone) => {
                self.report(errors::unknown_zone(zone, *at, &zones()));
                return self.broken_name(&name.text, name.span);
            }
            Some((zone, _)) => zone.as_str(),
            None => "UTC",
        };
        let hours = SessionHours::Own(Hours::weekdays(*open_ns, *close_ns, zone));
        let index = self.program.sessions.len();
        self.program.sessions.push(Session { name: name.text.clone(), hours, span: name.span });
        if self.name(&name.text, name.span, Global::Session(index)) {
            self.unused.insert(name.text.clone(), name.span);
        }
    }

    /// The regular trading hours of a market.
    pub(super) fn market_session(&mut self, market: usize, span: Span) -> usize {
        let hours = SessionHours::Market(market);
        let index = self.program.sessions.iter().position(|known| known.hours == hours).unwrap_or_else(|| {
            let name = format!("{}.rth", self.program.markets[market].name);
            self.program.sessions.push(Session { name, hours, span });
            self.program.sessions.len() - 1
        });
        self.recorder.note(Step::Session(index, span));
        index
    }

    /// What a session offers.
    pub(super) fn session_member(&mut self, scope: &Scope<'a>, session: usize, name: &Name, at: Span) -> Operand {
        match name.text.as_str() {
            "open" => Operand::Clock(self.clock(Clock::Opens(session), at)),
            "close" => Operand::Clock(self.clock(Clock::Closes(session), at)),
            "is_open" => {
                let clock = self.clock(Clock::Phase(session), at);
                Operand::Value(self.push(ExprKind::IsOpen(clock, session), Ty::Bool, at))
            }
            "since_open" => Operand::Value(self.push(ExprKind::SinceOpen(session), Ty::Duration, at)),
            "first" => {
                let repair = format!("say how much of it: `{}.first(15m)`", self.program.sessions[session].name);
                self.report(errors::not_a_value("`first`", scope.shown(name.span), &repair));
                Operand::Unknown
            }
            other => {
                self.report(errors::unknown_member("a session", other, scope.shown(name.span), SESSION));
                Operand::Unknown
            }
        }
    }

    /// `es.rth.first(15m)`
    pub(super) fn first(&mut self, scope: &Scope<'a>, session: usize, args: &[ast::ExprId], at: Span) -> Operand {
        let [length] = args else {
            self.report(errors::wrong_count("first", "15m", 1, args.len(), at));
            return Operand::Unknown;
        };
        let (id, place) = (self.value(scope, *length), scope.span(*length));
        match (self.ty(id), fold(&self.program, id, &self.defaults())) {
            (Ty::Unknown, _) => Operand::Unknown,
            (Ty::Duration, Some(Value::Int(1..))) => Operand::First { session, length: id },
            (Ty::Duration, None) => {
                self.report(errors::not_constant("how much of a session", place));
                Operand::Unknown
            }
            (ty, _) => {
                self.report(errors::wrong_type("how much of a session", "a duration like `15m`", ty, place));
                Operand::Unknown
            }
        }
    }

    /// `es.bars(1m) in es.rth`
    pub(super) fn in_session(&mut self, scope: &Scope<'a>, value: ast::ExprId, place: ast::ExprId) -> Operand {
        let (stream, at) = (self.operand(scope, value), scope.span(value));
        let Some(session) = self.session_at(scope, place) else { return Operand::Unknown };
        match stream {
            Operand::Unknown => Operand::Unknown,
            Operand::Series(series) => {
                let series = Series { session: Some(session), ..self.program.series[series] };
                if matches!(series.size, Size::Time(ns) if ns > DAY || DAY % ns != 0) {
                    self.report(errors::size_beyond_session(at));
                    return Operand::Unknown;
                }
                Operand::Series(self.series_of(series))
            }
            other => {
                self.report(errors::not_in_session(other.what(), at));
                Operand::Unknown
            }
        }
    }
}
