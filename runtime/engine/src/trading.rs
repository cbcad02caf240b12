//! The desk at work: what is wanted becomes requests on their way.

use gbc_book::Book;
use gbc_core::orders::{Plan, Unit};
use gbc_core::{Block, MarketId, Mine, Money, Nanos, QuoteView, Wishes};
use gbc_exec::{Answer, Ask, Bracket, Happened, Key, MarketScene, OrderKind, Origin, Planner, Scene, Size, Ticket};
use gbc_portfolio::{Overflow, Side};

use crate::desk::Desk;

impl Desk {
    /// Gets ready for what a strategy plans.
    pub fn prepare(&mut self, plan: &Plan) {
        if self.planner.is_none() {
            let markets = self.instruments.len();
            self.planner = Some(Planner::new(plan, markets));
            self.wishes = Wishes::with_channels(markets, plan.channels);
            self.view.risked = vec![f64::NAN; plan.trades.len()];
            self.view.quotes = vec![[QuoteView::NONE; 2]; plan.quotes.len()];
            self.tell_account();
        }
    }

    /// Gets ready for what a strategy planned before it was laid down. `false` if that was another plan.
    pub fn takes_up(&mut self, plan: Option<&Plan>) -> bool {
        match (&mut self.planner, plan) {
            (Some(planner), Some(plan)) => planner.follow(plan),
            // Before the first row nothing is prepared.
            (None, _) => true,
            (Some(_), None) => false,
        }
    }

    /// Whether each row matters, whatever it touches.
    pub fn looks_at_each_row(&self) -> bool {
        self.planner.as_ref().is_some_and(Planner::looks_at_each_row)
    }

    /// When the planner wants to be asked without an event.
    pub fn next_wake(&self) -> Option<Nanos> {
        self.planner.as_ref().map(Planner::due).filter(|due| *due < Nanos::MAX)
    }

    /// Sends requests for what is wanted at `time`, if anything changed.
    pub fn send(&mut self, time: Nanos) -> Result<(), Overflow> {
        if std::mem::take(&mut self.wishes.changed) { self.act(time) } else { Ok(()) }
    }

    /// Compares all that is wanted with what is there.
    pub fn act(&mut self, time: Nanos) -> Result<(), Overflow> {
        let (fired, asked) = (std::mem::take(&mut self.wishes.fired), std::mem::take(&mut self.wishes.asked));
        self.with_planner(time, |planner, scene, legs_apart| {
            planner.look(scene, legs_apart);
            planner.want(&fired, &asked, scene);
        });
        self.send_targets(time)?;
        self.tell(time);
        Ok(())
    }

    /// Targets: each a market order for the difference, within the limits.
    fn send_targets(&mut self, time: Nanos) -> Result<(), Overflow> {
        for market in 0..self.wishes.targets.len() {
            let Some(mut wish) = self.wishes.targets[market] else { continue };
            let (mut unit, held) = (self.wishes.units[market], self.portfolio.positions[market].steps);
            let flat = self.planner.as_ref().is_some_and(|planner| planner.limits.must_be_flat());
            if flat {
                (wish, unit) = (0.0, Unit::Lots);
            }
            let held = held + self.ledger.on_their_way(market);
            let Some(size) = self.reconciler.changed(market, wish, unit, held)? else { continue };
            let side = match size {
                Size::Steps(steps) => Side::of(steps),
                Size::Wanted(_, share) if share < 0.0 => Side::Sell,
                _ => Side::Buy,
            };
            let size = if let Size::Steps(steps) = size { Size::Steps(steps.saturating_abs()) } else { size };
            self.order(time, market, side, size, flat);
        }
        Ok(())
    }

