//! Values known before the first event: literals, parameters, and what is computed from them.

use std::fmt;

use gbc_core::maths;

use crate::{BinaryOp, ExprId, ExprKind, Program, Ty, UnaryOp};

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
pub fn fold(program: &Program, id: ExprId, params: &[Value]) -> Option<Value> {
    let fold = |id: &ExprId| self::fold(program, *id, params);
    match &program.expr(id).kind {
        ExprKind::Const(value) => Some(*value),
        ExprKind::Ticks(_, count) => Some(Value::Int(*count)),
        ExprKind::Param(index) => params.get(*index).copied(),
        // Ticks become points only where the instrument is known.
        ExprKind::ToNum(value) if matches!(program.expr(*value).ty, Ty::Exact(_)) => None,
        ExprKind::ToNum(value) => Some(Value::Num(fold(value)?.to_f64())),
        ExprKind::Unary(op, value) => unary(*op, fold(value)?),
        ExprKind::Binary(op, left, right) => binary(*op, fold(left)?, fold(right)?),
        ExprKind::If(condition, then, otherwise) => match fold(condition)? {
            Value::Bool(true) => fold(then),
            _ => fold(otherwise),
        },
        ExprKind::Else(first, second) => fold(first).or_else(|| fold(second)),
        _ => None,
    }
}

fn unary(op: UnaryOp, value: Value) -> Option<Value> {
    Some(match (op, value) {
        (UnaryOp::Not, Value::Bool(x)) => Value::Bool(!x),
        (UnaryOp::Neg, Value::Int(x)) => Value::Int(x.checked_neg()?),
        (UnaryOp::Abs, Value::Int(x)) => Value::Int(x.checked_abs()?),
        (_, Value::Int(x)) => return unary(op, Value::Num(x as f64)),
        (_, Value::Num(x)) => defined(number(op, x))?,
        (_, Value::Bool(_)) => return None,
    })
}

/// What an operation does to a number.
pub(crate) fn number(op: UnaryOp, x: f64) -> f64 {
    match op {
        UnaryOp::Neg | UnaryOp::Not => -x,
        UnaryOp::Abs => x.abs(),
        UnaryOp::Floor => maths::floor(x),
        UnaryOp::Ceil => maths::ceil(x),
        UnaryOp::Round => maths::round(x),
        UnaryOp::Sqrt => maths::sqrt(x),
        UnaryOp::Exp => maths::exp(x),
        UnaryOp::Log => maths::log(x),
    }
}

fn defined(x: f64) -> Option<Value> {
    (!x.is_nan()).then_some(Value::Num(x))
}

fn binary(op: BinaryOp, left: Value, right: Value) -> Option<Value> {
    match (left, right) {
        (Value::Bool(a), Value::Bool(b)) => Some(Value::Bool(match op {
            BinaryOp::And => a && b,
            BinaryOp::Or => a || b,
            BinaryOp::Eq => a == b,
            BinaryOp::Ne => a != b,
            _ => return None,
        })),
        (Value::Int(a), Value::Int(b)) => whole(op, a, b),
        (a, b) => numbers(op, a.to_f64(), b.to_f64()),
    }
}

fn whole(op: BinaryOp, a: i64, b: i64) -> Option<Value> {
    Some(match op {
        BinaryOp::Add => Value::Int(a.checked_add(b)?),
        BinaryOp::Sub => Value::Int(a.checked_sub(b)?),
        BinaryOp::Mul => Value::Int(a.checked_mul(b)?),
        BinaryOp::Min => Value::Int(a.min(b)),
        BinaryOp::Max => Value::Int(a.max(b)),
        BinaryOp::Eq => Value::Bool(a == b),
        BinaryOp::Ne => Value::Bool(a != b),
        BinaryOp::Lt => Value::Bool(a < b),
        BinaryOp::Le => Value::Bool(a <= b),
        BinaryOp::Gt => Value::Bool(a > b),
        BinaryOp::Ge => Value::Bool(a >= b),
        BinaryOp::FloorDiv => Value::Int(maths::whole_floor_divide(a, b)?),
        BinaryOp::Mod => Value::Int(maths::whole_modulo(a, b)?),
        BinaryOp::Div | BinaryOp::Pow | BinaryOp::And | BinaryOp::Or => return numbers(op, a as f64, b as f64),
    })
}

fn numbers(op: BinaryOp, a: f64, b: f64) -> Option<Value> {
    let truth = match op {
        BinaryOp::Eq => a == b,
        BinaryOp::Ne => a != b,
        BinaryOp::Lt => a < b,
        BinaryOp::Le => a <= b,
        BinaryOp::Gt => a > b,
        BinaryOp::Ge => a >= b,
        BinaryOp::Add => return defined(a + b),
        BinaryOp::Sub => return defined(a - b),
        BinaryOp::Mul => return defined(a * b),
        BinaryOp::Div => return defined(maths::divide(a, b)),
        BinaryOp::FloorDiv => return defined(maths::floor_divide(a, b)),
        BinaryOp::Mod => return defined(maths::modulo(a, b)),
        BinaryOp::Pow => return defined(maths::pow(a, b)),
        BinaryOp::Min => return defined(maths::min(a, b)),
        BinaryOp::Max => return defined(maths::max(a, b)),
        BinaryOp::And | BinaryOp::Or => return None,
    };
    Some(Value::Bool(truth))
}
