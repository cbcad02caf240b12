//! Equations in an order in which what is read comes before what reads it, so that no chain of them is too long.
//!
//! Only names are looked at, and a name that a function's input hides counts all the same: this is about the order of
//! the work, and changes no meaning. Circles have no such order; they are told where they close.

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

impl Checker<'_> {
    /// Indices of all equations, what is read first; those of a circle in the order of the text.
    pub(super) fn reading_order(&self) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.lets.len());
        // Whether a reader still waits for what it reads.
        let mut waits = BTreeMap::new();
        let (mut path, mut circular) = (Vec::new(), BTreeSet::new());
        // A reader comes off the stack twice: to look at what it reads, and when that is in order.
        let mut open: Vec<(Reader, bool)> =
            (0..self.lets.len()).rev().map(|index| (Reader::Let(index), false)).collect();
        while let Some((reader, is_ready)) = open.pop() {
            if is_ready {
                path.pop();
                waits.insert(reader, false);
                order.extend(equation(&reader));
                continue;
            }
            let waiting = waits.get(&reader).copied();
            if waiting.is_none() {
                path.push(reader);
                waits.insert(reader, true);
                open.push((reader, true));
                open.extend(self.read_by(reader).into_iter().map(|read| (read, false)));
            } else if waiting == Some(true) {
                let circle = path.iter().rev().take_while(|other| **other != reader).chain([&reader]);
                circular.extend(circle.filter_map(equation));
            }
        }
        let mut in_text_order = circular.iter();
        for place in order.iter_mut().filter(|index| circular.contains(index)) {
            *place = *in_text_order.next().expect("as many places as members");
        }
        order
    }

    fn read_by(&self, reader: Reader) -> Vec<Reader> {
        let mut found = Vec::new();
        let mut open = Vec::new();
        match reader {
            Reader::Let(index) => {
                open.push(self.lets[index].value);
                if let Some(OnClock::Named(name)) = self.lets[index].clock {
                    found.extend(self.reader_named(&name.text));
                }
            }
            Reader::Fn(item) => {
                let ItemKind::Fn(function) = &self.user.items[item].kind else { return found };
                open.extend(function.locals.iter().map(|local| local.value).chain([function.result]));
            }
        }
        while let Some(id) = open.pop() {
            let kind = &self.user.expr(id).kind;
            if let ast::ExprKind::Name(name) = kind {
                found.extend(self.reader_named(name));
            }
            open.extend(kind.parts());
        }
        found
    }

    fn reader_named(&self, name: &str) -> Option<Reader> {
        match self.globals.get(name)?.0 {
            Global::Let(index) => Some(Reader::Let(index)),
            Global::Fn(Owner::Own, item) => Some(Reader::Fn(item)),
            _ => None,
        }
    }
}

fn equation(reader: &Reader) -> Option<usize> {
    match reader {
        Reader::Let(index) => Some(*index),
        Reader::Fn(_) => None,
    }
}
