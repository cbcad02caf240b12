//! What may be undefined once warmed up, and why; and the places where that is not allowed.
//!
//! A term with memory holds its value while its input is undefined, so it is defined once it has been.

use gbc_core::Column;
use gbc_core::arithmetic::{BinaryOp, UnaryOp};
use gbc_core::maths::{ceil, floor, round, sqrt};
use gbc_core::window::{PairKind, WindowKind};
use gbc_diagnostics::{Diagnostics, Span};
use gbc_hir::{ExprId, ExprKind, Program, Value, ViewField};

use crate::facts::Facts;
use crate::{Interval, errors, reach};

/// Why a value may be undefined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Where.
    pub span: Span,
    /// In words.
    pub text: String,
}

/// Fills in `interval` and `undefined`; reports decisions that may be undefined.
pub(crate) fn find(program: &Program, facts: &mut Facts, diagnostics: &mut Diagnostics) {
    for id in facts.needed.clone() {
        let interval = interval(program, facts, id);
        facts.of[id.0 as usize].interval = interval;
        let undefined = undefined(program, facts, id);
        facts.of[id.0 as usize].undefined = undefined;
    }
    for target in &program.targets {
        must_be_defined(program, facts, "a target", target.value, target.span, diagnostics);
    }
    for rule in &program.rules {
        for assign in &rule.assigns {
            let span = program.expr(assign.value).span;
            must_be_defined(program, facts, "what a state becomes", assign.value, span, diagnostics);
        }
    }
}

fn must_be_defined(program: &Program, facts: &Facts, what: &str, id: ExprId, at: Span, diagnostics: &mut Diagnostics) {
    let fact = facts.get(id);
    let never =
        || Cause { span: first_prev(program, id).unwrap_or(at), text: "has no first value to start from".to_owned() };
    if let Some(cause) = fact.undefined.clone().or_else(|| fact.warm_up.0.is_none().then(never)) {
        diagnostics.push(errors::may_be_undefined(program, what, at, &cause));
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

fn interval(program: &Program, facts: &Facts, id: ExprId) -> Interval {
    let of = |id: &ExprId| facts.get(*id).interval;
    match &program.expr(id).kind {
        ExprKind::Const(value) => Interval::exactly(value.to_f64()),
        ExprKind::Ticks(_, count) => Interval::exactly(*count as f64),
        ExprKind::Param(index) => {
            let param = &program.params[*index];
            let (low, high) =
                param.range.as_ref().map_or((param.default.to_f64(), param.default.to_f64()), |range| range.bounds());
            Interval { low, high }
        }
        ExprKind::Point(_) => Interval::SCALE,
        ExprKind::Row(_, _, Column::BidSz | Column::AskSz | Column::TradeSz)
        | ExprKind::Bar(_, _, gbc_core::bars::BarField::Volume) => Interval::NOT_NEGATIVE,
        ExprKind::View(_, ViewField::Orders | ViewField::Fills) => Interval::NOT_NEGATIVE,
        ExprKind::ToNum(value) if matches!(program.expr(*value).ty, gbc_hir::Ty::Exact(_)) => scaled(of(value)),
        ExprKind::ToNum(value)
        | ExprKind::Sample(value, _)
        | ExprKind::Keep { value, .. }
        | ExprKind::History { value, .. } => of(value),
        ExprKind::Unary(op, value) => match op {
            UnaryOp::Neg => of(value).negated(),
            UnaryOp::Abs => of(value).size(),
            UnaryOp::Exp => Interval::NOT_NEGATIVE,
            UnaryOp::Sqrt => of(value).through(sqrt),
            UnaryOp::Floor => of(value).through(floor),
            UnaryOp::Ceil => of(value).through(ceil),
            UnaryOp::Round => of(value).through(round),
            UnaryOp::ToInt => of(value),
            UnaryOp::Log | UnaryOp::Not => Interval::ANY,
        },
        ExprKind::Binary(op, a, b) => match op {
            BinaryOp::Add => of(a).plus(of(b)),
            BinaryOp::Sub => of(a).plus(of(b).negated()),
            BinaryOp::Mul => of(a).times(of(b)),
            BinaryOp::Div => of(a).over(of(b)),
            BinaryOp::Min => of(a).smaller(of(b)),
            BinaryOp::Max => of(a).larger(of(b)),
            _ => Interval::ANY,
        },
        ExprKind::If(_, a, b) | ExprKind::Else(a, b) => of(a).hull(of(b)),
        ExprKind::Window { kind, value, .. } => match kind {
            WindowKind::Stdev | WindowKind::MeanDeviation => Interval::NOT_NEGATIVE,
            WindowKind::PercentileRank | WindowKind::Argmax | WindowKind::Argmin => Interval::NOT_NEGATIVE,
            WindowKind::Skew => Interval::ANY,
            // Rounding may carry a mean past its values by a hair; only its sign is certain.
            WindowKind::Sum
            | WindowKind::Mean
            | WindowKind::Wma
            | WindowKind::Median
            | WindowKind::Highest
            | WindowKind::Lowest => {
                if of(value).low >= 0.0 {
                    Interval::NOT_NEGATIVE
                } else {
                    Interval::ANY
                }
            }
        },
        ExprKind::PairWindow { kind: PairKind::Corr, .. } => Interval { low: -1.0, high: 1.0 },
        _ => Interval::ANY,
    }
}

/// Ticks times an unknown tick: only the sign is known.
fn scaled(ticks: Interval) -> Interval {
    if ticks.low > 0.0 {
        Interval::SCALE
    } else if ticks.low >= 0.0 {
        Interval::NOT_NEGATIVE
    } else {
        Interval::ANY
    }
}

fn undefined(program: &Program, facts: &Facts, id: ExprId) -> Option<Cause> {
    let expr = program.expr(id);
    let below = |ids: &[ExprId]| ids.iter().find_map(|id| facts.get(*id).undefined.clone());
    let cause = |text: &str| Some(Cause { span: expr.span, text: text.to_owned() });
    let divisor = |b: &ExprId| {
        let zero = facts.get(*b).interval.holds(0.0);
        zero.then(|| Cause { span: program.expr(*b).span, text: "divides by this, which may be zero".to_owned() })
    };
    match &expr.kind {
        ExprKind::Row(_, _, Column::BidPx | Column::AskPx) => cause("a side of the book may be empty"),
        ExprKind::View(_, ViewField::AvgPrice) => cause("there may be no position"),
        ExprKind::Keep { .. }
        | ExprKind::History { .. }
        | ExprKind::Window { .. }
        | ExprKind::PairWindow { .. }
        | ExprKind::Prev(_) => None,
        ExprKind::Else(_, second) => below(&[*second]),
        ExprKind::Binary(BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Mod, a, b) => {
            below(&[*a, *b]).or_else(|| divisor(b))
        }
        ExprKind::Binary(BinaryOp::Pow, a, b) => below(&[*a, *b]).or_else(|| {
            if facts.get(*a).interval.low > 0.0 { None } else { cause("has no real value for some bases") }
        }),
        ExprKind::Unary(UnaryOp::Sqrt, x) if facts.get(*x).interval.low < 0.0 => {
            below(&[*x]).or_else(|| cause("has no root below zero"))
        }
        ExprKind::Unary(UnaryOp::Log, x) if facts.get(*x).interval.low <= 0.0 => {
            below(&[*x]).or_else(|| cause("has no logarithm at zero and below"))
        }
        // A constant that is undefined folds to nothing and is undefined for good.
        ExprKind::Const(Value::Num(x)) if x.is_nan() => cause("is undefined"),
        kind => below(&reach::operands(kind)),
    }
}
