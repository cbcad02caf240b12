//! Every name of a file with what it stands for, by the rules of the language: the innermost definition wins.

use std::collections::BTreeMap;

use gbc_diagnostics::Span;
use gbc_syntax::ast::{
    ExprId, ExprKind, File, Function, ItemKind, Model, Name, OnClock, Statement, StatementKind, TestStep,
};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// An item, by its index.
    Item(usize),
    /// An input of a function: which item, which input.
    Input(usize, usize),
    /// An equation of a function's body: which item, which equation.
    Local(usize, usize),
}

/// A name where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Occurrence {
    /// Where.
    pub(crate) span: Span,
    /// For what.
    pub(crate) meaning: Meaning,
}

/// The name that an item defines.
pub(crate) fn defined(kind: &ItemKind) -> Option<&Name> {
    match kind {
        ItemKind::Market { name, .. }
        | ItemKind::Param { name, .. }
        | ItemKind::Let { name, .. }
        | ItemKind::State { name, .. }
        | ItemKind::Universe { name, .. }
        | ItemKind::Session { name, .. }
        | ItemKind::Clock { name, .. }
        | ItemKind::Enum { name, .. }
        | ItemKind::Record { name, .. }
        | ItemKind::Features { name, .. }
        | ItemKind::Label { name, .. }
        | ItemKind::Model(Model { name, .. })
        | ItemKind::Fn(Function { name, .. }) => Some(name),
        _ => None,
    }
}

/// Where a meaning is defined.
pub(crate) fn definition(file: &File, meaning: Meaning) -> Option<&Name> {
    match meaning {
        Meaning::Item(item) => defined(&file.items[item].kind),
        Meaning::Input(item, input) => Some(&function(file, item)?.inputs[input].0),
        Meaning::Local(item, local) => Some(&function(file, item)?.locals[local].name),
    }
}

fn function(file: &File, item: usize) -> Option<&Function> {
    let ItemKind::Fn(function) = &file.items[item].kind else { return None };
    Some(function)
}

/// All names whose meaning is known, in no particular order.
pub(crate) fn occurrences(file: &File) -> Vec<Occurrence> {
    let (scope, mut found) = (Scope::new(file), Vec::new());
    for (item, kind) in file.items.iter().map(|item| &item.kind).enumerate() {
        found.extend(defined(kind).map(|name| Occurrence { span: name.span, meaning: Meaning::Item(item) }));
        found.extend(inside_function(kind, item));
        found.extend(mentioned(kind).into_iter().filter_map(|name| scope.read(&name.text, name.span)));
    }
    let callees = callees(file);
    for (index, expr) in file.exprs.iter().enumerate() {
        let ExprKind::Name(name) = &expr.kind else { continue };
        let calls = callees.binary_search(&ExprId(index as u32)).is_ok();
        found.extend(if calls { scope.called(name, expr.span) } else { scope.read(name, expr.span) });
    }
    found
}

fn inside_function(kind: &ItemKind, item: usize) -> Vec<Occurrence> {
    let ItemKind::Fn(function) = kind else { return Vec::new() };
    let inputs = function.inputs.iter().enumerate().map(|(index, (name, _))| (name, Meaning::Input(item, index)));
    let locals = function.locals.iter().enumerate().map(|(index, local)| (&local.name, Meaning::Local(item, index)));
    inputs.chain(locals).map(|(name, meaning)| Occurrence { span: name.span, meaning }).collect()
}

/// Names that an item reads outside expressions.
fn mentioned(kind: &ItemKind) -> Vec<&Name> {
    match kind {
        ItemKind::Let { clock: Some(OnClock::Named(name)), .. } => vec![name],
        ItemKind::Features { clock: OnClock::Named(name), .. } => vec![name],
        ItemKind::Target { market, clock, .. } | ItemKind::Weight { market, clock, .. } => match clock {
            Some(OnClock::Named(name)) => vec![market, name],
            _ => vec![market],
        },
        ItemKind::Roll { universe, .. } => vec![universe],
        ItemKind::Trade(trade) => vec![&trade.market],
        ItemKind::Quote(quote) => vec![&quote.market],
        ItemKind::When { body, .. } | ItemKind::On { body, .. } | ItemKind::Timer { body, .. } => assigned(body),
        ItemKind::Test(test) => {
            let names = test.steps.iter().filter_map(|step| match step {
                TestStep::With(name, _) => Some(name),
                TestStep::Bars { market, .. } | TestStep::Feed { market, .. } => Some(market),
                TestStep::Expect(_) => None,
            });
            names.collect()
        }
        _ => Vec::new(),
    }
}

/// Names that statements write to or send to.
fn assigned(body: &[Statement]) -> Vec<&Name> {
    let names = body.iter().flat_map(|statement| match &statement.kind {
        StatementKind::Assign(assign) => vec![&assign.name],
        StatementKind::Send(send) => vec![&send.market],
        StatementKind::If { then, otherwise, .. } => [assigned(then), assigned(otherwise)].concat(),
        _ => Vec::new(),
    });
    names.collect()
}

/// The expressions that are called, in order.
fn callees(file: &File) -> Vec<ExprId> {
    let mut callees: Vec<ExprId> = file
        .exprs
        .iter()
        .filter_map(|expr| match expr.kind {
            ExprKind::Call { callee, .. } => Some(callee),
            _ => None,
        })
        .collect();
    callees.sort();
    callees
}

/// The items by name; of two with one name the first counts.
struct Scope<'a> {
    file: &'a File,
    items: BTreeMap<&'a str, usize>,
}

impl<'a> Scope<'a> {
    fn new(file: &'a File) -> Scope<'a> {
        let named = file.items.iter().enumerate().rev();
        let items = named.filter_map(|(index, item)| Some((defined(&item.kind)?.text.as_str(), index))).collect();
        Scope { file, items }
    }

    /// A name read at a place: inside a function its equations so far, then its inputs, then the items.
    fn read(&self, name: &str, at: Span) -> Option<Occurrence> {
        let item = || self.items.get(name).map(|item| Meaning::Item(*item));
        let meaning = self.inner(name, at).or_else(item)?;
        Some(Occurrence { span: at, meaning })
    }

    fn inner(&self, name: &str, at: Span) -> Option<Meaning> {
        let item = self.file.items.partition_point(|item| item.span.start <= at.start).checked_sub(1)?;
        let function = function(self.file, item)?;
        let before = |value: ExprId| self.file.expr(value).span.end <= at.start;
        let local = function.locals.iter().rposition(|local| local.name.text == name && before(local.value));
        let input = || function.inputs.iter().position(|(input, _)| input.text == name);
        local.map(|local| Meaning::Local(item, local)).or_else(|| Some(Meaning::Input(item, input()?)))
    }

    /// A name that is called: only functions of the file; the library's have no place in it.
    fn called(&self, name: &str, at: Span) -> Option<Occurrence> {
        let item = *self.items.get(name)?;
        function(self.file, item).map(|_| Occurrence { span: at, meaning: Meaning::Item(item) })
    }
}
