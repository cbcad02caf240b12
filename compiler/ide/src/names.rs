//! Every name of a file with what it stands for, by the rules of the language: the innermost definition wins.

use std::collections::BTreeMap;

use gbc_diagnostics::Span;
use gbc_syntax::ast::{
    ExprId, ExprKind, File, Function, Import, ItemKind, Model, Name, OnClock, Statement, StatementKind, TestStep,
};

use crate::foreign;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// An item, by its index.
    Item(usize),
    /// An input of a function: which item, which input.
    Input(usize, usize),
    /// An equation of a function's body: which item, which equation.
    Local(usize, usize),
    /// A name taken from a library: which item, which of its names.
    Taken(usize, usize),
    /// A function of the standard library: which file, which item there.
    Std(usize, usize),
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
        Meaning::Taken(..) | Meaning::Std(..) => None,
    }
}

pub(crate) fn function(file: &File, item: usize) -> Option<&Function> {
    let ItemKind::Fn(function) = &file.items[item].kind else { return None };
    Some(function)
}

/// All names whose meaning is known, in no particular order.
pub(crate) fn occurrences(file: &File) -> Vec<Occurrence> {
    let (scope, mut found) = (Scope::new(file), Vec::new());
    for (item, kind) in file.items.iter().map(|item| &item.kind).enumerate() {
        found.extend(defined(kind).map(|name| Occurrence { span: name.span, meaning: Meaning::Item(item) }));
        found.extend(inside_function(kind, item));
        found.extend(taken(kind, item).flat_map(|(import, meaning)| {
            let spans = [Some(import.name.span), import.alias.as_ref().map(|alias| alias.span)];
            spans.into_iter().flatten().map(move |span| Occurrence { span, meaning })
        }));
        found.extend(mentioned(kind).into_iter().filter_map(|name| scope.read(&name.text, name.span)));
        found.extend(written_types(kind).filter_map(|name| scope.written(name)));
    }
    found.extend(file.exprs.iter().flat_map(|expr| scope.inputs_by_name(&expr.kind)));
    let callees = callees(file);
    for (index, expr) in file.exprs.iter().enumerate() {
        let ExprKind::Name(name) = &expr.kind else { continue };
        let inputs = callees.get(&ExprId(index as u32));
        found.extend(match inputs {
            Some(inputs) => scope.called(name, *inputs, expr.span),
            None => scope.read(name, expr.span),
        });
    }
    found
}

fn inside_function(kind: &ItemKind, item: usize) -> Vec<Occurrence> {
    let ItemKind::Fn(function) = kind else { return Vec::new() };
    let inputs = function.inputs.iter().enumerate().map(|(index, (name, _))| (name, Meaning::Input(item, index)));
    let locals = function.locals.iter().enumerate().map(|(index, local)| (&local.name, Meaning::Local(item, index)));
    inputs.chain(locals).map(|(name, meaning)| Occurrence { span: name.span, meaning }).collect()
}

/// The types that a function or a record writes.
fn written_types(kind: &ItemKind) -> impl Iterator<Item = &Name> {
    let (of_each, result): (&[_], _) = match kind {
        ItemKind::Fn(function) => (&function.inputs, function.gives.as_ref()),
        ItemKind::Record { fields, .. } => (fields, None),
        _ => (&[], None),
    };
    of_each.iter().filter_map(|(_, ty)| ty.as_ref()).chain(result)
}

/// The names that a `use` takes.
fn taken(kind: &ItemKind, item: usize) -> impl Iterator<Item = (&Import, Meaning)> {
    let imports: &[Import] = if let ItemKind::Use { imports, .. } = kind { imports } else { &[] };
    imports.iter().enumerate().map(move |(index, import)| (import, Meaning::Taken(item, index)))
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

/// The expressions that are called, and with how many inputs.
fn callees(file: &File) -> BTreeMap<ExprId, usize> {
    let calls = file.exprs.iter().filter_map(|expr| match &expr.kind {
        ExprKind::Call { callee, args } => Some((*callee, args.len())),
        _ => None,
    });
    calls.collect()
}

/// What the names of a file stand for; of two with one name the first counts.
struct Scope<'a> {
    file: &'a File,
    items: BTreeMap<&'a str, Meaning>,
}

impl<'a> Scope<'a> {
    fn new(file: &'a File) -> Scope<'a> {
        let mut items = BTreeMap::new();
        for (index, item) in file.items.iter().enumerate().rev() {
            items.extend(defined(&item.kind).map(|name| (name.text.as_str(), Meaning::Item(index))));
            let taken = taken(&item.kind, index);
            items.extend(taken.map(|(import, meaning)| {
                let called = import.alias.as_ref().unwrap_or(&import.name);
                (called.text.as_str(), meaning)
            }));
        }
        Scope { file, items }
    }

    /// A name read at a place: inside a function its equations so far, then its inputs, then the items.
    fn read(&self, name: &str, at: Span) -> Option<Occurrence> {
        let item = || self.items.get(name).copied();
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

    /// A type that is written: an enum or a record of the file, or one that it takes.
    fn written(&self, name: &Name) -> Option<Occurrence> {
        let meaning = self.items.get(name.text.as_str()).copied()?;
        let is_type =
            |item: usize| matches!(self.file.items[item].kind, ItemKind::Enum { .. } | ItemKind::Record { .. });
        let known = matches!(meaning, Meaning::Item(item) if is_type(item)) || matches!(meaning, Meaning::Taken(..));
        known.then_some(Occurrence { span: name.span, meaning })
    }

    /// `n` of `band(x, n = 20)`, for a function of the file.
    fn inputs_by_name(&self, call: &ExprKind) -> Vec<Occurrence> {
        let ExprKind::Call { callee, args } = call else { return Vec::new() };
        let ExprKind::Name(callee) = &self.file.expr(*callee).kind else { return Vec::new() };
        let Some(Meaning::Item(item)) = self.items.get(callee.as_str()).copied() else { return Vec::new() };
        let Some(function) = function(self.file, item) else { return Vec::new() };
        let named = args.iter().filter_map(|arg| match &self.file.expr(*arg).kind {
            ExprKind::Named { name, .. } => Some(name),
            _ => None,
        });
        let input = |name: &Name| {
            let input = function.inputs.iter().position(|(input, _)| input.text == name.text)?;
            Some(Occurrence { span: name.span, meaning: Meaning::Input(item, input) })
        };
        named.filter_map(input).collect()
    }

    /// A name that is called: a function or a record of the file, one that it takes, or one that everybody knows.
    fn called(&self, name: &str, inputs: usize, at: Span) -> Option<Occurrence> {
        let meaning = match self.items.get(name) {
            Some(Meaning::Item(item)) => {
                let made = matches!(self.file.items[*item].kind, ItemKind::Fn(_) | ItemKind::Record { .. });
                made.then_some(Meaning::Item(*item))
            }
            Some(meaning) => Some(*meaning),
            None => foreign::of_std(name, inputs),
        };
        meaning.map(|meaning| Occurrence { span: at, meaning })
    }
}
