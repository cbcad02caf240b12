//! Types that are written: of inputs, of results, of a record's fields.

use gbc_syntax::ast::{self, ItemKind, Name};

use super::Checker;
use super::scope::{Global, Operand, Owner, Scope};
use crate::{Dim, ExprId, Ty, errors};

/// The types that the language brings.
const TYPES: [&str; 6] = ["int", "span", "float", "bool", "price", "money"];

/// What the name of a type stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    Plain,
    Enum(usize),
    Record(usize),
    /// There is no such type; that has been said.
    Nothing,
}

impl<'a> Checker<'a> {
    /// Every type that an item writes exists; each input and each field has a name of its own.
    pub(super) fn types_of(&mut self, item: &'a ast::Item) {
        match &item.kind {
            ItemKind::Fn(function) => {
                for (index, (name, ty)) in function.inputs.iter().enumerate() {
                    if let Some((first, _)) = function.inputs[..index].iter().find(|(it, _)| it.text == name.text) {
                        self.report(errors::twice(&name.text, name.span, first.span));
                    }
                    self.type_exists(ty.as_ref());
                }
                self.type_exists(function.gives.as_ref());
            }
            ItemKind::Record { fields, .. } => fields.iter().for_each(|(_, ty)| self.type_exists(ty.as_ref())),
            _ => {}
        }
    }

    fn type_exists(&mut self, ty: Option<&Name>) {
        let Some(ty) = ty else { return };
        if self.written(Owner::Own, &ty.text).is_some() {
            self.used(&ty.text);
            return;
        }
        let own = self.globals.iter().filter(|(_, (global, _))| matches!(global, Global::Enum(_) | Global::Record(_)));
        let own: Vec<String> = own.map(|(name, _)| name.clone()).collect();
        let known: Vec<&str> = TYPES.into_iter().chain(own.iter().map(String::as_str)).collect();
        self.report(errors::unknown_type(&ty.text, ty.span, known));
    }

    fn written(&self, owner: Owner, name: &str) -> Option<Written> {
        match self.global_of(owner, name) {
            _ if TYPES.contains(&name) => Some(Written::Plain),
            Some(Global::Enum(index)) => Some(Written::Enum(index)),
            Some(Global::Record(index)) => Some(Written::Record(index)),
            Some(Global::Broken) => Some(Written::Nothing),
            _ => None,
        }
    }

    /// The record that a written type is, if it is one.
    pub(super) fn record_named(&self, owner: Owner, name: &str) -> Option<usize> {
        match self.written(owner, name) {
            Some(Written::Record(index)) => Some(index),
            _ => None,
        }
    }

    /// What was found as what a type of `owner`'s file promises; `None` if it is something else, which is reported.
    pub(super) fn promised(
        &mut self,
        scope: &Scope<'a>,
        (owner, ty): (Owner, &Name),
        (text, found): (ast::ExprId, Operand),
        what: &str,
    ) -> Option<Operand> {
        let written = self.written(owner, &ty.text).unwrap_or(Written::Nothing);
        match (written, found) {
            (Written::Record(kind), _) => self.promised_record(scope, kind, (text, found), what),
            (Written::Plain | Written::Enum(_), Operand::Record(_)) => {
                self.as_value(scope, text, found);
                None
            }
            (Written::Plain, Operand::Value(id)) => {
                let id = self.as_plain(id, &ty.text);
                let fits = is_a(self.ty(id), &ty.text);
                if !fits {
                    let (wanted, got) = (in_words(&ty.text), self.ty(id));
                    self.report(errors::wrong_type(what, wanted, got, scope.span(text)));
                }
                fits.then_some(Operand::Value(id))
            }
            (Written::Enum(index), Operand::Value(id)) => {
                let fits = matches!(self.ty(id), Ty::Enum(other) if other == index) || self.ty(id) == Ty::Unknown;
                if !fits {
                    let wanted = format!("an arm of `{}`", self.program.enums[index].name);
                    self.report(errors::wrong_type(what, &wanted, self.ty(id), scope.span(text)));
                }
                fits.then_some(found)
            }
            _ => Some(found),
        }
    }

    /// A bare number takes on the unit that is asked for.
    fn as_plain(&mut self, id: ExprId, ty: &str) -> ExprId {
        let dim = match ty {
            "price" => Dim::PRICE,
            "money" => Dim::MONEY,
            _ => return id,
        };
        let bare = self.program.expr(id).bare && self.ty(id).dim() == Some(Dim::NONE);
        if bare { self.fit(id, Ty::Num(dim)) } else { id }
    }
}

/// Whether a value is what a written type promises.
fn is_a(found: Ty, promised: &str) -> bool {
    match promised {
        _ if found == Ty::Unknown => true,
        "int" => found == Ty::Int,
        "span" => matches!(found, Ty::Int | Ty::Duration),
        "bool" => found == Ty::Bool,
        "float" => matches!(found, Ty::Int | Ty::Num(Dim::NONE)),
        "price" => found.dim() == Some(Dim::PRICE),
        "money" => found.dim() == Some(Dim::MONEY),
        _ => true,
    }
}

fn in_words(ty: &str) -> &str {
    match ty {
        "int" => "a whole number",
        "span" => "a whole number or a duration",
        "bool" => "true or false",
        "float" => "a plain number",
        other => other,
    }
}
