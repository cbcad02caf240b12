//! What of ours is at the exchange in one market: resting orders, and the lots that brackets protect.
//!
//! How data meet them is the business of `bar_floor`, `touch_floor` and `depth_floor`. Here is what they share: who is in
//! line, what a fill does to its group, and what the venue says about it.

use std::collections::BTreeMap;

use gbc_core::{MarketId, Nanos};
use gbc_portfolio::{FillReason, Side};
use serde::{Deserialize, Serialize};

use crate::message::{Answer, Ask, Bracket, Guard, Happened, Key, Part, Size, Ticket};
use crate::purse::Purse;
use crate::queue::Place;
use crate::working::{Working, guard};
use crate::{OrderKind, Refusal, Slippage};

/// Lots that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Group {
    /// The side that opened them.
    side: Side,
    /// How many lot steps are open.
    left: i64,
    /// The price of their first fill.
    entry: i64,
    /// What was asked to protect them before they were there, or since.
    stop: Option<i64>,
    take: Option<i64>,
}

impl Group {
    /// Moves a guard; where it was.
    fn place(&mut self, part: Part, price: Option<i64>) -> Option<i64> {
        match part {
            Part::Stop => std::mem::replace(&mut self.stop, price),
            Part::Take => std::mem::replace(&mut self.take, price),
            Part::Own => None,
        }
    }
}

/// Everything of ours in one market.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Floor {
    /// Its market.
    pub market: MarketId,
    /// What is there, in the order of arrival.
    pub orders: Vec<Working>,
    groups: BTreeMap<u64, Group>,
    /// What our fills have added up to.
    pub position: i64,
    /// Guards that came with the last fill.
    pub born: Vec<Key>,
    answers: Vec<Answer>,
    pub(crate) slippage: Slippage,
    /// What a tick of a lot step is worth.
    pub(crate) worth: f64,
}

/// What the market gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Met {
    /// At what price.
    pub price: i64,
    /// How many lot steps there were at most.
    pub most: i64,
    /// Why.
    pub reason: FillReason,
    /// Whether our order was the one that rested.
    pub maker: bool,
    /// When.
    pub at: Nanos,
}

impl Floor {
    /// Nothing there yet. `worth` is that of a tick of a lot step.
    pub fn new(market: MarketId, slippage: Slippage, worth: f64) -> Floor {
        Floor {
            market,
            orders: Vec::new(),
            groups: BTreeMap::new(),
            position: 0,
            born: Vec::new(),
            answers: Vec::new(),
            slippage,
            worth,
        }
    }

    /// What the venue has said since it was last asked.
    pub fn take_answers(&mut self) -> Vec<Answer> {
        std::mem::take(&mut self.answers)
    }

    /// The same, left where it is.
    pub(crate) fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// When the first order expires by itself.
    pub fn next_expiry(&self) -> Nanos {
        self.orders.iter().map(|order| order.until).min().unwrap_or(Nanos::MAX)
    }

    /// The open lot steps of an order.
    pub fn left(&self, index: usize) -> i64 {
        let order = &self.orders[index];
        match order.group {
            Some(group) if order.closes => self.groups.get(&group).map_or(0, |group| group.left),
            _ => order.left,
        }
    }

    /// The groups with open lots: name, side and steps.
    pub(crate) fn open_groups(&self) -> impl Iterator<Item = (u64, Side, i64)> {
        self.groups.iter().filter(|(_, group)| group.left > 0).map(|(id, group)| (*id, group.side, group.left))
    }

    /// An order arrives; its place in `orders`, unless it was refused.
    pub fn admit(&mut self, ticket: &Ticket, at: Nanos) -> Option<usize> {
        let closes = ticket.size == Size::Rest;
        let key = Key::own(ticket.order);
        if ticket.until <= at {
            self.say(at, key, Happened::Expired);
            return None;
        }
        if closes && ticket.group.and_then(|group| self.groups.get(&group)).is_none_or(|group| group.left == 0) {
            self.say(at, key, Happened::Refused(Refusal::NothingLeft));
            return None;
        }
        let (left, unsettled) = match ticket.size {
            Size::Steps(steps) => (steps, None),
            Size::Wanted(..) | Size::Share { .. } => (0, Some(ticket.size)),
            Size::Rest => (0, None),
        };
        self.orders.push(Working {
            key,
            side: ticket.side,
            kind: ticket.kind,
            triggered: false,
            left,
            done: 0,
            unsettled,
            in_force: ticket.in_force,
            until: ticket.until,
            post_only: ticket.post_only,
            group: ticket.group,
            closes,
            cap: ticket.cap,
            bracket: ticket.bracket,
            arrived: at,
            place: Place::default(),
        });
        Some(self.orders.len() - 1)
    }

