//! Single orders made on the spot around a price that wanders, and the levels that they make.

use gbc_book::{BookSide, Crossing, OrderBook};
use gbc_core::{Block, Column, DepthKind, OrderAction, Schema};

/// Orders that rest at once, in the long run.
const RESTING: usize = 5_000;
/// Prices from the best outward at which they come.
const DEPTH: i64 = 400;

/// Additions, modifications and cancels, so many rows.
pub(super) fn orders(rows: usize) -> Block {
    let mut block = Block::new(0, Schema::Orders);
    let mut dice = Dice(7);
    let mut live: Vec<(i64, i64)> = Vec::new();
    let mut mid = 20_000;
    for row in 0..rows {
        mid += dice.below(3) - 1;
        let adds = dice.below(2 * RESTING as i64) as usize >= live.len();
        // Twice thrown, the smaller counts: most of it happens near the best price.
        let away = 1 + dice.below(DEPTH).min(dice.below(DEPTH));
        let (action, id, side) = if adds {
            let side = 1 - 2 * dice.below(2);
            live.push((row as i64, side));
            (OrderAction::Add, row as i64, side)
        } else {
            let at = dice.below(live.len() as i64) as usize;
            let (id, side) = live[at];
            if dice.below(3) == 0 {
                (OrderAction::Modify, id, side)
            } else {
                live.swap_remove(at);
                (OrderAction::Remove, id, side)
            }
        };
        block.time.push(row as i64);
        let cells = [
            (Column::Kind, action as i64),
            (Column::Order, id),
            (Column::Side, side),
            (Column::Px, mid - side * away),
            (Column::Sz, 1 + dice.below(50)),
        ];
        cells.iter().for_each(|(column, value)| block.column_mut(*column).push(*value));
    }
    block
}

/// What these orders do to levels: a row for each that an order left or came to.
pub(super) fn levels(orders: &Block) -> Block {
    let mut block = Block::new(0, Schema::Depth);
    let mut book = OrderBook::new(Crossing::Shown);
    for row in 0..orders.len() {
        let id = orders.value(Column::Order, row);
        let place = |book: &OrderBook| book.order(id).map(|order| (order.side, order.price));
        let before = place(&book);
        book.apply(orders, row);
        let after = place(&book).filter(|after| Some(*after) != before);
        for (side, price) in before.into_iter().chain(after) {
            block.time.push(orders.time[row]);
            let number = if side == BookSide::Bid { 1 } else { -1 };
            let size = book.sides().size_at(side, price);
            let cells = [
                (Column::Kind, DepthKind::Change as i64),
                (Column::Side, number),
                (Column::Px, price),
                (Column::Sz, size),
            ];
            cells.iter().for_each(|(column, value)| block.column_mut(*column).push(*value));
        }
    }
    block
}

/// A small generator: the same numbers everywhere.
struct Dice(u64);

impl Dice {
    /// A number below `n`.
    fn below(&mut self, n: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n as u64) as i64
    }
}
