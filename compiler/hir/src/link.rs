//! What a program says in one place, said again in another: every number of an expression, a clock, a place in the
//! text is looked up and replaced.

mod program;

use gbc_diagnostics::Span;

use crate::{CellId, ClockId, ExprId};

/// Kinds of things that a program numbers, beside expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbered {
    Cell,
    Clock,
    Series,
    Session,
    Timer,
    Filter,
    Record,
    Trade,
    Quote,
    Send,
    Export,
}

const KINDS: usize = Numbered::Export as usize + 1;

/// Nothing is known of it.
const UNKNOWN: u32 = u32::MAX;

/// What the numbers and places of one program are in another.
#[derive(Debug, Default)]
pub(crate) struct Linker {
    exprs: Vec<u32>,
    others: [Vec<u32>; KINDS],
    /// Items of the old text in its order: where each was, and where it starts now if it still stands.
    items: Vec<(Span, Option<u32>)>,
    /// The item that was looked for last: the next place is likely in it, too.
    near: usize,
    /// A place that is another by intent: the call to which a function's expansion belongs.
    pub(crate) call: Option<(Span, Span)>,
    /// Whether anything was asked for that is not known.
    pub(crate) lost: bool,
}

/// Something that holds numbers or places.
pub(crate) trait Linked {
    /// Replaces them.
    fn link(&mut self, to: &mut Linker);
}

impl Linker {
    /// With items of the old text in its order.
    pub(crate) fn new(exprs: usize, items: Vec<(Span, Option<u32>)>) -> Linker {
        Linker { exprs: vec![UNKNOWN; exprs], items, ..Linker::default() }
    }

    /// Notes what an expression is now.
    pub(crate) fn set_expr(&mut self, old: ExprId, new: ExprId) {
        self.exprs[old.0 as usize] = new.0;
    }

    /// What an expression is now, if it is known.
    pub(crate) fn known_expr(&self, old: ExprId) -> Option<ExprId> {
        self.exprs.get(old.0 as usize).copied().filter(|new| *new != UNKNOWN).map(ExprId)
    }

    /// What an expression is now.
    pub(crate) fn expr(&mut self, old: ExprId) -> ExprId {
        self.known_expr(old).unwrap_or_else(|| {
            self.lost = true;
            old
        })
    }

    /// Notes what something numbered is now.
    pub(crate) fn set(&mut self, kind: Numbered, old: usize, new: usize) {
        let known = &mut self.others[kind as usize];
        if known.len() <= old {
            known.resize(old + 1, UNKNOWN);
        }
        known[old] = new as u32;
    }

    /// What something numbered is now, if it is known.
    pub(crate) fn known(&self, kind: Numbered, old: usize) -> Option<usize> {
        self.others[kind as usize].get(old).filter(|new| **new != UNKNOWN).map(|new| *new as usize)
    }

    /// What something numbered is now.
    pub(crate) fn get(&mut self, kind: Numbered, old: usize) -> usize {
        self.known(kind, old).unwrap_or_else(|| {
            self.lost = true;
            old
        })
    }

    /// Where a place is now.
    pub(crate) fn span(&mut self, old: Span) -> Span {
        if let Some((_, now)) = self.call.filter(|(before, _)| *before == old) {
            return now;
        }
        if old == Span::default() {
            return old;
        }
        let holds =
            |item: Option<&(Span, Option<u32>)>| item.is_some_and(|(at, _)| at.start <= old.start && old.end <= at.end);
        if !holds(self.items.get(self.near)) {
            self.near = self.items.partition_point(|(at, _)| at.start <= old.start).saturating_sub(1);
        }
        match self.items.get(self.near) {
            Some((at, Some(start))) if holds(self.items.get(self.near)) => {
                let moved = |place: u32| place - at.start + start;
                Span { start: moved(old.start), end: moved(old.end) }
            }
            _ => {
                self.lost = true;
                old
            }
        }
    }
}

impl Linked for ExprId {
    fn link(&mut self, to: &mut Linker) {
        *self = to.expr(*self);
    }
}

impl Linked for CellId {
    fn link(&mut self, to: &mut Linker) {
        self.0 = to.get(Numbered::Cell, self.0 as usize) as u32;
    }
}

impl Linked for ClockId {
    fn link(&mut self, to: &mut Linker) {
        self.0 = to.get(Numbered::Clock, usize::from(self.0)) as u8;
    }
}

impl Linked for Span {
    fn link(&mut self, to: &mut Linker) {
        *self = to.span(*self);
    }
}

impl<T: Linked> Linked for Option<T> {
    fn link(&mut self, to: &mut Linker) {
        self.iter_mut().for_each(|inner| inner.link(to));
    }
}

impl<T: Linked> Linked for Vec<T> {
    fn link(&mut self, to: &mut Linker) {
        self.iter_mut().for_each(|inner| inner.link(to));
    }
}

impl<T: Linked, const N: usize> Linked for [T; N] {
    fn link(&mut self, to: &mut Linker) {
        self.iter_mut().for_each(|inner| inner.link(to));
    }
}

impl<A: Linked, B: Linked> Linked for (A, B) {
    fn link(&mut self, to: &mut Linker) {
        self.0.link(to);
        self.1.link(to);
    }
}

/// What holds no number and no place.
macro_rules! fixed {
    ($($name:ty),* $(,)?) => { $(impl Linked for $name { fn link(&mut self, _: &mut Linker) {} })* };
}
fixed!(bool, u8, i64, f64);
