//! How bars meet orders, plainly.

use gbc_exec::{Ask, BarRules, Happened, Key, OrderKind, Part, Refusal, Slippage};
use gbc_portfolio::{FillReason, Side};

use super::simulator::{Deal, Ours, Simulator, no_worse};

/// An exchange that knows bars only.
pub struct Bars {
    pub sim: Simulator,
    rules: BarRules,
    opened: i64,
    last: Option<(i64, i64)>,
}

/// Open, high, low, close.
pub type Ohlc = [i64; 4];

impl Bars {
    pub fn new(rules: BarRules, slippage: Slippage) -> Bars {
        Bars { sim: Simulator { slippage, ..Simulator::default() }, rules, opened: i64::MIN, last: None }
    }

    pub fn arrive(&mut self, ask: &Ask, at: i64) {
        let (key, is_new) = match ask {
            Ask::New(ticket) if self.sim.admit(ticket, at) => (Key::own(ticket.order), true),
            Ask::New(_) => return,
            ask => match self.sim.change(ask, at) {
                Some(key) => (key, false),
                None => return,
            },
        };
        let market = self.sim.get(key).kind == OrderKind::Market;
        if !(is_new && market) {
            self.sim.accepted(key, at);
        }
        if let (true, true, Some((end, close))) = (market, self.rules.market_at_close, self.last)
            && end == at
        {
            self.meet(key, close, FillReason::Close, false, at);
        }
    }

    /// The open of a bar: who leaves, then stops, then takes, then who comes, then the guards of who came.
    pub fn open(&mut self, price: i64, at: i64) {
        self.opened = at;
        let waits = |order: &Ours| order.waits_for_trigger();
        let limit = |order: &Ours| matches!(order.kind, OrderKind::Limit { .. });
        self.all_at_open(price, at, |order| order.closes && order.kind == OrderKind::Market);
        self.all_at_open(price, at, |order| order.closes && waits(order));
        self.all_at_open(price, at, |order| order.closes && limit(order));
        self.all_at_open(price, at, |order| !order.closes);
        self.all_at_open(price, at, |order| order.closes && waits(order));
        self.all_at_open(price, at, |order| order.closes && limit(order));
        for key in self.sim.keys(|order| order.fires_at(price)) {
            self.sim.get(key).fire();
        }
        for key in self.sim.keys(|order| order.at_once() && !order.waits_for_trigger()) {
            self.give_up(key, at);
        }
    }

    fn give_up(&mut self, key: Key, at: i64) {
        let whole = self.sim.get(key).in_force == gbc_core::orders::InForce::Fok;
        self.sim.gone(key, at, if whole { Happened::Refused(Refusal::NotWhole) } else { Happened::Cancelled });
    }

    fn all_at_open(&mut self, price: i64, at: i64, wanted: impl Fn(&Ours) -> bool) {
        let touch = self.rules.limit_on_touch;
        let reached = |order: &Ours| match order.kind {
            OrderKind::Market => true,
            OrderKind::Stop { .. } => order.fires_at(price),
            OrderKind::StopLimit { .. } => order.fires_at(price) && order.accepts(price),
            OrderKind::Limit { price: limit } => order.accepts(price) && (touch || limit != price),
        };
        for key in self.sim.keys(|order| wanted(order) && reached(order)) {
            let Some(order) = self.sim.find(key) else { continue };
            let maker = matches!(order.kind, OrderKind::Limit { .. });
            self.meet(key, price, FillReason::Open, maker, at);
        }
    }

    /// What lay between open and close.
    pub fn range(&mut self, bar: Ohlc, end: i64) {
        self.last = Some((end, bar[3]));
        let (at, opened) = (end - 1, self.opened);
        let there = |order: &Ours| order.arrived <= opened && order.kind != OrderKind::Market;
        let waits = |order: &Ours| order.waits_for_trigger();
        let stops = self.sim.keys(|order| order.closes && there(order) && waits(order));
        let takes = self.sim.keys(|order| order.closes && there(order) && !waits(order));
        let others = self.sim.keys(|order| !order.closes && there(order));
        for key in [stops, takes, others].concat() {
            self.within(key, bar, at);
        }
    }

    fn within(&mut self, key: Key, bar: Ohlc, at: i64) {
        let Some(order) = self.sim.find(key) else { return };
        let [_, high, low, close] = bar;
        let (far, near) = if order.side == Side::Buy { (high, low) } else { (low, high) };
        let filled = match order.kind {
            OrderKind::Market => return,
            OrderKind::Limit { price } => {
                self.touched(order.side, price, near).then_some((price, FillReason::Limit, true))
            }
            _ if !order.fires_at(far) => return,
            OrderKind::Stop { trigger } => Some((trigger, FillReason::Stop, false)),
            OrderKind::StopLimit { trigger, price } => {
                self.sim.get(key).fire();
                if no_worse(order.side, trigger, price) {
                    Some((trigger, FillReason::Stop, false))
                } else if order.at_once() {
                    return self.give_up(key, at);
                } else {
                    // The way to the trigger may have led past the limit: only the close was surely later.
                    self.touched(order.side, price, close).then_some((price, FillReason::Limit, true))
                }
            }
        };
        let Some((price, reason, maker)) = filled else { return };
        let fresh = self.meet(key, price, reason, maker, at);
        self.guard(fresh, price, bar, at);
    }

    /// Lots that came in within the bar: the stop if the bar went there at all, the take if it closed there; neither better than
    /// what was to be had when they came in.
    fn guard(&mut self, fresh: Vec<Key>, entry: i64, [_, high, low, close]: Ohlc, at: i64) {
        for key in fresh {
            let Some(guard) = self.sim.find(key) else { continue };
            let far = if guard.side == Side::Buy { high } else { low };
            match (key.part, guard.kind) {
                (Part::Stop, OrderKind::Stop { trigger }) if guard.fires_at(far) => {
                    let price = if no_worse(guard.side, trigger, entry) { entry } else { trigger };
                    self.meet(key, price, FillReason::Stop, false, at);
                }
                (Part::Take, OrderKind::Limit { price }) if self.touched(guard.side, price, close) => {
                    let price = if no_worse(guard.side, price, entry) { price } else { entry };
                    self.meet(key, price, FillReason::Limit, true, at);
                }
                _ => {}
            }
        }
    }

    fn touched(&self, side: Side, limit: i64, price: i64) -> bool {
        no_worse(side, price, limit) && (price != limit || self.rules.limit_on_touch)
    }

    fn meet(&mut self, key: Key, price: i64, reason: FillReason, maker: bool, at: i64) -> Vec<Key> {
        if self.sim.settle_size(key) == 0 {
            self.sim.gone(key, at, Happened::Refused(Refusal::NothingLeft));
            return Vec::new();
        }
        self.sim.fill(key, Deal { price, most: i64::MAX, reason, maker, at }).1
    }
}
