//! `risk { … }`: what stands between every wish and the way out. It holds whatever the rules say, and counts the worst case.
//!
//! The worst case of a market on its long side is the position with everything that buys filled and nothing that sells; on
//! its short side the other way round. Lots on their way out are counted once, however many orders guard them.

use gbc_core::orders::{Limit, Limited, Per, Rate, Reached};
use gbc_core::session::{Calendar, Daily};
use gbc_core::time::DAY;
use gbc_core::{MarketId, Money, Nanos};
use gbc_portfolio::Side;
use serde::{Deserialize, Serialize};

use crate::plan::counter::{Counter, since, until};
use crate::plan::scene::Scene;
use crate::{Refusal, Size};

/// All limits as they stand.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Limits {
    limits: Vec<State>,
    /// How far each market could go, long and short, in lot steps.
    worst: Vec<[i64; 2]>,
    /// Until when nothing may be held.
    halted: Option<Nanos>,
    /// Whether nothing may be held now.
    flat: bool,
    /// Whether nothing may be opened now.
    closed: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct State {
    limit: Limit,
    counter: Counter,
    /// The stretch that a loss is counted over, and the equity at its start.
    start: Option<(Nanos, Money)>,
    peak: Option<Money>,
    /// Of a time of day: the session that was last asked about, and when it comes in it.
    flat_at: Option<(Nanos, Nanos)>,
    /// Since when legs do not match.
    apart: Option<Nanos>,
}

impl Limits {
    /// Limits that nothing has touched yet.
    pub fn new(limits: &[Limit], markets: usize) -> Limits {
        let state = |limit: &Limit| State {
            limit: *limit,
            counter: Counter::default(),
            start: None,
            peak: None,
            flat_at: None,
            apart: None,
        };
        Limits {
            limits: limits.iter().map(state).collect(),
            worst: vec![[0; 2]; markets],
            halted: None,
            flat: false,
            closed: false,
        }
    }

    /// Whether any of them depends on what the account is worth, which may change with every row.
    pub fn watch_equity(&self) -> bool {
        self.limits.iter().any(|it| matches!(it.limit, Limit::Max { of: Limited::Loss | Limited::Drawdown, .. }))
    }

    /// Whether everything has to go, and nothing may come.
    pub fn must_be_flat(&self) -> bool {
        self.flat
    }

    /// Takes note of how far a market could go: everything but what is asked for from now on.
    pub fn expose(&mut self, market: MarketId, worst: [i64; 2]) {
        self.worst[market] = worst;
    }

    /// Looks at the moment. `legs_apart`: whether one market has what it wants while another has not.
    pub fn look(&mut self, scene: &Scene<'_>, calendars: &[Calendar], legs_apart: bool) {
        let now = scene.now;
        self.halted = self.halted.filter(|until| now < *until);
        (self.flat, self.closed) = (self.halted.is_some(), false);
        for state in &mut self.limits {
            match state.reached(scene, calendars, legs_apart) {
                None => {}
                Some(Reached::Refuse) => self.closed = true,
                Some(Reached::Flat) => self.flat = true,
                Some(Reached::Halt(per)) => {
                    let until = per.map_or(Nanos::MAX, |per| until(per, now, scene.wishes, calendars));
                    self.halted = self.halted.max(Some(until));
                    self.flat = true;
                }
            }
        }
    }

    /// When it wants to be looked at again without an event.
    pub fn due(&mut self, scene: &Scene<'_>, calendars: &[Calendar]) -> Nanos {
        let dues = self.limits.iter_mut().map(|state| state.due(scene, calendars));
        dues.chain(self.halted).filter(|at| *at > scene.now).min().unwrap_or(Nanos::MAX)
    }

    /// Lets an order that opens lots out: cut to what fits, or refused.
    pub fn entry(
        &mut self,
        market: MarketId,
        side: Side,
        steps: i64,
        scene: &Scene<'_>,
        calendars: &[Calendar],
    ) -> Result<i64, Refusal> {
        self.room(market, side, Some(steps), scene, calendars)
    }

    /// The same for any size: what only the fill settles gets a bound.
    pub fn size(
        &mut self,
        market: MarketId,
        side: Side,
        size: Size,
        scene: &Scene<'_>,
        calendars: &[Calendar],
    ) -> Result<Size, Refusal> {
        match size {
            Size::Steps(steps) => self.entry(market, side, steps, scene, calendars).map(Size::Steps),
            Size::Share { unit, share, .. } => {
                self.room(market, side, None, scene, calendars).map(|most| Size::Share { unit, share, most })
            }
            Size::Wanted(..) | Size::Rest => Ok(size),
        }
    }

