//! What our journal says of a run, told as their logs are: what changed of each order from one decision to the next.

use std::collections::BTreeMap;

use gbc_engine::Outcome;
use gbc_exec::journal::{Entry, Step};
use gbc_portfolio::Side;

use crate::strategy::Decider;

/// An order as it is known at a decision.
#[derive(Clone, Copy, Debug)]
struct Known {
    buys: bool,
    tick: i64,
    status: &'static str,
    req: &'static str,
    exch_ts: i64,
    local_ts: i64,
    exec_tick: i64,
    maker: bool,
}

/// All that was logged, as text.
#[derive(Default)]
pub struct Log {
    pub orders: Vec<String>,
    pub fills: Vec<String>,
    pub steps: Vec<String>,
    known: BTreeMap<u64, Known>,
    seen: BTreeMap<u64, (&'static str, &'static str)>,
}

impl Log {
    /// `late`: how many nanoseconds later than theirs our orders arrive.
    pub fn of(decider: &Decider, outcome: &Outcome, late: i64) -> Log {
        let over = |entry: &&Entry| entry.at == outcome.last && entry.step == Step::Expired || entry.step == Step::Lost;
        let mut entries: Vec<&Entry> = outcome.journal.iter().filter(|entry| !over(entry)).collect();
        // What was asked is known at once, what was answered when it was heard.
        let known_at = |entry: &Entry| match entry.step {
            Step::Sent | Step::AskedCancel => entry.at.0,
            _ => entry.then.unwrap_or(entry.at).0,
        };
        entries.sort_by_key(|entry| known_at(entry));
        let mut entries = entries.into_iter().peekable();
        let mut log = Log::default();
        for (now, best) in &decider.decisions {
            while let Some(entry) = entries.next_if(|entry| known_at(entry) <= *now) {
                log.note(entry, decider, late);
            }
            log.write(*now, decider.lots);
            let [bid, ask] = best.unwrap_or_default();
            log.steps.push(format!("{now} {bid} {ask}"));
        }
        // What happened after the last decision is logged, and nothing more is done.
        entries.for_each(|entry| log.note(entry, decider, late));
        log.write(decider.decisions.last().map_or(0, |(now, _)| *now), decider.lots);
        log
    }

    fn note(&mut self, entry: &Entry, decider: &Decider, late: i64) {
        let tick = decider.ticks[entry.order as usize - 1];
        if entry.step == Step::Sent {
            let (status, req, local_ts) = ("none", "new", entry.at.0 - 1);
            let buys = entry.side == Side::Buy;
            let known = Known { buys, tick, status, req, exch_ts: 0, local_ts, exec_tick: 0, maker: false };
            self.known.insert(entry.order, known);
        }
        let Some(known) = self.known.get_mut(&entry.order) else { return };
        match entry.step {
            Step::AskedCancel => return (known.req, known.local_ts) = ("canceled", entry.at.0 - 1),
            // The order is as it was; only what was asked of it is off.
            Step::TooLate => return known.req = "none",
            Step::Accepted => (known.status, known.req) = ("new", "none"),
            Step::Cancelled if known.req == "canceled" => (known.status, known.req) = ("canceled", "none"),
            Step::Cancelled | Step::Expired | Step::Refused => (known.status, known.req) = ("expired", "none"),
            Step::Filled => {
                let took = entry.reason == Some(gbc_portfolio::FillReason::Touch);
                (known.status, known.exec_tick, known.maker) = ("filled", entry.price.unwrap_or(0), !took);
                known.req = if took { "none" } else { known.req };
            }
            _ => return,
        }
        known.exch_ts = if known.maker { entry.at.0 } else { entry.at.0 - late };
    }

    /// Writes what changed since the last decision, and forgets orders that are over.
    fn write(&mut self, now: i64, lots: f64) {
        let step = self.steps.len();
        for (id, order) in &self.known {
            if self.seen.insert(*id, (order.status, order.req)) == Some((order.status, order.req)) {
                continue;
            }
            let Known { buys, tick, status, req, exch_ts, local_ts, exec_tick, maker } = order;
            let side = if *buys { "buy" } else { "sell" };
            self.orders.push(format!(
                "{step} {now} {id} {tick} {exec_tick} {exch_ts} {local_ts} {side} {status} {req} {maker}"
            ));
            if *status == "filled" {
                let maker = if *maker { "True" } else { "False" };
                let size = if lots.fract() == 0.0 { format!("{lots:.1}") } else { lots.to_string() };
                self.fills.push(format!("{id},{side},{exec_tick},{size},{exch_ts},{now},{maker},{status}"));
            }
        }
        self.known.retain(|_, order| !["filled", "expired", "canceled"].contains(&order.status));
    }
}
