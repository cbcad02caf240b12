//! Records: bundles of values with names, which no later stage ever sees. What is done to one is done to each of its
//! fields, so that a record behaves as separate equations would.

use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, ItemKind, Name};

use super::Checker;
use super::scope::{Global, Operand, Owner, Scope};
use super::trace::Step;
use crate::{ClockId, ExprId, ExprKind, Ty, errors};

/// No record may have more values than this, those of records within it counted.
const MAX_FIELDS: usize = 64;

/// Operands, each with its name.
#[derive(Clone, Debug)]
pub(super) struct Bundle {
    /// Which kind it is, if it was made as one.
    pub(super) kind: Option<usize>,
    /// In the order in which they are written.
    pub(super) fields: Vec<(String, Operand)>,
}

/// A kind of record: `record Band { up: price, down: price }`
#[derive(Clone, Copy, Debug)]
pub(super) struct RecordKind<'a> {
    pub(super) name: &'a Name,
    pub(super) fields: &'a [(Name, Option<Name>)],
    /// In whose file its types are names.
    pub(super) owner: Owner,
}

impl RecordKind<'_> {
    fn names(&self) -> Vec<&str> {
        self.fields.iter().map(|(name, _)| name.text.as_str()).collect()
    }
}

impl<'a> Checker<'a> {
    /// Makes a kind of record known.
    pub(super) fn record_item(&mut self, item: &'a ast::Item) {
        let ItemKind::Record { name, fields, .. } = &item.kind else { return };
        if self.name(&name.text, name.span, Global::Record(self.kinds.len())) {
            self.unused.insert(name.text.clone(), name.span);
        }
        for (index, (field, _)) in fields.iter().enumerate() {
            if let Some((first, _)) = fields[..index].iter().find(|(first, _)| first.text == field.text) {
                self.report(errors::records::field_twice(&field.text, field.span, first.span));
            }
        }
        if fields.len() > MAX_FIELDS {
            self.report(errors::too_many("fields in a record", MAX_FIELDS, name.span));
        }
        self.kinds.push(RecordKind { name, fields, owner: Owner::Own });
    }

    /// No record is made of itself: the first would need one before it.
    pub(super) fn holds_itself(&mut self, item: &'a ast::Item) {
        let ItemKind::Record { name, fields, .. } = &item.kind else { return };
        let Some((Global::Record(kind), _)) = self.globals.get(&name.text).copied() else { return };
        let types = fields.iter().filter_map(|(_, ty)| ty.as_ref());
        let inner = |ty: &&Name| self.record_named(Owner::Own, &ty.text).is_some_and(|inner| self.reaches(inner, kind));
        if let Some(ty) = types.into_iter().find(inner) {
            self.report(errors::records::holds_itself(&name.text, ty.span));
            self.globals.insert(name.text.clone(), (Global::Broken, name.span));
        }
    }

    /// Whether a kind of record is another, or holds it anywhere.
    fn reaches(&self, from: usize, kind: usize) -> bool {
        let (mut open, mut seen) = (vec![from], vec![false; self.kinds.len()]);
        while let Some(inner) = open.pop() {
            let RecordKind { fields, owner, .. } = self.kinds[inner];
            if inner != kind && !std::mem::replace(&mut seen[inner], true) {
                let types = fields.iter().filter_map(|(_, ty)| ty.as_ref());
                open.extend(types.filter_map(|ty| self.record_named(owner, &ty.text)));
            }
            if inner == kind {
                return true;
            }
        }
        false
    }

    /// `(line = a, signal = b)`
    pub(super) fn anonymous(&mut self, scope: &Scope<'a>, fields: &[(Name, ast::ExprId)], at: Span) -> Operand {
        let mut found: Vec<(String, Operand)> = Vec::new();
        for (index, (name, value)) in fields.iter().enumerate() {
            let value = self.field_value(scope, *value);
            match fields[..index].iter().find(|(first, _)| first.text == name.text) {
                Some((first, _)) => {
                    let [again, first] = [name, first].map(|name| scope.shown(name.span));
                    self.report(errors::records::field_twice(&name.text, again, first));
                }
                None => found.push((name.text.clone(), value)),
            }
        }
        self.within_bounds(None, found, at)
    }

