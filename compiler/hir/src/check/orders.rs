//! What all forms of orders share: their market, their sizes, durations and counts, and how they are worked.

use gbc_core::MarketId;
use gbc_diagnostics::{Severity, Span};
use gbc_syntax::ast::{self, Name, ViaArg};

use super::Checker;
use super::scope::{Operand, Scope};
use super::trace::Step;
use crate::shares::counted_with;
use crate::{ExprId, ExprKind, Told, Ty, Unsupported, Value, Via, errors, fold};

/// The ways to work an order, as they are written.
const STYLES: [(&str, &str); 2] = [("twap", "twap(10m, every 30s)"), ("limit", "limit(rest 2s, then market)")];

impl<'a> Checker<'a> {
    /// Notes what checks but cannot run yet.
    pub(super) fn no_engine(&mut self, what: &str, span: Span) {
        self.recorder.note(Step::Unsupported(self.program.unsupported.len()));
        self.program.unsupported.push(Unsupported { what: what.to_owned(), span });
    }

    /// The market that an item's orders go to.
    pub(super) fn order_market(&mut self, scope: &Scope<'a>, word: &str, market: &Name) -> Option<MarketId> {
        if !self.globals.contains_key(&market.text) {
            let known = self.program.markets.iter().map(|market| market.name.as_str());
            self.report(errors::unknown_market(&market.text, market.span, known.collect::<Vec<_>>()));
            return None;
        }
        match self.named(scope, &market.text, market.span) {
            Operand::Market(id) => Some(id),
            Operand::Unknown => None,
            _ => {
                let what = format!("what a `{word}` is for");
                self.report(errors::wrong_type(&what, "a market", Ty::NUM, market.span));
                None
            }
        }
    }

    /// Of each clause with a word there may be one.
    pub(super) fn once_each<T>(&mut self, clauses: &[(T, Span)], word: impl Fn(&T) -> Option<&'static str>) {
        for (index, (clause, at)) in clauses.iter().enumerate() {
            let Some(name) = word(clause) else { continue };
            if let Some((_, first)) = clauses[..index].iter().find(|(other, _)| word(other) == Some(name)) {
                self.report(errors::orders::clause_twice(name, *at, *first));
            }
        }
    }

    /// One market is traded in one form.
    pub(super) fn mixed_forms(&mut self, market: MarketId, form: &str, at: Span) {
        let program = &self.program;
        let target = program.targets.iter().find(|it| it.market == market).map(|it| ("target", it.span));
        let trade = program.trades.iter().find(|it| it.market == market).map(|it| ("trade", it.span));
        let quote = program.quotes.iter().find(|it| it.market == market).map(|it| ("quote", it.span));
        let other = target.into_iter().chain(trade).chain(quote).find(|(word, _)| *word != form);
        if let Some((word, first)) = other {
            let name = program.markets[market].name.clone();
            self.report(errors::orders::mixed_forms(&name, form, at, word, first));
        }
    }

    /// A number of lots.
    pub(super) fn lots(&mut self, scope: &Scope<'a>, id: ast::ExprId, market: MarketId) -> ExprId {
        let found = self.remembering(scope, |checker, scope| Operand::Value(checker.value(scope, id)));
        let value = self.as_value(scope, id, found);
        let name = self.program.markets[market].name.clone();
        self.size(scope, id, value, &name, false)
    }

    /// A span of time, known before the run.
    pub(super) fn duration(&mut self, scope: &Scope<'a>, what: &str, id: ast::ExprId) -> ExprId {
        let value = self.value(scope, id);
        self.is_duration(what, value, scope.span(id))
    }

    pub(super) fn is_duration(&mut self, what: &str, value: ExprId, at: Span) -> ExprId {
        match (self.ty(value), fold(&self.program, value, &self.defaults())) {
            (Ty::Unknown, _) => value,
            (Ty::Duration, Some(Value::Int(1..))) => value,
            (Ty::Duration, None) => {
                self.report(errors::not_constant(what, at));
                self.unknown(at)
            }
            (Ty::Duration, Some(_)) => {
                self.report(errors::orders::no_time_at_all(what, at));
                self.unknown(at)
            }
            (ty, _) => {
                let whole = self.program.text_at(at).parse::<u64>().ok();
                self.report(errors::orders::not_a_duration(what, ty, at, whole));
                self.unknown(at)
            }
        }
    }

