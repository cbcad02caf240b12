//! How bars and ticks meet orders, case by case: what `docs/execution.md` promises.

use gbc_book::Level;
use gbc_core::orders::{InForce, Unit};
use gbc_core::{Block, Column, MarketId, NA, Nanos, RowKind, Schema};
use gbc_exec::{
    Answer, Ask, Bracket, Exchange, Guard, Happened, Holds, OrderKind, Part, Profile, Purse, Range, Refusal, Request,
    Size, Ticket,
};
use gbc_portfolio::FillReason::{self, Crossed, Limit, Open, Queue, Stop, Through, Touch};
use gbc_portfolio::Side;

/// Ten lots for the whole account, at any price.
struct TenLots;

impl Purse for TenLots {
    fn wanted(&self, _: MarketId, _: Unit, share: f64, _: i64) -> i64 {
        (share * 10.0) as i64
    }

    fn more(&self, market: MarketId, unit: Unit, share: f64, price: i64, _: &[Answer]) -> i64 {
        self.wanted(market, unit, share, price)
    }
}

fn ticket(order: u64, steps: i64, kind: OrderKind) -> Ticket {
    Ticket {
        order,
        market: 0,
        side: Side::of(steps),
        kind,
        size: Size::Steps(steps.abs()),
        in_force: InForce::Gtc,
        until: Nanos::MAX,
        post_only: false,
        group: None,
        cap: None,
        bracket: Bracket::default(),
    }
}

fn limit(price: i64) -> OrderKind {
    OrderKind::Limit { price }
}

fn stop(trigger: i64) -> OrderKind {
    OrderKind::Stop { trigger }
}

/// An exchange with one market, and what it said.
struct Stage {
    exchange: Exchange,
    now: i64,
    best: [Option<Level>; 2],
    answers: Vec<Answer>,
}

/// A fill: order, price, size and why; guards of order 1 are `-1` (stop) and `-2` (take).
type Filled = (i64, i64, i64, FillReason);

impl Stage {
    fn bars() -> Stage {
        Stage::new(&Profile::bars(), true)
    }

    fn ticks() -> Stage {
        Stage::new(&Profile::strict(), false)
    }

    fn new(profile: &Profile, bars: bool) -> Stage {
        let exchange = Exchange::new(profile, &[Holds { bars, ticks: !bars, books: None, step: 1.0, worth: 1.0 }]);
        Stage { exchange, now: 0, best: [None; 2], answers: Vec::new() }
    }

    fn ask(&mut self, ask: Ask) {
        self.exchange.arrive(&Request { at: Nanos(self.now), market: 0, ask }, &TenLots);
        self.answers.extend(self.exchange.take_answers());
    }

    fn order(&mut self, order: u64, steps: i64, kind: OrderKind) {
        self.ask(Ask::New(ticket(order, steps, kind)));
    }

    /// A bar of ten nanoseconds: open, high, low, close.
    fn bar(&mut self, [open, high, low, close]: [i64; 4]) {
        self.exchange.open(0, open, Nanos(self.now), &TenLots);
        self.now += 10;
        self.exchange.range(0, Range { high, low, close, end: Nanos(self.now) }, &TenLots);
        self.answers.extend(self.exchange.take_answers());
    }

    /// Bid and its size, ask and its size.
    fn quote(&mut self, [bid, bid_size, ask, ask_size]: [i64; 4]) {
        let level = |price, size| Some(Level { price, size, orders: NA });
        self.best = [level(bid, bid_size), level(ask, ask_size)];
        self.tick(&[(Column::Kind, RowKind::Quote as i64)]);
    }

    /// A trade; the side is who took: 1 a buyer, -1 a seller.
    fn trade(&mut self, price: i64, size: i64, side: i64) {
        let columns = [(Column::Px, price), (Column::Sz, size), (Column::Side, side)];
        self.tick(&[&[(Column::Kind, RowKind::Trade as i64)], &columns[..]].concat());
    }

    fn tick(&mut self, columns: &[(Column, i64)]) {
        self.now += 1;
        let mut block = Block::new(0, Schema::L1);
        block.time.push(self.now);
        columns.iter().for_each(|(column, value)| block.column_mut(*column).push(*value));
        self.exchange.tick(&block, 0, block.time_of(0), self.best, &TenLots);
        self.answers.extend(self.exchange.take_answers());
    }

