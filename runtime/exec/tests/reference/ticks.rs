//! How best quotes and trades meet orders, plainly: `strict`, risk-averse.

use gbc_core::orders::InForce;
use gbc_exec::{Ask, Happened, Key, OrderKind, Refusal, Slippage};
use gbc_portfolio::{FillReason, Side};

use super::simulator::{Deal, Ours, Simulator, no_worse};

/// Best bid and best ask, each a price and a size.
pub type Best = [Option<(i64, i64)>; 2];

/// An exchange that knows best quotes and trades.
#[derive(Default)]
pub struct Ticks {
    pub sim: Simulator,
    best: Best,
    taken: [i64; 2],
    trades_seen: bool,
    whole: bool,
}

fn own(side: Side) -> usize {
    if side == Side::Buy { 0 } else { 1 }
}

fn other(side: Side) -> usize {
    1 - own(side)
}

impl Ticks {
    pub fn new(whole: bool, slippage: Slippage) -> Ticks {
        Ticks { whole, sim: Simulator { slippage, ..Simulator::default() }, ..Ticks::default() }
    }

    pub fn best(&self) -> Best {
        self.best
    }

    pub fn arrive(&mut self, ask: &Ask, at: i64) {
        match ask {
            Ask::New(ticket) => {
                if self.sim.admit(ticket, at) {
                    let key = Key::own(ticket.order);
                    if !self.sim.get(key).waits_for_trigger() && !self.come(key, at) {
                        return;
                    }
                    self.sim.accepted(key, at);
                }
            }
            ask => {
                let Some(key) = self.sim.change(ask, at) else { return };
                let order = *self.sim.get(key);
                if order.post_only && self.reaches(&order) {
                    return self.sim.gone(key, at, Happened::Refused(Refusal::WouldTake));
                }
                self.sim.accepted(key, at);
                if !order.waits_for_trigger() {
                    self.come(key, at);
                }
            }
        }
    }

    /// An order comes to the market; whether it is still there afterwards.
    fn come(&mut self, key: Key, at: i64) -> bool {
        let order = *self.sim.get(key);
        let nobody = self.best[other(order.side)].is_none();
        let patient = order.fired || order.closes;
        let refusal = if order.kind == OrderKind::Market && nobody && !patient {
            Some(Refusal::EmptySide)
        } else if order.post_only && self.reaches(&order) {
            Some(Refusal::WouldTake)
        } else if order.in_force == InForce::Fok && !self.covers(key) {
            Some(Refusal::NotWhole)
        } else {
            None
        };
        if let Some(refusal) = refusal {
            self.sim.gone(key, at, Happened::Refused(refusal));
            return false;
        }
        self.take(key, None, at);
        if self.sim.find(key).is_none() {
            return false;
        }
        if order.at_once() {
            self.sim.gone(key, at, Happened::Cancelled);
            return false;
        }
        self.join(key);
        true
    }

    fn join(&mut self, key: Key) {
        let order = *self.sim.get(key);
        let OrderKind::Limit { price } = order.kind else { return };
        self.sim.get(key).ahead = match self.best[own(order.side)] {
            Some((best, shown)) if best == price => Some(shown),
            Some((best, _)) if no_worse(order.side, price, best) => None,
            _ => Some(0),
        };
    }

    fn reaches(&self, order: &Ours) -> bool {
        !order.waits_for_trigger() && self.best[other(order.side)].is_some_and(|(price, _)| order.accepts(price))
    }

    fn there_is(&self, side: Side) -> i64 {
        match self.best[other(side)] {
            None => 0,
            Some(_) if self.whole => i64::MAX,
            Some((_, shown)) => shown - self.taken[other(side)],
        }
    }

    fn covers(&mut self, key: Key) -> bool {
        let size = self.sim.settle_size(key);
        let order = *self.sim.get(key);
        self.reaches(&order) && size <= self.there_is(order.side)
    }

    /// Takes from the other side if it is near enough; who rested at `rested` is met there.
    fn take(&mut self, key: Key, rested: Option<i64>, at: i64) {
        let order = *self.sim.get(key);
        if !self.reaches(&order) {
            return;
        }
        if self.sim.settle_size(key) == 0 {
            return self.sim.gone(key, at, Happened::Refused(Refusal::NothingLeft));
        }
        let side = self.sim.get(key).side;
        let Some((best, _)) = self.best[other(side)] else {
            return self.sim.gone(key, at, Happened::Refused(Refusal::EmptySide));
        };
        let most = self.there_is(side);
        let (price, reason) = rested.map_or((best, FillReason::Touch), |price| (price, FillReason::Crossed));
        let maker = rested.is_some();
        let before: i64 = self.taken[other(side)];
        let (done, fresh) = self.sim.fill(key, Deal { price, most, reason, maker, at });
        self.taken[other(side)] = before + done;
        self.guards_come(fresh, at);
    }

