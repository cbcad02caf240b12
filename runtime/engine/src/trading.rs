//! The desk at work: wishes become requests, the exchange answers, and answers become fills, news and equity.

use gbc_book::Book;
use gbc_core::orders::{Plan, Unit};
use gbc_core::{Block, Column, MarketId, Mine, Money, NA, Nanos, News, NewsKind, QuoteView, Wishes};
use gbc_exec::{
    Answer, Ask, Bracket, Happened, Key, MarketScene, OrderKind, Origin, Planner, Range, Request, Scene, Size, Ticket,
};
use gbc_portfolio::{Fill, Overflow, Side};

use crate::account::Account;
use crate::desk::Desk;

/// So many answers at one moment are no trading any more.
const MOST_ANSWERS_AT_ONCE: u32 = 100_000;

impl Desk {
    /// Whether anything of ours is at the exchange in a market.
    pub fn works(&self, market: MarketId) -> bool {
        self.exchange.works(market)
    }

    /// Whether bars meet the orders of a market.
    pub fn meets_bars(&self, market: MarketId) -> bool {
        self.exchange.meets_bars(market)
    }

    /// Whether the rows of a block may each touch something of ours.
    pub fn minds(&self, block: &Block) -> bool {
        self.exchange.works(block.market) && self.exchange.meets_bars(block.market) == block.schema.is_bars()
    }

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

    /// When an order expires by itself.
    pub fn next_expiry(&self) -> Option<Nanos> {
        Some(self.exchange.next_expiry()).filter(|at| *at < Nanos::MAX)
    }

