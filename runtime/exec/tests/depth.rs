//! Books of levels and of single orders, row by row: what is walked, what stays taken, who stands ahead.

use gbc_core::orders::{InForce, Unit};
use gbc_core::{Block, Column, DepthKind, MarketId, Nanos, OrderAction, Schema};
use gbc_exec::{
    Answer, Ask, Bracket, Exchange, Happened, Holds, Key, OrderKind, Profile, Purse, Refusal, Request, Size, Ticket,
};
use gbc_portfolio::{FillReason, Side};

struct NoPurse;

impl Purse for NoPurse {
    fn wanted(&self, _: MarketId, _: Unit, _: f64, _: i64) -> i64 {
        0
    }

    fn more(&self, _: MarketId, _: Unit, _: f64, _: i64, _: &[Answer]) -> i64 {
        0
    }
}

struct Stage {
    exchange: Exchange,
    schema: Schema,
    now: i64,
}

impl Stage {
    fn new(profile: &Profile, schema: Schema) -> Stage {
        let holds = Holds { bars: false, ticks: true, books: Some(schema), step: 1.0, worth: 1.0 };
        Stage { exchange: Exchange::new(profile, &[holds]), schema, now: 0 }
    }

    fn row(&mut self, kind: i64, [side, price, size, order]: [i64; 4]) {
        self.now += 1;
        let mut block = Block::new(0, self.schema);
        block.time.push(self.now);
        let cells = [
            (Column::Kind, kind),
            (Column::Side, side),
            (Column::Px, price),
            (Column::Sz, size),
            (Column::Order, order),
        ];
        cells.into_iter().for_each(|(column, value)| block.column_mut(column).push(value));
        self.exchange.tick(&block, 0, block.time_of(0), [None; 2], &NoPurse);
    }

    /// Levels of a side: 1 bids, -1 asks.
    fn levels(&mut self, side: i64, levels: &[(i64, i64)]) {
        for (price, size) in levels {
            self.row(DepthKind::Change as i64, [side, *price, *size, 0]);
        }
    }

    fn trade(&mut self, aggressor: i64, price: i64, size: i64) {
        self.row(DepthKind::Trade as i64, [aggressor, price, size, 0]);
    }

    fn order(&mut self, order: u64, steps: i64, price: Option<i64>, in_force: InForce) {
        let kind = price.map_or(OrderKind::Market, |price| OrderKind::Limit { price });
        let ask = Ask::New(Ticket {
            order,
            market: 0,
            side: Side::of(steps),
            kind,
            size: Size::Steps(steps.abs()),
            in_force,
            until: Nanos::MAX,
            post_only: false,
            group: None,
            cap: None,
            bracket: Bracket::default(),
        });
        self.exchange.arrive(&Request { at: Nanos(self.now), market: 0, ask }, &NoPurse);
    }

    fn said(&mut self) -> Vec<Happened> {
        self.exchange.take_answers().into_iter().map(|answer| answer.what).collect()
    }

    /// Price, size and reason of the fills since last asked.
    fn fills(&mut self) -> Vec<(i64, i64, FillReason)> {
        let filled = |what| match what {
            Happened::Filled { price, size, reason, .. } => Some((price, size, reason)),
            _ => None,
        };
        self.said().into_iter().filter_map(filled).collect()
    }
}

#[test]
fn who_takes_walks_the_levels_and_what_was_taken_stays_taken() {
    let mut stage = Stage::new(&Profile::strict(), Schema::Depth);
    stage.levels(1, &[(99, 5)]);
    stage.levels(-1, &[(100, 3), (101, 4), (103, 9)]);
    stage.order(1, 5, None, InForce::Gtc);
    assert_eq!(stage.fills(), [(100, 3, FillReason::Touch), (101, 2, FillReason::Touch)]);
    stage.order(2, 4, Some(101), InForce::Fok);
    assert_eq!(stage.said(), [Happened::Refused(Refusal::NotWhole)]);
    stage.levels(-1, &[(100, 2)]);
    stage.order(3, 5, Some(101), InForce::Gtc);
    assert_eq!(stage.fills(), [(100, 2, FillReason::Touch), (101, 2, FillReason::Touch)]);
    stage.levels(-1, &[(100, 1)]);
    assert_eq!(stage.fills(), [(101, 1, FillReason::Crossed)], "what rested is met at its own price");
}

