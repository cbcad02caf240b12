//! Expressions of the text to expressions of the program.

use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, ExprKind as Ast};

use super::Checker;
use super::scope::{Global, Operand, Owner, Scope};
use crate::{Dim, ExprId, ExprKind, Ty, Value, errors, fold};
use gbc_core::arithmetic::{BinaryOp, UnaryOp};

/// Behind so many messages nobody guesses any more which name was meant.
const MOST_GUESSES: usize = 20;

impl<'a> Checker<'a> {
    /// A value; a thing that is none is reported.
    pub(super) fn value(&mut self, scope: &Scope<'a>, id: ast::ExprId) -> ExprId {
        let operand = self.operand(scope, id);
        self.as_value(scope, id, operand)
    }

    pub(super) fn as_value(&mut self, scope: &Scope<'a>, id: ast::ExprId, operand: Operand) -> ExprId {
        let at = scope.span(id);
        let repair = match operand {
            Operand::Value(value) => return value,
            Operand::Unknown => return self.unknown(at),
            Operand::Market(_) => ("it", "es", "mid"),
            Operand::Quotes(_) => ("them", "q", "bid"),
            Operand::Trades(_) => ("them", "t", "price"),
            Operand::Enum(_) => ("it", "Phase", "Watch"),
            Operand::Filtered(_) => ("them", "t", "price"),
            Operand::Panes(..) => {
                self.report(errors::not_a_value(operand.what(), at, "it is how far a window reaches back"));
                return self.unknown(at);
            }
            Operand::Series(_) => ("its bars", "b", "close"),
            Operand::Universe(_) => {
                self.report(errors::not_a_value(operand.what(), at, "ask across it: `rank(x, in u)`"));
                return self.unknown(at);
            }
            Operand::Record(record) => {
                let field = self.records[record].fields.first().map_or("x", |(name, _)| name).to_owned();
                let repair = format!("read one of its fields: `{}.{field}`", self.program.text_at(at));
                self.report(errors::not_a_value(operand.what(), at, &repair));
                return self.unknown(at);
            }
            Operand::Mine { .. } => ("it", "es.my_bid", "price"),
            Operand::Book { .. } => ("it", "es.book(5)", "bid(1)"),
            Operand::Forming(_) => ("it", "b.forming", "high"),
            Operand::Session(_) => ("it", "es.rth", "is_open"),
            Operand::Clock(_) | Operand::First { .. } | Operand::Life(_) => {
                let repair = match operand {
                    Operand::Life(_) => "take a window over it: `max(b.high, trade)`",
                    Operand::Clock(_) => "name it behind `@` or in a handler: it says when, not how much",
                    _ => "take a window over it: `max(b.high, es.rth.first(15m))`",
                };
                self.report(errors::not_a_value(operand.what(), at, repair));
                return self.unknown(at);
            }
        };
        let (what, example, field) = repair;
        // Inside the standard library the place is the call, not the name.
        let written = if scope.blame.is_none() { self.program.text_at(at) } else { example };
        let repair = format!("read something of {what}: `{written}.{field}`");
        self.report(errors::not_a_value(operand.what(), at, &repair));
        self.unknown(at)
    }

