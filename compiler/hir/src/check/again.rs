//! Checking a file again after an edit: what neither changed nor reads what changed is taken over, step by step, from
//! the check before. What comes out is what a new start gives, to the last number; where that cannot be had, the file
//! is checked anew.

use std::collections::{BTreeMap, BTreeSet};

use gbc_syntax::ast::{self, ItemKind, StatementKind};

use super::scope::Owner;
use super::trace::{Head, Step, Trace, Traces, Unit};
use crate::link::{Linker, Numbered};
use crate::{ExprId, ExprKind, Program, Session, Timer};

/// With more names than this an edit is no edit.
const MAX_NAMES: usize = 64;

/// A file that has been checked.
#[derive(Clone, Copy, Debug)]
pub struct Before<'a> {
    /// Its text.
    pub text: &'a str,
    /// Its items.
    pub file: &'a ast::File,
    /// What became of them.
    pub program: &'a Program,
    /// And how.
    pub traces: &'a Traces,
}

/// What is taken over from the check before.
#[derive(Debug)]
pub(super) struct Again<'a> {
    pub(super) before: Before<'a>,
    /// For each item, which one of old is the same and reads only what is the same.
    same: Vec<Option<usize>>,
    /// For each item of old, which one it is now, if its text stayed.
    pub(super) now: Vec<Option<usize>>,
    /// For each expansion of old, which one it is now.
    pub(super) calls: Vec<Option<usize>>,
    /// For each equation of old, which one it is now.
    pub(super) lets: Vec<Option<usize>>,
    /// For parameters, constants and values of feeds: the first like them, among all that were inputs.
    pub(super) plain: BTreeMap<ExprId, ExprId>,
    pub(super) linker: Linker,
}

impl<'a> Again<'a> {
    /// What can be taken over; `None` where a new start is due.
    pub(super) fn new(text: &str, file: &ast::File, before: Before<'a>) -> Option<Again<'a>> {
        let pairs = pairs(text, file, before);
        if !heads_agree(file, before, &pairs) {
            return None;
        }
        let mut now = vec![None; before.file.items.len()];
        for (index, old) in pairs.iter().enumerate() {
            if let Some(old) = old {
                now[*old] = Some(index);
            }
        }
        let mentions = mentions(text, file, changed_names(file, before, &pairs, &now))?;
        let talk = talk_of_orders(file, &pairs) || talk_of_orders(before.file, &now);
        let stays =
            |old: usize| now[old].is_some_and(|index| !(mentions[index] || talk && is_order(&file.items[index])));
        let items = before.unchanged(&stays);
        let same = pairs.iter().map(|old| old.filter(|old| items[*old])).collect();
        let places = before.file.items.iter().zip(&now);
        let places = places.map(|(item, now)| (item.span, now.map(|index| file.items[index].span.start))).collect();
        let linker = Linker::new(before.program.exprs.len(), places);
        let (calls, lets) = (vec![None; before.traces.calls.len()], vec![None; before.traces.lets.len()]);
        Some(Again { before, same, now, calls, lets, plain: BTreeMap::new(), linker })
    }

    /// How an item was checked before, if that can be done again.
    pub(super) fn trace_of(&mut self, item: usize) -> Option<&'a Trace> {
        let old = self.same.get(item).copied().flatten().filter(|_| !self.linker.lost)?;
        self.before.traces.items[old].as_ref()
    }

    /// Whether something was asked for that is not known: then nothing can be relied on.
    pub(super) fn lost(&self) -> bool {
        self.linker.lost
    }

    /// Once what stands above all equations has been checked: its numbers must be the same.
    pub(super) fn begin(&mut self, head: Head, program: &Program, lets: &[usize]) {
        let was = self.before.traces.head;
        self.linker.lost |= was != head || !numbers_agree(head, self.before.program, program);
        if self.linker.lost {
            return;
        }
        let counts = [
            (Numbered::Clock, head.clocks),
            (Numbered::Series, head.series),
            (Numbered::Session, head.sessions),
            (Numbered::Timer, head.timers),
            (Numbered::Filter, head.filters),
            (Numbered::Record, head.records),
            (Numbered::Cell, head.cells),
        ];
        for (kind, count) in counts {
            (0..count).for_each(|index| self.linker.set(kind, index, index));
        }
        let by_item: BTreeMap<usize, usize> = lets.iter().enumerate().map(|(index, item)| (*item, index)).collect();
        for ((item, _), known) in self.before.traces.lets.iter().zip(&mut self.lets) {
            *known = self.now[*item].and_then(|item| by_item.get(&item).copied());
        }
    }
}