    /// The fills since last asked.
    fn fills(&mut self) -> Vec<Filled> {
        let filled = |answer: Answer| match answer.what {
            Happened::Filled { price, size, reason, .. } => {
                let order = match answer.key.part {
                    Part::Own => answer.key.order as i64,
                    Part::Stop => -1,
                    Part::Take => -2,
                };
                Some((order, price, size, reason))
            }
            _ => None,
        };
        std::mem::take(&mut self.answers).into_iter().filter_map(filled).collect()
    }

    /// What else was said of an order since last asked.
    fn said(&mut self, order: u64) -> Vec<Happened> {
        let of = |answer: &Answer| answer.key.order == order && answer.key.part == Part::Own;
        std::mem::take(&mut self.answers).into_iter().filter(of).map(|answer| answer.what).collect()
    }
}

fn bracketed(order: u64, steps: i64, kind: OrderKind, stop: Guard, take: Guard) -> Ask {
    let bracket = Bracket { stop: Some(stop), take: Some(take) };
    Ask::New(Ticket { group: Some(order), bracket, ..ticket(order, steps, kind) })
}

#[test]
fn a_gap_fills_at_the_open_and_the_rest_at_its_price() {
    let mut stage = Stage::bars();
    stage.order(1, 1, OrderKind::Market);
    stage.order(2, 1, limit(105));
    stage.order(3, 1, stop(99));
    stage.order(4, 1, limit(95));
    stage.order(5, -1, stop(96));
    stage.order(6, -1, limit(120));
    stage.bar([100, 110, 95, 101]);
    assert_eq!(
        stage.fills(),
        [(1, 100, 1, Open), (2, 100, 1, Open), (3, 100, 1, Open), (4, 95, 1, Limit), (5, 96, 1, Stop)]
    );
}

#[test]
fn through_asks_for_more_than_a_touch() {
    let profile =
        Profile { bars: gbc_exec::BarRules { limit_on_touch: false, ..Profile::bars().bars }, ..Profile::bars() };
    let mut stage = Stage::new(&profile, true);
    stage.order(1, 1, limit(95));
    stage.bar([100, 110, 95, 101]);
    assert_eq!(stage.fills(), []);
    stage.bar([100, 110, 94, 101]);
    assert_eq!(stage.fills(), [(1, 95, 1, Limit)]);
}

#[test]
fn a_bar_that_reaches_both_ends_of_a_bracket_takes_the_stop() {
    let mut stage = Stage::bars();
    stage.ask(bracketed(1, 2, OrderKind::Market, Guard::Away(5), Guard::Away(8)));
    stage.bar([100, 109, 95, 101]);
    assert_eq!(stage.fills(), [(1, 100, 2, Open), (-1, 95, 2, Stop)]);
    assert!(!stage.exchange.works(0), "the take went with the lots");
}

#[test]
fn lots_that_came_in_within_a_bar_take_profit_only_at_its_close() {
    let mut stage = Stage::bars();
    stage.ask(bracketed(1, 1, stop(103), Guard::At(98), Guard::At(106)));
    stage.bar([100, 107, 99, 105]);
    assert_eq!(stage.fills(), [(1, 103, 1, Stop)]);
    stage.bar([104, 106, 103, 104]);
    assert_eq!(stage.fills(), [(-2, 106, 1, Limit)]);
    stage.ask(bracketed(2, 1, stop(103), Guard::At(98), Guard::At(106)));
    stage.bar([100, 107, 99, 106]);
    assert_eq!(stage.fills().len(), 2, "it closed where the take stood");
}

#[test]
fn a_stop_that_a_gap_jumps_over_fills_at_the_open() {
    let mut stage = Stage::bars();
    stage.ask(bracketed(1, 1, OrderKind::Market, Guard::At(95), Guard::At(110)));
    stage.bar([100, 101, 99, 100]);
    stage.bar([90, 120, 88, 100]);
    assert_eq!(stage.fills(), [(1, 100, 1, Open), (-1, 90, 1, Open)]);
}

