//! The replay against loops that anybody can check by eye.

mod stage;

use gbc_core::time::MINUTE;
use gbc_core::{Block, Column, Money, NA};
use gbc_exec::{BarRules, OrderStatus, Profile};
use gbc_portfolio::FillReason;
use stage::strategies::{AboveMean, EmaCross, FAST, SLOW, above_mean};
use stage::{START, feed, market, play, setup};

/// What one loop over the rows makes of W1: fills as `(time, price, steps)`, and equity at the end in eighths of a point.
fn plain_ema_cross(block: &Block) -> (Vec<(i64, i64, i64)>, Money) {
    let (mut fast, mut slow, mut quotes, mut position, mut cash, mut fees) = (0.0, 0.0, 0, 0, 0, 0);
    let (mut fills, mut mark) = (Vec::new(), 0);
    for row in 0..block.len() {
        let (bid, ask) = (block.value(Column::BidPx, row), block.value(Column::AskPx, row));
        if block.is_trade(row) || bid == NA || ask == NA {
            continue;
        }
        mark = bid + ask;
        let mid = mark as f64 * 0.5;
        (fast, slow) = match quotes {
            0 => (mid, mid),
            _ => (fast + 2.0 / (FAST + 1.0) * (mid - fast), slow + 2.0 / (SLOW + 1.0) * (mid - slow)),
        };
        quotes += 1;
        let wanted = if fast > slow { 1 } else { -1 };
        if quotes > SLOW as i64 && fast != slow && wanted != position {
            let price = if wanted > position { ask } else { bid };
            cash -= 2 * price * (wanted - position);
            fees += (wanted - position).abs();
            fills.push((block.time[row], price, wanted - position));
            position = wanted;
        }
    }
    // A half tick is worth a quarter.
    let result = i128::from(cash + position * mark) * Money::ONE.0 / 4 - i128::from(fees) * 620_000_000;
    (fills, START + Money(result))
}

/// Ticks whose stamps are all different and whose quotes are whole, as the plain loop wants them.
fn plain_ticks() -> Block {
    let mut block = market::ticks(7, 20_000, 1_700_000_000_000_000_000);
    for row in 0..block.len() {
        block.time[row] += row as i64;
        if !block.is_trade(row) && block.value(Column::AskPx, row) == NA {
            block.column_mut(Column::AskPx)[row] = block.value(Column::BidPx, row) + 1;
        }
    }
    block
}

#[test]
fn ema_cross_at_the_touch_is_the_plain_loop() {
    let block = plain_ticks();
    let (wanted, equity) = plain_ema_cross(&block);
    assert!(wanted.len() > 100);
    for mut strategy in [EmaCross::default(), EmaCross::native()] {
        let outcome = play(&mut strategy, vec![feed(0, &block, 4096)], &setup(1, Profile::touch()));
        let fills: Vec<_> =
            outcome.fills.iter().map(|fill| (fill.time.0, fill.price, fill.side.sign() * fill.size)).collect();
        assert_eq!(fills, wanted);
        assert_eq!(outcome.equity.last().map(|point| point.equity), Some(equity));
        assert_eq!(outcome.summary.account.final_equity, equity.to_f64());
        assert!(outcome.fills.iter().all(|fill| fill.reason == FillReason::Touch));
    }
}

#[test]
fn bars_fill_at_the_next_open_and_are_valued_at_each_close() {
    let block = market::bars(3, 3000, 1_700_000_000_000_000_000 / MINUTE * MINUTE, MINUTE);
    let mut strategy = AboveMean { bars: 20, closes: Vec::new() };
    let outcome = play(&mut strategy, vec![feed(0, &block, 512)], &setup(1, Profile::bars()));

    let column = |column, row| block.value(column, row);
    let closes = block.column(Column::Close);
    let (mut position, mut half_dollars, mut fees, mut fills, mut equity) = (0, 0, 0, 0, Vec::new());
    for row in 0..block.len() {
        let wanted = if row == 0 { None } else { above_mean(&closes[..row], 20) };
        let steps = wanted.map_or(0, |wanted| wanted as i64 - position);
        if steps != 0 {
            let fill = &outcome.fills[fills];
            assert_eq!((fill.price, fill.time.0), (column(Column::Open, row), column(Column::OpenTime, row)));
            assert_eq!(fill.side.sign() * fill.size, steps);
            half_dollars -= steps * fill.price;
            fees += steps.abs();
            position += steps;
            fills += 1;
        }
        let worth = i128::from(half_dollars + position * column(Column::Close, row)) * 500_000_000;
        equity.push((block.time[row], START + Money(worth - i128::from(fees) * 620_000_000)));
    }
    assert_eq!(outcome.fills.len(), fills);
    let mut curve = outcome.equity.iter().map(|point| (point.time.0, point.equity));
    assert!(equity.iter().all(|wanted| curve.any(|point| point == *wanted)), "a close is missing or wrong");
    assert_eq!(outcome.equity.len(), block.len() + fills);
    let last = outcome.orders.last().map(|order| order.status);
    assert!(matches!(last, Some(OrderStatus::Filled | OrderStatus::Expired)));
}

#[test]
fn a_market_order_that_answers_a_close_fills_there_if_the_profile_says_so() {
    let block = market::bars(5, 2000, 1_700_000_000_000_000_000 / MINUTE * MINUTE, MINUTE);
    let rules = BarRules { market_at_close: true, limit_on_touch: true };
    let mut strategy = AboveMean { bars: 20, closes: Vec::new() };
    let profile = Profile { bars: rules, ..Profile::bars() };
    let outcome = play(&mut strategy, vec![feed(0, &block, 512)], &setup(1, profile));

    let closes = block.column(Column::Close);
    let (mut position, mut wanted_fills) = (0, Vec::new());
    for row in 0..block.len() {
        let wanted = above_mean(&closes[..=row], 20).map_or(position, |wanted| wanted as i64);
        if wanted != position {
            wanted_fills.push((block.time[row], closes[row], wanted - position));
            position = wanted;
        }
    }
    let fills = outcome.fills.iter().map(|fill| (fill.time.0, fill.price, fill.side.sign() * fill.size));
    assert_eq!(fills.collect::<Vec<_>>(), wanted_fills);
    assert!(wanted_fills.len() > 50 && outcome.fills.iter().all(|fill| fill.reason == FillReason::Close));
}
