//! Plans at work: what trades, quotes and orders by hand become, and what no limit lets through.

mod stage;

use gbc_core::orders::{
    Amount, Channel, Enter, InForce, Leave, Limit, Limited, Opens, Plan, Price, QuotePlan, QuoteSide, Rate, Reached,
    SendPlan, Snap, TradePlan,
};
use gbc_core::time::{MILLISECOND, MINUTE};
use gbc_core::{Asked, Block, Column, Due, Event, Fault, Strategy, View, Wishes};
use gbc_engine::Outcome;
use gbc_exec::journal::{Origin, Step};
use gbc_exec::{Latency, OrderStatus, Profile};
use gbc_portfolio::FillReason;
use stage::market::Dice;
use stage::{feed, market, play, setup};

/// A strategy that only follows a script: what it wants after each row.
struct Scripted<F> {
    plan: Plan,
    script: F,
    row: usize,
}

impl<F: FnMut(usize, Event<'_>, &View, &mut Wishes) + Send> Strategy for Scripted<F> {
    fn react(&mut self, event: Event<'_>, view: &View, wishes: &mut Wishes) -> Result<(), Fault> {
        (self.script)(self.row, event, view, wishes);
        if let Event::Row(..) = event {
            self.row += 1;
        }
        Ok(())
    }

    fn due(&self) -> Due {
        Due::NEVER
    }

    fn plan(&self) -> Option<&Plan> {
        Some(&self.plan)
    }

    fn snapshot(&self) -> Vec<u64> {
        Vec::new()
    }

    fn restore(&mut self, _: &[u64]) -> bool {
        false
    }
}

const SIZE: Channel = Channel(0);
const STOP: Channel = Channel(1);
const TAKE: Channel = Channel(2);
const EXIT: Channel = Channel(3);
const ENTER: Channel = Channel(4);
const MOST: Channel = Channel(5);
const SPAN: Channel = Channel(6);

fn trade(long: bool) -> TradePlan {
    TradePlan {
        market: 0,
        long,
        enter: Enter::Market,
        opens: Opens::Fired,
        size: Amount { value: SIZE, unit: None },
        stop: Some(Leave::Away(STOP)),
        take: Some(Leave::Away(TAKE)),
        trail: None,
        exits: vec![EXIT],
        exit_after: None,
        add: None,
        at_most: Vec::new(),
        cooldown: None,
        cancel_after: None,
        via: None,
    }
}

fn plan(trades: Vec<TradePlan>) -> Plan {
    Plan { channels: 7, trades, ..Plan::default() }
}

/// Bars of a minute, as open, high, low and close in quarter points.
fn bars(rows: &[[i64; 4]]) -> Block {
    let mut block = Block::new(0, gbc_core::Schema::Bars { span_ns: MINUTE });
    for (index, row) in rows.iter().enumerate() {
        let open_time = index as i64 * MINUTE;
        block.time.push(open_time + MINUTE);
        block.column_mut(Column::OpenTime).push(open_time);
        let columns = [Column::Open, Column::High, Column::Low, Column::Close];
        columns.into_iter().zip(row).for_each(|(column, value)| block.column_mut(column).push(*value));
    }
    block
}

