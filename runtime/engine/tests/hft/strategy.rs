//! What the strategies of those runs did, as a strategy of ours: decisions at fixed intervals, orders by hand.
//!
//! A decision of theirs comes after everything of its moment, and a timer of ours before it. So ours decide a nanosecond later,
//! and their orders are that nanosecond faster.

use gbc_core::orders::{InForce, Plan, SendPlan, Snap};
use gbc_core::{Asked, Column, Due, Event, Fault, NA, Nanos, NewsKind, RowFlags, Strategy, View, Wishes};

/// What a strategy does at a decision.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Stands at a distance from the best prices, and moves with them.
    Quotes { offset: i64, most: f64 },
    /// Takes in four ways, one after the other.
    Takes,
}

/// Our only order of a side, as far as we have heard of it.
#[derive(Clone, Copy, Debug)]
struct Quote {
    tick: i64,
    rests: bool,
    is_leaving: bool,
}

pub struct Decider {
    pub kind: Kind,
    pub lots: f64,
    pub tick_size: f64,
    pub interval: i64,
    /// The next decision, by their clock.
    pub next: i64,
    /// Each decision: when, and the best prices as we see them.
    pub decisions: Vec<(i64, Option<[i64; 2]>)>,
    /// Of each order in turn: the price that it set out for.
    pub ticks: Vec<i64>,
    best: Option<[i64; 2]>,
    /// Summed up as they do.
    position: f64,
    quotes: [Option<Quote>; 2],
    plan: Plan,
}

const SIDES: [bool; 2] = [true, false];

impl Decider {
    pub fn new(kind: Kind, lots: f64, tick_size: f64, interval: i64, first: i64) -> Decider {
        let send = |buy, limit: bool, in_force, post_only| SendPlan {
            market: 0,
            buy,
            limit: limit.then_some(Snap::Nearest),
            stop: None,
            in_force,
            post_only,
        };
        let sends = match kind {
            Kind::Quotes { .. } => SIDES.map(|buy| send(buy, true, InForce::Gtc, true)).to_vec(),
            Kind::Takes => vec![
                send(true, false, InForce::Gtc, false),
                send(false, false, InForce::Gtc, false),
                send(true, true, InForce::Gtc, false),
                send(false, true, InForce::Ioc, false),
            ],
        };
        Decider {
            kind,
            lots,
            tick_size,
            interval,
            next: first,
            decisions: Vec::new(),
            ticks: Vec::new(),
            best: None,
            position: 0.0,
            quotes: [None; 2],
            plan: Plan { sends, listens: true, ..Plan::default() },
        }
    }

    fn decide(&mut self, wishes: &mut Wishes) {
        self.decisions.push((self.next, self.best));
        self.next += self.interval;
        let Some(best) = self.best else { return };
        match self.kind {
            Kind::Quotes { offset, most } => self.quote([best[0] - offset, best[1] + offset], most, wishes),
            Kind::Takes => self.take(best, wishes),
        }
    }

    fn quote(&mut self, wanted: [i64; 2], most: f64, wishes: &mut Wishes) {
        for (side, quote) in self.quotes.iter_mut().enumerate() {
            if let Some(quote) = quote.as_mut().filter(|it| it.rests && !it.is_leaving && it.tick != wanted[side]) {
                quote.is_leaving = true;
                wishes.ask(Asked::Cancel { send: side });
            }
        }
        for (side, buys) in SIDES.into_iter().enumerate() {
            let has_room = if buys { self.position < most } else { self.position > -most };
            if has_room && self.quotes[side].is_none() {
                self.quotes[side] = Some(Quote { tick: wanted[side], rests: false, is_leaving: false });
                self.send(side, Some(wanted[side]), wanted[side], wishes);
            }
        }
    }

    fn take(&mut self, [bid, ask]: [i64; 2], wishes: &mut Wishes) {
        let send = self.ticks.len() % 4;
        // Their log notes with a market order the price that it set out for.
        let (limit, noted) = [(None, ask), (None, bid), (Some(ask + 2), ask + 2), (Some(bid), bid)][send];
        self.send(send, limit, noted, wishes);
    }

    fn send(&mut self, send: usize, limit: Option<i64>, noted: i64, wishes: &mut Wishes) {
        let limit = limit.map_or(f64::NAN, |tick| tick as f64 * self.tick_size);
        wishes.ask(Asked::Send { send, size: self.lots, limit, stop: f64::NAN });
        self.ticks.push(noted);
    }
}

impl Strategy for Decider {
    fn react(&mut self, event: Event<'_>, _: &View, wishes: &mut Wishes) -> Result<(), Fault> {
        match event {
            Event::Due(_) => self.decide(wishes),
            Event::Row(block, row) if !block.flags(row).has(RowFlags::EXCH_ONLY) => {
                let best = [Column::BidPx, Column::AskPx].map(|column| block.value(column, row));
                self.best = (!best.contains(&NA)).then_some(best);
            }
            Event::Row(..) => {}
            Event::News(news) => {
                let quote = &mut self.quotes[usize::from(!news.buy)];
                match news.kind {
                    NewsKind::Accepted => quote.iter_mut().for_each(|quote| quote.rests = true),
                    NewsKind::Cancelled | NewsKind::Rejected => *quote = None,
                    NewsKind::Filled => {
                        *quote = None;
                        self.position += if news.buy { news.size } else { -news.size };
                    }
                }
            }
        }
        Ok(())
    }

    fn due(&self) -> Due {
        Due { time: Nanos(self.next + 1), after_data: false }
    }

    fn plan(&self) -> Option<&Plan> {
        Some(&self.plan)
    }

    fn snapshot(&self) -> Vec<u64> {
        Vec::new()
    }

    fn restore(&mut self, _: &[u64]) -> bool {
        false
    }
}
