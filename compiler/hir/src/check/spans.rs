//! Windows over a span of time: `sum(x, 500ms)`, `count(es.trades, 1s by 10ms)`, `ago(x, 10s)`.

use gbc_core::MarketId;
use gbc_core::window::{SpanKind, WindowKind};
use gbc_diagnostics::Span;
use gbc_syntax::ast;

use super::Checker;
use super::scope::{Operand, Scope};
use crate::{ExprId, ExprKind, Ty, Value, errors, fold};

/// How far a window reaches back.
#[derive(Clone, Copy, Debug)]
pub(super) enum Length {
    /// So many steps.
    Steps(ExprId),
    /// So long, in panes if there is a second.
    Time(ExprId, Option<ExprId>),
    /// Since a session opened, or over so much of its start.
    Session(usize, Option<ExprId>),
    /// Since the position of a market was opened.
    Life(MarketId),
}

impl<'a> Checker<'a> {
    /// `500ms by 10ms`
    pub(super) fn panes(&mut self, scope: &Scope<'a>, [span, pane]: [ast::ExprId; 2]) -> Operand {
        let ids = [span, pane].map(|part| self.value(scope, part));
        for (id, part) in ids.into_iter().zip([span, pane]) {
            if !matches!(self.ty(id), Ty::Duration | Ty::Unknown) {
                let (ty, at) = (self.ty(id), scope.span(part));
                self.report(errors::wrong_type("each side of `by`", "a duration", ty, at));
                return Operand::Unknown;
            }
        }
        match ids.map(|id| fold(&self.program, id, &self.defaults())) {
            [Some(Value::Int(long)), Some(Value::Int(short))] if short < 1 || long % short != 0 => {
                self.report(errors::panes_do_not_fill(scope.span(span).to(scope.span(pane))));
                Operand::Unknown
            }
            _ => Operand::Panes(ids[0], ids[1]),
        }
    }

    /// How far back a window reaches; `None` was reported.
    pub(super) fn length(&mut self, scope: &Scope<'a>, what: &str, arg: ast::ExprId) -> Option<Length> {
        let (operand, at) = (self.operand(scope, arg), scope.span(arg));
        if let Operand::Panes(span, pane) = operand {
            return self.is_span(what, span, at).then_some(Length::Time(span, Some(pane)));
        }
        match operand {
            Operand::Session(session) => return Some(Length::Session(session, None)),
            Operand::Life(market) => return Some(Length::Life(market)),
            Operand::First { session, length } => return Some(Length::Session(session, Some(length))),
            _ => {}
        }
        let id = self.as_value(scope, arg, operand);
        match self.ty(id) {
            Ty::Duration => self.is_span(what, id, at).then_some(Length::Time(id, None)),
            _ => self.is_length(what, id, at).then_some(Length::Steps(id)),
        }
    }

    fn is_span(&mut self, what: &str, id: ExprId, at: Span) -> bool {
        match fold(&self.program, id, &self.defaults()) {
            Some(Value::Int(1..)) => return true,
            Some(_) => self.report(errors::empty_span(what, at)),
            None => self.report(errors::length_not_constant(what, at)),
        }
        false
    }

    /// A window over time, of one value or of a pair. `reach` is no number of steps.
    pub(super) fn over_time(
        &mut self,
        scope: &Scope<'a>,
        kind: SpanKind,
        values: (ExprId, Option<ExprId>),
        reach: Length,
        ty: Ty,
        at: Span,
    ) -> Operand {
        if !matches!(reach, Length::Time(_, None)) && !kind.fits_panes() {
            let keeper = match reach {
                Length::Session(..) => errors::Keeper::Session,
                Length::Life(_) => errors::Keeper::Position,
                _ => errors::Keeper::Panes,
            };
            self.report(errors::panes_are_too_little(kind.name(), keeper, at));
            return Operand::Unknown;
        }
        let mut all = || self.push(ExprKind::Const(Value::Int(0)), Ty::Duration, at);
        let (length, pane, session) = match reach {
            Length::Steps(length) => (length, None, None),
            Length::Time(length, pane) => (length, pane, None),
            Length::Session(session, Some(length)) => (length, None, Some(session)),
            Length::Session(session, None) => (all(), None, Some(session)),
            Length::Life(_) => (all(), None, None),
        };
        let life = match reach {
            Length::Life(market) => Some(self.push(ExprKind::Life(market), Ty::Int, at)),
            _ => None,
        };
        let (value, other) = values;
        let span = ExprKind::Span { kind, value, other, length, pane, session, life, default: scope.at };
        Operand::Value(self.push(span, ty, at))
    }

    /// `trade`: the life of the position, of the market of the `trade` at hand or the only one there is.
    pub(super) fn life_named(&mut self, scope: &Scope<'a>, name: &str, at: Span) -> Option<Operand> {
        if name != "trade" || scope.blame.is_some() {
            return None;
        }
        if let [market] = self.program.markets.as_slice()
            && market.span != Span::default()
        {
            return Some(Operand::Life(0));
        }
        let markets: Vec<&str> = self.program.markets.iter().map(|market| market.name.as_str()).collect();
        self.report(errors::trade_of_which(at, &markets));
        Some(Operand::Unknown)
    }

