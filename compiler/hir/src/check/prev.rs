//! `prev`: what an equation, or a function's result, was at its last step; of a record field by field.

use std::rc::Rc;

use gbc_diagnostics::Span;

use super::Checker;
use super::scope::{Operand, Scope};
use crate::{CellId, ExprId, ExprKind, Past, Ty, errors};

/// What `prev` reads, as far as known.
#[derive(Clone, Debug)]
pub(super) enum Last {
    /// A cell, and the type of what it holds.
    Value(CellId, Ty),
    /// A record's kind, and its fields.
    Record(Option<usize>, Vec<(String, Last)>),
}

impl Last {
    /// The cells and their types, in the order of the fields.
    fn cells(&self) -> Vec<(CellId, Ty)> {
        match self {
            Last::Value(cell, ty) => vec![(*cell, *ty)],
            Last::Record(_, fields) => fields.iter().flat_map(|(_, last)| last.cells()).collect(),
        }
    }
}

/// What a look at a body that reads its own past comes to.
enum Look {
    /// Its types are those that were assumed.
    Settled,
    /// They are these, and the body has to be looked at again.
    Again(Vec<Ty>),
    /// It has a mistake, which has been said.
    Wrong,
}

impl<'a> Checker<'a> {
    /// `prev`
    pub(super) fn prev(&mut self, scope: &Scope<'a>, at: Span) -> Operand {
        match scope.prev.clone() {
            Some(last) => self.last(&last, at),
            None => {
                self.report(errors::no_prev(at));
                Operand::Value(self.unknown(at))
            }
        }
    }

    pub(super) fn last(&mut self, last: &Last, at: Span) -> Operand {
        match last {
            Last::Value(cell, ty) => Operand::Value(self.push(ExprKind::Prev(*cell), *ty, at)),
            Last::Record(kind, fields) => {
                let fields = fields.iter().map(|(name, last)| (name.clone(), self.last(last, at))).collect();
                Operand::Record(self.record_of(*kind, fields))
            }
        }
    }