    /// How many steps of so many may go out; as many as fit where the fill will tell.
    fn room(
        &mut self,
        market: MarketId,
        side: Side,
        steps: Option<i64>,
        scene: &Scene<'_>,
        calendars: &[Calendar],
    ) -> Result<i64, Refusal> {
        if self.flat || self.closed {
            return Err(Refusal::Halted);
        }
        let lots = |value: f64| crate::reconcile::whole_steps(scene.instruments[market].lot, value).unwrap_or(0).max(0);
        let mut most = steps.unwrap_or(i64::MAX);
        for state in &mut self.limits {
            let Limit::Max { of, value, per, .. } = state.limit else { continue };
            let bound = scene.wishes.number(value);
            match of {
                Limited::OrderSize => {
                    let bound = bound.map_or(0, lots);
                    if steps.map_or(bound == 0, |steps| steps > bound) {
                        return Err(Refusal::MaxOrderSize);
                    }
                    most = most.min(bound);
                }
                Limited::Position => {
                    let worst = self.worst[market][usize::from(side == Side::Sell)];
                    most = most.min(bound.map_or(0, lots).saturating_sub(worst));
                }
                Limited::Orders => {
                    let rate = Rate { count: value, per: per.unwrap_or(Per::Day) };
                    if !state.counter.has_room(&rate, scene.now, scene.wishes, calendars) {
                        return Err(Refusal::Rate);
                    }
                }
                _ => {}
            }
        }
        if most <= 0 {
            return Err(Refusal::MaxPosition);
        }
        for state in &mut self.limits {
            if let Limit::Max { of: Limited::Orders, .. } = state.limit {
                state.counter.count(scene.now);
            }
        }
        let worst = &mut self.worst[market][usize::from(side == Side::Sell)];
        *worst = worst.saturating_add(most);
        Ok(most)
    }

    /// How far a position may go at the most, in lot steps; none without such a limit.
    pub fn most_steps(&self, market: MarketId, scene: &Scene<'_>) -> Option<i64> {
        let bounds = self.limits.iter().filter_map(|state| match state.limit {
            Limit::Max { of: Limited::Position, value, .. } => {
                let lots = scene.wishes.number(value).unwrap_or(0.0);
                Some(crate::reconcile::whole_steps(scene.instruments[market].lot, lots).unwrap_or(0).max(0))
            }
            _ => None,
        });
        bounds.min()
    }
}

impl State {
    /// What follows if the limit is reached now.
    fn reached(&mut self, scene: &Scene<'_>, calendars: &[Calendar], legs_apart: bool) -> Option<Reached> {
        match self.limit {
            Limit::FlatWhen(condition) => (scene.wishes.truth(condition) == Some(true)).then_some(Reached::Flat),
            Limit::FlatBy(daily, session) => {
                let at = self.flat_at(daily, session, scene.now, calendars);
                (at <= scene.now).then_some(Reached::Flat)
            }
            Limit::Max { of: Limited::Loss, value, of_equity, per, then } => {
                let stretch = per.map_or(Nanos::MIN, |per| since(per, scene.now, scene.wishes, calendars));
                // A rolling span has no start of its own: its loss counts from where the run was first seen.
                let same = |(start, _): &(Nanos, Money)| *start == stretch || matches!(per, Some(Per::Span(_)));
                let (_, from) = *self.start.get_or_insert((stretch, scene.equity));
                let from = if self.start.as_ref().is_some_and(same) { from } else { scene.equity };
                self.start = Some((stretch, from));
                self.lost(from, value, of_equity, scene).then_some(then)
            }
            Limit::Max { of: Limited::Drawdown, value, of_equity, then, .. } => {
                let peak = self.peak.map_or(scene.equity, |peak| peak.max(scene.equity));
                self.peak = Some(peak);
                self.lost(peak, value, of_equity, scene).then_some(then)
            }
            Limit::Max { of: Limited::LegGap, value, then, .. } => {
                self.apart = if legs_apart { self.apart.or(Some(scene.now)) } else { None };
                let span = scene.wishes.span(value)?;
                let over = self.apart.is_some_and(|since| scene.now.0 > since.0.saturating_add(span));
                over.then_some(if then == Reached::Refuse { Reached::Flat } else { then })
            }
            Limit::Max { .. } => None,
        }
    }

    fn lost(&self, from: Money, value: gbc_core::orders::Channel, of_equity: bool, scene: &Scene<'_>) -> bool {
        let Some(value) = scene.wishes.number(value) else { return false };
        let most = if of_equity { value * from.to_f64() } else { value };
        (from - scene.equity).to_f64() >= most
    }

    /// When the time of day comes in the session of now, or came.
    fn flat_at(&mut self, daily: Daily, session: Option<usize>, now: Nanos, calendars: &[Calendar]) -> Nanos {
        let calendar = session.map(|session| &calendars[session]);
        let opened = calendar.map_or_else(|| now.floor_to(DAY), |calendar| calendar.last_open(now));
        match self.flat_at {
            Some((of, at)) if of == opened => at,
            _ => {
                let before = Nanos(opened.0.saturating_sub(1));
                let at = if opened == Nanos::MIN { Nanos::MAX } else { daily.next(calendar, before) };
                self.flat_at = Some((opened, at));
                at
            }
        }
    }

    fn due(&mut self, scene: &Scene<'_>, calendars: &[Calendar]) -> Nanos {
        match self.limit {
            Limit::FlatBy(daily, session) => {
                let at = self.flat_at(daily, session, scene.now, calendars);
                if at > scene.now { at } else { daily.next(session.map(|session| &calendars[session]), scene.now) }
            }
            Limit::Max { of: Limited::LegGap, value, .. } => {
                let span = scene.wishes.span(value).unwrap_or(i64::MAX);
                self.apart.map_or(Nanos::MAX, |since| Nanos(since.0.saturating_add(span).saturating_add(1)))
            }
            _ => Nanos::MAX,
        }
    }
}
