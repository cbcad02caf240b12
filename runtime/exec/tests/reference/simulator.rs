//! The plainest exchange that keeps the promises of `docs/execution.md`: lists, loops and no cleverness.
//!
//! It shares the messages with `gbc-exec` and nothing else. `bars` and `ticks` say how data meet orders; here is what an
//! order, the lots it opened and an answer are.

use gbc_core::Nanos;
use gbc_core::orders::{InForce, Unit};
use gbc_exec::{Answer, Ask, Bracket, Guard, Happened, Impact, Key, OrderKind, Part, Refusal, Size, Slippage, Ticket};
use gbc_portfolio::{FillReason, Side};

/// What a share of the account is worth here, at any price.
pub const STEPS_OF_ALL: f64 = 10.0;

/// What a tick of a step is worth here: a step at 100 is worth a million.
pub const WORTH: i64 = 10_000;

/// An order that is at the exchange.
#[derive(Clone, Copy, Debug)]
pub struct Ours {
    pub key: Key,
    pub side: Side,
    pub kind: OrderKind,
    pub fired: bool,
    pub left: i64,
    pub done: i64,
    pub share: Option<f64>,
    /// Its size is a share on top of what is held, of so many steps at the most.
    pub most: Option<i64>,
    pub cap: Option<i64>,
    pub in_force: InForce,
    pub until: i64,
    pub post_only: bool,
    pub group: Option<u64>,
    pub closes: bool,
    pub bracket: Bracket,
    pub arrived: i64,
    /// What stands ahead, if that is known.
    pub ahead: Option<i64>,
}

/// Lots that were opened together.
#[derive(Clone, Copy, Debug)]
pub struct Lots {
    pub id: u64,
    pub opened_by: Side,
    pub left: i64,
    pub stop: Option<i64>,
    pub take: Option<i64>,
}

/// A fill about to happen.
#[derive(Clone, Copy, Debug)]
pub struct Deal {
    pub price: i64,
    pub most: i64,
    pub reason: FillReason,
    pub maker: bool,
    pub at: i64,
}

/// Everything of ours, in the order of arrival.
#[derive(Debug, Default)]
pub struct Simulator {
    pub orders: Vec<Ours>,
    pub lots: Vec<Lots>,
    pub position: i64,
    pub answers: Vec<Answer>,
    pub slippage: Slippage,
}

pub fn sign(side: Side) -> i64 {
    if side == Side::Buy { 1 } else { -1 }
}

/// `price` is as good as `limit` for who is on this side.
pub fn no_worse(side: Side, price: i64, limit: i64) -> bool {
    if side == Side::Buy { price <= limit } else { price >= limit }
}

impl Ours {
    pub fn accepts(&self, price: i64) -> bool {
        match self.kind {
            OrderKind::Market | OrderKind::Stop { .. } => true,
            OrderKind::Limit { price: limit } | OrderKind::StopLimit { price: limit, .. } => {
                no_worse(self.side, price, limit)
            }
        }
    }

    /// Whether it waits for the market to come to its trigger, and that is at this price or nearer.
    pub fn fires_at(&self, price: i64) -> bool {
        match self.kind {
            OrderKind::Stop { trigger } | OrderKind::StopLimit { trigger, .. } => no_worse(self.side, trigger, price),
            OrderKind::Market | OrderKind::Limit { .. } => false,
        }
    }

    pub fn waits_for_trigger(&self) -> bool {
        matches!(self.kind, OrderKind::Stop { .. } | OrderKind::StopLimit { .. })
    }

    pub fn at_once(&self) -> bool {
        matches!(self.in_force, InForce::Ioc | InForce::Fok)
    }

    pub fn fire(&mut self) {
        self.fired = true;
        self.kind = match self.kind {
            OrderKind::StopLimit { price, .. } => OrderKind::Limit { price },
            _ => OrderKind::Market,
        };
    }
}

