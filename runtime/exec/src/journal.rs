//! The journal: every message of every order, so that somebody can ask later why it filled or did not.
//!
//! It only listens. Nothing that happens depends on it, and it keeps no more than `MOST_ENTRIES`.

use std::collections::{BTreeMap, VecDeque};

use gbc_core::{MarketId, Nanos};
use gbc_portfolio::{FillReason, Side};
use serde::{Deserialize, Serialize};

use crate::message::{Answer, Ask, Happened, Key, Part, Request};
use crate::{Exchange, Ledger, Order, OrderKind, Refusal};

/// Enough for any story that a person reads; a run that trades more keeps its beginning.
pub const MOST_ENTRIES: usize = 1_000_000;

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// A new order went off.
    Sent,
    /// A limit of ours kept it back.
    HeldBack,
    /// A cancel went off.
    AskedCancel,
    /// A change went off.
    AskedMove,
    /// A new order reached the exchange.
    Arrived,
    /// A cancel reached the exchange.
    CancelArrived,
    /// A change reached the exchange.
    MoveArrived,
    /// It rests.
    Accepted,
    /// A part of it was done.
    Filled,
    /// It was taken back.
    Cancelled,
    /// Its time was over.
    Expired,
    /// The exchange refused it.
    Refused,
    /// What was asked of it came too late.
    TooLate,
    /// The data ended while a message was on its way.
    Lost,
}

/// Who wanted an order: which of its kind, in the order of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// The target of this market.
    Target(MarketId),
    /// A trade, and for what.
    Trade(usize, Leg),
    /// A side of a quote.
    Quote(usize, Side),
    /// A `send`.
    Send(usize),
    /// A limit that wants nothing held.
    Limit,
    /// The exchange, because margin was missing.
    Margin,
}

/// What an order is to a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Leg {
    /// It opens it.
    Enter,
    /// It adds to it.
    Add,
    /// It closes it.
    Exit,
    /// It gives it up.
    Stop,
    /// It takes its profit.
    Take,
}

/// One message. Prices are ticks, sizes lot steps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Of which order.
    pub order: u64,
    /// What.
    pub step: Step,
    /// When it went off, arrived, or happened at the exchange.
    pub at: Nanos,
    /// When what went off arrives, or what happened was heard.
    pub then: Option<Nanos>,
    /// Its market.
    pub market: MarketId,
    /// Which way.
    pub side: Side,
    /// As what.
    pub kind: OrderKind,
    /// How much: of the order, or of the fill. 0 where that is found at the fill.
    pub size: i64,
    /// How much was open after it.
    pub left: i64,
    /// The price of a fill.
    pub price: Option<i64>,
    /// How many ticks of that are slippage.
    pub slipped: Option<i64>,
    /// How much stood ahead of it, when that was last known.
    pub ahead: Option<f64>,
    /// How much was traded at its price since it joined.
    pub traded: Option<i64>,
    /// Best bid and ask at the exchange when it arrived.
    pub best: [Option<i64>; 2],
    /// Why it was filled.
    pub reason: Option<FillReason>,
    /// Why it was refused.
    pub refusal: Option<Refusal>,
    /// Who wanted it, said when it is sent, or when a stop or a take first stands.
    pub origin: Option<Origin>,
}

/// A resting order's way through the line at its price.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Standing {
    price: i64,
    ahead: Option<f64>,
    traded: i64,
}

/// All messages of a run, and what is needed to number them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Journal {
    /// The messages, in the order in which they were known.
    pub entries: Vec<Entry>,
    standing: BTreeMap<(MarketId, Key), Standing>,
    /// The orders that requests on their way speak of.
    asked: VecDeque<u64>,
    /// The trades behind orders that opened lots: their stops and takes are born at the exchange.
    openers: BTreeMap<u64, usize>,
    /// Behind answers on their way: whether they are our own, and the place in line of which they speak.
    answered: VecDeque<(bool, Option<Standing>)>,
}

impl Entry {
    fn of(order: &Order, step: Step, at: Nanos) -> Entry {
        Entry {
            order: order.id,
            step,
            at,
            then: None,
            market: order.market,
            side: order.side,
            kind: order.kind,
            size: order.size,
            left: order.size - order.filled,
            price: None,
            slipped: None,
            ahead: None,
            traded: None,
            best: [None; 2],
            reason: None,
            refusal: None,
            origin: None,
        }
    }
}

impl Journal {
    fn add(&mut self, entry: Entry) {
        if self.entries.len() < MOST_ENTRIES {
            self.entries.push(entry);
        }
    }

    /// A request goes off, to arrive at `arrives`.
    pub fn asked(&mut self, [now, arrives]: [Nanos; 2], ask: &Ask, ledger: &Ledger, origin: Option<Origin>) {
        let number = number_of(ask, ledger);
        self.asked.push_back(number);
        if let Some(Origin::Trade(trade, Leg::Enter)) = origin {
            self.openers.insert(number, trade);
        }
        let Some(order) = order(ledger, number) else { return };
        let step = match ask {
            Ask::New(_) => Step::Sent,
            Ask::Cancel(_) => Step::AskedCancel,
            Ask::Amend { .. } | Ask::Protect { .. } => Step::AskedMove,
        };
        self.add(Entry { then: Some(arrives), origin, ..moved(Entry::of(order, step, now), ask) });
    }

    /// The exchange itself sent an order, in our name.
    pub fn placed(&mut self, now: Nanos, order: &Order) {
        let sent = Entry::of(order, Step::Sent, now);
        self.add(Entry { then: Some(now), origin: Some(Origin::Margin), ..sent });
    }

