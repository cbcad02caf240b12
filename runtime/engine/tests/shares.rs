//! Sizes of trades that are shares of the account: whatever happens, each is as large as the account of its first fill pays
//! for, and not a lot larger.

mod stage;

use gbc_core::orders::{
    Amount, Channel, Enter, Leave, Limit, Limited, Opens, Plan, Price, Reached, Snap, TradePlan, Unit,
};
use gbc_core::time::{MILLISECOND, MINUTE};
use gbc_core::{Block, Column, Due, Event, Fault, Money, NA, RowKind, Schema, Strategy, View, Wishes};
use gbc_engine::Outcome;
use gbc_exec::{Latency, Profile};
use gbc_portfolio::Side;
use stage::market::Dice;
use stage::{START, feed, play, setup};

const SIZE: Channel = Channel(0);
const UNIT: Channel = Channel(1);
const STOP: Channel = Channel(2);
const PRICE: Channel = Channel(3);
const HOLDS: Channel = Channel(4);
const EXIT: Channel = Channel(5);
const MOST: Channel = Channel(6);

/// Two trades on each side that enter, follow, leave and are stopped by chance, always for the same share.
struct Wild {
    plan: Plan,
    dice: Dice,
    unit: Unit,
    share: f64,
}

impl Wild {
    fn new(seed: u64, limited: bool) -> Wild {
        let mut dice = Dice(seed);
        let price = |snap| Price { at: PRICE, snap };
        let mut trade = |long| TradePlan {
            market: 0,
            long,
            enter: [Enter::Market, Enter::Limit(price(Snap::Down)), Enter::Stop(price(Snap::Up))]
                [dice.below(3) as usize],
            opens: [Opens::Fired, Opens::While(HOLDS), Opens::Flat][dice.below(3) as usize],
            size: Amount { value: SIZE, unit: Some(UNIT) },
            stop: Some(Leave::Away(STOP)),
            take: None,
            trail: None,
            exits: vec![EXIT],
            exit_after: None,
            add: None,
            at_most: Vec::new(),
            cooldown: None,
            cancel_after: None,
            via: None,
        };
        let trades = vec![trade(true), trade(false), trade(true)];
        let limit = |of| Limit::Max { of, value: MOST, of_equity: false, per: None, then: Reached::Refuse };
        let limits = if limited { vec![limit(Limited::Position)] } else { Vec::new() };
        let unit = [Unit::Cash, Unit::Equity][dice.below(2) as usize];
        let share = [1.0, 0.5, 0.25][dice.below(3) as usize];
        Wild { plan: Plan { channels: 7, trades, limits, ..Plan::default() }, dice, unit, share }
    }
}

