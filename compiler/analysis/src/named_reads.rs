//! Which names an expression reads, as its author wrote them: what a person wants to see where it surprises.

use std::collections::BTreeSet;

use gbc_hir::{ExprId, ExprKind, Program};

use crate::operands;

/// More names than these explain nothing.
const MOST: usize = 12;

/// The equations, states, parameters and market members that an expression reads; behind them, those that its equations
/// read in turn.
pub fn named_reads(program: &Program, id: ExprId) -> Vec<(String, ExprId)> {
    let mut found = Vec::new();
    gather(program, id, true, &mut found);
    for (_, equation) in found.clone().into_iter().filter(|(name, id)| is_equation(program, name, *id)) {
        gather(program, equation, false, &mut found);
    }
    found.truncate(MOST);
    found
}

fn is_equation(program: &Program, name: &str, id: ExprId) -> bool {
    program.equations.iter().any(|equation| equation.value == id && equation.name == name)
}

/// Walks down to the first names. An equation's own name says nothing about what it is made of.
fn gather(program: &Program, top: ExprId, by_equation: bool, found: &mut Vec<(String, ExprId)>) {
    let (mut waiting, mut seen) = (vec![top], BTreeSet::new());
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let equations = by_equation || id != top;
        let apart = program.apart(id);
        match name(program, id, equations) {
            Some(name) if found.iter().any(|(known, _)| *known == name) => {}
            Some(name) => found.push((name, id)),
            // Of a record that reads its own past, only what makes this field.
            None if apart != id => waiting.push(apart),
            // What is read first comes first.
            None => waiting.extend(operands(&program.expr(id).kind).rev()),
        }
    }
}

fn name(program: &Program, id: ExprId, equations: bool) -> Option<String> {
    let equation = program.equations.iter().find(|equation| equations && equation.value == id);
    if let Some(equation) = equation {
        return Some(equation.name.clone());
    }
    let expr = program.expr(id);
    match expr.kind {
        ExprKind::Param(param) => Some(program.params[param].name.clone()),
        ExprKind::State(state) => Some(program.states[state].name.clone()),
        ExprKind::Const(_) | ExprKind::Ticks(..) | ExprKind::Prev(_) => None,
        _ => Some(program.text_at(expr.span)).filter(|text| is_member(text)).map(str::to_owned),
    }
}

/// `es.position`, `b.close`, `b.close[1]`
fn is_member(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ']');
    text.starts_with(char::is_alphabetic) && text.contains(['.', '[']) && text.chars().all(fits)
}
