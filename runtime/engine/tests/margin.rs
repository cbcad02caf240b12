//! Margin: no order leaves the account with less than it must have to open lots, and none that has less than it must have
//! to keep them gets away.

mod stage;

use std::collections::BTreeSet;

use gbc_core::time::{MILLISECOND, MINUTE};
use gbc_core::{Block, Column, Due, Event, Fault, Money, NA, Ratio, RowKind, Schema, Strategy, View, Wishes};
use gbc_engine::{Outcome, Setup};
use gbc_exec::{Impact, Margin, Origin, Profile, Refusal, Requirement, Slippage};
use gbc_portfolio::Fill;
use stage::market::Dice;
use stage::{feed, play, setup};

const CASH: f64 = 20_000.0;
/// A tick of a lot.
const TICK: f64 = 0.5;

/// Wants any position at any moment, most of them far too large.
struct Greedy(Dice);

impl Strategy for Greedy {
    fn react(&mut self, event: Event<'_>, _: &View, wishes: &mut Wishes) -> Result<(), Fault> {
        if let (Event::Row(..), 0) = (event, self.0.below(8)) {
            wishes.target(0, (self.0.below(441) - 220) as f64);
        }
        Ok(())
    }

    fn due(&self) -> Due {
        Due::NEVER
    }

    fn snapshot(&self) -> Vec<u64> {
        Vec::new()
    }

    fn restore(&mut self, _: &[u64]) -> bool {
        false
    }
}

fn rules() -> Margin {
    let needs =
        |dollars: i128, num, den| Requirement { per_lot: Money(dollars * Money::ONE.0), share: Ratio::new(num, den) };
    Margin { initial: needs(20, 2, 5), maintenance: needs(15, 7, 20) }
}

/// What is required of so many lots at a price in ticks: the share of their worth, and the amount for each.
fn required(lots: f64, price: f64, share: f64, per_lot: f64) -> f64 {
    lots.abs() * (price * TICK * share + per_lot)
}

fn initial(lots: f64, price: f64) -> f64 {
    required(lots, price, 0.4, 20.0)
}

fn maintenance(lots: f64, price: f64) -> f64 {
    required(lots, price, 0.35, 15.0)
}

/// The account, kept a third time.
#[derive(Clone, Copy)]
struct Count {
    cash: f64,
    lots: f64,
}

impl Count {
    fn book(&mut self, fill: &Fill) {
        let signed = (fill.side.sign() * fill.size) as f64;
        self.lots += signed;
        self.cash -= signed * fill.price as f64 * TICK + fill.fee.to_f64();
    }

    fn equity(self, price: f64) -> f64 {
        self.cash + self.lots * price * TICK
    }
}

fn with(profile: Profile) -> Setup {
    Setup { cash: Money(20_000 * Money::ONE.0), ..setup(1, Profile { margin: Some(rules()), ..profile }) }
}

/// The orders that the exchange sent.
fn called(outcome: &Outcome) -> BTreeSet<u64> {
    outcome.journal.iter().filter(|entry| entry.origin == Some(Origin::Margin)).map(|entry| entry.order).collect()
}

/// Lots never come in that the account could not carry at the price of the data.
fn opens_are_carried(outcome: &Outcome) {
    let mut count = Count { cash: CASH, lots: 0.0 };
    for fill in &outcome.fills {
        let before = count.lots;
        count.book(fill);
        let price = (fill.price - fill.side.sign() * fill.slipped) as f64;
        let carried = count.equity(price) >= initial(count.lots, price) - 1e-6;
        assert!(
            carried || count.lots.abs() <= before.abs(),
            "{fill:?} leaves {} for {}",
            count.equity(price),
            count.lots
        );
    }
}

/// Bars that go up and down, around a hundred points.
fn bars(seed: u64, rows: i64) -> Block {
    let mut dice = Dice(seed);
    let mut block = Block::new(0, Schema::Bars { span_ns: MINUTE });
    let mut price = 400;
    for row in 0..rows {
        let open = (price + dice.below(9) - 4).clamp(300, 500);
        let (up, down) = (dice.below(40), dice.below(40));
        price = open - down + dice.below(up + down + 1);
        block.time.push((row + 1) * MINUTE);
        let values = [row * MINUTE, open, open + up, open - down, price];
        let columns = [Column::OpenTime, Column::Open, Column::High, Column::Low, Column::Close];
        columns.into_iter().zip(values).for_each(|(column, value)| block.column_mut(column).push(value));
    }
    block
}

