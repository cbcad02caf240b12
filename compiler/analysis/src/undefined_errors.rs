//! What is said of decisions that may be undefined.

use gbc_core::bars::BarField;
use gbc_core::window::WindowKind;
use gbc_diagnostics::{Diagnostic, Span};
use gbc_hir::{ExprId, ExprKind, Program, Ty};

use crate::defined::{Cause, Why};
use crate::errors::equation_at;

/// Why a value may be undefined, in words that follow its text.
pub fn why(program: &Program, cause: Cause) -> String {
    let words = match cause.why {
        Why::Divides(divisor) => {
            let text = program.text_at(program.expr(divisor).span);
            let text = if text.contains('\n') { "this" } else { text };
            return format!("divides by `{text}`, {}", when_zero(program, divisor));
        }
        Why::EmptyBook => "a side of the book may be empty",
        Why::NotForming => "no bar may be forming",
        Why::Closed => "the session may be closed",
        Why::NoPosition => "there may be no position",
        Why::LeftOut => "has no value at events that the condition leaves out",
        Why::EmptySession => "has no value before the first of a session",
        Why::Incomplete => "has no value until that start of the session is over",
        Why::EmptySpan => "has no value while nothing lies in its span",
        Why::NotYet => "has no value before that has been",
        Why::NoPower => "has no real value for some bases",
        Why::NoRoot => "has no root below zero",
        Why::NoLogarithm => "has no logarithm at zero and below",
        Why::Told(words) => words,
        Why::NoValue => "is undefined",
        Why::NoFirst => "has no first value to start from",
    };
    words.to_owned()
}

/// When a divisor is zero, as people would say it.
fn when_zero(program: &Program, divisor: ExprId) -> &'static str {
    match program.expr(divisor).kind {
        ExprKind::Window { kind: WindowKind::Stdev | WindowKind::MeanDeviation, .. } => "zero in a flat market",
        ExprKind::Bar(_, _, BarField::Volume) => "zero where nothing was traded",
        ExprKind::Param(index) if program.params[index].range.is_some() => "and its range holds zero",
        ExprKind::Param(_) => "which is zero",
        ExprKind::Const(_) => "which is zero",
        ExprKind::ToNum(inner) => when_zero(program, inner),
        ExprKind::Window { value, .. } if when_zero(program, value).contains("traded") => {
            "zero where nothing was traded"
        }
        _ => "which may be zero",
    }
}

/// A decision that may be undefined, by its value and where that is written.
pub(crate) fn may_be_undefined(program: &Program, what: &str, (id, at): (ExprId, Span), cause: Cause) -> Diagnostic {
    let named = equation_at(program, cause.span);
    let who = named.map_or("this".to_owned(), |equation| format!("`{}`", equation.name));
    let message = format!("{what} must always be decidable, and {who} may be undefined");
    let diagnostic = Diagnostic::error("E0207", message, cause.span, why(program, cause));
    let diagnostic = match named {
        _ if at.start <= cause.span.start && cause.span.end <= at.end => diagnostic,
        Some(equation) => {
            let line = program.text[..equation.span.start as usize].matches('\n').count() + 1;
            diagnostic.label(at, format!("decides here, by `{}` of line {line}", equation.name))
        }
        None => diagnostic.label(at, "decides here"),
    };
    if program.text_at(cause.span) == "prev" {
        let is_it = |expr: &&gbc_hir::Expr| expr.span == cause.span && matches!(expr.kind, ExprKind::Prev(_));
        let is_truth = program.exprs.iter().rfind(is_it).is_some_and(|expr| expr.ty == Ty::Bool);
        // With `or` one starts false, with `and` true: only the author knows which.
        if is_truth {
            return diagnostic.help("say where it starts: `(prev else false)` or `(prev else true)`");
        }
        let repair = "(prev else 0)";
        return diagnostic.help(format!("say where it starts: `{repair}`")).fix(cause.span, repair);
    }
    repaired(program, diagnostic, (id, at), named)
}

/// With a value of its own where there would be none.
fn repaired(
    program: &Program,
    diagnostic: Diagnostic,
    decision: (ExprId, Span),
    named: Option<&gbc_hir::Equation>,
) -> Diagnostic {
    // An `else` behind a record would need a record.
    let named = named.filter(|equation| !equation.is_field());
    let (id, value) = named.map_or(decision, |equation| (equation.value, equation.written));
    let text = program.text_at(value);
    let line = named.map_or("…".to_owned(), |equation| format!("let {} = {text}", equation.name));
    let line = if text.contains('\n') { "…".to_owned() } else { line };
    let Some(instead) = instead(program, program.expr(id).ty, named.is_some()) else {
        return diagnostic.help(format!("choose its value there: `{line} else …`"));
    };
    let end = Span { start: value.end, end: value.end };
    diagnostic.fix(end, format!(" else {instead}")).help(format!("choose its value there: `{line} else {instead}`"))
}

/// A neutral value of a type, `0` where lots are decided; `None` for what no one could choose but the author.
fn instead(program: &Program, ty: Ty, named: bool) -> Option<String> {
    match ty {
        Ty::Bool => Some("false".to_owned()),
        Ty::NUM if named => Some("0.0".to_owned()),
        Ty::Int | Ty::NUM => Some("0".to_owned()),
        Ty::Exact(market) => Some(format!("0 * {}.tick", program.markets[market].name)),
        Ty::Num(dim) if dim == gbc_hir::Dim::PRICE => {
            program.markets.first().map(|market| format!("0.0 * {}.tick", market.name))
        }
        Ty::Num(dim) if dim == gbc_hir::Dim::MONEY => Some("0 usd".to_owned()),
        _ => None,
    }
}
