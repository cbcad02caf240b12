//! Streams with some events left out: `es.trades where size >= 50 lots`.
//!
//! A filtered stream is the stream, with values only at the events that pass. What remembers steps on those alone.

use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, Name};

use super::Checker;
use super::scope::{Operand, Scope};
use super::trace::Step;
use crate::{ClockId, ExprId, ExprKind, Ty, errors};

/// A stream and the condition under which its events count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Filter {
    pub(super) stream: Operand,
    pub(super) condition: ExprId,
    pub(super) clock: ClockId,
}

impl<'a> Checker<'a> {
    /// `value where condition`
    pub(super) fn filtered(&mut self, scope: &Scope<'a>, [value, condition]: [ast::ExprId; 2], at: Span) -> Operand {
        let base = self.operand(scope, value);
        let clock = match base {
            Operand::Filtered(index) => Some(self.filters[index].clock),
            _ => self.clock_of(base, at),
        };
        let Some(clock) = clock else {
            let value = self.as_value(scope, value, base);
            let condition = self.truth(scope, condition, "what stands behind `where`");
            return Operand::Value(self.where_true(condition, value, at));
        };
        let inside = Scope { event: Some(base), ..scope.clone() };
        let mut condition = self.truth(&inside, condition, "what stands behind `where`");
        if self.ty(condition) == Ty::Unknown {
            return Operand::Unknown;
        }
        let mut stream = base;
        if let Operand::Filtered(index) = base {
            let outer = self.filters[index];
            stream = outer.stream;
            condition = self.push(
                ExprKind::Binary(gbc_core::arithmetic::BinaryOp::And, outer.condition, condition),
                Ty::Bool,
                at,
            );
        }
        Operand::Filtered(self.filter_of(Filter { stream, condition, clock }))
    }

    /// The filter of that kind, each once.
    pub(super) fn filter_of(&mut self, wanted: Filter) -> usize {
        let known = self.filters.iter().position(|known| {
            let same = self.program.expr(known.condition).kind == self.program.expr(wanted.condition).kind;
            known.stream == wanted.stream && same
        });
        let index = known.unwrap_or_else(|| {
            self.filters.push(wanted);
            self.filters.len() - 1
        });
        self.recorder.note(Step::Filter(index, wanted));
        index
    }

    /// The value where the condition is true; none elsewhere.
    pub(super) fn where_true(&mut self, condition: ExprId, value: ExprId, at: Span) -> ExprId {
        let ty = self.ty(value);
        if ty == Ty::Unknown || self.ty(condition) == Ty::Unknown {
            return self.unknown(at);
        }
        let nothing = self.push(ExprKind::Undefined, ty, at);
        self.push(ExprKind::If(condition, value, nothing), ty, at)
    }

    /// A value at each event of a stream, and no value at those that a filter leaves out.
    pub(super) fn each_event(&mut self, stream: Operand, value: ExprId, at: Span) -> ExprId {
        let ty = self.ty(value);
        let (value, clock) = match stream {
            Operand::Filtered(index) => {
                let filter = self.filters[index];
                (self.where_true(filter.condition, value, at), Some(filter.clock))
            }
            _ => (value, self.clock_of(stream, at)),
        };
        match clock {
            Some(clock) => self.push(ExprKind::Sample(value, clock), ty, at),
            None => value,
        }
    }

    /// `big.size`: of the events that pass.
    pub(super) fn filtered_member(&mut self, scope: &Scope<'a>, index: usize, name: &Name, at: Span) -> Operand {
        let filter = self.filters[index];
        match self.member(scope, filter.stream, name, at) {
            Operand::Value(value) => Operand::Value(self.each_event(Operand::Filtered(index), value, at)),
            other => other,
        }
    }

    /// Inside a filter, the event's fields are names.
    pub(super) fn event_field(&mut self, scope: &Scope<'a>, name: &str, at: Span) -> Option<Operand> {
        let stream = match scope.event? {
            Operand::Filtered(index) => self.filters[index].stream,
            stream => stream,
        };
        if !self.fields_of(stream).contains(&name) {
            return None;
        }
        let (written, taken) = match self.globals.get(name).filter(|_| scope.blame.is_none()) {
            Some((_, span)) => (true, Some(*span)),
            None => (scope.names.contains_key(name), None),
        };
        if written {
            self.report(errors::field_or_name(name, at, taken));
            return Some(Operand::Unknown);
        }
        let name = Name { text: name.to_owned(), span: at };
        Some(self.member(scope, stream, &name, at))
    }
}
