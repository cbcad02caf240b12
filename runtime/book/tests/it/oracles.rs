//! Every row of the books that others made of the same records: ten levels a side, their sizes and orders, and the totals.

use std::collections::BTreeMap;
use std::path::Path;

use gbc_book::{BookSide, Crossing, LevelBook, OrderBook};
use gbc_core::{Block, Column, NA, RowFlags, Schema};

use crate::records::{of_csv, of_parquet, shared, table};

const ORACLES: &str = "oracles/orderbook";
const SIDES: [(BookSide, &str); 2] = [(BookSide::Bid, "bid"), (BookSide::Ask, "ask")];

#[test]
fn the_snapshot_of_esh4_is_theirs() {
    let Some(folder) = shared(ORACLES) else { return };
    let played = compare(
        &of_parquet(&folder.join("esh4-20231224.records.parquet")),
        &folder.join("esh4-20231224.book10.parquet"),
    );
    assert_eq!((played.rows, played.book.len(), played.book.counts.unknown), (1, 8725, 0));
}

#[test]
fn the_book_of_esh4_is_theirs_at_every_row() {
    let Some(folder) = shared(ORACLES) else { return };
    let played = compare(
        &of_parquet(&folder.join("esh4-20231225.records.parquet")),
        &folder.join("esh4-20231225.book10.parquet"),
    );
    let counts = played.book.counts;
    assert_eq!((played.rows, played.book.len()), (47022, 11217));
    assert_eq!((counts.crossed + counts.locked, counts.unknown, counts.refused), (891, 0, 0));
}

#[test]
fn the_book_of_arl_is_theirs_at_every_row() {
    let (Some(folder), Some(data)) = (shared(ORACLES), shared("data/real/mbo_csv")) else { return };
    let mut block = of_csv(&data.join("ARL_20250717.mbo.csv"));
    // One row per record there.
    block.column_mut(Column::Flags).iter_mut().for_each(|flags| *flags |= RowFlags::LAST.0);
    let played = compare(&block, &folder.join("arl_20250717.book10.parquet"));
    assert_eq!(played.rows, 5886);
}

struct Played {
    book: OrderBook,
    rows: usize,
}

/// Plays a feed of single orders, and beside it a book by price that is told of every level which changed.
fn compare(block: &Block, expected: &Path) -> Played {
    let expected = table(expected);
    let mut book = OrderBook::new(Crossing::Shown);
    let mut levels = LevelBook::new(Crossing::Shown);
    let mut rows = 0;
    for row in 0..block.len() {
        let before = touched(&book, block, row);
        book.apply(block, row);
        let after = touched(&book, block, row);
        tell_levels(&mut levels, &book, before.into_iter().chain(after));
        if block.flags(row).has(RowFlags::LAST) {
            assert_eq!(expected["record"][rows], row as i64);
            compare_row(&expected, rows, &book);
            compare_levels(&book, &levels, row);
            rows += 1;
        }
    }
    assert_eq!(rows, expected["record"].len());
    Played { book, rows }
}

fn compare_row(expected: &BTreeMap<String, Vec<i64>>, row: usize, book: &OrderBook) {
    for (side, name) in SIDES {
        let mut shown = book.sides().levels(side);
        for depth in 0..10 {
            let told = |what: &str| expected[&format!("{name}_{what}_{depth:02}")][row];
            let level = shown.next().map_or((NA, 0, 0), |level| (level.price, level.size, level.orders));
            assert_eq!(level, (told("px"), told("sz"), told("ct")), "row {row}, {name} {depth}");
        }
        assert_eq!(book.sides().count(side) as i64, expected[&format!("{name}_levels")][row], "row {row}");
    }
    assert_eq!(book.len() as i64, expected["orders"][row], "row {row}");
}

/// Where the order of a row rests.
fn touched(book: &OrderBook, block: &Block, row: usize) -> Option<(BookSide, i64)> {
    book.order(block.value(Column::Order, row)).map(|order| (order.side, order.price))
}

fn tell_levels(levels: &mut LevelBook, book: &OrderBook, places: impl Iterator<Item = (BookSide, i64)>) {
    if book.is_empty() {
        levels.clear(None, None);
    }
    for (side, price) in places {
        let size = book.sides().size_at(side, price);
        let count = book.queue(side, price).count() as i64;
        let mut told = Block::new(0, Schema::Depth);
        told.time.push(0);
        let number = if side == BookSide::Bid { 1 } else { -1 };
        let cells = [
            (Column::Kind, 0),
            (Column::Side, number),
            (Column::Px, price),
            (Column::Sz, size),
            (Column::Count, count),
        ];
        cells.iter().for_each(|(column, value)| told.column_mut(*column).push(*value));
        levels.apply(&told, 0);
    }
}

fn compare_levels(book: &OrderBook, levels: &LevelBook, row: usize) {
    for (side, _) in SIDES {
        let (by_order, by_price) = (book.sides().levels(side), levels.sides().levels(side));
        assert!(by_order.take(10).eq(by_price.take(10)), "row {row}");
        assert_eq!(book.sides().count(side), levels.sides().count(side), "row {row}");
    }
}