    /// `Band(up = a, down = b)`
    pub(super) fn constructed(&mut self, scope: &Scope<'a>, kind: usize, args: &[ast::ExprId], at: Span) -> Operand {
        let record = self.kinds[kind];
        let (name, names) = (record.name.text.as_str(), record.names());
        let written = |arg: &ast::ExprId| matches!(scope.file.expr(*arg).kind, ast::ExprKind::Named { .. });
        if let Some(bare) = args.iter().find(|arg| !written(arg)) {
            let places: Vec<Span> = args.iter().map(|arg| scope.span(*arg)).collect();
            let all = scope.blame.is_none() && !args.iter().any(written);
            self.report(errors::records::fields_by_name(name, &names, scope.span(*bare), &places, all));
            return Operand::Unknown;
        }
        let Some(args) = self.by_name(scope, name, &names, args, at) else { return Operand::Unknown };
        let mut fields = Vec::new();
        for ((field, ty), arg) in record.fields.iter().zip(args) {
            let found = self.field_value(scope, arg);
            let what = format!("`{}` of `{name}`", field.text);
            let found = match ty {
                Some(ty) => self.promised(scope, (record.owner, ty), (arg, found), &what),
                None => Some(found),
            };
            let found = found.unwrap_or_else(|| Operand::Value(self.unknown(scope.span(arg))));
            fields.push((field.text.clone(), found));
        }
        self.within_bounds(Some(kind), fields, at)
    }

    /// A field is a value or a record.
    fn field_value(&mut self, scope: &Scope<'a>, text: ast::ExprId) -> Operand {
        match self.operand(scope, text) {
            record @ Operand::Record(_) => record,
            other => Operand::Value(self.as_value(scope, text, other)),
        }
    }

    /// A new record, unless it is too large.
    fn within_bounds(&mut self, kind: Option<usize>, fields: Vec<(String, Operand)>, at: Span) -> Operand {
        let values: usize = fields.iter().map(|(_, field)| self.leaves(*field).len()).sum();
        if values > MAX_FIELDS {
            self.report(errors::too_many("fields in a record", MAX_FIELDS, at));
            return Operand::Unknown;
        }
        Operand::Record(self.record_of(kind, fields))
    }

    /// What was found as a record of that kind.
    pub(super) fn promised_record(
        &mut self,
        scope: &Scope<'a>,
        kind: usize,
        (text, found): (ast::ExprId, Operand),
        what: &str,
    ) -> Option<Operand> {
        let (record, at) = (self.kinds[kind], scope.span(text));
        let name = &record.name.text;
        let bundle = match found {
            Operand::Unknown => return Some(found),
            Operand::Value(id) if self.ty(id) == Ty::Unknown => return Some(found),
            Operand::Record(bundle) => self.records[bundle].clone(),
            Operand::Value(id) => {
                let got = self.ty(id).to_string();
                self.report(errors::records::no_record(what, name, &record.names(), &got, at));
                return None;
            }
            other => {
                self.report(errors::records::no_record(what, name, &record.names(), other.what(), at));
                return None;
            }
        };
        if bundle.kind == Some(kind) {
            return Some(found);
        }
        if let Some(other) = bundle.kind {
            let other = self.kinds[other].name.text.clone();
            self.report(errors::records::another_kind(what, name, &other, at));
            return None;
        }
        let given: Vec<&str> = bundle.fields.iter().map(|(name, _)| name.as_str()).collect();
        if let Some(differ) = errors::records::not_its_fields(what, name, &record.names(), &given, at) {
            self.report(differ);
            return None;
        }
        let mut fields = Vec::new();
        for (field, ty) in record.fields {
            let (_, value) =
                bundle.fields.iter().find(|(name, _)| *name == field.text).expect("the names are the same");
            let what = format!("`{}` of `{name}`", field.text);
            let value = match ty {
                Some(ty) => self.promised(scope, (record.owner, ty), (text, *value), &what)?,
                None => *value,
            };
            fields.push((field.text.clone(), value));
        }
        Some(Operand::Record(self.record_of(Some(kind), fields)))
    }

    /// A new bundle of operands.
    pub(super) fn record(&mut self, fields: Vec<(String, Operand)>) -> usize {
        self.record_of(None, fields)
    }

    pub(super) fn record_of(&mut self, kind: Option<usize>, fields: Vec<(String, Operand)>) -> usize {
        self.recorder.note(Step::Record(self.records.len()));
        self.records.push(Bundle { kind, fields });
        self.records.len() - 1
    }

    /// `m.low`
    pub(super) fn field(&mut self, record: usize, name: &Name, wrong: Span) -> Operand {
        let Bundle { kind, fields } = &self.records[record];
        if let Some((_, found)) = fields.iter().find(|(known, _)| *known == name.text) {
            return *found;
        }
        let known: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        let what = kind.map_or("this record".to_owned(), |kind| format!("a `{}`", self.kinds[kind].name.text));
        let diagnostic = errors::unknown_member(&what, &name.text, wrong, known);
        self.report(diagnostic);
        Operand::Unknown
    }

