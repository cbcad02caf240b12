//! `risk { … }`: limits that hold whatever the strategy wants.

use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, Action};

use super::Checker;
use super::scope::Scope;
use crate::{Dim, Limit, LimitKind, Limited, Per, Reached, Ty, errors};

impl<'a> Checker<'a> {
    /// Checks a `risk` block.
    pub(super) fn risk(&mut self, scope: &Scope<'a>, limits: &'a [(ast::Limit, Span)]) {
        if limits.is_empty() {
            self.report(errors::orders::no_limit_in(scope.item));
        }
        for (limit, at) in limits {
            let kind = match limit {
                ast::Limit::Max { of, value, per, action } => self.max(scope, (*of, *at), *value, *per, *action),
                ast::Limit::FlatBy { time_ns, session } => {
                    let session = session.map(|session| self.per(scope, session));
                    match session {
                        None => Some(LimitKind::FlatBy(*time_ns, None)),
                        Some(Some(Per::Session(session))) => Some(LimitKind::FlatBy(*time_ns, Some(session))),
                        Some(None) => None,
                        Some(Some(_)) => {
                            self.report(errors::orders::in_no_session(*at));
                            None
                        }
                    }
                }
                ast::Limit::FlatWhen(condition) => {
                    Some(LimitKind::FlatWhen(self.decision(scope, *condition, "the condition of `flat when`")))
                }
            };
            self.program.limits.extend(kind.map(|kind| Limit { kind, span: *at }));
        }
    }

    fn max(
        &mut self,
        scope: &Scope<'a>,
        (of, at): (Limited, Span),
        id: ast::ExprId,
        per: Option<ast::ExprId>,
        action: Option<Action>,
    ) -> Option<LimitKind> {
        let (value, place) = (self.value(scope, id), scope.span(id));
        let (ty, word) = (self.ty(value), word(of));
        let fits = match of {
            Limited::Position | Limited::OrderSize => matches!(ty, Ty::Int | Ty::Num(Dim::NONE)),
            Limited::Loss | Limited::Drawdown => ty == Ty::Num(Dim::MONEY) || self.is_share(scope, id, ty),
            Limited::Orders => ty == Ty::Int,
            Limited::LegGap => ty == Ty::Duration,
        };
        if !fits && ty != Ty::Unknown {
            self.report(errors::orders::limit_unit(word, wanted(of), ty, place));
            return None;
        }
        match (of, per) {
            (Limited::Orders, None) => self.report(errors::orders::orders_per_what(at)),
            (Limited::Position | Limited::OrderSize | Limited::LegGap, Some(per)) => {
                self.report(errors::orders::limit_at_all_times(word, scope.span(per)));
            }
            _ => {}
        }
        let per = per.and_then(|per| self.per(scope, per));
        let action = match (action, of) {
            (Some(Action::Flat), _) | (None, Limited::LegGap) => Reached::Flat,
            (Some(Action::Halt { span }), _) => Reached::Halt(span.and_then(|span| self.per(scope, span))),
            // A loss cannot be refused, only ended.
            (None, Limited::Loss | Limited::Drawdown) => Reached::Halt(per),
            (None, _) => Reached::Refuse,
        };
        Some(LimitKind::Max { of, value, of_equity: ty == Ty::NUM, per, action })
    }

    /// Whether it is a share of equity, written as a percentage or a parameter of one; `max loss 500` is neither.
    fn is_share(&self, scope: &Scope<'a>, id: ast::ExprId, ty: Ty) -> bool {
        let bare = matches!(scope.file.expr(id).kind, ast::ExprKind::Int(_) | ast::ExprKind::Float(_));
        ty == Ty::NUM && !bare
    }
}

/// What is limited, as it is written.
fn word(of: Limited) -> &'static str {
    match of {
        Limited::Position => "max position",
        Limited::OrderSize => "max order size",
        Limited::Loss => "max loss",
        Limited::Drawdown => "max drawdown",
        Limited::Orders => "max orders",
        Limited::LegGap => "max leg_gap",
    }
}

fn wanted(of: Limited) -> (&'static str, &'static str) {
    match of {
        Limited::Position => ("a number of lots", "max position 12 lots"),
        Limited::OrderSize => ("a number of lots", "max order size 5 lots"),
        Limited::Loss => ("money, or a share of equity", "max loss 500 usd per day then halt for day"),
        Limited::Drawdown => ("money, or a share of equity", "max drawdown 10% then flat"),
        Limited::Orders => ("a whole number", "max orders 20 per 1s"),
        Limited::LegGap => ("a duration", "max leg_gap 500ms then flat"),
    }
}
