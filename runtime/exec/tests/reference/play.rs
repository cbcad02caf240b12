//! Plays a scenario twice: through the reference, and through the exchange with its gateway.

use gbc_book::Level;
use gbc_core::orders::Unit;
use gbc_core::{Block, Column, MarketId, NA, Nanos, RowKind, Schema};
use gbc_exec::{Answer, Ask, Exchange, Gateway, Holds, Latency, Odds, Profile, Purse, Range};

use super::bars::Bars;
use super::laws::Laws;
use super::scenario::{Row, Scenario};
use super::simulator::{STEPS_OF_ALL, WORTH};
use super::ticks::{Best, Ticks};

/// An answer, and when it is heard.
pub type Heard = (Nanos, Answer);

/// What happens at the exchange, and when.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    Range(usize),
    Row(usize),
    Ask(Ask),
    Open(usize),
}

/// All that happens, in order: what lay within a bar, rows, requests, opens.
fn agenda(scenario: &Scenario) -> Vec<(i64, Step)> {
    let mut agenda = Vec::new();
    for (index, row) in scenario.rows.iter().enumerate() {
        match *row {
            Row::Bar { opens, ends, .. } => {
                agenda.push((opens, 3, Step::Open(index)));
                agenda.push((ends - 1, 4, Step::Range(index)));
            }
            Row::Quote { at, .. } | Row::Trade { at, .. } => agenda.push((at, 1, Step::Row(index))),
        }
    }
    let Latency { entry_ns, amend_ns, cancel_ns, .. } = scenario.latency;
    let mut last = 0;
    for (sent, ask) in &scenario.sends {
        let takes = match ask {
            Ask::New(_) => entry_ns,
            Ask::Amend { .. } | Ask::Protect { .. } => amend_ns,
            Ask::Cancel(_) => cancel_ns,
        };
        last = last.max(sent + takes);
        agenda.push((last, 2, Step::Ask(*ask)));
    }
    agenda.sort_by_key(|(at, class, _)| (*at, *class));
    agenda.into_iter().map(|(at, _, step)| (at, step)).collect()
}

/// What the reference says to a scenario, step by step.
pub fn by_reference(scenario: &Scenario, profile: &Profile) -> Vec<Heard> {
    let bars = matches!(scenario.rows[0], Row::Bar { .. });
    let (mut on_bars, mut on_ticks) =
        (Bars::new(profile.bars, profile.slippage), Ticks::new(profile.takes_whole, profile.slippage));
    let (mut heard, mut last) = (Vec::new(), 0);
    let agenda = agenda(scenario);
    let end = agenda.iter().map(|(at, _)| *at).max().unwrap_or(0) + 1;
    for (at, step) in agenda.into_iter().map(|(at, step)| (at, Some(step))).chain([(end, None)]) {
        let sim = if bars { &mut on_bars.sim } else { &mut on_ticks.sim };
        sim.expire(at);
        match step {
            None => sim.end(at),
            Some(Step::Ask(ask)) if bars => on_bars.arrive(&ask, at),
            Some(Step::Ask(ask)) => on_ticks.arrive(&ask, at),
            Some(Step::Open(row) | Step::Range(row) | Step::Row(row)) => match (step, scenario.rows[row]) {
                (Some(Step::Open(_)), Row::Bar { bar, .. }) => on_bars.open(bar[0], at),
                (_, Row::Bar { bar, ends, .. }) => on_bars.range(bar, ends),
                (_, Row::Quote { best, .. }) => on_ticks.quote(best, at),
                (_, Row::Trade { price, size, who, .. }) => on_ticks.trade(price, size, who, at),
            },
        }
        if let (Some(Step::Row(row)), false) = (step, bars)
            && let Row::Trade { .. } = scenario.rows[row]
        {
            let best = on_ticks.best();
            on_ticks.quote(best, at);
        }
        let sim = if bars { &mut on_bars.sim } else { &mut on_ticks.sim };
        for answer in sim.answers.drain(..) {
            last = (answer.at.0 + scenario.latency.reply_ns).max(at).max(last);
            heard.push((Nanos(last), answer));
        }
    }
    heard
}

/// Ten steps for the whole account, at any price.
struct TenSteps;

impl Purse for TenSteps {
    fn wanted(&self, _: MarketId, _: Unit, share: f64, _: i64) -> i64 {
        (share * STEPS_OF_ALL) as i64
    }

