//! Everything of a run but the strategy and its feeds: books, venue, account, and what the strategy may see of them.
//!
//! Plain state: a clone of it, with the strategy's snapshot, is a run that can be resumed.

use gbc_book::Book;
use gbc_core::{Block, Column, MarketId, Money, NA, Nanos, Schema, View, Wishes};
use gbc_exec::{MarketFill, Opening, Reconciler, Venue};
use gbc_metrics::{Record, summarize};
use gbc_portfolio::{Fill, Overflow, Portfolio};

use crate::curve::{Curve, Pace};
use crate::lanes::{Lane, Lanes, first_after};
use crate::{Outcome, Setup};

#[derive(Clone, Debug)]
pub(crate) struct Desk {
    pub view: View,
    pub wishes: Wishes,
    pub rows: u64,
    pub fills: Vec<Fill>,
    first: Option<Nanos>,
    last: Option<Nanos>,
    books: Vec<Book>,
    /// Half ticks by market, as the books have them.
    marks: Vec<Option<i64>>,
    reconciler: Reconciler,
    venue: Venue,
    portfolio: Portfolio,
    curve: Curve,
}

impl Desk {
    pub fn new(setup: &Setup, lanes: &Lanes) -> Result<Desk, Overflow> {
        let markets = setup.instruments.len();
        let has = |market, bars| {
            lanes.0.iter().any(|lane| lane.market == market && !lane.block.is_empty() && is_bars(lane) == bars)
        };
        let market_fill = |market| setup.profile.market_fill(has(market, true), has(market, false));
        let ticks = lanes.0.iter().any(|lane| !is_bars(lane) && !lane.block.is_empty());
        let pace = if ticks { Pace::Every(setup.equity_every_ns.max(1)) } else { Pace::EachBar };
        Ok(Desk {
            view: View::empty(markets),
            wishes: Wishes::none(markets),
            rows: 0,
            fills: Vec::new(),
            first: None,
            last: None,
            books: vec![Book::default(); markets],
            marks: vec![None; markets],
            reconciler: Reconciler::new(setup.instruments.iter().map(|it| it.lot).collect()),
            venue: Venue::new((0..markets).map(market_fill).collect::<Vec<MarketFill>>()),
            portfolio: Portfolio::new(&setup.instruments, setup.cash)?,
            curve: Curve::new(pace),
        })
    }

    /// The last event's time, once there was one.
    pub fn last(&self) -> Nanos {
        self.last.unwrap_or(Nanos::MIN)
    }

    /// When the first order on its way to a touch was sent.
    pub fn arrival(&self) -> Option<Nanos> {
        self.venue.arrival()
    }

    /// Whether an order waits for the next bar of this market to open.
    pub fn waits_for_open(&self, market: MarketId) -> bool {
        self.venue.waits_for_open(market)
    }

    /// Lets rows `from..to` in, valuing the account on the way; `paces` if they are the finest bars.
    ///
    /// Positions do not change within a run, so values due inside it can be taken afterwards.
    pub fn let_in(&mut self, block: &Block, from: usize, to: usize, paces: bool) {
        let market = block.market;
        let mut row = from;
        while row < to {
            let time = block.time_of(row);
            self.value_before(time);
            self.curve.row(time, paces);
            let end = first_after(&block.time, row, to, self.curve.covers());
            self.books[market].seek(block, row, end);
            self.marks[market] = self.books[market].mark_half_ticks();
            row = end;
        }
        if from < to {
            self.first.get_or_insert(block.time_of(from));
            self.reach(block.time_of(to - 1));
            self.rows += (to - from) as u64;
        }
    }

    /// The clock has come to `time`.
    pub fn reach(&mut self, time: Nanos) {
        self.last = self.last.max(Some(time));
    }

