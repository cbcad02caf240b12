//! Orders and rules: trades, quotes, limits, statements.

use gbc_diagnostics::Span;
use pest::iterators::Pair;

use super::{Builder, Parts, label_of, span};
use crate::ast::*;
use crate::grammar::Rule;

impl Builder<'_> {
    pub(super) fn target(&mut self, mut parts: Parts<'_>) -> ItemKind {
        let (market, clock) = (self.find_name(&mut parts), self.on_clock(&mut parts));
        let value = self.find_expr(&mut parts);
        let via = parts.maybe(Rule::via).map(|pair| self.via(pair));
        ItemKind::Target { market, clock, value, via }
    }

    fn via(&mut self, pair: Pair<'_, Rule>) -> Via {
        let mut parts = Parts::of(pair);
        let style = self.find_name(&mut parts);
        let args = parts.0.filter(|pair| pair.as_rule() == Rule::via_arg).map(|pair| {
            let mut parts = Parts::of(pair);
            if parts.maybe(Rule::k_then).is_some() {
                return ViaArg::Then(self.find_name(&mut parts));
            }
            let word = parts.0.peek().map(Pair::as_rule);
            let value = self.find_expr(&mut parts);
            match word {
                Some(Rule::k_every) => ViaArg::Every(value),
                Some(Rule::k_rest) => ViaArg::Rest(value),
                _ => ViaArg::Plain(value),
            }
        });
        Via { style, args: args.collect() }
    }

    pub(super) fn trade(&mut self, mut parts: Parts<'_>) -> Trade {
        let market = self.find_name(&mut parts);
        let direction = match parts.0.next().map(|pair| pair.as_rule()) {
            Some(Rule::k_short) => Direction::Short,
            _ => Direction::Long,
        };
        let clauses = parts.0.filter(|pair| !matches!(pair.as_rule(), Rule::open | Rule::close));
        let clauses = clauses.map(|pair| {
            let at = tight(self.base, &pair);
            (self.clause(pair), at)
        });
        Trade { market, direction, clauses: clauses.collect() }
    }

    fn clause(&mut self, pair: Pair<'_, Rule>) -> Clause {
        let rule = pair.as_rule();
        if rule == Rule::via {
            return Clause::Via(self.via(pair));
        }
        let has = |word: Rule| pair.clone().into_inner().any(|part| part.as_rule() == word);
        let (at, when, loss) = (has(Rule::k_at), has(Rule::k_when), has(Rule::k_loss));
        let mut parts = Parts::of(pair);
        if rule == Rule::enter {
            parts.take(Rule::k_enter);
            let price = parts.maybe(Rule::priced).map(|pair| self.priced(pair));
            return Clause::Enter { price, condition: self.condition(&mut parts) };
        }
        let value = self.find_expr(&mut parts);
        match rule {
            Rule::size => Clause::Size(value),
            Rule::stop => Clause::Stop { at, value },
            Rule::take => Clause::Take { at, value },
            Rule::trail => Clause::Trail { distance: value, after: self.find_expr(&mut parts) },
            Rule::exit if when => Clause::ExitWhen(value),
            Rule::exit => Clause::ExitAfter(value),
            Rule::add_to => {
                let (every, most) = (self.find_expr(&mut parts), self.find_expr(&mut parts));
                Clause::Add { size: value, every, most }
            }
            Rule::most => Clause::AtMost { count: value, per: self.find_expr(&mut parts) },
            Rule::cooldown => Clause::Cooldown { span: value, after_loss: loss },
            Rule::cancel_after => Clause::CancelAfter(value),
            other => unreachable!("`clause` has no alternative {other:?}"),
        }
    }

    fn priced(&mut self, pair: Pair<'_, Rule>) -> Priced {
        let mut parts = Parts::of(pair);
        let stop = parts.maybe(Rule::k_stop).is_some();
        Priced { stop, at: self.find_expr(&mut parts) }
    }

    fn condition(&mut self, parts: &mut Parts<'_>) -> Option<Condition> {
        let mut parts = Parts::of(parts.maybe(Rule::condition)?);
        let level = parts.maybe(Rule::k_while).is_some();
        Some(Condition { level, value: self.find_expr(&mut parts) })
    }

    pub(super) fn quote(&mut self, mut parts: Parts<'_>) -> Quote {
        let market = self.find_name(&mut parts);
        let clauses = parts.0.filter(|pair| !matches!(pair.as_rule(), Rule::open | Rule::close));
        let clauses = clauses.map(|pair| {
            let at = tight(self.base, &pair);
            (self.quoting(pair), at)
        });
        Quote { market, clauses: clauses.collect() }
    }

    fn quoting(&mut self, pair: Pair<'_, Rule>) -> Quoting {
        let rule = pair.as_rule();
        if rule == Rule::post_only {
            return Quoting::PostOnly;
        }
        let mut parts = Parts::of(pair);
        let bid = parts.maybe(Rule::k_bid).is_some();
        let value = self.find_expr(&mut parts);
        match rule {
            Rule::side => {
                let at = self.find_expr(&mut parts);
                Quoting::Side { bid, size: value, at, condition: self.condition(&mut parts) }
            }
            Rule::levels => Quoting::Levels { count: value, apart: self.find_expr(&mut parts) },
            Rule::keep => Quoting::Keep(value),
            Rule::rest => Quoting::Rest(value),
            _ => Quoting::Rate { count: value, per: self.find_expr(&mut parts) },
        }
    }

    pub(super) fn limits(&mut self, parts: Parts<'_>) -> Vec<(Limit, Span)> {
        let limits = parts.0.filter(|pair| !matches!(pair.as_rule(), Rule::k_risk | Rule::open | Rule::close));
        let limits = limits.map(|pair| {
            let at = tight(self.base, &pair);
            (self.limit(pair), at)
        });
        limits.collect()
    }

    fn limit(&mut self, pair: Pair<'_, Rule>) -> Limit {
        let rule = pair.as_rule();
        let mut parts = Parts::of(pair);
        match rule {
            Rule::flat_when => Limit::FlatWhen(self.find_expr(&mut parts)),
            Rule::flat_by => {
                let moment = parts.find(Rule::moment);
                let time_ns = self.moment(&moment);
                let session = parts.maybe(Rule::k_in).map(|_| self.find_postfix(&mut parts));
                Limit::FlatBy { time_ns, session }
            }
            _ => {
                parts.take(Rule::k_max);
                let of = match parts.0.next().map(|pair| pair.as_rule()) {
                    Some(Rule::k_position) => Limited::Position,
                    Some(Rule::k_order) => Limited::OrderSize,
                    Some(Rule::k_loss) => Limited::Loss,
                    Some(Rule::k_drawdown) => Limited::Drawdown,
                    Some(Rule::k_orders) => Limited::Orders,
                    _ => Limited::LegGap,
                };
                let value = self.find_expr(&mut parts);
                let per = parts.maybe(Rule::k_per).map(|_| self.find_expr(&mut parts));
                let action = parts.maybe(Rule::action).map(|pair| self.action(pair));
                Limit::Max { of, value, per, action }
            }
        }
    }

    fn action(&mut self, pair: Pair<'_, Rule>) -> Action {
        let mut parts = Parts::of(pair);
        parts.take(Rule::k_then);
        match parts.maybe(Rule::k_halt) {
            Some(_) => Action::Halt { span: self.maybe_expr(&mut parts) },
            None => Action::Flat,
        }
    }

    pub(super) fn on(&mut self, mut parts: Parts<'_>) -> ItemKind {
        parts.take(Rule::k_on);
        let event = match parts.maybe(Rule::rejected) {
            Some(pair) => Event::Rejected(span(self.base, &pair)),
            None => Event::Of(self.find_postfix(&mut parts)),
        };
        let name = parts.maybe(Rule::k_as).map(|_| self.find_name(&mut parts));
        let condition = parts.maybe(Rule::k_if).map(|_| self.find_expr(&mut parts));
        ItemKind::On { event, name, condition, body: self.statements(&mut parts) }
    }

    /// The statements of a body, from its `{` to its `}`.
    pub(super) fn statements(&mut self, parts: &mut Parts<'_>) -> Vec<Statement> {
        parts.find(Rule::open);
        let mut statements = Vec::new();
        while let Some(pair) = parts.0.next().filter(|pair| pair.as_rule() != Rule::close) {
            statements.push(self.statement(pair));
        }
        statements
    }

    fn statement(&mut self, pair: Pair<'_, Rule>) -> Statement {
        let (rule, at) = (pair.as_rule(), tight(self.base, &pair));
        let mut parts = Parts::of(pair);
        let kind = match rule {
            Rule::decide => {
                let condition = self.find_expr(&mut parts);
                let then = self.statements(&mut parts);
                let otherwise = match parts.maybe(Rule::k_else).and_then(|_| parts.maybe(Rule::decide)) {
                    Some(next) => vec![self.statement(next)],
                    None if parts.0.peek().is_some() => self.statements(&mut parts),
                    None => Vec::new(),
                };
                StatementKind::If { condition, then, otherwise }
            }
            Rule::send => {
                parts.take(Rule::k_send);
                let buy = parts.maybe(Rule::k_buy).is_some();
                let (size, market) = (self.find_expr(&mut parts), self.find_name(&mut parts));
                let mut prices = Vec::new();
                while let Some(pair) = parts.maybe(Rule::priced) {
                    prices.push(self.priced(pair));
                }
                let mut in_force = Vec::new();
                while let Some(pair) = parts.maybe(Rule::in_force) {
                    in_force.push(in_force_of(pair));
                }
                let name = parts.maybe(Rule::k_as).map(|_| self.find_name(&mut parts));
                StatementKind::Send(Send { buy, size, market, prices, in_force, name })
            }
            Rule::cancel => StatementKind::Cancel(self.find_name(&mut parts)),
            Rule::export => {
                let value = self.find_expr(&mut parts);
                StatementKind::Export { value, label: label_of(&mut parts).expect("an export has its label") }
            }
            Rule::plot => StatementKind::Plot { value: self.find_expr(&mut parts), label: label_of(&mut parts) },
            _ => StatementKind::Assign(Assign { name: self.find_name(&mut parts), value: self.find_expr(&mut parts) }),
        };
        Statement { kind, span: at }
    }
}

fn in_force_of(pair: Pair<'_, Rule>) -> InForce {
    match pair.into_inner().next().map(|word| word.as_rule()) {
        Some(Rule::k_ioc) => InForce::Ioc,
        Some(Rule::k_fok) => InForce::Fok,
        Some(Rule::k_post_only) => InForce::PostOnly,
        _ => InForce::Day,
    }
}

/// The place of a clause up to its last token: what follows it on its lines is skipped by the grammar, and no part of it.
fn tight(base: u32, pair: &Pair<'_, Rule>) -> Span {
    let mut last = pair.clone();
    while let Some(inner) = last.clone().into_inner().last() {
        last = inner;
    }
    let (start, mut end) = (pair.as_span().start(), last.as_span().end());
    let behind = &pair.as_str()[end - start..];
    let mut from = 0;
    while let Some(at) = behind[from..].find(|c: char| !c.is_whitespace()).map(|at| from + at) {
        if behind[at..].starts_with("//") {
            from = behind[at..].find('\n').map_or(behind.len(), |line_end| at + line_end);
        } else {
            from = at + behind[at..].chars().next().map_or(1, char::len_utf8);
            end = last.as_span().end() + from;
        }
    }
    Span { start: base + start as u32, end: base + end as u32 }
}
