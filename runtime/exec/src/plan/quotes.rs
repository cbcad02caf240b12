//! `quote m { … }`: orders that rest on both sides, kept where they are as long as moving them is not worth their place.

use std::collections::BTreeMap;

use gbc_core::Nanos;
use gbc_core::orders::{InForce, QuotePlan, QuoteSide};
use gbc_core::session::Calendar;
use gbc_portfolio::Side;
use serde::{Deserialize, Serialize};

use crate::OrderKind;
use crate::message::{Answer, Ask, Bracket, Happened, Key, Size, Ticket};
use crate::plan::counter::Counter;
use crate::plan::limits::Limits;
use crate::plan::scene::Scene;

/// No side has more orders than this, whatever `levels` says.
const MOST_LEVELS: usize = 64;

/// One quote as it stands.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct QuoteState {
    /// By side and level: what is out.
    out: BTreeMap<(usize, usize), Out>,
    /// By side and level: when an order there ended, and at which price it was refused if it was. What ended just now is
    /// not sent again at the same moment, and what was refused not at the same price: that might go on for ever.
    ended: BTreeMap<(usize, usize), (Nanos, Option<i64>)>,
    messages: Counter,
}

/// A resting order of a quote.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Out {
    order: u64,
    price: i64,
    size: i64,
    since: Nanos,
    leaving: bool,
}

const SIDES: [Side; 2] = [Side::Buy, Side::Sell];

impl QuoteState {
    /// Whether an order is its own.
    pub fn owns(&self, key: Key) -> bool {
        self.side_of(key).is_some()
    }

    /// The side of an order of its own.
    pub fn side_of(&self, key: Key) -> Option<Side> {
        self.out.iter().find(|(_, out)| Key::own(out.order) == key).map(|((side, _), _)| SIDES[*side])
    }

    /// How far the wanted price of a side is from the resting one, in ticks; nothing if none rests or none is wanted.
    pub fn drift(&self, plan: &QuotePlan, side: usize, scene: &Scene<'_>) -> Option<f64> {
        let out = self.out.get(&(side, 0))?;
        let wanted = scene.price(plan.market, plan.sides[side]?.price)?;
        Some((wanted - out.price).abs() as f64)
    }

    /// The first order of a side that rests.
    pub fn first(&self, side: usize) -> Option<Key> {
        self.out.get(&(side, 0)).map(|out| Key::own(out.order))
    }

    /// When it wants to be looked at again without an event: when an order has rested long enough to be moved.
    pub fn due(&self, plan: &QuotePlan, scene: &Scene<'_>) -> Nanos {
        let later = self.ended.values().filter(|(at, _)| *at == scene.now).map(|(at, _)| Nanos(at.0 + 1));
        let rest = plan.rest.and_then(|rest| scene.wishes.span(rest));
        let rested = rest.map(|rest| self.out.values().map(move |out| Nanos(out.since.0.saturating_add(rest))));
        let dues = rested.into_iter().flatten().chain(later);
        dues.filter(|at| *at > scene.now).min().unwrap_or(Nanos::MAX)
    }

    /// Compares what is wanted with what rests.
    pub fn want(&mut self, plan: &QuotePlan, scene: &mut Scene<'_>, limits: &mut Limits, calendars: &[Calendar]) {
        for (side, quoted) in plan.sides.iter().enumerate() {
            let Some(quoted) = quoted else { continue };
            let wanted = if limits.must_be_flat() { Vec::new() } else { wanted(plan, quoted, SIDES[side], scene) };
            let held =
                self.out.range((side, 0)..=(side, usize::MAX)).map(|((_, level), _)| level + 1).max().unwrap_or(0);
            for level in 0..wanted.len().max(held) {
                let price = wanted.get(level).copied();
                self.settle(plan, quoted, (side, level), price, scene, limits, calendars);
            }
        }
    }

