//! What pest matched, as tree and as typed items: a function per construct.

use std::sync::LazyLock;

use gbc_diagnostics::{Diagnostic, Span};
use pest::iterators::{Pair, Pairs};
use pest::pratt_parser::{Assoc, Op, PrattParser};

use crate::MAX_DEPTH;
use crate::ast::*;
use crate::errors;
use crate::grammar::Rule;
use crate::literal;
use crate::tree::{Kind, NodeId, Tree};

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

/// Builds typed items, adding expressions to `file`. Offsets of pest count from the item's start, `base`.
pub(crate) struct Builder<'a> {
    pub(crate) file: &'a mut File,
    pub(crate) base: u32,
    pub(crate) errors: Vec<Diagnostic>,
}

/// Adds a match and all its parts to the tree.
pub(crate) fn add_to_tree(tree: &mut Tree, parent: NodeId, pair: Pair<'_, Rule>, base: u32) {
    if pair.as_rule() == Rule::EOI {
        return;
    }
    let id = tree.add(parent, Kind::Rule(pair.as_rule()), span(base, &pair));
    for part in pair.into_inner() {
        add_to_tree(tree, id, part, base);
    }
    tree.finish(id);
}

fn span(base: u32, pair: &Pair<'_, Rule>) -> Span {
    let range = pair.as_span();
    Span { start: base + range.start() as u32, end: base + range.end() as u32 }
}

/// The parts of a match, taken one after the other.
struct Parts<'i>(std::iter::Peekable<Pairs<'i, Rule>>);

impl<'i> Parts<'i> {
    fn of(pair: Pair<'i, Rule>) -> Parts<'i> {
        Parts(pair.into_inner().peekable())
    }

    fn maybe(&mut self, rule: Rule) -> Option<Pair<'i, Rule>> {
        self.0.next_if(|pair| pair.as_rule() == rule)
    }

    fn take(&mut self, rule: Rule) -> Pair<'i, Rule> {
        self.maybe(rule).expect("the grammar puts this part here")
    }

    /// Skips words and punctuation up to the next part of this kind.
    fn find(&mut self, rule: Rule) -> Pair<'i, Rule> {
        self.0.by_ref().find(|pair| pair.as_rule() == rule).expect("the grammar puts this part here")
    }
}

