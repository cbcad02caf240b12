//! Where numbers and places stand in each part of a program.

use gbc_core::session::Daily;

use super::{Linked, Linker, Numbered};
use crate::{
    Action, Assign, Clock, Decision, Enter, Entry, Exit, Export, Expr, ExprKind, Holds, Limit, LimitKind, OrderPrice,
    Past, Per, Quote, QuoteSide, Rate, Reached, Rule, Send, Series, Target, Test, TestFeed, TestRow, Timer, Told,
    Trade, Unsupported, Via,
};

/// Structures: the fields that are looked up, and behind `|` those that stay as they are.
macro_rules! linked {
    ($($name:ident { $($field:ident),* | $($stays:ident),* })*) => { $(
        impl Linked for $name {
            fn link(&mut self, to: &mut Linker) {
                let $name { $($field,)* $($stays: _,)* } = self;
                $($field.link(to);)*
            }
        }
    )* };
}

linked! {
    Expr { kind, span | ty, bare }
    Past { cell, keep | }
    Rule { on, condition, body, span | }
    Assign { value | state }
    Target { value, span | market }
    Trade {
        enter, size, stop, take, trail, exits, exit_after, add, at_most, cooldown, cancel_after, via, span, stop_span,
        take_span | market, direction
    }
    Enter { price, condition, span | }
    Entry { at | stop }
    Holds { value | level }
    OrderPrice { value | snap }
    Decision { value, span | }
    Rate { count, per | }
    Quote { sides, levels, rest, rate, span | market, post_only }
    QuoteSide { size, price, condition, keep, span | bid }
    Send { size, prices, span | buy, market, in_force, name }
    Export { value, span | label, in_rule }
    Limit { kind, span | }
    Unsupported { span | what }
    Test { span, feeds, expects | name, with }
    TestRow { span | time_ns, quote, trade }
}

fn number(to: &mut Linker, kind: Numbered, index: &mut usize) {
    *index = to.get(kind, *index);
}

impl Linked for ExprKind {
    fn link(&mut self, to: &mut Linker) {
        use ExprKind as Kind;
        match self {
            Kind::Const(_) | Kind::Param(_) | Kind::Ticks(..) | Kind::Point(_) | Kind::View(..) | Kind::Life(_) => {}
            Kind::State(_) | Kind::Undefined | Kind::Unknown => {}
            Kind::Row(clock, ..) | Kind::Age(clock, _) => clock.link(to),
            Kind::Bar(clock, series, _) | Kind::Forming(clock, series, _) => {
                clock.link(to);
                number(to, Numbered::Series, series);
            }
            Kind::IsOpen(clock, session) => {
                clock.link(to);
                number(to, Numbered::Session, session);
            }
            Kind::SinceOpen(session) => number(to, Numbered::Session, session),
            Kind::Since { value, event: _, default } => {
                value.link(to);
                default.link(to);
            }
            Kind::Prev(cell) => cell.link(to),
            Kind::Keep { cell, value, default } => {
                cell.link(to);
                value.link(to);
                default.link(to);
            }
            Kind::Part { of, index: _ } => of.link(to),
            Kind::ToNum(value) | Kind::Unary(_, value) => value.link(to),
            Kind::Binary(_, left, right) | Kind::Else(left, right) => {
                left.link(to);
                right.link(to);
            }
            Kind::If(condition, then, otherwise) => {
                condition.link(to);
                then.link(to);
                otherwise.link(to);
            }
            Kind::History { value, back, default } => {
                value.link(to);
                back.link(to);
                default.link(to);
            }
            Kind::Window { kind: _, value, length, default } => {
                value.link(to);
                length.link(to);
                default.link(to);
            }
            Kind::PairWindow { kind: _, values, length, default } => {
                values.link(to);
                length.link(to);
                default.link(to);
            }
            Kind::Span { kind: _, value, other, length, session, life, pane, default } => {
                value.link(to);
                other.link(to);
                length.link(to);
                session.iter_mut().for_each(|session| number(to, Numbered::Session, session));
                life.link(to);
                pane.link(to);
                default.link(to);
            }
            Kind::Sample(value, clock) => {
                value.link(to);
                clock.link(to);
            }
            Kind::Told(told, values) => {
                told.link(to);
                values.link(to);
            }
        }
    }
}

