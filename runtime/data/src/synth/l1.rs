//! Best quotes and trades, event by event. A trade comes before the quote that shows its effect, as venues send them.

use gbc_core::time::{MICROSECOND, MILLISECOND};
use gbc_core::{Block, Column, NA, Nanos, RowKind, Schema};

use super::chance::Chance;
use super::{FIRST_PRICE, block_lengths, session};

/// `count` quotes and trades in regular hours, the first at or after `start`.
pub fn l1(seed: u64, count: usize, start: Nanos) -> Vec<Block> {
    l1_blocks(seed, count, start).collect()
}

/// The same, each block made when it is asked for.
pub fn l1_blocks(seed: u64, count: usize, start: Nanos) -> impl Iterator<Item = Block> {
    let mut market = Market::new(seed, session::at_or_after(start));
    block_lengths(count).map(move |rows| {
        let mut block = Block::new(0, Schema::L1);
        for _ in 0..rows {
            let trade = market.step();
            market.push(trade, &mut block);
        }
        block
    })
}

/// A best bid and ask, and what they are about to show.
struct Market {
    chance: Chance,
    time: i64,
    bid: i64,
    spread: i64,
    bid_size: i64,
    ask_size: i64,
    /// Rows come fast while a burst lasts.
    in_burst: bool,
    /// The trade whose effect the next quote shows.
    pending: Option<Trade>,
}

#[derive(Clone, Copy)]
struct Trade {
    price: i64,
    size: i64,
    side: i64,
}

impl Market {
    fn new(seed: u64, time: i64) -> Market {
        Market {
            chance: Chance::new(seed),
            time,
            bid: FIRST_PRICE,
            spread: 1,
            bid_size: 5,
            ask_size: 5,
            in_burst: false,
            pending: None,
        }
    }

    /// One row later; the trade, if it is one.
    fn step(&mut self) -> Option<Trade> {
        self.pass_time();
        if let Some(trade) = self.pending.take() {
            self.absorb(trade);
            return None;
        }
        // 14 of 100 here make about 12 of 100 rows, as each trade is followed by its quote.
        if self.chance.percent(14) {
            self.pending = Some(self.trade());
            return self.pending;
        }
        self.requote();
        None
    }

    fn pass_time(&mut self) {
        let turns = if self.in_burst { 4 } else { 2 };
        self.in_burst ^= self.chance.percent(turns);
        let most =
            if self.in_burst { 300 * MICROSECOND } else { 60 * MILLISECOND * 1000 / session::busyness(self.time) };
        self.time = session::at_or_after(Nanos(self.time + 1 + self.chance.below(most)));
    }

    /// Somebody crosses the spread, rather from the heavier side.
    fn trade(&mut self) -> Trade {
        let size = self.chance.run(55, 40);
        let buys = self.chance.below(self.bid_size + self.ask_size + 8) < self.bid_size + 4;
        match buys {
            true => Trade { price: self.bid + self.spread, size: size.min(self.ask_size), side: 1 },
            false => Trade { price: self.bid, size: size.min(self.bid_size), side: -1 },
        }
    }

    /// The quote after a trade: less size, or a level gone.
    fn absorb(&mut self, trade: Trade) {
        let left = if trade.side > 0 { &mut self.ask_size } else { &mut self.bid_size };
        *left -= trade.size;
        if *left == 0 {
            *left = self.chance.run(75, 40);
            self.bid -= i64::from(trade.side < 0);
            self.spread += 1;
            self.refill();
        }
    }

    /// Nobody leaves more than three ticks open: the other side follows.
    fn refill(&mut self) {
        while self.spread > 3 {
            self.spread -= 1;
            self.bid += self.chance.below(2);
        }
        self.bid = self.bid.max(1);
    }

    fn requote(&mut self) {
        let narrows = self.spread > 1 && self.chance.percent(30 * (self.spread - 1));
        match () {
            () if narrows && self.chance.percent(50) => {
                (self.bid, self.spread, self.bid_size) = (self.bid + 1, self.spread - 1, self.chance.run(50, 40))
            }
            () if narrows => (self.spread, self.ask_size) = (self.spread - 1, self.chance.run(50, 40)),
            () if self.spread < 3 && self.bid > 1 && self.chance.percent(4) => self.pull(),
            () => self.resize(),
        }
    }

    /// A whole level is taken back.
    fn pull(&mut self) {
        self.spread += 1;
        let size = self.chance.run(75, 40);
        if self.chance.percent(50) {
            self.ask_size = size;
        } else {
            (self.bid, self.bid_size) = (self.bid - 1, size);
        }
    }

    fn resize(&mut self) {
        let change = self.chance.run(40, 9);
        let shrinks = self.chance.percent(50);
        let size = if self.chance.percent(50) { &mut self.bid_size } else { &mut self.ask_size };
        *size += if shrinks && *size > change { -change } else { change };
        *size = (*size).min(99);
    }

    fn push(&self, trade: Option<Trade>, block: &mut Block) {
        block.time.push(self.time);
        let kind = if trade.is_some() { RowKind::Trade } else { RowKind::Quote };
        let values = [
            (Column::Kind, kind as i64),
            (Column::BidPx, self.bid),
            (Column::BidSz, self.bid_size),
            (Column::AskPx, self.bid + self.spread),
            (Column::AskSz, self.ask_size),
            (Column::Px, trade.map_or(NA, |trade| trade.price)),
            (Column::Sz, trade.map_or(0, |trade| trade.size)),
            (Column::Side, trade.map_or(0, |trade| trade.side)),
        ];
        values.iter().for_each(|(column, value)| block.column_mut(*column).push(*value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trade_shows_in_the_next_quote() {
        let blocks = l1(7, 4000, Nanos(0));
        let block = &blocks[0];
        let trades = (0..3999).filter(|row| block.is_trade(*row)).count();
        assert!((400..600).contains(&trades), "{trades} trades");
        for row in (0..3999).filter(|row| block.is_trade(*row)) {
            let touched = |column| (block.value(column, row), block.value(column, row + 1));
            let (before, after) =
                if block.value(Column::Side, row) > 0 { touched(Column::AskSz) } else { touched(Column::BidSz) };
            let size = block.value(Column::Sz, row);
            assert!(after == before - size || before == size, "row {row}");
        }
    }

    #[test]
    fn time_only_grows_and_the_spread_is_one_to_three_ticks() {
        for block in l1(8, 20_000, Nanos(0)) {
            assert!(block.time.windows(2).all(|pair| pair[0] < pair[1]));
            let (bids, asks) = (block.column(Column::BidPx), block.column(Column::AskPx));
            assert!(bids.iter().zip(asks).all(|(bid, ask)| (1..=3).contains(&(ask - bid))));
        }
    }
}