    /// What an expression stands for.
    pub(super) fn operand(&mut self, scope: &Scope<'a>, id: ast::ExprId) -> Operand {
        let at = scope.span(id);
        let value = match &scope.file.expr(id).kind {
            Ast::Int(value) => self.constant(Value::Int(*value), at),
            Ast::Float(value) => self.constant(Value::Num(*value), at),
            // A percentage is a plain number, but no price was ever meant by one.
            Ast::Percent(value) => self.push(ExprKind::Const(Value::Num(*value)), Ty::NUM, at),
            Ast::Bool(value) => self.constant(Value::Bool(*value), at),
            Ast::Duration(ns) => self.push(ExprKind::Const(Value::Int(*ns)), Ty::Duration, at),
            Ast::Measure { value, unit } => self.measure(*value, *unit, at),
            Ast::Moment(_) => {
                self.report(errors::not_a_value(
                    "a time of day",
                    at,
                    "it stands where a timer is set: `at 15:45 in es.rth { … }`",
                ));
                self.unknown(at)
            }
            Ast::Text(_) => {
                self.report(errors::not_a_value(
                    "a text",
                    at,
                    "a label stands at the end of its item; a wanted position is a number of lots: `1`, `-1`, `0`",
                ));
                self.unknown(at)
            }
            Ast::Name(name) => return self.named(scope, name, at),
            Ast::Prev => return self.prev(scope, at),
            Ast::Unary { op, value } => self.unary(scope, *op, *value, at),
            Ast::Binary { op: ast::BinaryOp::Else, left, right } => return self.otherwise(scope, [*left, *right], at),
            Ast::Binary { op, left, right } => self.binary(scope, *op, [*left, *right], at),
            Ast::If { condition, then, otherwise } => return self.choice(scope, [*condition, *then, *otherwise], at),
            Ast::Call { callee, args } => return self.call(scope, *callee, args, at),
            Ast::Index { base, index } => return self.index(scope, *base, *index, at),
            Ast::Record(fields) => return self.anonymous(scope, fields, at),
            Ast::Named { name, value } => {
                let written = if scope.blame.is_none() { self.program.text_at(scope.span(*value)) } else { "" };
                self.report(errors::records::by_place(&name.text, at, written));
                self.unknown(at)
            }
            Ast::In { value: Some(value), place } => return self.in_session(scope, *value, *place),
            Ast::In { place, .. } => {
                let written = self.program.text_at(scope.span(*place)).to_owned();
                let repair = format!("only what is asked across a universe takes it: `rank(x, in {written})`");
                self.report(errors::not_a_value("`in`", at, &repair));
                self.unknown(at)
            }
            Ast::Where { value, condition } => return self.filtered(scope, [*value, *condition], at),
            Ast::By { span, pane } => return self.panes(scope, [*span, *pane]),
            Ast::BarRange(_) => {
                self.report(errors::size_of_bars("a range", at));
                self.unknown(at)
            }
            Ast::Member { base, name } => {
                let base = self.operand(scope, *base);
                return self.member(scope, base, name, at);
            }
        };
        Operand::Value(value)
    }

    fn measure(&mut self, value: f64, unit: ast::Unit, at: Span) -> ExprId {
        match unit {
            ast::Unit::Lots if value.fract() == 0.0 && value < 9e15 => self.constant(Value::Int(value as i64), at),
            ast::Unit::Lots => self.constant(Value::Num(value), at),
            ast::Unit::Trades => {
                self.report(errors::size_of_bars("a count of trades", at));
                self.unknown(at)
            }
            ast::Unit::Bps => self.push(ExprKind::Const(Value::Num(value / 10_000.0)), Ty::NUM, at),
            ast::Unit::Money => self.push(ExprKind::Const(Value::Num(value)), Ty::Num(Dim::MONEY), at),
            ast::Unit::Ticks => {
                if self.program.markets.len() != 1 {
                    let markets: Vec<&str> = self.program.markets.iter().map(|market| market.name.as_str()).collect();
                    self.report(errors::ticks_of_what(at, value, &markets));
                    return self.unknown(at);
                }
                if value.fract() != 0.0 || value >= 9e15 {
                    self.report(errors::part_of_tick(at, value, &self.program.markets[0].name));
                    return self.unknown(at);
                }
                self.push(ExprKind::Ticks(0, value as i64), Ty::Exact(0), at)
            }
        }
    }