impl Linked for Told {
    fn link(&mut self, to: &mut Linker) {
        match self {
            Told::Risked(trade) => number(to, Numbered::Trade, trade),
            Told::Queue(quote, _) | Told::Drift(quote, _) => number(to, Numbered::Quote, quote),
            Told::Level { clock, .. } | Told::News { clock, .. } => clock.link(to),
            Told::Mine { .. } | Told::Equity | Told::Cash | Told::AllIn | Told::EquityShare | Told::LotsFor { .. } => {}
            // Files with universes and models are checked as a whole.
            Told::Across(..) | Told::Model { .. } | Told::Future => to.lost = true,
        }
    }
}

impl Linked for Clock {
    fn link(&mut self, to: &mut Linker) {
        match self {
            Clock::Quotes(_) | Clock::Trades(_) | Clock::Any(_) | Clock::News => {}
            Clock::Bars(series) | Clock::Forming(series) => number(to, Numbered::Series, series),
            Clock::Timer(timer) => number(to, Numbered::Timer, timer),
            Clock::Opens(session) | Clock::Closes(session) | Clock::Phase(session) => {
                number(to, Numbered::Session, session);
            }
        }
    }
}

impl Linked for Series {
    fn link(&mut self, to: &mut Linker) {
        let Series { market: _, size: _, session } = self;
        session.iter_mut().for_each(|session| number(to, Numbered::Session, session));
    }
}

impl Linked for Timer {
    fn link(&mut self, to: &mut Linker) {
        match self {
            Timer::Every(period) => period.link(to),
            Timer::Quiet { market: _, after, longer: _ } => after.link(to),
            Timer::Since { of, after, longer: _ } => {
                of.link(to);
                after.link(to);
            }
            Timer::At { daily: Daily { .. }, session, span } => {
                session.iter_mut().for_each(|session| number(to, Numbered::Session, session));
                span.link(to);
            }
        }
    }
}

impl Linked for Action {
    fn link(&mut self, to: &mut Linker) {
        match self {
            Action::Assign(assign) => assign.link(to),
            Action::If { condition, then, otherwise } => {
                condition.link(to);
                then.link(to);
                otherwise.link(to);
            }
            Action::Export(export) => number(to, Numbered::Export, export),
            Action::Send(send) => number(to, Numbered::Send, send),
            Action::Cancel(_) => {}
        }
    }
}

impl Linked for Exit {
    fn link(&mut self, to: &mut Linker) {
        match self {
            Exit::At(price) => price.link(to),
            Exit::Away(distance) => distance.link(to),
        }
    }
}

impl Linked for Per {
    fn link(&mut self, to: &mut Linker) {
        match self {
            Per::Day => {}
            Per::Session(session) => number(to, Numbered::Session, session),
            Per::Span(span) => span.link(to),
        }
    }
}

impl Linked for Via {
    fn link(&mut self, to: &mut Linker) {
        match self {
            Via::Twap { over, every } => {
                over.link(to);
                every.link(to);
            }
            Via::Limit { rest, then_market: _ } => rest.link(to),
        }
    }
}

impl Linked for LimitKind {
    fn link(&mut self, to: &mut Linker) {
        match self {
            LimitKind::Max { of: _, value, of_equity: _, per, action } => {
                value.link(to);
                per.link(to);
                if let Reached::Halt(span) = action {
                    span.link(to);
                }
            }
            LimitKind::FlatBy(_, session) => {
                session.iter_mut().for_each(|session| number(to, Numbered::Session, session));
            }
            LimitKind::FlatWhen(decision) => decision.link(to),
        }
    }
}

impl Linked for TestFeed {
    fn link(&mut self, to: &mut Linker) {
        match self {
            TestFeed::Bars { market: _, span_ns: _, closes } => closes.link(to),
            TestFeed::L1 { market: _, rows } => rows.link(to),
        }
    }
}
