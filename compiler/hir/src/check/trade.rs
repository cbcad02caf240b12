//! `trade es long { … }`: each clause once, each value of its own kind.

use gbc_core::MarketId;
use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, Clause, Direction};

use super::Checker;
use super::scope::{Operand, Scope};
use crate::{
    Clock, Decision, Dim, Enter, Entry, Exit, ExprKind, Holds, OrderPrice, Per, Rate, Snap, Told, Trade, Ty, errors,
};

impl<'a> Checker<'a> {
    /// Checks a trade.
    pub(super) fn trade_item(&mut self, scope: &Scope<'a>, trade: &'a ast::Trade) {
        let words = Span { end: trade.market.span.end + direction_width(trade), ..scope.item };
        self.clock(Clock::News, words);
        let market = self.order_market(scope, "trade", &trade.market);
        self.once_each(&trade.clauses, clause_word);
        let Some(enter) = trade.clauses.iter().find(|(clause, _)| matches!(clause, Clause::Enter { .. })) else {
            return self.report(errors::orders::no_enter(words));
        };
        let Some(market) = market else { return };
        let mut scope = scope.clone();
        if !self.globals.contains_key("trade") {
            scope.names.insert("trade".to_owned(), Operand::Life(market));
        }
        let scope = &scope;
        let mut building = Building { market, direction: trade.direction, index: self.program.trades.len() };
        let mut out = Trade {
            market,
            direction: trade.direction,
            enter: self.enter(scope, &building, enter),
            size: None,
            stop: None,
            take: None,
            trail: None,
            exits: Vec::new(),
            exit_after: None,
            add: None,
            at_most: Vec::new(),
            cooldown: None,
            cancel_after: None,
            via: None,
            span: words,
            stop_span: Span::default(),
            take_span: Span::default(),
        };
        let has_stop = trade.clauses.iter().any(|(clause, _)| matches!(clause, Clause::Stop { .. }));
        for (clause, at) in &trade.clauses {
            self.clause(scope, &mut building, &mut out, has_stop, (clause, *at));
        }
        self.mixed_forms(market, "trade", words);
        self.program.trades.push(out);
    }