    /// What a name stands for here.
    pub(super) fn named(&mut self, scope: &Scope<'a>, name: &str, at: Span) -> Operand {
        if let Some(operand) = self.event_field(scope, name, at) {
            return operand;
        }
        if let Some(operand) = scope.names.get(name) {
            return *operand;
        }
        let Some(global) = self.global(scope, name) else {
            if let Some(life) = self.life_named(scope, name, at) {
                return life;
            }
            if let Some(value) = self.account_value(name, at).filter(|_| scope.blame.is_none()) {
                return Operand::Value(value);
            }
            // A file with so many mistakes has another problem than a slip, and looking for one takes its time.
            let guesses = self.settled.len() + self.diagnostics.len() < MOST_GUESSES;
            let known = self.globals.keys().chain(scope.names.keys()).filter(|_| guesses);
            let known: Vec<String> = known.cloned().collect();
            let is_param =
                |item: &ast::Item| matches!(&item.kind, ast::ItemKind::Param { name: param, .. } if param.text == name);
            let below = scope.blame.is_none() && self.user.items.iter().any(is_param);
            self.report(match below {
                true => errors::stands_below(name, at),
                false => errors::unknown_name(name, at, known.iter().map(String::as_str)),
            });
            return Operand::Unknown;
        };
        if scope.owner == Owner::Own {
            self.used(name);
        }
        match global {
            Global::Market(id) => Operand::Market(id),
            Global::Param(index) => {
                let ty = self.program.params[index].ty;
                let bare = self.bare_params[index];
                Operand::Value(self.push_bare(ExprKind::Param(index), ty, at, bare))
            }
            Global::State(index) => {
                let ty = self.program.states[index].ty;
                Operand::Value(self.push(ExprKind::State(index), ty, at))
            }
            Global::Let(index) => self.let_value(index),
            Global::Clock(clock) => Operand::Clock(clock),
            Global::Session(session) => Operand::Session(session),
            Global::Enum(index) => Operand::Enum(index),
            Global::Record(index) => {
                let field = self.kinds[index].fields.first().map_or("x", |(field, _)| &field.text);
                let repair = format!("make one: `{name}({field} = …)`");
                self.report(errors::not_a_value("a kind of record", at, &repair));
                Operand::Unknown
            }
            Global::Arm(of, index) => self.arm_value(of, index, at),
            Global::SharedArm => self.shared_arm(name, at),
            Global::Broken => Operand::Unknown,
            Global::Universe(index) => Operand::Universe(index),
            Global::Features(index) => self.features(index),
            Global::Label(index) => self.label_read(scope, index, at),
            Global::Model(_) => {
                self.report(errors::not_a_value("a model", at, &format!("call it with features: `{name}(fx)`")));
                Operand::Unknown
            }
            Global::Fn(..) => {
                self.report(errors::not_a_value("a function", at, &format!("call it: `{name}(…)`")));
                Operand::Unknown
            }
        }
    }

    fn unary(&mut self, scope: &Scope<'a>, op: ast::UnaryOp, value: ast::ExprId, at: Span) -> ExprId {
        let id = self.value(scope, value);
        let ty = self.ty(id);
        self.stand([(id, scope.span(value))]);
        match (op, ty) {
            (_, Ty::Unknown) if self.is_unknown(id) => self.unknown(at),
            (ast::UnaryOp::Neg, Ty::Unknown) => self.push(ExprKind::Unary(UnaryOp::Neg, id), ty, at),
            (ast::UnaryOp::Not, Ty::Bool | Ty::Unknown) => self.push(ExprKind::Unary(UnaryOp::Not, id), Ty::Bool, at),
            (ast::UnaryOp::Not, _) => self.wrong("what `not` turns around", "true or false", id, at),
            (ast::UnaryOp::Neg, Ty::Bool | Ty::Enum(_)) => self.wrong("what `-` turns around", "a number", id, at),
            (ast::UnaryOp::Neg, _) => {
                let bare = self.program.expr(id).bare;
                self.push_bare(ExprKind::Unary(UnaryOp::Neg, id), ty, at, bare)
            }
        }
    }

    /// A message that a value is not what it must be.
    pub(super) fn wrong(&mut self, what: &str, wanted: &str, id: ExprId, at: Span) -> ExprId {
        let (ty, span) = (self.ty(id), self.place(id));
        self.report(errors::wrong_type(what, wanted, ty, span));
        self.unknown(at)
    }

