//! What remembers, and where it may not stand: in branches, rules and tests it would miss steps.

use gbc_core::window::WindowKind;
use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, ExprKind as Ast, ItemKind};

use super::Checker;
use super::call::{MAX_CALLS, pair_kind};
use super::scope::{Global, Owner, Scope};
use crate::errors;

impl<'a> Checker<'a> {
    /// Reports what remembers where nothing may.
    pub(super) fn forgets(&mut self, scope: &Scope<'a>, name: &str, at: Span) -> bool {
        let Some(place) = scope.forgetful else { return false };
        let mut diagnostic = errors::remembers_inside(name, place, scope.forgetful_call.unwrap_or(at));
        let written = self.text.get(at.range()).unwrap_or("");
        let reads = |name: &String| written.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name);
        let liftable =
            !scope.names.keys().any(reads) && scope.blame.is_none() && !scope.in_test && !written.contains("prev");
        if liftable {
            let lifted = self.free_name(name);
            let clock = scope.at_name.map_or(String::new(), |name| format!(" @ {name}"));
            let line = format!("let {lifted}{clock} = {written}");
            let above = self.above(scope.item);
            diagnostic = diagnostic.help(format!("lift it: `{line}`")).fix(above, line + "\n").fix(at, lifted);
        }
        self.report(diagnostic);
        true
    }

    /// The empty place above an item and the `///` lines that belong to it.
    fn above(&self, item: Span) -> Span {
        let mut start = item.start as usize;
        while let Some(line) = self.text[..start].lines().next_back().filter(|line| line.starts_with("///")) {
            start -= line.len() + 1;
        }
        Span::new(start, start)
    }

    /// `ema_1`, or the first like it that the file does not use.
    fn free_name(&self, name: &str) -> String {
        let candidates = (1..).map(|n| format!("{name}_{n}"));
        candidates.into_iter().find(|candidate| !self.globals.contains_key(candidate)).expect("names never run out")
    }

    /// Whether a function steps: by `prev`, a window, or a function that does.
    pub(super) fn remembers(&mut self, owner: Owner, item: usize, depth: usize) -> bool {
        if let Some(known) = self.remember.get(&(owner, item)) {
            return *known;
        }
        let file = self.file_of(owner);
        let ItemKind::Fn(function) = &file.items[item].kind else { return false };
        let mut roots = function.locals.iter().map(|local| local.value).chain([function.result]);
        let found = roots.any(|root| self.expr_remembers(owner, file, root, depth));
        self.remember.insert((owner, item), found);
        found
    }

    fn expr_remembers(&mut self, owner: Owner, file: &'a ast::File, id: ast::ExprId, depth: usize) -> bool {
        let mut inside = |id: &ast::ExprId| self.expr_remembers(owner, file, *id, depth);
        // `x[n]` and members only read.
        match &file.expr(id).kind {
            Ast::Prev => true,
            Ast::Call { callee, args } => {
                args.iter().any(&mut inside)
                    || matches!(&file.expr(*callee).kind, Ast::Name(name) if self.name_remembers(owner, name, depth))
            }
            Ast::Unary { value, .. } => inside(value),
            Ast::Binary { left, right, .. } => inside(left) || inside(right),
            Ast::If { condition, then, otherwise } => inside(condition) || inside(then) || inside(otherwise),
            Ast::Index { base, .. } | Ast::Member { base, .. } => inside(base),
            Ast::Record(fields) => fields.iter().any(|(_, value)| inside(value)),
            Ast::Named { value, .. } => inside(value),
            Ast::In { value, place } => value.as_ref().is_some_and(&mut inside) || inside(place),
            Ast::Where { value, condition } => inside(value) || inside(condition),
            Ast::By { span, pane } => inside(span) || inside(pane),
            Ast::BarRange(_) | Ast::Name(_) | Ast::Text(_) | Ast::Moment(_) | Ast::Duration(_) => false,
            Ast::Int(_) | Ast::Float(_) | Ast::Bool(_) | Ast::Percent(_) | Ast::Measure { .. } => false,
        }
    }

    fn name_remembers(&mut self, owner: Owner, name: &str, depth: usize) -> bool {
        let spans = ["count", "ago", "since"].contains(&name);
        if spans || WindowKind::NAMES.iter().any(|(window, _)| *window == name) || pair_kind(name).is_some() {
            return true;
        }
        if depth == MAX_CALLS {
            return false;
        }
        let known = match self.global_of(owner, name) {
            Some(Global::Fn(owner, item)) => Some((owner, item)),
            Some(Global::Record(_)) => None,
            _ => self.library_function(name).map(|item| (Owner::Std, item)),
        };
        known.is_some_and(|(owner, item)| self.remembers(owner, item, depth + 1))
    }
}