    /// An order rests, and the venue says so.
    pub fn accept(&mut self, index: usize, at: Nanos) {
        let (left, order) = (self.left(index), &self.orders[index]);
        let what = Happened::Accepted { side: order.side, kind: order.kind, left };
        self.say(at, order.key, what);
    }

    /// An order is gone, and the venue says why.
    pub fn drop(&mut self, index: usize, at: Nanos, what: Happened) {
        let order = self.orders.remove(index);
        self.say(at, order.key, what);
    }

    /// An order meets the market: as many steps of it as there are. Returns the steps done; the order is gone if none is left.
    ///
    /// Guards that came or went with it are at the end of `orders`, or no longer there: look again at what comes after.
    pub fn fill(&mut self, index: usize, met: Met, purse: &dyn Purse) -> i64 {
        self.born.clear();
        let (price, open) = self.price_of(index, met, purse);
        let size = open.min(met.most);
        if size <= 0 || !self.carries(index, met, [price, size], purse) {
            return 0;
        }
        let order = &mut self.orders[index];
        order.unsettled = None;
        order.done += size;
        if !order.closes {
            order.left = open - size;
        }
        let (key, side, group, closes, bracket) = (order.key, order.side, order.group, order.closes, order.bracket);
        self.position += side.sign() * size;
        let left = open - size;
        let Met { reason, maker, at, .. } = met;
        let slipped = (price - met.price).abs();
        self.say(at, key, Happened::Filled { side, price, slipped, size, left, reason, maker });
        if left == 0 {
            self.orders.remove(index);
        }
        if let Some(group) = group {
            if closes { self.shrink(group, size, at) } else { self.grow(group, side, size, price, bracket, at) }
        }
        size
    }

    /// Lots come in: guards stand from now on.
    fn grow(&mut self, id: u64, side: Side, size: i64, price: i64, bracket: Bracket, at: Nanos) {
        let fresh = Group { side, left: 0, entry: price, stop: None, take: None };
        let group = self.groups.entry(id).or_insert(fresh);
        if group.left == 0 && group.stop.is_none() && group.take.is_none() {
            // On the losing side a guard is a stop, on the winning side a take.
            let place = |guard: Guard, toward: i64| match guard {
                Guard::At(price) => price,
                Guard::Away(ticks) => price.saturating_add(toward * side.sign() * ticks),
            };
            group.entry = price;
            group.stop = bracket.stop.map(|guard| place(guard, -1));
            group.take = bracket.take.map(|guard| place(guard, 1));
        }
        group.left += size;
        self.stand(id, at);
        for born in 0..self.born.len() {
            let index = self.index_of(self.born[born]).expect("it was just born");
            self.accept(index, at);
        }
    }

    /// Lots go out: what protected the last of them goes too.
    fn shrink(&mut self, id: u64, size: i64, at: Nanos) {
        let group = self.groups.get_mut(&id).expect("what closes belongs to a group");
        group.left -= size;
        if group.left > 0 {
            return;
        }
        (group.stop, group.take) = (None, None);
        for part in [Part::Stop, Part::Take] {
            self.withdraw(Key { order: id, part }, at);
        }
        // What was to close them has nothing left to close.
        let closing = |order: &Working| order.group == Some(id) && order.closes;
        while let Some(index) = self.orders.iter().position(closing) {
            self.drop(index, at, Happened::Cancelled);
        }
    }

    /// Lets the guards of a group stand where they belong. Who moves goes to the end of the line.
    fn stand(&mut self, id: u64, at: Nanos) {
        let Group { side, left, stop, take, .. } = self.groups[&id];
        let kinds = [
            (Part::Stop, stop.map(|trigger| OrderKind::Stop { trigger })),
            (Part::Take, take.map(|price| OrderKind::Limit { price })),
        ];
        for (part, kind) in kinds {
            let key = Key { order: id, part };
            let standing = self.orders.iter().position(|order| order.key == key);
            match (standing, kind.filter(|_| left > 0)) {
                (Some(index), Some(kind)) if self.orders[index].triggered || self.orders[index].kind == kind => {}
                (Some(index), Some(kind)) => {
                    self.orders[index].kind = kind;
                    self.goes_last(index, at);
                }
                (None, Some(kind)) => {
                    self.orders.push(guard(key, side.opposite(), kind, id, at));
                    self.born.push(key);
                }
                (Some(index), None) => self.drop(index, at, Happened::Cancelled),
                (None, None) => {}
            }
        }
    }

