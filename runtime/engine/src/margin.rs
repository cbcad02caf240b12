//! Margin calls: an account that has less than its lots require is sold out by the exchange.
//!
//! It is looked at after each row that a mark may come from. What closes its lots is there at once, whatever the latency
//! is: the exchange sends it. From there on such an order is a market order like any other.

use gbc_core::time::{DAY, date_of};
use gbc_core::{MarketId, Money, Nanos};
use gbc_exec::margin::closing;
use gbc_exec::{Ask, Bracket, Holding, Margin, OrderKind, OrderStatus, Request, Ticket};
use gbc_portfolio::Side;
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::desk::Desk;

/// What a run knows of margin.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct MarginDesk {
    /// The rules, if there are any.
    pub rules: Option<Margin>,
    /// How often the account fell short.
    pub calls: usize,
    first: Option<Call>,
    /// The orders of the last call.
    closing: Vec<u64>,
}

/// The account falls short.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Call {
    at: Nanos,
    equity: Money,
    required: Money,
}

impl MarginDesk {
    pub fn new(rules: Option<Margin>) -> MarginDesk {
        MarginDesk { rules, calls: 0, first: None, closing: Vec::new() }
    }

    /// What somebody has to know of a run with calls.
    pub fn notes(&self) -> Vec<String> {
        let told = |Call { at, equity, required }: Call| {
            let (year, month, day) = date_of(at.0.div_euclid(DAY));
            let calls =
                if self.calls == 1 { "one margin call".to_owned() } else { format!("{} margin calls", self.calls) };
            let (equity, required) = (equity.to_f64(), required.to_f64());
            format!(
                "{calls}: on {year}-{month:02}-{day:02} the account had {equity:.2} where its lots required {required:.2}, \
                 and all of them were closed"
            )
        };
        self.first.map(told).into_iter().collect()
    }
}

impl Desk {
    /// Whether any row may call for margin: something is held, or has been filled unheard.
    pub fn owes_margin(&self) -> bool {
        let held = || self.portfolio.positions.iter().any(|position| position.steps != 0);
        self.margin.rules.is_some() && (held() || self.gateway.unheard().next().is_some())
    }

    /// Whether the account has less than its lots require, and what there is to close can be closed.
    pub fn falls_short(&self, at: Nanos) -> Option<Call> {
        let rules = self.margin.rules.filter(|_| self.owes_margin())?;
        let pending = |order: &u64| self.ledger.orders[*order as usize - 1].status == OrderStatus::Pending;
        if self.margin.closing.iter().any(pending) || self.holdings().is_empty() {
            return None;
        }
        let account =
            Account { portfolio: &self.portfolio, marks: &self.marks, gateway: &self.gateway, margin: Some(rules) };
        let (cash, steps) = account.truth(&[]);
        let mark = |market: MarketId| self.marks[market];
        let equity = cash + account.worth(&steps, mark);
        let required = account.required(&steps, mark, rules.maintenance);
        (equity < required).then_some(Call { at, equity, required })
    }

    /// All lots that a market order can close now.
    fn holdings(&self) -> Vec<(MarketId, Holding)> {
        let somebody = |market: MarketId, side: Side| {
            let [bid, ask] = self.exchange.best(market);
            let other = if side == Side::Buy { bid } else { ask };
            self.exchange.meets_bars(market) || other.is_some()
        };
        let of = |market: MarketId| self.exchange.floor(market).holdings().into_iter().map(move |it| (market, it));
        (0..self.marks.len()).flat_map(of).filter(|(market, (_, side, _))| somebody(*market, *side)).collect()
    }

    /// Takes back what might open lots, and closes those that are there.
    pub fn close_for_margin(&mut self, call: Call) {
        self.margin.calls += 1;
        self.margin.first.get_or_insert(call);
        self.margin.closing.clear();
        for market in 0..self.marks.len() {
            self.exchange.take_back(market, call.at);
        }
        self.collect(call.at);
        for (market, holding) in self.holdings() {
            self.close(market, holding, call.at);
        }
    }

    fn close(&mut self, market: MarketId, holding: Holding, at: Nanos) {
        let (group, side, _) = holding;
        let order = self.ledger.next_id();
        let ticket = Ticket {
            order,
            market,
            side: side.opposite(),
            kind: OrderKind::Market,
            size: closing(holding),
            in_force: Default::default(),
            until: Nanos::MAX,
            post_only: false,
            group,
            cap: None,
            bracket: Bracket::default(),
        };
        self.ledger.send(&ticket, at);
        self.margin.closing.push(order);
        self.view.markets[market].orders += 1;
        self.journal.placed(at, &self.ledger.orders[order as usize - 1]);
        let account = Account {
            portfolio: &self.portfolio,
            marks: &self.marks,
            gateway: &self.gateway,
            margin: self.margin.rules,
        };
        self.exchange.arrive(&Request { at, market, ask: Ask::New(ticket) }, &account);
        self.collect(at);
    }
}
