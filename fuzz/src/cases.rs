//! The two kinds of cases, as the command and the tests try them.

use gbc_diagnostics::Source;
use gbc_driver::{Checked, check};

use crate::chance::Chance;
use crate::engine::ENGINES;
use crate::front;
use crate::grow;
use crate::law::{Broken, broken, without_panic};
use crate::runs::Case;
use crate::world::{Feeds, World};

/// What may be refused in a program made by chance: a decision that may be undefined, and a constant beyond counting.
const MAY_BE: [&str; 3] = ["E0207", "E0215", "E0424"];

/// What is refused because nobody can have meant it: a condition that is never true, a range that no order reads.
const SENSELESS: [&str; 2] = ["E0220", "E0221"];

/// A program by chance means nothing, so one that is merely senseless is played all the same.
pub fn taken_at_its_word(checked: Checked) -> Checked {
    let mut errors = checked.diagnostics.in_order().into_iter().filter(|found| found.code.starts_with('E'));
    let senseless = errors.all(|found| SENSELESS.contains(&found.code));
    if senseless { Checked { diagnostics: Default::default(), ..checked } } else { checked }
}

/// Holds a damaged text against the laws of texts.
pub fn hold_damaged(text: &str, _seed: u64) -> Result<(), Broken> {
    front::hold(text).map(|_| ())
}

/// The text of a program made by chance.
pub fn grown(seed: u64) -> String {
    grow::program(seed).text
}

/// Holds a program, made by chance from this seed or cut from one such, against the laws of texts and of runs.
pub fn hold_grown(text: &str, seed: u64) -> Result<(), Broken> {
    front::hold(text)?;
    without_panic(|| {
        let checked = taken_at_its_word(check(Source::new("case", text)));
        if !checked.is_sound() {
            return only_for_definedness(&checked);
        }
        let markets = grow::program(seed).markets;
        if markets.len() != checked.program.markets.len() {
            return Ok(());
        }
        hold_runs(&checked, &markets, seed)
    })
}

fn only_for_definedness(checked: &Checked) -> Result<(), Broken> {
    let errors = checked.diagnostics.in_order();
    match errors
        .iter()
        .find(|found| found.code.starts_with('E') && ![&MAY_BE[..], &SENSELESS].concat().contains(&found.code))
    {
        Some(found) => broken("programs made by chance are sound", format!("{} {}", found.code, found.message)),
        None => Ok(()),
    }
}

/// Holds what is played against the laws of runs, and all engines against the first.
fn hold_runs(checked: &Checked, markets: &[Feeds], seed: u64) -> Result<(), Broken> {
    let mut chance = Chance::new(seed ^ 0x5eed);
    let world = World::new(markets, 150, seed);
    let params = checked.defaults();
    let case = Case { checked, params: &params, world: &world, engine: ENGINES[0] };
    let whole = case.hold(&mut chance)?;
    ENGINES[1..].iter().try_for_each(|engine| case.agrees(*engine, whole.as_ref()))
}
