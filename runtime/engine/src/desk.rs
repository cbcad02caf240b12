//! Everything of a run but the strategy and its feeds: books, venue, account, and what the strategy may see of them.
//!
//! Plain state: a clone of it, with the strategy's snapshot, is a run that can be resumed.

use gbc_book::{Book, extremes_half_ticks};
use gbc_core::{Block, Column, Instrument, MarketId, Money, NA, Nanos, Schema, View, Wishes};
use gbc_exec::{Exchange, Gateway, Journal, Ledger, Odds, Planner, Reconciler};
use gbc_metrics::{Record, summarize};
use gbc_portfolio::{Audit, Discrepancy, Fill, Overflow, Portfolio};
use serde::{Deserialize, Serialize};

use crate::curve::{Curve, Pace};
use crate::lane::Lane;
use crate::lanes::{Lanes, first_after};
use crate::margin::MarginDesk;
use crate::price_path::PricePath;
use crate::standing::Standings;
use crate::{Outcome, Setup};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Desk {
    pub view: View,
    pub wishes: Wishes,
    pub rows: u64,
    /// Rows that were played before it was open.
    pub warmed: u64,
    /// Whether orders go out.
    pub is_open: bool,
    pub fills: Vec<Fill>,
    first: Option<Nanos>,
    last: Option<Nanos>,
    /// What we see of each market.
    pub(crate) books: Vec<Book>,
    /// By market: whether the exchange sees rows at other times than we do, and if so what it has seen.
    pub(crate) apart: Vec<bool>,
    pub(crate) passed: Vec<Book>,
    pub(crate) standings: Standings,
    /// Half ticks by market, as the books have them.
    pub(crate) marks: Vec<Option<i64>>,
    pub(crate) reconciler: Reconciler,
    /// The last moment at which answers were heard, and how many.
    pub(crate) heard_at: (Nanos, u32),
    pub(crate) planner: Option<Planner>,
    /// Known from the setup, and so not laid down with the rest.
    #[serde(skip)]
    pub(crate) instruments: Vec<Instrument>,
    pub(crate) ledger: Ledger,
    pub(crate) gateway: Gateway,
    pub(crate) exchange: Exchange,
    pub(crate) journal: Journal,
    pub(crate) portfolio: Portfolio,
    /// The second books, and the first moment at which the two differed.
    pub(crate) audit: Audit,
    #[serde(skip)]
    pub(crate) discrepancy: Option<(Nanos, Discrepancy)>,
    /// By market: the rows that tell best how far prices went.
    finest: Vec<Option<Schema>>,
    prices: Vec<PricePath>,
    pub(crate) curve: Curve,
    pub(crate) margin: MarginDesk,
}

impl Desk {
    pub fn new(setup: &Setup, lanes: &Lanes) -> Result<Desk, Overflow> {
        let markets = setup.instruments.len();
        let holds = |market: usize| lanes.holds(market, &setup.instruments[market]);
        let apart = |market| lanes.0.iter().any(|lane| lane.market == market && lane.is_apart());
        let ticks = lanes.0.iter().any(|lane| !is_bars(lane) && !lane.block().is_empty());
        let pace = if ticks { Pace::Every(setup.equity_every_ns.max(1)) } else { Pace::EachBar };
        Ok(Desk {
            view: View::empty(markets),
            wishes: Wishes::none(markets),
            rows: 0,
            warmed: 0,
            is_open: true,
            fills: Vec::new(),
            first: None,
            last: None,
            books: vec![Book::default(); markets],
            apart: (0..markets).map(apart).collect(),
            passed: vec![Book::default(); markets],
            standings: Standings::default(),
            marks: vec![None; markets],
            reconciler: Reconciler::new(setup.instruments.iter().map(|it| it.lot).collect()),
            heard_at: (Nanos::MIN, 0),
            planner: None,
            instruments: setup.instruments.clone(),
            ledger: Ledger::new(markets),
            gateway: Gateway::new(
                setup.profile.latency.clone(),
                Odds::new(setup.profile.latency.seed, &setup.instruments),
            ),
            exchange: Exchange::new(&setup.profile, &(0..markets).map(holds).collect::<Vec<_>>()),
            journal: Journal::default(),
            portfolio: Portfolio::new(&setup.instruments, setup.cash)?,
            audit: Audit::new(&setup.instruments, setup.cash)?,
            discrepancy: None,
            finest: (0..markets).map(|market| finest_rows(lanes, market)).collect(),
            prices: vec![PricePath::new(); markets],
            curve: Curve::new(pace),
            margin: MarginDesk::new(setup.profile.margin),
        })
    }

    /// As it was laid down, with what a fresh one knows from the setup.
    pub fn of_setup(self, fresh: Desk) -> Desk {
        Desk { instruments: fresh.instruments, gateway: fresh.gateway.take_up(self.gateway), ..self }
    }