    fn guards_come(&mut self, fresh: Vec<Key>, at: i64) {
        for key in fresh {
            if self.sim.find(key).is_some_and(|guard| !guard.waits_for_trigger()) {
                self.come(key, at);
            }
        }
    }

    /// Buys before sells; market orders first, then better limits, then earlier ones.
    fn line(&self, side: Side) -> Vec<Key> {
        let mut line: Vec<Ours> = self.sim.orders.clone();
        line.retain(|order| order.side == side && !order.waits_for_trigger());
        line.sort_by_key(|order| match (order.kind, side) {
            (OrderKind::Limit { price }, Side::Buy) => -price,
            (OrderKind::Limit { price }, Side::Sell) => price,
            _ => i64::MIN,
        });
        line.iter().map(|order| order.key).collect()
    }

    fn fire(&mut self, side: Side, price: i64, at: i64) {
        for key in self.sim.keys(|order| order.side == side && order.fires_at(price)) {
            if self.sim.find(key).is_some() {
                self.sim.get(key).fire();
                self.come(key, at);
            }
        }
    }

    pub fn quote(&mut self, best: Best, at: i64) {
        let before = std::mem::replace(&mut self.best, best);
        for side in [Side::Buy, Side::Sell] {
            if before[own(side)] != best[own(side)] {
                self.taken[own(side)] = 0;
                self.line_moves(side, best[own(side)]);
            }
        }
        if !self.trades_seen {
            for side in [Side::Buy, Side::Sell] {
                if let Some((price, _)) = self.best[other(side)] {
                    self.fire(side, price, at);
                }
            }
        }
        for side in [Side::Buy, Side::Sell] {
            for key in self.line(side) {
                if let Some(order) = self.sim.find(key) {
                    let rested = if let OrderKind::Limit { price } = order.kind { Some(price) } else { None };
                    self.take(key, rested, at);
                }
            }
        }
    }

    fn line_moves(&mut self, side: Side, best: Option<(i64, i64)>) {
        for order in self.sim.orders.iter_mut().filter(|order| order.side == side) {
            let OrderKind::Limit { price } = order.kind else { continue };
            match best {
                None => order.ahead = Some(0),
                Some((best, shown)) if best == price => {
                    order.ahead = Some(order.ahead.map_or(shown, |ahead| ahead.min(shown)));
                }
                Some((best, _)) if no_worse(side, best, price) => order.ahead = Some(0),
                Some(_) => {}
            }
        }
    }

    /// `who` took: 1 a buyer, -1 a seller, 0 not told.
    pub fn trade(&mut self, price: i64, size: i64, who: i64, at: i64) {
        self.trades_seen = true;
        let who = match (who, self.best) {
            (0, [_, Some((ask, _))]) if price >= ask => 1,
            (0, [Some((bid, _)), _]) if price <= bid => -1,
            _ => who,
        };
        for side in [Side::Buy, Side::Sell] {
            let mut left = size;
            for key in self.line(side) {
                let Some(order) = self.sim.find(key) else { continue };
                let OrderKind::Limit { price: limit } = order.kind else { continue };
                let (most, reason) = if price == limit && who == if side == Side::Buy { -1 } else { 1 } {
                    let Some(ahead) = order.ahead else { continue };
                    self.sim.get(key).ahead = Some((ahead - size).max(0));
                    // Those ahead were served, and so were ours before this one.
                    ((size - ahead - (size - left)).max(0), FillReason::Queue)
                } else if no_worse(side, price, limit) && price != limit {
                    self.sim.get(key).ahead = Some(0);
                    (left, FillReason::Through)
                } else {
                    continue;
                };
                let (done, fresh) = self.sim.fill(key, Deal { price: limit, most, reason, maker: true, at });
                left -= done;
                self.guards_come(fresh, at);
            }
        }
        for side in [Side::Buy, Side::Sell] {
            self.fire(side, price, at);
        }
    }
}
