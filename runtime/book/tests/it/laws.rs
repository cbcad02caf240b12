//! Random feeds: a book by order is the plain list, a book by price is its totals, a book that retreats is two maps with
//! two marks, and nothing that a file can hold is a panic.

use std::collections::BTreeMap;

use gbc_book::{BookSide, Crossing, LevelBook, OrderBook};
use gbc_core::{Block, Column, DepthKind, NA, OrderAction, Schema};
use proptest::prelude::*;

use crate::naive::{NaiveBook, Said};

const SIDES: [BookSide; 2] = [BookSide::Bid, BookSide::Ask];

fn side() -> impl Strategy<Value = Option<BookSide>> {
    prop_oneof![8 => Just(Some(BookSide::Bid)), 8 => Just(Some(BookSide::Ask)), 1 => Just(None)]
}

fn said() -> impl Strategy<Value = Said> {
    use OrderAction::*;
    let action = prop_oneof![
        12 => Just(Add), 6 => Just(Cancel), 6 => Just(Modify), 3 => Just(Remove), 1 => Just(Trade), 1 => Just(Fill), 1 => Just(Clear)
    ];
    // Few numbers and few prices: orders meet, and share levels.
    (action, 0..30_i64, side(), 95..105_i64, 0..6_i64).prop_map(|(action, id, side, price, size)| Said {
        action,
        id,
        side,
        price,
        size,
    })
}

fn number(side: Option<BookSide>) -> i64 {
    side.map_or(0, |side| if side == BookSide::Bid { 1 } else { -1 })
}

fn row(schema: Schema, cells: &[(Column, i64)]) -> Block {
    let mut block = Block::new(0, schema);
    block.time.push(0);
    cells.iter().for_each(|(column, value)| block.column_mut(*column).push(*value));
    block
}

fn order_row(said: Said) -> Block {
    let cells = [
        (Column::Kind, said.action as i64),
        (Column::Order, said.id),
        (Column::Side, number(said.side)),
        (Column::Px, said.price),
        (Column::Sz, said.size),
    ];
    row(Schema::Orders, &cells)
}

fn shown<'a>(levels: impl Iterator<Item = gbc_book::Level> + 'a) -> Vec<(i64, i64, i64)> {
    levels.map(|level| (level.price, level.size, level.orders)).collect()
}

proptest! {
    #[test]
    fn a_book_by_order_is_the_plain_list(feed in prop::collection::vec(said(), 1..200)) {
        let (mut book, mut list) = (OrderBook::new(Crossing::Shown), NaiveBook::default());
        for said in feed {
            book.apply(&order_row(said), 0);
            list.apply(said);
            prop_assert_eq!(book.len(), list.0.len());
            for side in SIDES {
                let levels = list.levels(side);
                prop_assert_eq!(book.sides().count(side), levels.len());
                for (price, size, _) in &levels {
                    prop_assert_eq!(book.sides().size_at(side, *price), *size);
                    let ours: Vec<i64> = book.queue(side, *price).map(|order| order.id).collect();
                    let theirs: Vec<i64> = list.queue(side, *price).map(|order| order.id).collect();
                    prop_assert_eq!(ours, theirs);
                }
                prop_assert_eq!(shown(book.sides().levels(side)), levels);
            }
            for id in 0..30 {
                prop_assert_eq!(book.ahead_of(id), list.ahead_of(id), "order {}", id);
            }
        }
    }

    #[test]
    fn a_book_by_price_is_the_totals_of_the_book_by_order(feed in prop::collection::vec(said(), 1..200)) {
        let (mut by_order, mut by_price) = (OrderBook::new(Crossing::Shown), LevelBook::new(Crossing::Shown));
        for said in feed {
            by_order.apply(&order_row(said), 0);
            for (side, price) in SIDES.into_iter().flat_map(|side| (95..105).map(move |price| (side, price))) {
                let count = by_order.queue(side, price).count() as i64;
                by_price.set(side, price, by_order.sides().size_at(side, price), count);
            }
            for side in SIDES {
                prop_assert_eq!(shown(by_order.sides().levels(side)), shown(by_price.sides().levels(side)));
            }
        }
    }

    #[test]
    fn a_book_that_retreats_is_two_maps_with_two_marks(feed in prop::collection::vec(told(), 1..300)) {
        let (mut book, mut maps) = (LevelBook::new(Crossing::Retreats), Maps::default());
        for told in feed {
            let (kind, side, price, size) = told;
            let cells = [(Column::Kind, kind as i64), (Column::Side, number(Some(side))), (Column::Px, price), (Column::Sz, size)];
            book.apply(&row(Schema::Depth, &cells), 0);
            maps.apply(told);
            let best = SIDES.map(|side| book.sides().best(side).map(|level| level.price));
            prop_assert_eq!(best, maps.best, "after {:?}", told);
            for (side, price) in SIDES.into_iter().flat_map(|side| (95..105).map(move |price| (side, price))) {
                prop_assert_eq!(book.sides().size_at(side, price), maps.size_at(side, price));
            }
            prop_assert_eq!(book.counts.crossed + book.counts.locked, 0);
        }
    }

    #[test]
    fn no_row_is_a_panic(feed in prop::collection::vec(prop::array::uniform5(hostile()), 1..60), schema in 0..2_usize) {
        let columns = [Column::Kind, Column::Side, Column::Px, Column::Sz, Column::Order];
        for crossing in [Crossing::Shown, Crossing::Retreats] {
            let (mut levels, mut orders) = (LevelBook::new(crossing), OrderBook::new(crossing));
            for values in &feed {
                let cells: Vec<_> = columns.into_iter().zip(*values).collect();
                if schema == 0 { levels.apply(&row(Schema::Depth, &cells), 0) } else { orders.apply(&row(Schema::Orders, &cells), 0) }
            }
            for side in SIDES {
                let sizes = levels.sides().levels(side).chain(orders.sides().levels(side)).map(|level| level.size);
                prop_assert!(sizes.into_iter().all(|size| size > 0));
            }
        }
    }
}

