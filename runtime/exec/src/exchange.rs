//! The exchange: a floor for each market, by what its data can tell.

use gbc_book::Level;
use gbc_core::{Block, Column, MarketId, NA, Nanos, Schema};
use gbc_portfolio::Side;
use serde::{Deserialize, Serialize};

use crate::arrival::Arrival;
use crate::bar_floor::{BarFloor, Range};
use crate::depth_floor::DepthFloor;
use crate::floor::Floor;
use crate::message::{Answer, Ask, Key, Request};
use crate::touch_floor::TouchFloor;
use crate::{Profile, Purse};

/// All floors of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    floors: Vec<AnyFloor>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum AnyFloor {
    Bars(BarFloor),
    Touch(TouchFloor),
    Depth(Box<DepthFloor>),
}

impl AnyFloor {
    fn inner(&self) -> &Floor {
        match self {
            AnyFloor::Bars(floor) => &floor.floor,
            AnyFloor::Touch(floor) => &floor.floor,
            AnyFloor::Depth(floor) => &floor.floor,
        }
    }

    fn inner_mut(&mut self) -> &mut Floor {
        match self {
            AnyFloor::Bars(floor) => &mut floor.floor,
            AnyFloor::Touch(floor) => &mut floor.floor,
            AnyFloor::Depth(floor) => &mut floor.floor,
        }
    }
}

/// What the data of a market hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Holds {
    /// Bars.
    pub bars: bool,
    /// Quotes, trades or books.
    pub ticks: bool,
    /// Books, and of what: `Schema::Depth` or `Schema::Orders`, the finer if there are both.
    pub books: Option<Schema>,
    /// The smallest step of a quantity, in lots.
    pub step: f64,
    /// What a tick of such a step is worth.
    pub worth: f64,
}

impl Exchange {
    /// A floor for each market, by the profile and by what its data hold.
    pub fn new(profile: &Profile, markets: &[Holds]) -> Exchange {
        let floor = |(market, holds): (MarketId, &Holds)| {
            let floor = Floor::new(market, profile.slippage, holds.worth);
            if profile.meets_bars(*holds) {
                AnyFloor::Bars(BarFloor::new(floor, profile.bars))
            } else if let Some(schema) = holds.books {
                AnyFloor::Depth(Box::new(DepthFloor::new(floor, profile, schema, holds.step)))
            } else {
                AnyFloor::Touch(TouchFloor::new(floor, profile))
            }
        };
        Exchange { floors: markets.iter().enumerate().map(floor).collect() }
    }

    /// Whether bars of a market meet its orders.
    pub fn meets_bars(&self, market: MarketId) -> bool {
        matches!(self.floors[market], AnyFloor::Bars(_))
    }

    /// Whether anything of ours is there in a market.
    pub fn works(&self, market: MarketId) -> bool {
        !self.floors[market].inner().orders.is_empty()
    }

    /// What of ours is there in a market.
    pub fn floor(&self, market: MarketId) -> &Floor {
        self.floors[market].inner()
    }

    /// The best bid and ask that orders meet in a market, in ticks; nothing is known of them where bars meet them.
    pub fn best(&self, market: MarketId) -> [Option<i64>; 2] {
        match &self.floors[market] {
            AnyFloor::Bars(_) => [None; 2],
            AnyFloor::Touch(floor) => floor.best(),
            AnyFloor::Depth(floor) => floor.best(),
        }
    }

    /// Takes everything away in a market that might open lots.
    pub fn take_back(&mut self, market: MarketId, at: Nanos) {
        self.floors[market].inner_mut().take_back(at);
    }

    /// When the next order expires by itself.
    pub fn next_expiry(&self) -> Nanos {
        self.floors.iter().map(|floor| floor.inner().next_expiry()).min().unwrap_or(Nanos::MAX)
    }

    /// Orders whose time is over by `now` go.
    pub fn expire(&mut self, now: Nanos) {
        self.floors.iter_mut().for_each(|floor| floor.inner_mut().expire(now));
    }

    /// The data are over: nothing is filled any more.
    pub fn end(&mut self, at: Nanos) {
        for floor in &mut self.floors {
            let floor = floor.inner_mut();
            floor.orders.iter_mut().for_each(|order| order.until = at);
            floor.expire(at);
        }
    }