    /// An order that moved stands behind all others.
    fn goes_last(&mut self, index: usize, at: Nanos) {
        let mut moved = self.orders.remove(index);
        (moved.place, moved.arrived) = (Place::default(), at);
        moved.triggered &= moved.kind.trigger().is_none();
        self.orders.push(moved);
    }

    /// Does what is asked of an order that is here. New orders are `admit`ted. Returns the order that has to meet the market
    /// anew; that one is not told to be accepted yet.
    pub fn change(&mut self, ask: &Ask, at: Nanos) -> Option<Key> {
        match *ask {
            Ask::New(_) => None,
            Ask::Cancel(key) => {
                if let Some(group) = self.groups.get_mut(&key.order) {
                    group.place(key.part, None);
                }
                if !self.withdraw(key, at) {
                    self.say(at, key, Happened::Refused(Refusal::TooLate));
                }
                None
            }
            Ask::Amend { key, kind, size, bracket } => {
                let Some(index) = self.index_of(key) else {
                    self.say(at, key, Happened::Refused(Refusal::TooLate));
                    return None;
                };
                let order = &mut self.orders[index];
                let left = size.map_or(order.left, |size| size - order.done);
                if size.is_some_and(|size| size <= order.done) {
                    self.drop(index, at, Happened::Cancelled);
                    return None;
                }
                let keeps_place = order.kind == kind && left <= order.left;
                (order.kind, order.left, order.bracket) = (kind, left, bracket);
                if keeps_place {
                    self.accept(index, at);
                    return None;
                }
                self.goes_last(index, at);
                Some(key)
            }
            Ask::Protect { group, part, price } => self.protect(Key { order: group, part }, price, at),
        }
    }

    /// A guard stands elsewhere from now on, or nowhere. Returns it if it has to meet the market anew.
    fn protect(&mut self, key: Key, price: Option<i64>, at: Nanos) -> Option<Key> {
        let standing = self.index_of(key);
        let fired = standing.is_some_and(|index| self.orders[index].triggered);
        let Some(group) = self.groups.get_mut(&key.order).filter(|group| group.left > 0 && !fired) else {
            self.say(at, key, Happened::Refused(Refusal::TooLate));
            return None;
        };
        let before = group.place(key.part, price);
        match standing {
            Some(index) if price.is_some() && before == price => {
                self.accept(index, at);
                None
            }
            _ => {
                self.stand(key.order, at);
                self.born.clear();
                price.map(|_| key)
            }
        }
    }

    /// Takes an order out, if it is there.
    fn withdraw(&mut self, key: Key, at: Nanos) -> bool {
        let index = self.orders.iter().position(|order| order.key == key);
        if let Some(index) = index {
            self.drop(index, at, Happened::Cancelled);
        }
        index.is_some()
    }

    /// Orders whose time is over by `now` go, the earliest first.
    pub fn expire(&mut self, now: Nanos) {
        while let Some(index) = (0..self.orders.len()).min_by_key(|index| self.orders[*index].until) {
            let at = self.orders[index].until;
            if at > now {
                return;
            }
            self.drop(index, at, Happened::Expired);
        }
    }

    /// The places of all orders that `wanted` names, in the order of arrival.
    pub fn find(&self, wanted: impl Fn(&Working) -> bool) -> Vec<Key> {
        self.orders.iter().filter(|order| wanted(order)).map(|order| order.key).collect()
    }

    /// Resting orders and what is left of market orders of one side: better prices first, then earlier ones.
    pub fn line(&self, side: Side) -> Vec<Key> {
        let rank = |kind: OrderKind| kind.limit().map_or(i64::MIN, |price| -side.sign() * price);
        let waits = |order: &&Working| order.side == side && order.kind.trigger().is_none();
        let mut line: Vec<_> = self.orders.iter().filter(waits).map(|order| (rank(order.kind), order.key)).collect();
        line.sort_by_key(|(rank, _)| *rank);
        line.into_iter().map(|(_, key)| key).collect()
    }

    /// Where an order stands now.
    pub fn index_of(&self, key: Key) -> Option<usize> {
        self.orders.iter().position(|order| order.key == key)
    }

    fn say(&mut self, at: Nanos, key: Key, what: Happened) {
        self.answers.push(Answer { at, market: self.market, key, what });
    }
}