    /// Orders whose time is over go.
    pub fn expire(&mut self, now: Nanos) {
        self.exchange.expire(now);
        self.collect(now);
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
    fn with_planner(&mut self, time: Nanos, act: impl FnOnce(&mut Planner, &mut Scene<'_>, bool)) {
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
        planner.tell(&mut self.view, &self.exchange, &scene);
        for market in 0..self.view.markets.len() {
            self.view.markets[market].mine = [Side::Buy, Side::Sell].map(|side| {
                self.exchange.first_in_line(market, side).map_or(Mine::NONE, |(price, left, queue)| Mine {
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

    /// When the next request arrives or the next answer is heard, whichever is first: nothing at or before that moment may
    /// be played beyond.
    pub fn next_message(&self) -> Option<Nanos> {
        [self.gateway.next_answer(), self.gateway.next_request()].into_iter().flatten().min()
    }

    /// When the next answer is heard.
    pub fn next_answer(&self) -> Option<Nanos> {
        self.gateway.next_answer()
    }

    /// Whether orders and answers chase each other without time passing.
    pub fn runs_in_circles(&self) -> bool {
        self.heard_at.1 > MOST_ANSWERS_AT_ONCE
    }

    /// When the next request arrives.
    pub fn next_request(&self) -> Option<Nanos> {
        self.gateway.next_request()
    }

    /// The request that is next on its way.
    pub fn take_request(&mut self) -> Option<Request> {
        self.gateway.take_request()
    }

    /// A request arrives at the exchange.
    pub fn arrive(&mut self, request: &Request) {
        let book = &self.books[request.market];
        let best = [book.bid, book.ask].map(|level| level.map(|level| level.price));
        self.journal.arrived(request, best, &self.ledger);
        let account = Account { portfolio: &self.portfolio, marks: &self.marks, gateway: &self.gateway };
        self.exchange.arrive(request, &account);
        self.collect(request.at);
    }

    /// Rows `from..to` pass the exchange: one by one where something of ours is there.
    pub fn show(&mut self, block: &Block, from: usize, to: usize) {
        let market = block.market;
        if block.schema.is_bars() || self.exchange.meets_bars(market) {
            return self.books[market].seek(block, from, to);
        }
        let mut row = from;
        while row < to {
            if !self.exchange.is_watching(market) {
                self.books[market].seek(block, row, to);
                let best = [self.books[market].bid, self.books[market].ask];
                return self.exchange.pass(market, best, || (row..to).any(|row| block.is_trade(row)));
            }
            self.books[market].seek(block, row, row + 1);
            let best = [self.books[market].bid, self.books[market].ask];
            let account = Account { portfolio: &self.portfolio, marks: &self.marks, gateway: &self.gateway };
            self.exchange.expire(block.time_of(row));
            self.journal.watch(&self.exchange, market, traded(block, row));
            self.exchange.tick(block, row, best, &account);
            self.collect(block.time_of(row));
            row += 1;
        }
    }

    /// The bar of `row` opens at `at`.
    pub fn open(&mut self, block: &Block, row: usize, at: Nanos) {
        let (market, price) = (block.market, block.value(Column::Open, row));
        self.exchange.expire(at);
        if price == NA {
            return self.exchange.opened_without_us(market, at);
        }
        // Valued at the open, a fill costs its fee and nothing else.
        self.books[market].open_at(price);
        self.mark(market);
        let account = Account { portfolio: &self.portfolio, marks: &self.marks, gateway: &self.gateway };
        self.exchange.open(market, price, at, &account);
        self.collect(at);
    }

    /// The bar of `row` closed, whether anything of ours was there or not: what answers it may fill at its close.
    pub fn closed(&mut self, block: &Block, row: usize) {
        let close = block.value(Column::Close, row);
        if close != NA {
            self.exchange.closed(block.market, block.time_of(row), close);
        }
    }

    /// The rest of the bar of `row` is known.
    pub fn range(&mut self, block: &Block, row: usize) {
        let value = |column| block.value(column, row);
        let (high, low, close) = (value(Column::High), value(Column::Low), value(Column::Close));
        if [high, low, close].contains(&NA) {
            return;
        }
        let range = Range { high, low, close, end: block.time_of(row) };
        let account = Account { portfolio: &self.portfolio, marks: &self.marks, gateway: &self.gateway };
        self.exchange.range(block.market, range, &account);
        self.collect(Nanos(range.end.0 - 1));
    }

    fn collect(&mut self, now: Nanos) {
        for answer in self.exchange.take_answers() {
            self.journal.answered(&self.exchange, &answer);
            if self.exchange.meets_bars(answer.market) {
                self.gateway.answer_at_once(now, answer);
            } else {
                self.gateway.answer(now, answer);
            }
        }
    }

    /// The next answer is heard, booked, and returned as news.
    pub fn hear(&mut self) -> Result<Option<News>, Overflow> {
        let Some((heard, answer)) = self.gateway.take_answer() else { return Ok(None) };
        self.reach(heard);
        self.heard_at = if self.heard_at.0 == heard { (heard, self.heard_at.1 + 1) } else { (heard, 1) };
        let told = self.ledger.hear(heard, &answer);
        self.journal.heard(heard, &answer, told.as_ref().map(|told| told.order), &self.ledger);
        self.with_planner(heard, |planner, scene, _| planner.hear(&answer, scene));
        let Some(told) = told else { return Ok(None) };
        let order = self.ledger.orders[told.order as usize - 1];
        let view = &mut self.view.markets[answer.market];
        match told.kind {
            NewsKind::Cancelled => view.cancels += 1,
            NewsKind::Rejected => view.rejects += 1,
            NewsKind::Accepted | NewsKind::Filled => {}
        }
        let tick = |price: i64| self.portfolio.points(answer.market, price);
        let mut news = News {
            at: heard,
            market: answer.market,
            kind: told.kind,
            buy: order.side == Side::Buy,
            price: order.kind.price().map_or(f64::NAN, tick),
            size: self.portfolio.lots(answer.market, order.size - order.filled),
            fee: 0.0,
        };
        if let Happened::Filled { price, size, .. } = answer.what {
            (news.price, news.size) = (tick(price), self.portfolio.lots(answer.market, size));
            news.fee = self.book_fill(heard, told.order, &answer)?.to_f64();
        }
        Ok(Some(news))
    }

    /// Books a fill; what it cost.
    fn book_fill(&mut self, heard: Nanos, order: u64, answer: &Answer) -> Result<Money, Overflow> {
        let Happened::Filled { side, price, slipped, size, reason, maker, .. } = answer.what else {
            return Ok(Money::ZERO);
        };
        let market = answer.market;
        let fee = self.portfolio.fee(market, size, price, maker)?;
        let id = self.fills.len() as u64 + 1;
        let fill = Fill { id, order, market, time: answer.at, side, price, slipped, size, fee, maker, reason };
        self.value_before(heard);
        self.curve.activity(heard);
        self.portfolio.apply(&fill)?;
        self.audit.book(&fill);
        let view = &mut self.view.markets[market];
        let held = std::mem::replace(&mut view.position, self.portfolio.positions[market].steps);
        view.opened += i64::from(view.position != 0 && held.signum() != view.position.signum());
        view.avg_price = self.portfolio.avg_price(market);
        view.fills += 1;
        self.fills.push(fill);
        let equity = self.value();
        self.curve.push(heard, equity);
        Ok(fee)
    }

    /// The data are over: what is on its way back is booked, what is at the exchange or on its way there expires.
    pub fn settle(&mut self, last: Nanos) {
        while let Some(request) = self.gateway.take_request() {
            self.journal.lost(last, &self.ledger);
            self.ledger.lose(&request.ask);
        }
        self.hear_all();
        // The end of the data takes back nothing that a strategy could have known of.
        let known = self.view.clone();
        self.exchange.end(last);
        self.collect(last);
        self.hear_all();
        self.view = known;
    }

    fn hear_all(&mut self) {
        while let Ok(heard) = self.hear() {
            if heard.is_none() && self.gateway.next_answer().is_none() {
                break;
            }
        }
    }
}

/// The price and the size of a trade, if a row is one.
fn traded(block: &Block, row: usize) -> Option<(i64, i64)> {
    let of = |column| Some(block.value(column, row)).filter(|value| *value != NA);
    if block.is_trade(row) { Some((of(Column::Px)?, of(Column::Sz).unwrap_or(0))) } else { None }
}
