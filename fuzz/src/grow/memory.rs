//! What remembers: windows, the past, `prev`, and functions that do.

use gbc_core::window::WindowKind;

use super::Grow;
use super::kinds::{Clocks, Kind, Place};
use super::term::Term;

/// Functions of the library that keep the unit of their input.
const KEEPING: [&str; 9] = ["sma", "ema", "rma", "dema", "tema", "kama", "mom", "linreg", "slope"];

/// Functions of the library that give a plain number.
const PLAIN: [&str; 6] = ["rsi", "cmo", "zscore", "roc", "trix", "variance"];

/// Functions of a bar series and a length, each with the plain number among what it gives.
const OF_BARS: [(&str, &str); 8] = [
    ("percent_k", ""),
    ("willr", ""),
    ("natr", ""),
    ("cci", ""),
    ("adx", ""),
    ("mfi", ""),
    ("aroon", ".up"),
    ("di", ".plus"),
];

impl Grow {
    /// Something that remembers. Its input changes for certain, so that it steps.
    pub(super) fn remembered(&mut self, kind: Kind, place: Place) -> Term {
        let place = place.deeper();
        if place.clocks != Clocks::Input && self.chance.once_in(1, 4) {
            return self.of_a_span(kind, place);
        }
        match (kind, self.chance.below(6)) {
            (_, 0) => self.moving_value(kind, place).past(&self.chance.below(6).to_string()),
            (Kind::Plain | Kind::Price, 1 | 2) => self.window(kind, place),
            (Kind::Plain | Kind::Price, 3) => {
                let function = self.chance.pick(&KEEPING);
                self.of_series(function, kind, place)
            }
            (Kind::Plain, 4) => self.indicator(place),
            (Kind::Plain, 5) if self.functions > 0 => {
                let function = format!("f{}", self.chance.below(self.functions));
                self.of_series(&function, kind, place)
            }
            (Kind::Time, 1 | 2) if place.clocks == Clocks::Many => self.since(place),
            (Kind::Truth, 1) if place.clocks == Clocks::Many => {
                let span = format!("{}s", self.chance.whole(1, 200));
                Term::binary(&self.since(place), self.chance.pick(&[">", "<="]), &Term::whole(span))
            }
            (Kind::Whole, 1) => Term::call("bars_since", &[&self.moving_value(Kind::Truth, place)]),
            _ => self.moving_value(kind, place).past("1"),
        }
    }

    /// How long ago something last was true, which changes as time passes.
    pub(super) fn since(&mut self, place: Place) -> Term {
        Term::call("since", &[&self.moving_value(Kind::Truth, place)])
    }

    /// A value that changes for certain: on the place's clock, if it has one.
    pub(super) fn moving_value(&mut self, kind: Kind, place: Place) -> Term {
        let moving = self.ticking(kind, place.clocks);
        if place.depth == 0 || self.chance.once_in(1, 2) {
            return moving;
        }
        let other = self.value(kind, place.deeper());
        match kind {
            Kind::Truth => Term::binary(&moving, self.chance.pick(&["and", "or", "!=", "else"]), &other),
            _ => Term::binary(&moving, self.chance.pick(&["+", "-", "else"]), &other),
        }
    }

    /// How long a window is: never below two, for what spreads needs two.
    pub(super) fn length(&mut self) -> Term {
        let lengths: Vec<String> = self
            .known
            .iter()
            .filter(|known| known.kind == Kind::Whole && known.clocks == Clocks::Never)
            .map(|known| known.name.clone())
            .collect();
        match self.chance.below(4) {
            0 | 1 if !lengths.is_empty() => Term::whole(lengths[self.chance.below(lengths.len())].clone()),
            _ => Term::whole(self.chance.whole(2, 9).to_string()),
        }
    }

    fn window(&mut self, kind: Kind, place: Place) -> Term {
        let fits = |window: &WindowKind| kind == Kind::Plain || window.keeps_unit();
        let all: Vec<&str> =
            WindowKind::NAMES.iter().filter(|(_, window)| fits(window)).map(|(name, _)| *name).collect();
        let function = self.chance.pick(&all);
        self.of_series(function, kind, place)
    }

    fn of_series(&mut self, function: &str, kind: Kind, place: Place) -> Term {
        let (value, length) = (self.moving_value(kind, place), self.length());
        Term::call(function, &[&value, &length])
    }

    fn indicator(&mut self, place: Place) -> Term {
        let bars: Vec<usize> = (0..self.feeds.len()).filter(|index| self.feeds[*index].is_bars()).collect();
        let feed = match place.clocks {
            Clocks::One(index) => bars.contains(&index).then_some(index),
            Clocks::Many => bars.get(self.chance.below(bars.len())).copied(),
            Clocks::Never | Clocks::Input => None,
        };
        match feed {
            Some(index) => {
                let (function, field) = OF_BARS[self.chance.below(OF_BARS.len())];
                let series = Term::whole(self.feeds[index].name.clone());
                let length = self.length();
                Term::whole(Term::call(function, &[&series, &length]).text + field)
            }
            None => {
                let function = self.chance.pick(&PLAIN);
                self.of_series(function, Kind::Plain, place)
            }
        }
    }

    /// A value that reads its own past, with a first value to start from.
    pub(super) fn own_past(&mut self, kind: Kind, place: Place) -> Term {
        // What remembers may not stand in a branch.
        let chosen = self.chance.once_in(1, 3);
        let value = self.moving_value(kind, if chosen { place.branch() } else { place });
        let first = self.value(kind, place.branch());
        let prev = Term::whole("prev");
        let next = match kind {
            Kind::Truth => Term::binary(&prev, "!=", &value),
            Kind::Whole => {
                let sum = Term::binary(&prev, "+", &value);
                Term::binary(&sum, "mod", &Term::whole("1_000"))
            }
            Kind::Plain | Kind::Price if self.chance.once_in(1, 2) => {
                let half = Term::binary(&Term::whole("0.5"), "*", &value);
                Term::binary(&half, "+", &Term::binary(&Term::whole("0.5"), "*", &prev))
            }
            Kind::Time => Term::binary(&value, "+", &Term::binary(&prev, "-", &prev)),
            _ => Term::call(self.chance.pick(&["min", "max"]), &[&prev, &value]),
        };
        let condition = self.value(Kind::Truth, place.branch());
        let next = if chosen { Term::choice(&condition, &next, &prev) } else { next };
        Term::binary(&next, "else", &first)
    }
}
