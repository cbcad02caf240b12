//! Sizes that are shares of the account, settled at the fill: `all_in(1)`, `equity(50%)`. They may be chosen and turned
//! around on their way to a size; nobody can count with them before.

use gbc_core::arithmetic::UnaryOp;

use crate::{ExprId, ExprKind, Program};

/// Whether each expression is a share of the account, or may come out as one.
pub fn shares(program: &Program) -> Vec<bool> {
    let mut is_share = vec![false; program.exprs.len()];
    for (index, expr) in program.exprs.iter().enumerate() {
        is_share[index] = match &expr.kind {
            ExprKind::Told(told, _) => told.is_share(),
            kind => handed_on(kind).iter().any(|id| is_share[id.0 as usize]),
        };
    }
    is_share
}

/// The operands that an expression may come out as, turned around at the most.
pub fn handed_on(kind: &ExprKind) -> Vec<ExprId> {
    match kind {
        ExprKind::If(_, then, otherwise) => vec![*then, *otherwise],
        ExprKind::Else(first, second) => vec![*first, *second],
        ExprKind::Unary(UnaryOp::Neg, value) => vec![*value],
        _ => Vec::new(),
    }
}

/// The shares that somebody counts with.
pub(crate) fn counted_with(program: &Program) -> Vec<ExprId> {
    let is_share = shares(program);
    let mut counted: Vec<ExprId> = Vec::new();
    let sizes: Vec<ExprId> = program.trades.iter().filter_map(|trade| trade.size).collect();
    let assigned = program.rules.iter().flat_map(|rule| rule.assigns()).map(|assign| assign.value);
    let exported = program.exports.iter().map(|export| export.value);
    let ordered = program.order_values().into_iter().filter(|id| !sizes.contains(id));
    counted.extend(assigned.chain(exported).chain(ordered));
    for id in crate::needed(program) {
        let kind = &program.expr(id).kind;
        let on = handed_on(kind);
        counted.extend(crate::operands(kind).filter(|part| !on.contains(part)));
    }
    let mut open: Vec<ExprId> = counted.into_iter().filter(|id| is_share[id.0 as usize]).collect();
    let mut seen = std::collections::BTreeSet::new();
    let mut found = Vec::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        match &program.expr(id).kind {
            ExprKind::Told(..) => found.push(id),
            kind => open.extend(handed_on(kind).into_iter().filter(|part| is_share[part.0 as usize])),
        }
    }
    found.sort();
    found
}
