//! Orders by hand, and what is done about fills and rejections: `send`, `cancel`, `on fill`, `on order rejected`.

use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, ItemKind, Name, Statement, StatementKind};

use super::Checker;
use super::scope::{Operand, Scope};
use crate::{Dim, ExprKind, Rule, Send, Snap, Told, Ty, Value, errors};

impl<'a> Checker<'a> {
    /// `send buy 2 es limit at p as entry`
    pub(super) fn send(&mut self, scope: &Scope<'a>, send: &ast::Send, at: Span) {
        self.no_engine("send", Span { end: at.start + 4, ..at });
        let Some(market) = self.order_market(scope, "send", &send.market) else { return };
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
        let in_force = send.in_force.clone();
        self.program.sends.push(Send { buy: send.buy, size, market, prices, in_force, span: at });
    }

    /// `cancel entry`: some `send` of the file gave that name.
    pub(super) fn cancel(&mut self, name: &Name, at: Span) {
        self.no_engine("cancel", Span { end: at.start + 6, ..at });
        let mut known = Vec::new();
        self.user.items.iter().for_each(|item| names_in_item(item, &mut known));
        if !known.contains(&name.text) {
            let known = known.iter().map(String::as_str);
            self.report(errors::orders::no_such_order(&name.text, name.span, known));
        }
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
        self.no_engine(word, Span { start: item.span.start, end: at.end });
        let mut inside = scope.clone();
        if let Some(name) = name {
            let record = self.order_record(word == "on fill", at);
            inside.names.insert(name.text.clone(), Operand::Record(record));
        }
        let condition = match condition {
            Some(condition) => self.truth(&inside, *condition, "a rule's condition"),
            None => self.constant(Value::Bool(true), at),
        };
        self.program.reads.push(condition);
        let actions = self.statements(&inside.forgetful("a handler"), body);
        let rule = Rule { on: None, condition, body: actions, span: item.span };
        let assigned = rule.assigns().into_iter().map(|assign| assign.value);
        let read: Vec<_> = assigned.chain(rule.choices()).collect();
        self.program.reads.extend(read);
        self.program.reactions.push(rule);
        true
    }

    /// What is known of the order that was filled or rejected.
    fn order_record(&mut self, filled: bool, at: Span) -> usize {
        // With several markets its price may be of any.
        let price = if self.program.markets.len() == 1 { Ty::Exact(0) } else { Ty::Num(Dim::PRICE) };
        let all = [("price", price), ("size", Ty::NUM), ("side", Ty::Int), ("fee", Ty::Num(Dim::MONEY))];
        let fields = all.into_iter().take(if filled { 4 } else { 3 }).enumerate().map(|(index, (name, ty))| {
            let value = self.push(ExprKind::Told(Told::OfOrder(index as u8), Vec::new()), ty, at);
            (name.to_owned(), Operand::Value(value))
        });
        let fields = fields.collect();
        self.record(fields)
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
