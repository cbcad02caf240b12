//! Records: bundles of values with names, which no later stage ever sees.

use gbc_syntax::ast::{self, Name};

use super::Checker;
use super::scope::{Operand, Scope};
use crate::{ClockId, ExprKind, Ty, errors};

impl<'a> Checker<'a> {
    /// `(line = a, signal = b)`
    pub(super) fn anonymous(&mut self, scope: &Scope<'a>, fields: &[(Name, ast::ExprId)]) -> Operand {
        let mut found: Vec<(String, Operand)> = Vec::new();
        for (index, (name, value)) in fields.iter().enumerate() {
            let value = Operand::Value(self.value(scope, *value));
            match fields[..index].iter().find(|(first, _)| first.text == name.text) {
                Some((first, _)) => {
                    self.report(errors::records::field_twice(
                        &name.text,
                        scope.shown(name.span),
                        scope.shown(first.span),
                    ));
                }
                None => found.push((name.text.clone(), value)),
            }
        }
        Operand::Record(self.record(found))
    }

    /// What an equation holds at the ticks of its clock: a record field by field.
    pub(super) fn sampled(&mut self, found: Operand, clock: ClockId) -> Operand {
        match found {
            Operand::Value(id) if self.ty(id) != Ty::Unknown => {
                let (ty, span) = (self.ty(id), self.span(id));
                Operand::Value(self.push(ExprKind::Sample(id, clock), ty, span))
            }
            Operand::Record(record) => {
                let fields = self.records[record].clone();
                let fields = fields.into_iter().map(|(name, field)| (name, self.sampled(field, clock))).collect();
                Operand::Record(self.record(fields))
            }
            other => other,
        }
    }
}