impl Simulator {
    pub fn say(&mut self, at: i64, key: Key, what: Happened) {
        self.answers.push(Answer { at: Nanos(at), market: 0, key, what });
    }

    pub fn find(&self, key: Key) -> Option<Ours> {
        self.orders.iter().find(|order| order.key == key).copied()
    }

    pub fn get(&mut self, key: Key) -> &mut Ours {
        self.orders.iter_mut().find(|order| order.key == key).expect("it is there")
    }

    /// Who matches, in the order of arrival, as of now.
    pub fn keys(&self, wanted: impl Fn(&Ours) -> bool) -> Vec<Key> {
        self.orders.iter().filter(|order| wanted(order)).map(|order| order.key).collect()
    }

    pub fn lots_of(&self, id: u64) -> Option<Lots> {
        self.lots.iter().find(|lots| lots.id == id && lots.left > 0).copied()
    }

    pub fn open_size(&self, order: &Ours) -> i64 {
        if order.closes { order.group.and_then(|id| self.lots_of(id)).map_or(0, |lots| lots.left) } else { order.left }
    }

    /// A share of the account becomes lots, and perhaps turns the order round.
    pub fn settle_size(&mut self, key: Key) -> i64 {
        let position = self.position;
        let order = self.get(key);
        if let (Some(share), Some(most)) = (order.share, order.most) {
            return ((share * STEPS_OF_ALL) as i64).min(most);
        }
        if let Some(share) = order.share {
            let wanted = (share * STEPS_OF_ALL) as i64;
            let steps = order.cap.map_or(wanted, |cap| wanted.max(-cap).min(cap)) - position;
            order.side = if steps < 0 { Side::Sell } else { Side::Buy };
            order.left = steps.abs();
        }
        let order = *order;
        self.open_size(&order)
    }

    pub fn gone(&mut self, key: Key, at: i64, what: Happened) {
        self.orders.retain(|order| order.key != key);
        self.say(at, key, what);
    }

    pub fn accepted(&mut self, key: Key, at: i64) {
        let order = self.find(key).expect("it is there");
        let left = self.open_size(&order);
        self.say(at, key, Happened::Accepted { side: order.side, kind: order.kind, left });
    }

    /// Lets an order in; `false` if it was sent away at the door.
    pub fn admit(&mut self, ticket: &Ticket, at: i64) -> bool {
        let key = Key { order: ticket.order, part: Part::Own };
        let closes = ticket.size == Size::Rest;
        if ticket.until.0 <= at {
            self.say(at, key, Happened::Expired);
            return false;
        }
        if closes && ticket.group.and_then(|id| self.lots_of(id)).is_none() {
            self.say(at, key, Happened::Refused(Refusal::NothingLeft));
            return false;
        }
        let (left, share, most) = match ticket.size {
            Size::Steps(steps) => (steps, None, None),
            Size::Wanted(Unit::Lots | Unit::Cash | Unit::Equity, share) => (0, Some(share), None),
            Size::Share { share, most, .. } => (0, Some(share), Some(most)),
            Size::Rest => (0, None, None),
        };
        self.orders.push(Ours {
            key,
            side: ticket.side,
            kind: ticket.kind,
            fired: false,
            left,
            done: 0,
            share,
            most,
            cap: ticket.cap,
            in_force: ticket.in_force,
            until: ticket.until.0,
            post_only: ticket.post_only,
            group: ticket.group,
            closes,
            bracket: ticket.bracket,
            arrived: at,
            ahead: None,
        });
        true
    }

