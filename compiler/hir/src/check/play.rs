//! Doing again what an earlier check did.

use gbc_diagnostics::Span;

use super::again::Again;
use super::filters::Filter;
use super::records::Bundle;
use super::scope::Operand;
use super::trace::{Call, Called, Lengths, Step, Trace};
use super::{Checker, InstanceKey, MAX_EXPRS, Owner};
use crate::link::{Linked, Linker, Numbered};
use crate::{ExprId, SessionHours};

impl Linked for Operand {
    fn link(&mut self, to: &mut Linker) {
        let number = |to: &mut Linker, kind: Numbered, index: &mut usize| *index = to.get(kind, *index);
        match self {
            Operand::Value(id) => id.link(to),
            Operand::Market(_) | Operand::Quotes(_) | Operand::Trades(_) | Operand::Mine { .. } => {}
            Operand::Book { .. } | Operand::Enum(_) | Operand::Life(_) | Operand::Unknown => {}
            Operand::Series(series) | Operand::Forming(series) => number(to, Numbered::Series, series),
            Operand::Record(record) => number(to, Numbered::Record, record),
            Operand::Clock(clock) => clock.link(to),
            Operand::Session(session) => number(to, Numbered::Session, session),
            Operand::First { session, length } => {
                number(to, Numbered::Session, session);
                length.link(to);
            }
            Operand::Filtered(filter) => number(to, Numbered::Filter, filter),
            Operand::Panes(span, pane) => {
                span.link(to);
                pane.link(to);
            }
            Operand::Universe(_) => to.lost = true,
        }
    }
}

impl Linked for Filter {
    fn link(&mut self, to: &mut Linker) {
        let Filter { stream, condition, clock } = self;
        stream.link(to);
        condition.link(to);
        clock.link(to);
    }
}

impl Linked for Bundle {
    fn link(&mut self, to: &mut Linker) {
        let Bundle { kind: _, fields } = self;
        fields.iter_mut().for_each(|(_, field)| field.link(to));
    }
}

