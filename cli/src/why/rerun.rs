//! A run played again up to a moment, to be asked what its rules saw.
//!
//! The folder of the run says how it was made.

use std::path::Path;

use gbc_core::orders::Plan;
use gbc_core::{Due, Event, Fault, Nanos, Strategy, View, Wishes};
use gbc_driver::{ClockSet, Facts as ProgramFacts, Machine, Question};
use gbc_engine::Journey;

use crate::exit::Exit;
use crate::made::Made;
use crate::out;
use crate::run::{self, Prepared};

/// A run that stood still.
pub(super) struct Rerun {
    pub(super) prepared: Prepared,
    pub(super) flow: std::sync::Arc<gbc_driver::Flow>,
    pub(super) questions: Vec<Question>,
    /// What is known of its program with the parameters that it had.
    pub(super) facts: ProgramFacts,
    pub(super) seen: Seen,
}

/// What was seen of it.
#[derive(Default)]
pub(super) struct Seen {
    /// What each look is worth.
    pub(super) values: Vec<Option<f64>>,
    /// How often each clock ticked.
    pub(super) ticks: Vec<u64>,
    /// Of each question: since when it has its value, when it was last asked, and when its construct last acted on it.
    pub(super) times: Vec<Times>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Times {
    pub(super) since: Option<Nanos>,
    pub(super) asked: Option<Nanos>,
    pub(super) acted: Option<Nanos>,
}

/// Plays the run in this folder again, up to a moment and with it.
pub(super) fn rerun(folder: &Path, at: Nanos) -> Result<Rerun, Exit> {
    let made = Made::of(folder)?;
    let prepared = run::prepare(&made.args)?;
    made.is_same(&prepared)?;
    // Whoever stands still has seen nothing later.
    let at = made.stands_at().map_or(at, |stands| stands.min(at));
    play(prepared, at)
}

fn play(prepared: Prepared, at: Nanos) -> Result<Rerun, Exit> {
    let sources = prepared.bar_sources();
    let Prepared { checked, params, setup, .. } = &prepared;
    let (mut bound, questions) = checked
        .bind_asked(params, setup.instruments.clone(), &sources)
        .map_err(|diagnostic| run::unbound(checked, &diagnostic))?;
    let mut until = Until::new(&mut bound.machine, &bound.flow, &questions, at);
    let watch = crate::progress::Watch::new(false);
    let (prepared, inputs) = prepared.apart();
    let journey = Journey { opens_at: prepared.opens_at, ..Journey::default() };
    let feeds = run::feeds(inputs);
    let ended = gbc_engine::run_between(&mut until, feeds, &prepared.setup, journey, &mut |it| watch.at(it.rows));
    watch.done();
    let halt = ended.map_err(|no| Exit::files(no.to_string()))?.halt;
    match halt {
        // What stopped the run before that moment stops it again: there it stands still.
        _ if until.is_over => {}
        Some(gbc_engine::Halt::Interrupted) => return Err(Exit::interrupted("interrupted")),
        Some(halt) => {
            out::complain(&format!("note   the run ended before that: {}\n", run::ending(&prepared.checked, halt).0))
        }
        None => {}
    }
    let seen = until.seen();
    let facts = prepared.checked.facts_for(&prepared.params);
    Ok(Rerun { prepared, flow: bound.flow, questions, facts, seen })
}

/// A strategy that does as it would, and stops before anything later than a moment.
struct Until<'a> {
    machine: &'a mut Machine,
    at: Nanos,
    is_over: bool,
    ticks: Vec<u64>,
    asked: Vec<Asked>,
}

/// A question as it is watched.
struct Asked {
    /// Where its value and what its construct makes of it stand among the looks, and on which clocks each may change.
    value: (usize, ClockSet),
    acts: Option<(usize, ClockSet)>,
    last: Option<f64>,
    times: Times,
}

impl Until<'_> {
    fn new<'a>(machine: &'a mut Machine, flow: &gbc_driver::Flow, questions: &[Question], at: Nanos) -> Until<'a> {
        let look = |look: usize| (look, flow.node(flow.looks[look]).clocks);
        let asked = questions.iter().filter_map(|question| {
            let value = *question.seen.get(&question.value)?;
            let last = machine.look_at(value);
            Some(Asked { value: look(value), acts: question.acts.map(look), last, times: Times::default() })
        });
        let asked = asked.collect();
        Until { asked, ticks: vec![0; flow.clocks.len()], is_over: false, at, machine }
    }

    /// Takes note of what an event changed.
    fn look(&mut self, time: Nanos) {
        let ticked = self.machine.ticked();
        ticked.iter().for_each(|clock| self.ticks[clock.0 as usize] += 1);
        // What follows fills alone is looked at with any event.
        let awake = |clocks: ClockSet| clocks == ClockSet::EMPTY || clocks.0 & ticked.0 != 0;
        for asked in &mut self.asked {
            let now = self.machine.look_at(asked.value.0);
            if awake(asked.value.1) {
                asked.times.asked = Some(time);
            }
            if now.map(f64::to_bits) != asked.last.map(f64::to_bits) {
                (asked.last, asked.times.since) = (now, Some(time));
            }
            if asked.acts.is_some_and(|(acts, clocks)| awake(clocks) && self.machine.look_at(acts) == Some(1.0)) {
                asked.times.acted = Some(time);
            }
        }
    }

    fn seen(self) -> Seen {
        let times = self.asked.iter().map(|asked| asked.times).collect();
        Seen { values: self.machine.looks(), ticks: self.ticks, times }
    }
}

impl Strategy for Until<'_> {
    fn react(&mut self, event: Event<'_>, view: &View, wishes: &mut Wishes) -> Result<(), Fault> {
        let time = match event {
            Event::Row(block, row) => block.time_of(row),
            Event::Due(time) => time,
            Event::News(news) => news.at,
        };
        if time > self.at {
            self.is_over = true;
            return Err(Fault { reason: "this is as far as was asked".to_owned(), start: 0, end: 0, at: time });
        }
        self.machine.react(event, view, wishes)?;
        self.look(time);
        Ok(())
    }

    fn due(&self) -> Due {
        self.machine.due()
    }

    fn plan(&self) -> Option<&Plan> {
        self.machine.plan()
    }

    fn snapshot(&self) -> Vec<u64> {
        self.machine.snapshot()
    }

    fn restore(&mut self, snapshot: &[u64]) -> bool {
        self.machine.restore(snapshot)
    }
}
