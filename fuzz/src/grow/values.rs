//! Values of every kind.

use super::Grow;
use super::kinds::{Clocks, Kind, Place};
use super::term::Term;

const COMPARES: [&str; 6] = ["<", "<=", ">", ">=", "==", "!="];

impl Grow {
    /// A value of a kind.
    pub(super) fn value(&mut self, kind: Kind, place: Place) -> Term {
        if place.depth == 0 || self.chance.once_in(1, 6) {
            return self.leaf(kind, place);
        }
        match self.chance.below(10) {
            0 if place.memory => self.remembered(kind, place),
            1 => {
                let condition = self.value(Kind::Truth, place.deeper());
                let [then, otherwise] = [(); 2].map(|()| self.value(kind, place.branch()));
                Term::choice(&condition, &then, &otherwise)
            }
            2 => {
                let [first, second] = [(); 2].map(|()| self.value(kind, place.deeper()));
                Term::binary(&first, "else", &second)
            }
            _ => self.combined(kind, place.deeper()),
        }
    }

    /// An operation of this kind alone.
    fn combined(&mut self, kind: Kind, place: Place) -> Term {
        match kind {
            Kind::Truth => self.truth(place),
            Kind::Whole => self.whole(place),
            Kind::Plain => self.plain(place),
            Kind::Price => self.price(place),
            Kind::Exact(_) => self.exact(kind, place),
            Kind::Money => self.money(place),
            Kind::Time => self.time(place),
        }
    }

    fn pair(&mut self, kind: Kind, op: &str, place: Place) -> Term {
        let [left, right] = [(); 2].map(|()| self.value(kind, place));
        Term::binary(&left, op, &right)
    }

    fn call(&mut self, function: &str, kinds: &[Kind], place: Place) -> Term {
        let args: Vec<Term> = kinds.iter().map(|kind| self.value(*kind, place)).collect();
        Term::call(function, &args.iter().collect::<Vec<_>>())
    }

    fn truth(&mut self, place: Place) -> Term {
        let kind = Kind::ALL[1 + self.chance.below(Kind::ALL.len() - 1)];
        match self.chance.below(7) {
            0 => self.pair(Kind::Truth, "and", place),
            1 => self.pair(Kind::Truth, "or", place),
            2 => self.value(Kind::Truth, place).not(),
            3 => self.pair(Kind::Truth, "!=", place),
            4 if place.memory && place.clocks != Clocks::Many && kind != Kind::Time => {
                let op = self.chance.pick(&["crosses above", "crosses below"]);
                self.pair(kind, op, place)
            }
            _ => {
                let op = self.chance.pick(&COMPARES);
                self.pair(kind, op, place)
            }
        }
    }

    fn whole(&mut self, place: Place) -> Term {
        let kind = Kind::Whole;
        match self.chance.below(8) {
            0 => self.value(kind, place).minus(),
            1 => self.call("abs", &[kind], place),
            2 => {
                let function = self.chance.pick(&["min", "max"]);
                self.call(function, &[kind, kind], place)
            }
            3 => self.call("clamp", &[kind; 3], place),
            4 => {
                let op = self.chance.pick(&["div", "mod"]);
                self.pair(kind, op, place)
            }
            5 => self.pair(Kind::Time, "div", place),
            6 => self.pair(Kind::Exact(0), "div", place),
            _ => {
                let op = self.chance.pick(&["+", "-", "*"]);
                self.pair(kind, op, place)
            }
        }
    }

    fn plain(&mut self, place: Place) -> Term {
        let kind = Kind::Plain;
        match self.chance.below(12) {
            0 => self.value(kind, place).minus(),
            1 => {
                let function = self.chance.pick(&["abs", "floor", "ceil", "round", "sqrt", "exp", "log"]);
                self.call(function, &[kind], place)
            }
            2 => {
                let function = self.chance.pick(&["min", "max", "pow"]);
                self.call(function, &[kind, kind], place)
            }
            3 => self.call("clamp", &[kind; 3], place),
            4 => self.pair(Kind::Price, "/", place),
            5 => self.pair(Kind::Money, "/", place),
            6 => self.value(Kind::Whole, place),
            7 => self.pair(Kind::Whole, "/", place),
            _ => {
                let op = self.chance.pick(&["+", "-", "*", "/", "div", "mod"]);
                self.pair(kind, op, place)
            }
        }
    }

    fn price(&mut self, place: Place) -> Term {
        let kind = Kind::Price;
        match self.chance.below(8) {
            0 => self.call("abs", &[kind], place),
            1 => {
                let function = self.chance.pick(&["min", "max"]);
                self.call(function, &[kind, kind], place)
            }
            2 => {
                // A bare number agrees with any unit.
                let (op, number) = (self.chance.pick(&["+", "-"]), self.chance.whole(0, 40));
                Term::binary(&self.value(kind, place), op, &Term::whole(format!("{number}.5")))
            }
            3 => {
                let (left, op) = (self.value(kind, place), self.chance.pick(&["*", "/"]));
                Term::binary(&left, op, &self.value(Kind::Plain, place))
            }
            4 => self.pair(kind, "mod", place),
            5 => self.exact(Kind::Exact(0), place),
            _ => {
                let op = self.chance.pick(&["+", "-"]);
                self.pair(kind, op, place)
            }
        }
    }

    fn exact(&mut self, kind: Kind, place: Place) -> Term {
        match self.chance.below(6) {
            0 => self.call("abs", &[kind], place),
            1 => {
                let function = self.chance.pick(&["min", "max"]);
                self.call(function, &[kind, kind], place)
            }
            2 => {
                let count = self.value(Kind::Whole, place);
                Term::binary(&count, "*", &self.value(kind, place))
            }
            3 => self.value(kind, place).minus(),
            _ => {
                let op = self.chance.pick(&["+", "-"]);
                self.pair(kind, op, place)
            }
        }
    }