    /// Anything asked but a new order. What moved, and has to meet the market again, is returned.
    pub fn change(&mut self, ask: &Ask, at: i64) -> Option<Key> {
        match *ask {
            Ask::New(_) => unreachable!("new orders are admitted"),
            Ask::Cancel(key) if self.find(key).is_some() => {
                if let Some(lots) = self.lots.iter_mut().find(|lots| lots.id == key.order) {
                    match key.part {
                        Part::Stop => lots.stop = None,
                        Part::Take => lots.take = None,
                        Part::Own => {}
                    }
                }
                self.gone(key, at, Happened::Cancelled);
                None
            }
            Ask::Amend { key, kind, size, bracket } if self.find(key).is_some() => {
                let order = self.get(key);
                let left = size.map_or(order.left, |size| size - order.done);
                if left <= 0 && order.share.is_none() {
                    self.gone(key, at, Happened::Cancelled);
                    return None;
                }
                let stays = self.find(key).is_some_and(|order| order.kind == kind && left <= order.left);
                let order = self.get(key);
                (order.kind, order.left, order.bracket) = (kind, left, bracket);
                self.moved(key, stays, at)
            }
            Ask::Protect { group, part, price } => {
                let key = Key { order: group, part };
                let too_late = self.lots_of(group).is_none() || self.find(key).is_some_and(|guard| guard.fired);
                if too_late {
                    self.say(at, key, Happened::Refused(Refusal::TooLate));
                    return None;
                }
                let lots = self.lots.iter_mut().find(|lots| lots.id == group).expect("they are there");
                let before = if part == Part::Stop { &mut lots.stop } else { &mut lots.take };
                let stays = *before == price && price.is_some();
                *before = price;
                match (self.find(key), price) {
                    (Some(_), None) => self.gone(key, at, Happened::Cancelled),
                    (None, None) => {}
                    (Some(_), Some(price)) => {
                        self.get(key).kind = guard_kind(part, price);
                        return self.moved(key, stays, at);
                    }
                    (None, Some(price)) => {
                        self.set_guard(group, part, price, at);
                        return Some(key);
                    }
                }
                None
            }
            Ask::Cancel(key) | Ask::Amend { key, .. } => {
                self.say(at, key, Happened::Refused(Refusal::TooLate));
                None
            }
        }
    }

    /// An order stands elsewhere, at the end of the line, unless it stays where it was.
    fn moved(&mut self, key: Key, stays: bool, at: i64) -> Option<Key> {
        if stays {
            self.accepted(key, at);
            return None;
        }
        let mut order = self.find(key).expect("it is there");
        self.orders.retain(|order| order.key != key);
        (order.arrived, order.ahead) = (at, None);
        order.fired &= !order.waits_for_trigger();
        self.orders.push(order);
        Some(key)
    }

    fn set_guard(&mut self, id: u64, part: Part, price: i64, at: i64) {
        let lots = self.lots_of(id).expect("they are there");
        let key = Key { order: id, part };
        self.orders.push(Ours {
            key,
            side: if lots.opened_by == Side::Buy { Side::Sell } else { Side::Buy },
            kind: guard_kind(part, price),
            fired: false,
            left: 0,
            done: 0,
            share: None,
            most: None,
            cap: None,
            in_force: InForce::Gtc,
            until: i64::MAX,
            post_only: false,
            group: Some(id),
            closes: true,
            bracket: Bracket::default(),
            arrived: at,
            ahead: None,
        });
    }

    /// An order is filled, up to what there is. Returns the steps done and the guards that stand since.
    pub fn fill(&mut self, key: Key, deal: Deal) -> (i64, Vec<Key>) {
        let open = self.settle_size(key);
        let size = open.min(deal.most);
        if size <= 0 {
            return (0, Vec::new());
        }
        let order = *self.get(key);
        let Deal { reason, maker, at, .. } = deal;
        let price = if maker { deal.price } else { self.paid(&order, deal.price, size) };
        let slipped = (price - deal.price).abs();
        self.position += sign(order.side) * size;
        self.say(
            at,
            key,
            Happened::Filled { side: order.side, price, slipped, size, left: open - size, reason, maker },
        );
        if open == size {
            self.orders.retain(|order| order.key != key);
        } else {
            let order = self.get(key);
            order.share = None;
            order.done += size;
            order.left = if order.closes { 0 } else { open - size };
        }
        match order.group {
            Some(id) if order.closes => {
                self.lots_close(id, size, at);
                (size, Vec::new())
            }
            Some(id) => (size, self.lots_open(id, &order, size, price, at)),
            None => (size, Vec::new()),
        }
    }

