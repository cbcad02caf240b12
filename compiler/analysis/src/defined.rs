//! What may be undefined once warmed up, and why; and the places where that is not allowed.
//!
//! A term with memory holds its value while its input is undefined, so it is defined once it has been.

use gbc_core::Column;
use gbc_core::arithmetic::{BinaryOp, UnaryOp};
use gbc_core::window::SpanKind;
use gbc_diagnostics::{Diagnostics, Span};
use gbc_hir::{ExprId, ExprKind, Program, Value, ViewField};

use crate::bodies::{Statement, statements};
use crate::facts::Facts;
use crate::reading::{Env, Reader};
use crate::{Interval, reach, undefined_errors};

/// Why a value may be undefined, and where that comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Where.
    pub span: Span,
    /// Why.
    pub why: Why,
}

/// Why a value may be undefined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is divided by this, which may be zero.
    Divides(ExprId),
    /// A side of the book may be empty.
    EmptyBook,
    /// No bar may be forming.
    NotForming,
    /// The session may be closed.
    Closed,
    /// There may be no position.
    NoPosition,
    /// A filter may leave it out.
    LeftOut,
    /// Nothing may lie in its span.
    EmptySpan,
    /// Nothing may have happened in its session yet.
    EmptySession,
    /// The start of its session may not be over yet.
    Incomplete,
    /// It may not have been true yet.
    NotYet,
    /// Some bases have no such power.
    NoPower,
    /// There is no root below zero.
    NoRoot,
    /// There is no logarithm at zero and below.
    NoLogarithm,
    /// What the account or an order tells may be missing, in these words.
    Told(&'static str),
    /// A constant without a value.
    NoValue,
    /// It is built on its own past and never starts.
    NoFirst,
}

/// Fills in `interval` and `undefined`.
pub(crate) fn find(reader: &Reader, facts: &mut Facts) {
    for id in facts.needed.clone() {
        let seen = reader.base[id.0 as usize];
        let fact = &mut facts.of[id.0 as usize];
        (fact.interval, fact.undefined) = (seen.interval, seen.undefined);
    }
}

/// Reports decisions that may be undefined.
pub(crate) fn require(program: &Program, reader: &mut Reader, facts: &Facts, diagnostics: &mut Diagnostics) {
    for target in &program.targets {
        must_be_defined(program, facts, "a target", target.value, target.span, diagnostics);
    }
    for (what, decision) in program.order_decisions() {
        must_be_defined(program, facts, what, decision.value, decision.span, diagnostics);
    }
    reader.refill(20 * facts.needed.len() + 1_000);
    for rule in &program.rules {
        for (mut env, statement) in statements(reader, program, rule) {
            let (what, id) = match statement {
                Statement::Condition(id) => ("an `if`", id),
                Statement::Becomes(id) => ("what a state becomes", id),
                Statement::Exports(_) => continue,
            };
            // What is known here may rule out what makes it undefined elsewhere.
            let here = reader.read(&mut env, id).undefined;
            if facts.get(id).undefined.is_none() || here.is_some() {
                must_be_defined(program, facts, what, id, program.expr(id).span, diagnostics);
            }
        }
    }
}

fn must_be_defined(program: &Program, facts: &Facts, what: &str, id: ExprId, at: Span, diagnostics: &mut Diagnostics) {
    let fact = facts.get(id);
    let never = || Cause { span: first_prev(program, id).unwrap_or(at), why: Why::NoFirst };
    if let Some(cause) = fact.undefined.or_else(|| fact.warm_up.0.is_none().then(never)) {
        diagnostics.push(undefined_errors::may_be_undefined(program, what, (id, at), cause));
    }
}

fn first_prev(program: &Program, id: ExprId) -> Option<Span> {
    let mut open = vec![id];
    let mut seen = std::collections::BTreeSet::new();
    while let Some(id) = open.pop() {
        let expr = program.expr(id);
        if matches!(expr.kind, ExprKind::Prev(_)) {
            return Some(expr.span);
        }
        if seen.insert(id) {
            open.extend(reach::operands(&expr.kind));
        }
    }
    None
}