    /// What an equation holds at the ticks of its clock: a record field by field.
    pub(super) fn sampled(&mut self, found: Operand, clock: ClockId) -> Operand {
        self.field_by_field(found, &|checker, id| {
            let (ty, span) = (checker.ty(id), checker.span(id));
            if ty == Ty::Unknown { id } else { checker.push(ExprKind::Sample(id, clock), ty, span) }
        })
    }

    /// The same done to a value, or to each value of a record.
    pub(super) fn field_by_field(&mut self, found: Operand, act: &dyn Fn(&mut Self, ExprId) -> ExprId) -> Operand {
        match found {
            Operand::Value(id) => Operand::Value(act(self, id)),
            Operand::Record(record) => {
                let Bundle { kind, fields } = self.records[record].clone();
                let fields = fields.into_iter().map(|(name, field)| (name, self.field_by_field(field, act))).collect();
                Operand::Record(self.record_of(kind, fields))
            }
            other => other,
        }
    }

    /// The values of a record, those of records within it in their place.
    pub(super) fn leaves(&self, found: Operand) -> Vec<ExprId> {
        match found {
            Operand::Value(id) => vec![id],
            Operand::Record(record) => {
                self.records[record].fields.iter().flat_map(|(_, field)| self.leaves(*field)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The values of a record, each with the way to it: `bb.up`.
    pub(super) fn paths(&self, name: &str, found: Operand) -> Vec<(String, ExprId)> {
        match found {
            Operand::Value(id) => vec![(name.to_owned(), id)],
            Operand::Record(record) => {
                let fields = self.records[record].fields.iter();
                fields.flat_map(|(field, found)| self.paths(&format!("{name}.{field}"), *found)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The same record with other values.
    pub(super) fn with_leaves(&mut self, found: Operand, values: &mut dyn Iterator<Item = ExprId>) -> Operand {
        match found {
            Operand::Value(_) => Operand::Value(values.next().expect("as many values as before")),
            Operand::Record(record) => {
                let Bundle { kind, fields } = self.records[record].clone();
                let fields = fields.into_iter().map(|(name, field)| (name, self.with_leaves(field, values))).collect();
                Operand::Record(self.record_of(kind, fields))
            }
            other => other,
        }
    }

    /// One of two, `if` or `else`: of records field by field. `None` if only one side is a record, or they have not the
    /// same fields; a value that is not known yet goes with both.
    pub(super) fn either(
        &mut self,
        sides: [Operand; 2],
        join: &dyn Fn(&mut Self, [ExprId; 2]) -> ExprId,
    ) -> Option<Operand> {
        let records = sides.map(|side| match side {
            Operand::Record(record) => Some(self.records[record].clone()),
            _ => None,
        });
        let (first, second) = match (sides, records) {
            ([Operand::Value(left), Operand::Value(right)], _) => {
                return Some(Operand::Value(join(self, [left, right])));
            }
            (_, [Some(first), Some(second)]) => (first, second),
            ([Operand::Value(open), _], [None, Some(second)]) if self.ty(open) == Ty::Unknown => {
                (everywhere(open, &second), second)
            }
            ([_, Operand::Value(open)], [Some(first), None]) if self.ty(open) == Ty::Unknown => {
                let second = everywhere(open, &first);
                (first, second)
            }
            _ => return None,
        };
        let kind = match [first.kind, second.kind] {
            [Some(one), Some(other)] if one != other => return None,
            [one, other] => one.or(other),
        };
        if first.fields.len() != second.fields.len() {
            return None;
        }
        let mut fields = Vec::new();
        for (name, left) in first.fields {
            let (_, right) = second.fields.iter().find(|(other, _)| *other == name)?;
            let field = self.either([left, *right], join)?;
            fields.push((name, field));
        }
        Some(Operand::Record(self.record_of(kind, fields)))
    }

    /// What a record is called in a message.
    pub(super) fn record_words(&self, found: Operand) -> String {
        match found {
            Operand::Value(id) => self.ty(id).to_string(),
            Operand::Record(record) => {
                let Bundle { kind, fields } = &self.records[record];
                let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
                match kind {
                    Some(kind) => format!("a `{}`", self.kinds[*kind].name.text),
                    None => errors::records::of_fields(&names),
                }
            }
            other => other.what().to_owned(),
        }
    }
}

/// A value that is not known yet, in the place of each field.
fn everywhere(open: ExprId, like: &Bundle) -> Bundle {
    let fields = like.fields.iter().map(|(name, _)| (name.clone(), Operand::Value(open))).collect();
    Bundle { kind: like.kind, fields }
}
