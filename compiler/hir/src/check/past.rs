//! Equations that read each other. A circle in which one is read only through its past, `x[1]`, has an order: that
//! value was known before the step. The others are checked with it as a cell whose type is not known at first, and all
//! of them again until every type is settled.

use std::collections::BTreeMap;

use gbc_core::arithmetic::BinaryOp;
use gbc_diagnostics::{Severity, Span};
use gbc_syntax::ast;

use super::order::Group;
use super::prev::Last;
use super::scope::{Global, Operand, Scope};
use super::trace::Step;
use super::{Checker, InstanceKey};
use crate::{ExprId, ExprKind, ParamRange, Past, Ty, Value, errors, fold};

/// No type changes more often than this before the circle is told to have none.
const MAX_ROUNDS: usize = 6;

impl<'a> Checker<'a> {
    /// Checks the equations of one group.
    pub(super) fn equation_group(&mut self, group: &Group) {
        if let ([alone], true) = (group.members.as_slice(), group.pasts.is_empty()) {
            self.let_value(*alone);
            return;
        }
        group.members.iter().for_each(|index| self.lets[*index].in_circle = true);
        for index in &group.pasts {
            self.lets[*index].past = Some(Last::Value(self.new_cell(), Ty::Unknown));
        }
        let before = self.before_group();
        for _ in 0..MAX_ROUNDS {
            for index in &group.members {
                self.let_value(*index);
            }
            let changed = self.changed_pasts(group);
            if changed.is_empty() {
                self.keep_pasts(group);
                return self.untyped(group, before.settled);
            }
            // Of the last round the messages stand.
            if self.circles_told(before.settled) {
                return;
            }
            self.take_back(&before);
            for (index, past) in changed {
                self.lets[index].past = past;
            }
        }
        let name = self.lets[*group.pasts.first().expect("something changed")].name;
        self.report(errors::circles::never_settles(&name.text, name.span));
    }

    /// Members that are not what was assumed, with what to assume next. What is neither a value nor a record has no past: its
    /// reader is told so, or the circle is.
    fn changed_pasts(&mut self, group: &Group) -> Vec<(usize, Option<Last>)> {
        let mut changed = Vec::new();
        for index in &group.pasts {
            let (Some(assumed), Some(found)) = (self.lets[*index].past.clone(), self.lets[*index].found) else {
                continue;
            };
            match found {
                Operand::Unknown => {}
                Operand::Value(_) | Operand::Record(_) => {
                    changed.extend(self.assumed_anew(assumed, found).map(|past| (*index, Some(past))));
                }
                _ => changed.push((*index, None)),
            }
        }
        changed
    }

    fn circles_told(&self, settled: usize) -> bool {
        self.settled[settled..].iter().any(|diagnostic| diagnostic.code == "E0102")
    }

    /// Each read of a past belongs to what keeps it. Records have said so of their fields.
    fn keep_pasts(&mut self, group: &Group) {
        for index in &group.pasts {
            let item = &self.lets[*index];
            if let (Some(Last::Value(cell, _)), Some(Operand::Value(keep))) = (&item.past, item.found) {
                self.program.pasts.push(Past { cell: *cell, keep });
            }
        }
    }

    /// Where nothing tells what a circle is made of, it says so once.
    fn untyped(&mut self, group: &Group, settled: usize) {
        let said = self.settled[settled..].iter().any(|said| said.severity == Severity::Error);
        let unknown = |index: &&usize| {
            let values = self.lets[**index].found.map(|found| self.leaves(found));
            values.is_some_and(|values| values.iter().any(|id| self.ty(*id) == Ty::Unknown))
        };
        let Some(index) = group.pasts.iter().find(unknown).filter(|_| !said) else { return };
        let name = self.lets[*index].name;
        self.report(errors::circles::no_kind(&name.text, name.span));
        group.members.iter().for_each(|index| self.lets[*index].found = Some(Operand::Unknown));
    }

    /// `x[n]` within the circle of `x`, before `x` itself is known; or `x.f[n]` of a field.
    pub(super) fn past_of(
        &mut self,
        scope: &Scope<'a>,
        base: ast::ExprId,
        back: ast::ExprId,
        at: Span,
    ) -> Option<Operand> {
        let (name, fields) = scope.file.path(base)?;
        if scope.names.contains_key(name) {
            return None;
        }
        let Some(Global::Let(index)) = self.global(scope, name) else { return None };
        let item = &self.lets[index];
        let last = item.past.clone().filter(|_| item.found.is_none())?;
        let back_at = scope.span(back);
        let back = self.value(scope, back);
        if !self.is_past(back) {
            return None;
        }
        self.used(name);
        // The cell itself is the last one.
        let one = self.constant(Value::Int(1), back_at);
        let back = self.arithmetic(BinaryOp::Sub, back, one, back_at);
        let last = self.last(&last, at);
        let past = self.field_by_field(last, &|checker, value| {
            checker.push(ExprKind::History { value, back, default: None }, checker.ty(value), at)
        });
        Some(fields.into_iter().fold(past, |past, field| self.member(scope, past, field, at)))
    }

    /// Whether it counts one step or more, whatever the run says.
    fn is_past(&self, back: ExprId) -> bool {
        let least = match &self.program.expr(back).kind {
            ExprKind::Param(index) => self.program.params[*index].range.as_ref().map(ParamRange::bounds),
            _ => None,
        };
        let steps = match fold(&self.program, back, &self.defaults()) {
            Some(Value::Int(steps)) if self.ty(back) == Ty::Int => steps,
            _ => return false,
        };
        (1..=1 << 24).contains(&steps) && least.is_none_or(|(least, _)| least >= 1.0)
    }

    /// Notes which value a cell keeps.
    pub(super) fn keep_past(&mut self, past: Past) {
        self.recorder.note(Step::Past(self.program.pasts.len()));
        self.program.pasts.push(past);
    }

    fn before_group(&self) -> Before {
        Before {
            settled: self.settled.len(),
            instances: self.instances.clone(),
            lets: self.lets.iter().map(|item| item.found.is_some()).collect(),
            features: self.program.features.len(),
            pasts: self.program.pasts.len(),
            blocks: self.blocks_checked(),
        }
    }

    /// Forgets all that a round has found.
    fn take_back(&mut self, before: &Before) {
        self.settled.truncate(before.settled);
        self.instances.clone_from(&before.instances);
        for (item, known) in self.lets.iter_mut().zip(&before.lets) {
            item.found = item.found.filter(|_| *known);
        }
        self.program.features.truncate(before.features);
        self.program.pasts.truncate(before.pasts);
        self.forget_blocks(&before.blocks);
    }
}

/// What was known before a circle was looked at.
struct Before {
    settled: usize,
    instances: BTreeMap<InstanceKey, usize>,
    lets: Vec<bool>,
    features: usize,
    pasts: usize,
    blocks: Vec<bool>,
}
