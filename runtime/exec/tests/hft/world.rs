//! Two readings of one feed, the exchange's and ours, with requests and answers on their way between them.

use std::collections::BTreeMap;

use gbc_core::orders::{InForce, Unit};
use gbc_core::{Column, MarketId, NA, Nanos};
use gbc_exec::{
    Answer, Ask, Bracket, Exchange, Gateway, Happened, Key, Latency, Odds, OrderKind, Purse, Refusal, Size, Ticket,
};
use gbc_portfolio::Side;

use crate::feed::Feed;

/// An order as we know it.
#[derive(Clone, Debug)]
pub struct Known {
    pub buys: bool,
    pub tick: i64,
    pub status: &'static str,
    pub req: &'static str,
    pub exch_ts: i64,
    pub local_ts: i64,
    pub exec_tick: i64,
    pub maker: bool,
}

/// What money depends on.
pub struct Terms {
    pub tick_size: f64,
    pub lot_size: f64,
    pub contract_size: f64,
    pub fee_by_value: bool,
    pub fees: [f64; 2],
}

pub struct World<'a> {
    feed: &'a Feed,
    next: [usize; 2],
    exchange: Exchange,
    gateway: Gateway,
    terms: Terms,
    pub clock: i64,
    pub orders: BTreeMap<u64, Known>,
    pub position: f64,
    pub balance: f64,
    pub fee: f64,
}

/// Nobody here asks for a share of an account.
struct NoPurse;

impl Purse for NoPurse {
    fn wanted(&self, _: MarketId, _: Unit, _: f64, _: i64) -> i64 {
        0
    }

    fn more(&self, _: MarketId, _: Unit, _: f64, _: i64, _: &[Answer]) -> i64 {
        0
    }
}

/// At equal times in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    LocalRow,
    Answer,
    ExchangeRow,
    Request,
}

impl<'a> World<'a> {
    pub fn new(feed: &'a Feed, exchange: Exchange, latency: Latency, terms: Terms) -> World<'a> {
        let gateway = Gateway::new(latency, Odds::default());
        let orders = BTreeMap::new();
        let (position, balance, fee) = (0.0, 0.0, 0.0);
        World { feed, next: [0; 2], exchange, gateway, terms, clock: feed.start, orders, position, balance, fee }
    }

    /// Lets time pass; `false` once nothing is left to happen.
    pub fn elapse(&mut self, span: i64) -> bool {
        let until = self.clock + span;
        loop {
            let Some((at, turn)) = self.upcoming() else { return false };
            if at > until {
                self.clock = until;
                return true;
            }
            match turn {
                Turn::LocalRow => self.next[1] += 1,
                Turn::Answer => self.hear(),
                Turn::ExchangeRow => {
                    self.exchange.tick(&self.feed.exch, self.next[0], Nanos(at), [None; 2], &NoPurse);
                    self.next[0] += 1;
                    self.reply(at);
                }
                Turn::Request => {
                    let request = self.gateway.take_request().expect("it was announced");
                    self.exchange.arrive(&request, &NoPurse);
                    self.reply(at);
                }
            }
        }
    }

    fn upcoming(&self) -> Option<(i64, Turn)> {
        let all = [
            (self.feed.local.time.get(self.next[1]).copied(), Turn::LocalRow),
            (self.gateway.next_answer().map(|at| at.0), Turn::Answer),
            (self.feed.exch.time.get(self.next[0]).copied(), Turn::ExchangeRow),
            (self.gateway.next_request().map(|at| at.0), Turn::Request),
        ];
        all.into_iter().filter_map(|(at, turn)| Some((at?, turn))).min()
    }

    /// What the exchange said goes on its way.
    fn reply(&mut self, now: i64) {
        for answer in self.exchange.take_answers() {
            self.gateway.answer(Nanos(now), answer);
        }
    }

    fn ask(&mut self, ask: Ask) {
        self.gateway.ask(Nanos(self.clock), 0, ask);
    }

    /// Best bid and ask as we see them, while there are both.
    pub fn best(&self) -> Option<(i64, i64)> {
        let row = self.next[1].checked_sub(1)?;
        let [bid, ask] = [Column::BidPx, Column::AskPx].map(|column| self.feed.local.value(column, row));
        (bid != NA && ask != NA).then_some((bid, ask))
    }

    pub fn send(&mut self, order: u64, buys: bool, tick: i64, kind: OrderKind, lots: f64, in_force: (InForce, bool)) {
        let steps = (lots / self.terms.lot_size).round() as i64;
        let (in_force, post_only) = in_force;
        let side = if buys { Side::Buy } else { Side::Sell };
        self.ask(Ask::New(Ticket {
            order,
            market: 0,
            side,
            kind,
            size: Size::Steps(steps),
            in_force,
            until: Nanos::MAX,
            post_only,
            group: None,
            cap: None,
            bracket: Bracket::default(),
        }));
        let local_ts = self.clock;
        let known = Known { buys, tick, status: "none", req: "new", exch_ts: 0, local_ts, exec_tick: 0, maker: false };
        self.orders.insert(order, known);
    }

    pub fn cancel(&mut self, order: u64) {
        self.ask(Ask::Cancel(Key::own(order)));
        let known = self.orders.get_mut(&order).expect("who cancels knows the order");
        (known.req, known.local_ts) = ("canceled", self.clock);
    }

    fn hear(&mut self) {
        let (_, answer) = self.gateway.take_answer().expect("it was announced");
        let Answer { at, key, what, .. } = answer;
        if let Happened::Filled { side, price, size, maker, .. } = what {
            self.book(side, price, size, maker);
        }
        let Some(known) = self.orders.get_mut(&key.order) else { return };
        match what {
            // The order is as it was; only what was asked of it is off.
            Happened::Refused(Refusal::TooLate) => return known.req = "none",
            Happened::Accepted { .. } => (known.status, known.req) = ("new", "none"),
            Happened::Cancelled if known.req == "canceled" => (known.status, known.req) = ("canceled", "none"),
            Happened::Cancelled | Happened::Expired | Happened::Refused(_) => {
                (known.status, known.req) = ("expired", "none");
            }
            Happened::Filled { price, maker, .. } => {
                (known.status, known.exec_tick, known.maker) = ("filled", price, maker);
                if !maker {
                    known.req = "none";
                }
            }
        }
        known.exch_ts = at.0;
    }

    fn book(&mut self, side: Side, price: i64, steps: i64, maker: bool) {
        let terms = &self.terms;
        let lots = steps as f64 * terms.lot_size;
        let value = price as f64 * terms.tick_size * lots * terms.contract_size;
        let sign = side.sign() as f64;
        self.position += sign * lots;
        self.balance -= sign * value;
        self.fee += terms.fees[usize::from(!maker)] * if terms.fee_by_value { value } else { lots };
    }
}
