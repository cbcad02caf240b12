//! `trade es long { … }`: one state machine for each, from waiting through its entry to its lots and out again.
//!
//! The venue guards the lots by itself: stop and take go along with the entry and stand from its first fill. What is here
//! decides when to enter, moves the guards when their prices follow, and closes what is to be closed.

use gbc_core::Nanos;
use gbc_core::orders::{InForce, Leave, Opens, TradePlan};
use gbc_core::session::Calendar;
use gbc_portfolio::Side;
use serde::{Deserialize, Serialize};

use crate::message::{Answer, Ask, Bracket, Guard, Happened, Key, Part, Size, Ticket};
use crate::plan::counter::Counter;
use crate::plan::entry::{self, Wanted};
use crate::plan::limits::Limits;
use crate::plan::scene::Scene;
use crate::{OrderKind, Refusal};

/// One trade as it stands.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TradeState {
    /// The order that opens it, while that is open.
    entry: Option<Entry>,
    /// Its lots, while there are any.
    lots: Option<Lots>,
    /// When it last closed, and whether it lost.
    closed: Option<(Nanos, bool)>,
    /// How often it opened, for each of its rates.
    openings: Vec<Counter>,
    /// Its order expired or was refused: the condition of `enter … while` has to end before it may enter again; without a
    /// condition, its price has to change.
    spent: Option<OrderKind>,
    /// It waits for this moment to pass: what closed just now opens again only later, or it might do so for ever.
    waits: Option<Nanos>,
}

/// The order that opens a trade.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Entry {
    order: u64,
    kind: OrderKind,
    bracket: Bracket,
    /// How much it is for.
    size: Size,
    /// Whether it was asked back.
    leaving: bool,
}

/// The lots of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Lots {
    /// What names them: the order that opened them.
    group: u64,
    /// How many steps.
    steps: i64,
    opened: Nanos,
    /// The price of the first fill.
    entry: i64,
    /// What was asked to guard them.
    stop: Option<i64>,
    take: Option<i64>,
    /// The best price seen since, as far as a trailing stop cares.
    best: i64,
    /// Ticks won so far on lots that left, times their steps.
    won: i128,
    /// What they cost together: ticks times steps.
    paid: i128,
    /// The order that closes them, once sent.
    closing: bool,
    /// How often it grew.
    grown: i64,
    /// An order that makes it grow, while open.
    growing: Option<u64>,
    /// From its entry to its stop, in points.
    risked: f64,
}

impl TradeState {
    /// A trade that has not opened.
    pub fn new(plan: &TradePlan) -> TradeState {
        TradeState { openings: vec![Counter::default(); plan.at_most.len()], ..TradeState::default() }
    }

    /// R, in points; undefined while it is flat or has no stop.
    pub fn risked(&self) -> f64 {
        self.lots.map_or(f64::NAN, |lots| lots.risked)
    }

    /// Lot steps held.
    pub fn held(&self) -> i64 {
        self.lots.map_or(0, |lots| lots.steps)
    }

    /// Lot steps that its entry may come to at the most, while only a fill can tell.
    pub fn may_open(&self) -> i64 {
        match self.entry.map(|entry| entry.size) {
            Some(Size::Share { most, .. }) => most,
            _ => 0,
        }
    }

    /// Whether an order or a group of lots is its own.
    pub fn owns(&self, key: Key) -> bool {
        let group = self.lots.map(|lots| lots.group);
        self.entry.is_some_and(|entry| entry.order == key.order)
            || group == Some(key.order)
            || self.lots.is_some_and(|lots| lots.growing == Some(key.order))
    }

    /// When it wants to be looked at again without an event.
    pub fn due(&self, plan: &TradePlan, scene: &Scene<'_>) -> Nanos {
        let after = |from: Option<Nanos>, channel: Option<_>| match (from, channel.and_then(|it| scene.wishes.span(it)))
        {
            (Some(from), Some(span)) => Nanos(from.0.saturating_add(span)),
            _ => Nanos::MAX,
        };
        let exit = after(self.lots.filter(|lots| !lots.closing).map(|lots| lots.opened), plan.exit_after);
        let waits = self.lots.is_none().then_some(self.closed).flatten().map(|(at, _)| at);
        let again = after(waits, plan.cooldown.map(|(span, _)| span));
        let later = self.waits.map_or(Nanos::MAX, |at| Nanos(at.0 + 1));
        [exit, again, later].into_iter().filter(|at| *at > scene.now).min().unwrap_or(Nanos::MAX)
    }