fn hostile() -> impl Strategy<Value = i64> {
    prop_oneof![
        6 => -1..8_i64,
        1 => prop::sample::select(vec![NA, i64::MIN + 1, i64::MAX, i64::MAX - 1]),
        1 => any::<i64>(),
    ]
}

type Told = (DepthKind, BookSide, i64, i64);

fn told() -> impl Strategy<Value = Told> {
    let kind = prop_oneof![20 => Just(DepthKind::Change), 4 => Just(DepthKind::Snapshot), 1 => Just(DepthKind::Clear)];
    (kind, prop::sample::select(SIDES.to_vec()), 95..105_i64, 0..4_i64)
}

/// The rule word by word: what is stored, and where the best of each side is.
#[derive(Default)]
struct Maps {
    stored: [BTreeMap<i64, i64>; 2],
    best: [Option<i64>; 2],
}

impl Maps {
    fn size_at(&self, side: BookSide, price: i64) -> i64 {
        self.stored[side as usize].get(&price).copied().unwrap_or(0)
    }

    fn is_better(side: BookSide, one: i64, than: i64) -> bool {
        if side == BookSide::Bid { one > than } else { one < than }
    }

    /// The best of what is stored and worse than `price`.
    fn next(&self, side: BookSide, price: i64) -> Option<i64> {
        match side {
            BookSide::Bid => self.stored[0].range(..price).next_back().map(|(price, _)| *price),
            BookSide::Ask => self.stored[1].range(price + 1..).next().map(|(price, _)| *price),
        }
    }

    fn apply(&mut self, (kind, side, price, size): Told) {
        let (own, other) = (side as usize, side.other() as usize);
        if kind == DepthKind::Clear {
            let best = self.best[own];
            let gone = |at: i64| {
                best.is_some_and(|best| !Self::is_better(side, at, best)) && !Self::is_better(side, price, at)
            };
            self.stored[own].retain(|at, _| !gone(*at));
            if best.is_some_and(gone) {
                self.best[own] = self.next(side, price);
            }
        } else if size == 0 {
            self.stored[own].remove(&price);
            if self.best[own] == Some(price) {
                self.best[own] = self.next(side, price);
            }
        } else {
            self.stored[own].insert(price, size);
            if self.best[own].is_none_or(|best| Self::is_better(side, price, best)) {
                self.best[own] = Some(price);
                if self.best[other].is_some_and(|best| !Self::is_better(side, best, price)) {
                    self.best[other] = self.next(side.other(), price);
                }
            }
        }
    }
}
