//! Trades, quotes, orders by hand and limits to channels, and sizes to amounts with a unit.

use std::collections::{BTreeMap, BTreeSet};

use gbc_analysis::{ClockSet, Time, needs_position};
use gbc_core::arithmetic::BinaryOp;
use gbc_core::orders::{
    self as plan, Amount, Channel, Enter, Leave, Opens, Price, QuotePlan, Rate, SendPlan, TradePlan, Unit,
};
use gbc_core::session::{Daily, Days};
use gbc_diagnostics::{Diagnostic, Span};
use gbc_hir::{
    Direction, Exit, ExprId, ExprKind, InForce, Limit, LimitKind, OrderPrice, Per, Quote, Reached, Told, Trade,
};

use crate::flow::{NodeId, Op, Root, Ty};
use crate::lower::Lowering;
use crate::questions::Construct;

impl Lowering<'_> {
    /// All that stands outside rules. The orders by hand are there already, without their numbers.
    pub(crate) fn orders(&mut self) -> Result<(), Box<Diagnostic>> {
        let program = self.program;
        for (index, trade) in program.trades.iter().enumerate() {
            let plan = self.trade(index, trade);
            self.flow.orders.trades.push(plan);
            self.ask_trade(index, trade);
            self.within_bounds(trade.span)?;
        }
        for (index, quote) in program.quotes.iter().enumerate() {
            let plan = self.quote(quote);
            self.ask_quote(index, quote);
            self.flow.orders.quotes.push(plan);
            self.within_bounds(quote.span)?;
        }
        for (index, limit) in program.limits.iter().enumerate() {
            let plan = self.limit(limit);
            if let LimitKind::FlatWhen(decision) = limit.kind {
                self.ask(Construct::Limit(index), "flat when", decision.value, None);
            }
            self.flow.orders.limits.push(plan);
            self.within_bounds(limit.span)?;
        }
        Ok(())
    }

    /// The place of a number or a condition; those that are one value share it.
    fn channel(&mut self, id: ExprId) -> Channel {
        let value = self.expr(id);
        self.channel_of(value)
    }

    fn channel_of(&mut self, value: NodeId) -> Channel {
        let mut count = 0;
        for root in &self.flow.roots {
            if let Root::Channel { channel, value: known } = root {
                if *known == value {
                    return *channel;
                }
                count += 1;
            }
        }
        let channel = Channel(count);
        self.flow.roots.push(Root::Channel { channel, value });
        channel
    }

    fn price(&mut self, price: OrderPrice) -> Price {
        Price { at: self.channel(price.value), snap: snap(price.snap) }
    }

    fn trade(&mut self, index: usize, trade: &Trade) -> TradePlan {
        let enter = match trade.enter.price {
            None => Enter::Market,
            Some(entry) if entry.stop => Enter::Stop(self.price(entry.at)),
            Some(entry) => Enter::Limit(self.price(entry.at)),
        };
        let opens = match trade.enter.condition {
            None => Opens::Flat,
            Some(condition) if condition.level => Opens::While(self.channel(condition.value)),
            Some(condition) => {
                let value = self.edge(condition.value, trade.enter.span);
                self.flow.roots.push(Root::Fire { trade: index, value });
                self.ask(Construct::Trade(index), "enter when", condition.value, Some(value));
                Opens::Fired
            }
        };
        TradePlan {
            market: trade.market,
            long: trade.direction == Direction::Long,
            enter,
            opens,
            size: self.size(trade.size, trade.span),
            stop: trade.stop.map(|stop| self.leave(stop)),
            take: trade.take.map(|take| self.leave(take)),
            trail: trade.trail.map(|(far, from)| [self.channel(far), self.channel(from)]),
            exits: trade.exits.iter().map(|exit| self.channel(exit.value)).collect(),
            exit_after: trade.exit_after.map(|span| self.channel(span)),
            add: trade.add.map(|add| add.map(|id| self.channel(id))),
            at_most: trade.at_most.iter().map(|rate| self.rate(rate)).collect(),
            cooldown: trade.cooldown.map(|(span, after_loss)| (self.channel(span), after_loss)),
            cancel_after: trade.cancel_after.map(|span| self.channel(span)),
            via: trade.via.map(|via| match via {
                gbc_hir::Via::Twap { over, every } => {
                    plan::Via::Twap { over: self.channel(over), every: self.channel(every) }
                }
                gbc_hir::Via::Limit { rest, then_market } => plan::Via::Limit { rest: self.channel(rest), then_market },
            }),
        }
    }

    /// What decides when it opens and closes, beside `enter when`.
    fn ask_trade(&mut self, index: usize, trade: &Trade) {
        let of = Construct::Trade(index);
        if let Some(condition) = trade.enter.condition.filter(|condition| condition.level) {
            self.ask(of, "enter while", condition.value, None);
        }
        let price = trade.enter.price.map(|entry| ("enter at", entry.at.value));
        let [stop, take] = [("stop", trade.stop), ("take", trade.take)].map(|(part, exit)| Some((part, exit?.value())));
        let amounts =
            [trade.size.filter(|size| !self.shares[size.0 as usize]).map(|size| ("size", size)), price, stop, take];
        for (part, value) in amounts.into_iter().flatten() {
            self.ask(of, part, value, None);
        }
        for exit in &trade.exits {
            self.ask(of, "exit when", exit.value, None);
        }
    }

    fn ask_quote(&mut self, index: usize, quote: &Quote) {
        for side in &quote.sides {
            let [holds, price, size] =
                if side.bid { ["bid while", "bid at", "bid size"] } else { ["ask while", "ask at", "ask size"] };
            for (part, value) in [(holds, side.condition), (price, Some(side.price.value)), (size, Some(side.size))] {
                if let Some(value) = value {
                    self.ask(Construct::Quote(index), part, value, None);
                }
            }
        }
    }

    /// When a condition comes true, as in a rule; but looked at whenever it may change, and after all rules.
    fn edge(&mut self, condition: ExprId, span: Span) -> NodeId {
        let condition = self.expr(condition);
        let clocks = self.flow.node(condition).clocks;
        let (_, params, feedback) = self.reach(&[condition]);
        self.node(Op::Edge, &[condition], Ty::Bool, clocks, (self.flow.time_on(clocks), params, feedback), span)
    }

    fn leave(&mut self, exit: Exit) -> Leave {
        match exit {
            Exit::At(price) if needs_position(self.program, self.facts, price.value) => Leave::Later(self.price(price)),
            Exit::At(price) => Leave::At(self.price(price)),
            Exit::Away(distance) => Leave::Away(self.channel(distance)),
        }
    }

    fn size(&mut self, size: Option<ExprId>, span: Span) -> Amount {
        let Some(size) = size else {
            let one = self.number(1.0, span);
            return Amount { value: self.channel_of(one), unit: None };
        };
        let (value, unit) = self.amount(size);
        Amount { value: self.channel_of(value), unit: unit.map(|unit| self.channel_of(unit)) }
    }

    fn rate(&mut self, rate: &gbc_hir::Rate) -> Rate {
        Rate { count: self.channel(rate.count), per: self.per(rate.per) }
    }

    fn per(&mut self, per: Per) -> plan::Per {
        match per {
            Per::Day => plan::Per::Day,
            Per::Session(session) => plan::Per::Session(session),
            Per::Span(span) => plan::Per::Span(self.channel(span)),
        }
    }

    fn quote(&mut self, quote: &Quote) -> QuotePlan {
        let mut sides = [None; 2];
        for side in &quote.sides {
            sides[usize::from(!side.bid)] = Some(plan::QuoteSide {
                size: self.channel(side.size),
                price: self.price(side.price),
                condition: side.condition.map(|condition| self.channel(condition)),
                keep: side.keep.map(|keep| self.channel(keep)),
            });
        }
        QuotePlan {
            market: quote.market,
            sides,
            levels: quote.levels.map(|(count, apart)| [self.channel(count), self.channel(apart)]),
            post_only: quote.post_only,
            rest: quote.rest.map(|rest| self.channel(rest)),
            rate: quote.rate.as_ref().map(|rate| self.rate(rate)),
        }
    }

    fn limit(&mut self, limit: &Limit) -> plan::Limit {
        match limit.kind {
            LimitKind::Max { of, value, of_equity, per, action } => plan::Limit::Max {
                of: limited(of),
                value: self.channel(value),
                of_equity,
                per: per.map(|per| self.per(per)),
                then: match action {
                    Reached::Refuse => plan::Reached::Refuse,
                    Reached::Flat => plan::Reached::Flat,
                    Reached::Halt(per) => plan::Reached::Halt(per.map(|per| self.per(per))),
                },
            },
            LimitKind::FlatBy(time_ns, session) => plan::Limit::FlatBy(Daily { time_ns, days: Days::Every }, session),
            LimitKind::FlatWhen(decision) => plan::Limit::FlatWhen(self.channel(decision.value)),
        }
    }

    /// An amount and what it counts; lots where nothing else is said. Shares of the account are settled at the fill, and
    /// the checker has seen to it that nobody counts with them before.
    pub(crate) fn amount(&mut self, id: ExprId) -> (NodeId, Option<NodeId>) {
        let program = self.program;
        if !self.shares[id.0 as usize] {
            return (self.expr(id), None);
        }
        // Parts come before wholes.
        let (mut parts, mut open) = (BTreeSet::new(), vec![id]);
        while let Some(id) = open.pop() {
            if self.shares[id.0 as usize] && parts.insert(id) {
                open.extend(gbc_hir::handed_on(&program.expr(id).kind));
            }
        }
        let mut known: BTreeMap<ExprId, [NodeId; 2]> = BTreeMap::new();
        for part in parts {
            let amount = self.share(part, &known);
            known.insert(part, amount);
        }
        let [value, unit] = known[&id];
        (value, Some(unit))
    }

    fn share(&mut self, id: ExprId, known: &BTreeMap<ExprId, [NodeId; 2]>) -> [NodeId; 2] {
        let (program, span) = (self.program, self.program.expr(id).span);
        let part = |lowering: &mut Self, id: ExprId| match known.get(&id) {
            Some(known) => *known,
            None => [lowering.expr(id), lowering.number(Unit::Lots.code(), span)],
        };
        match &program.expr(id).kind {
            ExprKind::Told(told, args) => {
                let unit = if *told == Told::AllIn { Unit::Cash } else { Unit::Equity };
                [self.expr(args[0]), self.number(unit.code(), span)]
            }
            ExprKind::Unary(op, value) => {
                let [value, unit] = part(self, *value);
                [self.plain(Op::Unary(*op), &[value], Ty::Num, span), unit]
            }
            ExprKind::If(condition, then, otherwise) => {
                let (then, otherwise) = (part(self, *then), part(self, *otherwise));
                let condition = self.expr(*condition);
                [0, 1].map(|index| self.plain(Op::Select, &[condition, then[index], otherwise[index]], Ty::Num, span))
            }
            ExprKind::Else(first, second) => {
                let ([value, unit], second) = (part(self, *first), part(self, *second));
                // The unit of the first counts where that is defined: then it equals itself.
                let is_there = self.plain(Op::Binary(BinaryOp::Eq), &[value, value], Ty::Bool, span);
                let unit = self.plain(Op::Select, &[is_there, unit, unit], Ty::Num, span);
                [(value, second[0]), (unit, second[1])]
                    .map(|(first, second)| self.plain(Op::Else, &[first, second], Ty::Num, span))
            }
            _ => unreachable!("nothing else hands a share on"),
        }
    }

    /// `lots_for(m, risk, vol)`: `equity * risk / (vol * m.point)`, or none where `vol` is not above zero. A share of the price
    /// is turned into points first, by what the account values the market at.
    pub(crate) fn lots_for(&mut self, id: ExprId, market: usize, of_price: bool, [risk, vol]: [NodeId; 2]) -> NodeId {
        let span = self.program.expr(id).span;
        let equity = self.of_expr(id, Op::Account(crate::flow::OfAccount::Equity), &[], Ty::Num);
        let point = self.node(Op::Point(market), &[], Ty::Num, ClockSet::EMPTY, (Time::Run, 0, false), span);
        let vol = if of_price {
            let mark = self.of_expr(id, Op::Mark(market), &[], Ty::Num);
            self.plain(Op::Binary(BinaryOp::Mul), &[vol, mark], Ty::Num, span)
        } else {
            vol
        };
        let none = self.number(0.0, span);
        let risked = self.plain(Op::Binary(BinaryOp::Mul), &[equity, risk], Ty::Num, span);
        let moved = self.plain(Op::Binary(BinaryOp::Mul), &[vol, point], Ty::Num, span);
        let lots = self.plain(Op::Binary(BinaryOp::Div), &[risked, moved], Ty::Num, span);
        let moves = self.plain(Op::Binary(BinaryOp::Gt), &[vol, none], Ty::Bool, span);
        let lots = self.plain(Op::Select, &[moves, lots, none], Ty::Num, span);
        self.plain(Op::Else, &[lots, none], Ty::Num, span)
    }

    pub(crate) fn number(&mut self, value: f64, span: Span) -> NodeId {
        let none = (Time::Const, 0, false);
        self.node(Op::Const(value.to_bits()), &[], Ty::Num, ClockSet::EMPTY, none, span)
    }

    /// What changes with its operands and remembers nothing.
    pub(crate) fn plain(&mut self, op: Op, args: &[NodeId], ty: Ty, span: Span) -> NodeId {
        let clocks = args.iter().fold(ClockSet::EMPTY, |all, arg| all.union(self.flow.node(*arg).clocks));
        let reach = self.reach(args);
        self.node(op, args, ty, clocks, reach, span)
    }
}