impl Builder<'_> {
    /// The item that `pair`, a match of `item`, holds.
    pub(crate) fn item(&mut self, pair: Pair<'_, Rule>) -> ItemKind {
        let inner = pair.into_inner().next().expect("an item holds one of its kinds");
        let rule = inner.as_rule();
        let mut parts = Parts::of(inner);
        match rule {
            Rule::strategy => ItemKind::Strategy { name: self.find_name(&mut parts), title: text_of(&mut parts) },
            Rule::library => ItemKind::Library { name: self.find_name(&mut parts), title: text_of(&mut parts) },
            Rule::market => self.market(parts),
            Rule::param => self.param(parts),
            Rule::require => ItemKind::Require { condition: self.find_expr(&mut parts) },
            Rule::let_item => self.let_item(parts),
            Rule::state => ItemKind::State { name: self.find_name(&mut parts), value: self.find_expr(&mut parts) },
            Rule::fn_item => ItemKind::Fn(self.function(parts)),
            Rule::target => ItemKind::Target { market: self.find_name(&mut parts), value: self.find_expr(&mut parts) },
            Rule::when_item => self.when(parts),
            Rule::test => ItemKind::Test(self.test(parts)),
            other => unreachable!("`item` has no alternative {other:?}"),
        }
    }

    fn market(&mut self, mut parts: Parts<'_>) -> ItemKind {
        let name = self.find_name(&mut parts);
        parts.maybe(Rule::equals);
        ItemKind::Market { name, symbol: text_of(&mut parts) }
    }

    fn param(&mut self, mut parts: Parts<'_>) -> ItemKind {
        let name = self.find_name(&mut parts);
        let default = self.find_expr(&mut parts);
        parts.maybe(Rule::k_in);
        let range = if let Some(range) = parts.maybe(Rule::range) {
            Some(self.range(Parts::of(range)))
        } else {
            parts.maybe(Rule::list).map(|list| Range::List(self.exprs(list.into_inner())))
        };
        ItemKind::Param { name, default, range, label: text_of(&mut parts) }
    }

    fn range(&mut self, mut parts: Parts<'_>) -> Range {
        let (from, to) = (self.find_expr(&mut parts), self.find_expr(&mut parts));
        let step = parts.maybe(Rule::k_step).map(|_| self.find_expr(&mut parts));
        Range::Span { from, to, step }
    }

    fn let_item(&mut self, mut parts: Parts<'_>) -> ItemKind {
        let name = self.find_name(&mut parts);
        let clock = parts.maybe(Rule::name).map(|pair| self.name(pair));
        ItemKind::Let { name, clock, value: self.find_expr(&mut parts) }
    }

    fn function(&mut self, mut parts: Parts<'_>) -> Function {
        let public = parts.maybe(Rule::k_pub).is_some();
        let name = self.find_name(&mut parts);
        let inputs = Parts::of(parts.take(Rule::inputs)).0.map(|input| self.input(Parts::of(input))).collect();
        let gives = parts.maybe(Rule::result).map(|result| self.find_name(&mut Parts::of(result)));
        let (locals, result) = match parts.maybe(Rule::body) {
            Some(body) => self.body(Parts::of(body)),
            None => (Vec::new(), self.find_expr(&mut parts)),
        };
        Function { name, public, inputs, gives, locals, result }
    }

    fn input(&mut self, mut parts: Parts<'_>) -> (Name, Option<Name>) {
        let name = self.find_name(&mut parts);
        (name, parts.maybe(Rule::name).map(|ty| self.name(ty)))
    }

    fn body(&mut self, mut parts: Parts<'_>) -> (Vec<(Name, ExprId)>, ExprId) {
        parts.take(Rule::open);
        let mut locals = Vec::new();
        while let Some(local) = parts.maybe(Rule::local) {
            let mut inner = Parts::of(local);
            locals.push((self.find_name(&mut inner), self.find_expr(&mut inner)));
        }
        (locals, self.find_expr(&mut parts))
    }

    fn when(&mut self, mut parts: Parts<'_>) -> ItemKind {
        let condition = self.find_expr(&mut parts);
        parts.take(Rule::open);
        let mut body = Vec::new();
        while let Some(assign) = parts.maybe(Rule::assign) {
            let mut inner = Parts::of(assign);
            body.push(Assign { name: self.find_name(&mut inner), value: self.find_expr(&mut inner) });
        }
        ItemKind::When { condition, body }
    }

    fn test(&mut self, mut parts: Parts<'_>) -> Test {
        let name = unquoted(parts.find(Rule::string).as_str());
        let mut steps = Vec::new();
        for pair in parts.0 {
            let rule = pair.as_rule();
            let mut inner = Parts::of(pair.clone());
            match rule {
                Rule::with => {
                    for setting in pair.into_inner().filter(|pair| pair.as_rule() == Rule::setting) {
                        let mut inner = Parts::of(setting);
                        steps.push(TestStep::With(self.find_name(&mut inner), self.find_expr(&mut inner)));
                    }
                }
                Rule::bars => steps.push(self.bars(inner)),
                Rule::feed => steps.push(self.feed(inner)),
                Rule::expect => steps.push(TestStep::Expect(self.find_expr(&mut inner))),
                _ => {}
            }
        }
        Test { name, steps }
    }

    fn bars(&mut self, mut parts: Parts<'_>) -> TestStep {
        let market = self.find_name(&mut parts);
        let span = parts.take(Rule::duration);
        let span_ns = literal::duration(span.as_str()).unwrap_or_else(|| {
            self.bad_literal(&span);
            1
        });
        TestStep::Bars { market, span_ns, closes: parts.0.map(|pair| self.decimal(&pair)).collect() }
    }

    fn feed(&mut self, mut parts: Parts<'_>) -> TestStep {
        let market = self.find_name(&mut parts);
        let rows = parts.0.filter(|pair| matches!(pair.as_rule(), Rule::quote | Rule::trade));
        TestStep::Feed { market, rows: rows.map(|row| self.feed_row(row)).collect() }
    }

    fn feed_row(&mut self, pair: Pair<'_, Rule>) -> FeedRow {
        let (rule, span) = (pair.as_rule(), span(self.base, &pair));
        let mut parts = Parts::of(pair);
        let moment = parts.take(Rule::moment);
        let time_ns = literal::moment(moment.as_str()).unwrap_or_else(|| {
            self.bad_literal(&moment);
            0
        });
        let first = self.level(parts.find(Rule::depth));
        let event = match rule {
            Rule::quote => FeedEvent::Quote { bid: first, ask: self.level(parts.take(Rule::depth)) },
            _ => FeedEvent::Trade { price: first.0, size: first.1 },
        };
        FeedRow { time_ns, span, event }
    }

    /// `100.25x5`: the rule is atomic, so the two numbers are cut out of its text.
    fn level(&mut self, pair: Pair<'_, Rule>) -> (Decimal, Decimal) {
        let whole = span(self.base, &pair);
        let (price, size) = pair.as_str().split_once('x').expect("the grammar puts an x between");
        let middle = whole.start + price.len() as u32;
        let parts =
            [(price, Span { start: whole.start, end: middle }), (size, Span { start: middle + 1, end: whole.end })];
        let [price, size] = parts.map(|(text, span)| self.decimal_at(text, span));
        (price, size)
    }

    fn decimal(&mut self, pair: &Pair<'_, Rule>) -> Decimal {
        self.decimal_at(pair.as_str(), span(self.base, pair))
    }

    fn decimal_at(&mut self, text: &str, span: Span) -> Decimal {
        let value = literal::decimal(text).unwrap_or_else(|| {
            self.errors.push(errors::bad_literal(text, span));
            0.0
        });
        Decimal { value, span }
    }

    fn bad_literal(&mut self, pair: &Pair<'_, Rule>) {
        self.errors.push(errors::bad_literal(pair.as_str(), span(self.base, pair)));
    }

    fn name(&self, pair: Pair<'_, Rule>) -> Name {
        Name { text: pair.as_str().to_owned(), span: span(self.base, &pair) }
    }

    fn find_name(&self, parts: &mut Parts<'_>) -> Name {
        self.name(parts.find(Rule::name))
    }

    fn find_expr(&mut self, parts: &mut Parts<'_>) -> ExprId {
        let pair = parts.find(Rule::expr);
        self.expr(pair)
    }

    fn exprs(&mut self, pairs: Pairs<'_, Rule>) -> Vec<ExprId> {
        pairs.filter(|pair| pair.as_rule() == Rule::expr).map(|pair| self.expr(pair)).collect()
    }

    fn expr(&mut self, pair: Pair<'_, Rule>) -> ExprId {
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

    fn postfix(&mut self, pair: Pair<'_, Rule>) -> ExprId {
        let mut parts = pair.into_inner();
        let mut value = self.primary(parts.next().expect("a postfix starts with a primary"));
        for part in parts {
            let whole = self.file.expr(value).span.to(span(self.base, &part));
            value = match part.as_rule() {
                Rule::call => {
                    let args = self.exprs(part.into_inner());
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

fn text_of(parts: &mut Parts<'_>) -> Option<String> {
    parts.maybe(Rule::string).map(|pair| unquoted(pair.as_str()))
}

fn unquoted(text: &str) -> String {
    text.trim_matches('"').to_owned()
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
