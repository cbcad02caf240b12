//! Where the value of each kind of expression lies.

use gbc_core::Column;
use gbc_core::arithmetic::{BinaryOp, UnaryOp};
use gbc_core::bars::BarField;
use gbc_core::maths::{ceil, floor, round, sqrt};
use gbc_core::window::{PairKind, SpanKind, WindowKind};
use gbc_hir::{ExprId, ExprKind, Program, Ty, Value, ViewField};

use crate::Interval;
use crate::reading::{Env, Reader};

/// Where parameters lie. `free`: those without a range can be anything.
pub(crate) fn ranges(program: &Program, params: &[Value], free: bool) -> Vec<Interval> {
    let range = |(index, param): (usize, &gbc_hir::Param)| match &param.range {
        Some(range) => {
            let (low, high) = range.bounds();
            Interval::new(low, high)
        }
        None if free && param.ty == Ty::Bool => Interval::TRUTH,
        None if free => Interval::ANY,
        None => params.get(index).map_or(Interval::ANY, |value| constant(*value)),
    };
    program.params.iter().enumerate().map(range).collect()
}

fn constant(value: Value) -> Interval {
    match value {
        Value::Int(_) => Interval::exactly(value.to_f64()).whole(),
        _ => Interval::exactly(value.to_f64()),
    }
}

/// Where a value lies, if it has one.
pub(crate) fn interval(reader: &mut Reader, env: &mut Env, id: ExprId) -> Interval {
    let expr = reader.program.expr(id);
    let found = match expr.kind {
        ExprKind::Const(value) => constant(value),
        ExprKind::Ticks(_, count) => constant(Value::Int(count)),
        ExprKind::Param(index) => reader.params[index],
        ExprKind::Point(_) => Interval::SCALE,
        ExprKind::Row(_, _, Column::BidSz | Column::AskSz | Column::Sz)
        | ExprKind::Bar(_, _, BarField::Volume)
        | ExprKind::SinceOpen(_)
        | ExprKind::Age(..)
        | ExprKind::Since { .. }
        | ExprKind::View(_, ViewField::Orders | ViewField::Fills) => Interval::NOT_NEGATIVE,
        ExprKind::Row(_, _, Column::Side) => Interval::new(-1.0, 1.0),
        ExprKind::State(index) => reader.states[index],
        ExprKind::Prev(cell) => reader.cells[cell.0 as usize],
        ExprKind::Part { ref of, index } => reader.read(env, of[index]).interval,
        ExprKind::ToNum(value) => {
            let counted = reader.read(env, value).interval;
            if matches!(reader.program.expr(value).ty, Ty::Exact(_)) { scaled(counted) } else { counted }
        }
        ExprKind::Sample(value, _) | ExprKind::Keep { value, .. } | ExprKind::History { value, .. } => {
            reader.taken_in(value).interval
        }
        ExprKind::Unary(op, value) => mapped(op, reader.read(env, value).interval),
        ExprKind::Binary(op, a, b) => combined(reader, env, op, a, b),
        ExprKind::Else(a, b) => reader.read(env, a).interval.hull(reader.read(env, b).interval),
        ExprKind::Window { kind, value, length, .. } => {
            windowed(kind, reader.taken_in(value).interval, reader.read(env, length).interval)
        }
        ExprKind::Span { kind: SpanKind::Count, .. } => Interval::NOT_NEGATIVE,
        ExprKind::Span { kind: SpanKind::Ago, value, .. } => reader.taken_in(value).interval,
        ExprKind::Span { kind: SpanKind::Of(kind), value, .. } => {
            windowed(kind, reader.taken_in(value).interval, Interval::NOT_NEGATIVE)
        }
        ExprKind::Span { kind: SpanKind::OfTwo(PairKind::Corr), .. }
        | ExprKind::PairWindow { kind: PairKind::Corr, .. } => Interval::new(-1.0, 1.0),
        _ if expr.ty == Ty::Bool => Interval::TRUTH,
        _ => Interval::ANY,
    };
    if expr.ty.is_whole() && !found.is_empty() { found.whole() } else { found }
}

/// Ticks times an unknown tick: only the sign is known.
fn scaled(ticks: Interval) -> Interval {
    let sign = if ticks.is_empty() {
        ticks
    } else if ticks.low > 0.0 {
        Interval::TICKS
    } else if ticks.high < 0.0 {
        Interval::TICKS.negated()
    } else if ticks.low >= 0.0 {
        Interval::new(0.0, if ticks.high <= 0.0 { 0.0 } else { f64::INFINITY })
    } else {
        Interval::new(f64::NEG_INFINITY, if ticks.high <= 0.0 { 0.0 } else { f64::INFINITY })
    };
    Interval { not_zero: !ticks.holds(0.0), ..sign }
}