    /// A whole number above zero, known before the run.
    pub(super) fn count(&mut self, scope: &Scope<'a>, what: &str, id: ast::ExprId) -> ExprId {
        let (value, at) = (self.value(scope, id), scope.span(id));
        match (self.ty(value), fold(&self.program, value, &self.defaults())) {
            (Ty::Unknown, _) | (Ty::Int, Some(Value::Int(1..))) => return value,
            (Ty::Int, None) => self.report(errors::not_constant(what, at)),
            (Ty::Int, Some(found)) => self.report(errors::orders::counts_nothing(what, at, &found.to_string())),
            (ty, _) => self.report(errors::wrong_type(what, "a whole number", ty, at)),
        }
        self.unknown(at)
    }

    /// `via twap(10m, every 30s)`
    pub(super) fn via(&mut self, scope: &Scope<'a>, via: &ast::Via) -> Option<Via> {
        let wrong = |checker: &mut Self, shape: &str| {
            checker.report(errors::orders::via_shape(&via.style.text, via.style.span, shape));
            None
        };
        match (via.style.text.as_str(), via.args.as_slice()) {
            ("twap", [ViaArg::Plain(over), ViaArg::Every(every)]) => Some(Via::Twap {
                over: self.duration(scope, "how long a `twap` takes", *over),
                every: self.duration(scope, "how far the parts of a `twap` are apart", *every),
            }),
            ("limit", [ViaArg::Rest(rest), rest_of @ ..]) => {
                let then_market = match rest_of {
                    [] => false,
                    [ViaArg::Then(word)] if word.text == "market" => true,
                    _ => return wrong(self, STYLES[1].1),
                };
                Some(Via::Limit { rest: self.duration(scope, "how long a `limit` rests", *rest), then_market })
            }
            (name, _) => match STYLES.iter().find(|(known, _)| *known == name) {
                Some((_, shape)) => wrong(self, shape),
                None => {
                    self.report(errors::orders::unknown_style(name, via.style.span, &STYLES));
                    None
                }
            },
        }
    }

    /// How the orders of a target are worked: checked, and refused at the run.
    pub(super) fn target_via(&mut self, scope: &Scope<'a>, via: Option<&ast::Via>) {
        let Some(via) = via else { return };
        // The word itself has no place in the tree: it stands a blank before its style.
        let style = via.style.span.start;
        let before = self.program.text_at(Span { end: style, ..scope.item }).rfind("via");
        let start = before.map_or(style, |at| scope.item.start + at as u32);
        self.no_engine("via", Span { start, end: via.style.span.end });
        if let Some(via) = self.via(scope, via) {
            self.program.reads.extend(via.values());
        }
    }

    /// What the whole file says of orders, seen together.
    pub(super) fn order_warnings(&mut self) {
        for id in counted_with(&self.program) {
            let ExprKind::Told(told, _) = self.program.expr(id).kind else { continue };
            let word = if told == Told::AllIn { "all_in" } else { "equity" };
            self.report(errors::orders::share_counted_with(word, self.span(id)));
        }
        let bare: Vec<_> = self.program.trades.iter().filter(|trade| trade.stop.is_none()).collect();
        let bare: Vec<_> = bare.into_iter().map(|trade| errors::orders::no_stop(trade.span, trade.direction)).collect();
        bare.into_iter().for_each(|warning| self.report(warning));
        let trades = self.program.trades.iter().map(|trade| trade.span);
        let first = trades.chain(self.program.quotes.iter().map(|quote| quote.span)).min();
        if let (Some(at), true) = (first, self.program.limits.is_empty()) {
            self.report(errors::orders::no_limits(at));
        }
    }

    /// Whether a message so far is an error.
    pub(super) fn failed(&self) -> bool {
        let error = |diagnostic: &gbc_diagnostics::Diagnostic| diagnostic.severity == Severity::Error;
        self.diagnostics.has_errors() || self.settled.iter().any(error)
    }
}