    /// Compares what is wanted with what is there. `fired` if `enter when` came true at this event.
    pub fn want(
        &mut self,
        plan: &TradePlan,
        fired: bool,
        scene: &mut Scene<'_>,
        limits: &mut Limits,
        calendars: &[Calendar],
    ) {
        let flat = limits.must_be_flat();
        self.leave(plan, flat, scene);
        self.guard(plan, scene);
        self.grow(plan, scene, limits, calendars);
        self.enter(plan, fired, flat, scene, limits, calendars);
    }

    /// Closes what is to be closed.
    fn leave(&mut self, plan: &TradePlan, flat: bool, scene: &mut Scene<'_>) {
        let Some(lots) = self.lots.as_mut().filter(|lots| !lots.closing) else { return };
        let says = plan.exits.iter().any(|exit| scene.wishes.truth(*exit) == Some(true));
        let over = plan.exit_after.and_then(|span| scene.wishes.span(span));
        let over = over.is_some_and(|span| scene.now.0 >= lots.opened.0.saturating_add(span));
        if !(flat || says || over) {
            return;
        }
        lots.closing = true;
        // Nothing more may come in behind what goes out: requests arrive in the order in which they were sent.
        if let Some(entry) = self.entry.as_mut().filter(|entry| !entry.leaving) {
            entry.leaving = true;
            scene.cancel(plan.market, Key::own(entry.order));
        }
        if let Some(growing) = lots.growing {
            scene.cancel(plan.market, Key::own(growing));
        }
        let ticket = Ticket {
            size: Size::Rest,
            group: Some(lots.group),
            ..market_order(scene.ledger.next_id(), plan, side(plan).opposite())
        };
        scene.send(ticket);
    }

    /// Lets stop and take follow their prices; an undefined price leaves them where they are.
    fn guard(&mut self, plan: &TradePlan, scene: &mut Scene<'_>) {
        let Some(mut lots) = self.lots.filter(|lots| !lots.closing) else { return };
        let side = side(plan);
        let mut stop = lots.stop;
        if let Some(Leave::At(price) | Leave::Later(price)) = plan.stop {
            stop = scene.price(plan.market, price).or(stop);
        }
        if let Some(trailing) = trail(plan, &mut lots, scene) {
            let closer = |a: i64, b: i64| if side == Side::Buy { a.max(b) } else { a.min(b) };
            stop = Some(stop.map_or(trailing, |stop| closer(stop, trailing)));
        }
        let take = match plan.take {
            Some(Leave::At(price) | Leave::Later(price)) => scene.price(plan.market, price),
            Some(Leave::Away(distance)) => {
                let points = scene.wishes.number(distance);
                let ticks = points.and_then(|points| scene.distance(plan.market, points));
                // Settled at the fill: only a distance that was not known then still comes.
                ticks.filter(|_| lots.take.is_none()).map(|ticks| lots.entry + side.sign() * ticks)
            }
            None => None,
        };
        for (part, held, wanted) in [(Part::Stop, lots.stop, stop), (Part::Take, lots.take, take.or(lots.take))] {
            if held != wanted {
                scene.asks.push((plan.market, Ask::Protect { group: lots.group, part, price: wanted }));
            }
        }
        // A stop that came only now says only now what is at risk.
        if let (Some(Leave::Later(_)), Some(stop), true) = (plan.stop, stop, lots.risked.is_nan()) {
            lots.risked = scene.points(plan.market, (lots.entry - stop).abs());
        }
        (lots.stop, lots.take) = (stop, take.or(lots.take));
        self.lots = Some(lots);
    }

    /// `add q every d up to q`: more lots, each time the market has gone so far in its favour.
    fn grow(&mut self, plan: &TradePlan, scene: &mut Scene<'_>, limits: &mut Limits, calendars: &[Calendar]) {
        let (Some([size, apart, most]), Some(lots)) = (plan.add, self.lots) else { return };
        if lots.closing || lots.growing.is_some() || limits.must_be_flat() {
            return;
        }
        let numbers = [size, apart, most].map(|channel| scene.wishes.number(channel));
        let [Some(size), Some(apart), Some(most)] = numbers else { return };
        let (Some(steps), Some(apart)) = (scene.steps(plan.market, size), scene.distance(plan.market, apart)) else {
            return;
        };
        let most = scene.steps(plan.market, most).unwrap_or(0);
        let side = side(plan);
        let Some(now) = scene.exit_price(plan.market, side) else { return };
        let steps = steps.min(most - lots.steps);
        if steps <= 0 || side.sign() * (now - lots.entry) < apart * (lots.grown + 1) {
            return;
        }
        let order = scene.ledger.next_id();
        let ticket = Ticket { size: Size::Steps(steps), group: Some(lots.group), ..market_order(order, plan, side) };
        match limits.entry(plan.market, side, steps, scene, calendars) {
            Ok(steps) => {
                scene.send(Ticket { size: Size::Steps(steps), ..ticket });
                self.lots = Some(Lots { growing: Some(order), grown: lots.grown + 1, ..lots });
            }
            Err(refusal) => {
                scene.hold_back(&ticket, refusal);
                self.lots = Some(Lots { grown: lots.grown + 1, ..lots });
            }
        }
    }