/// What came of a plan on bars: fills as minute, signed steps, price and reason.
fn fills(
    plan: Plan,
    rows: &[[i64; 4]],
    script: impl FnMut(usize, Event<'_>, &View, &mut Wishes) + Send,
) -> Vec<(i64, i64, i64, FillReason)> {
    let outcome =
        play(&mut Scripted { plan, script, row: 0 }, vec![feed(0, &bars(rows), 7)], &setup(1, Profile::bars()));
    outcome
        .fills
        .iter()
        .map(|fill| (fill.time.0 / MINUTE, fill.side.sign() * fill.size, fill.price, fill.reason))
        .collect()
}

fn set(wishes: &mut Wishes, values: &[(Channel, f64)]) {
    values.iter().for_each(|(channel, value)| wishes.set(*channel, *value));
}

const STILL: [i64; 4] = [400, 402, 398, 400];

#[test]
fn a_trade_enters_at_the_next_open_and_leaves_at_its_stop() {
    let rows = [STILL, STILL, STILL, [400, 401, 390, 392], STILL];
    let told = fills(plan(vec![trade(true)]), &rows, |row, _, _, wishes| {
        // A point is four ticks: the stop is 9 ticks away, the take 20.
        set(wishes, &[(SIZE, 2.0), (STOP, 2.25), (TAKE, 5.0), (EXIT, 0.0)]);
        if row == 0 {
            wishes.fire(0);
        }
    });
    assert_eq!(told, [(1, 2, 400, FillReason::Open), (3, -2, 391, FillReason::Stop)]);
}

#[test]
fn a_take_fills_and_what_is_left_of_the_bracket_goes() {
    let rows = [STILL, STILL, [400, 421, 399, 410], STILL];
    let told = fills(plan(vec![trade(false), trade(true)]), &rows, |row, _, _, wishes| {
        set(wishes, &[(SIZE, 1.0), (STOP, 10.0), (TAKE, 5.0), (EXIT, 0.0)]);
        if row == 0 {
            wishes.fire(1);
        }
    });
    assert_eq!(told, [(1, 1, 400, FillReason::Open), (2, -1, 420, FillReason::Limit)]);
}

#[test]
fn an_exit_closes_at_the_next_open_and_a_trade_may_open_again() {
    let told = fills(plan(vec![trade(true)]), &[STILL; 8], |row, _, view, wishes| {
        let held = view.markets[0].position > 0;
        set(wishes, &[(SIZE, 1.0), (STOP, 10.0), (TAKE, 50.0), (EXIT, f64::from(held && row % 3 == 2))]);
        if row % 3 == 0 {
            wishes.fire(0);
        }
    });
    let open = FillReason::Open;
    assert_eq!(told, [(1, 1, 400, open), (3, -1, 400, open), (4, 1, 400, open), (6, -1, 400, open), (7, 1, 400, open)]);
}

#[test]
fn an_undefined_stop_or_size_opens_nothing() {
    for missing in [SIZE, STOP] {
        let told = fills(plan(vec![trade(true)]), &[STILL; 4], |_, _, _, wishes| {
            set(wishes, &[(SIZE, 1.0), (STOP, 1.0), (TAKE, 1.0), (EXIT, 0.0), (missing, f64::NAN)]);
            wishes.fire(0);
        });
        assert_eq!(told, []);
    }
}

#[test]
fn a_stop_entry_follows_its_price_while_its_condition_holds() {
    let enter = Enter::Stop(Price { at: ENTER, snap: Snap::Up });
    let follows = TradePlan { enter, opens: Opens::Flat, stop: None, take: None, ..trade(true) };
    let rows = [STILL, STILL, [401, 408, 400, 404], [404, 410, 404, 409], STILL];
    let told = fills(plan(vec![follows]), &rows, |row, _, _, wishes| {
        // 102.6 is between two ticks; a buying stop goes to the one above, 411, then the price comes down to 409.
        set(wishes, &[(SIZE, 1.0), (EXIT, 0.0), (ENTER, if row < 2 { 102.6 } else { 102.25 })]);
    });
    assert_eq!(told, [(3, 1, 409, FillReason::Stop)]);
}

#[test]
fn r_is_told_and_a_take_may_be_made_of_it() {
    let with_r = TradePlan { take: Some(Leave::Away(TAKE)), ..trade(true) };
    let told_plan = Plan { listens: true, ..plan(vec![with_r]) };
    let rows = [STILL, [400, 403, 399, 400], [400, 412, 399, 410], STILL];
    let told = fills(told_plan, &rows, |row, _, view, wishes| {
        set(wishes, &[(SIZE, 1.0), (STOP, 1.5), (EXIT, 0.0), (TAKE, 2.0 * view.risked[0])]);
        if row == 0 {
            wishes.fire(0);
        }
    });
    assert_eq!(told, [(1, 1, 400, FillReason::Open), (2, -1, 412, FillReason::Limit)], "twice six ticks");
}

#[test]
fn a_trade_opens_no_more_often_than_it_may() {
    let rate = Rate { count: MOST, per: gbc_core::orders::Per::Span(SPAN) };
    let seldom = TradePlan { at_most: vec![rate], ..trade(true) };
    let told = fills(plan(vec![seldom]), &[STILL; 12], |row, _, view, wishes| {
        let held = view.markets[0].position > 0;
        set(wishes, &[(SIZE, 1.0), (STOP, 10.0), (TAKE, 50.0), (EXIT, f64::from(held))]);
        set(wishes, &[(MOST, 1.0), (SPAN, 5.0 * MINUTE as f64)]);
        if row % 2 == 0 {
            wishes.fire(0);
        }
    });
    let opened: Vec<i64> = told.iter().filter(|fill| fill.1 > 0).map(|fill| fill.0).collect();
    assert_eq!(opened, [1, 7]);
}

/// Ticks as `market::ticks` makes them, with sizes and the side that took.
fn sized_ticks(seed: u64, rows: usize) -> Block {
    let mut block = market::ticks(seed, rows, 1_700_000_000_000_000_000);
    let mut dice = Dice(seed ^ 0x5eed);
    for row in 0..rows {
        let trade = block.is_trade(row);
        let size = |dice: &mut Dice| 1 + dice.below(4);
        for (column, here) in [(Column::BidSz, !trade), (Column::AskSz, !trade), (Column::Sz, trade)] {
            let size = size(&mut dice);
            block.column_mut(column).push(if here { size } else { gbc_core::NA });
        }
        let side = if trade { dice.below(3) - 1 } else { gbc_core::NA };
        block.column_mut(Column::Side).push(side);
    }
    block
}

/// Trades both ways, a quote and orders by hand in one market, all moved about by chance, under a limit of three lots.
fn wild(seed: u64) -> (Outcome, i64) {
    let mut dice = Dice(seed);
    let price = |at, snap| Price { at, snap };
    let side = |snap| QuoteSide { size: SIZE, price: price(ENTER, snap), condition: Some(EXIT), keep: None };
    let enters = [Enter::Market, Enter::Limit(price(ENTER, Snap::Down)), Enter::Stop(price(ENTER, Snap::Up))];
    let opens = [Opens::Fired, Opens::While(MOST), Opens::Flat];
    let some_trade = |dice: &mut Dice, long| TradePlan {
        enter: enters[dice.below(3) as usize],
        opens: opens[dice.below(3) as usize],
        cancel_after: (dice.below(2) == 0).then_some(SPAN),
        exit_after: (dice.below(2) == 0).then_some(SPAN),
        add: (dice.below(3) == 0).then_some([SIZE, TAKE, STOP]),
        trail: (dice.below(3) == 0).then_some([STOP, TAKE]),
        ..trade(long)
    };
    let send = SendPlan {
        market: 0,
        buy: dice.below(2) == 0,
        limit: Some(Snap::Nearest),
        stop: None,
        in_force: InForce::Gtc,
        post_only: false,
    };
    // The limit itself has a channel that no rule moves.
    let limit =
        Limit::Max { of: Limited::Position, value: Channel(7), of_equity: false, per: None, then: Reached::Refuse };
    let wild = Plan {
        channels: 8,
        trades: vec![some_trade(&mut dice, true), some_trade(&mut dice, false)],
        quotes: vec![QuotePlan {
            market: 0,
            sides: [Some(side(Snap::Down)), Some(side(Snap::Up))],
            levels: None,
            post_only: dice.below(2) == 0,
            rest: None,
            rate: None,
        }],
        sends: vec![send],
        limits: vec![limit],
        listens: dice.below(2) == 0,
        ..Plan::default()
    };
    let latency = Latency {
        entry_ns: dice.below(3) * 700 * MILLISECOND,
        amend_ns: dice.below(3) * 400 * MILLISECOND,
        cancel_ns: dice.below(3) * 900 * MILLISECOND,
        reply_ns: dice.below(3) * 800 * MILLISECOND,
        ..Latency::default()
    };
    let setup = setup(1, Profile { latency, ..Profile::strict() });
    let block = sized_ticks(seed, 600);
    let script = move |_: usize, event: Event<'_>, _: &View, wishes: &mut Wishes| {
        wishes.set(Channel(7), 3.0);
        // Who answers every answer with an order never comes to an end; this one acts on rows alone.
        let Event::Row(block, at) = event else { return };
        let about = block.value(Column::BidPx, at);
        let about = if about == gbc_core::NA { 60_000 } else { about };
        match dice.below(8) {
            0 => set(wishes, &[(SIZE, dice.below(4) as f64)]),
            1 => set(wishes, &[(STOP, dice.below(6) as f64 * 0.25), (TAKE, dice.below(9) as f64 * 0.25)]),
            2 => set(wishes, &[(ENTER, (about + dice.below(9) - 4) as f64 * 0.25 + 0.1 * dice.below(2) as f64)]),
            3 => set(wishes, &[(EXIT, dice.below(2) as f64), (MOST, dice.below(2) as f64)]),
            4 => set(wishes, &[(SPAN, (dice.below(5) * 1000 * MILLISECOND) as f64)]),
            5 => wishes.fire(dice.below(2) as usize),
            6 => wishes.ask(Asked::Send {
                send: 0,
                size: dice.below(3) as f64,
                limit: about as f64 * 0.25,
                stop: f64::NAN,
            }),
            _ => wishes.ask(Asked::Cancel { send: 0 }),
        }
    };
    let outcome = play(&mut Scripted { plan: wild, script, row: 0 }, vec![feed(0, &block, 64)], &setup);
    let (mut position, mut most) = (0_i64, 0);
    for fill in &outcome.fills {
        position += fill.side.sign() * fill.size;
        most = position.abs().max(most);
    }
    (outcome, most)
}

