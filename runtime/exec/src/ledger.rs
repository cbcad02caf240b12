//! Our own book of orders: what we sent, and what the answers have told us of each.

use std::collections::BTreeMap;

use gbc_core::{MarketId, Nanos, NewsKind};
use gbc_portfolio::Side;
use serde::{Deserialize, Serialize};

use crate::message::{Answer, Ask, Happened, Key, Part, Size, Ticket};
use crate::{Order, OrderKind, OrderStatus, Refusal};

/// All orders of a run, as far as we know of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    /// Every order so far.
    pub orders: Vec<Order>,
    /// Which of them are open, and where each stands in `orders`.
    open: BTreeMap<Key, usize>,
    /// Steps of market orders on their way, by market.
    on_their_way: Vec<i64>,
}

/// What an answer means to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The order's number.
    pub order: u64,
    /// What became of it.
    pub kind: NewsKind,
}

impl Ledger {
    /// Nothing sent yet, in so many markets.
    pub fn new(markets: usize) -> Ledger {
        Ledger { on_their_way: vec![0; markets], ..Ledger::default() }
    }

    /// The number of the next order.
    pub fn next_id(&self) -> u64 {
        self.orders.len() as u64 + 1
    }

    /// A new order goes off.
    pub fn send(&mut self, ticket: &Ticket, now: Nanos) {
        let size = if let Size::Steps(steps) = ticket.size { steps } else { 0 };
        self.enter(Key::own(ticket.order), ticket.market, now, ticket.side, ticket.kind, size);
        let order = self.orders.last_mut().expect("it was just entered");
        order.in_force = ticket.in_force;
        order.parent = ticket.group.filter(|group| *group != ticket.order);
        if ticket.kind == OrderKind::Market {
            self.on_their_way[ticket.market] += ticket.side.sign() * size;
        }
    }

    /// An order that a limit of ours did not let out: it is on record all the same.
    pub fn refuse(&mut self, ticket: &Ticket, now: Nanos, refusal: Refusal) -> u64 {
        let size = if let Size::Steps(steps) = ticket.size { steps } else { 0 };
        let key = Key::own(ticket.order);
        self.enter(key, ticket.market, now, ticket.side, ticket.kind, size);
        self.close(key, OrderStatus::Refused, Some(refusal));
        ticket.order
    }

    fn enter(&mut self, key: Key, market: MarketId, time: Nanos, side: Side, kind: OrderKind, size: i64) {
        self.open.insert(key, self.orders.len());
        self.orders.push(Order {
            id: self.next_id(),
            parent: None,
            market,
            time,
            side,
            kind,
            in_force: gbc_core::orders::InForce::Gtc,
            size,
            filled: 0,
            status: OrderStatus::Pending,
            refusal: None,
        });
    }

    /// Steps of market orders on their way in a market.
    pub fn on_their_way(&self, market: MarketId) -> i64 {
        self.on_their_way[market]
    }

    /// An open order.
    pub fn get(&self, key: Key) -> Option<&Order> {
        self.open.get(&key).map(|place| &self.orders[*place])
    }

    /// All open orders, in the order of their keys.
    pub fn open(&self) -> impl Iterator<Item = (Key, &Order)> {
        self.open.iter().map(|(key, place)| (*key, &self.orders[*place]))
    }

    /// The venue has said something. `None` if it tells nothing of an order: a request that came too late.
    pub fn hear(&mut self, heard: Nanos, answer: &Answer) -> Option<Heard> {
        let key = answer.key;
        if !self.open.contains_key(&key) {
            if self.was_held_back(answer) {
                return Some(Heard { order: key.order, kind: NewsKind::Rejected });
            }
            let Happened::Accepted { side, kind, left } = answer.what else { return None };
            if key.part == Part::Own {
                return None;
            }
            // A guard was born at the gateway.
            self.enter(key, answer.market, heard, side, kind, left);
            self.orders.last_mut().expect("it was just entered").parent = Some(key.order);
        }
        let place = self.open[&key];
        let order = &mut self.orders[place];
        let number = order.id;
        let kind = match answer.what {
            Happened::Accepted { kind, left, .. } => {
                (order.kind, order.size) = (kind, order.filled.saturating_add(left));
                NewsKind::Accepted
            }
            Happened::Filled { side, size, left, .. } => {
                let known = order.size != 0;
                (order.side, order.filled) = (side, order.filled + size);
                order.size = order.filled + left;
                if order.kind == OrderKind::Market && known {
                    self.on_their_way[answer.market] -= side.sign() * size;
                }
                if left == 0 {
                    order.status = OrderStatus::Filled;
                    self.open.remove(&key);
                } else if order.kind == OrderKind::Market && !known {
                    self.on_their_way[answer.market] += side.sign() * left;
                }
                NewsKind::Filled
            }
            Happened::Cancelled => self.close(key, OrderStatus::Cancelled, None),
            Happened::Expired => self.close(key, OrderStatus::Expired, None),
            Happened::Refused(Refusal::TooLate) => return None,
            Happened::Refused(refusal) => self.close(key, OrderStatus::Refused, Some(refusal)),
        };
        Some(Heard { order: number, kind })
    }

    /// Whether these are the news of an order that a limit of ours did not let out: it is on record as such already.
    fn was_held_back(&self, answer: &Answer) -> bool {
        let order = self.orders.get((answer.key.order as usize).wrapping_sub(1));
        let refused = order.is_some_and(|order| order.status == OrderStatus::Refused);
        let own = answer.key.part == Part::Own;
        refused && own && matches!(answer.what, Happened::Refused(refusal) if refusal != Refusal::TooLate)
    }

    /// What was on its way when the data ended never arrived.
    pub fn lose(&mut self, ask: &Ask) {
        if let Ask::New(ticket) = ask {
            self.close(Key::own(ticket.order), OrderStatus::Expired, None);
        }
    }

    fn close(&mut self, key: Key, status: OrderStatus, refusal: Option<Refusal>) -> NewsKind {
        if let Some(place) = self.open.remove(&key) {
            let order = &mut self.orders[place];
            (order.status, order.refusal) = (status, refusal);
            if order.kind == OrderKind::Market {
                self.on_their_way[order.market] -= order.side.sign() * (order.size - order.filled);
            }
        }
        if status == OrderStatus::Refused { NewsKind::Rejected } else { NewsKind::Cancelled }
    }
}