impl Before<'_> {
    /// Which items did only what can be done again, given those that stay as they are.
    fn unchanged(&self, stays: &dyn Fn(usize) -> bool) -> Vec<bool> {
        let mut items = vec![false; self.traces.items.len()];
        let mut calls = vec![false; self.traces.calls.len()];
        for unit in &self.traces.order {
            let (trace, own) = match *unit {
                Unit::Item(item) => (&self.traces.items[item], stays(item)),
                Unit::Call(call) => {
                    let call = &self.traces.calls[call];
                    (&call.trace, call.key.0 != Owner::Own || stays(call.key.1))
                }
            };
            let reads = |step: &Step| match step {
                Step::Let(index) => items[self.traces.lets[*index].0],
                Step::Call(called) => calls[called.call],
                _ => true,
            };
            let same = own && trace.as_ref().is_some_and(|trace| trace.steps.iter().all(reads));
            match *unit {
                Unit::Item(item) => items[item] = same,
                Unit::Call(call) => calls[call] = same,
            }
        }
        items
    }
}

/// For each item the one of old with the same text. Each of old serves once.
fn pairs(text: &str, file: &ast::File, before: Before<'_>) -> Vec<Option<usize>> {
    let old = |index: usize| before.file.items.get(index).map(|item| &before.text[item.span.range()]);
    let mut taken = vec![false; before.file.items.len()];
    let mut known: Option<BTreeMap<&str, usize>> = None;
    let mut next = 0;
    let mut pair = |item: &ast::Item| {
        let written = &text[item.span.range()];
        let found = if old(next) == Some(written) {
            Some(next)
        } else {
            let known =
                known.get_or_insert_with(|| (0..taken.len()).filter_map(|index| Some((old(index)?, index))).collect());
            known.get(written).copied()
        };
        let found = found.filter(|index| !taken[*index])?;
        taken[found] = true;
        next = found + 1;
        Some(found)
    };
    file.items.iter().map(&mut pair).collect()
}

/// Whether what all of a file stands on is the same: everything but equations, functions and what acts. Of parameters and
/// states the names must be.
fn heads_agree(file: &ast::File, before: Before<'_>, pairs: &[Option<usize>]) -> bool {
    let many = |item: &ast::Item| matches!(part(item), Part::Many);
    if file.items.iter().chain(&before.file.items).any(many) {
        return false;
    }
    let head = |items: &[ast::Item]| -> Vec<usize> {
        let head = |index: &usize| matches!(part(&items[*index]), Part::Given(_) | Part::Ground);
        (0..items.len()).filter(head).collect()
    };
    let (of_old, of_new) = (head(&before.file.items), head(&file.items));
    let same = |(old, new): (&usize, &usize)| match (part(&before.file.items[*old]), part(&file.items[*new])) {
        (Part::Given(old), Part::Given(new)) => old == new,
        _ => pairs[*new] == Some(*old),
    };
    of_old.len() == of_new.len() && of_old.iter().zip(&of_new).all(same)
}

/// What an item is to the others.
enum Part<'a> {
    /// An equation or a function.
    Named(&'a str),
    /// Read by no other.
    Nameless,
    /// A parameter or a state: what it is, is read by name.
    Given(&'a str),
    /// All stand on it.
    Ground,
    /// It is about many markets or about models: such files are checked as a whole.
    Many,
}

fn part(item: &ast::Item) -> Part<'_> {
    match &item.kind {
        ItemKind::Let { name, .. } => Part::Named(&name.text),
        ItemKind::Fn(function) => Part::Named(&function.name.text),
        ItemKind::Param { name, .. } | ItemKind::State { name, .. } => Part::Given(&name.text),
        ItemKind::Require { .. } | ItemKind::Target { .. } | ItemKind::Trade(_) | ItemKind::Quote(_) => Part::Nameless,
        ItemKind::Export { .. } | ItemKind::Plot { .. } | ItemKind::Risk { .. } | ItemKind::Test(_) => Part::Nameless,
        ItemKind::When { .. } | ItemKind::On { .. } | ItemKind::Timer { .. } => Part::Nameless,
        ItemKind::Universe { .. } | ItemKind::Roll { .. } | ItemKind::Each { .. } | ItemKind::Weight { .. } => {
            Part::Many
        }
        ItemKind::Features { .. } | ItemKind::Label { .. } | ItemKind::Model(_) => Part::Many,
        _ => Part::Ground,
    }
}

/// The names of items that came, went or changed.
fn changed_names<'t>(
    file: &'t ast::File,
    before: Before<'t>,
    pairs: &[Option<usize>],
    now: &[Option<usize>],
) -> BTreeSet<&'t str> {
    let mut names = BTreeSet::new();
    let mut add = |item: &'t ast::Item| match &item.kind {
        // What a state is said to be by mistake, it is to nobody.
        ItemKind::When { body, .. } | ItemKind::On { body, .. } | ItemKind::Timer { body, .. } => {
            assigned(body, &mut names)
        }
        _ => match part(item) {
            Part::Named(name) | Part::Given(name) => _ = names.insert(name),
            _ => {}
        },
    };
    file.items.iter().zip(pairs).filter(|(_, old)| old.is_none()).for_each(|(item, _)| add(item));
    let wrong = |index: usize| before.traces.items[index].is_none();
    let old = before
        .file
        .items
        .iter()
        .enumerate()
        .filter(|(index, item)| now[*index].is_none() || (wrong(*index) && matches!(part(item), Part::Nameless)));
    old.for_each(|(_, item)| add(item));
    names.extend([file, before.file].into_iter().flat_map(given_twice));
    names
}