#[test]
fn who_takes_whole_does_not_look_at_sizes() {
    let mut stage = Stage::new(&Profile::hft_compat(), Schema::Depth);
    stage.levels(1, &[(99, 5)]);
    stage.levels(-1, &[(100, 3), (101, 4)]);
    stage.order(1, 50, Some(101), InForce::Ioc);
    assert_eq!(stage.fills(), [(100, 50, FillReason::Touch)]);
}

#[test]
fn a_traded_lot_serves_us_once_or_each_of_us() {
    for (profile, expected) in [(Profile::strict(), vec![2]), (Profile::hft_compat(), vec![2, 2])] {
        let mut stage = Stage::new(&profile, Schema::Depth);
        stage.levels(1, &[(98, 6), (99, 5)]);
        stage.levels(-1, &[(101, 5)]);
        stage.order(1, 2, Some(99), InForce::Gtc);
        stage.order(2, 2, Some(99), InForce::Gtc);
        stage.trade(-1, 99, 5);
        assert_eq!(stage.fills(), [], "those ahead were served");
        stage.trade(-1, 99, 2);
        let sizes: Vec<i64> = stage.fills().iter().map(|(_, size, _)| *size).collect();
        assert_eq!(sizes, expected, "{}", profile.name);
    }
}

#[test]
fn a_level_that_goes_out_of_sight_moves_nobody_up() {
    let mut stage = Stage::new(&Profile::strict(), Schema::Depth);
    stage.levels(1, &[(99, 5), (98, 6)]);
    stage.levels(-1, &[(101, 5)]);
    stage.order(1, 1, Some(98), InForce::Gtc);
    stage.levels(1, &[(98, 0)]);
    assert_eq!(stage.exchange.share_ahead(0, Key::own(1)), Some(1.0));
    stage.levels(1, &[(98, 3)]);
    assert_eq!(stage.exchange.share_ahead(0, Key::own(1)), Some(0.5));
}

#[test]
fn a_new_best_price_sends_the_other_side_back_where_the_profile_says_so() {
    for (profile, expected) in [(Profile::strict(), 100), (Profile::hft_compat(), 102)] {
        let mut stage = Stage::new(&profile, Schema::Depth);
        stage.levels(-1, &[(100, 5), (102, 5)]);
        stage.levels(1, &[(101, 5)]);
        stage.order(1, 1, None, InForce::Gtc);
        assert_eq!(stage.fills(), [(expected, 1, FillReason::Touch)], "{}", profile.name);
    }
}

#[test]
fn single_orders_ahead_of_us_are_known_by_name() {
    let mut stage = Stage::new(&Profile::strict(), Schema::Orders);
    let [add, cancel, modify, fill] =
        [OrderAction::Add, OrderAction::Cancel, OrderAction::Modify, OrderAction::Fill].map(|it| it as i64);
    stage.row(add, [-1, 101, 9, 1]);
    stage.row(add, [1, 99, 4, 2]);
    stage.row(add, [1, 99, 6, 3]);
    stage.order(1, 3, Some(99), InForce::Gtc);
    stage.row(add, [1, 99, 7, 4]);
    let ahead = |stage: &Stage| stage.exchange.share_ahead(0, Key::own(1));
    assert_eq!(ahead(&stage), Some(1.0));
    stage.row(cancel, [1, 99, 1, 2]);
    stage.row(modify, [1, 99, 8, 3]);
    assert_eq!(ahead(&stage), Some(0.3), "one grew and went behind us, of the other three are left");
    stage.row(fill, [1, 99, 3, 2]);
    assert_eq!(stage.fills(), [], "who is ahead is served first");
    stage.row(fill, [1, 99, 2, 4]);
    assert_eq!(stage.fills(), [(99, 2, FillReason::Queue)]);
}

#[test]
fn what_a_trade_gave_at_a_better_price_its_fills_do_not_give_again() {
    let mut stage = Stage::new(&Profile::strict(), Schema::Orders);
    let [add, trade, fill] = [OrderAction::Add, OrderAction::Trade, OrderAction::Fill].map(|it| it as i64);
    stage.row(add, [-1, 103, 9, 1]);
    stage.order(1, 2, Some(100), InForce::Gtc);
    stage.order(2, 5, Some(99), InForce::Gtc);
    stage.row(add, [1, 99, 7, 2]);
    stage.row(trade, [-1, 99, 3, 0]);
    stage.row(fill, [1, 99, 3, 2]);
    assert_eq!(stage.fills(), [(100, 2, FillReason::Through), (99, 1, FillReason::Queue)]);
}
