//! Which values mix, and what comes of it.
//!
//! A number made of literals and parameters without units is *bare* and agrees with any unit: `b.close > 100`.

use gbc_diagnostics::Span;
use gbc_syntax::ast;

use super::Checker;
use super::scope::Scope;
use crate::{Dim, ExprId, ExprKind, Ty, errors, fold};
use gbc_core::arithmetic::{BinaryOp, UnaryOp};

impl Checker<'_> {
    /// Both values in one type, converted where that loses nothing; `None` if they do not mix.
    pub(super) fn unify(&mut self, left: ExprId, right: ExprId) -> Option<(ExprId, ExprId, Ty)> {
        let (a, b) = (self.ty(left), self.ty(right));
        if a == b {
            return Some((left, right, a));
        }
        // A first look at `prev` has no type yet: the other side decides.
        if a == Ty::Unknown || b == Ty::Unknown {
            let wrong = self.is_unknown(left) || self.is_unknown(right);
            let known = if a == Ty::Unknown { b } else { a };
            return Some((left, right, if wrong { Ty::Unknown } else { known }));
        }
        let (dim_a, dim_b) = (a.dim()?, b.dim()?);
        let dim = if dim_a == dim_b || self.agrees(right, dim_b) {
            dim_a
        } else if self.agrees(left, dim_a) {
            dim_b
        } else {
            return None;
        };
        Some((self.num_of(left, dim), self.num_of(right, dim), Ty::Num(dim)))
    }

    fn agrees(&self, id: ExprId, dim: Dim) -> bool {
        self.program.expr(id).bare && dim == Dim::NONE
    }

    /// The value as a number with this unit.
    pub(super) fn num_of(&mut self, id: ExprId, dim: Dim) -> ExprId {
        let expr = self.program.expr(id).clone();
        if expr.ty.is_whole() {
            return self.push_bare(ExprKind::ToNum(id), Ty::Num(dim), expr.span, expr.bare);
        }
        id
    }

    /// The value as a number with its own unit.
    pub(super) fn number(&mut self, id: ExprId) -> ExprId {
        match self.ty(id).dim() {
            Some(dim) => self.num_of(id, dim),
            None => id,
        }
    }

    /// The value in this type, if it is only a matter of whole against number or of a bare number's unit.
    pub(super) fn fit(&mut self, id: ExprId, wanted: Ty) -> ExprId {
        let Ty::Num(dim) = wanted else { return id };
        let expr = self.program.expr(id);
        let fits = expr.ty.dim().is_some_and(|own| own == dim || (expr.bare && own == Dim::NONE));
        if !fits || expr.ty == wanted {
            return id;
        }
        let id = self.num_of(id, dim);
        if self.ty(id) == wanted {
            return id;
        }
        // A bare number takes on the unit it meets.
        let expr = self.program.expr(id).clone();
        self.push_bare(expr.kind, wanted, expr.span, expr.bare)
    }

    /// Arithmetic and comparisons.
    pub(super) fn arithmetic(&mut self, op: BinaryOp, left: ExprId, right: ExprId, at: Span) -> ExprId {
        let (a, b) = (self.ty(left), self.ty(right));
        let bare = self.program.expr(left).bare && self.program.expr(right).bare;
        if a == Ty::Unknown || b == Ty::Unknown {
            let ty = if op.compares() { Ty::Bool } else { Ty::Unknown };
            return self.push(ExprKind::Binary(op, left, right), ty, at);
        }
        let truths = a == b && matches!(a, Ty::Bool | Ty::Enum(_));
        if truths && matches!(op, BinaryOp::Eq | BinaryOp::Ne) {
            return self.push(ExprKind::Binary(op, left, right), Ty::Bool, at);
        }
        if truths || [a, b].iter().any(|ty| matches!(ty, Ty::Bool | Ty::Enum(_))) {
            return self.mixed(op, left, right, at);
        }
        match op {
            BinaryOp::Mul => self.product(left, right, at, bare),
            BinaryOp::Div => {
                let (Some(over), Some(under)) = (a.dim(), b.dim()) else { return self.mixed(op, left, right, at) };
                let (left, right) = (self.number(left), self.number(right));
                self.push_bare(ExprKind::Binary(op, left, right), Ty::Num(over.times(under.inverse())), at, bare)
            }
            _ => match self.unify(left, right) {
                Some((left, right, ty)) => {
                    self.wake(op, left, right, at);
                    let ty = match (op, ty) {
                        (op, _) if op.compares() => Ty::Bool,
                        (BinaryOp::FloorDiv, Ty::Int) => Ty::Int,
                        (BinaryOp::FloorDiv, Ty::Exact(_) | Ty::Duration) => Ty::Int,
                        (BinaryOp::FloorDiv, Ty::Num(_)) => Ty::NUM,
                        (_, ty) => ty,
                    };
                    let bare = bare && ty != Ty::Bool;
                    self.push_bare(ExprKind::Binary(op, left, right), ty, at, bare)
                }
                None => self.mixed(op, left, right, at),
            },
        }
    }

    fn mixed(&mut self, op: BinaryOp, left: ExprId, right: ExprId, at: Span) -> ExprId {
        if let (Ty::Enum(one), Ty::Enum(other)) = (self.ty(left), self.ty(right)) {
            let [one, other] = [one, other].map(|index| self.program.enums[index].name.clone());
            self.report(match one == other {
                true => errors::arms_have_no_order(&one, at),
                false => errors::two_enums(&one, &other, at),
            });
            return self.unknown(at);
        }
        let sides = [left, right].map(|side| (self.place(side), self.ty(side)));
        let point = self.program.markets.first().map_or("es", |market| &market.name);
        self.report(errors::disagree(symbol(op), op.compares(), sides[0], sides[1], point));
        self.unknown(at)
    }

    fn product(&mut self, left: ExprId, right: ExprId, at: Span, bare: bool) -> ExprId {
        let op = BinaryOp::Mul;
        match (self.ty(left), self.ty(right)) {
            (Ty::Int, whole) | (whole, Ty::Int) if whole.is_whole() => {
                self.push_bare(ExprKind::Binary(op, left, right), whole, at, bare)
            }
            (a, b) => {
                let (Some(a), Some(b)) = (a.dim(), b.dim()) else { return self.mixed(op, left, right, at) };
                let (left, right) = (self.number(left), self.number(right));
                self.push_bare(ExprKind::Binary(op, left, right), Ty::Num(a.times(b)), at, bare)
            }
        }
    }

    /// A wanted position: a plain number. A target `decides` at each event; a trade's size may wait for its next chance.
    pub(super) fn size(
        &mut self,
        scope: &Scope<'_>,
        text: ast::ExprId,
        id: ExprId,
        market: &str,
        decides: bool,
    ) -> ExprId {
        let at = scope.span(text);
        self.stand([(id, at)]);
        match self.ty(id) {
            Ty::Unknown => id,
            Ty::Int | Ty::Num(Dim::NONE) => self.num_of(id, Dim::NONE),
            Ty::Bool | Ty::Duration | Ty::Enum(_) => self.wrong("a wanted position", "a number of lots", id, at),
            Ty::Num(dim) => self.size_has_unit(id, dim, at, market, decides),
            Ty::Exact(_) => self.size_has_unit(id, Dim::PRICE, at, market, decides),
        }
    }

    fn size_has_unit(&mut self, id: ExprId, dim: Dim, at: Span, market: &str, decides: bool) -> ExprId {
        let (sides, divides) = match self.program.expr(id).kind {
            ExprKind::Binary(op @ (BinaryOp::Div | BinaryOp::Mul), left, right) => {
                (vec![left, right], op == BinaryOp::Div)
            }
            _ => (Vec::new(), false),
        };
        let parts: Vec<_> = sides.iter().map(|side| (self.span(*side), self.ty(*side).to_string())).collect();
        let mut diagnostic = errors::size_has_unit(dim, at, &parts);
        if let ([over, under], true, Dim::POINT) = (&parts[..], divides, dim) {
            let [over, below] = [over, under].map(|(span, _)| self.program.text_at(*span));
            let worth = match below.strip_suffix(')') {
                Some(open) if below.starts_with('(') => format!("{open} * {market}.point)"),
                _ => format!("({below} * {market}.point)"),
            };
            // What is divided by something of the market may have no value, and then the target needs one.
            let moves = decides && fold(&self.program, sides[1], &self.defaults()).is_none();
            let instead = if moves { " else 0" } else { "" };
            let help = format!("value one lot's move: `{over} / {worth}{instead}`");
            diagnostic = diagnostic.help(help).fix(under.0, worth + instead);
        }
        self.report(diagnostic);
        self.unknown(at)
    }

    /// A function of one number that keeps its unit, or drops it.
    pub(super) fn map(&mut self, op: UnaryOp, id: ExprId, keeps_whole: bool, at: Span) -> ExprId {
        let ty = self.ty(id);
        let bare = self.program.expr(id).bare;
        match ty {
            Ty::Unknown if self.is_unknown(id) => self.unknown(at),
            // A first look at `prev` has no type yet.
            Ty::Unknown => self.push(ExprKind::Unary(op, id), ty, at),
            Ty::Bool | Ty::Enum(_) => self.wrong(&format!("what `{}` takes", op.name()), "a number", id, at),
            Ty::Duration if !keeps_whole => self.wrong(&format!("what `{}` takes", op.name()), "a number", id, at),
            _ if ty.is_whole() && keeps_whole => self.push_bare(ExprKind::Unary(op, id), ty, at, bare),
            _ => {
                let id = self.number(id);
                let ty = self.ty(id);
                self.push_bare(ExprKind::Unary(op, id), ty, at, bare)
            }
        }
    }

    /// To a whole value: of a plain number a whole number, of one with a unit a number in that unit.
    pub(super) fn rounded(&mut self, op: UnaryOp, id: ExprId, at: Span) -> ExprId {
        if self.ty(id) == Ty::Int {
            return id;
        }
        let number = self.map(op, id, false, at);
        if self.ty(number) != Ty::NUM {
            return number;
        }
        let bare = self.program.expr(id).bare;
        self.push_bare(ExprKind::Unary(UnaryOp::ToInt, number), Ty::Int, at, bare)
    }
}

fn symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::FloorDiv => "div",
        BinaryOp::Eq => "==",
        BinaryOp::Ne => "!=",
        BinaryOp::Lt => "<",
        BinaryOp::Le => "<=",
        BinaryOp::Gt => ">",
        BinaryOp::Ge => ">=",
        other => other.name(),
    }
}
