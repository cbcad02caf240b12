//! All that a plan wants, reconciled with what is there: trades, quotes, orders by hand, and the limits on everything.
//!
//! ```text
//! planner.want(..)  after each event of the strategy: what is wanted now, compared with what rests or is on its way
//! planner.hear(..)  after each answer of the venue
//! planner.due()     when it wants to be asked without either
//! ```

pub mod counter;
pub mod entry;
pub mod limits;
pub mod quotes;
pub mod scene;
pub mod sends;
pub mod trades;

use gbc_core::orders::Plan;
use gbc_core::time::DAY;
use gbc_core::{Asked, MarketId, Nanos, QuoteView, View};
use gbc_portfolio::Side;

use crate::message::{Answer, Bracket, Key, Part, Size, Ticket};
use crate::{Leg, OrderKind, Origin, Refusal};
use limits::Limits;
use quotes::QuoteState;
use scene::Scene;
use sends::Sends;
use serde::{Deserialize, Serialize};
use trades::TradeState;

/// A plan at work.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Planner {
    /// Known from the strategy, and so not laid down with the rest.
    #[serde(skip)]
    plan: Plan,
    trades: Vec<TradeState>,
    quotes: Vec<QuoteState>,
    sends: Sends,
    /// The limits, which targets pass as well.
    pub limits: Limits,
    /// When it wants to be asked without an event.
    due: Nanos,
    /// Markets whose position was closed because a limit said so, and not yet flat.
    flattening: Vec<bool>,
}

impl Planner {
    /// A plan at its start.
    pub fn new(plan: &Plan, markets: usize) -> Planner {
        Planner {
            trades: plan.trades.iter().map(TradeState::new).collect(),
            quotes: vec![QuoteState::default(); plan.quotes.len()],
            sends: Sends::default(),
            limits: Limits::new(&plan.limits, markets),
            due: Nanos::MAX,
            flattening: vec![false; markets],
            plan: plan.clone(),
        }
    }

    /// Takes up work that was laid down, with the plan that it follows. `false` if it followed another.
    pub fn follow(&mut self, plan: &Plan) -> bool {
        self.plan = plan.clone();
        (self.trades.len(), self.quotes.len()) == (plan.trades.len(), plan.quotes.len())
    }

    /// When it wants to be asked without an event.
    pub fn due(&self) -> Nanos {
        self.due
    }

    /// Whether every row may matter to it: through what the account is worth, or through a stop that trails.
    pub fn looks_at_each_row(&self) -> bool {
        let trails = self.plan.trades.iter().any(|trade| trade.trail.is_some() || trade.add.is_some());
        self.plan.looks || self.limits.watch_equity() || trails
    }

    /// Whether it orders in a market by itself, rather than by targets.
    pub fn handles(&self, market: MarketId) -> bool {
        self.plan.trades.iter().any(|trade| trade.market == market)
            || self.plan.quotes.iter().any(|quote| quote.market == market)
            || self.plan.sends.iter().any(|send| send.market == market)
    }

    /// Takes note of how far each market could go by what is out now, and looks at the limits.
    pub fn look(&mut self, scene: &Scene<'_>, legs_apart: bool) {
        for market in 0..scene.markets.len() {
            self.limits.expose(market, self.worst(market, scene));
        }
        self.limits.look(scene, &self.plan.calendars, legs_apart);
    }

    /// The worst case of a market, long and short.
    fn worst(&self, market: MarketId, scene: &Scene<'_>) -> [i64; 2] {
        let position = scene.markets[market].position;
        let mut worst = [position, -position];
        // Lots that trades hold may leave on the other side; what opens them is counted with all open orders.
        for (plan, state) in self.plan.trades.iter().zip(&self.trades).filter(|(plan, _)| plan.market == market) {
            worst[usize::from(plan.long)] += state.held();
        }
        for (key, order) in scene.ledger.open().filter(|(_, order)| order.market == market) {
            let closes = key.part != Part::Own || self.closes(key, order.parent);
            if !closes {
                let unknown = order.size == 0;
                let open = if unknown { self.may_open(key) } else { order.size - order.filled };
                let worst = &mut worst[usize::from(order.side == Side::Sell)];
                *worst = worst.saturating_add(open);
            }
        }
        worst
    }

    /// The steps that an order may come to at the most whose size only its fill settles.
    fn may_open(&self, key: Key) -> i64 {
        self.trades.iter().find(|trade| trade.owns(key)).map_or(0, TradeState::may_open)
    }

    /// Who wants an order, by its key and by the order whose lots it closes.
    pub fn origin(&self, key: Key, parent: Option<u64>) -> Option<Origin> {
        if let Some(trade) = self.trades.iter().position(|trade| trade.owns(key)) {
            return Some(Origin::Trade(trade, if parent.is_some() { Leg::Add } else { Leg::Enter }));
        }
        if let Some(parent) = parent {
            let trade = self.trades.iter().position(|trade| trade.owns(Key::own(parent)))?;
            return Some(Origin::Trade(trade, Leg::Exit));
        }
        let quoted = self.quotes.iter().enumerate().find_map(|(quote, state)| Some((quote, state.side_of(key)?)));
        if let Some((quote, side)) = quoted {
            return Some(Origin::Quote(quote, side));
        }
        Some(self.sends.of(key).map_or(Origin::Limit, Origin::Send))
    }

