//! How bars meet orders: what `bars` means.
//!
//! A bar shows its open, how far it went, and its close, and not the way between. At the open everything that the gap reached
//! fills there. Within the bar each order fills at its own price; a stop before a take, because nobody knows which came first.

use gbc_core::Nanos;
use gbc_core::orders::InForce;
use gbc_portfolio::{FillReason, Side};
use serde::{Deserialize, Serialize};

use crate::floor::{Floor, Met};
use crate::message::{Happened, Key};
use crate::working::Working;
use crate::{BarRules, OrderKind, Purse, Refusal};

/// Orders in one market of bars.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    pub fn arrive(&mut self, index: usize, is_new: bool, at: Nanos, purse: &dyn Purse) {
        let answers_close = self.last.filter(|(end, _)| self.rules.market_at_close && at == *end);
        let (key, kind) = (self.floor.orders[index].key, self.floor.orders[index].kind);
        if !is_new || kind != OrderKind::Market {
            self.floor.accept(index, at);
        }
        if let (OrderKind::Market, Some((_, close))) = (kind, answers_close) {
            self.meet(key, close, FillReason::Close, false, at, purse);
        }
    }

    /// The bar at hand opened at this moment, and nothing of ours was there.
    pub fn opened_without_us(&mut self, at: Nanos) {
        self.opened = at;
    }

    /// A bar ended at this price.
    pub fn closed(&mut self, end: Nanos, close: i64) {
        self.last = Some((end, close));
    }

    /// A bar opens.
    pub fn open(&mut self, price: i64, at: Nanos, purse: &dyn Purse) {
        self.opened = at;
        // Who leaves goes first, then guards, then who comes: each in the order of arrival.
        self.each(|order| order.closes && order.kind == OrderKind::Market, price, at, purse);
        self.guards_at_open(price, at, purse);
        self.each(|order| !order.closes, price, at, purse);
        // Lots that came in at the open may stand beyond their stop or their take already.
        self.guards_at_open(price, at, purse);
        // Who was called at the open and accepts nothing that bad rests from now on.
        for order in self.floor.orders.iter_mut().filter(|order| order.is_triggered_at(price)) {
            (order.kind, order.triggered) = (order.kind.triggered(), true);
        }
        for key in self.floor.find(|order| order.kind.trigger().is_none()) {
            self.give_up_at_once(key, at);
        }
    }

    fn guards_at_open(&mut self, price: i64, at: Nanos, purse: &dyn Purse) {
        self.each(|order| order.closes && order.kind.trigger().is_some(), price, at, purse);
        self.each(|order| order.closes && order.rests(), price, at, purse);
    }

    /// All of a sort that an open reaches fill there.
    fn each(&mut self, wanted: impl Fn(&Working) -> bool, price: i64, at: Nanos, purse: &dyn Purse) {
        let reached = |order: &Working| match order.kind {
            OrderKind::Market => true,
            OrderKind::Limit { .. } => self.touches(order, price),
            OrderKind::Stop { .. } | OrderKind::StopLimit { .. } => {
                order.is_triggered_at(price) && order.accepts(price)
            }
        };
        for key in self.floor.find(|order| wanted(order) && reached(order)) {
            let maker = self.floor.index_of(key).is_some_and(|index| self.floor.orders[index].rests());
            self.meet(key, price, FillReason::Open, maker, at, purse);
        }
    }

    /// The rest of the bar is known. Its fills are stamped just before its end: they were somewhere within it.
    pub fn range(&mut self, range: Range, purse: &dyn Purse) {
        let at = Nanos(range.end.0 - 1);
        self.closed(range.end, range.close);
        let (opened, is_stop) = (self.opened, |order: &Working| order.kind.trigger().is_some());
        let there = |order: &Working| order.kind != OrderKind::Market && order.arrived <= opened;
        let [stops, takes, others] = [
            self.floor.find(|order| order.closes && there(order) && is_stop(order)),
            self.floor.find(|order| order.closes && there(order) && !is_stop(order)),
            self.floor.find(|order| !order.closes && there(order)),
        ];
        for key in stops.into_iter().chain(takes).chain(others) {
            if let Some(entry) = self.meet_within(key, range, at, purse) {
                self.guard_new_lots(entry, range, at, purse);
            }
        }
    }

    /// Lots that came in within the bar: their stop is hit if the bar went there at all, their take only if it closed there.
    /// Neither gets more than was to be had when the lots came in.
    fn guard_new_lots(&mut self, entry: i64, range: Range, at: Nanos, purse: &dyn Purse) {
        for key in std::mem::take(&mut self.floor.born) {
            let Some(index) = self.floor.index_of(key) else { continue };
            let order = &self.floor.orders[index];
            let far = if order.side == Side::Buy { range.high } else { range.low };
            let dearer = |a: i64, b: i64| if order.side == Side::Buy { a.max(b) } else { a.min(b) };
            match order.kind {
                OrderKind::Stop { trigger } if order.is_triggered_at(far) => {
                    let price = dearer(trigger, entry);
                    self.meet(key, price, FillReason::Stop, false, at, purse);
                }
                OrderKind::Limit { price } if self.touches(order, range.close) => {
                    let price = price + entry - dearer(price, entry);
                    self.meet(key, price, FillReason::Limit, true, at, purse);
                }
                _ => {}
            }
        }
    }

    /// An order meets what lay between open and close; the price if it filled.
    fn meet_within(&mut self, key: Key, range: Range, at: Nanos, purse: &dyn Purse) -> Option<i64> {
        let index = self.floor.index_of(key)?;
        let order = &mut self.floor.orders[index];
        // The worst and the best that the bar offered a buyer or a seller.
        let (far, near) = if order.side == Side::Buy { (range.high, range.low) } else { (range.low, range.high) };
        let Some(trigger) = order.kind.trigger() else {
            let order = &self.floor.orders[index];
            let limit = order.kind.limit().filter(|_| self.touches(order, near))?;
            return self.meet(key, limit, FillReason::Limit, true, at, purse);
        };
        if !order.is_triggered_at(far) {
            return None;
        }
        (order.kind, order.triggered) = (order.kind.triggered(), true);
        if order.accepts(trigger) {
            return self.meet(key, trigger, FillReason::Stop, false, at, purse);
        }
        if self.give_up_at_once(key, at) {
            return None;
        }
        // The way to the trigger may have led past the limit: only the close was surely later.
        let order = &self.floor.orders[index];
        let limit = order.kind.limit().filter(|_| self.touches(order, range.close))?;
        self.meet(key, limit, FillReason::Limit, true, at, purse)
    }

    /// Whether a price fills a limit order.
    fn touches(&self, order: &Working, price: i64) -> bool {
        order.accepts(price) && (self.rules.limit_on_touch || order.kind.limit() != Some(price))
    }

    fn meet(
        &mut self,
        key: Key,
        price: i64,
        reason: FillReason,
        maker: bool,
        at: Nanos,
        purse: &dyn Purse,
    ) -> Option<i64> {
        let index = self.floor.index_of(key)?;
        let at = at.max(self.floor.orders[index].arrived);
        if self.floor.open_at(index, price, purse) == 0 {
            // A share of nothing, or a share that is held already.
            self.floor.drop(index, at, Happened::Refused(Refusal::NothingLeft));
            return None;
        }
        let met = Met { price, most: i64::MAX, reason, maker, at };
        (self.floor.fill(index, met, purse) > 0).then_some(price)
    }

    /// What had to fill at once and did not goes; whether it did.
    fn give_up_at_once(&mut self, key: Key, at: Nanos) -> bool {
        let Some(index) = self.floor.index_of(key) else { return false };
        let what = match self.floor.orders[index].in_force {
            InForce::Ioc => Happened::Cancelled,
            InForce::Fok => Happened::Refused(Refusal::NotWhole),
            InForce::Gtc | InForce::Day => return false,
        };
        self.floor.drop(index, at, what);
        true
    }
}