    /// `trade(es)`
    pub(super) fn life_of(&mut self, scope: &Scope<'a>, args: &[ast::ExprId], at: Span) -> Operand {
        let [market] = args else {
            self.report(errors::wrong_count("trade", "es", 1, args.len(), at));
            return Operand::Unknown;
        };
        match self.operand(scope, *market) {
            Operand::Market(market) => Operand::Life(market),
            Operand::Unknown => Operand::Unknown,
            other => {
                let place = scope.span(*market);
                self.report(errors::not_a_market(other.what(), place));
                Operand::Unknown
            }
        }
    }

    /// `max(x, 500ms)`: a window, where the second is a span and the first is none.
    pub(super) fn extreme_over_time(
        &mut self,
        scope: &Scope<'a>,
        name: &str,
        args: &[ast::ExprId],
        at: Span,
    ) -> Option<Operand> {
        let kind = match name {
            "max" => WindowKind::Highest,
            "min" => WindowKind::Lowest,
            _ => return None,
        };
        let [value, reach] = args else { return None };
        let messages = self.diagnostics.len();
        let reach_is_span = match self.operand(scope, *reach) {
            Operand::Panes(..) | Operand::Session(_) | Operand::First { .. } | Operand::Life(_) => true,
            Operand::Value(id) => self.ty(id) == Ty::Duration,
            _ => false,
        };
        let value_is_span = || matches!(scope.file.expr(*value).kind, ast::ExprKind::Duration(_));
        let window = reach_is_span && !value_is_span() && {
            let id = self.value(scope, *value);
            self.ty(id) != Ty::Duration
        };
        // A look ahead: whoever goes on reads the inputs again.
        self.diagnostics.truncate(messages);
        window.then(|| self.window(scope, kind, args, at))
    }

    /// `count(es.trades, 1s)`, `count(up, 20)`
    pub(super) fn count_events(&mut self, scope: &Scope<'a>, args: &[ast::ExprId], at: Span) -> Operand {
        if self.forgets(scope, "count", at) {
            return Operand::Unknown;
        }
        let [counted, length] = args else {
            self.report(errors::wrong_count("count", "events or a condition, span", 2, args.len(), at));
            return Operand::Unknown;
        };
        let operand = self.operand(scope, *counted);
        let length_at = scope.span(*length);
        let Some(length) = self.length(scope, "a window's length", *length) else { return Operand::Unknown };
        let Some(condition) = self.counted_condition(scope, *counted, operand) else { return Operand::Unknown };
        match (length, condition) {
            (Length::Steps(_), None) => {
                self.report(errors::count_of_a_count(length_at));
                Operand::Unknown
            }
            (Length::Steps(length), Some(condition)) => {
                let [one, none] = [1.0, 0.0].map(|x| self.constant(Value::Num(x), at));
                let value = self.push(ExprKind::If(condition, one, none), Ty::NUM, at);
                let window = ExprKind::Window { kind: WindowKind::Sum, value, length, default: scope.at };
                Operand::Value(self.push(window, Ty::NUM, at))
            }
            (reach, condition) => {
                let one = self.constant(Value::Num(1.0), at);
                let each = match condition {
                    Some(condition) => self.where_true(condition, one, at),
                    None => self.each_event(operand, one, at),
                };
                self.over_time(scope, SpanKind::Count, (each, None), reach, Ty::NUM, at)
            }
        }
    }

    /// The condition to count, or that every event counts; `None` was reported.
    fn counted_condition(
        &mut self,
        scope: &Scope<'a>,
        counted: ast::ExprId,
        operand: Operand,
    ) -> Option<Option<ExprId>> {
        match operand {
            Operand::Quotes(_) | Operand::Trades(_) | Operand::Series(_) | Operand::Filtered(_) => Some(None),
            Operand::Unknown => None,
            _ => {
                let id = self.as_value(scope, counted, operand);
                match self.ty(id) {
                    Ty::Bool => Some(Some(id)),
                    Ty::Unknown => None,
                    ty => {
                        let at = scope.span(counted);
                        self.report(errors::wrong_type("what `count` takes", "events or a condition", ty, at));
                        None
                    }
                }
            }
        }
    }

    /// `ago(x, 10s)`
    pub(super) fn ago(&mut self, scope: &Scope<'a>, args: &[ast::ExprId], at: Span) -> Operand {
        if self.forgets(scope, "ago", at) {
            return Operand::Unknown;
        }
        let [value, back] = args else {
            self.report(errors::wrong_count("ago", "x, 10s", 2, args.len(), at));
            return Operand::Unknown;
        };
        let id = self.value(scope, *value);
        match self.length(scope, "how far to look back", *back) {
            None => Operand::Unknown,
            Some(Length::Steps(_)) => {
                let written = self.program.text_at(scope.span(*value)).to_owned();
                let count = self.program.text_at(scope.span(*back)).to_owned();
                self.report(errors::ago_of_steps(scope.span(*back), &written, &count));
                Operand::Unknown
            }
            Some(_) if self.ty(id) == Ty::Unknown => Operand::Unknown,
            Some(reach) => {
                let ty = self.ty(id);
                self.over_time(scope, SpanKind::Ago, (id, None), reach, ty, at)
            }
        }
    }
}