    fn clause(
        &mut self,
        scope: &Scope<'a>,
        building: &mut Building,
        out: &mut Trade,
        has_stop: bool,
        (clause, at): (&'a Clause, Span),
    ) {
        let market = building.market;
        match clause {
            Clause::Enter { .. } => {}
            Clause::Size(value) => {
                out.size = Some(self.lots(scope, *value, market));
            }
            Clause::Stop { at: level, value } => {
                out.stop_span = at;
                out.stop = Some(self.exit_price(scope, building, *level, *value, true));
            }
            Clause::Take { at: level, value } => {
                out.take_span = at;
                let inside = self.with_risk(scope, building, has_stop, *value);
                out.take = Some(self.exit_price(&inside, building, *level, *value, false));
            }
            Clause::Trail { distance, after } => {
                let inside = self.with_risk(scope, building, has_stop, *after);
                let distance = self.distance(scope, *distance, market);
                out.trail = Some((distance, self.distance(&inside, *after, market)));
            }
            Clause::ExitWhen(condition) => out.exits.push(self.decision(scope, *condition, "an exit's condition")),
            Clause::ExitAfter(span) => out.exit_after = Some(self.duration(scope, "how long a trade lasts", *span)),
            Clause::Add { size, every, most } => {
                let size = self.lots(scope, *size, market);
                let every = self.distance(scope, *every, market);
                out.add = Some([size, every, self.lots(scope, *most, market)]);
            }
            Clause::AtMost { count, per } => {
                let count = self.count(scope, "how often a trade opens", *count);
                out.at_most.extend(self.per(scope, *per).map(|per| Rate { count, per }));
            }
            Clause::Cooldown { span, after_loss } => {
                out.cooldown = Some((self.duration(scope, "how long a trade waits", *span), *after_loss));
            }
            Clause::CancelAfter(span) => {
                if out.enter.price.is_none() {
                    return self.report(errors::orders::nothing_rests(at, out.enter.span));
                }
                out.cancel_after = Some(self.duration(scope, "how long an entry rests", *span));
            }
            Clause::Via(via) => {
                self.no_engine("via", Span { end: via.style.span.end, ..at });
                out.via = self.via(scope, via);
            }
        }
    }

    fn enter(&mut self, scope: &Scope<'a>, building: &Building, (clause, at): &'a (Clause, Span)) -> Enter {
        let Clause::Enter { price, condition } = clause else { unreachable!("the caller looked for it") };
        if price.is_none() && condition.is_none() {
            self.report(errors::orders::enters_at_once(*at));
        }
        let buys = building.direction == Direction::Long;
        let price = price.map(|price| {
            let snap = if price.stop { Snap::stop(buys) } else { Snap::resting(buys) };
            Entry { stop: price.stop, at: self.order_price(scope, price.at, building.market, snap) }
        });
        let condition = condition.map(|condition| self.holds(scope, condition));
        Enter { price, condition, span: *at }
    }

    /// `when c`, `while c`
    pub(super) fn holds(&mut self, scope: &Scope<'a>, condition: ast::Condition) -> Holds {
        let value = self.remembering(scope, |checker, scope| {
            Operand::Value(checker.truth(scope, condition.value, "an order's condition"))
        });
        Holds { level: condition.level, value: self.as_value(scope, condition.value, value) }
    }

    /// A condition that must always be decidable.
    pub(super) fn decision(&mut self, scope: &Scope<'a>, id: ast::ExprId, what: &str) -> Decision {
        let value = self.remembering(scope, |checker, scope| Operand::Value(checker.truth(scope, id, what)));
        Decision { value: self.as_value(scope, id, value), span: scope.span(id) }
    }

    /// Where a trade closes. What closes a long sells.
    fn exit_price(&mut self, scope: &Scope<'a>, building: &Building, at: bool, value: ast::ExprId, stop: bool) -> Exit {
        let buys = building.direction == Direction::Short;
        let snap = if stop { Snap::stop(buys) } else { Snap::resting(buys) };
        match at {
            true => Exit::At(self.order_price(scope, value, building.market, snap)),
            false => Exit::Away(self.distance(scope, value, building.market)),
        }
    }

    /// The same scope, where `R` is known.
    fn with_risk(&mut self, scope: &Scope<'a>, building: &Building, has_stop: bool, value: ast::ExprId) -> Scope<'a> {
        let Some(at) = scope.file.reads(value, "R").filter(|_| !self.globals.contains_key("R")) else {
            return scope.clone();
        };
        let mut inside = scope.clone();
        let risk = if has_stop {
            self.push(ExprKind::Told(Told::Risked(building.index), Vec::new()), Ty::Num(Dim::PRICE), at)
        } else {
            self.report(errors::orders::risk_without_stop(at));
            self.unknown(at)
        };
        inside.names.insert("R".to_owned(), Operand::Value(risk));
        inside
    }

    /// `per day`, `per 1s`
    pub(super) fn per(&mut self, scope: &Scope<'a>, id: ast::ExprId) -> Option<Per> {
        let at = scope.span(id);
        match &scope.file.expr(id).kind {
            ast::ExprKind::Name(name) if name == "day" && !self.globals.contains_key("day") => Some(Per::Day),
            ast::ExprKind::Name(name) if !self.globals.contains_key(name) => {
                self.report(errors::orders::unknown_stretch(name, at));
                None
            }
            _ => {
                let operand = self.operand(scope, id);
                if let Operand::Session(session) = operand {
                    return Some(Per::Session(session));
                }
                let Operand::Value(value) = operand else {
                    self.as_value(scope, id, operand);
                    return None;
                };
                Some(Per::Span(self.is_duration("how long a limit counts", value, at)))
            }
        }
    }

    /// A price at which an order rests in a market.
    pub(super) fn order_price(
        &mut self,
        scope: &Scope<'a>,
        id: ast::ExprId,
        market: MarketId,
        snap: Snap,
    ) -> OrderPrice {
        let value = self.priced(scope, id, market, "an order's price", true);
        OrderPrice { value, snap }
    }

    /// How far from the entry.
    pub(super) fn distance(&mut self, scope: &Scope<'a>, id: ast::ExprId, market: MarketId) -> crate::ExprId {
        self.priced(scope, id, market, "a distance", false)
    }

    /// A price or a distance; `level`: a bare number is a price, but how far it is from another nobody can tell.
    fn priced(
        &mut self,
        scope: &Scope<'a>,
        id: ast::ExprId,
        market: MarketId,
        what: &str,
        level: bool,
    ) -> crate::ExprId {
        let found = self.remembering(scope, |checker, scope| Operand::Value(checker.value(scope, id)));
        let (value, at) = (self.as_value(scope, id, found), scope.span(id));
        self.stand([(value, at)]);
        let name = self.program.markets[market].name.clone();
        let bare = self.program.expr(value).bare;
        match self.ty(value) {
            Ty::Unknown => value,
            Ty::Exact(other) if other != market => {
                let other = self.program.markets[other].name.clone();
                self.report(errors::orders::price_of_another(at, &other, &name));
                self.unknown(at)
            }
            Ty::Exact(_) | Ty::Num(Dim::PRICE) => value,
            Ty::Int | Ty::Num(Dim::NONE) if bare && level => self.fit(value, Ty::Num(Dim::PRICE)),
            ty => {
                let written = self.program.text_at(at).to_owned();
                self.report(errors::orders::not_a_price(what, ty, at, &name, (bare && !level).then_some(&written)));
                self.unknown(at)
            }
        }
    }
}

/// The trade being built.
struct Building {
    market: MarketId,
    direction: Direction,
    index: usize,
}

/// Characters of ` long` or ` short`.
fn direction_width(trade: &ast::Trade) -> u32 {
    match trade.direction {
        Direction::Long => 5,
        Direction::Short => 6,
    }
}

/// What a clause is called, if a trade may have only one.
fn clause_word(clause: &Clause) -> Option<&'static str> {
    Some(match clause {
        Clause::Enter { .. } => "enter",
        Clause::Size(_) => "size",
        Clause::Stop { .. } => "stop",
        Clause::Take { .. } => "take",
        Clause::Trail { .. } => "trail",
        Clause::ExitAfter(_) => "exit after",
        Clause::Add { .. } => "add",
        Clause::Cooldown { .. } => "cooldown",
        Clause::CancelAfter(_) => "cancel after",
        Clause::Via(_) => "via",
        Clause::ExitWhen(_) | Clause::AtMost { .. } => return None,
    })
}
