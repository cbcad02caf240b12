//! Orders by hand, and what is done about fills and rejections: `send`, `cancel`, `on fill`, `on order rejected`.

use gbc_core::arithmetic::BinaryOp;
use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, ItemKind, Name, Statement, StatementKind};

use super::Checker;
use super::scope::{Operand, Scope};
use crate::{Action, Clock, ClockId, Dim, ExprKind, OfNews, Rule, Send, Snap, Told, Ty, errors};

impl<'a> Checker<'a> {
    /// `send buy 2 es limit at p as entry`
    pub(super) fn send(&mut self, scope: &Scope<'a>, send: &ast::Send, at: Span) -> Option<Action> {
        self.clock(Clock::News, at);
        let market = self.order_market(scope, "send", &send.market)?;
        let size = self.value(scope, send.size);
        let name = self.program.markets[market].name.clone();
        let size = self.size(scope, send.size, size, &name, false);
        let mut prices: Vec<(bool, crate::OrderPrice)> = Vec::new();
        for price in &send.prices {
            if prices.iter().any(|(stop, _)| *stop == price.stop) {
                let word = if price.stop { "stop" } else { "limit" };
                self.report(errors::orders::clause_twice(word, scope.span(price.at), at));
            }
            let snap = if price.stop { Snap::stop(send.buy) } else { Snap::resting(send.buy) };
            prices.push((price.stop, self.order_price(scope, price.at, market, snap)));
        }
        let (in_force, name) = (send.in_force.clone(), send.name.as_ref().map(|name| name.text.clone()));
        self.program.sends.push(Send { buy: send.buy, size, market, prices, in_force, name, span: at });
        Some(Action::Send(self.program.sends.len() - 1))
    }

    /// `cancel entry`: some `send` of the file gave that name.
    pub(super) fn cancel(&mut self, name: &Name) -> Action {
        let mut known = Vec::new();
        self.user.items.iter().for_each(|item| names_in_item(item, &mut known));
        if !known.contains(&name.text) {
            let known = known.iter().map(String::as_str);
            self.report(errors::orders::no_such_order(&name.text, name.span, known));
        }
        Action::Cancel(name.text.clone())
    }

    /// `on fill as f { … }`, `on order rejected as r { … }`; false for every other handler.
    pub(super) fn reaction(&mut self, scope: &Scope<'a>, item: &'a ast::Item) -> bool {
        let ItemKind::On { event, name, condition, body } = &item.kind else { return false };
        let (word, at) = match event {
            ast::Event::Rejected(at) => ("on order rejected", *at),
            ast::Event::Of(id) => match &scope.file.expr(*id).kind {
                ast::ExprKind::Name(name) if name == "fill" && !self.globals.contains_key(name) => {
                    ("on fill", scope.span(*id))
                }
                _ => return false,
            },
        };
        let (filled, clock) = (word == "on fill", self.clock(Clock::News, at));
        let mut inside = scope.clone();
        if let Some(name) = name {
            let record = self.order_record(filled, clock, at);
            inside.names.insert(name.text.clone(), Operand::Record(record));
        }
        let kind = if filled { OfNews::IsFill } else { OfNews::IsRejected };
        let mut fires = self.push(ExprKind::Told(Told::News { clock, field: kind }, Vec::new()), Ty::Bool, at);
        if let Some(condition) = condition {
            let condition = self.truth(&inside, *condition, "a rule's condition");
            let span = self.span(condition);
            fires = self.push(ExprKind::Binary(BinaryOp::And, fires, condition), Ty::Bool, span);
        }
        let body = self.statements(&inside.forgetful("a handler"), body);
        self.program.rules.push(Rule { on: Some(clock), condition: fires, body, span: item.span });
        true
    }

    /// What is known of the order that was filled or rejected.
    fn order_record(&mut self, filled: bool, clock: ClockId, at: Span) -> usize {
        // With several markets its price may be of any.
        let price = if self.program.markets.len() == 1 { Ty::Exact(0) } else { Ty::Num(Dim::PRICE) };
        let price_of = if filled { OfNews::Price } else { OfNews::Asked };
        let fields = [
            ("price", price_of, price),
            ("size", OfNews::Size, Ty::NUM),
            ("side", OfNews::Side, Ty::Int),
            ("fee", OfNews::Fee, Ty::Num(Dim::MONEY)),
        ];
        let known = fields.into_iter().take(if filled { 4 } else { 3 });
        let known = known.map(|(name, field, ty)| {
            let value = self.push(ExprKind::Told(Told::News { clock, field }, Vec::new()), ty, at);
            (name.to_owned(), Operand::Value(value))
        });
        let known = known.collect();
        self.record(known)
    }
}

fn names_in_item(item: &ast::Item, known: &mut Vec<String>) {
    match &item.kind {
        ItemKind::When { body, .. } | ItemKind::On { body, .. } | ItemKind::Timer { body, .. } => {
            body.iter().for_each(|statement| names_in(statement, known));
        }
        ItemKind::Each { items, .. } => items.iter().for_each(|item| names_in_item(item, known)),
        _ => {}
    }
}

fn names_in(statement: &Statement, known: &mut Vec<String>) {
    match &statement.kind {
        StatementKind::Send(send) => known.extend(send.name.iter().map(|name| name.text.clone())),
        StatementKind::If { then, otherwise, .. } => {
            then.iter().chain(otherwise).for_each(|statement| names_in(statement, known));
        }
        _ => {}
    }
}