    /// Does something with the planner and the moment, and sends off what comes of it.
    pub(crate) fn with_planner(&mut self, time: Nanos, act: impl FnOnce(&mut Planner, &mut Scene<'_>, bool)) {
        let Some(mut planner) = self.planner.take() else { return };
        let legs_apart = self.legs_apart();
        let equity = if planner.looks_at_each_row() { self.value() } else { Money::ZERO };
        let best = |book: &Book| [book.bid, book.ask].map(|level| level.map(|level| level.price));
        let scene_of = |(market, book): (usize, &Book)| MarketScene {
            best: best(book),
            mark: self.marks[market],
            position: self.portfolio.positions[market].steps,
        };
        let markets: Vec<MarketScene> = self.books.iter().enumerate().map(scene_of).collect();
        let (mut asks, mut held_back) = (Vec::new(), Vec::new());
        let before = self.ledger.orders.len();
        let mut scene = Scene {
            now: time,
            wishes: &self.wishes,
            instruments: &self.instruments,
            markets: &markets,
            equity,
            ledger: &mut self.ledger,
            asks: &mut asks,
            held_back: &mut held_back,
        };
        act(&mut planner, &mut scene, legs_apart);
        for order in before..self.ledger.orders.len() {
            self.view.markets[self.ledger.orders[order].market].orders += 1;
        }
        // What a limit of ours held back is news as well, and at once.
        for (order, refusal) in held_back {
            let held_back = &self.ledger.orders[order as usize - 1];
            let market = held_back.market;
            self.journal.held_back(time, held_back);
            let what = Happened::Refused(refusal);
            self.gateway.answer_at_once(time, Answer { at: time, market, key: Key::own(order), what });
        }
        let wanted_by = |ask: &Ask| match ask {
            Ask::New(ticket) => planner.origin(Key::own(ticket.order), ticket.group.filter(|it| *it != ticket.order)),
            _ => None,
        };
        let origins: Vec<_> = asks.iter().map(|(_, ask)| wanted_by(ask)).collect();
        self.planner = Some(planner);
        for ((market, ask), origin) in asks.into_iter().zip(origins) {
            self.ask(time, market, ask, origin);
        }
    }

    /// Whether one market has the position that its target wants while another has not.
    fn legs_apart(&self) -> bool {
        let steps = |market: usize| self.portfolio.positions[market].steps;
        let there = |(market, wish): (usize, &Option<f64>)| {
            wish.map(|wish| self.instruments[market].lot.count_nearest(wish) == Some(steps(market)))
        };
        let legs: Vec<bool> = self.wishes.targets.iter().enumerate().filter_map(there).collect();
        legs.contains(&true) && legs.contains(&false)
    }

    /// Tells the strategy what it may know of its trades, quotes, orders and account.
    fn tell(&mut self, time: Nanos) {
        let Some(planner) = self.planner.take() else { return };
        let scene = Scene {
            now: time,
            wishes: &self.wishes,
            instruments: &self.instruments,
            markets: &[],
            equity: Money::ZERO,
            ledger: &mut self.ledger,
            asks: &mut Vec::new(),
            held_back: &mut Vec::new(),
        };
        self.standings.reach(time);
        let (exchange, standings, apart) = (&self.exchange, &self.standings, &self.apart);
        let share_ahead = |market: MarketId, key| match apart[market] {
            true => standings.share_ahead(market, key),
            false => exchange.share_ahead(market, key),
        };
        planner.tell(&mut self.view, &share_ahead, &scene);
        for (market, is_apart) in apart.iter().enumerate() {
            let first_in_line = |side| match is_apart {
                true => standings.first_in_line(market, side).map(|it| (it.price, it.left, it.queue)),
                false => exchange.first_in_line(market, side),
            };
            self.view.markets[market].mine = [Side::Buy, Side::Sell].map(|side| {
                first_in_line(side).map_or(Mine::NONE, |(price, left, queue)| Mine {
                    price: self.portfolio.points(market, price),
                    size: self.portfolio.lots(market, left),
                    queue: queue.unwrap_or(f64::NAN),
                })
            });
        }
        if planner.looks_at_each_row() {
            self.tell_account();
        }
        self.planner = Some(planner);
    }

    /// Tells the strategy what the account is worth by the row that it is about to see.
    pub fn foresee(&mut self, block: &Block, row: usize) {
        let market = block.market;
        let mut book = self.books[market].clone();
        book.seek(block, row, row + 1);
        let before = std::mem::replace(&mut self.marks[market], book.mark_half_ticks());
        self.tell_account();
        self.marks[market] = before;
    }

    fn tell_account(&mut self) {
        self.view.cash = self.portfolio.cash.to_f64();
        self.view.equity = self.value().to_f64();
        for market in 0..self.view.markets.len() {
            let view = &mut self.view.markets[market];
            view.open_pnl = self.portfolio.open_result(market, self.marks[market]).to_f64();
            view.mark = self.marks[market].map_or(f64::NAN, |half| self.portfolio.points(market, half) / 2.0);
        }
    }

    /// A market order for a target; `leaves` if it closes because a limit says so.
    fn order(&mut self, time: Nanos, market: MarketId, side: Side, size: Size, leaves: bool) {
        let mut ticket = Ticket {
            order: self.ledger.next_id(),
            market,
            side,
            kind: OrderKind::Market,
            size,
            in_force: Default::default(),
            until: Nanos::MAX,
            post_only: false,
            group: None,
            cap: None,
            bracket: Bracket::default(),
        };
        let mut refused = None;
        self.with_planner(time, |planner, scene, _| {
            ticket.cap = planner.limits.most_steps(market, scene);
            if let (Size::Steps(steps), false) = (size, leaves) {
                match planner.target(market, side, steps, scene) {
                    Ok(steps) => ticket.size = Size::Steps(steps),
                    Err(refusal) => refused = Some(refusal),
                }
            }
            if let Some(refusal) = refused {
                scene.hold_back(&ticket, refusal);
            }
        });
        if refused.is_none() {
            self.ledger.send(&ticket, time);
            self.view.markets[market].orders += 1;
            let origin = if leaves { Origin::Limit } else { Origin::Target(market) };
            self.ask(time, market, Ask::New(ticket), Some(origin));
        }
    }

    /// Bars tell nothing shorter than a bar: what meets them is there at once.
    fn ask(&mut self, time: Nanos, market: MarketId, ask: Ask, origin: Option<Origin>) {
        let arrives = if self.exchange.meets_bars(market) {
            self.gateway.ask_at_once(time, market, ask)
        } else {
            self.gateway.ask(time, market, ask)
        };
        self.journal.asked([time, arrives], &ask, &self.ledger, origin);
    }
}
