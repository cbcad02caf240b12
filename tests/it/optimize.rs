//! Nobody may notice what `optimize` does, nor that a flow went through text: everything is played both ways, on data
//! that hold what nobody expects, and compared to the last bit.

use std::sync::Arc;

use gbc_core::time::SECOND;
use gbc_driver::{Checked, Machine, Passes};
use gbc_fuzz::cases::{grown, taken_at_its_word};
use gbc_fuzz::grow;
use gbc_fuzz::runs::played;
use gbc_fuzz::world::{Feeds, START, World};
use gbc_ir::{Op, Timer, print, read};

use crate::corpus::checked;
use crate::flow::{strategies, ways};

/// All that anybody can know of a run.
#[derive(Debug, PartialEq)]
struct Told {
    outcome: gbc_engine::Outcome,
    halt: Option<String>,
    /// What became of expectations, and what the names in them are worth; as text, where one undefined equals another.
    expected: String,
}

/// Plays a machine to the end; also what it then remembers.
fn told(mut machine: Machine, world: &World) -> (Told, Vec<u64>) {
    let run = played(&mut machine, world, 64);
    let expected = format!("{:?} {:?}", machine.expectations(&run.outcome.view), machine.watched());
    let halt = run.halt.map(|halt| format!("{halt:?}"));
    (Told { outcome: run.outcome, halt, expected }, run.memory)
}

/// Quotes and trades for each market, of which bars are made, too; hostile every other time.
fn world(checked: &Checked, seed: u64) -> World {
    let feeds = Feeds { bars: false, ticks: true, hostile: seed.is_multiple_of(2) };
    let world = World::new(&vec![feeds; checked.program.markets.len()], 60, seed);
    // A strategy that orders at each hundredth of a second says all that it has to say in a few of them.
    if hurries(checked) { world.before(START + 5 * SECOND) } else { world }
}

/// Whether a timer fires more than once a second.
fn hurries(checked: &Checked) -> bool {
    let flow = checked.flow(None);
    flow.timers.iter().any(|timer| match timer {
        Timer::Every(period) => matches!(flow.node(*period).op, Op::Const(ns) if ns < SECOND as u64),
        _ => false,
    })
}

/// The program by this choice of passes; why not, if it cannot be bound.
fn bound(checked: &Checked, passes: Passes, world: &World, test: Option<usize>) -> Result<gbc_driver::Bound, String> {
    let bound = checked.bind_after(passes, &checked.defaults(), world.instruments.clone(), &world.sources, test);
    bound.map_err(|diagnostic| format!("{diagnostic:?}"))
}

/// How many programs were played, how many nodes they have, and how many are left.
#[derive(Default)]
struct Sizes {
    played: usize,
    lowered: usize,
    left: usize,
}

impl Sizes {
    /// Plays a program as it was lowered, optimized, and read from the text of the optimized flow.
    fn hold(&mut self, checked: &Checked, world: &World, test: Option<usize>) {
        let name = format!("{} {test:?}\n{}", checked.source.name, checked.source.text);
        let ways = [Passes::None, Passes::All].map(|passes| bound(checked, passes, world, test));
        let [Ok(lowered), Ok(optimized)] = ways else {
            let [lowered, optimized] = ways.map(|way| way.err());
            assert_eq!(optimized, lowered, "refused one way only: {name}");
            return;
        };
        self.played += 1;
        self.lowered += lowered.flow.nodes.len();
        self.left += optimized.flow.nodes.len();
        let read = read(&print(&optimized.flow)).unwrap_or_else(|error| panic!("{error}: {name}"));
        let read = Machine::new(Arc::new(read), &checked.defaults(), world.instruments.clone(), &world.sources);
        let read = told(read.unwrap_or_else(|error| panic!("{error:?}: {name}")), world);
        let optimized = told(optimized.machine, world);
        assert_eq!(optimized, read, "by way of text: {name}");
        assert_eq!(optimized.0, told(lowered.machine, world).0, "optimized: {name}");
    }
}

#[test]
fn every_program_plays_the_same_optimized_or_not_and_by_way_of_text() {
    let mut sizes = Sizes::default();
    for (seed, checked) in strategies().iter().enumerate() {
        let world = world(checked, seed as u64);
        ways(checked).for_each(|test| sizes.hold(checked, &world, test));
    }
    let Sizes { played, lowered, left } = sizes;
    assert!(played > 100 && left * 20 < lowered * 19, "{played} played, {left} of {lowered} nodes are left");
}

#[test]
fn programs_made_by_chance_do_so_too() {
    let mut sizes = Sizes::default();
    for seed in 5_000..5_060 {
        let checked = taken_at_its_word(checked("by chance", &grown(seed)));
        if checked.is_sound() {
            let world = World::new(&grow::program(seed).markets, 60, seed);
            ways(&checked).for_each(|test| sizes.hold(&checked, &world, test));
        }
    }
    assert!(sizes.played > 50, "only {} played", sizes.played);
}
