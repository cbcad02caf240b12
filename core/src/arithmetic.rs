//! Arithmetic on slots: what an operation gives, bit for bit, for whoever runs it.
//!
//! Constants are folded, programs interpreted and native code checked by these very functions. A slot is 64 bits: a
//! number's own, a whole number's (`i64::MIN` is undefined), or 0, 1 and 2 for false, true and undefined.

use crate::maths::{self, canonical};

/// One operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnaryOp {
    /// Minus.
    Neg,
    /// Not.
    Not,
    /// Size without sign.
    Abs,
    /// Down to a whole number.
    Floor,
    /// Up to a whole number.
    Ceil,
    /// To the nearest whole number, halves away from zero.
    Round,
    /// Square root.
    Sqrt,
    /// Natural exponential.
    Exp,
    /// Natural logarithm.
    Log,
    /// A number without fraction as a whole number.
    ToInt,
}

impl UnaryOp {
    /// Every operation with its name in printed programs.
    pub const NAMES: [(&'static str, UnaryOp); 10] = [
        ("neg", UnaryOp::Neg),
        ("not", UnaryOp::Not),
        ("abs", UnaryOp::Abs),
        ("floor", UnaryOp::Floor),
        ("ceil", UnaryOp::Ceil),
        ("round", UnaryOp::Round),
        ("sqrt", UnaryOp::Sqrt),
        ("exp", UnaryOp::Exp),
        ("log", UnaryOp::Log),
        ("to_int", UnaryOp::ToInt),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        UnaryOp::NAMES[self as usize].0
    }

    /// Those that are functions of the language, which calls them by the same names.
    pub fn functions() -> impl Iterator<Item = (&'static str, UnaryOp)> {
        let is_written_otherwise = |op| matches!(op, UnaryOp::Neg | UnaryOp::Not | UnaryOp::ToInt);
        UnaryOp::NAMES.into_iter().filter(move |(_, op)| !is_written_otherwise(*op))
    }

    /// Whether there are operands for which it has no result.
    pub fn may_fault(self) -> bool {
        self == UnaryOp::ToInt
    }

    /// How the result is kept, by how the operand is.
    pub fn gives(self, takes: Class) -> Class {
        if self == UnaryOp::ToInt { Class::Whole } else { takes }
    }
}

/// Two operands of one class: both whole, both numbers, or both true-or-false.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BinaryOp {
    /// Sum.
    Add,
    /// Difference.
    Sub,
    /// Product.
    Mul,
    /// Quotient of numbers.
    Div,
    /// Quotient rounded down.
    FloorDiv,
    /// What floor division leaves.
    Mod,
    /// Power.
    Pow,
    /// The smaller.
    Min,
    /// The larger.
    Max,
    /// Equal.
    Eq,
    /// Unequal.
    Ne,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Both.
    And,
    /// Either.
    Or,
}

impl BinaryOp {
    /// Every operation with its name in printed programs.
    pub const NAMES: [(&'static str, BinaryOp); 17] = [
        ("add", BinaryOp::Add),
        ("sub", BinaryOp::Sub),
        ("mul", BinaryOp::Mul),
        ("div", BinaryOp::Div),
        ("floor_div", BinaryOp::FloorDiv),
        ("mod", BinaryOp::Mod),
        ("pow", BinaryOp::Pow),
        ("min", BinaryOp::Min),
        ("max", BinaryOp::Max),
        ("eq", BinaryOp::Eq),
        ("ne", BinaryOp::Ne),
        ("lt", BinaryOp::Lt),
        ("le", BinaryOp::Le),
        ("gt", BinaryOp::Gt),
        ("ge", BinaryOp::Ge),
        ("and", BinaryOp::And),
        ("or", BinaryOp::Or),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        BinaryOp::NAMES[self as usize].0
    }

    /// Those that are functions of the language, which calls them by the same names; the others have signs and words.
    pub fn functions() -> impl Iterator<Item = (&'static str, BinaryOp)> {
        let is_function = |op| matches!(op, BinaryOp::Min | BinaryOp::Max | BinaryOp::Pow);
        BinaryOp::NAMES.into_iter().filter(move |(_, op)| is_function(*op))
    }

    /// Whether it compares.
    pub fn compares(self) -> bool {
        matches!(self, BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge)
    }

    /// Whether there are operands of this class for which it has no result.
    pub fn may_fault(self, takes: Class) -> bool {
        takes == Class::Whole && matches!(self, BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul)
    }
}

/// How a value is kept in its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// True, false or undefined.
    Bool,
    /// A whole number, ticks, or nanoseconds.
    Whole,
    /// A number.
    Num,
}

