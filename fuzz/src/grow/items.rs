//! The items of a program, from its header to its test.

use super::Grow;
use super::kinds::{Clocks, Kind, Known, Place};
use super::term::Term;

/// Where everything may be read and nothing remembered.
pub(super) const ANYWHERE: Place = Place { depth: 3, clocks: Clocks::Many, memory: false };

impl Grow {
    pub(super) fn items(&mut self) {
        self.lines.push("strategy Grown \"made by chance\"".to_owned());
        (0..self.markets.len()).for_each(|market| self.lines.push(format!("market m{market}")));
        (0..self.chance.below(4)).for_each(|_| self.param());
        (0..self.chance.below(3)).for_each(|_| self.session());
        (0..self.chance.below(3)).for_each(|_| self.timer());
        let first = self.lines.len();
        for feed in self.feeds.clone() {
            self.lines.push(format!("let {} = m{}.{}", feed.name, feed.market, feed.source));
        }
        (0..self.chance.below(3)).for_each(|_| self.function());
        (0..self.chance.below(2)).for_each(|_| self.record_function());
        if self.chance.once_in(1, 3) {
            self.record_kind();
        }
        let (states, equations) = (self.chance.below(4), 1 + self.chance.below(7));
        (0..states).for_each(|_| self.state());
        (0..equations).for_each(|_| match self.chance.below(8) {
            0 => self.record(),
            2 => self.circle(),
            3 => self.of_moments(),
            1 if !self.timers.is_empty() => self.on_a_timer(),
            _ => self.equation(),
        });
        if self.chance.once_in(1, 3) {
            // Equations, functions and states may stand in any order.
            self.chance.shuffle(&mut self.lines[first..]);
        }
        (0..self.chance.below(4)).for_each(|_| match self.chance.below(2) {
            0 => self.rule(),
            _ => self.handler(),
        });
        (0..self.markets.len()).for_each(|market| self.target(market));
        if self.chance.once_in(1, 4) {
            self.test();
        }
    }

    pub(super) fn learn(&mut self, name: &str, kind: Kind, clocks: Clocks) {
        self.known.push(Known { name: name.to_owned(), kind, clocks });
    }

    fn param(&mut self) {
        let one_market = self.markets.len() == 1;
        let (letter, kind, value) = match self.chance.below(8) {
            0..3 => ("n", Kind::Whole, "4 in 2..9"),
            3 => ("p", Kind::Plain, "0.5 in 0.1..2.0 step 0.1 \"a share\""),
            4 => ("p", Kind::Plain, "2% in {1%, 2%, 50%}"),
            5 => ("p", Kind::Money, "300 usd in 100 usd..900 usd"),
            6 if one_market => ("p", Kind::Exact(0), "2 ticks in 0 ticks..6 ticks"),
            6 => ("p", Kind::Truth, "true"),
            _ => ("p", Kind::Time, "5m in 5m..60m step 5m"),
        };
        let name = self.fresh(letter);
        self.lines.push(format!("param {name} = {value}"));
        if letter == "n" && self.chance.once_in(1, 3) {
            self.lines.push(format!("require {name} >= 2"));
        }
        self.learn(&name, kind, Clocks::Never);
    }

    /// `fN(x, n)` of a plain number and a length; it remembers as it likes, on the clock of its input.
    fn function(&mut self) {
        let outer = self.known.len();
        self.learn("x", Kind::Plain, Clocks::Input);
        self.learn("n", Kind::Whole, Clocks::Never);
        let place = Place { depth: 2, clocks: Clocks::Input, memory: true };
        let name = self.functions;
        let text = match self.chance.below(3) {
            0 => format!("fn f{name}(x, n: int) = {}", self.remembered(Kind::Plain, place).text),
            1 => format!("fn f{name}(x, n: int) = {}", self.own_past(Kind::Plain, place).text),
            _ => {
                let local = self.remembered(Kind::Plain, place).text;
                self.learn("y", Kind::Plain, Clocks::Input);
                let value = self.value(Kind::Plain, place);
                let value = Term::binary(&Term::whole("y"), "else", &value).text;
                format!("pub fn f{name}(x, n: int) -> float {{\n  let y = {local}\n  {value}\n}}")
            }
        };
        self.known.truncate(outer);
        self.lines.push(text);
        self.functions += 1;
    }

    pub(super) fn kind(&mut self) -> Kind {
        Kind::ALL[self.chance.below(Kind::ALL.len())]
    }