impl<'a> Checker<'a> {
    fn again(&mut self) -> &mut Again<'a> {
        self.again.as_mut().expect("only what was checked before is done again")
    }

    /// What something of old says now; `None` once anything is not known.
    fn linked<T: Linked>(&mut self, mut thing: T) -> Option<T> {
        let linker = &mut self.again().linker;
        thing.link(linker);
        (!linker.lost).then_some(thing)
    }

    fn lose(&mut self) {
        self.again().linker.lost = true;
    }

    /// Does again what the trace of an item says. What cannot be done, or has something to say, makes all of it void.
    pub(super) fn played(&mut self, trace: &'a Trace) -> Option<Operand> {
        let said = (self.diagnostics.len(), self.recorder.settled);
        let found = self.play(trace);
        if found.is_some() != trace.found.is_some() || said != (self.diagnostics.len(), self.recorder.settled) {
            self.lose();
        }
        found
    }

    /// Does again what a trace says, and gives what it found.
    fn play(&mut self, trace: &'a Trace) -> Option<Operand> {
        if self.play_steps(trace).is_none() {
            self.lose();
            return None;
        }
        trace.found.and_then(|found| self.linked(found))
    }

    fn play_steps(&mut self, trace: &'a Trace) -> Option<()> {
        self.number_items(trace);
        trace.steps.iter().try_for_each(|step| self.step(step))?;
        self.add_items(trace)
    }

    /// One step; `None` if it cannot be done.
    fn step(&mut self, step: &'a Step) -> Option<()> {
        let before = self.again().before;
        match step {
            Step::Exprs(from, to) => {
                for id in *from..*to {
                    let expr = self.linked(before.program.exprs[id as usize].clone())?;
                    let new = self.push_bare(expr.kind, expr.ty, expr.span, expr.bare);
                    self.again().linker.set_expr(ExprId(id), new);
                }
            }
            Step::Cell(cell) => {
                let new = self.new_cell();
                self.again().linker.set(Numbered::Cell, cell.0 as usize, new.0 as usize);
            }
            Step::Clock(clock) => {
                let wanted = self.linked(before.program.clocks[usize::from(clock.0)])?;
                let new = self.clock(wanted, Span::default());
                self.again().linker.set(Numbered::Clock, usize::from(clock.0), usize::from(new.0));
            }
            Step::Series(old) => {
                let wanted = self.linked(before.program.series[*old])?;
                let new = self.series_of(wanted);
                self.again().linker.set(Numbered::Series, *old, new);
            }
            Step::Session(old, at) => {
                let SessionHours::Market(market) = before.program.sessions[*old].hours else { return None };
                let at = self.linked(*at)?;
                let new = self.market_session(market, at);
                self.again().linker.set(Numbered::Session, *old, new);
            }
            Step::Timer(old, wanted) => {
                let wanted = self.linked(*wanted)?;
                let new = self.timer_of(wanted);
                self.again().linker.set(Numbered::Timer, *old, new);
            }
            Step::Filter(old, wanted) => {
                let wanted = self.linked(*wanted)?;
                let new = self.filter_of(wanted);
                self.bind(Operand::Filtered(*old), Operand::Filtered(new))?;
            }
            Step::Record(old) => {
                let Bundle { kind, fields } = self.linked(before.traces.records[*old].clone())?;
                let new = self.record_of(kind, fields);
                self.again().linker.set(Numbered::Record, *old, new);
            }
            Step::Plain(given, found) => {
                let given = self.linked(*given)?;
                let new = self.first_like(given);
                self.again().plain.insert(*found, new);
            }
            Step::Past(past) => {
                let past = self.linked(before.program.pasts[*past])?;
                self.keep_past(past);
            }
            Step::Unsupported(index) => {
                let wanted = self.linked(before.program.unsupported[*index].clone())?;
                self.no_engine(&wanted.what, wanted.span);
            }
            Step::Used(name) => self.used(name),
            Step::Let(index) => {
                let new = self.again().lets[*index]?;
                let found = self.let_value(new);
                self.bind(before.traces.lets[*index].1?, found)?;
            }
            Step::Call(called) => self.call_again(called)?,
        }
        Some(())
    }

    fn call_again(&mut self, called: &'a Called) -> Option<()> {
        let (at, inputs) = (self.linked(called.at)?, self.linked(called.inputs.clone())?);
        let again = self.again();
        let call: &'a Call = &again.before.traces.calls[called.call];
        if let Some(new) = again.calls[called.call] {
            self.called(new, at, inputs);
            return Some(());
        }
        let key = self.key_again(&call.key)?;
        let new = match self.instances.get(&key).copied() {
            Some(known) => {
                self.called(known, at, inputs);
                known
            }
            None => {
                let trace = call.trace.as_ref()?;
                // Whoever called it first may be another now.
                call.inputs.iter().zip(&inputs).try_for_each(|(old, new)| self.bind(*old, *new))?;
                let outer = self.again().linker.call;
                self.again().linker.call = trace.call.zip(at);
                let index = self.expanded(key, at, inputs, |checker| checker.play(trace).unwrap_or(Operand::Unknown));
                self.again().linker.call = outer;
                index
            }
        };
        self.bind(call.found, self.traces.calls[new].found)?;
        self.again().calls[called.call] = Some(new);
        Some(())
    }

    fn key_again(&mut self, (owner, item, inputs, clock, forgetful): &InstanceKey) -> Option<InstanceKey> {
        let item = match owner {
            Owner::Own => self.again().now[*item]?,
            _ => *item,
        };
        let plain = |checker: &mut Self, input: &Operand| match input {
            Operand::Value(id) => match checker.again().plain.get(id) {
                Some(first) => Some(Operand::Value(*first)),
                None => checker.linked(*input),
            },
            _ => checker.linked(*input),
        };
        let inputs = inputs.iter().map(|input| plain(self, input)).collect::<Option<Vec<Operand>>>()?;
        let clock = self.linked(*clock)?;
        (self.program.exprs.len() <= MAX_EXPRS).then_some((*owner, item, inputs, clock, *forgetful))
    }

    /// Notes that what one was is now the other, with all that it is made of.
    fn bind(&mut self, old: Operand, new: Operand) -> Option<()> {
        let linker = &mut self.again.as_mut()?.linker;
        match (old, new) {
            (Operand::Value(old), Operand::Value(new)) => linker.set_expr(old, new),
            (Operand::Series(old), Operand::Series(new)) | (Operand::Forming(old), Operand::Forming(new)) => {
                linker.set(Numbered::Series, old, new);
            }
            (Operand::Clock(old), Operand::Clock(new)) => {
                linker.set(Numbered::Clock, usize::from(old.0), usize::from(new.0));
            }
            (Operand::Session(old), Operand::Session(new)) => linker.set(Numbered::Session, old, new),
            (Operand::First { session: of, length: old }, Operand::First { session, length }) => {
                linker.set(Numbered::Session, of, session);
                linker.set_expr(old, length);
            }
            (Operand::Panes(span, pane), Operand::Panes(new_span, new_pane)) => {
                linker.set_expr(span, new_span);
                linker.set_expr(pane, new_pane);
            }
            (Operand::Filtered(old), Operand::Filtered(new)) => {
                linker.set(Numbered::Filter, old, new);
                let (was, is) = (self.again().before.traces.filters[old], self.filters[new]);
                self.bind(was.stream, is.stream)?;
                self.bind(Operand::Value(was.condition), Operand::Value(is.condition))?;
                self.bind(Operand::Clock(was.clock), Operand::Clock(is.clock))?;
            }
            (Operand::Record(old), Operand::Record(new)) => {
                linker.set(Numbered::Record, old, new);
                let was = &self.again().before.traces.records[old].fields;
                let pairs = was.iter().zip(&self.records[new].fields);
                let pairs: Vec<(Operand, Operand)> = pairs.map(|((_, was), (_, is))| (*was, *is)).collect();
                pairs.into_iter().try_for_each(|(was, is)| self.bind(was, is))?;
            }
            (old, new) => return (old == new).then_some(()),
        }
        Some(())
    }

    /// What the trades, quotes, orders and exports of an item will be.
    fn number_items(&mut self, trace: &Trace) {
        let now = Lengths::of(&self.program);
        let [from, to] = trace.items;
        let linker = &mut self.again().linker;
        let mut number = |kind: Numbered, from: usize, to: usize, now: usize| {
            (from..to).for_each(|old| linker.set(kind, old, old - from + now));
        };
        number(Numbered::Trade, from.trades, to.trades, now.trades);
        number(Numbered::Quote, from.quotes, to.quotes, now.quotes);
        number(Numbered::Send, from.sends, to.sends, now.sends);
        number(Numbered::Export, from.exports, to.exports, now.exports);
    }

    /// Adds what an item is to the program's lists.
    fn add_items(&mut self, trace: &Trace) -> Option<()> {
        let [from, to] = trace.items;
        if from == to {
            return Some(());
        }
        let before = self.again().before.program;
        macro_rules! add {
            ($($list:ident)*) => { $(
                let added = self.linked(before.$list[from.$list..to.$list].to_vec())?;
                self.program.$list.extend(added);
            )* };
        }
        add!(requires rules targets trades quotes sends reads exports limits tests);
        Some(())
    }
}
