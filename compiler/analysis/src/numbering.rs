//! Which expressions are one: what is written twice has one value, so what is learnt of one holds for the other.

use std::collections::BTreeMap;

use gbc_hir::{ExprId, ExprKind, Program, Ty};

/// For each expression the first that is made alike of parts alike.
pub(crate) struct Numbering(Vec<ExprId>);

impl Numbering {
    pub(crate) fn new(program: &Program, needed: &[ExprId]) -> Numbering {
        let mut first: BTreeMap<(ExprKind, Ty), ExprId> = BTreeMap::new();
        let mut same: Vec<ExprId> = (0..program.exprs.len() as u32).map(ExprId).collect();
        for id in needed {
            let expr = program.expr(*id);
            let key = (alike(&expr.kind, |part| same[part.0 as usize]), expr.ty);
            same[id.0 as usize] = *first.entry(key).or_insert(*id);
        }
        Numbering(same)
    }

    /// The one that stands for all that are like it.
    pub(crate) fn of(&self, id: ExprId) -> ExprId {
        self.0[id.0 as usize]
    }
}

/// The same kind over other parts.
fn alike(kind: &ExprKind, part: impl Fn(ExprId) -> ExprId) -> ExprKind {
    use ExprKind as Kind;
    match *kind {
        Kind::Keep { cell, value, default } => Kind::Keep { cell, value: part(value), default },
        Kind::Since { value, event, default } => Kind::Since { value: part(value), event, default },
        Kind::Part { ref of, index } => Kind::Part { of: of.iter().map(|x| part(*x)).collect(), index },
        Kind::ToNum(x) => Kind::ToNum(part(x)),
        Kind::Unary(op, x) => Kind::Unary(op, part(x)),
        Kind::Binary(op, a, b) => Kind::Binary(op, part(a), part(b)),
        Kind::If(c, a, b) => Kind::If(part(c), part(a), part(b)),
        Kind::Else(a, b) => Kind::Else(part(a), part(b)),
        Kind::History { value, back, default } => Kind::History { value: part(value), back: part(back), default },
        Kind::Window { kind, value, length, default } => {
            Kind::Window { kind, value: part(value), length: part(length), default }
        }
        Kind::PairWindow { kind, values: [a, b], length, default } => {
            Kind::PairWindow { kind, values: [part(a), part(b)], length: part(length), default }
        }
        Kind::Span { kind, value, other, length, pane, session, life, default } => Kind::Span {
            kind,
            value: part(value),
            other: other.map(&part),
            length: part(length),
            pane: pane.map(&part),
            life: life.map(&part),
            session,
            default,
        },
        Kind::Sample(x, clock) => Kind::Sample(part(x), clock),
        ref leaf => leaf.clone(),
    }
}
