//! Programs that check sound, each from a seed: markets, sessions, timers, parameters, functions, equations, records,
//! states, rules, handlers, targets.
//!
//! Values are grown by kind, so units agree by construction. What remembers is grown only where it always steps, and
//! on one clock. What decides ends in an `else`, so it is defined.

mod circles;
mod handlers;
mod items;
mod kinds;
mod memory;
mod records;
mod spans;
mod term;
mod untidy;
mod values;

use crate::chance::Chance;
use crate::world::Feeds;
use kinds::{Feed, Known};

/// A program, and what its markets must be given.
#[derive(Clone, Debug)]
pub struct Grown {
    /// Its text.
    pub text: String,
    /// The data that each market needs.
    pub markets: Vec<Feeds>,
}

/// The program of this seed.
pub fn program(seed: u64) -> Grown {
    let mut grow = Grow::new(Chance::new(seed));
    grow.items();
    let text = grow.lines.join("\n") + "\n";
    let text = if grow.chance.once_in(1, 3) { untidy::untidy(&text, &mut grow.chance) } else { text };
    Grown { text, markets: grow.markets }
}

/// A program on its way.
struct Grow {
    chance: Chance,
    lines: Vec<String>,
    markets: Vec<Feeds>,
    /// What ticks, each with a name.
    feeds: Vec<Feed>,
    /// Names of values, those of the innermost function last.
    known: Vec<Known>,
    /// How many functions there are: `f0`, `f1`, each of a value and a length.
    functions: usize,
    /// How many functions give a record: `rec0`, `rec1`, with fields `hi` and `lo`.
    record_functions: usize,
    /// Whether there is a kind of record, `Both`.
    has_kind: bool,
    /// Sessions: `m0.rth`, `day1`.
    sessions: Vec<String>,
    /// Timers with a name.
    timers: Vec<String>,
    /// How many names of each letter are given away.
    names: usize,
}

impl Grow {
    fn new(mut chance: Chance) -> Grow {
        let market = |chance: &mut Chance| {
            let [bars, ticks] = [(true, false), (false, true), (true, true), (false, true)][chance.below(4)].into();
            Feeds { bars, ticks, hostile: chance.once_in(1, 2) }
        };
        let markets: Vec<Feeds> = (0..=chance.below(5) / 3).map(|_| market(&mut chance)).collect();
        let feeds = kinds::feeds(&markets, &mut chance);
        let sessions = (0..markets.len()).map(|market| format!("m{market}.rth")).collect();
        Grow {
            chance,
            lines: Vec::new(),
            markets,
            feeds,
            known: Vec::new(),
            functions: 0,
            record_functions: 0,
            has_kind: false,
            sessions,
            timers: Vec::new(),
            names: 0,
        }
    }

    /// One of these names.
    fn one_of(&mut self, names: &[String]) -> String {
        names[self.chance.below(names.len())].clone()
    }

    /// A name that nothing has yet.
    fn fresh(&mut self, letter: &str) -> String {
        self.names += 1;
        format!("{letter}{}", self.names)
    }
}