/// Whether a value may be undefined because there is no position, whatever else it may lack.
pub fn needs_position(program: &Program, facts: &Facts, id: ExprId) -> bool {
    let mut open = vec![id];
    let mut seen = std::collections::BTreeSet::new();
    while let Some(id) = open.pop() {
        // What an `else` or a memory makes up for is not missing.
        if facts.get(id).undefined.is_none() || !seen.insert(id) {
            continue;
        }
        let kind = &program.expr(id).kind;
        if is_of_position(kind) {
            return true;
        }
        open.extend(reach::operands(kind));
    }
    false
}

fn is_of_position(kind: &ExprKind) -> bool {
    matches!(kind, ExprKind::View(_, ViewField::AvgPrice) | ExprKind::Life(_) | ExprKind::Span { life: Some(_), .. })
}

/// Why a value may be undefined once warmed up; `if`, `and` and `or` are read elsewhere.
pub(crate) fn undefined(reader: &mut Reader, env: &mut Env, id: ExprId) -> Option<Cause> {
    let expr = reader.program.expr(id);
    let cause = |why| Some(Cause { span: expr.span, why });
    match expr.kind {
        ExprKind::Row(_, _, Column::BidPx | Column::AskPx) => cause(Why::EmptyBook),
        ExprKind::SinceOpen(_) => cause(Why::Closed),
        ExprKind::Since { .. } => cause(Why::NotYet),
        ExprKind::Forming(..) => cause(Why::NotForming),
        ref kind if is_of_position(kind) => cause(Why::NoPosition),
        ExprKind::Keep { .. }
        | ExprKind::History { .. }
        | ExprKind::Window { .. }
        | ExprKind::PairWindow { .. }
        | ExprKind::Prev(_) => None,
        ExprKind::Part { ref of, index } => reader.read(env, of[index]).undefined,
        ExprKind::Undefined => cause(Why::LeftOut),
        // What is old enough stays; before anything is, it is the warm-up.
        ExprKind::Span { session: Some(_), length, kind, .. } => {
            let all = reader.read(env, length).interval.single() == Some(0.0);
            let counts = all && kind.counts_nothing();
            if counts { None } else { cause(if all { Why::EmptySession } else { Why::Incomplete }) }
        }
        ExprKind::Span { kind, .. } if kind.counts_nothing() || kind == SpanKind::Ago => None,
        ExprKind::Span { .. } => cause(Why::EmptySpan),
        ExprKind::Else(_, second) => reader.read(env, second).undefined,
        ExprKind::Told(told, _) if told.fills_in() => None,
        ExprKind::Told(told, ref values) => {
            let below = values.iter().find_map(|value| reader.read(env, *value).undefined);
            below.or_else(|| told.missing().and_then(|words| cause(Why::Told(words))))
        }
        // A constant that is undefined folds to nothing and is undefined for good.
        ExprKind::Const(Value::Num(x)) if x.is_nan() => cause(Why::NoValue),
        ref kind => {
            let below = reach::operands(kind).find_map(|part| reader.read(env, part).undefined);
            below.or_else(|| {
                let lies = |reader: &mut Reader, id| reader.read(env, id).interval;
                own(reader, kind, lies).map(|(at, why)| Cause { span: reader.program.expr(at.unwrap_or(id)).span, why })
            })
        }
    }
}

/// Why an operation may have no value though its operands have; and the operand to blame.
fn own(
    reader: &mut Reader,
    kind: &ExprKind,
    mut lies: impl FnMut(&mut Reader, ExprId) -> Interval,
) -> Option<(Option<ExprId>, Why)> {
    match *kind {
        ExprKind::Binary(BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Mod, _, b) => {
            lies(reader, b).holds(0.0).then_some((Some(b), Why::Divides(b)))
        }
        ExprKind::Binary(BinaryOp::Pow, a, b) => {
            let real = lies(reader, a).low >= 0.0 || lies(reader, b).single().is_some_and(|n| n % 1.0 == 0.0);
            (!real).then_some((None, Why::NoPower))
        }
        ExprKind::Unary(UnaryOp::Sqrt, x) => (lies(reader, x).low < 0.0).then_some((None, Why::NoRoot)),
        ExprKind::Unary(UnaryOp::Log, x) => (lies(reader, x).low <= 0.0).then_some((None, Why::NoLogarithm)),
        _ => None,
    }
}