    fn equation(&mut self) {
        let (kind, name) = (self.kind(), self.fresh("v"));
        let clock = self.chance.below(self.feeds.len());
        let depth = 1 + self.chance.below(3);
        let on_one = Place { depth, clocks: Clocks::One(clock), memory: true };
        let (at, value, clocks) = match self.chance.below(6) {
            0 => (String::new(), self.value(kind, Place { depth, ..ANYWHERE }), Clocks::Many),
            1 | 2 => {
                let everywhere = Place { clocks: Clocks::Many, ..on_one };
                let value = match self.chance.below(3) {
                    0 => self.own_past(kind, everywhere),
                    1 => self.remembered(kind, everywhere),
                    _ => self.value(kind, everywhere),
                };
                (format!(" @ {}", self.feeds[clock].name), value, Clocks::One(clock))
            }
            3 => (String::new(), self.own_past(kind, on_one), Clocks::One(clock)),
            4 => (String::new(), self.remembered(kind, on_one), Clocks::One(clock)),
            _ => (String::new(), self.moving_value(kind, on_one), Clocks::One(clock)),
        };
        self.lines.push(format!("let {name}{at} = {}", value.text));
        self.learn(&name, kind, clocks);
    }

    /// What changes at moments of its own, on no clock that a window could step with.
    fn of_moments(&mut self) {
        let place = Place { depth: 1, clocks: Clocks::One(self.chance.below(self.feeds.len())), memory: false };
        let (market, name) = (self.chance.below(self.markets.len()), self.fresh("v"));
        let (kind, value) = match self.chance.below(3) {
            0 => (Kind::Time, self.since(place)),
            _ => {
                let (function, value) =
                    (self.chance.pick(&["sum", "mean", "highest", "lowest"]), self.moving_value(Kind::Plain, place));
                (Kind::Plain, Term::call(function, &[&value, &Term::whole(format!("trade(m{market})"))]))
            }
        };
        self.lines.push(format!("let {name} = {}", value.text));
        self.learn(&name, kind, Clocks::Many);
    }

    fn state(&mut self) {
        let (kind, first) = match self.chance.below(3) {
            0 => (Kind::Whole, "0"),
            1 => (Kind::Plain, "0.0"),
            _ => (Kind::Truth, "false"),
        };
        let name = self.fresh("state");
        let reset = match self.chance.below(6) {
            0 => format!(" reset at {}.{}", self.one_of(&self.sessions.clone()), self.chance.pick(&["open", "close"])),
            1 if !self.timers.is_empty() => format!(" reset at {}", self.one_of(&self.timers.clone())),
            _ => String::new(),
        };
        self.lines.push(format!("state {name} = {first}{reset}"));
        self.learn(&name, kind, Clocks::Many);
    }

    fn rule(&mut self) {
        let clock = self.chance.below(self.feeds.len());
        let mut condition =
            self.moving_value(Kind::Truth, Place { depth: 2, clocks: Clocks::One(clock), memory: true });
        if self.chance.once_in(1, 3) {
            condition = Term::binary(&condition, "and", &self.value(Kind::Truth, ANYWHERE));
        }
        let body = self.assignments();
        self.lines.push(format!("when {} {{{body}}}", condition.text));
    }

    /// None, one or two states under new values.
    pub(super) fn assignments(&mut self) -> String {
        let states: Vec<Known> = self.known.iter().filter(|known| known.name.starts_with("state")).cloned().collect();
        let count = self.chance.below(3).min(states.len());
        let mut body = String::new();
        for _ in 0..count {
            let state = &states[self.chance.below(states.len())];
            let value = self.decided(state.kind, ANYWHERE);
            body += &format!(" {} = {} ", state.name, value.text);
        }
        body
    }

    /// A value that is defined whatever happens.
    pub(super) fn decided(&mut self, kind: Kind, place: Place) -> Term {
        let value = self.value(kind, place);
        let last = match kind {
            Kind::Truth => "false",
            Kind::Whole => "1",
            _ => "0.5",
        };
        Term::binary(&value, "else", &Term::whole(last))
    }

    fn target(&mut self, market: usize) {
        let value = match self.chance.below(4) {
            0 => {
                let condition = self.value(Kind::Truth, ANYWHERE);
                let sides = [(); 2].map(|()| Term::whole(self.chance.whole(-3, 3).to_string()));
                Term::choice(&condition, &sides[0], &sides[1])
            }
            1 => {
                let clock = self.chance.below(self.feeds.len());
                self.remembered(Kind::Plain, Place { depth: 3, clocks: Clocks::One(clock), memory: true })
            }
            _ => self.value(Kind::Plain, ANYWHERE),
        };
        let bounds = [Term::whole("-4"), Term::whole("4")];
        let bounded = Term::call("clamp", &[&value, &bounds[0], &bounds[1]]);
        let value = if self.chance.once_in(1, 8) { value } else { bounded };
        let value = Term::binary(&value, "else", &Term::whole("0"));
        self.lines.push(format!("target m{market} = {}", value.text));
    }

    fn test(&mut self) {
        let expected = self.value(Kind::Truth, ANYWHERE).text;
        self.lines.push(format!(
            "test \"of chance\" {{\n  bars m0 1m : 100 101 99.5\n  expect m0.orders >= 0\n  expect {expected}\n}}"
        ));
    }
}