impl Strategy for Wild {
    fn react(&mut self, event: Event<'_>, _: &View, wishes: &mut Wishes) -> Result<(), Fault> {
        let Event::Row(block, at) = event else { return Ok(()) };
        let told = [Column::Close, Column::BidPx].map(|column| block.column(column).get(at).copied().unwrap_or(NA));
        let about = told.into_iter().find(|price| *price != NA).unwrap_or(400);
        let dice = &mut self.dice;
        let fixed = [(SIZE, self.share), (UNIT, self.unit.code()), (MOST, 100.0)];
        fixed.into_iter().for_each(|(channel, value)| wishes.set(channel, value));
        match dice.below(5) {
            0 => wishes.set(STOP, (1 + dice.below(20)) as f64 * 0.25),
            1 => wishes.set(PRICE, (about + dice.below(15) - 7) as f64 * 0.25),
            2 => wishes.set(HOLDS, dice.below(2) as f64),
            3 => wishes.set(EXIT, dice.below(2) as f64),
            _ => wishes.fire(dice.below(3) as usize),
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

/// Bars that go up and down within themselves, around a hundred points.
fn bars(seed: u64, rows: usize) -> Block {
    let mut dice = Dice(seed);
    let mut block = Block::new(0, Schema::Bars { span_ns: MINUTE });
    let mut price = 400;
    for row in 0..rows as i64 {
        let open = (price + dice.below(7) - 3).max(200);
        let (up, down) = (dice.below(12), dice.below(12));
        price = open - down + dice.below(up + down + 1);
        block.time.push((row + 1) * MINUTE);
        let values = [row * MINUTE, open, open + up, open - down, price];
        let columns = [Column::OpenTime, Column::Open, Column::High, Column::Low, Column::Close];
        columns.into_iter().zip(values).for_each(|(column, value)| block.column_mut(column).push(value));
    }
    block
}

/// Quotes that are deep enough for some orders, and trades.
fn ticks(seed: u64, rows: usize) -> Block {
    let mut dice = Dice(seed);
    let mut block = Block::new(0, Schema::L1);
    let mut bid = 400;
    for row in 0..rows as i64 {
        bid = (bid + dice.below(5) - 2).max(200);
        let trade = dice.below(3) == 0;
        let quote = |value| if trade { NA } else { value };
        let told = |value| if trade { value } else { NA };
        let kind = if trade { RowKind::Trade } else { RowKind::Quote };
        block.time.push((row + 1) * 300 * MILLISECOND);
        let sizes = [50 + dice.below(900), 50 + dice.below(900), dice.below(900)];
        let values = [
            (Column::Kind, kind as i64),
            (Column::BidPx, quote(bid)),
            (Column::BidSz, quote(sizes[0])),
            (Column::AskPx, quote(bid + 1)),
            (Column::AskSz, quote(sizes[1])),
            (Column::Px, told(bid + dice.below(3) - 1)),
            (Column::Sz, told(sizes[2])),
            (Column::Side, told(dice.below(3) - 1)),
        ];
        values.into_iter().for_each(|(column, value)| block.column_mut(column).push(value));
    }
    block
}

/// What `steps` are worth at a price in ticks: half a dollar a tick, and 62 cents each for the fee.
fn worth(price: i64, steps: i64) -> i128 {
    i128::from(price) * i128::from(steps) * (Money::ONE.0 / 2)
}

fn fees(steps: i64) -> i128 {
    i128::from(steps) * 620_000_000
}

/// Holds every entry against the account as it was at its first fill; how many there were.
fn hold(outcome: &Outcome, unit: Unit, share: f64, seed: u64) -> usize {
    let (mut cash, mut position, mut entries) = (START.0, 0_i64, 0);
    let mut begun = vec![false; outcome.orders.len()];
    for fill in &outcome.fills {
        let order = &outcome.orders[fill.order as usize - 1];
        if order.parent.is_none() && !std::mem::replace(&mut begun[fill.order as usize - 1], true) {
            let money = if unit == Unit::Cash { cash } else { cash + worth(fill.price, position) };
            let budget = (money as f64 * share) as i128;
            let lots = budget / (worth(fill.price, 1) + fees(1));
            assert_eq!(i128::from(order.size), lots, "seed {seed}: {order:?} of {money} at {}", fill.price);
            entries += 1;
        }
        cash -= fill.side.sign() as i128 * worth(fill.price, fill.size) + fees(fill.size);
        position += fill.side.sign() * fill.size;
    }
    entries
}

#[test]
fn an_entry_is_what_the_account_pays_for_when_it_fills() {
    let mut entries = [0; 2];
    for seed in 0..120 {
        let mut dice = Dice(seed + 1_000);
        let mut wild = Wild::new(seed, false);
        let (unit, share) = (wild.unit, wild.share);
        let outcome = play(&mut wild, vec![feed(0, &bars(seed, 300), 64)], &setup(1, Profile::bars()));
        entries[0] += hold(&outcome, unit, share, seed);
        let latency = Latency {
            entry_ns: dice.below(3) * 200 * MILLISECOND,
            reply_ns: dice.below(3) * 500 * MILLISECOND,
            ..Latency::default()
        };
        let mut wild = Wild::new(seed, false);
        let profile = Profile { latency, ..Profile::strict() };
        let outcome = play(&mut wild, vec![feed(0, &ticks(seed, 300), 64)], &setup(1, profile));
        entries[1] += hold(&outcome, unit, share, seed);
    }
    assert!(entries.iter().all(|entries| *entries > 1_000), "{entries:?} entries prove little");
}

#[test]
fn no_share_goes_beyond_the_limit_of_a_position() {
    let (mut most, mut fills) = (0, 0);
    for seed in 0..200 {
        for (block, profile) in [(bars(seed, 300), Profile::bars()), (ticks(seed, 300), Profile::strict())] {
            let latency = Latency { entry_ns: 200 * MILLISECOND, reply_ns: 700 * MILLISECOND, ..Latency::default() };
            let outcome =
                play(&mut Wild::new(seed, true), vec![feed(0, &block, 64)], &setup(1, Profile { latency, ..profile }));
            let mut position = 0_i64;
            for fill in &outcome.fills {
                position += if fill.side == Side::Buy { fill.size } else { -fill.size };
                assert!(position.abs() <= 100, "seed {seed}: a position of {position}");
                most = most.max(position.abs());
            }
            fills += outcome.fills.len();
        }
    }
    assert!(most == 100 && fills > 5_000, "{fills} fills, {most} lots at the most");
}