    fn more(&self, market: MarketId, unit: Unit, share: f64, price: i64, _: &[Answer]) -> i64 {
        self.wanted(market, unit, share, price)
    }
}

/// What the exchange says to a scenario. The laws look at it after every step.
pub fn by_exchange(scenario: &Scenario, profile: &Profile) -> Vec<Heard> {
    let bars = matches!(scenario.rows[0], Row::Bar { .. });
    let holds = Holds { bars, ticks: !bars, books: None, step: 1.0, worth: WORTH as f64 };
    let mut exchange = Exchange::new(profile, &[holds]);
    let gateway = Gateway::new(scenario.latency.clone(), Odds::default());
    let (mut gateway, mut laws, mut best) = (gateway, Laws::new(profile), [None; 2]);
    let mut heard = Vec::new();
    for (sent, ask) in &scenario.sends {
        gateway.ask(Nanos(*sent), 0, *ask);
    }
    let agenda = agenda(scenario);
    let end = agenda.iter().map(|(at, _)| *at).max().unwrap_or(0) + 1;
    for (at, step) in agenda {
        while exchange.next_expiry() <= Nanos(at) {
            let due = exchange.next_expiry();
            exchange.expire(due);
            heed(&mut exchange, &mut gateway, &mut laws, at);
        }
        match step {
            Step::Ask(ask) => {
                let request = gateway.take_request().expect("as many arrive as were sent");
                assert_eq!((request.at, request.ask), (Nanos(at), ask), "a request came at another time");
                laws.ask(&ask, at);
                exchange.arrive(&request, &TenSteps);
            }
            Step::Open(row) | Step::Range(row) | Step::Row(row) => match (step, scenario.rows[row]) {
                (Step::Open(_), Row::Bar { bar, .. }) => {
                    laws.open(bar[0]);
                    exchange.open(0, bar[0], Nanos(at), &TenSteps);
                }
                (_, Row::Bar { bar: [_, high, low, close], ends, .. }) => {
                    laws.range([high, low, close]);
                    exchange.range(0, Range { high, low, close, end: Nanos(ends) }, &TenSteps);
                }
                (_, row) => tick(&mut exchange, &mut laws, row, &mut best),
            },
        }
        heed(&mut exchange, &mut gateway, &mut laws, at);
    }
    exchange.expire(Nanos(end));
    heed(&mut exchange, &mut gateway, &mut laws, end);
    exchange.end(Nanos(end));
    heed(&mut exchange, &mut gateway, &mut laws, end);
    laws.all_are_done();
    while let Some(answer) = gateway.take_answer() {
        heard.push(answer);
    }
    heard
}

fn heed(exchange: &mut Exchange, gateway: &mut Gateway, laws: &mut Laws, at: i64) {
    let answers = exchange.take_answers();
    laws.hold(&answers, exchange.floor(0));
    for answer in answers {
        gateway.answer(Nanos(at), answer);
    }
}

fn tick(exchange: &mut Exchange, laws: &mut Laws, row: Row, best: &mut Best) {
    let mut block = Block::new(0, Schema::L1);
    match row {
        Row::Bar { .. } => unreachable!("bars are no ticks"),
        Row::Quote { at, best: now } => {
            block.time.push(at);
            block.column_mut(Column::Kind).push(RowKind::Quote as i64);
            *best = now;
            laws.quote(now);
        }
        Row::Trade { at, price, size, who } => {
            block.time.push(at);
            let columns = [(Column::Kind, RowKind::Trade as i64), (Column::Px, price), (Column::Sz, size)];
            columns.into_iter().for_each(|(column, value)| block.column_mut(column).push(value));
            block.column_mut(Column::Side).push(if who == 0 { NA } else { who });
            laws.trade(price, size);
        }
    }
    let shown = best.map(|level| level.map(|(price, size)| Level { price, size, orders: NA }));
    exchange.tick(&block, 0, block.time_of(0), shown, &TenSteps);
}

/// What happened up to a time, for somebody who has to find out why.
pub fn story(scenario: &Scenario, until: i64) -> Vec<String> {
    let told = |(at, step): &(i64, Step)| match step {
        Step::Range(row) | Step::Row(row) | Step::Open(row) => {
            format!("{at} {} {:?}", if matches!(step, Step::Open(_)) { "opens" } else { "" }, scenario.rows[*row])
        }
        Step::Ask(ask) => format!("{at} {ask:?}"),
    };
    agenda(scenario).iter().filter(|(at, _)| *at <= until).map(told).collect()
}