#[test]
fn who_arrives_after_the_open_waits_for_the_next_bar() {
    let mut stage = Stage::bars();
    stage.exchange.open(0, 100, Nanos(0), &TenLots);
    stage.now = 3;
    stage.order(1, 1, limit(99));
    stage.exchange.range(0, Range { high: 101, low: 90, close: 95, end: Nanos(10) }, &TenLots);
    stage.answers.extend(stage.exchange.take_answers());
    stage.now = 10;
    assert_eq!(stage.fills(), []);
    stage.bar([97, 98, 96, 97]);
    assert_eq!(stage.fills(), [(1, 97, 1, Open)]);
}

#[test]
fn a_share_of_the_account_becomes_lots_at_the_fill() {
    let mut stage = Stage::bars();
    stage.ask(Ask::New(Ticket { size: Size::Wanted(Unit::Cash, 1.0), ..ticket(1, 1, OrderKind::Market) }));
    stage.bar([100, 100, 100, 100]);
    stage.ask(Ask::New(Ticket { size: Size::Wanted(Unit::Cash, -0.5), ..ticket(2, -1, OrderKind::Market) }));
    stage.bar([100, 100, 100, 100]);
    assert_eq!(stage.fills(), [(1, 100, 10, Open), (2, 100, 15, Open)]);
}

#[test]
fn what_was_taken_stays_taken_until_the_quote_says_something_new() {
    let mut stage = Stage::ticks();
    stage.quote([99, 5, 100, 3]);
    stage.order(1, 2, OrderKind::Market);
    stage.order(2, 2, OrderKind::Market);
    assert_eq!(stage.fills(), [(1, 100, 2, Touch), (2, 100, 1, Touch)]);
    stage.quote([99, 6, 100, 3]);
    assert_eq!(stage.fills(), [], "the ask said nothing new");
    stage.quote([99, 6, 101, 7]);
    assert_eq!(stage.fills(), [(2, 101, 1, Touch)]);
}

#[test]
fn three_orders_of_two_share_three_that_were_traded() {
    let mut stage = Stage::ticks();
    stage.quote([99, 0, 101, 9]);
    for order in 1..=3 {
        stage.order(order, 2, limit(99));
    }
    stage.trade(99, 3, -1);
    assert_eq!(stage.fills(), [(1, 99, 2, Queue), (2, 99, 1, Queue)]);
}

#[test]
fn those_ahead_are_served_first() {
    let mut stage = Stage::ticks();
    stage.quote([99, 5, 101, 9]);
    stage.order(1, 2, limit(99));
    stage.trade(99, 4, 1);
    stage.trade(99, 4, -1);
    assert_eq!(stage.fills(), [], "one lot is still ahead");
    stage.trade(99, 2, -1);
    assert_eq!(stage.fills(), [(1, 99, 1, Queue)]);
    stage.trade(98, 1, -1);
    assert_eq!(stage.fills(), [(1, 99, 1, Through)]);
}

#[test]
fn a_level_never_shown_fills_only_when_the_market_goes_beyond() {
    let mut stage = Stage::ticks();
    stage.quote([99, 5, 101, 9]);
    stage.order(1, 2, limit(97));
    stage.trade(97, 50, -1);
    assert_eq!(stage.fills(), []);
    stage.trade(96, 1, -1);
    assert_eq!(stage.fills(), [(1, 97, 1, Through)]);
}

#[test]
fn the_other_side_may_come_to_a_resting_order() {
    let mut stage = Stage::ticks();
    stage.quote([99, 5, 101, 9]);
    stage.order(1, 4, limit(100));
    stage.quote([99, 5, 100, 3]);
    assert_eq!(stage.fills(), [(1, 100, 3, Crossed)]);
}

#[test]
fn orders_say_how_they_want_to_be_filled() {
    let mut stage = Stage::ticks();
    stage.order(1, 1, OrderKind::Market);
    assert_eq!(stage.said(1), [Happened::Refused(Refusal::EmptySide)]);
    stage.quote([99, 5, 101, 3]);
    stage.ask(Ask::New(Ticket { post_only: true, ..ticket(2, 1, limit(101)) }));
    assert_eq!(stage.said(2), [Happened::Refused(Refusal::WouldTake)]);
    stage.ask(Ask::New(Ticket { in_force: InForce::Fok, ..ticket(3, 4, limit(101)) }));
    assert_eq!(stage.said(3), [Happened::Refused(Refusal::NotWhole)]);
    stage.ask(Ask::New(Ticket { in_force: InForce::Ioc, ..ticket(4, 4, limit(101)) }));
    let said = stage.said(4);
    assert!(matches!(said[..], [Happened::Filled { size: 3, left: 1, .. }, Happened::Cancelled]), "{said:?}");
}

