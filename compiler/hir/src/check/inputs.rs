//! Inputs by name: `bollinger(b.close, n = 20, k = 2)`. First come those by place, then those by name, in any order.

use gbc_core::arithmetic::{BinaryOp, UnaryOp};
use gbc_core::window::WindowKind;
use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, ExprKind as Ast};

use super::Checker;
use super::call::pair_kind;
use super::scope::Scope;
use crate::errors::records as errors;

impl<'a> Checker<'a> {
    /// Whether a call gives anything by name.
    pub(super) fn names_inputs(&self, scope: &Scope<'a>, args: &[ast::ExprId]) -> bool {
        args.iter().any(|arg| matches!(scope.file.expr(*arg).kind, Ast::Named { .. }))
    }

    /// What a call gives, in the order of `inputs`.
    pub(super) fn by_name(
        &mut self,
        scope: &Scope<'a>,
        callee: &str,
        inputs: &[&str],
        args: &[ast::ExprId],
        at: Span,
    ) -> Option<Vec<ast::ExprId>> {
        let named = |arg: &ast::ExprId| match &scope.file.expr(*arg).kind {
            Ast::Named { name, value } => Some((name, *value)),
            _ => None,
        };
        let places = args.iter().take_while(|arg| named(arg).is_none()).count();
        let mut given: Vec<Option<(ast::ExprId, Span)>> =
            args[..places].iter().map(|arg| Some((*arg, scope.span(*arg)))).collect();
        given.resize(inputs.len().max(places), None);
        if given.len() > inputs.len() {
            self.report(crate::errors::wrong_count(callee, &inputs.join(", "), inputs.len(), args.len(), at));
            return None;
        }
        let mut wrong = false;
        for arg in &args[places..] {
            let Some((name, value)) = named(arg) else {
                let open: Vec<&str> =
                    inputs.iter().zip(&given).filter(|(_, it)| it.is_none()).map(|it| *it.0).collect();
                let later = args.iter().filter_map(named).map(|(name, _)| name.text.as_str());
                let left: Vec<&str> =
                    open.into_iter().filter(|name| !later.clone().any(|other| other == *name)).collect();
                self.report(errors::place_behind_name(scope.span(*arg), &left));
                return None;
            };
            let shown = scope.shown(name.span);
            let Some(index) = inputs.iter().position(|input| *input == name.text) else {
                self.report(errors::no_such_input(callee, &name.text, shown, inputs));
                wrong = true;
                continue;
            };
            if let Some((_, first)) = given[index] {
                self.report(errors::given_twice(callee, &name.text, shown, first));
                wrong = true;
                continue;
            }
            given[index] = Some((value, shown));
        }
        if wrong {
            return None;
        }
        let missing: Vec<&str> = inputs.iter().zip(&given).filter(|(_, it)| it.is_none()).map(|it| *it.0).collect();
        if !missing.is_empty() {
            self.report(errors::not_given(callee, inputs, &missing, at));
            return None;
        }
        Some(given.into_iter().flatten().map(|(value, _)| value).collect())
    }

    /// What a call of a native function gives, in its order.
    pub(super) fn native_by_name(
        &mut self,
        scope: &Scope<'a>,
        name: &str,
        args: &[ast::ExprId],
        at: Span,
    ) -> Option<Vec<ast::ExprId>> {
        match native_inputs(name) {
            Some(inputs) if self.names_inputs(scope, args) => self.by_name(scope, name, &inputs, args, at),
            _ => Some(args.to_vec()),
        }
    }
}

/// What the functions of the compiler call their inputs; `None` of those that take them by place alone.
fn native_inputs(name: &str) -> Option<Vec<&'static str>> {
    let known = |names: &[(&str, WindowKind)]| names.iter().any(|(known, _)| *known == name);
    Some(match name {
        "clamp" => vec!["x", "low", "high"],
        "ago" => vec!["x", "span"],
        _ if UnaryOp::functions().any(|(known, _)| known == name) => vec!["x"],
        _ if BinaryOp::functions().any(|(known, _)| known == name) => vec!["a", "b"],
        _ if known(&WindowKind::NAMES) => vec!["x", "n"],
        _ => pair_kind(name)?.inputs().split(", ").collect(),
    })
}
