//! Records: of values, and of functions that give one.

use super::Grow;
use super::items::ANYWHERE;
use super::kinds::{Clocks, Kind, Place};

impl Grow {
    /// `recN(x, n)` of a plain number and a length; both fields are plain numbers.
    pub(super) fn record_function(&mut self) {
        let outer = self.known.len();
        self.learn("x", Kind::Plain, Clocks::Input);
        self.learn("n", Kind::Whole, Clocks::Never);
        let place = Place { depth: 2, clocks: Clocks::Input, memory: true };
        let [hi, lo] = [(); 2].map(|()| self.remembered(Kind::Plain, place).text);
        self.known.truncate(outer);
        let name = self.record_functions;
        self.lines.push(match self.chance.below(2) {
            0 => format!("fn rec{name}(x, n: int) = (hi = {hi}, lo = {lo})"),
            _ => format!("fn rec{name}(x, n: int) {{\n  let hi = {hi}\n  (hi = hi, lo = {lo})\n}}"),
        });
        self.record_functions += 1;
    }

    /// `Both`, a kind of record, and a function that takes one.
    pub(super) fn record_kind(&mut self) {
        self.lines.push("record Both { hi: float, lo: float }".to_owned());
        self.lines.push("fn gap(both: Both) = both.hi - both.lo".to_owned());
        self.has_kind = true;
    }

    /// A `Both`, of which one field may read the past of the other; and how far they are apart.
    fn of_a_kind(&mut self, name: &str) {
        let feed = self.chance.below(self.feeds.len());
        let place = Place { depth: 1, clocks: Clocks::One(feed), memory: true };
        let [hi, lo] = [(); 2].map(|()| self.moving_value(Kind::Plain, place).text);
        let before = self.chance.pick(&["", ".hi", ".lo"]);
        let past = match before {
            "" => hi,
            field => format!("max({name}{field}[{}] else 0.5, {hi})", self.chance.whole(1, 3)),
        };
        self.lines.push(format!("let {name} = Both(hi = {past}, lo = {lo})"));
        self.lines.push(format!("let {name}gap = gap({name})"));
        for known in [format!("{name}.hi"), format!("{name}.lo"), format!("{name}gap")] {
            self.learn(&known, Kind::Plain, Clocks::One(feed));
        }
    }

    /// An equation with fields, each known under its full name.
    pub(super) fn record(&mut self) {
        let name = self.fresh("r");
        if self.has_kind && self.chance.once_in(1, 2) {
            return self.of_a_kind(&name);
        }
        if self.record_functions > 0 && self.chance.once_in(1, 2) {
            let feed = self.chance.below(self.feeds.len());
            let place = Place { depth: 1, clocks: Clocks::One(feed), memory: true };
            let (value, length) = (self.moving_value(Kind::Plain, place).text, self.length().text);
            let function = self.chance.below(self.record_functions);
            self.lines.push(format!("let {name} = rec{function}({value}, {length})"));
            for field in ["hi", "lo"] {
                self.learn(&format!("{name}.{field}"), Kind::Plain, Clocks::One(feed));
            }
            return;
        }
        let fields: Vec<(String, Kind)> =
            (0..=1 + self.chance.below(2)).map(|index| (format!("x{index}"), self.kind())).collect();
        let values: Vec<String> =
            fields.iter().map(|(field, kind)| format!("{field} = {}", self.value(*kind, ANYWHERE).text)).collect();
        let (at, clocks) = match self.chance.below(2) {
            0 => (String::new(), Clocks::Many),
            _ => {
                let feed = self.chance.below(self.feeds.len());
                (format!(" @ {}", self.feeds[feed].name), Clocks::One(feed))
            }
        };
        self.lines.push(format!("let {name}{at} = ({})", values.join(", ")));
        for (field, kind) in fields {
            self.learn(&format!("{name}.{field}"), kind, clocks);
        }
    }
}