    /// A limit of ours kept an order back, and says so.
    pub fn held_back(&mut self, now: Nanos, order: &Order) {
        self.answered.push_back((true, None));
        self.add(Entry { refusal: order.refusal, ..Entry::of(order, Step::HeldBack, now) });
    }

    /// A request arrives, where `best` is shown.
    pub fn arrived(&mut self, request: &Request, best: [Option<i64>; 2], ledger: &Ledger) {
        let Some(order) = self.asked.pop_front().and_then(|number| order(ledger, number)) else { return };
        let step = match request.ask {
            Ask::New(_) => Step::Arrived,
            Ask::Cancel(_) => Step::CancelArrived,
            Ask::Amend { .. } | Ask::Protect { .. } => Step::MoveArrived,
        };
        self.add(Entry { best, ..moved(Entry::of(order, step, request.at), &request.ask) });
    }

    /// The data ended before a request arrived.
    pub fn lost(&mut self, at: Nanos, ledger: &Ledger) {
        let Some(order) = self.asked.pop_front().and_then(|number| order(ledger, number)) else { return };
        self.add(Entry::of(order, Step::Lost, at));
    }

    /// A row is about to meet what rests in a market; `trade` is its price and size, if it is one.
    pub fn watch(&mut self, exchange: &Exchange, market: MarketId, trade: Option<(i64, i64)>) {
        for working in &exchange.floor(market).orders {
            let OrderKind::Limit { price } = working.kind else { continue };
            let fresh = Standing { price, ahead: working.place.ahead, traded: 0 };
            let standing = self.standing.entry((market, working.key)).or_insert(fresh);
            if standing.price != price {
                *standing = fresh;
            }
            standing.ahead = working.place.ahead;
            standing.traded += trade.filter(|(at, _)| *at == price).map_or(0, |(_, size)| size);
        }
    }

    /// The exchange said something; we hear of it later.
    pub fn answered(&mut self, exchange: &Exchange, answer: &Answer) {
        let (floor, place) = (exchange.floor(answer.market), (answer.market, answer.key));
        let known = self.standing.get(&place).copied();
        let working = floor.index_of(answer.key).map(|index| &floor.orders[index]);
        let said = match (answer.what, working) {
            (Happened::Accepted { kind: OrderKind::Limit { price }, .. }, Some(working)) => {
                Some(Standing { price, ahead: working.place.ahead, traded: 0 })
            }
            _ => known,
        };
        if working.is_none() {
            self.standing.remove(&place);
        }
        self.answered.push_back((false, said));
    }

    /// We hear of it, as news of the order `told`.
    pub fn heard(&mut self, heard: Nanos, answer: &Answer, told: Option<u64>, ledger: &Ledger) {
        let Some((false, line)) = self.answered.pop_front() else { return };
        let number = told.unwrap_or_else(|| number_of_key(answer.key, ledger));
        let Some(order) = order(ledger, number) else { return };
        let mut entry = Entry { then: Some(heard), ..Entry::of(order, Step::Accepted, answer.at) };
        match answer.what {
            Happened::Accepted { .. } => entry.origin = self.guard(answer.key, order),
            Happened::Filled { price, slipped, size, left, reason, side, .. } => {
                entry = Entry { step: Step::Filled, size, left, reason: Some(reason), side, ..entry };
                (entry.price, entry.slipped) = (Some(price), Some(slipped).filter(|ticks| *ticks > 0));
            }
            Happened::Cancelled => entry.step = Step::Cancelled,
            Happened::Expired => entry.step = Step::Expired,
            Happened::Refused(Refusal::TooLate) => entry.step = Step::TooLate,
            Happened::Refused(refusal) => (entry.step, entry.refusal) = (Step::Refused, Some(refusal)),
        }
        (entry.ahead, entry.traded) = (line.and_then(|line| line.ahead), line.map(|line| line.traded));
        self.add(entry);
    }

    /// Who wanted a stop or a take.
    fn guard(&self, key: Key, order: &Order) -> Option<Origin> {
        let leg = match key.part {
            Part::Own => return None,
            Part::Stop => Leg::Stop,
            Part::Take => Leg::Take,
        };
        Some(Origin::Trade(*self.openers.get(&order.parent?)?, leg))
    }
}

/// A change speaks of what it wants, not of what was.
fn moved(entry: Entry, ask: &Ask) -> Entry {
    match *ask {
        Ask::Amend { kind, size, .. } => Entry { kind, size: size.unwrap_or(entry.size), ..entry },
        Ask::Protect { part: Part::Stop, price: Some(trigger), .. } => {
            Entry { kind: OrderKind::Stop { trigger }, ..entry }
        }
        Ask::Protect { part: Part::Take, price: Some(price), .. } => {
            Entry { kind: OrderKind::Limit { price }, ..entry }
        }
        _ => entry,
    }
}

fn number_of(ask: &Ask, ledger: &Ledger) -> u64 {
    let key = match *ask {
        Ask::New(ticket) => return ticket.order,
        Ask::Cancel(key) | Ask::Amend { key, .. } => key,
        Ask::Protect { group, part, .. } => Key { order: group, part },
    };
    number_of_key(key, ledger)
}

/// The number of an order; 0 for a stop or a take that we have not heard of, which has none yet.
fn number_of_key(key: Key, ledger: &Ledger) -> u64 {
    let own = if key.part == Part::Own { key.order } else { 0 };
    ledger.get(key).map_or(own, |order| order.id)
}

fn order(ledger: &Ledger, number: u64) -> Option<&Order> {
    ledger.orders.get(usize::try_from(number).ok()?.checked_sub(1)?)
}