    /// Sends, moves or takes back the order that opens it.
    fn enter(
        &mut self,
        plan: &TradePlan,
        fired: bool,
        flat: bool,
        scene: &mut Scene<'_>,
        limits: &mut Limits,
        calendars: &[Calendar],
    ) {
        let holds = match plan.opens {
            Opens::Fired => fired,
            Opens::While(condition) => scene.wishes.truth(condition) == Some(true),
            Opens::Flat => true,
        };
        self.spent = self.spent.filter(|_| holds);
        self.waits = None;
        if let Some(entry) = self.entry {
            let ends = flat || plan.opens != Opens::Fired && !holds;
            return self.tend(entry, ends, plan, scene);
        }
        if !holds || flat || self.lots.is_some() || self.rests(plan, scene) {
            return;
        }
        let Some(Wanted { kind, size, bracket }) = entry::wanted(plan, scene) else { return };
        if self.spent.is_some_and(|spent| plan.opens != Opens::Flat || spent == kind) {
            return;
        }
        if self.closed.is_some_and(|(at, _)| at == scene.now) && plan.opens != Opens::Fired {
            self.waits = Some(scene.now);
            return;
        }
        let room = |(counter, rate): (&mut Counter, _)| counter.has_room(rate, scene.now, scene.wishes, calendars);
        if !self.openings.iter_mut().zip(&plan.at_most).all(room) {
            return;
        }
        let order = scene.ledger.next_id();
        let until = plan.cancel_after.and_then(|span| scene.wishes.span(span));
        let ticket = Ticket {
            kind,
            size,
            until: until.map_or(Nanos::MAX, |span| Nanos(scene.now.0.saturating_add(span))),
            group: Some(order),
            bracket,
            ..market_order(order, plan, side(plan))
        };
        match limits.size(plan.market, side(plan), size, scene, calendars) {
            Ok(size) => {
                scene.send(Ticket { size, ..ticket });
                self.entry = Some(Entry { order, kind, bracket, size, leaving: false });
            }
            Err(refusal) => {
                scene.hold_back(&ticket, refusal);
                self.spent = Some(kind).filter(|_| plan.opens != Opens::Fired);
            }
        }
    }

    /// An entry that is out: it follows its price, or goes when it has lost its reason.
    fn tend(&mut self, entry: Entry, ends: bool, plan: &TradePlan, scene: &mut Scene<'_>) {
        if entry.leaving {
            return;
        }
        let wanted = entry::wanted(plan, scene);
        let follows = plan.opens != Opens::Fired;
        if ends || follows && wanted.is_none() && entry.kind != OrderKind::Market {
            scene.cancel(plan.market, Key::own(entry.order));
            self.entry = Some(Entry { leaving: true, ..entry });
        } else if let (true, Some(Wanted { kind, bracket, .. })) = (follows, wanted)
            && entry.kind != OrderKind::Market
            && (kind, bracket) != (entry.kind, entry.bracket)
        {
            let size = if let Size::Steps(steps) = entry.size { Some(steps) } else { None };
            scene.asks.push((plan.market, Ask::Amend { key: Key::own(entry.order), kind, size, bracket }));
            self.entry = Some(Entry { kind, bracket, ..entry });
        }
    }

    /// Whether it stays away for a while.
    fn rests(&self, plan: &TradePlan, scene: &Scene<'_>) -> bool {
        let (Some((span, only_losses)), Some((at, lost))) = (plan.cooldown, self.closed) else { return false };
        let span = scene.wishes.span(span).unwrap_or(i64::MAX);
        (lost || !only_losses) && scene.now.0 < at.0.saturating_add(span)
    }

