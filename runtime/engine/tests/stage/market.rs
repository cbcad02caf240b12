//! Synthetic ticks and bars: a random walk with what real data have, equal stamps, empty sides and quiet hours.

use gbc_core::time::{HOUR, MILLISECOND, MINUTE};
use gbc_core::{Block, Column, NA, RowKind, Schema};

/// A small generator: the same numbers everywhere.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `n`.
    pub fn below(&mut self, n: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n as u64) as i64
    }
}

/// Quotes and trades from `start` on.
pub fn ticks(seed: u64, rows: usize, start: i64) -> Block {
    let mut dice = Dice(seed);
    let mut block = Block::new(0, Schema::L1);
    let (mut time, mut bid) = (start, 60_000);
    for _ in 0..rows {
        time += match dice.below(101) {
            0..20 => 0,
            95..98 => 2 * MINUTE + dice.below(HOUR),
            _ => dice.below(900 * MILLISECOND),
        };
        bid += dice.below(5) - 2;
        let trade = dice.below(4) == 0;
        let ask = if dice.below(50) == 0 { NA } else { bid + 1 + dice.below(2) };
        let kind = if trade { RowKind::Trade } else { RowKind::Quote };
        let quote = |price| if trade { NA } else { price };
        block.time.push(time);
        block.column_mut(Column::Kind).push(kind as i64);
        block.column_mut(Column::BidPx).push(quote(bid));
        block.column_mut(Column::AskPx).push(quote(ask));
        block.column_mut(Column::Px).push(if trade { bid } else { NA });
    }
    block
}

/// Bars of `span_ns`, some missing, from `start` on.
pub fn bars(seed: u64, rows: usize, start: i64, span_ns: i64) -> Block {
    let mut dice = Dice(seed);
    let mut block = Block::new(0, Schema::Bars { span_ns });
    let (mut open_time, mut price) = (start, 60_000);
    for _ in 0..rows {
        open_time += span_ns * if dice.below(40) == 0 { 1 + dice.below(900) } else { 1 };
        let open = price + dice.below(7) - 3;
        price = open + dice.below(21) - 10;
        block.time.push(open_time + span_ns);
        block.column_mut(Column::OpenTime).push(open_time);
        block.column_mut(Column::Open).push(open);
        block.column_mut(Column::Close).push(price);
    }
    block
}

/// Rows `from..to` as a block of their own.
pub fn part(block: &Block, from: usize, to: usize) -> Block {
    let mut part = Block::new(block.market, block.schema);
    part.time = block.time[from..to].to_vec();
    for column in Column::ALL {
        if !block.column(column).is_empty() {
            *part.column_mut(column) = block.column(column)[from..to].to_vec();
        }
    }
    part
}

/// The same rows with two times: the exchange had each up to `most` nanoseconds before us, in the order of the rows.
pub fn recorded(seed: u64, block: &Block, most: i64) -> Block {
    let mut dice = Dice(seed);
    let mut last = i64::MIN;
    let mut recorded = block.clone();
    for time in &block.time {
        last = last.max(time - dice.below(most + 1));
        recorded.column_mut(Column::ExchTime).push(last);
    }
    recorded
}

/// Quotes with sizes, and trades with a side.
pub fn sized(seed: u64, block: &Block) -> Block {
    let mut dice = Dice(seed);
    let mut sized = block.clone();
    for row in 0..block.len() {
        let trade = block.is_trade(row);
        let of = |column, size| if block.value(column, row) == NA { NA } else { size };
        let values = [
            (Column::BidSz, of(Column::BidPx, 1 + dice.below(9))),
            (Column::AskSz, of(Column::AskPx, 1 + dice.below(9))),
            (Column::Sz, of(Column::Px, 1 + dice.below(6))),
            (Column::Side, if trade { dice.below(3) - 1 } else { NA }),
        ];
        values.into_iter().for_each(|(column, value)| sized.column_mut(column).push(value));
    }
    sized
}