#[test]
fn a_stop_waits_for_a_trade_and_then_takes() {
    let mut stage = Stage::ticks();
    stage.quote([99, 5, 101, 3]);
    stage.trade(100, 1, 1);
    stage.order(1, -2, stop(98));
    stage.quote([97, 1, 99, 3]);
    assert_eq!(stage.fills(), [], "trades are known, so quotes trigger nothing");
    stage.trade(98, 1, -1);
    assert_eq!(stage.fills(), [(1, 97, 1, Touch)]);
    stage.quote([96, 9, 99, 3]);
    assert_eq!(stage.fills(), [(1, 96, 1, Touch)]);
}

#[test]
fn an_order_goes_when_its_time_is_over() {
    let mut stage = Stage::ticks();
    stage.quote([99, 5, 101, 3]);
    stage.ask(Ask::New(Ticket { until: Nanos(50), ..ticket(1, 1, limit(99)) }));
    assert_eq!(stage.exchange.next_expiry(), Nanos(50));
    stage.exchange.expire(Nanos(50));
    stage.answers.extend(stage.exchange.take_answers());
    assert!(stage.said(1).contains(&Happened::Expired));
    assert!(!stage.exchange.works(0));
}

#[test]
fn what_closes_lots_never_closes_more_than_there_are() {
    let mut stage = Stage::ticks();
    stage.quote([99, 9, 101, 9]);
    stage.ask(bracketed(1, 3, OrderKind::Market, Guard::At(90), Guard::At(105)));
    stage.trade(106, 2, 1);
    let close = Ticket { size: Size::Rest, group: Some(1), ..ticket(2, -1, OrderKind::Market) };
    stage.ask(Ask::New(close));
    assert_eq!(stage.fills(), [(1, 101, 3, Touch), (-2, 105, 2, Through), (2, 99, 1, Touch)]);
    stage.ask(Ask::New(Ticket { order: 3, ..close }));
    assert_eq!(stage.said(3), [Happened::Refused(Refusal::NothingLeft)]);
    assert_eq!(stage.exchange.floor(0).position, 0);
}

#[test]
fn a_stop_limit_that_a_gap_jumps_over_rests_at_its_limit() {
    let mut stage = Stage::bars();
    stage.order(1, 1, OrderKind::StopLimit { trigger: 103, price: 105 });
    stage.bar([110, 112, 106, 108]);
    assert_eq!(stage.fills(), [], "no price that it accepts was shown");
    stage.bar([107, 108, 104, 106]);
    assert_eq!(stage.fills(), [(1, 105, 1, Limit)]);
}

#[test]
fn guards_on_the_wrong_side_of_their_entry_win_nothing() {
    let mut stage = Stage::bars();
    stage.ask(bracketed(1, 1, limit(95), Guard::At(97), Guard::At(120)));
    stage.bar([100, 110, 94, 101]);
    assert_eq!(stage.fills(), [(1, 95, 1, Limit), (-1, 95, 1, Stop)]);
}

#[test]
fn a_take_that_is_reached_already_takes_and_another_has_a_place_in_line() {
    let mut stage = Stage::ticks();
    stage.quote([99, 9, 100, 9]);
    stage.ask(bracketed(1, 1, OrderKind::Market, Guard::At(90), Guard::At(97)));
    assert_eq!(stage.fills(), [(1, 100, 1, Touch), (-2, 99, 1, Touch)]);
    stage.ask(bracketed(2, 1, OrderKind::Market, Guard::At(90), Guard::At(100)));
    stage.trade(100, 8, 1);
    assert_eq!(stage.fills(), [(2, 100, 1, Touch)], "nine stand ahead");
    stage.trade(100, 2, 1);
    assert_eq!(stage.fills(), [(-2, 100, 1, Queue)]);
}