/// What an order by hand is, beside its numbers.
pub(crate) fn send(send: &gbc_hir::Send) -> SendPlan {
    let price = |stop: bool| send.prices.iter().find(|(of, _)| *of == stop).map(|(_, price)| snap(price.snap));
    let lasts = send.in_force.iter().find_map(|lasts| match lasts {
        InForce::Ioc => Some(plan::InForce::Ioc),
        InForce::Fok => Some(plan::InForce::Fok),
        InForce::Day => Some(plan::InForce::Day),
        InForce::PostOnly => None,
    });
    SendPlan {
        market: send.market,
        buy: send.buy,
        limit: price(false),
        stop: price(true),
        in_force: lasts.unwrap_or_default(),
        post_only: send.in_force.contains(&InForce::PostOnly),
    }
}

fn snap(snap: gbc_hir::Snap) -> plan::Snap {
    match snap {
        gbc_hir::Snap::Down => plan::Snap::Down,
        gbc_hir::Snap::Up => plan::Snap::Up,
        gbc_hir::Snap::Nearest => plan::Snap::Nearest,
    }
}

fn limited(of: gbc_hir::Limited) -> plan::Limited {
    match of {
        gbc_hir::Limited::Position => plan::Limited::Position,
        gbc_hir::Limited::OrderSize => plan::Limited::OrderSize,
        gbc_hir::Limited::Loss => plan::Limited::Loss,
        gbc_hir::Limited::Drawdown => plan::Limited::Drawdown,
        gbc_hir::Limited::Orders => plan::Limited::Orders,
        gbc_hir::Limited::LegGap => plan::Limited::LegGap,
    }
}