const UNDEFINED_BOOL: u64 = 2;
const UNDEFINED_INT: i64 = i64::MIN;

/// One operand; `None` is a whole number beyond counting.
#[inline]
pub fn unary(op: UnaryOp, class: Class, x: u64) -> Option<u64> {
    match class {
        Class::Num if op == UnaryOp::ToInt => to_int(f64::from_bits(x)).map(|x| x as u64),
        Class::Bool => Some(if x == UNDEFINED_BOOL { x } else { 1 - x }),
        Class::Whole => whole_unary(op, x as i64).map(|x| x as u64),
        Class::Num => Some(number_unary(op, f64::from_bits(x)).to_bits()),
    }
}

#[inline]
fn whole_unary(op: UnaryOp, x: i64) -> Option<i64> {
    if x == UNDEFINED_INT {
        return Some(x);
    }
    // i64::MIN is taken, so neither can overflow.
    Some(if op == UnaryOp::Abs { x.abs() } else { -x })
}

#[inline]
fn number_unary(op: UnaryOp, x: f64) -> f64 {
    match op {
        UnaryOp::Neg | UnaryOp::Not => canonical(-x),
        UnaryOp::Abs => canonical(x.abs()),
        UnaryOp::Floor => maths::floor(x),
        UnaryOp::Ceil => maths::ceil(x),
        UnaryOp::Round => maths::round(x),
        UnaryOp::Sqrt => maths::sqrt(x),
        UnaryOp::Exp => maths::exp(x),
        UnaryOp::Log => maths::log(x),
        UnaryOp::ToInt => unreachable!("`unary` counts: the result is no number"),
    }
}

/// What is beyond 64 bits is beyond counting, infinities too; what is undefined stays so.
#[inline]
fn to_int(x: f64) -> Option<i64> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if x.is_nan() {
        return Some(UNDEFINED_INT);
    }
    // The lower limit itself means undefined.
    (-LIMIT < x && x < LIMIT).then_some(x as i64)
}

/// A whole number as a number.
#[inline]
pub fn to_num(x: u64) -> u64 {
    let value = if x as i64 == UNDEFINED_INT { maths::UNDEFINED } else { x as i64 as f64 };
    value.to_bits()
}

/// Two operands; `takes` is the class of the first.
#[inline]
pub fn binary(op: BinaryOp, takes: Class, a: u64, b: u64) -> Option<u64> {
    match takes {
        Class::Bool => Some(truth(op, a, b)),
        Class::Whole => whole(op, a as i64, b as i64),
        Class::Num => Some(number(op, f64::from_bits(a), f64::from_bits(b))),
    }
}

/// Kleene's logic: false and anything is false, true or anything is true.
#[inline]
fn truth(op: BinaryOp, a: u64, b: u64) -> u64 {
    let unknown = a == UNDEFINED_BOOL || b == UNDEFINED_BOOL;
    match op {
        BinaryOp::And if a == 0 || b == 0 => 0,
        BinaryOp::Or if a == 1 || b == 1 => 1,
        _ if unknown => UNDEFINED_BOOL,
        BinaryOp::And | BinaryOp::Or => u64::from(op == BinaryOp::And),
        BinaryOp::Eq => u64::from(a == b),
        _ => u64::from(a != b),
    }
}

#[inline]
fn whole(op: BinaryOp, a: i64, b: i64) -> Option<u64> {
    let unknown = a == UNDEFINED_INT || b == UNDEFINED_INT;
    if op.compares() {
        let ordering = a.cmp(&b);
        return Some(if unknown { UNDEFINED_BOOL } else { u64::from(holds(op, Some(ordering))) });
    }
    if unknown {
        return Some(UNDEFINED_INT as u64);
    }
    let value = match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => a.checked_mul(b),
        BinaryOp::Min => Some(a.min(b)),
        BinaryOp::Max => Some(a.max(b)),
        BinaryOp::FloorDiv => return Some(maths::whole_floor_divide(a, b).unwrap_or(UNDEFINED_INT) as u64),
        _ => return Some(maths::whole_modulo(a, b).unwrap_or(UNDEFINED_INT) as u64),
    };
    // The value that means undefined is out of range too.
    value.filter(|value| *value != UNDEFINED_INT).map(|value| value as u64)
}

