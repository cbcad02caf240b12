//! Equations that read each other, one of them through its past.

use super::Grow;
use super::kinds::{Clocks, Kind, Place};
use super::term::Term;

impl Grow {
    /// Two equations, or one that reads further back than `prev` does.
    pub(super) fn circle(&mut self) {
        let kind = [Kind::Plain, Kind::Price, Kind::Whole, Kind::Truth][self.chance.below(4)];
        let feed = self.chance.below(self.feeds.len());
        let place = Place { depth: 1, clocks: Clocks::One(feed), memory: false };
        let [first, second] = [(); 2].map(|()| self.fresh("v"));
        let (alone, back) = (self.chance.once_in(1, 3), self.chance.whole(1, 4).to_string());
        let past = Term::whole(if alone { first.clone() } else { second.clone() }).past(&back);
        let value = self.joined(kind, &past, place);
        let start = self.constant(kind);
        let at = if self.chance.once_in(1, 2) { format!(" @ {}", self.feeds[feed].name) } else { String::new() };
        self.lines.push(format!("let {first}{at} = {}", Term::binary(&value, "else", &start).text));
        self.learn(&first, kind, Clocks::One(feed));
        if !alone {
            let value = self.joined(kind, &Term::whole(first), place);
            self.lines.push(format!("let {second} = {}", value.text));
            self.learn(&second, kind, Clocks::One(feed));
        }
    }

    /// Another value with one that changes for certain; it stays in bounds.
    fn joined(&mut self, kind: Kind, other: &Term, place: Place) -> Term {
        let value = self.moving_value(kind, place);
        match kind {
            Kind::Truth => Term::binary(other, self.chance.pick(&["!=", "and", "or"]), &value),
            _ => Term::call(self.chance.pick(&["min", "max"]), &[other, &value]),
        }
    }
}