    /// The last event's time, once there was one.
    pub fn last(&self) -> Nanos {
        self.last.unwrap_or(Nanos::MIN)
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
            self.show(block, row, end);
            self.mark(market);
            self.see(block, row, end);
            row = end;
        }
        if from < to {
            self.first.get_or_insert(block.time_of(from));
            self.reach(block.time_of(to - 1));
            self.rows += (to - from) as u64;
        }
    }

    /// All rows so far.
    pub fn played(&self) -> u64 {
        self.warmed + self.rows
    }

    /// Rows `from..to` are seen before it is open.
    pub fn pass_by(&mut self, block: &Block, from: usize, to: usize) {
        self.show(block, from, to);
        self.mark(block.market);
        self.warmed += (to - from) as u64;
        self.hold_back();
    }

    /// What was asked for at an event before the opening is never sent.
    pub fn hold_back(&mut self) {
        self.wishes.fired.clear();
        self.wishes.asked.clear();
        self.wishes.exports.clear();
        self.wishes.changed = false;
    }

    /// What is wanted now is asked for with the next event.
    pub fn open_for_orders(&mut self) {
        self.is_open = true;
        self.wishes.changed = true;
    }

    /// The clock has come to `time`.
    pub fn reach(&mut self, time: Nanos) {
        self.last = self.last.max(Some(time));
    }

    /// What one is worth in a market now.
    pub fn mark(&mut self, market: MarketId) {
        self.marks[market] = self.books[market].mark_half_ticks();
    }

    /// Ends the run here.
    pub fn finish(mut self, start: Money) -> Outcome {
        let last = self.last.unwrap_or_default();
        self.settle(last);
        let equity = self.value();
        if self.last.is_some() {
            self.curve.finish(last, equity);
        }
        self.sample_prices(last);
        let (first, trades) = (self.first.unwrap_or(last), self.portfolio.all_trades(&self.marks));
        self.compare(|audit, _| audit.agrees_with_trades(&trades, equity));
        let summary = summarize(&Record {
            start,
            trades: &trades,
            equity: &self.curve.points,
            closes: &self.curve.closes,
            traded: self.portfolio.traded,
            fees: self.portfolio.fees,
            slippage: self.fills.iter().filter_map(|fill| self.portfolio.slippage(fill)).sum(),
            orders: self.ledger.orders.len(),
            fills: self.fills.len(),
            margin_calls: self.margin.calls,
            first,
            last,
        });
        Outcome {
            orders: self.ledger.orders,
            fills: self.fills,
            trades,
            journal: self.journal.entries,
            exports: self.wishes.exports,
            equity: self.curve.points,
            closes: self.curve.closes,
            prices: self.prices.into_iter().map(|path| path.spans).collect(),
            discrepancy: self.discrepancy,
            first,
            last,
            rows: self.rows,
            view: self.view,
            notes: self.margin.notes(),
            summary,
        }
    }

    pub(crate) fn value_before(&mut self, time: Nanos) {
        if self.curve.expects_before(time) {
            let equity = self.value();
            self.sample_prices(Nanos(self.curve.covers()));
            self.curve.take_before(time, equity);
        }
    }

    /// Open trades see how far the prices of these rows went.
    fn see(&mut self, block: &Block, from: usize, to: usize) {
        let market = block.market;
        if self.portfolio.positions[market].steps == 0 || self.finest[market] != Some(block.schema) {
            return;
        }
        if let Some((low, high)) = extremes_half_ticks(block, from, to) {
            self.portfolio.observe(market, low, high);
        }
    }

    fn sample_prices(&mut self, time: Nanos) {
        for (path, mark) in self.prices.iter_mut().zip(&self.marks) {
            mark.iter().for_each(|mark| path.add(time, *mark));
        }
    }

    /// Holds the account against the second books, and remembers the first difference.
    fn compare(&mut self, agrees: impl Fn(&Audit, &Portfolio) -> Result<(), Discrepancy>) {
        let found = agrees(&self.audit, &self.portfolio).err().map(|discrepancy| (self.last(), discrepancy));
        self.discrepancy = self.discrepancy.or(found);
    }

    pub(crate) fn value(&mut self) -> Money {
        for (market, mark) in self.marks.iter().enumerate() {
            mark.iter().for_each(|mark| self.portfolio.observe(market, *mark, *mark));
        }
        let equity = self.portfolio.equity(&self.marks);
        let marks = std::mem::take(&mut self.marks);
        self.compare(|audit, account| audit.agrees(equity, |market| account.mark(market, marks[market])));
        self.marks = marks;
        equity
    }
}

pub(crate) fn is_bars(lane: &Lane) -> bool {
    lane.block().schema.is_bars()
}

/// Ticks where there are any, else the finest bars: coarser ones reach back to before a fill.
fn finest_rows(lanes: &Lanes, market: MarketId) -> Option<Schema> {
    let of_market = lanes.0.iter().filter(|lane| lane.market == market && !lane.block().is_empty());
    let schemas = of_market.map(|lane| lane.block().schema);
    schemas.min_by_key(|schema| (schema.is_bars(), *schema))
}

/// When a bar opened; files without that stamp say it by their close.
pub(crate) fn open_time(block: &Block, row: usize) -> Nanos {
    let told = block.value(Column::OpenTime, row);
    match block.schema {
        Schema::Bars { span_ns } if told == NA => Nanos(block.time[row].saturating_sub(span_ns)),
        _ => Nanos(told),
    }
}
