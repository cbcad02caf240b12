//! The desk at work: wishes become requests, the exchange answers, and answers become fills, news and equity.

use gbc_core::orders::Unit;
use gbc_core::{Block, Column, MarketId, Money, NA, Nanos, News, NewsKind};
use gbc_exec::{Answer, Ask, Bracket, Happened, OrderKind, Purse, Range, Request, Size, Ticket};
use gbc_portfolio::{Fill, Overflow, Portfolio, Side};

use crate::desk::Desk;

/// What a share of the account buys.
struct Account<'a> {
    portfolio: &'a Portfolio,
    marks: &'a [Option<i64>],
}

impl Purse for Account<'_> {
    fn wanted(&self, market: MarketId, unit: Unit, share: f64, price: i64) -> i64 {
        let money = match unit {
            Unit::Lots => return 0,
            Unit::Cash => self.portfolio.cash_after_closing(market, price),
            Unit::Equity => self.portfolio.equity_at(self.marks, market, price),
        };
        self.portfolio.steps_for(market, money, share, price)
    }
}

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

    /// Sends requests for the wishes that changed at `time`.
    pub fn send(&mut self, time: Nanos) -> Result<(), Overflow> {
        if !std::mem::take(&mut self.wishes.changed) {
            return Ok(());
        }
        for market in 0..self.wishes.targets.len() {
            let Some(wish) = self.wishes.targets[market] else { continue };
            let (unit, held) = (self.wishes.units[market], self.portfolio.positions[market].steps);
            let held = held + self.ledger.on_their_way(market);
            let size = match self.reconciler.changed(market, wish, unit, held)? {
                None => continue,
                Some(size) => size,
            };
            let side = match size {
                Size::Steps(steps) => Side::of(steps),
                Size::Wanted(_, share) if share < 0.0 => Side::Sell,
                _ => Side::Buy,
            };
            let size = if let Size::Steps(steps) = size { Size::Steps(steps.saturating_abs()) } else { size };
            self.order(time, market, side, OrderKind::Market, size);
        }
        Ok(())
    }

    fn order(&mut self, time: Nanos, market: MarketId, side: Side, kind: OrderKind, size: Size) {
        let ticket = Ticket {
            order: self.ledger.next_id(),
            market,
            side,
            kind,
            size,
            in_force: Default::default(),
            until: Nanos::MAX,
            post_only: false,
            group: None,
            bracket: Bracket::default(),
        };
        self.ledger.send(&ticket, time);
        self.view.markets[market].orders += 1;
        self.ask(time, market, Ask::New(ticket));
    }

    /// Bars tell nothing shorter than a bar: what meets them is there at once.
    fn ask(&mut self, time: Nanos, market: MarketId, ask: Ask) {
        if self.exchange.meets_bars(market) {
            self.gateway.ask_at_once(time, market, ask);
        } else {
            self.gateway.ask(time, market, ask);
        }
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
        let account = Account { portfolio: &self.portfolio, marks: &self.marks };
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
            let account = Account { portfolio: &self.portfolio, marks: &self.marks };
            self.exchange.expire(block.time_of(row));
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
        let account = Account { portfolio: &self.portfolio, marks: &self.marks };
        self.exchange.open(market, price, at, &account);
        self.collect(at);
    }

    /// The rest of the bar of `row` is known.
    pub fn range(&mut self, block: &Block, row: usize) {
        let value = |column| block.value(column, row);
        let (high, low, close) = (value(Column::High), value(Column::Low), value(Column::Close));
        if [high, low, close].contains(&NA) {
            return;
        }
        let range = Range { high, low, close, end: block.time_of(row) };
        let account = Account { portfolio: &self.portfolio, marks: &self.marks };
        self.exchange.range(block.market, range, &account);
        self.collect(Nanos(range.end.0 - 1));
    }

    fn collect(&mut self, now: Nanos) {
        for answer in self.exchange.take_answers() {
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
        let Some(told) = self.ledger.hear(heard, &answer) else { return Ok(None) };
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
        let Happened::Filled { side, price, size, reason, maker, .. } = answer.what else { return Ok(Money::ZERO) };
        let market = answer.market;
        let fee = self.portfolio.fee(market, size, price)?;
        let id = self.fills.len() as u64 + 1;
        let fill = Fill { id, order, market, time: answer.at, side, price, size, fee, maker, reason };
        self.value_before(heard);
        self.curve.activity(heard);
        self.portfolio.apply(&fill)?;
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
            self.ledger.lose(&request.ask);
        }
        self.exchange.end(last);
        self.collect(last);
        while let Ok(heard) = self.hear() {
            if heard.is_none() && self.gateway.next_answer().is_none() {
                break;
            }
        }
    }
}