#[test]
fn with_bars_who_falls_short_is_sold_out_at_the_next_open() {
    let (mut calls, mut refused) = (0, 0);
    for seed in 0..800 {
        let slippage = Slippage { ticks: seed as i64 % 3, bps: 3.0, impact: Impact::Linear(50.0) };
        let setup = with(Profile { slippage, ..Profile::bars() });
        let block = bars(seed, 90);
        let outcome = play(&mut Greedy(Dice(seed)), vec![feed(0, &block, 64)], &setup);
        opens_are_carried(&outcome);
        let called = called(&outcome);
        let (mut count, mut fills) = (Count { cash: CASH, lots: 0.0 }, outcome.fills.iter().peekable());
        let mut short = 0;
        for (end, close) in block.time.iter().zip(block.column(Column::Close)) {
            // What fills at the very end of a bar fills at the open of the next.
            while let Some(fill) = fills.next_if(|fill| fill.time.0 < *end) {
                count.book(fill);
            }
            let price = *close as f64;
            let falls_short = count.equity(price) < maintenance(count.lots, price) - 1e-6;
            if count.lots == 0.0 || !falls_short {
                continue;
            }
            short += 1;
            let at_open = fills.clone().filter(|fill| fill.time.0 == *end && called.contains(&fill.order));
            let closed: i64 = at_open.map(|fill| fill.side.sign() * fill.size).sum();
            let is_last = *end == block.time[block.len() - 1];
            assert!(is_last || closed as f64 == -count.lots, "{closed} of {} at {end}", count.lots);
        }
        assert_eq!(outcome.summary.account.margin_calls, short, "seed {seed}");
        calls += short;
        refused += outcome.orders.iter().filter(|order| order.refusal == Some(Refusal::Margin)).count();
    }
    assert!(calls > 100 && refused > 500, "{calls} calls, {refused} refused: these runs show little");
}

/// Quotes of both sides.
fn quotes(seed: u64, rows: i64) -> Block {
    let mut dice = Dice(seed);
    let mut block = Block::new(0, Schema::L1);
    let mut bid = 400;
    for row in 0..rows {
        bid = (bid + dice.below(41) - 20).clamp(300, 500);
        block.time.push((row + 1) * 300 * MILLISECOND);
        let values = [
            (Column::Kind, RowKind::Quote as i64),
            (Column::BidPx, bid),
            (Column::BidSz, 50),
            (Column::AskPx, bid + 1),
            (Column::AskSz, 50),
            (Column::Px, NA),
            (Column::Sz, NA),
            (Column::Side, NA),
        ];
        values.into_iter().for_each(|(column, value)| block.column_mut(column).push(value));
    }
    block
}

#[test]
fn with_quotes_who_falls_short_is_sold_out_at_once() {
    let mut calls = 0;
    for seed in 0..800 {
        let block = quotes(seed, 100);
        let outcome = play(&mut Greedy(Dice(seed)), vec![feed(0, &block, 64)], &with(Profile::touch()));
        opens_are_carried(&outcome);
        let (mut count, mut fills) = (Count { cash: CASH, lots: 0.0 }, outcome.fills.iter().peekable());
        for (at, bid) in block.time.iter().zip(block.column(Column::BidPx)) {
            while let Some(fill) = fills.next_if(|fill| fill.time.0 <= *at) {
                count.book(fill);
            }
            let price = *bid as f64 + 0.5;
            let kept = count.equity(price) >= maintenance(count.lots, price) - 1e-6;
            assert!(kept || count.lots == 0.0, "{} lots with {} at {at}", count.lots, count.equity(price));
        }
        calls += outcome.summary.account.margin_calls;
    }
    assert!(calls > 100, "{calls} calls: these runs show little");
}

/// Buys 190 lots at the start, and wants them for good.
struct Stubborn;

impl Strategy for Stubborn {
    fn react(&mut self, _: Event<'_>, _: &View, wishes: &mut Wishes) -> Result<(), Fault> {
        wishes.target(0, 190.0);
        Ok(())
    }

    fn due(&self) -> Due {
        Due::NEVER
    }

    fn snapshot(&self) -> Vec<u64> {
        Vec::new()
    }

    fn restore(&mut self, _: &[u64]) -> bool {
        true
    }
}

/// Bars that open, stay and close at these prices.
fn still(prices: &[i64]) -> Block {
    let mut block = Block::new(0, Schema::Bars { span_ns: MINUTE });
    for (row, price) in prices.iter().enumerate() {
        let row = row as i64;
        block.time.push((row + 1) * MINUTE);
        block.column_mut(Column::OpenTime).push(row * MINUTE);
        let columns = [Column::Open, Column::High, Column::Low, Column::Close];
        columns.into_iter().for_each(|column| block.column_mut(column).push(*price));
    }
    block
}

#[test]
fn a_run_with_calls_says_so() {
    // 190 lots at 400 are worth 38,000 and require 19,000. At 330 they have lost 6,650, and a third of what they are worth is too much.
    let run = |profile| play(&mut Stubborn, vec![feed(0, &still(&[400, 400, 350, 330, 320, 390]), 64)], &profile);
    let outcome = run(with(Profile::bars()));
    let told: Vec<(i64, i64, i64)> =
        outcome.fills.iter().map(|fill| (fill.time.0 / MINUTE, fill.side.sign() * fill.size, fill.price)).collect();
    assert_eq!(told, [(1, 190, 400), (4, -190, 320)], "{:?}", outcome.notes);
    assert_eq!(outcome.summary.account.margin_calls, 1);
    let note = "one margin call: on 1970-01-01 the account had 13232.20 where its lots required 13822.50, and all of them were closed";
    assert_eq!(outcome.notes, [note]);
    let free = run(Setup { profile: Profile::bars(), ..with(Profile::bars()) });
    assert_eq!((free.notes.len(), free.summary.account.margin_calls, free.fills.len()), (0, 0, 1));
}
