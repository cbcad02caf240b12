//! What holds for every run of every program, whatever is played.

use std::ops::ControlFlow;

use gbc_core::time::MINUTE;
use gbc_core::{Nanos, Strategy};
use gbc_driver::{Checked, Value};
use gbc_engine::{Halt, Outcome, Replay, Setup, run};

use crate::chance::Chance;
use crate::engine::Engine;
use crate::law::{Broken, broken, same};
use crate::world::World;

/// A run as far as it came, and what stopped it.
pub struct Run {
    /// What it left behind.
    pub outcome: Outcome,
    /// Why it stopped early.
    pub halt: Option<Halt>,
    /// What the strategy remembers at its end.
    pub memory: Vec<u64>,
}

/// Plays a strategy through a world, in blocks of so many rows.
pub fn played(strategy: &mut dyn Strategy, world: &World, rows: usize) -> Run {
    run_with(strategy, world, rows, &world.setup())
}

fn run_with(strategy: &mut dyn Strategy, world: &World, rows: usize, setup: &Setup) -> Run {
    let (outcome, halt) = run(strategy, world.feeds(rows), setup, &mut |_| ControlFlow::Continue(()));
    Run { outcome, halt, memory: strategy.snapshot() }
}

/// The run of one program in one world, by one engine.
pub struct Case<'a> {
    /// The program.
    pub checked: &'a Checked,
    /// Its parameters.
    pub params: &'a [Value],
    /// What is played.
    pub world: &'a World,
    /// Who plays it.
    pub engine: &'a dyn Engine,
}

impl Case<'_> {
    /// The whole run, held against the laws; `None` if the parameters cannot be bound.
    pub fn hold(&self, chance: &mut Chance) -> Result<Option<Run>, Broken> {
        let Some(whole) = self.run(4096, |setup| setup) else { return Ok(None) };
        for rows in [1, 7] {
            let cut = self.run(rows, |setup| setup).expect("it was bound before");
            alike("how rows are cut into blocks changes nothing", &cut, &whole)?;
        }
        let row_by_row = self.run(4096, |setup| Setup { force_react: true, ..setup });
        alike("playing is reacting row by row", &row_by_row.expect("it was bound before"), &whole)?;
        self.pause(chance, &whole)?;
        self.prefix(chance, &whole)?;
        Ok(Some(whole))
    }

    /// Two engines, one run, or one refusal.
    pub fn agrees(&self, other: &dyn Engine, whole: Option<&Run>) -> Result<(), Broken> {
        let case = Case { engine: other, ..*self };
        let law = format!("{} plays what {} plays", other.name(), self.engine.name());
        match (case.run(4096, |setup| setup), whole) {
            (Some(theirs), Some(whole)) if other.shares_layout() => alike(&law, &theirs, whole),
            (Some(theirs), Some(whole)) => does_alike(&law, &theirs, whole),
            (None, None) => same(&law, &case.refusal(), &self.refusal()),
            (None, Some(_)) => broken(&law, case.refusal()),
            (Some(_), None) => broken(&law, format!("only the first refuses: {}", self.refusal())),
        }
    }

    /// Why the parameters cannot be bound.
    fn refusal(&self) -> String {
        let started = self.engine.start(self.checked, self.params, self.world);
        started.err().map_or(String::new(), |diagnostic| format!("{diagnostic:?}"))
    }

    fn run(&self, rows: usize, setup: impl Fn(Setup) -> Setup) -> Option<Run> {
        let mut strategy = self.engine.start(self.checked, self.params, self.world).ok()?;
        Some(run_with(&mut *strategy, self.world, rows, &setup(self.world.setup())))
    }

    /// Lays the run down after any row, and takes it up with a fresh strategy.
    fn pause(&self, chance: &mut Chance, whole: &Run) -> Result<(), Broken> {
        let law = "a run laid down and taken up is the run";
        let start = || self.engine.start(self.checked, self.params, self.world).expect("it was bound before");
        let (setup, mut strategy) = (self.world.setup(), start());
        let open = |rows| Replay::new(self.world.feeds(rows), &setup);
        let Ok(mut replay) = open(4096) else { return Ok(()) };
        let rows = chance.below(whole.outcome.rows as usize + 1) as u64;
        if replay.advance(&mut *strategy, rows).is_err() {
            return Ok(());
        }
        let checkpoint = replay.checkpoint(&*strategy);
        let mut fresh = start();
        let feeds = self.world.feeds(1 + chance.below(40));
        let Ok(Some(mut resumed)) = Replay::resume(feeds, &setup, &checkpoint, &mut *fresh) else {
            return broken(law, "it does not take its own memory up again");
        };
        let halt = loop {
            match resumed.advance(&mut *fresh, 1 + chance.below(50) as u64) {
                Ok(true) => {}
                Ok(false) => break None,
                Err(halt) => break Some(halt),
            }
        };
        alike(law, &Run { outcome: resumed.outcome(), halt, memory: fresh.snapshot() }, whole)
    }

    /// Takes the end of the data away: what was done before stays done.
    fn prefix(&self, chance: &mut Chance, whole: &Run) -> Result<(), Broken> {
        let times = self.world.times();
        // Without its first row a feed does not yet say what it is.
        let starts = self.world.blocks.iter().filter_map(|(_, block)| block.time.first());
        let Some(from) = starts.max().map(|start| times.partition_point(|time| time <= start)) else { return Ok(()) };
        let Some(cut) = times.get(from + chance.below(times.len() - from)) else { return Ok(()) };
        let world = self.world.before(*cut);
        // The last moment of the short data is not over: what it sets in motion may still wait.
        let Some(last) = world.times().last().copied() else { return Ok(()) };
        let case = Case { world: &world, ..*self };
        let short = case.run(4096, |setup| setup).expect("it was bound before");
        let law = "later data leave the past alone";
        same(law, &past(&short, last), &past(whole, last))
    }
}

/// Orders, fills and equity before a moment, as text. What became of an order may lie beyond it, and a fill at a bar's
/// open, stamped with that open, is known only once the bar is.
fn past(run: &Run, until: i64) -> String {
    let is_past = |time: Nanos| time.0 < until - MINUTE;
    let mut text = String::new();
    for order in run.outcome.orders.iter().filter(|order| is_past(order.time)) {
        text += &format!("{:?}\n", (order.id, order.market, order.time, order.side, order.size));
    }
    run.outcome.fills.iter().filter(|fill| is_past(fill.time)).for_each(|fill| text += &format!("{fill:?}\n"));
    run.outcome.equity.iter().filter(|point| is_past(point.time)).for_each(|point| text += &format!("{point:?}\n"));
    text
}

/// The same outcome, and the same memory.
fn alike(law: &str, one: &Run, other: &Run) -> Result<(), Broken> {
    does_alike(law, one, other)?;
    match one.memory.iter().zip(&other.memory).position(|(a, b)| a != b) {
        // A halted strategy stands amid an event, and how far into it is its own business.
        Some(slot) if other.halt.is_none() => broken(law, format!("slot {slot} of the memory differs")),
        _ => Ok(()),
    }
}

fn does_alike(law: &str, one: &Run, other: &Run) -> Result<(), Broken> {
    let halt = |run: &Run| run.halt.as_ref().map_or("to the end".to_owned(), |halt| format!("{halt:?}"));
    same(law, &halt(one), &halt(other))?;
    if one.outcome != other.outcome {
        let text = |run: &Run| format!("{:#?}", run.outcome);
        same(law, &text(one), &text(other))?;
        return broken(law, "the outcomes differ, but not as text");
    }
    Ok(())
}