    /// Sends orders for the wishes that changed at `time`.
    pub fn send(&mut self, time: Nanos) -> Result<(), Overflow> {
        if !std::mem::take(&mut self.wishes.changed) {
            return Ok(());
        }
        for market in 0..self.wishes.targets.len() {
            let Some(wish) = self.wishes.targets[market] else { continue };
            let held = self.portfolio.positions[market].steps + self.venue.pending(market);
            if let Some(steps) = self.reconciler.changed(market, wish, held)? {
                self.venue.send(market, time, steps);
                self.view.markets[market].orders += 1;
            }
        }
        Ok(())
    }

    /// All orders for a touch arrive.
    pub fn arrive(&mut self) -> Result<(), Overflow> {
        let fills = self.venue.arrive(&self.books, &self.portfolio)?;
        for fill in fills {
            self.value_before(fill.time);
            self.curve.activity(fill.time);
            self.book_fill(fill)?;
        }
        Ok(())
    }

    /// The bar of `row` opened, and meets the orders that wait for it.
    pub fn open(&mut self, block: &Block, row: usize) -> Result<(), Overflow> {
        let (market, price) = (block.market, block.value(Column::Open, row));
        if price == NA {
            return Ok(());
        }
        let opening = Opening { market, price, time: open_time(block, row), bar_end: self.books[market].bar_end };
        let fills = self.venue.open(opening, &self.portfolio)?;
        if fills.is_empty() {
            return Ok(());
        }
        self.value_before(block.time_of(row));
        // Valued at the open, a fill costs its fee and nothing else.
        self.books[market].open_at(price);
        self.marks[market] = self.books[market].mark_half_ticks();
        fills.into_iter().try_for_each(|fill| self.book_fill(fill))
    }

    /// Ends the run here.
    pub fn finish(mut self, start: Money) -> Outcome {
        let last = self.last.unwrap_or_default();
        let equity = self.value();
        if self.last.is_some() {
            self.curve.finish(last, equity);
        }
        self.venue.expire();
        let (first, trades) = (self.first.unwrap_or(last), self.portfolio.all_trades(&self.marks));
        let summary = summarize(&Record {
            start,
            trades: &trades,
            equity: &self.curve.points,
            closes: &self.curve.closes,
            traded: self.portfolio.traded,
            fees: self.portfolio.fees,
            orders: self.venue.orders.len(),
            fills: self.fills.len(),
            first,
            last,
        });
        Outcome {
            orders: self.venue.orders,
            fills: self.fills,
            trades,
            exports: self.wishes.exports,
            equity: self.curve.points,
            closes: self.curve.closes,
            first,
            last,
            rows: self.rows,
            view: self.view,
            notes: Vec::new(),
            summary,
        }
    }

    fn book_fill(&mut self, fill: Fill) -> Result<(), Overflow> {
        self.portfolio.apply(&fill)?;
        let position = &self.portfolio.positions[fill.market];
        let view = &mut self.view.markets[fill.market];
        let held = std::mem::replace(&mut view.position, position.steps);
        view.opened += i64::from(view.position != 0 && held.signum() != view.position.signum());
        view.avg_price = self.portfolio.avg_price(fill.market);
        view.fills += 1;
        self.fills.push(fill);
        let equity = self.value();
        self.curve.push(fill.time, equity);
        Ok(())
    }

    fn value_before(&mut self, time: Nanos) {
        if self.curve.expects_before(time) {
            let equity = self.value();
            self.curve.take_before(time, equity);
        }
    }

    fn value(&mut self) -> Money {
        self.portfolio.observe(&self.marks);
        self.portfolio.equity(&self.marks)
    }
}

pub(crate) fn is_bars(lane: &Lane) -> bool {
    lane.block.schema.is_bars()
}

/// When a bar opened; files without that stamp say it by their close.
fn open_time(block: &Block, row: usize) -> Nanos {
    let told = block.value(Column::OpenTime, row);
    match block.schema {
        Schema::Bars { span_ns } if told == NA => Nanos(block.time[row].saturating_sub(span_ns)),
        _ => Nanos(told),
    }
}
