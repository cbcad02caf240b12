//! Why a value is missing at a moment: the deepest part that has none, and what that waits for.

use gbc_core::Column;
use gbc_core::arithmetic::{BinaryOp, UnaryOp};
use gbc_hir::{Clock, ExprId, ExprKind, ViewField};
use gbc_ir::{ClockId, Question, clock_text};

use crate::why::Still;

/// Why something that is undefined is, in words that follow it.
pub(crate) fn reason(still: &Still<'_>, question: &Question, id: ExprId) -> String {
    let way = way_down(still, question, id);
    // The nearer to the bottom, the less is left to wait for.
    if let Some((id, waits)) = way.iter().rev().find_map(|id| Some((*id, warming(still, *id)?))) {
        return format!("{}{waits}", named(still, id));
    }
    let id = way.last().copied().unwrap_or(id);
    format!("{}{}", named(still, id), of_kind(still, question, id))
}

/// From a value down to where it comes from: a part without a value whose own parts all have one.
fn way_down(still: &Still<'_>, question: &Question, top: ExprId) -> Vec<ExprId> {
    let (mut id, mut way) = (top, vec![top]);
    loop {
        let missing = |part: &ExprId| question.seen.contains_key(part) && still.value(question, *part).is_none();
        let next = match still.program.expr(id).kind {
            ExprKind::If(condition, then, otherwise) => match still.value(question, condition) {
                None => Some(condition).filter(missing),
                Some(0.0) => Some(otherwise).filter(missing),
                Some(_) => Some(then).filter(missing),
            },
            ref kind => gbc_analysis::operands(kind).find(missing),
        };
        match next {
            Some(next) => id = next,
            None => return way,
        }
        way.push(id);
    }
}

/// How the part is written, if that is short enough to be said.
fn named(still: &Still<'_>, id: ExprId) -> String {
    let equation = still.program.equations.iter().find(|equation| equation.value == id);
    let written = still.program.text_at(still.program.expr(id).span);
    let text = equation.map_or(written, |equation| &equation.name);
    if text.is_empty() || text.contains('\n') || text.len() > 60 { String::new() } else { format!("`{text}` ") }
}

/// What is still to come before it can have a first value.
fn warming(still: &Still<'_>, id: ExprId) -> Option<String> {
    let needs = still.facts.get(id).warm_up.0.as_ref()?;
    let (clock, needed) =
        needs.iter().find(|(clock, needed)| still.ticks.get(clock.0 as usize).is_some_and(|came| came < *needed))?;
    let (came, named) = (still.ticks[clock.0 as usize], clock_text(still.flow, still.flow.clocks[clock.0 as usize]));
    Some(match (came, needed) {
        (0, 1) => format!("waits for the first of {}", of_clock(still, *clock, &named)),
        (0, _) => format!("is warming up: it needs {needed} of {named}, and none came yet"),
        _ => {
            let left = needed - came;
            let are = if left == 1 { "is" } else { "are" };
            format!("is warming up: it needs {needed} of {named}, {came} came, {left} {are} missing")
        }
    })
}

fn of_clock(still: &Still<'_>, clock: ClockId, named: &str) -> String {
    match still.flow.clocks[clock.0 as usize] {
        Clock::Bars(_) => format!("{named}, which has not closed yet"),
        Clock::Quotes(_) | Clock::Trades(_) | Clock::Any(_) => format!("{named}: none came yet"),
        _ => named.to_owned(),
    }
}

/// Why a value that could be there is not.
fn of_kind(still: &Still<'_>, question: &Question, id: ExprId) -> String {
    let words = match &still.program.expr(id).kind {
        ExprKind::Row(_, _, Column::BidPx | Column::AskPx | Column::BidSz | Column::AskSz) => {
            "has no value: that side of the book is empty"
        }
        ExprKind::Row(..) => "has no value in the last row",
        ExprKind::Forming(..) => "has no value: no bar is forming",
        ExprKind::View(_, ViewField::AvgPrice) | ExprKind::Life(_) => "has no value: there is no position",
        ExprKind::SinceOpen(_) => "has no value: the session is closed",
        ExprKind::Since { .. } => "has no value: that has not been yet",
        ExprKind::Span { life: Some(_), .. } => "has no value: there is no position",
        ExprKind::Span { session: Some(_), .. } => "has no value yet in this session",
        ExprKind::Span { .. } => "has no value: nothing lies in its span",
        ExprKind::Undefined => "has no value: its condition leaves this event out",
        ExprKind::Binary(BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Mod, _, by)
            if still.value(question, *by) == Some(0.0) =>
        {
            "has no value: it divides by zero"
        }
        ExprKind::Binary(BinaryOp::Pow, ..) => "has no value: there is no such power",
        ExprKind::Unary(UnaryOp::Sqrt, _) => "has no value: there is no root below zero",
        ExprKind::Unary(UnaryOp::Log, _) => "has no value: there is no logarithm at zero and below",
        ExprKind::Told(told, _) if told.missing().is_some() => "has no value: there is no such order",
        ExprKind::History { .. } | ExprKind::Keep { .. } | ExprKind::Prev(_) => {
            "has no value: its past is not there yet"
        }
        ExprKind::Window { .. } | ExprKind::PairWindow { .. } => "has no value: too few values went in yet",
        _ => "has no value",
    };
    words.to_owned()
}