    /// A request arrives.
    pub fn arrive(&mut self, request: &Request, purse: &dyn Purse) {
        let at = request.at;
        let any = &mut self.floors[request.market];
        let index = match &request.ask {
            Ask::New(ticket) => any.inner_mut().admit(ticket, at),
            ask => any.inner_mut().change(ask, at).and_then(|key| any.inner().index_of(key)),
        };
        let Some(index) = index else { return };
        let is_new = matches!(request.ask, Ask::New(_));
        if is_new && !any.inner_mut().lets_in(index, at, purse) {
            return;
        }
        match (any, is_new) {
            (AnyFloor::Bars(floor), is_new) => floor.arrive(index, is_new, at, purse),
            (AnyFloor::Touch(floor), true) => floor.arrive(index, at, purse),
            (AnyFloor::Touch(floor), false) => floor.meet_anew(index, at, purse),
            (AnyFloor::Depth(floor), true) => floor.arrive(index, at, purse),
            (AnyFloor::Depth(floor), false) => floor.meet_anew(index, at, purse),
        }
    }

    /// A bar of the market opens.
    pub fn open(&mut self, market: MarketId, price: i64, at: Nanos, purse: &dyn Purse) {
        if let AnyFloor::Bars(floor) = &mut self.floors[market] {
            floor.open(price, at, purse);
        }
    }

    /// A bar of the market opened while nothing of ours was there.
    pub fn opened_without_us(&mut self, market: MarketId, at: Nanos) {
        if let AnyFloor::Bars(floor) = &mut self.floors[market] {
            floor.opened_without_us(at);
        }
    }

    /// A bar of the market closed there.
    pub fn closed(&mut self, market: MarketId, end: Nanos, close: i64) {
        if let AnyFloor::Bars(floor) = &mut self.floors[market] {
            floor.closed(end, close);
        }
    }

    /// The rest of a bar of the market is known.
    pub fn range(&mut self, market: MarketId, range: Range, purse: &dyn Purse) {
        if let AnyFloor::Bars(floor) = &mut self.floors[market] {
            floor.range(range, purse);
        }
    }

    /// A row of quotes, trades or books passes at a moment. `best` is what is shown after it; a floor with a book of its own
    /// knows better.
    pub fn tick(&mut self, block: &Block, row: usize, at: Nanos, best: [Option<Level>; 2], purse: &dyn Purse) {
        let floor = match &mut self.floors[block.market] {
            AnyFloor::Bars(_) => return,
            AnyFloor::Touch(floor) => floor,
            AnyFloor::Depth(floor) => return floor.row(block, row, at, purse),
        };
        let price = block.value(Column::Px, row);
        if block.is_trade(row) && price != NA {
            let (size, side) = (block.value(Column::Sz, row), block.value(Column::Side, row));
            let told = |value: i64, without: i64| if value == NA { without } else { value };
            floor.trade(price, told(size, 0), told(side, 0), at, purse);
        }
        floor.quote(best, at, purse);
    }

    /// Whether rows of a market must be shown one by one: something of ours is there, or is remembered there.
    pub fn is_watching(&self, market: MarketId) -> bool {
        match &self.floors[market] {
            AnyFloor::Bars(_) => false,
            AnyFloor::Touch(floor) => floor.is_watching(),
            // Its book is made of every row.
            AnyFloor::Depth(_) => true,
        }
    }

    /// Rows went by that nothing of ours could mind: this is what is shown now, and whether there were trades.
    pub fn pass(&mut self, market: MarketId, best: [Option<Level>; 2], trades: impl FnOnce() -> bool) {
        if let AnyFloor::Touch(floor) = &mut self.floors[market] {
            floor.pass(best, trades);
        }
    }

    /// What was said since last asked, market by market.
    pub fn take_answers(&mut self) -> Vec<Answer> {
        self.floors.iter_mut().flat_map(|floor| floor.inner_mut().take_answers()).collect()
    }

    /// The share of its level that is ahead of an order, if it rests and that is known.
    pub fn share_ahead(&self, market: MarketId, key: Key) -> Option<f64> {
        let floor = self.floor(market);
        floor.index_of(key).and_then(|index| floor.orders[index].place.share())
    }

    /// The share of its level ahead of the best order of a side that rests, and its price in ticks and open steps.
    pub fn first_in_line(&self, market: MarketId, side: Side) -> Option<(i64, i64, Option<f64>)> {
        let floor = self.floor(market);
        let ours = floor.orders.iter().enumerate().filter(|(_, order)| order.side == side && !order.closes);
        let resting = ours.filter(|(_, order)| order.rests());
        let best =
            resting.max_by_key(|(index, order)| (order.kind.limit().map(|it| side.sign() * it), usize::MAX - index));
        best.map(|(index, order)| (order.kind.limit().unwrap_or(NA), floor.left(index), order.place.share()))
    }
}
