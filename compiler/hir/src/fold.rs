//! Values known before the first event: literals, parameters, and what is computed from them.

use std::collections::BTreeMap;
use std::fmt;

use crate::{ExprId, ExprKind, Program, Ty};
use gbc_core::arithmetic::{self, BinaryOp, Class, UnaryOp};
use gbc_core::maths::canonical;

/// A value known before the run.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// True or false.
    Bool(bool),
    /// A whole number, ticks, or nanoseconds.
    Int(i64),
    /// A number.
    Num(f64),
}

impl Value {
    /// As a number; true is 1.
    pub fn to_f64(self) -> f64 {
        match self {
            Value::Bool(value) => f64::from(u8::from(value)),
            Value::Int(value) => value as f64,
            Value::Num(value) => value,
        }
    }

    /// Its bits, so that values compare and order totally.
    pub fn key(self) -> (u8, u64) {
        match self {
            Value::Bool(value) => (0, u64::from(value)),
            Value::Int(value) => (1, value as u64),
            Value::Num(value) => (2, value.to_bits()),
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Value {}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Value) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Value) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Bool(value) => write!(f, "{value}"),
            Value::Int(value) => write!(f, "{value}"),
            Value::Num(value) => write!(f, "{value:?}"),
        }
    }
}

/// The value of an expression under these parameters; `None` if it needs events, is undefined, or overflows.
///
/// Each part is folded once, however often it is read, and on no stack: equations may read each other at any depth.
pub fn fold(program: &Program, id: ExprId, params: &[Value]) -> Option<Value> {
    let mut known = BTreeMap::new();
    let mut open = vec![id];
    while let Some(id) = open.last().copied() {
        match folded(program, id, params, &known) {
            Ok(value) => {
                known.insert(id, value);
                open.pop();
            }
            Err(part) => open.push(part),
        }
    }
    known[&id].flatten()
}

/// What is known of an expression: its value, or that it has none. `None` if events decide, or it is beyond counting.
type Known = Option<Option<Value>>;

/// What is known of an expression whose parts were folded, or the part to be folded first.
///
/// All parts must be known, those too that a choice leaves out: every part is evaluated, and when each is known decides
/// when the whole is.
fn folded(program: &Program, id: ExprId, params: &[Value], known: &BTreeMap<ExprId, Known>) -> Result<Known, ExprId> {
    let part = |id: &ExprId| known.get(id).copied().ok_or(*id);
    Ok(match &program.expr(id).kind {
        ExprKind::Const(value) => Some(Some(*value)),
        ExprKind::Undefined => Some(None),
        ExprKind::Ticks(_, count) => Some(Some(Value::Int(*count))),
        ExprKind::Param(index) => params.get(*index).copied().map(Some),
        // Ticks become points only where the instrument is known.
        ExprKind::ToNum(value) if matches!(program.expr(*value).ty, Ty::Exact(_)) => None,
        ExprKind::ToNum(value) => part(value)?.map(|value| value.map(|value| Value::Num(value.to_f64()))),
        ExprKind::Unary(op, value) => part(value)?.and_then(|value| value.map_or(Some(None), |x| unary(*op, x))),
        ExprKind::Binary(op, left, right) => match (part(left)?, part(right)?) {
            (Some(Some(left)), Some(Some(right))) => binary(*op, left, right),
            // Logic may know the whole where a side is undefined.
            (Some(_), Some(_)) if !matches!(op, BinaryOp::And | BinaryOp::Or) => Some(None),
            _ => None,
        },
        ExprKind::If(condition, then, otherwise) => match (part(condition)?, part(then)?, part(otherwise)?) {
            (Some(condition), Some(then), Some(otherwise)) => Some(match condition {
                Some(Value::Bool(true)) => then,
                Some(_) => otherwise,
                None => None,
            }),
            _ => None,
        },
        ExprKind::Else(first, second) => match (part(first)?, part(second)?) {
            (Some(first), Some(second)) => Some(first.or(second)),
            _ => None,
        },
        _ => None,
    })
}

/// A value as a slot, and how it is kept there.
fn slot(value: Value) -> (Class, u64) {
    match value {
        Value::Bool(value) => (Class::Bool, u64::from(value)),
        Value::Int(value) => (Class::Whole, value as u64),
        Value::Num(value) => (Class::Num, canonical(value).to_bits()),
    }
}

/// The value in a slot; `None` if it is undefined.
fn value(class: Class, slot: u64) -> Option<Value> {
    match class {
        Class::Bool => (slot < 2).then_some(Value::Bool(slot == 1)),
        Class::Whole => (slot as i64 != i64::MIN).then_some(Value::Int(slot as i64)),
        Class::Num => (!f64::from_bits(slot).is_nan()).then_some(Value::Num(f64::from_bits(slot))),
    }
}

fn unary(op: UnaryOp, x: Value) -> Known {
    let (class, slot) = slot(x);
    Some(value(op.gives(class), arithmetic::unary(op, class, slot)?))
}

fn binary(op: BinaryOp, left: Value, right: Value) -> Known {
    let ((takes, a), (_, b)) = (slot(left), slot(right));
    let gives = if op.compares() { Class::Bool } else { takes };
    Some(value(gives, arithmetic::binary(op, takes, a, b)?))
}