    /// Checks a body in which `prev` may stand. Its type is the body's own, so the body is checked until that is settled.
    pub(super) fn remembering(
        &mut self,
        scope: &Scope<'a>,
        body: impl Fn(&mut Self, &Scope<'a>) -> Operand,
    ) -> Operand {
        self.remembering_in(None, scope, body)
    }

    /// The same; where others read its past from a cell, what it is stands in that cell even if it reads none itself.
    pub(super) fn remembering_in(
        &mut self,
        past: Option<Last>,
        scope: &Scope<'a>,
        body: impl Fn(&mut Self, &Scope<'a>) -> Operand,
    ) -> Operand {
        let mut assumed = past.clone().unwrap_or_else(|| Last::Value(self.new_cell(), Ty::Unknown));
        forget_types(&mut assumed);
        let (messages, first_expr) = (self.diagnostics.len(), self.program.exprs.len());
        let mut cells: Vec<CellId> = Vec::new();
        // Each look settles at least one field more.
        let (mut looks, mut most, mut read_at) = (0, 3, scope.item);
        while looks < most {
            looks += 1;
            self.diagnostics.truncate(messages);
            cells.extend(assumed.cells().into_iter().map(|(cell, _)| cell));
            let inner = Scope { prev: Some(Rc::new(assumed.clone())), ..scope.clone() };
            let found = body(self, &inner);
            let reads = |kind: &ExprKind| matches!(kind, ExprKind::Prev(cell) if cells.contains(cell));
            let read = self.program.exprs[first_expr..].iter().find(|expr| reads(&expr.kind)).map(|expr| expr.span);
            let values = self.leaves(found);
            let types: Vec<Ty> = values.iter().map(|id| self.ty(*id)).collect();
            match (read, &past) {
                // What the others of its circle are, and so what it is, may not be known yet.
                (_, Some(_)) if types.contains(&Ty::Unknown) => return found,
                (None, Some(last)) if !types.is_empty() && self.is_like(last, found) => {
                    let cells: Vec<(CellId, Ty)> = last.cells().iter().map(|(cell, _)| *cell).zip(types).collect();
                    return self.kept(scope, found, &values, &cells);
                }
                (None, _) => return found,
                (Some(at), _) => read_at = at,
            }
            if !matches!(found, Operand::Value(_) | Operand::Record(_)) {
                // Where a value must be known at once, one without a type yet is refused in silence.
                let silent = found != Operand::Unknown || scope.alone || past.is_some() || self.failed();
                if !silent {
                    self.report(errors::no_first_value(read_at));
                }
                return found;
            }
            if !self.is_like(&assumed, found) {
                assumed = self.last_like(found);
                most = 3 + values.len();
                continue;
            }
            match self.look(scope, &values, &assumed.cells(), messages) {
                Look::Wrong => return Operand::Unknown,
                Look::Settled => return self.kept(scope, found, &values, &assumed.cells()),
                Look::Again(types) => retype(&mut assumed, &mut types.into_iter()),
            }
        }
        // Only a record within its own past grows for ever.
        if !scope.alone && self.diagnostics.len() == messages {
            self.report(errors::no_first_value(read_at));
        }
        Operand::Unknown
    }

    /// Whether what is assumed has the fields of what was found.
    fn is_like(&self, last: &Last, found: Operand) -> bool {
        match (last, found) {
            (Last::Record(_, lasts), Operand::Record(record)) => {
                let fields = &self.records[record].fields;
                let alike = |((name, last), (other, field)): (&(String, Last), &(String, Operand))| {
                    name == other && self.is_like(last, *field)
                };
                lasts.len() == fields.len() && lasts.iter().zip(fields).all(alike)
            }
            (Last::Value(..), found) => !matches!(found, Operand::Record(_)),
            (Last::Record(..), _) => false,
        }
    }

    /// What is to be assumed instead, if what was found is not what was.
    pub(super) fn assumed_anew(&mut self, mut assumed: Last, found: Operand) -> Option<Last> {
        if !self.is_like(&assumed, found) {
            return Some(self.last_like(found));
        }
        let types: Vec<Ty> = self.leaves(found).into_iter().map(|id| self.ty(id)).collect();
        if assumed.cells().iter().map(|(_, ty)| *ty).eq(types.iter().copied()) {
            return None;
        }
        retype(&mut assumed, &mut types.into_iter());
        Some(assumed)
    }

    /// Fresh cells for what a first look found.
    fn last_like(&mut self, found: Operand) -> Last {
        match found {
            Operand::Record(record) => {
                let (kind, fields) = (self.records[record].kind, self.records[record].fields.clone());
                let fields = fields.into_iter().map(|(name, field)| (name, self.last_like(field))).collect();
                Last::Record(kind, fields)
            }
            Operand::Value(id) => Last::Value(self.new_cell(), self.ty(id)),
            _ => Last::Value(self.new_cell(), Ty::Unknown),
        }
    }

    /// Holds what was found against what was assumed.
    fn look(&mut self, scope: &Scope<'a>, values: &[ExprId], assumed: &[(CellId, Ty)], messages: usize) -> Look {
        let types: Vec<Ty> = values.iter().map(|id| self.ty(*id)).collect();
        let moved = types.iter().zip(assumed).any(|(ty, (_, before))| ty != before);
        let unknown = values.iter().find(|id| self.ty(**id) == Ty::Unknown).copied();
        if let Some(id) = unknown.filter(|_| !moved || values.len() == 1) {
            let silent = self.is_unknown(id) && self.diagnostics.has_errors();
            if !scope.alone && !silent && self.diagnostics.len() == messages {
                self.report(errors::no_first_value(self.span(id)));
            }
            return Look::Wrong;
        }
        if !moved {
            return Look::Settled;
        }
        for ((ty, id), (_, before)) in types.iter().zip(values).zip(assumed) {
            let widens = *before == Ty::Int && *ty == Ty::NUM || matches!(before, Ty::Exact(_));
            if ty != before && *before != Ty::Unknown && !widens {
                self.report(errors::prev_changes(self.span(*id), *before, *ty));
                return Look::Wrong;
            }
        }
        Look::Again(types)
    }

    /// What is found, kept until the next step. The fields of a record are worked out together before any is kept.
    fn kept(&mut self, scope: &Scope<'a>, found: Operand, values: &[ExprId], cells: &[(CellId, Ty)]) -> Operand {
        let keep = |checker: &mut Self, value: ExprId, (cell, ty): (CellId, Ty), at: Span| {
            checker.push(ExprKind::Keep { cell, value, default: scope.at }, ty, at)
        };
        if let Operand::Value(id) = found {
            return Operand::Value(keep(self, id, cells[0], self.span(id)));
        }
        let places: Vec<Span> = values.iter().map(|id| self.span(*id)).collect();
        let part = |checker: &mut Self, of: &[ExprId], index: usize| {
            checker.push(ExprKind::Part { of: of.to_vec(), index }, cells[index].1, places[index])
        };
        let parts: Vec<ExprId> = (0..values.len()).map(|index| part(self, values, index)).collect();
        let keeps: Vec<ExprId> =
            parts.iter().enumerate().map(|(index, id)| keep(self, *id, cells[index], places[index])).collect();
        cells.iter().zip(&keeps).for_each(|((cell, _), keep)| self.keep_past(Past { cell: *cell, keep: *keep }));
        // Whoever reads one field has all of them kept.
        let fields: Vec<ExprId> = (0..keeps.len()).map(|index| part(self, &keeps, index)).collect();
        self.with_leaves(found, &mut fields.into_iter())
    }
}

/// A body tells by itself of what kind its own past is.
fn forget_types(last: &mut Last) {
    let count = last.cells().len();
    retype(last, &mut std::iter::repeat_n(Ty::Unknown, count));
}

/// Puts the types that a look found in place of those assumed.
fn retype(last: &mut Last, types: &mut impl Iterator<Item = Ty>) {
    match last {
        Last::Value(_, ty) => *ty = types.next().expect("as many types as cells"),
        Last::Record(_, fields) => fields.iter_mut().for_each(|(_, last)| retype(last, types)),
    }
}