    /// What an order without a limit pays where data say `price`: the fewest whole ticks more that cover all it slips.
    fn paid(&self, order: &Ours, price: i64, size: i64) -> i64 {
        if matches!(order.kind, OrderKind::Limit { .. } | OrderKind::StopLimit { .. }) {
            return price;
        }
        // Whole basis points here, and hundredths of millions.
        let (bps, hundredths) = (self.slippage.bps as i64, price * size);
        let covers = |ticks: i64| {
            let rest = ticks * 10_000 - price * bps;
            match self.slippage.impact {
                Impact::None => rest >= 0,
                Impact::Linear(k) => 100 * rest >= price * k as i64 * hundredths,
                Impact::SquareRoot(k) => rest >= 0 && 100 * rest * rest >= (price * k as i64).pow(2) * hundredths,
            }
        };
        let share = (0..).find(|ticks| covers(*ticks)).expect("some number covers it");
        (price + sign(order.side) * (self.slippage.ticks + share)).max(1)
    }

    fn lots_close(&mut self, id: u64, size: i64, at: i64) {
        let lots = self.lots.iter_mut().find(|lots| lots.id == id).expect("they are there");
        lots.left -= size;
        if lots.left > 0 {
            return;
        }
        (lots.stop, lots.take) = (None, None);
        // The stop first, then the take, then whatever else was to close them.
        for part in [Part::Stop, Part::Take] {
            let guard = Key { order: id, part };
            if self.find(guard).is_some() {
                self.gone(guard, at, Happened::Cancelled);
            }
        }
        for key in self.keys(|order| order.closes && order.group == Some(id)) {
            self.gone(key, at, Happened::Cancelled);
        }
    }

    fn lots_open(&mut self, id: u64, by: &Ours, size: i64, price: i64, at: i64) -> Vec<Key> {
        if self.lots.iter().all(|lots| lots.id != id) {
            self.lots.push(Lots { id, opened_by: by.side, left: 0, stop: None, take: None });
        }
        let lots = self.lots.iter_mut().find(|lots| lots.id == id).expect("it was just pushed");
        let first = lots.left == 0;
        lots.left += size;
        if !first {
            return Vec::new();
        }
        let place = |guard: Option<Guard>, towards: i64| {
            guard.map(|guard| match guard {
                Guard::At(price) => price,
                Guard::Away(ticks) => price + towards * sign(by.side) * ticks,
            })
        };
        (lots.stop, lots.take) = (place(by.bracket.stop, -1), place(by.bracket.take, 1));
        let guards = [(Part::Stop, lots.stop), (Part::Take, lots.take)];
        let mut fresh = Vec::new();
        for (part, price) in guards {
            if let Some(price) = price {
                let key = Key { order: id, part };
                self.set_guard(id, part, price, at);
                self.accepted(key, at);
                fresh.push(key);
            }
        }
        fresh
    }

    /// Orders whose time is over go, the earliest first.
    pub fn expire(&mut self, now: i64) {
        while let Some(first) = self.orders.iter().map(|order| order.until).min().filter(|until| *until <= now) {
            let key = self.orders.iter().find(|order| order.until == first).expect("it is the minimum").key;
            self.gone(key, first, Happened::Expired);
        }
    }

    pub fn end(&mut self, at: i64) {
        for key in self.keys(|_| true) {
            self.gone(key, at, Happened::Expired);
        }
    }
}

fn guard_kind(part: Part, price: i64) -> OrderKind {
    if part == Part::Stop { OrderKind::Stop { trigger: price } } else { OrderKind::Limit { price } }
}