#[inline]
fn number(op: BinaryOp, a: f64, b: f64) -> u64 {
    if op.compares() {
        let unknown = a.is_nan() || b.is_nan();
        return if unknown { UNDEFINED_BOOL } else { u64::from(holds(op, a.partial_cmp(&b))) };
    }
    let value = match op {
        BinaryOp::Add => canonical(a + b),
        BinaryOp::Sub => canonical(a - b),
        BinaryOp::Mul => canonical(a * b),
        BinaryOp::Div => maths::divide(a, b),
        BinaryOp::FloorDiv => maths::floor_divide(a, b),
        BinaryOp::Mod => maths::modulo(a, b),
        BinaryOp::Min => maths::min(a, b),
        BinaryOp::Max => maths::max(a, b),
        _ => maths::pow(a, b),
    };
    value.to_bits()
}

#[inline]
fn holds(op: BinaryOp, ordering: Option<std::cmp::Ordering>) -> bool {
    use std::cmp::Ordering::{Equal, Greater, Less};
    match op {
        BinaryOp::Eq => ordering == Some(Equal),
        BinaryOp::Ne => matches!(ordering, Some(Less | Greater)),
        BinaryOp::Lt => ordering == Some(Less),
        BinaryOp::Le => matches!(ordering, Some(Less | Equal)),
        BinaryOp::Gt => ordering == Some(Greater),
        _ => matches!(ordering, Some(Greater | Equal)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(op: BinaryOp, a: f64, b: f64) -> u64 {
        binary(op, Class::Num, a.to_bits(), b.to_bits()).unwrap()
    }

    #[test]
    fn names_stand_in_the_order_of_the_operations() {
        assert!(UnaryOp::NAMES.iter().enumerate().all(|(index, (_, op))| *op as usize == index));
        assert!(BinaryOp::NAMES.iter().enumerate().all(|(index, (_, op))| *op as usize == index));
    }

    #[test]
    fn logic_knows_what_it_can() {
        let and = |a, b| truth(BinaryOp::And, a, b);
        let or = |a, b| truth(BinaryOp::Or, a, b);
        assert_eq!([and(0, 2), and(2, 0), and(1, 2), and(1, 1)], [0, 0, 2, 1]);
        assert_eq!([or(1, 2), or(2, 1), or(0, 2), or(0, 0)], [1, 1, 2, 0]);
    }

    #[test]
    fn comparing_the_undefined_is_undefined() {
        assert_eq!(numbers(BinaryOp::Ne, f64::NAN, 1.0), UNDEFINED_BOOL);
        assert_eq!(whole(BinaryOp::Eq, UNDEFINED_INT, UNDEFINED_INT), Some(UNDEFINED_BOOL));
    }

    #[test]
    fn a_number_is_counted_as_far_as_counting_goes() {
        let counted = |x: f64| unary(UnaryOp::ToInt, Class::Num, x.to_bits()).map(|x| x as i64);
        assert_eq!([counted(-3.0), counted(0.0), counted(9e18)], [Some(-3), Some(0), Some(9_000_000_000_000_000_000)]);
        assert_eq!(counted(f64::NAN), Some(UNDEFINED_INT));
        assert_eq!([counted(1e19), counted(-9_223_372_036_854_775_808.0), counted(f64::INFINITY)], [None; 3]);
    }

    #[test]
    fn what_may_fault_is_what_does_for_some_operands() {
        let extremes = [0, 1, -1, i64::MAX, i64::MIN + 1, UNDEFINED_INT].map(|x| x as u64);
        for (name, op) in BinaryOp::NAMES {
            if matches!(op, BinaryOp::Div | BinaryOp::Pow | BinaryOp::And | BinaryOp::Or) {
                continue; // These take no whole numbers.
            }
            let faults = |a: &u64| extremes.iter().any(|b| binary(op, Class::Whole, *a, *b).is_none());
            assert_eq!(extremes.iter().any(faults), op.may_fault(Class::Whole), "{name}");
        }
        let numbers = [0.0, -1.5, f64::INFINITY, f64::NAN].map(f64::to_bits);
        for (name, op) in UnaryOp::NAMES.into_iter().filter(|(_, op)| *op != UnaryOp::Not) {
            assert_eq!(numbers.iter().any(|x| unary(op, Class::Num, *x).is_none()), op.may_fault(), "{name}");
        }
    }

    #[test]
    fn division_by_zero_is_undefined_and_overflow_is_a_fault() {
        assert!(f64::from_bits(numbers(BinaryOp::Div, 1.0, 0.0)).is_nan());
        assert_eq!(whole(BinaryOp::FloorDiv, 7, 0), Some(UNDEFINED_INT as u64));
        assert_eq!(whole(BinaryOp::Add, i64::MAX, 1), None);
        assert_eq!(whole(BinaryOp::Sub, i64::MIN + 1, 1), None);
        assert_eq!(whole(BinaryOp::FloorDiv, -7, 2), Some(-4_i64 as u64));
    }
}