    /// Whether an order closes lots of a trade rather than opens more.
    fn closes(&self, key: Key, parent: Option<u64>) -> bool {
        parent.is_some() && !self.trades.iter().any(|trade| trade.owns(key))
    }

    /// Compares all that is wanted with what is there. `fired` and `asked` happened at this very event.
    pub fn want(&mut self, fired: &[usize], asked: &[Asked], scene: &mut Scene<'_>) {
        let Planner { plan, trades, quotes, sends, limits, .. } = self;
        for asked in asked {
            let day_ends = Nanos(scene.now.floor_to(DAY).0.saturating_add(DAY));
            sends.ask(&plan.sends, asked, day_ends, scene, limits, &plan.calendars);
        }
        if limits.must_be_flat() {
            sends.withdraw(&plan.sends, scene);
        }
        for (index, (trade, state)) in plan.trades.iter().zip(trades).enumerate() {
            state.want(trade, fired.contains(&index), scene, limits, &plan.calendars);
        }
        for (quote, state) in plan.quotes.iter().zip(quotes) {
            state.want(quote, scene, limits, &plan.calendars);
        }
        self.flatten(scene);
        self.set_due(scene);
    }

    /// Where a limit wants nothing held, what no trade closes by itself is sold out.
    fn flatten(&mut self, scene: &mut Scene<'_>) {
        for market in 0..scene.markets.len() {
            let by_trades = self.plan.trades.iter().any(|trade| trade.market == market);
            let position = scene.markets[market].position;
            if !self.limits.must_be_flat() || position == 0 {
                self.flattening[market] = false;
            } else if !by_trades && self.handles(market) && !self.flattening[market] {
                self.flattening[market] = true;
                scene.send(Ticket {
                    order: scene.ledger.next_id(),
                    market,
                    side: Side::of(-position),
                    kind: OrderKind::Market,
                    size: Size::Steps(position.abs()),
                    in_force: Default::default(),
                    until: Nanos::MAX,
                    post_only: false,
                    group: None,
                    cap: None,
                    bracket: Bracket::default(),
                });
            }
        }
    }

    fn set_due(&mut self, scene: &Scene<'_>) {
        let trades = self.plan.trades.iter().zip(&self.trades).map(|(plan, state)| state.due(plan, scene));
        let quotes = self.plan.quotes.iter().zip(&self.quotes).map(|(plan, state)| state.due(plan, scene));
        let own = trades.chain(quotes).min().unwrap_or(Nanos::MAX);
        self.due = own.min(self.limits.due(scene, &self.plan.calendars));
    }

    /// The venue said something of an order; its owner takes note.
    pub fn hear(&mut self, answer: &Answer, scene: &mut Scene<'_>) {
        let key = answer.key;
        let own_close = |state: &TradeState| {
            let parent = scene.ledger.orders.get(key.order as usize - 1).and_then(|order| order.parent);
            key.part == Part::Own && parent.is_some_and(|parent| state.owns(Key::own(parent)))
        };
        for (plan, state) in self.plan.trades.iter().zip(&mut self.trades) {
            if state.owns(key) || own_close(state) {
                return state.hear(plan, answer, scene);
            }
        }
        match self.quotes.iter_mut().find(|state| state.owns(key)) {
            Some(state) => state.hear(answer, scene.now),
            None => self.sends.hear(answer),
        }
    }

    /// Tells the strategy what it may know of its trades and quotes; `share_ahead` is how much of its level we know to be ahead
    /// of an order.
    pub fn tell(&self, view: &mut View, share_ahead: &dyn Fn(MarketId, Key) -> Option<f64>, scene: &Scene<'_>) {
        for (risked, state) in view.risked.iter_mut().zip(&self.trades) {
            *risked = state.risked();
        }
        for ((sides, plan), state) in view.quotes.iter_mut().zip(&self.plan.quotes).zip(&self.quotes) {
            for (side, told) in sides.iter_mut().enumerate() {
                let queue = state.first(side).and_then(|key| share_ahead(plan.market, key));
                *told = QuoteView {
                    queue: queue.unwrap_or(f64::NAN),
                    drift: state.drift(plan, side, scene).unwrap_or(f64::NAN),
                };
            }
        }
    }

    /// Lets a target's order out: cut to what the limits allow, or refused. What only brings the position nearer to none
    /// passes always.
    pub fn target(&mut self, market: MarketId, side: Side, steps: i64, scene: &Scene<'_>) -> Result<i64, Refusal> {
        let worst = self.worst(market, scene);
        self.limits.expose(market, worst);
        let held = -side.sign() * scene.markets[market].position;
        if steps <= held { Ok(steps) } else { self.limits.entry(market, side, steps, scene, &self.plan.calendars) }
    }
}