    fn money(&mut self, place: Place) -> Term {
        match self.chance.below(4) {
            0 => {
                let market = self.chance.below(self.markets.len());
                Term::binary(&self.value(Kind::Price, place), "*", &Term::whole(format!("m{market}.point")))
            }
            1 => {
                let (left, op) = (self.value(Kind::Money, place), self.chance.pick(&["*", "/"]));
                Term::binary(&left, op, &self.value(Kind::Plain, place))
            }
            _ => {
                let op = self.chance.pick(&["+", "-"]);
                self.pair(Kind::Money, op, place)
            }
        }
    }

    fn time(&mut self, place: Place) -> Term {
        if self.chance.once_in(1, 3) {
            let count = self.value(Kind::Whole, place);
            return Term::binary(&count, "*", &self.value(Kind::Time, place));
        }
        let op = self.chance.pick(&["+", "-"]);
        self.pair(Kind::Time, op, place)
    }

    /// A name, a member or a constant.
    pub(super) fn leaf(&mut self, kind: Kind, place: Place) -> Term {
        let fits = |known: &&super::Known| known.kind == kind && place.reads(known.clocks);
        let names: Vec<String> = self.known.iter().filter(fits).map(|known| known.name.clone()).collect();
        match self.chance.below(4) {
            0 | 1 if !names.is_empty() => {
                Term::whole(self.chance.pick(&names.iter().map(String::as_str).collect::<Vec<_>>()))
            }
            2 => match place.clocks {
                Clocks::Many if self.chance.once_in(1, 3) => self.of_the_hour(kind),
                Clocks::Many => self.of_the_account(kind).unwrap_or_else(|| self.ticking(kind, Clocks::Many)),
                clocks => self.ticking(kind, clocks),
            },
            _ => self.constant(kind),
        }
    }

    fn of_the_account(&mut self, kind: Kind) -> Option<Term> {
        let market = self.chance.below(self.markets.len());
        let ticks = self.markets[market].ticks;
        let member = match kind {
            Kind::Plain => "position",
            Kind::Price if ticks && self.chance.once_in(1, 2) => "mid",
            Kind::Price => "avg_price",
            Kind::Exact(0) if self.markets[0].ticks => return Some(Term::whole("m0.last")),
            _ => return None,
        };
        self.chance.once_in(1, 2).then(|| Term::whole(format!("m{market}.{member}")))
    }

    /// A value that certainly changes on this clock, or on any if it says nothing.
    pub(super) fn ticking(&mut self, kind: Kind, clocks: Clocks) -> Term {
        let index = match clocks {
            Clocks::One(index) => index,
            Clocks::Input => return self.of_the_input(kind),
            Clocks::Many | Clocks::Never => self.chance.below(self.feeds.len()),
        };
        let feed = self.feeds[index].clone();
        let price = format!("{}.{}", feed.name, self.chance.pick(feed.prices));
        let number = format!("{}.{}", feed.name, self.chance.pick(feed.numbers));
        match kind {
            Kind::Exact(market) if market == feed.market => Term::whole(price),
            // Another market's grid cannot be met there.
            Kind::Exact(_) => Term::choice(&self.moving(&number), &self.constant(kind), &self.constant(kind)),
            Kind::Price => Term::whole(format!("(({price} + {}.{}) / 2)", feed.name, feed.prices[0])),
            Kind::Plain => Term::whole(number),
            Kind::Truth => self.moving(&number),
            Kind::Whole => {
                Term::whole(format!("(({price} - {}.{}) div m{}.tick)", feed.name, feed.prices[0], feed.market))
            }
            Kind::Money => Term::whole(format!("({price} * m{}.point)", feed.market)),
            Kind::Time => Term::choice(&self.moving(&number), &self.constant(kind), &self.constant(kind)),
        }
    }

    fn moving(&mut self, number: &str) -> Term {
        let (op, bound) = (self.chance.pick(&COMPARES), self.chance.below(20).to_string());
        Term::binary(&Term::whole(number), op, &Term::whole(bound))
    }

    fn of_the_input(&mut self, kind: Kind) -> Term {
        match kind {
            Kind::Plain => Term::whole("x"),
            Kind::Truth => self.moving("x"),
            kind => Term::choice(&self.moving("x"), &self.constant(kind), &self.constant(kind)),
        }
    }

    /// A value known before the run.
    pub(super) fn constant(&mut self, kind: Kind) -> Term {
        let small = self.chance.whole(0, 12);
        let text = match kind {
            Kind::Truth => (if small % 2 == 0 { "true" } else { "false" }).to_owned(),
            Kind::Whole => small.to_string(),
            Kind::Plain => match small % 5 {
                0 => format!("{small}%"),
                1 => format!("{small} bps"),
                2 => small.to_string(),
                3 => "0.0".to_owned(),
                _ => format!("{small}.25"),
            },
            Kind::Exact(0) if self.markets.len() == 1 => format!("{small} ticks"),
            Kind::Exact(market) => {
                return Term::binary(&Term::whole(small.to_string()), "*", &Term::whole(format!("m{market}.tick")));
            }
            Kind::Price => {
                let market = self.chance.below(self.markets.len());
                return Term::binary(&Term::whole(format!("{small}.5")), "*", &Term::whole(format!("m{market}.tick")));
            }
            Kind::Money => format!("{small} usd"),
            Kind::Time => format!("{small}m"),
        };
        Term::whole(text)
    }
}