    fn binary(&mut self, scope: &Scope<'a>, op: ast::BinaryOp, sides: [ast::ExprId; 2], at: Span) -> ExprId {
        use ast::BinaryOp as Op;
        let [left, right] = sides.map(|side| self.value(scope, side));
        self.stand([(left, scope.span(sides[0])), (right, scope.span(sides[1]))]);
        let op = match op {
            Op::Else => unreachable!("what stands for records too is read elsewhere"),
            Op::CrossesAbove => return self.crosses(scope, BinaryOp::Gt, BinaryOp::Le, left, right, at),
            Op::CrossesBelow => return self.crosses(scope, BinaryOp::Lt, BinaryOp::Ge, left, right, at),
            Op::And => return self.logic(BinaryOp::And, left, right, at),
            Op::Or => return self.logic(BinaryOp::Or, left, right, at),
            Op::Eq => BinaryOp::Eq,
            Op::Ne => BinaryOp::Ne,
            Op::Lt => BinaryOp::Lt,
            Op::Le => BinaryOp::Le,
            Op::Gt => BinaryOp::Gt,
            Op::Ge => BinaryOp::Ge,
            Op::Add => BinaryOp::Add,
            Op::Sub => BinaryOp::Sub,
            Op::Mul => BinaryOp::Mul,
            Op::Div => BinaryOp::Div,
            Op::FloorDiv => BinaryOp::FloorDiv,
            Op::Mod => BinaryOp::Mod,
        };
        self.arithmetic(op, left, right, at)
    }

    fn logic(&mut self, op: BinaryOp, left: ExprId, right: ExprId, at: Span) -> ExprId {
        for side in [left, right] {
            if !matches!(self.ty(side), Ty::Bool | Ty::Unknown) {
                return self.wrong(&format!("each side of `{}`", op.name()), "true or false", side, at);
            }
        }
        // A first look at `prev` has no type yet: it will have to be a truth.
        if self.is_unknown(left) || self.is_unknown(right) {
            return self.unknown(at);
        }
        self.push(ExprKind::Binary(op, left, right), Ty::Bool, at)
    }

    /// `left else right`
    fn otherwise(&mut self, scope: &Scope<'a>, sides: [ast::ExprId; 2], at: Span) -> Operand {
        let found = sides.map(|side| self.operand(scope, side));
        self.one_of(scope, "the sides of this `else`", sides, found, &|checker, [left, right]| {
            checker.default(left, right, at)
        })
    }

    fn default(&mut self, left: ExprId, right: ExprId, at: Span) -> ExprId {
        match self.unify(left, right) {
            Some((left, right, ty)) => {
                // A first look at `prev` has no type yet: the other side decides, bare or not.
                let bare_left = self.ty(left) == Ty::Unknown || self.program.expr(left).bare;
                let bare = bare_left && self.program.expr(right).bare;
                self.push_bare(ExprKind::Else(left, right), ty, at, bare)
            }
            None => {
                let sides = [left, right].map(|side| (self.place(side), self.ty(side)));
                self.report(errors::sides_of_else_disagree(sides[0], sides[1]));
                self.unknown(at)
            }
        }
    }

    /// What `join` makes of two values, or of the fields of two records.
    fn one_of(
        &mut self,
        scope: &Scope<'a>,
        what: &str,
        sides: [ast::ExprId; 2],
        found: [Operand; 2],
        join: &dyn Fn(&mut Self, [ExprId; 2]) -> ExprId,
    ) -> Operand {
        let places = sides.map(|side| scope.span(side));
        let is_record = |operand: &Operand| matches!(operand, Operand::Record(_));
        if !found.iter().any(is_record) {
            let [left, right] = [0, 1].map(|side| self.as_value(scope, sides[side], found[side]));
            self.stand([(left, places[0]), (right, places[1])]);
            return Operand::Value(join(self, [left, right]));
        }
        if found.contains(&Operand::Unknown) {
            return Operand::Unknown;
        }
        // The fields stand where they are made.
        self.stand([]);
        self.either(found, join).unwrap_or_else(|| {
            let words = found.map(|side| self.record_words(side));
            self.report(errors::records::differ(what, [(places[0], &words[0]), (places[1], &words[1])]));
            Operand::Unknown
        })
    }

    /// Whether it stands for a mistake already reported.
    pub(super) fn is_unknown(&self, id: ExprId) -> bool {
        self.program.expr(id).kind == ExprKind::Unknown
    }