    /// Something became of one of its orders.
    pub fn hear(&mut self, plan: &TradePlan, answer: &Answer, scene: &mut Scene<'_>) {
        let key = answer.key;
        let opens = self.entry.is_some_and(|entry| Key::own(entry.order) == key);
        let grows = self.lots.is_some_and(|lots| lots.growing.map(Key::own) == Some(key));
        match answer.what {
            Happened::Accepted { .. } => {}
            Happened::Filled { price, size, left, .. } if opens || grows => {
                self.gain(plan, key.order, price, size, answer.at, scene);
                if left == 0 {
                    self.done(key.order);
                }
            }
            Happened::Filled { price, size, .. } => self.lose(plan, price, size, scene.now),
            Happened::Cancelled | Happened::Expired | Happened::Refused(_) if opens || grows => {
                let kind = self.entry.filter(|_| opens).map(|entry| entry.kind);
                self.done(key.order);
                let ended = matches!(answer.what, Happened::Expired | Happened::Refused(_));
                self.spent = kind.filter(|_| ended && plan.opens != Opens::Fired).or(self.spent);
            }
            // A close that came too late closed nothing: a guard did.
            Happened::Refused(Refusal::NothingLeft) | Happened::Cancelled | Happened::Expired => {}
            Happened::Refused(_) => {
                if let Some(lots) = &mut self.lots {
                    lots.closing = false;
                }
            }
        }
    }

    /// An order that brings lots has ended.
    fn done(&mut self, order: u64) {
        self.entry = self.entry.filter(|entry| entry.order != order);
        if let Some(lots) = self.lots.as_mut().filter(|lots| lots.growing == Some(order)) {
            lots.growing = None;
        }
    }

    /// Lots came in.
    fn gain(&mut self, plan: &TradePlan, order: u64, price: i64, size: i64, at: Nanos, scene: &mut Scene<'_>) {
        let side = side(plan);
        if let Some(lots) = &mut self.lots {
            lots.steps += size;
            lots.paid += i128::from(price) * i128::from(size);
            return;
        }
        self.openings.iter_mut().for_each(|counter| counter.count(at));
        let bracket = self.entry.map_or(Bracket::default(), |entry| entry.bracket);
        let place = |guard: Guard, toward: i64| match guard {
            Guard::At(price) => price,
            Guard::Away(ticks) => price + toward * side.sign() * ticks,
        };
        let stop = bracket.stop.map(|guard| place(guard, -1));
        let risked = stop.map_or(f64::NAN, |stop| scene.points(plan.market, (price - stop).abs()));
        self.lots = Some(Lots {
            group: order,
            steps: size,
            opened: at,
            entry: price,
            stop,
            take: bracket.take.map(|guard| place(guard, 1)),
            best: price,
            won: 0,
            paid: i128::from(price) * i128::from(size),
            closing: false,
            grown: 0,
            growing: None,
            risked,
        });
    }

    /// Lots went out.
    fn lose(&mut self, plan: &TradePlan, price: i64, size: i64, at: Nanos) {
        let Some(lots) = &mut self.lots else { return };
        lots.steps -= size;
        lots.won += i128::from(price) * i128::from(size);
        if lots.steps == 0 {
            let result = i128::from(side(plan).sign()) * (lots.won - lots.paid);
            self.closed = Some((at, result < 0));
            self.spent = None;
            self.lots = None;
        }
    }
}

fn side(plan: &TradePlan) -> Side {
    if plan.long { Side::Buy } else { Side::Sell }
}

fn market_order(order: u64, plan: &TradePlan, side: Side) -> Ticket {
    Ticket {
        order,
        market: plan.market,
        side,
        kind: OrderKind::Market,
        size: Size::Rest,
        in_force: InForce::Gtc,
        until: Nanos::MAX,
        post_only: false,
        group: None,
        cap: None,
        bracket: Bracket::default(),
    }
}

/// Where a trailing stop stands now: so far behind the best price since the entry, once that has won enough.
fn trail(plan: &TradePlan, lots: &mut Lots, scene: &Scene<'_>) -> Option<i64> {
    let [behind, from] = plan.trail?;
    let side = side(plan);
    let now = scene.exit_price(plan.market, side)?;
    lots.best = if side == Side::Buy { lots.best.max(now) } else { lots.best.min(now) };
    let won = side.sign() * (lots.best - lots.entry);
    let behind = scene.distance(plan.market, scene.wishes.number(behind)?)?;
    let from = scene.wishes.number(from).map_or(Some(0), |points| scene.distance(plan.market, points).or(Some(0)))?;
    (won >= from).then(|| lots.best - side.sign() * behind)
}
