//! A feed of levels fills like the best quotes that its book shows, however its rows are cut.

mod stage;

use gbc_core::time::DAY;
use gbc_core::{Block, Column, DepthKind, NA, RowFlags, Schema};
use gbc_exec::Profile;
use stage::strategies::EmaCross;
use stage::{feed, market, play, setup};

const FROM: i64 = 19_700 * DAY;

/// The same quotes told level by level, with levels behind them that nobody asks for.
fn told_by_level(quotes: &Block) -> Block {
    let mut block = Block::new(quotes.market, Schema::Depth);
    for row in 0..quotes.len() {
        let value = |column| quotes.value(column, row);
        if quotes.is_trade(row) {
            push(&mut block, quotes.time[row], [DepthKind::Trade as i64, 0, value(Column::Px), 1, RowFlags::LAST.0]);
            continue;
        }
        let last = |is_last: bool| if is_last { RowFlags::LAST.0 } else { 0 };
        for (side, price) in [(1, value(Column::BidPx)), (-1, value(Column::AskPx))] {
            let more = |depth: i64| {
                [DepthKind::Change as i64, side, price - side * depth, 5 + depth, last(side == -1 && depth == 2)]
            };
            let clear = last(side == -1 && price == NA);
            push(&mut block, quotes.time[row], [DepthKind::Clear as i64, side, NA, NA, clear]);
            if price != NA {
                (0..3).for_each(|depth| push(&mut block, quotes.time[row], more(depth)));
            }
        }
    }
    block
}

fn push(block: &mut Block, time: i64, values: [i64; 5]) {
    block.time.push(time);
    let columns = [Column::Kind, Column::Side, Column::Px, Column::Sz, Column::Flags];
    columns.into_iter().zip(values).for_each(|(column, value)| block.column_mut(column).push(value));
}

#[test]
fn levels_fill_like_the_quotes_they_make() {
    let quotes = market::ticks(1, 3000, FROM);
    let setup = setup(1, Profile::touch());
    let wanted = play(&mut EmaCross::default(), vec![feed(0, &quotes, 4096)], &setup);
    assert!(wanted.fills.len() > 20, "{}", wanted.fills.len());
    let levels = told_by_level(&quotes);
    for rows in [1, 7, 4096] {
        let played = play(&mut EmaCross::default(), vec![feed(0, &levels, rows)], &setup);
        assert_eq!((&played.fills, &played.trades), (&wanted.fills, &wanted.trades), "{rows} rows a block");
        assert_eq!((&played.equity, &played.summary), (&wanted.equity, &wanted.summary), "{rows} rows a block");
    }
}

#[test]
fn what_is_odd_in_a_book_is_told() {
    let mut block = Block::new(0, Schema::Depth);
    for (side, price) in [(1, 100), (-1, 101), (1, 102), (0, 100), (-1, NA)] {
        push(&mut block, FROM, [DepthKind::Change as i64, side, price, 1, RowFlags::LAST.0]);
    }
    let played = play(&mut EmaCross::default(), vec![feed(0, &block, 2)], &setup(1, Profile::touch()));
    let notes =
        ["books crossed: 3", "rows of neither side passed over: 1", "rows passed over that no book can hold: 1"];
    assert_eq!(played.notes, notes);
}
