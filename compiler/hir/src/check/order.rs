//! Equations in an order in which what is read comes before what reads it, so that no chain of them is too long.
//!
//! Only names are looked at, so this is about the order of the work and changes no meaning. Equations that read each
//! other have no such order: they come as one group, which knows whose past is read within it.

use std::collections::{BTreeMap, BTreeSet};

use gbc_syntax::ast::{self, ItemKind, OnClock};

use super::Checker;
use super::scope::{Global, Owner};

/// An equation or a function, by its index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reader {
    Let(usize),
    Fn(usize),
}

/// Equations that are checked together: one, or all those of a circle.
pub(super) struct Group {
    /// In the order of the text.
    pub(super) members: Vec<usize>,
    /// Those whose past another one of them reads, or they themselves.
    pub(super) pasts: BTreeSet<usize>,
}

/// A reader on the way to what it reads, and that which it has not looked at yet.
struct Visit {
    reader: Reader,
    open: Vec<(Reader, bool)>,
}

/// Circles are found by the earliest reader that each one reaches back to.
#[derive(Default)]
struct Search {
    visits: Vec<Visit>,
    marks: BTreeMap<Reader, Mark>,
    /// Readers that belong to no group yet, in the order of their numbers.
    waiting: Vec<Reader>,
}

/// What is known of a reader that was met.
#[derive(Clone, Copy)]
struct Mark {
    /// Which one it was.
    number: usize,
    /// The earliest that it reaches back to.
    lowest: usize,
    /// Whether it belongs to no group yet.
    waits: bool,
    /// Whether it reads itself.
    itself: bool,
}

impl Checker<'_> {
    /// All equations, what is read first.
    pub(super) fn reading_order(&self) -> Vec<Group> {
        let mut groups = Vec::new();
        let mut search = Search::default();
        for root in (0..self.lets.len()).map(Reader::Let) {
            self.visit(&mut search, root);
            while let Some(visit) = search.visits.last_mut() {
                match visit.open.pop() {
                    Some((read, _)) if search.marks.contains_key(&read) => search.reaches(read),
                    Some((read, _)) => self.visit(&mut search, read),
                    None => {
                        groups.extend(search.leave().map(|(circle, reads_itself)| self.group(&circle, reads_itself)))
                    }
                }
            }
        }
        groups.retain(|group| !group.members.is_empty());
        groups
    }

    fn visit(&self, search: &mut Search, reader: Reader) {
        if search.marks.contains_key(&reader) {
            return;
        }
        let number = search.marks.len();
        search.marks.insert(reader, Mark { number, lowest: number, waits: true, itself: false });
        search.waiting.push(reader);
        search.visits.push(Visit { reader, open: self.read_by(reader) });
    }

    fn group(&self, circle: &[Reader], reads_itself: bool) -> Group {
        if let ([Reader::Let(alone)], false) = (circle, reads_itself) {
            return Group { members: vec![*alone], pasts: BTreeSet::new() };
        }
        let own = |reader: &Reader| match reader {
            Reader::Let(index) => Some(*index),
            Reader::Fn(_) => None,
        };
        let members: BTreeSet<usize> = circle.iter().filter_map(own).collect();
        let reads = circle.iter().flat_map(|reader| self.read_by(*reader));
        let pasts = reads.filter(|(_, past)| *past).filter_map(|(read, _)| own(&read));
        let pasts = pasts.filter(|index| members.contains(index)).collect();
        Group { members: members.into_iter().collect(), pasts }
    }

    /// What a reader reads, and whether only its past.
    fn read_by(&self, reader: Reader) -> Vec<(Reader, bool)> {
        let mut found = Vec::new();
        let mut open = Vec::new();
        let mut hidden: Vec<&str> = Vec::new();
        match reader {
            Reader::Let(index) => {
                open.push(self.lets[index].value);
                if let Some(OnClock::Named(name)) = self.lets[index].clock {
                    found.extend(self.reader_named(&name.text).map(|read| (read, false)));
                }
            }
            Reader::Fn(item) => {
                let ItemKind::Fn(function) = &self.user.items[item].kind else { return found };
                open.extend(function.locals.iter().map(|local| local.value).chain([function.result]));
                let inputs = function.inputs.iter().map(|(name, _)| name.text.as_str());
                hidden.extend(inputs.chain(function.locals.iter().map(|local| local.name.text.as_str())));
            }
        }
        let read = |name: &str| if hidden.contains(&name) { None } else { self.reader_named(name) };
        while let Some(id) = open.pop() {
            let kind = &self.user.expr(id).kind;
            match kind {
                ast::ExprKind::Name(name) => found.extend(read(name).map(|read| (read, false))),
                ast::ExprKind::Index { base, index } if !self.is_now(*index) => match self.user.path(*base) {
                    Some((name, _)) => {
                        found.extend(read(name).map(|read| (read, true)));
                        open.push(*index);
                    }
                    None => open.extend(kind.parts()),
                },
                _ => open.extend(kind.parts()),
            }
        }
        found
    }

    fn is_now(&self, index: ast::ExprId) -> bool {
        matches!(self.user.expr(index).kind, ast::ExprKind::Int(0))
    }

    fn reader_named(&self, name: &str) -> Option<Reader> {
        match self.globals.get(name)?.0 {
            Global::Let(index) => Some(Reader::Let(index)),
            Global::Fn(Owner::Own, item) => Some(Reader::Fn(item)),
            _ => None,
        }
    }
}

impl Search {
    /// The reader at hand reads one that was met before; if that one still waits, a circle closes.
    fn reaches(&mut self, read: Reader) {
        let Mark { number, waits, .. } = self.marks[&read];
        if waits {
            self.reach_back(number);
        }
        if self.visits.last().is_some_and(|visit| visit.reader == read) {
            self.marks.get_mut(&read).expect("it was met").itself = true;
        }
    }

    fn reach_back(&mut self, number: usize) {
        let Some(visit) = self.visits.last() else { return };
        let mark = self.marks.get_mut(&visit.reader).expect("it was entered");
        mark.lowest = number.min(mark.lowest);
    }

    /// Leaves the reader at hand; all of its circle if it was the first of it that was met, and whether it reads itself.
    fn leave(&mut self) -> Option<(Vec<Reader>, bool)> {
        let left = self.visits.pop().expect("it was entered").reader;
        let Mark { number, lowest, itself, .. } = self.marks[&left];
        self.reach_back(lowest);
        if lowest < number {
            return None;
        }
        let start = self.waiting.iter().rposition(|reader| *reader == left).expect("it waits until it is left");
        let circle = self.waiting.split_off(start);
        circle.iter().for_each(|reader| self.marks.get_mut(reader).expect("it was entered").waits = false);
        Some((circle, itself))
    }
}
