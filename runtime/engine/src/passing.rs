//! The desk's other end: what arrives at the exchange, the rows that pass there, and what it says.

use gbc_book::Level;
use gbc_core::{Block, Column, MarketId, NA, Nanos, RowFlags};
use gbc_exec::{Range, Request};

use crate::account::Account;
use crate::desk::Desk;
use crate::lane::Piece;

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

    /// When an order expires by itself.
    pub fn next_expiry(&self) -> Option<Nanos> {
        Some(self.exchange.next_expiry()).filter(|at| *at < Nanos::MAX)
    }

    /// Orders whose time is over go.
    pub fn expire(&mut self, now: Nanos) {
        self.exchange.expire(now);
        self.collect(now);
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
        let market = request.market;
        let shown = [self.books[market].bid, self.books[market].ask].map(|level| level.map(|level| level.price));
        let best = if self.apart[market] { self.exchange.best(market) } else { shown };
        self.journal.arrived(request, best, &self.ledger);
        let account = Account {
            portfolio: &self.portfolio,
            marks: &self.marks,
            gateway: &self.gateway,
            margin: self.margin.rules,
        };
        self.exchange.arrive(request, &account);
        self.collect(request.at);
    }

    /// We see rows `from..to`. Where the exchange has no other reading of them, they pass there too.
    pub fn show(&mut self, block: &Block, from: usize, to: usize) {
        let market = block.market;
        if block.schema.is_bars() || self.exchange.meets_bars(market) || self.apart[market] {
            return self.books[market].seek(block, from, to);
        }
        let mut row = from;
        while row < to {
            if !self.exchange.is_watching(market) {
                self.books[market].seek(block, row, to);
                return self.go_by(block, row, to, self.books[market].best());
            }
            self.books[market].seek(block, row, row + 1);
            self.meet(block, row, block.time_of(row), self.books[market].best());
            row += 1;
        }
    }

    /// The exchange sees rows `from..to` by a reading of its own; those with a stamp beyond `by` happen then.
    pub fn pass(&mut self, piece: &Piece, from: usize, to: usize, by: Nanos) {
        let (block, market) = (&piece.block, piece.block.market);
        for row in from..to {
            // Floors with books keep them by themselves.
            let ends = if self.exchange.is_watching(market) { row + 1 } else { to };
            if !block.schema.has_levels() {
                self.passed[market].seek(block, row, ends);
            }
            if ends > row + 1 {
                return self.go_by(block, row, to, self.passed[market].best());
            }
            if !block.flags(row).has(RowFlags::LOCAL_ONLY) {
                self.meet(block, row, Nanos(piece.exchange[row]).min(by), self.passed[market].best());
                self.note_places(market, block.time_of(row));
            }
        }
    }

    /// Where our orders stand at the exchange becomes known `from` a moment on, if anybody wants to know.
    fn note_places(&mut self, market: MarketId, from: Nanos) {
        if self.apart[market] && self.looks_at_each_row() {
            self.standings.note(&self.exchange, market, from);
        }
    }

    /// Rows that nothing of ours could mind.
    fn go_by(&mut self, block: &Block, from: usize, to: usize, best: [Option<Level>; 2]) {
        self.exchange.pass(block.market, best, || (from..to).any(|row| block.is_trade(row)));
    }

    /// A row meets what is at the exchange.
    fn meet(&mut self, block: &Block, row: usize, at: Nanos, best: [Option<Level>; 2]) {
        let account = Account {
            portfolio: &self.portfolio,
            marks: &self.marks,
            gateway: &self.gateway,
            margin: self.margin.rules,
        };
        self.exchange.expire(at);
        self.journal.watch(&self.exchange, block.market, traded(block, row));
        self.exchange.tick(block, row, at, best, &account);
        self.collect(at);
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
        let account = Account {
            portfolio: &self.portfolio,
            marks: &self.marks,
            gateway: &self.gateway,
            margin: self.margin.rules,
        };
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
        let account = Account {
            portfolio: &self.portfolio,
            marks: &self.marks,
            gateway: &self.gateway,
            margin: self.margin.rules,
        };
        self.exchange.range(block.market, range, &account);
        self.collect(Nanos(range.end.0 - 1));
    }

    /// What the exchange said sets out.
    pub(crate) fn collect(&mut self, now: Nanos) {
        for answer in self.exchange.take_answers() {
            self.journal.answered(&self.exchange, &answer);
            if self.exchange.meets_bars(answer.market) {
                self.gateway.answer_at_once(now, answer);
            } else {
                let heard = self.gateway.answer(now, answer);
                self.note_places(answer.market, heard);
            }
        }
    }
}

/// The price and the size of a trade, if a row is one.
fn traded(block: &Block, row: usize) -> Option<(i64, i64)> {
    let of = |column| Some(block.value(column, row)).filter(|value| *value != NA);
    if block.is_trade(row) { Some((of(Column::Px)?, of(Column::Sz).unwrap_or(0))) } else { None }
}