fn mapped(op: UnaryOp, x: Interval) -> Interval {
    if x.is_empty() {
        return x;
    }
    match op {
        UnaryOp::Neg => x.negated(),
        UnaryOp::Not => Interval::TRUE.plus(x.negated()),
        UnaryOp::Abs => x.size(),
        UnaryOp::Exp => x.exp(),
        UnaryOp::Log => x.log(),
        UnaryOp::Sqrt => x.through(sqrt),
        UnaryOp::Floor => x.through(floor),
        UnaryOp::Ceil => x.through(ceil),
        UnaryOp::Round => x.through(round),
        UnaryOp::ToInt => x,
    }
}

fn combined(reader: &mut Reader, env: &mut Env, op: BinaryOp, a: ExprId, b: ExprId) -> Interval {
    let (x, y) = (reader.read(env, a).interval, reader.read(env, b).interval);
    if x.is_empty() || y.is_empty() {
        return Interval::EMPTY;
    }
    let whole = reader.program.expr(a).ty.is_whole();
    match op {
        BinaryOp::Add => x.plus(y),
        BinaryOp::Sub => x.plus(y.negated()).meet(difference(reader, a, b)),
        BinaryOp::Mul => Interval { not_zero: whole && !x.holds(0.0) && !y.holds(0.0), ..x.times(y) },
        BinaryOp::Div => x.over(y).meet(share(reader, env, a, b)),
        BinaryOp::FloorDiv if y.holds(0.0) || (y.low < 0.0 && y.high > 0.0) => Interval::ANY,
        BinaryOp::FloorDiv => {
            let exact = x.over(y);
            // A whole quotient is not rounded before its fraction is dropped; that shows beyond 53 bits.
            let large = whole && x.size().high >= 9e15;
            let low = if large { exact.low.next_down() } else { exact.low };
            Interval::new(low, exact.high).through(floor)
        }
        BinaryOp::Mod => x.modulo(y),
        BinaryOp::Min => x.smaller(y),
        BinaryOp::Max => x.larger(y),
        BinaryOp::Pow => x.pow(y),
        BinaryOp::And => x.smaller(y),
        BinaryOp::Or => x.larger(y),
        op => x.compared(op, y).meet(ordered(reader, op, a, b)),
    }
}

/// What is known of a difference from what its sides are.
fn difference(reader: &Reader, a: ExprId, b: ExprId) -> Interval {
    match (reader.never_below(a, b), reader.never_below(b, a)) {
        (true, true) => Interval::exactly(0.0),
        (true, _) => Interval::NOT_NEGATIVE,
        (_, true) => Interval::NOT_NEGATIVE.negated(),
        _ => Interval::ANY,
    }
}

/// What is known of a comparison from what its sides are.
fn ordered(reader: &Reader, op: BinaryOp, a: ExprId, b: ExprId) -> Interval {
    let (above, below) = (reader.never_below(a, b), reader.never_below(b, a));
    match op {
        BinaryOp::Lt if above => Interval::FALSE,
        BinaryOp::Gt if below => Interval::FALSE,
        BinaryOp::Ge if above => Interval::TRUE,
        BinaryOp::Le if below => Interval::TRUE,
        BinaryOp::Eq if above && below => Interval::TRUE,
        BinaryOp::Ne if above && below => Interval::FALSE,
        _ => Interval::TRUTH,
    }
}

/// `100 * up / (up + down)`, of two that are not negative, lies between 0 and 100.
fn share(reader: &mut Reader, env: &mut Env, part: ExprId, of: ExprId) -> Interval {
    let program = reader.program;
    let ExprKind::Binary(BinaryOp::Add, p, q) = program.expr(of).kind else { return Interval::ANY };
    let (times, part) = match program.expr(part).kind {
        ExprKind::Binary(BinaryOp::Mul, a, b) => match reader.read(env, a).interval.single() {
            Some(times) => (times, b),
            None => (1.0, part),
        },
        _ => (1.0, part),
    };
    let one_of_two = reader.is_same(part, p) || reader.is_same(part, q);
    let positive = reader.read(env, p).interval.low >= 0.0 && reader.read(env, q).interval.low >= 0.0;
    let known = one_of_two && positive && times >= 0.0;
    if known { Interval::new(0.0, times).loosened() } else { Interval::ANY }
}

fn windowed(kind: WindowKind, x: Interval, length: Interval) -> Interval {
    if x.is_empty() {
        return x;
    }
    let sign = if x.low >= 0.0 { Interval::NOT_NEGATIVE } else { Interval::ANY };
    match kind {
        WindowKind::Stdev | WindowKind::MeanDeviation => Interval::NOT_NEGATIVE,
        WindowKind::PercentileRank => Interval::new(0.0, 100.0),
        WindowKind::Argmax | WindowKind::Argmin => Interval::new(0.0, length.high - 1.0),
        WindowKind::Highest | WindowKind::Lowest => x,
        WindowKind::Median => Interval { not_zero: false, ..x },
        WindowKind::Skew => Interval::ANY,
        // Rounding may carry a mean past its values by a hair, and what left the window leaves a hair behind.
        WindowKind::Mean | WindowKind::Wma => {
            let by = if x.low.abs() > x.high.abs() { x.low.abs() } else { x.high.abs() } * 1e-6;
            Interval::new(x.low - by, x.high + by).meet(sign)
        }
        WindowKind::Sum => sign,
    }
}