    fn choice(&mut self, scope: &Scope<'a>, [condition, then, otherwise]: [ast::ExprId; 3], at: Span) -> Operand {
        let condition = self.truth(scope, condition, "a condition");
        let inside = scope.forgetful("a branch");
        let sides = [then, otherwise];
        let found = sides.map(|side| self.operand(&inside, side));
        self.one_of(scope, "the branches of this `if`", sides, found, &|checker, branches| {
            checker.chosen(condition, branches, at)
        })
    }

    fn chosen(&mut self, condition: ExprId, [then, otherwise]: [ExprId; 2], at: Span) -> ExprId {
        match self.unify(then, otherwise) {
            Some((then, otherwise, ty)) => {
                let bare = self.program.expr(then).bare && self.program.expr(otherwise).bare;
                self.push_bare(ExprKind::If(condition, then, otherwise), ty, at, bare)
            }
            None => {
                let sides = [then, otherwise].map(|side| (self.place(side), self.ty(side)));
                self.report(errors::branches_disagree(sides[0], sides[1]));
                self.unknown(at)
            }
        }
    }

    /// `a > b and a[1] <= b[1]`
    fn crosses(
        &mut self,
        scope: &Scope<'a>,
        now: BinaryOp,
        before: BinaryOp,
        left: ExprId,
        right: ExprId,
        at: Span,
    ) -> ExprId {
        let now = self.arithmetic(now, left, right, at);
        let back = [left, right].map(|side| self.history(scope, side, 1, at));
        let before = self.arithmetic(before, back[0], back[1], at);
        self.logic(BinaryOp::And, now, before, at)
    }

    /// The value so many steps back.
    fn history(&mut self, scope: &Scope<'a>, value: ExprId, back: i64, at: Span) -> ExprId {
        let back = self.constant(Value::Int(back), at);
        self.history_by(scope, value, back, at)
    }

    pub(super) fn history_by(&mut self, scope: &Scope<'a>, value: ExprId, back: ExprId, at: Span) -> ExprId {
        let (ty, bare) = (self.ty(value), self.program.expr(value).bare);
        self.push_bare(ExprKind::History { value, back, default: scope.at }, ty, at, bare)
    }

    /// `x[n]`, of a record field by field.
    fn index(&mut self, scope: &Scope<'a>, base: ast::ExprId, index: ast::ExprId, at: Span) -> Operand {
        if let Some(value) = self.past_of(scope, base, index, at) {
            return value;
        }
        let found = match self.operand(scope, base) {
            record @ Operand::Record(_) => record,
            other => Operand::Value(self.as_value(scope, base, other)),
        };
        match self.how_far_back(scope, base, index) {
            Some(Back::Now) => found,
            Some(Back::By(back)) => self.field_by_field(found, &|checker, id| checker.history_by(scope, id, back, at)),
            None => Operand::Value(self.unknown(at)),
        }
    }

    fn how_far_back(&mut self, scope: &Scope<'a>, base: ast::ExprId, index: ast::ExprId) -> Option<Back> {
        let (back, back_at) = (self.value(scope, index), scope.span(index));
        let what = "how far to look back";
        match (self.ty(back), fold(&self.program, back, &self.defaults())) {
            (Ty::Unknown, _) => {}
            (Ty::Int, Some(Value::Int(n))) if n < 0 => {
                let written = self.program.text_at(scope.span(base)).to_owned();
                self.report(errors::look_ahead(back_at, &written));
            }
            (Ty::Int, Some(Value::Int(0))) => return Some(Back::Now),
            (Ty::Int, Some(Value::Int(n))) if n <= 1 << 24 => return Some(Back::By(back)),
            (Ty::Int | Ty::Num(_), Some(found)) => {
                self.report(errors::length_out_of_range(what, 0, back_at, &found.to_string()));
            }
            (Ty::Int | Ty::Num(_), None) => self.report(errors::length_not_constant(what, back_at)),
            (ty, _) => self.report(errors::length_is_no_count(what, back_at, ty)),
        }
        None
    }
}

/// How far `x[n]` looks back.
enum Back {
    Now,
    By(ExprId),
}
