//! How bars meet orders: what `bars` means.
//!
//! A bar shows its open, how far it went, and its close, and not the way between. At the open everything that the gap reached
//! fills there. Within the bar each order fills at its own price; a stop before a take, because nobody knows which came first.

use gbc_core::Nanos;
use gbc_core::orders::InForce;
use gbc_portfolio::{FillReason, Side};

use crate::floor::{Floor, Met, Purse, Working};
use crate::message::{Happened, Key, Part};
use crate::{BarRules, OrderKind, Refusal};

/// Orders in one market of bars.
#[derive(Clone, Debug, PartialEq)]
pub struct BarFloor {
    /// What is there.
    pub floor: Floor,
    rules: BarRules,
    /// The last bar's end and its close.
    last: Option<(Nanos, i64)>,
    /// When the bar at hand opened: who came later has not seen all of it.
    opened: Nanos,
}

/// What is known of a bar beyond its open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Its highest price.
    pub high: i64,
    /// Its lowest price.
    pub low: i64,
    /// Its last price.
    pub close: i64,
    /// When it ended.
    pub end: Nanos,
}

impl BarFloor {
    /// By these rules.
    pub fn new(floor: Floor, rules: BarRules) -> BarFloor {
        BarFloor { floor, rules, last: None, opened: Nanos::MIN }
    }

    /// A new order is there, or one that moved.
    pub fn arrive(&mut self, index: usize, at: Nanos, purse: &dyn Purse) {
        let answers_close = self.last.filter(|(end, _)| self.rules.market_at_close && at == *end);
        let order = &self.floor.orders[index];
        if order.kind == OrderKind::Market {
            if let Some((_, close)) = answers_close {
                self.meet(order.key, close, FillReason::Close, false, at, purse);
            }
            return;
        }
        self.floor.accept(index, at);
    }

    /// The bar at hand opened at this moment, and nothing of ours was there.
    pub fn opened_without_us(&mut self, at: Nanos) {
        self.opened = at;
    }

    /// A bar opens.
    pub fn open(&mut self, price: i64, at: Nanos, purse: &dyn Purse) {
        self.opened = at;
        // Who leaves goes first, then guards, then who comes: each in the order of arrival.
        let leaving = |order: &Working| order.kind == OrderKind::Market && order.closes;
        self.each(leaving, price, at, purse);
        for part in [Part::Stop, Part::Take] {
            self.each(|order| order.key.part == part && gapped(order, price), price, at, purse);
        }
        self.each(|order| !order.closes && gapped(order, price), price, at, purse);
        // Lots that came in at the open may stand beyond their stop already.
        self.each(|order| order.key.part == Part::Stop && gapped(order, price), price, at, purse);
        self.give_up_at_once(at);
    }

    fn each(&mut self, wanted: impl Fn(&Working) -> bool, price: i64, at: Nanos, purse: &dyn Purse) {
        for key in self.floor.find(wanted) {
            let maker = key.part == Part::Take || self.kind(key).is_some_and(|kind| kind.limit().is_some());
            self.meet(key, price, FillReason::Open, maker, at, purse);
        }
    }

    /// The rest of the bar is known. Its fills are stamped just before its end: they were somewhere within it.
    pub fn range(&mut self, range: Range, purse: &dyn Purse) {
        let at = Nanos(range.end.0 - 1);
        self.last = Some((range.end, range.close));
        for part in [Part::Stop, Part::Take] {
            for key in self.floor.find(|order| order.key.part == part && order.arrived <= self.opened) {
                self.meet_within(key, range, at, purse);
            }
        }
        let waits = |order: &Working| !order.closes && order.kind != OrderKind::Market;
        for key in self.floor.find(|order| waits(order) && order.arrived <= self.opened) {
            let before = self.floor.orders.len();
            if self.meet_within(key, range, at, purse) {
                self.guard_new_lots(before, range, at, purse);
            }
        }
    }

    /// Lots that came in within the bar: their stop is hit if the bar went there at all, their take only if it closed there.
    fn guard_new_lots(&mut self, before: usize, range: Range, at: Nanos, purse: &dyn Purse) {
        let fresh: Vec<Key> = self.floor.orders.iter().skip(before.saturating_sub(1)).map(|order| order.key).collect();
        for part in [Part::Stop, Part::Take] {
            for key in fresh.iter().filter(|key| key.part == part) {
                let closed = Range { high: range.close, low: range.close, ..range };
                self.meet_within(*key, if part == Part::Take { closed } else { range }, at, purse);
            }
        }
    }

    /// An order meets what lay between open and close; whether it filled.
    fn meet_within(&mut self, key: Key, range: Range, at: Nanos, purse: &dyn Purse) -> bool {
        let Some(index) = self.floor.index_of(key) else { return false };
        let order = &self.floor.orders[index];
        // The worst and the best that the bar offered a buyer or a seller.
        let (far, near) = if order.side == Side::Buy { (range.high, range.low) } else { (range.low, range.high) };
        if let (Some(trigger), false) = (order.kind.trigger(), order.triggered) {
            if !order.is_triggered_at(far) {
                return false;
            }
            let kind = order.kind.triggered();
            (self.floor.orders[index].kind, self.floor.orders[index].triggered) = (kind, true);
            if self.floor.orders[index].accepts(trigger) {
                return self.meet(key, trigger, FillReason::Stop, false, at, purse);
            }
        }
        let order = &self.floor.orders[index];
        let Some(limit) = order.kind.limit() else { return false };
        let through = order.side.sign() * (limit - near) > 0;
        let reached = through || (limit == near && self.rules.limit_on_touch);
        reached && self.meet(key, limit, FillReason::Limit, true, at, purse)
    }

    fn meet(&mut self, key: Key, price: i64, reason: FillReason, maker: bool, at: Nanos, purse: &dyn Purse) -> bool {
        let Some(index) = self.floor.index_of(key) else { return false };
        let at = at.max(self.floor.orders[index].arrived);
        if self.floor.open_at(index, price, purse) == 0 {
            // A share of nothing, or a share that is held already.
            self.floor.drop(index, at, Happened::Refused(Refusal::NothingLeft));
            return false;
        }
        self.floor.fill(index, Met { price, most: i64::MAX, reason, maker, at }, purse) > 0
    }

    /// What had to fill at once and met an open without filling goes.
    fn give_up_at_once(&mut self, at: Nanos) {
        let at_once = |order: &Working| matches!(order.in_force, InForce::Ioc | InForce::Fok);
        while let Some(index) = self.floor.orders.iter().position(at_once) {
            self.floor.drop(index, at, Happened::Expired);
        }
    }

    fn kind(&self, key: Key) -> Option<OrderKind> {
        self.floor.index_of(key).map(|index| self.floor.orders[index].kind)
    }
}

/// Whether an order fills at a bar's open.
fn gapped(order: &Working, open: i64) -> bool {
    match order.kind {
        OrderKind::Market => true,
        OrderKind::Limit { .. } => order.accepts(open),
        OrderKind::Stop { .. } => order.is_triggered_at(open),
        OrderKind::StopLimit { .. } => order.is_triggered_at(open) && order.accepts(open),
    }
}
