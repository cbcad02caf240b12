//! What becomes of values once everything is evaluated: states are written, wishes made, orders asked for.

use gbc_core::orders::Unit;
use gbc_core::{Asked, Instrument, Nanos, Wishes};
use gbc_ir::{ClockSet, Flow, Layout, NodeId, Root, Time, Ty};

/// Follows roots at one event.
pub(crate) struct Hands<'a> {
    pub(crate) flow: &'a Flow,
    pub(crate) layout: &'a Layout,
    pub(crate) instruments: &'a [Instrument],
    pub(crate) at: Nanos,
    pub(crate) wishes: &'a mut Wishes,
}

impl Hands<'_> {
    /// Follows one root.
    pub(crate) fn follow(&mut self, root: Root, slots: &mut [u64]) {
        match root {
            Root::Write { state, value } => {
                let slot = slots[self.layout.values[value.0 as usize]];
                if slot != self.flow.states[state].ty.undefined() {
                    slots[self.layout.states[state]] = slot;
                }
            }
            Root::Export { export, value } => {
                if let Some(value) = self.number(value, slots) {
                    self.wishes.export(self.at, export, value);
                }
            }
            Root::Target { market, value, unit } => {
                let unit = unit.map_or(Some(Unit::Lots), |unit| self.number(unit, slots).and_then(Unit::of_code));
                if let (Some(amount), Some(unit)) = (self.number(value, slots), unit) {
                    self.wishes.target_of(market, amount, unit);
                }
            }
            Root::Channel { channel, value } => {
                let value = self.number(value, slots);
                self.wishes.set(channel, value.unwrap_or(gbc_core::maths::UNDEFINED));
            }
            Root::Fire { trade, value } => {
                if self.holds(value, slots) {
                    self.wishes.fire(trade);
                }
            }
            Root::Send { send, when, numbers } => {
                if self.holds(when, slots) {
                    self.send(send, numbers, slots);
                }
            }
            Root::Cancel { send, when } => {
                if self.holds(when, slots) {
                    self.wishes.ask(Asked::Cancel { send });
                }
            }
            Root::Read { .. } => {}
        }
    }

    /// An order that lacks something it needs is not sent.
    fn send(&mut self, send: usize, numbers: [NodeId; 3], slots: &[u64]) {
        let plan = &self.flow.orders.sends[send];
        let [size, limit, stop] = numbers.map(|id| self.number(id, slots));
        let lacks = size.is_none() || plan.limit.is_some() && limit.is_none() || plan.stop.is_some() && stop.is_none();
        if !lacks {
            let [size, limit, stop] = [size, limit, stop].map(|it| it.unwrap_or(gbc_core::maths::UNDEFINED));
            self.wishes.ask(Asked::Send { send, size, limit, stop });
        }
    }

    fn holds(&self, id: NodeId, slots: &[u64]) -> bool {
        slots[self.layout.values[id.0 as usize]] == 1
    }

    fn number(&self, id: NodeId, slots: &[u64]) -> Option<f64> {
        number_of(self.flow.node(id).ty, slots[self.layout.values[id.0 as usize]], self.instruments)
    }
}

/// A slot as a number: truths are 1 and 0, prices points, spans nanoseconds.
pub(crate) fn number_of(ty: Ty, slot: u64, instruments: &[Instrument]) -> Option<f64> {
    match ty {
        _ if slot == ty.undefined() => None,
        Ty::Bool => Some(slot as f64),
        Ty::Int => Some(slot as i64 as f64),
        Ty::Ticks(market) => Some(instruments[market].tick.times(slot as i64)),
        Ty::Num => Some(f64::from_bits(slot)),
    }
}

/// What never changes is followed at the first event.
pub(crate) fn constant_roots(flow: &Flow) -> Vec<Root> {
    let constant = |root: &&Root| match root {
        Root::Target { value, .. } => flow.node(*value).clocks == ClockSet::EMPTY,
        Root::Export { value, .. } | Root::Channel { value, .. } => flow.node(*value).time <= Time::Run,
        _ => false,
    };
    flow.roots.iter().filter(constant).copied().collect()
}
