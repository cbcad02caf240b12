//! `export x as "edge"`, `plot x`: values that a run writes down.

use gbc_diagnostics::Span;
use gbc_syntax::ast;

use super::Checker;
use super::scope::{Operand, Scope};
use crate::{Action, Export, ExprId, ExprKind, Ty, Value, errors};

impl<'a> Checker<'a> {
    /// Checks an export among the items: written down at each tick of the value's clocks.
    pub(super) fn export_item(&mut self, scope: &Scope<'a>, value: ast::ExprId, label: Option<&str>) {
        let found = self.remembering(scope, |checker, scope| Operand::Value(checker.value(scope, value)));
        let id = self.as_value(scope, value, found);
        if let Some(export) = self.exported(scope, value, id, label, false) {
            self.program.exports.push(export);
        }
    }

    /// The same in a rule: written down when it fires.
    pub(super) fn export_when(&mut self, scope: &Scope<'a>, text: ast::ExprId, label: Option<&str>) -> Option<Action> {
        let id = self.value(scope, text);
        let export = self.exported(scope, text, id, label, true)?;
        self.program.exports.push(export);
        Some(Action::Export(self.program.exports.len() - 1))
    }

    /// A value to be written down, as a number.
    fn exported(
        &mut self,
        scope: &Scope<'a>,
        text: ast::ExprId,
        id: ExprId,
        label: Option<&str>,
        in_rule: bool,
    ) -> Option<Export> {
        let span = scope.span(text);
        let label = label.map_or_else(|| self.program.text_at(span).to_owned(), str::to_owned);
        let value = self.as_number(id, span)?;
        if let Some(first) = self.program.exports.iter().find(|export| export.label == label) {
            let first = first.span;
            self.report(errors::orders::label_twice(&label, span, first));
            return None;
        }
        Some(Export { label, value, in_rule, span })
    }

    /// A truth counts as 1 and 0; a price is in points.
    fn as_number(&mut self, id: ExprId, span: Span) -> Option<ExprId> {
        self.stand([(id, span)]);
        match self.ty(id) {
            Ty::Unknown => None,
            Ty::Bool => {
                let [one, zero] = [1.0, 0.0].map(|x| self.constant(Value::Num(x), span));
                Some(self.push(ExprKind::If(id, one, zero), Ty::NUM, span))
            }
            ty if ty.dim().is_some() => Some(self.number(id)),
            _ => {
                self.wrong("what is written down", "a number, true or false", id, span);
                None
            }
        }
    }
}