/// Names that several items take: the first has it, so it matters which is the first.
fn given_twice(file: &ast::File) -> Vec<&str> {
    let name = |item| match part(item) {
        Part::Named(name) | Part::Given(name) => Some(name),
        _ => None,
    };
    let mut names: Vec<&str> = file.items.iter().filter_map(name).collect();
    names.sort_unstable();
    names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect()
}

/// The states that statements assign.
fn assigned<'t>(body: &'t [ast::Statement], names: &mut BTreeSet<&'t str>) {
    for statement in body {
        match &statement.kind {
            StatementKind::Assign(assign) => _ = names.insert(&assign.name.text),
            StatementKind::If { then, otherwise, .. } => {
                [then, otherwise].into_iter().for_each(|body| assigned(body, names))
            }
            _ => {}
        }
    }
}

/// Which items have one of these words in their text, or that of a parameter or a state which does; `None` if there are
/// too many, or something has that all stand on.
fn mentions<'t>(text: &str, file: &'t ast::File, mut names: BTreeSet<&'t str>) -> Option<Vec<bool>> {
    let mut found = vec![false; file.items.len()];
    let mut open: Vec<&str> = names.iter().copied().collect();
    while let Some(name) = open.pop() {
        if names.len() > MAX_NAMES {
            return None;
        }
        for item in items_with(text, file, name) {
            found[item] = true;
            match part(&file.items[item]) {
                Part::Given(given) if names.insert(given) => open.push(given),
                Part::Ground => return None,
                _ => {}
            }
        }
    }
    Some(found)
}

/// The items with this word in their text.
fn items_with(text: &str, file: &ast::File, name: &str) -> Vec<usize> {
    let in_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let (bytes, mut found) = (text.as_bytes(), Vec::new());
    for (at, _) in text.match_indices(name) {
        let whole = !in_word(bytes[..at].last()) && !in_word(bytes.get(at + name.len()));
        let item = file.items.partition_point(|item| item.span.start as usize <= at);
        found.extend(item.checked_sub(1).filter(|_| whole));
    }
    found
}

/// Whether an item says something of orders or results, which others may contradict.
fn is_order(item: &ast::Item) -> bool {
    match &item.kind {
        ItemKind::Target { .. } | ItemKind::Trade(_) | ItemKind::Quote(_) => true,
        ItemKind::Export { .. } | ItemKind::Plot { .. } => true,
        ItemKind::When { body, .. } | ItemKind::On { body, .. } | ItemKind::Timer { body, .. } => {
            body.iter().any(sends_or_exports)
        }
        _ => false,
    }
}

fn sends_or_exports(statement: &ast::Statement) -> bool {
    match &statement.kind {
        StatementKind::If { then, otherwise, .. } => then.iter().chain(otherwise).any(sends_or_exports),
        StatementKind::Assign(_) => false,
        _ => true,
    }
}

/// Whether what items say of orders came, went, changed or changed places.
fn talk_of_orders(file: &ast::File, pairs: &[Option<usize>]) -> bool {
    let orders: Vec<Option<usize>> =
        file.items.iter().zip(pairs).filter(|(item, _)| is_order(item)).map(|(_, pair)| *pair).collect();
    orders.contains(&None) || !orders.is_sorted()
}

/// Whether what was numbered first is the same in both.
fn numbers_agree(head: Head, old: &Program, new: &Program) -> bool {
    let kind = |program: &Program, id: ExprId| program.expr(id).kind.clone();
    let plain = |kind: &ExprKind| matches!(kind, ExprKind::Const(_) | ExprKind::Param(_));
    let timers = |pair: (&Timer, &Timer)| match pair {
        (Timer::Every(old_id), Timer::Every(new_id)) => {
            let (old, new) = (kind(old, *old_id), kind(new, *new_id));
            plain(&old) && old == new
        }
        (Timer::At { daily: a, session: b, .. }, Timer::At { daily, session, .. }) => (a, b) == (daily, session),
        _ => false,
    };
    let sessions = |(old, new): (&Session, &Session)| old.name == new.name && old.hours == new.hours;
    old.clocks[..head.clocks] == new.clocks[..head.clocks]
        && old.series[..head.series] == new.series[..head.series]
        && old.sessions[..head.sessions].iter().zip(&new.sessions).all(sessions)
        && old.timers[..head.timers].iter().zip(&new.timers).all(timers)
}
