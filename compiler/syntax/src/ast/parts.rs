//! What an expression of the text is made of.

use gbc_diagnostics::Span;

use super::{ExprId, ExprKind, File, Name};

impl ExprKind {
    /// Its parts, in the order of the text.
    pub fn parts(&self) -> Vec<ExprId> {
        match self {
            ExprKind::Unary { value, .. } | ExprKind::Named { value, .. } | ExprKind::BarRange(value) => vec![*value],
            ExprKind::Binary { left, right, .. } => vec![*left, *right],
            ExprKind::If { condition, then, otherwise } => vec![*condition, *then, *otherwise],
            ExprKind::Call { callee, args } => std::iter::once(*callee).chain(args.iter().copied()).collect(),
            ExprKind::Index { base, index } => vec![*base, *index],
            ExprKind::Member { base, .. } => vec![*base],
            ExprKind::Record(fields) => fields.iter().map(|(_, value)| *value).collect(),
            ExprKind::In { value, place } => value.iter().copied().chain([*place]).collect(),
            ExprKind::Where { value, condition } => vec![*value, *condition],
            ExprKind::By { span, pane } => vec![*span, *pane],
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Bool(_)
            | ExprKind::Text(_)
            | ExprKind::Duration(_)
            | ExprKind::Moment(_)
            | ExprKind::Percent(_)
            | ExprKind::Measure { .. }
            | ExprKind::Name(_)
            | ExprKind::Prev => Vec::new(),
        }
    }
}

impl File {
    /// A name and the members that are taken of it, one of the other: `x`, `x.f`, `x.f.g`.
    pub fn path(&self, mut id: ExprId) -> Option<(&str, Vec<&Name>)> {
        let mut members = Vec::new();
        loop {
            match &self.expr(id).kind {
                ExprKind::Name(name) => {
                    members.reverse();
                    return Some((name, members));
                }
                ExprKind::Member { base, name } => {
                    members.push(name);
                    id = *base;
                }
                _ => return None,
            }
        }
    }

    /// The first place in an expression that reads this name.
    pub fn reads(&self, id: ExprId, name: &str) -> Option<Span> {
        let expr = self.expr(id);
        match &expr.kind {
            ExprKind::Name(found) if found == name => Some(expr.span),
            kind => kind.parts().into_iter().find_map(|part| self.reads(part, name)),
        }
    }
}