    /// One order: sent, moved, taken back, or left alone.
    #[allow(clippy::too_many_arguments, reason = "one place of one side of one quote, and all that it is held against")]
    fn settle(
        &mut self,
        plan: &QuotePlan,
        quoted: &QuoteSide,
        place: (usize, usize),
        wanted: Option<(i64, i64)>,
        scene: &mut Scene<'_>,
        limits: &mut Limits,
        calendars: &[Calendar],
    ) {
        let Some(out) = self.out.get(&place).copied() else {
            if let Some((price, steps)) = wanted {
                self.join(plan, place, price, steps, scene, limits, calendars);
            }
            return;
        };
        if out.leaving {
            return;
        }
        let rested = plan.rest.and_then(|rest| scene.wishes.span(rest)).unwrap_or(0);
        let may_move = scene.now.0 >= out.since.0.saturating_add(rested);
        let Some((price, _)) = wanted else {
            // What must not stand there any more goes at once, however short it rested.
            return self.message(plan, scene, calendars, |state, scene| {
                scene.cancel(plan.market, Key::own(out.order));
                state.out.insert(place, Out { leaving: true, ..out });
            });
        };
        let keeps = quoted.keep.is_some_and(|keep| scene.wishes.truth(keep) == Some(true));
        if price == out.price || keeps || !may_move {
            return;
        }
        self.message(plan, scene, calendars, |state, scene| {
            let kind = OrderKind::Limit { price };
            let ask = Ask::Amend { key: Key::own(out.order), kind, size: Some(out.size), bracket: Bracket::default() };
            scene.asks.push((plan.market, ask));
            state.out.insert(place, Out { price, since: scene.now, ..out });
        });
    }

    #[allow(clippy::too_many_arguments, reason = "one order of one quote, and all that it is held against")]
    fn join(
        &mut self,
        plan: &QuotePlan,
        place: (usize, usize),
        price: i64,
        steps: i64,
        scene: &mut Scene<'_>,
        limits: &mut Limits,
        calendars: &[Calendar],
    ) {
        let side = SIDES[place.0];
        if self.ended.get(&place).is_some_and(|(at, refused)| *at == scene.now || *refused == Some(price)) {
            return;
        }
        let has_room = plan.rate.is_none_or(|rate| self.messages.has_room(&rate, scene.now, scene.wishes, calendars));
        if !has_room {
            return;
        }
        // What does not fit is simply not quoted: it would be refused anew at every event.
        let Ok(steps) = limits.entry(plan.market, side, steps, scene, calendars) else { return };
        self.messages.count(scene.now);
        let order = scene.ledger.next_id();
        scene.send(Ticket {
            order,
            market: plan.market,
            side,
            kind: OrderKind::Limit { price },
            size: Size::Steps(steps),
            in_force: InForce::Gtc,
            until: Nanos::MAX,
            post_only: plan.post_only,
            group: None,
            cap: None,
            bracket: Bracket::default(),
        });
        self.out.insert(place, Out { order, price, size: steps, since: scene.now, leaving: false });
    }

    /// Sends a message if the budget has room for it.
    fn message(
        &mut self,
        plan: &QuotePlan,
        scene: &mut Scene<'_>,
        calendars: &[Calendar],
        send: impl FnOnce(&mut QuoteState, &mut Scene<'_>),
    ) {
        if plan.rate.is_none_or(|rate| self.messages.has_room(&rate, scene.now, scene.wishes, calendars)) {
            self.messages.count(scene.now);
            send(self, scene);
        }
    }

    /// Something became of one of its orders.
    pub fn hear(&mut self, answer: &Answer, now: Nanos) {
        let Some((place, _)) = self.out.iter().find(|(_, out)| Key::own(out.order) == answer.key) else { return };
        let place = *place;
        let refused = match answer.what {
            Happened::Accepted { .. } => return,
            Happened::Filled { left, .. } if left > 0 => return,
            // Asked too late: what it was asked about is told by itself.
            Happened::Refused(crate::Refusal::TooLate) => return,
            Happened::Filled { .. } | Happened::Cancelled | Happened::Expired => None,
            Happened::Refused(_) => self.out.get(&place).map(|out| out.price),
        };
        self.out.remove(&place);
        self.ended.insert(place, (now, refused));
    }
}

/// Prices and sizes of a side, nearest first; none while its condition is not true or anything is undefined.
fn wanted(plan: &QuotePlan, quoted: &QuoteSide, side: Side, scene: &Scene<'_>) -> Vec<(i64, i64)> {
    let holds = quoted.condition.is_none_or(|condition| scene.wishes.truth(condition) == Some(true));
    let price = scene.price(plan.market, quoted.price);
    let steps = scene.wishes.number(quoted.size).and_then(|lots| scene.steps(plan.market, lots));
    let (Some(price), Some(steps), true) = (price, steps, holds) else { return Vec::new() };
    let levels = plan.levels.map_or(Some((1, 0)), |[count, apart]| {
        let count = scene.wishes.number(count)?;
        let apart = scene.distance(plan.market, scene.wishes.number(apart)?)?;
        Some((if count >= 1.0 { (count as usize).min(MOST_LEVELS) } else { 0 }, apart))
    });
    let (count, apart) = levels.unwrap_or((0, 0));
    (0..count as i64).map(|level| (price - side.sign() * level * apart, steps)).collect()
}
