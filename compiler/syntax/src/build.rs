//! What pest matched, as tree and as typed items: a function per construct.

mod expr;
mod orders;
mod tests;

use gbc_diagnostics::{Diagnostic, Span};
use pest::iterators::{Pair, Pairs};

use crate::ast::*;
use crate::errors;
use crate::grammar::Rule;
use crate::literal;
use crate::tree::{Kind, NodeId, Tree};

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
        self.kind(pair.into_inner().next().expect("an item holds one of its kinds"))
    }

    fn kind(&mut self, inner: Pair<'_, Rule>) -> ItemKind {
        let rule = inner.as_rule();
        let mut parts = Parts::of(inner);
        match rule {
            Rule::strategy => ItemKind::Strategy { name: self.find_name(&mut parts), title: text_of(&mut parts) },
            Rule::library => ItemKind::Library { name: self.find_name(&mut parts), title: text_of(&mut parts) },
            Rule::use_item => self.use_item(parts),
            Rule::market => self.market(parts),
            Rule::universe => ItemKind::Universe { name: self.find_name(&mut parts), max: self.maybe_expr(&mut parts) },
            Rule::roll => self.roll(parts),
            Rule::session => self.session(parts),
            Rule::clock_item => {
                let name = self.find_name(&mut parts);
                parts.take(Rule::equals);
                ItemKind::Clock { name, timing: self.timing(parts.0.next().expect("a clock has its timing")) }
            }
            Rule::param => self.param(parts),
            Rule::require => ItemKind::Require { condition: self.find_expr(&mut parts) },
            Rule::let_item => self.let_item(parts),
            Rule::state => self.state(parts),
            Rule::enum_item => {
                let public = parts.maybe(Rule::k_pub).is_some();
                ItemKind::Enum { public, name: self.find_name(&mut parts), arms: self.names(parts) }
            }
            Rule::record => {
                let public = parts.maybe(Rule::k_pub).is_some();
                ItemKind::Record { public, name: self.find_name(&mut parts), fields: self.inputs(parts) }
            }
            Rule::fn_item => ItemKind::Fn(self.function(parts)),
            Rule::features => self.features(parts),
            Rule::label => ItemKind::Label { name: self.find_name(&mut parts), value: self.find_expr(&mut parts) },
            Rule::model => ItemKind::Model(self.model(parts)),
            Rule::target => self.target(parts),
            Rule::weight => {
                let (market, clock) = (self.find_name(&mut parts), self.on_clock(&mut parts));
                ItemKind::Weight { market, clock, value: self.find_expr(&mut parts) }
            }
            Rule::trade_item => ItemKind::Trade(self.trade(parts)),
            Rule::quote_item => ItemKind::Quote(self.quote(parts)),
            Rule::risk => ItemKind::Risk { limits: self.limits(parts) },
            Rule::each => self.each(parts),
            Rule::when_item => {
                ItemKind::When { condition: self.find_expr(&mut parts), body: self.statements(&mut parts) }
            }
            Rule::on_item => self.on(parts),
            Rule::every_item | Rule::at_item => {
                let timing = self.timing(parts.0.next().expect("a timer has its timing"));
                ItemKind::Timer { timing, body: self.statements(&mut parts) }
            }
            Rule::plot => ItemKind::Plot { value: self.find_expr(&mut parts), label: label_of(&mut parts) },
            Rule::export => {
                let value = self.find_expr(&mut parts);
                ItemKind::Export { value, label: label_of(&mut parts).expect("an export has its label") }
            }
            Rule::test => ItemKind::Test(self.test(parts)),
            other => unreachable!("`item` has no alternative {other:?}"),
        }
    }

    fn use_item(&mut self, mut parts: Parts<'_>) -> ItemKind {
        let path = self.name(parts.find(Rule::path));
        let imports = parts.0.filter(|pair| pair.as_rule() == Rule::import).map(|pair| {
            let mut parts = Parts::of(pair);
            let name = self.find_name(&mut parts);
            let alias = parts.maybe(Rule::k_as).map(|_| self.find_name(&mut parts));
            Import { name, alias }
        });
        ItemKind::Use { path, imports: imports.collect() }
    }

    fn market(&mut self, mut parts: Parts<'_>) -> ItemKind {
        let name = self.find_name(&mut parts);
        parts.maybe(Rule::equals);
        ItemKind::Market { name, symbol: text_of(&mut parts) }
    }

    fn roll(&mut self, mut parts: Parts<'_>) -> ItemKind {
        let universe = self.find_name(&mut parts);
        let by = self.find_name(&mut parts);
        let count = parts.maybe(Rule::expr).map(|pair| self.expr(pair));
        // `calendar(5 days)`: the word behind the number is there to be read.
        parts.maybe(Rule::name);
        let adjust = parts.maybe(Rule::k_adjust).map(|_| self.find_name(&mut parts));
        ItemKind::Roll { universe, by, count, adjust }
    }

    fn session(&mut self, mut parts: Parts<'_>) -> ItemKind {
        let name = self.find_name(&mut parts);
        let (open, close) = (parts.find(Rule::moment), parts.find(Rule::moment));
        let [open_ns, close_ns] = [open, close].map(|pair| self.moment(&pair));
        parts.maybe(Rule::k_in);
        let zone = parts.maybe(Rule::string).map(|pair| (unquoted(pair.as_str()), span(self.base, &pair)));
        ItemKind::Session { name, open_ns, close_ns, zone }
    }

    /// What `periodic` or `daily` says.
    fn timing(&mut self, pair: Pair<'_, Rule>) -> Timing {
        let (rule, span) = (pair.as_rule(), span(self.base, &pair));
        let mut parts = Parts::of(pair);
        let first = self.find_expr(&mut parts);
        if rule == Rule::periodic {
            return Timing { kind: TimingKind::Every(first), span };
        }
        let session = parts.maybe(Rule::k_in).map(|_| self.find_postfix(&mut parts));
        let on = parts.maybe(Rule::k_on).map(|_| self.find_postfix(&mut parts));
        Timing { kind: TimingKind::At { moment: first, session, on }, span }
    }

    fn on_clock(&mut self, parts: &mut Parts<'_>) -> Option<OnClock> {
        let inner = parts.maybe(Rule::on_clock)?.into_inner().next().expect("a clock stands behind `@`");
        Some(match inner.as_rule() {
            Rule::name => OnClock::Named(self.name(inner)),
            _ => OnClock::Timing(self.timing(inner)),
        })
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
        let Local { name, clock, value } = self.local(&mut parts);
        ItemKind::Let { name, clock, value }
    }

    fn local(&mut self, parts: &mut Parts<'_>) -> Local {
        let (name, clock) = (self.find_name(parts), self.on_clock(parts));
        Local { name, clock, value: self.find_term(parts) }
    }

    fn state(&mut self, mut parts: Parts<'_>) -> ItemKind {
        let (name, value) = (self.find_name(&mut parts), self.find_expr(&mut parts));
        let reset = parts.maybe(Rule::k_reset).map(|_| self.find_postfix(&mut parts));
        ItemKind::State { name, value, reset }
    }

    fn function(&mut self, mut parts: Parts<'_>) -> Function {
        let public = parts.maybe(Rule::k_pub).is_some();
        let name = self.find_name(&mut parts);
        let inputs = Parts::of(parts.take(Rule::inputs));
        let inputs = self.inputs(inputs);
        let gives = parts.maybe(Rule::result).map(|result| self.find_name(&mut Parts::of(result)));
        let (locals, result) = match parts.maybe(Rule::body) {
            Some(body) => self.body(Parts::of(body)),
            None => (Vec::new(), self.find_term(&mut parts)),
        };
        Function { name, public, inputs, gives, locals, result }
    }

    fn inputs(&mut self, parts: Parts<'_>) -> Vec<(Name, Option<Name>)> {
        parts.0.filter(|pair| pair.as_rule() == Rule::input).map(|input| self.input(Parts::of(input))).collect()
    }

    fn input(&mut self, mut parts: Parts<'_>) -> (Name, Option<Name>) {
        let name = self.find_name(&mut parts);
        (name, parts.maybe(Rule::name).map(|ty| self.name(ty)))
    }

    fn body(&mut self, mut parts: Parts<'_>) -> (Vec<Local>, ExprId) {
        parts.take(Rule::open);
        let mut locals = Vec::new();
        while let Some(local) = parts.maybe(Rule::local) {
            locals.push(self.local(&mut Parts::of(local)));
        }
        (locals, self.find_term(&mut parts))
    }

    fn features(&mut self, mut parts: Parts<'_>) -> ItemKind {
        let name = self.find_name(&mut parts);
        let clock = self.on_clock(&mut parts).expect("features have their clock");
        let fields = parts.0.filter(|pair| pair.as_rule() == Rule::field).map(|pair| self.field(pair)).collect();
        ItemKind::Features { name, clock, fields }
    }

    fn field(&mut self, pair: Pair<'_, Rule>) -> (Name, ExprId) {
        let mut parts = Parts::of(pair);
        (self.find_name(&mut parts), self.find_expr(&mut parts))
    }

    fn model(&mut self, mut parts: Parts<'_>) -> Model {
        let name = self.find_name(&mut parts);
        let format = self.find_name(&mut parts);
        let file = parts.find(Rule::string);
        let file = (unquoted(file.as_str()), span(self.base, &file));
        let outputs = parts.maybe(Rule::inputs).map_or(Vec::new(), |inputs| self.inputs(Parts::of(inputs)));
        let trained_until = parts.0.find(|pair| pair.as_rule() == Rule::date).map(|pair| self.date(&pair));
        Model { name, format, file, outputs, trained_until }
    }

    fn date(&mut self, pair: &Pair<'_, Rule>) -> (i16, i8, i8) {
        literal::date(pair.as_str()).unwrap_or_else(|| {
            self.bad_literal(pair);
            (1970, 1, 1)
        })
    }

    fn moment(&mut self, pair: &Pair<'_, Rule>) -> i64 {
        literal::moment(pair.as_str()).unwrap_or_else(|| {
            self.bad_literal(pair);
            0
        })
    }

    fn each(&mut self, mut parts: Parts<'_>) -> ItemKind {
        let (name, universe) = (self.find_name(&mut parts), self.find_name(&mut parts));
        let braces = |pair: &Pair<'_, Rule>| !matches!(pair.as_rule(), Rule::open | Rule::close);
        let items = parts.0.filter(braces).map(|pair| {
            let span = span(self.base, &pair);
            Item { kind: self.kind(pair), span, doc: String::new() }
        });
        ItemKind::Each { name, universe, items: items.collect() }
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

    fn names(&self, parts: Parts<'_>) -> Vec<Name> {
        parts.0.filter(|pair| pair.as_rule() == Rule::name).map(|pair| self.name(pair)).collect()
    }

    fn find_expr(&mut self, parts: &mut Parts<'_>) -> ExprId {
        let pair = parts.find(Rule::expr);
        self.expr(pair)
    }

    fn maybe_expr(&mut self, parts: &mut Parts<'_>) -> Option<ExprId> {
        parts.0.find(|pair| pair.as_rule() == Rule::expr).map(|pair| self.expr(pair))
    }

    fn find_term(&mut self, parts: &mut Parts<'_>) -> ExprId {
        let pair = parts.find(Rule::term);
        self.term(pair)
    }

    fn find_postfix(&mut self, parts: &mut Parts<'_>) -> ExprId {
        let pair = parts.find(Rule::postfix);
        self.postfix(pair)
    }

    fn exprs(&mut self, pairs: Pairs<'_, Rule>) -> Vec<ExprId> {
        pairs.filter(|pair| pair.as_rule() == Rule::expr).map(|pair| self.expr(pair)).collect()
    }
}

fn text_of(parts: &mut Parts<'_>) -> Option<String> {
    parts.maybe(Rule::string).map(|pair| unquoted(pair.as_str()))
}

/// `as "label"`
fn label_of(parts: &mut Parts<'_>) -> Option<String> {
    parts.maybe(Rule::k_as);
    text_of(parts)
}

fn unquoted(text: &str) -> String {
    text.trim_matches('"').to_owned()
}
