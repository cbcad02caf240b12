//! Parameters: their values, and the ranges a sweep tries.

use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, ItemKind, Name};

use super::Checker;
use super::scope::{Global, Scope};
use crate::{Dim, Param, ParamRange, Ty, Value, errors, fold};

impl<'a> Checker<'a> {
    /// Checks a parameter and makes it known.
    pub(super) fn param(&mut self, item: &'a ast::Item) {
        let ItemKind::Param { name, default, range, label } = &item.kind else { return };
        let scope = Scope::new(self.user, item.span);
        let first_expr = self.program.exprs.len();
        let Some((ty, value)) = self.before_run("a parameter", &scope, *default) else {
            let stand_in = Param {
                name: name.text.clone(),
                ty: Ty::Unknown,
                default: Value::Int(0),
                range: None,
                label: None,
                span: name.span,
                range_at: Span::default(),
            };
            self.bare_params.push(false);
            return self.add_param(name, stand_in);
        };
        let bare = self.program.exprs[first_expr..].last().is_some_and(|whole| whole.bare);
        self.bare_params.push(bare && ty.dim() == Some(Dim::NONE));
        let range_at = range.as_ref().map_or(Span::default(), |range| self.range_at(&scope, *default, range));
        let range = range.as_ref().and_then(|range| self.range(&scope, range, ty));
        let (ty, value) = match (&range, ty) {
            (Some(range), Ty::Int) if !range_is_whole(range) => (Ty::NUM, Value::Num(value.to_f64())),
            _ => (ty, value),
        };
        if let Some(range) = &range
            && !range.contains(value)
        {
            self.report(errors::outside_range(
                &name.text,
                &self.program.value_text(ty, value),
                &self.program.values_text(ty, range),
                scope.span(*default),
            ));
        }
        let label = label.clone().or_else(|| (!item.doc.is_empty()).then(|| item.doc.clone()));
        self.add_param(
            name,
            Param { name: name.text.clone(), ty, default: value, range, label, span: name.span, range_at },
        );
    }

    /// The place of ` in 5..30 step 5`.
    fn range_at(&self, scope: &Scope<'a>, default: ast::ExprId, range: &ast::Range) -> Span {
        let start = scope.span(default).end as usize;
        let end = match range {
            ast::Range::Span { to, step, .. } => scope.span(step.unwrap_or(*to)).end as usize,
            ast::Range::List(ids) => {
                let last = ids.last().map_or(start, |id| scope.span(*id).end as usize);
                last + self.text[last..].find('}').map_or(0, |brace| brace + 1)
            }
        };
        Span::new(start, end)
    }

    fn add_param(&mut self, name: &Name, param: Param) {
        let index = self.program.params.len();
        if self.name(&name.text, name.span, Global::Param(index)) {
            self.unused.insert(name.text.clone(), name.span);
        }
        self.program.params.push(param);
    }

    /// The type and value of an expression that may use only parameters above it.
    pub(super) fn before_run(&mut self, what: &str, scope: &Scope<'a>, id: ast::ExprId) -> Option<(Ty, Value)> {
        let value = self.value(scope, id);
        if self.ty(value) == Ty::Unknown {
            return None;
        }
        let found = fold(&self.program, value, &self.defaults());
        if found.is_none() {
            self.report(errors::not_constant(what, scope.span(id)));
        }
        found.map(|found| (self.ty(value), found))
    }

    fn range(&mut self, scope: &Scope<'a>, range: &ast::Range, ty: Ty) -> Option<ParamRange> {
        let mut end = |id: ast::ExprId| {
            let (found, value) = self.before_run("a range", scope, id)?;
            if found.dim() != ty.dim() || (ty.dim().is_none() && found != ty) {
                self.report(errors::wrong_type(
                    "every value of a range",
                    &format!("what the parameter is, {ty}"),
                    found,
                    scope.span(id),
                ));
                return None;
            }
            Some(if ty == Ty::Int || found == ty { value } else { Value::Num(value.to_f64()) })
        };
        match range {
            ast::Range::List(ids) => ids.iter().map(|id| end(*id)).collect::<Option<Vec<_>>>().map(ParamRange::List),
            ast::Range::Span { from, to, .. } if matches!(ty, Ty::Enum(_)) => {
                let (Ty::Enum(of), place) = (ty, scope.span(*from).to(scope.span(*to))) else { return None };
                let name = self.program.enums[of].name.clone();
                self.report(errors::arms_have_no_order(&name, place));
                None
            }
            ast::Range::Span { from, to, step } => {
                let (first, last) = (end(*from)?, end(*to)?);
                let step = match step {
                    Some(step) => Some(end(*step)?),
                    None => matches!(ty, Ty::Int | Ty::Exact(_)).then_some(Value::Int(1)),
                };
                let place = scope.span(*from).to(scope.span(*to));
                if last.to_f64() < first.to_f64() || step.is_some_and(|step| step.to_f64() <= 0.0) {
                    self.report(errors::empty_range(place));
                    return None;
                }
                Some(ParamRange::Span { from: first, to: last, step })
            }
        }
    }
}

fn range_is_whole(range: &ParamRange) -> bool {
    let whole = |value: &Value| matches!(value, Value::Int(_));
    match range {
        ParamRange::Span { from, to, step } => whole(from) && whole(to) && step.as_ref().is_none_or(whole),
        ParamRange::List(values) => values.iter().all(whole),
    }
}
