//! Expressions: operators by binding strength, then what follows a primary, then the primaries.

use std::sync::LazyLock;

use gbc_diagnostics::Span;
use pest::iterators::{Pair, Pairs};
use pest::pratt_parser::{Assoc, Op, PrattParser};

use super::{Builder, Parts, span};
use crate::MAX_DEPTH;
use crate::ast::*;
use crate::errors;
use crate::grammar::Rule;
use crate::literal;

/// Loosest first; `docs/language.md` prints the same table.
static PRATT: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    let left = |rule| Op::infix(rule, Assoc::Left);
    PrattParser::new()
        .op(left(Rule::default))
        .op(left(Rule::or))
        .op(left(Rule::and))
        .op(Op::prefix(Rule::not))
        .op(left(Rule::above)
            | left(Rule::below)
            | left(Rule::eq)
            | left(Rule::ne)
            | left(Rule::le)
            | left(Rule::ge)
            | left(Rule::lt)
            | left(Rule::gt))
        .op(left(Rule::add) | left(Rule::sub))
        .op(left(Rule::mul) | left(Rule::div) | left(Rule::idiv) | left(Rule::imod))
        .op(Op::prefix(Rule::neg))
});

impl Builder<'_> {
    pub(super) fn expr(&mut self, pair: Pair<'_, Rule>) -> ExprId {
        let base = self.base;
        // Three closures of pest's parser want the builder in turn, never at once.
        let this = std::cell::RefCell::new(self);
        PRATT
            .map_primary(|pair| this.borrow_mut().postfix(pair))
            .map_prefix(|op, value| this.borrow_mut().unary(span(base, &op), op.as_rule(), value))
            .map_infix(|left, op, right| this.borrow_mut().binary(left, op.as_rule(), right))
            .parse(pair.into_inner())
    }

    fn unary(&mut self, at: Span, rule: Rule, value: ExprId) -> ExprId {
        let op = if rule == Rule::not { UnaryOp::Not } else { UnaryOp::Neg };
        let span = at.to(self.file.expr(value).span);
        self.push(ExprKind::Unary { op, value }, span, &[value])
    }

    fn binary(&mut self, left: ExprId, rule: Rule, right: ExprId) -> ExprId {
        let span = self.file.expr(left).span.to(self.file.expr(right).span);
        self.push(ExprKind::Binary { op: binary_op(rule), left, right }, span, &[left, right])
    }

    pub(super) fn postfix(&mut self, pair: Pair<'_, Rule>) -> ExprId {
        let mut parts = pair.into_inner();
        let mut value = self.primary(parts.next().expect("a postfix starts with a primary"));
        for part in parts {
            let whole = self.file.expr(value).span.to(span(self.base, &part));
            value = match part.as_rule() {
                Rule::call => {
                    let args: Vec<ExprId> = part.into_inner().map(|arg| self.arg(arg)).collect();
                    let mut below = vec![value];
                    below.extend(&args);
                    self.push(ExprKind::Call { callee: value, args }, whole, &below)
                }
                Rule::index => {
                    let index = self.exprs(part.into_inner())[0];
                    self.push(ExprKind::Index { base: value, index }, whole, &[value, index])
                }
                _ => {
                    let name = self.name(part.into_inner().next().expect("a member has a name"));
                    self.push(ExprKind::Member { base: value, name }, whole, &[value])
                }
            };
        }
        value
    }

    /// What a call takes.
    fn arg(&mut self, pair: Pair<'_, Rule>) -> ExprId {
        let (rule, at) = (pair.as_rule(), span(self.base, &pair));
        if rule == Rule::term {
            return self.term(pair);
        }
        let mut parts = Parts::of(pair);
        match rule {
            Rule::named => {
                let (name, value) = (self.find_name(&mut parts), self.find_term(&mut parts));
                self.push(ExprKind::Named { name, value }, at, &[value])
            }
            Rule::among => {
                let place = self.find_postfix(&mut parts);
                self.push(ExprKind::In { value: None, place }, at, &[place])
            }
            _ => {
                let size = self.find_expr(&mut parts);
                self.push(ExprKind::BarRange(size), at, &[size])
            }
        }
    }

    /// A value, and what narrows it: `in` a session, `where` a condition holds, `by` panes.
    pub(super) fn term(&mut self, pair: Pair<'_, Rule>) -> ExprId {
        let mut parts = Parts::of(pair);
        let mut value = self.find_expr(&mut parts);
        for part in parts.0 {
            let (rule, at) = (part.as_rule(), self.file.expr(value).span.to(span(self.base, &part)));
            let mut inner = Parts::of(part);
            value = match rule {
                Rule::inside => {
                    let place = self.find_postfix(&mut inner);
                    self.push(ExprKind::In { value: Some(value), place }, at, &[value, place])
                }
                Rule::filter => {
                    let condition = self.find_expr(&mut inner);
                    self.push(ExprKind::Where { value, condition }, at, &[value, condition])
                }
                _ => {
                    let pane = self.find_expr(&mut inner);
                    self.push(ExprKind::By { span: value, pane }, at, &[value, pane])
                }
            };
        }
        value
    }

    fn primary(&mut self, pair: Pair<'_, Rule>) -> ExprId {
        let at = span(self.base, &pair);
        match pair.as_rule() {
            Rule::group => {
                let inner = self.exprs(pair.into_inner())[0];
                // The parentheses belong to the value, so that a repair can replace all of it.
                self.file.exprs[inner.0 as usize].span = at;
                inner
            }
            Rule::choice => self.choice(at, pair.into_inner()),
            Rule::tuple => {
                let fields: Vec<(Name, ExprId)> = pair.into_inner().map(|field| self.field(field)).collect();
                let values: Vec<ExprId> = fields.iter().map(|(_, value)| *value).collect();
                self.push(ExprKind::Record(fields), at, &values)
            }
            Rule::name => self.push(ExprKind::Name(pair.as_str().to_owned()), at, &[]),
            Rule::prev => self.push(ExprKind::Prev, at, &[]),
            Rule::measure => {
                let mut parts = pair.into_inner();
                let (number, unit) = (parts.next().expect("a number"), parts.next().expect("its unit"));
                let value = self.decimal(&number).value;
                self.push(ExprKind::Measure { value, unit: literal::unit(unit.as_str()) }, at, &[])
            }
            rule => {
                let kind = literal::literal(rule, pair.as_str()).unwrap_or_else(|| {
                    self.bad_literal(&pair);
                    ExprKind::Int(0)
                });
                self.push(kind, at, &[])
            }
        }
    }

    /// `if c {a} else if d {b} else {e}`: built from the last branch up.
    fn choice(&mut self, at: Span, pairs: Pairs<'_, Rule>) -> ExprId {
        let mut values = Vec::new();
        for pair in pairs {
            match pair.as_rule() {
                Rule::expr => values.push(self.expr(pair)),
                Rule::block => {
                    let inner = self.exprs(pair.into_inner())[0];
                    values.push(inner);
                }
                _ => {}
            }
        }
        let mut otherwise = values.pop().expect("an `if` ends in `else`");
        while let [.., condition, then] = values[..] {
            values.truncate(values.len() - 2);
            otherwise = self.push(ExprKind::If { condition, then, otherwise }, at, &[condition, then, otherwise]);
        }
        otherwise
    }

    fn push(&mut self, kind: ExprKind, span: Span, below: &[ExprId]) -> ExprId {
        let deepest = below.iter().map(|id| self.file.expr(*id).depth).max().unwrap_or(0);
        let depth = deepest.saturating_add(1);
        if depth == MAX_DEPTH + 1 {
            self.errors.push(errors::too_deep(span, MAX_DEPTH as usize));
        }
        let id = ExprId(self.file.exprs.len() as u32);
        self.file.exprs.push(Expr { kind, span, depth });
        id
    }
}

fn binary_op(rule: Rule) -> BinaryOp {
    match rule {
        Rule::default => BinaryOp::Else,
        Rule::or => BinaryOp::Or,
        Rule::and => BinaryOp::And,
        Rule::above => BinaryOp::CrossesAbove,
        Rule::below => BinaryOp::CrossesBelow,
        Rule::eq => BinaryOp::Eq,
        Rule::ne => BinaryOp::Ne,
        Rule::lt => BinaryOp::Lt,
        Rule::le => BinaryOp::Le,
        Rule::gt => BinaryOp::Gt,
        Rule::ge => BinaryOp::Ge,
        Rule::add => BinaryOp::Add,
        Rule::sub => BinaryOp::Sub,
        Rule::mul => BinaryOp::Mul,
        Rule::div => BinaryOp::Div,
        Rule::idiv => BinaryOp::FloorDiv,
        Rule::imod => BinaryOp::Mod,
        other => unreachable!("{other:?} is no operator of the grammar"),
    }
}