#[test]
fn no_chain_of_events_breaks_the_limit_of_a_position() {
    let (mut fills, mut reached) = (0, 0);
    for seed in 0..400 {
        let (outcome, most) = wild(seed);
        assert!(most <= 3, "seed {seed}: a position of {most} lots");
        let open = outcome.orders.iter().find(|order| order.status == OrderStatus::Pending);
        assert!(open.is_none(), "seed {seed}: {open:?} never ended");
        for order in &outcome.orders {
            assert!(order.filled <= order.size, "seed {seed}: {order:?}");
        }
        fills += outcome.fills.len();
        reached += usize::from(most == 3);
    }
    // A search that hardly trades would prove nothing.
    assert!(fills > 20_000 && reached > 200, "{fills} fills, the limit reached {reached} times");
}

#[test]
fn a_plan_does_the_same_again() {
    let (whole, _) = wild(7);
    let (again, _) = wild(7);
    assert!(whole == again);
}

#[test]
fn the_journal_tells_who_stood_ahead_of_an_order_and_what_was_traded() {
    let rows = [[400, 12, 401, 5, 0, 0], [400, 12, 401, 5, 0, 0], [0, 0, 0, 0, 400, 5], [0, 0, 0, 0, 400, 9]];
    let mut block = Block::new(0, gbc_core::Schema::L1);
    for (index, row) in rows.iter().enumerate() {
        let trade = row[4] > 0;
        block.time.push((index as i64 + 1) * 1000 * MILLISECOND);
        let kind = if trade { gbc_core::RowKind::Trade } else { gbc_core::RowKind::Quote };
        block.column_mut(Column::Kind).push(kind as i64);
        let columns = [Column::BidPx, Column::BidSz, Column::AskPx, Column::AskSz, Column::Px, Column::Sz];
        columns.into_iter().zip(row).enumerate().for_each(|(place, (column, value))| {
            block.column_mut(column).push(if trade == (place > 3) { *value } else { gbc_core::NA });
        });
        block.column_mut(Column::Side).push(if trade { -1 } else { gbc_core::NA });
    }
    let send = SendPlan {
        market: 0,
        buy: true,
        limit: Some(Snap::Nearest),
        stop: None,
        in_force: InForce::Gtc,
        post_only: false,
    };
    let by_hand = Plan { channels: 0, sends: vec![send], ..Plan::default() };
    let script = |row: usize, _: Event<'_>, _: &View, wishes: &mut Wishes| {
        if row == 0 {
            wishes.ask(Asked::Send { send: 0, size: 2.0, limit: 100.0, stop: f64::NAN });
        }
    };
    let profile = Profile { latency: Latency { entry_ns: 7, reply_ns: 3, ..Latency::default() }, ..Profile::strict() };
    let outcome = play(&mut Scripted { plan: by_hand, script, row: 0 }, vec![feed(0, &block, 2)], &setup(1, profile));
    let told: Vec<_> = outcome.journal.iter().map(|it| (it.step, it.left, it.ahead, it.traded)).collect();
    assert_eq!(
        told,
        [
            (Step::Sent, 2, None, None),
            (Step::Arrived, 2, None, None),
            (Step::Accepted, 2, Some(12.0), Some(0)),
            // Of 14 traded, 12 were for those ahead.
            (Step::Filled, 0, Some(7.0), Some(14)),
        ]
    );
    let [sent, arrived, accepted, _] = outcome.journal[..] else { panic!("{:?}", outcome.journal) };
    assert_eq!(
        (sent.origin, sent.then, arrived.best),
        (Some(Origin::Send(0)), Some(arrived.at), [Some(400), Some(401)])
    );
    assert_eq!((arrived.at.0 - sent.at.0, accepted.then), (7, Some(gbc_core::Nanos(accepted.at.0 + 3))));
}
