//! Data that the exchange has before us: what holds of them whatever is played, and what a plain loop makes of them.

mod stage;

use gbc_core::time::{DAY, MILLISECOND, MINUTE};
use gbc_core::{Block, Column, DepthKind, NA, RowFlags, Schema, Strategy};
use gbc_engine::{Checkpoint, FeedInput, Outcome, Replay, Setup};
use gbc_exec::{FeedDelay, Jitter, Latency, Profile};
use stage::quoter::NosyQuoter;
use stage::strategies::{EmaCross, Nosy};
use stage::{feed, market, play, setup};

const FROM: i64 = 19_700 * DAY;

/// A world: its data, and by which rules they are played.
type World = (&'static str, Vec<(usize, Block)>, Setup);

fn delayed(profile: Profile, feed: FeedDelay, jitter: bool) -> Profile {
    let jitter = match jitter {
        false => Jitter::default(),
        true => Jitter {
            feed_ns: 300 * MILLISECOND,
            entry_ns: 200 * MILLISECOND,
            amend_ns: 90 * MILLISECOND,
            cancel_ns: 400 * MILLISECOND,
            reply_ns: 250 * MILLISECOND,
        },
    };
    let latency = Latency {
        feed,
        entry_ns: 150 * MILLISECOND,
        amend_ns: 50 * MILLISECOND,
        cancel_ns: 250 * MILLISECOND,
        reply_ns: 100 * MILLISECOND,
        jitter,
        ..Latency::default()
    };
    Profile { latency, ..profile }
}

fn tenths(mut block: Block) -> Block {
    block.time.iter_mut().for_each(|time| *time -= *time % (100 * MILLISECOND));
    block
}

fn quotes(seed: u64, rows: usize) -> Block {
    market::sized(seed, &tenths(market::ticks(seed, rows, FROM)))
}

/// A book told by changes, some of which only the exchange, or only we, have in their place.
fn levels(seed: u64, rows: usize) -> Block {
    let mut dice = market::Dice(seed);
    let mut block = Block::new(0, Schema::Depth);
    let (mut time, mut exchange) = (FROM, FROM - 900 * MILLISECOND);
    for _ in 0..rows {
        let who = match dice.below(12) {
            0 => RowFlags::EXCH_ONLY,
            1 => RowFlags::LOCAL_ONLY,
            _ => RowFlags::default(),
        };
        if !who.has(RowFlags::EXCH_ONLY) {
            time += 100 * MILLISECOND * dice.below(8);
        }
        // Now and then a clock is wrong.
        let told = time - 100 * MILLISECOND * (dice.below(9) - i64::from(dice.below(40) == 0) * 30);
        exchange = if who.has(RowFlags::LOCAL_ONLY) { exchange } else { exchange.max(told.min(time + DAY)) };
        let trade = dice.below(4) == 0;
        let side = 1 - 2 * dice.below(2);
        let price = 60_000 - side * (1 + dice.below(4)) + dice.below(2);
        let kind = if trade { DepthKind::Trade } else { DepthKind::Change };
        block.time.push(time);
        let cells = [
            (Column::Kind, kind as i64),
            (Column::Side, if trade { -side } else { side }),
            (Column::Px, price),
            (Column::Sz, dice.below(7)),
            (Column::Flags, who.0 | if dice.below(5) == 0 { 0 } else { RowFlags::LAST.0 }),
            (Column::ExchTime, if dice.below(60) == 0 { exchange + 3 * DAY } else { exchange }),
        ];
        cells.into_iter().for_each(|(column, value)| block.column_mut(column).push(value));
    }
    block
}

fn worlds() -> Vec<World> {
    let after = FeedDelay::After(500 * MILLISECOND);
    let ticks = || vec![(0, quotes(1, 700))];
    let several = vec![
        (0, quotes(2, 500)),
        (1, market::bars(3, 300, FROM, MINUTE)),
        (2, market::recorded(4, &quotes(5, 500), 700 * MILLISECOND)),
        (0, market::recorded(6, &quotes(7, 500), 700 * MILLISECOND)),
    ];
    let recorded = vec![(0, market::recorded(8, &quotes(9, 700), 900 * MILLISECOND))];
    let bars_too = vec![(0, quotes(11, 700)), (0, market::bars(12, 200, FROM, MINUTE))];
    let of = |name, profile, feed, jitter, data: Vec<(usize, Block)>| {
        let markets = data.iter().map(|(market, _)| market + 1).max().unwrap_or(0);
        (name, data, setup(markets, delayed(profile, feed, jitter)))
    };
    vec![
        of("ticks after a delay", Profile::touch(), after, false, ticks()),
        of("ticks by chance", Profile::strict(), after, true, ticks()),
        of("ticks as recorded", Profile::strict(), FeedDelay::Recorded, false, recorded.clone()),
        of("ticks as recorded, and chance", Profile::touch(), FeedDelay::Recorded, true, recorded),
        of("several markets", Profile::strict(), FeedDelay::Recorded, false, several.clone()),
        of("several markets after a delay", Profile::touch(), after, true, several),
        of("ticks and bars", Profile::strict(), after, false, bars_too.clone()),
        of("bars and ticks", Profile::bars(), after, true, bars_too),
        of("levels", Profile::strict(), FeedDelay::Recorded, false, vec![(0, levels(13, 1000))]),
        of("levels by chance", Profile::hft_compat(), FeedDelay::Recorded, true, vec![(0, levels(17, 1000))]),
        of("levels after a delay", Profile::strict(), after, false, vec![(0, levels(15, 1000))]),
    ]
}

fn feeds(data: &[(usize, Block)], rows: usize) -> Vec<FeedInput> {
    data.iter().map(|(market, block)| feed(*market, block, rows)).collect()
}

/// Every strategy that plays in a world, fresh.
fn strategies(setup: &Setup) -> Vec<Box<dyn Strategy>> {
    let nosy = Nosy::new(setup.instruments.len(), FROM + 17);
    vec![Box::new(nosy), Box::new(NosyQuoter::new(false)), Box::new(NosyQuoter::new(true))]
}

fn same(found: &Outcome, wanted: &Outcome, what: &str) {
    let first = found.journal.iter().zip(&wanted.journal).find(|(found, wanted)| found != wanted);
    assert!(first.is_none(), "{what}: {first:?}");
    let first = found.fills.iter().zip(&wanted.fills).find(|(found, wanted)| found != wanted);
    assert!(first.is_none(), "{what}: {first:?}");
    assert!(found == wanted, "{what}");
}

#[test]
fn how_rows_are_cut_into_blocks_changes_nothing() {
    for (name, data, setup) in worlds() {
        for (index, mut strategy) in strategies(&setup).into_iter().enumerate() {
            let whole = play(&mut *strategy, feeds(&data, 4096), &setup);
            assert!(whole.fills.len() > 20, "{name}, {index}: {} fills", whole.fills.len());
            for rows in [1, 7, 100] {
                let mut strategy = strategies(&setup).swap_remove(index);
                same(&play(&mut *strategy, feeds(&data, rows), &setup), &whole, &format!("{name}, {index}, by {rows}"));
            }
        }
    }
}

#[test]
fn a_run_laid_down_and_taken_up_is_the_run() {
    for (name, data, setup) in worlds() {
        for (index, mut strategy) in strategies(&setup).into_iter().enumerate() {
            let whole = play(&mut *strategy, feeds(&data, 512), &setup);
            for rows in [0, 1, 2, 511, 777, 1100, whole.rows - 1, whole.rows] {
                let [mut strategy, mut fresh] = [0; 2].map(|_| strategies(&setup).swap_remove(index));
                let mut replay = Replay::new(feeds(&data, 512), &setup).unwrap();
                replay.advance(&mut *strategy, rows).unwrap();
                let bytes = replay.checkpoint(&*strategy).to_bytes("this run");
                let checkpoint = Checkpoint::from_bytes(&bytes, "this run").expect("just laid down");
                let resumed = Replay::resume(feeds(&data, 33), &setup, &checkpoint, &mut *fresh).unwrap();
                let mut resumed = resumed.expect("its own");
                while resumed.advance(&mut *fresh, 1000).unwrap() {}
                same(&resumed.outcome(), &whole, &format!("{name}, {index}, after {rows} rows"));
            }
        }
    }
}

#[test]
fn the_order_of_the_command_line_has_no_say() {
    for (name, mut data, setup) in worlds() {
        // Two feeds of one market and one schema fall back on it.
        data.dedup_by_key(|(market, block)| (*market, block.schema));
        let outcome =
            |data: &[(usize, Block)]| play(&mut Nosy::new(setup.instruments.len(), FROM), feeds(data, 100), &setup);
        let mut turned = data.clone();
        turned.sort_by_key(|(market, block)| std::cmp::Reverse((*market, block.schema)));
        data.sort_by_key(|(market, block)| (*market, block.schema));
        same(&outcome(&turned), &outcome(&data), name);
    }
}

#[test]
fn two_times_that_are_one_are_no_second_time() {
    for profile in [Profile::touch(), Profile::strict()] {
        let data = vec![(0, quotes(21, 3000)), (1, quotes(22, 3000)), (2, market::bars(23, 900, FROM, MINUTE))];
        let twice = |data: &[(usize, Block)]| -> Vec<(usize, Block)> {
            data.iter().map(|(market, block)| (*market, market::recorded(1, block, 0))).collect()
        };
        let none = setup(3, Profile { latency: Latency { reply_ns: 7, entry_ns: 5, ..Latency::default() }, ..profile });
        let mut at_once = none.clone();
        at_once.profile.latency.feed = FeedDelay::After(0);
        for index in 0..2 {
            let outcome = |data: &[(usize, Block)], setup: &Setup| {
                play(&mut *strategies(setup).swap_remove(index), feeds(data, 100), setup)
            };
            let wanted = outcome(&data, &none);
            assert!(wanted.fills.len() > 100);
            same(&outcome(&twice(&data), &none), &wanted, "recorded twice");
            same(&outcome(&data, &at_once), &wanted, "after nothing");
        }
    }
}

/// What is wanted by when we see a row, filled at what the exchange shows when the order comes there.
#[test]
fn ema_cross_behind_time_is_the_plain_loop() {
    let (delay, entry) = (350 * MILLISECOND, 120 * MILLISECOND);
    let mut block = market::ticks(31, 20_000, FROM);
    for row in 0..block.len() {
        block.time[row] += row as i64;
        if !block.is_trade(row) && block.value(Column::AskPx, row) == NA {
            block.column_mut(Column::AskPx)[row] = block.value(Column::BidPx, row) + 1;
        }
    }
    let latency = Latency { feed: FeedDelay::After(delay), entry_ns: entry, ..Latency::default() };
    let setup = setup(1, Profile { latency, ..Profile::touch() });
    let prompt = play(&mut EmaCross::native(), vec![feed(0, &block, 4096)], &stage::setup(1, Profile::touch()));
    for strategy in [EmaCross::default(), EmaCross::native()] {
        let outcome = play(&mut strategy.clone(), vec![feed(0, &block, 512)], &setup);
        let last = block.time[block.len() - 1] + delay;
        let wanted: Vec<_> = prompt.orders.iter().map(|order| order.time.0 + delay).collect();
        assert_eq!(outcome.orders.iter().map(|order| order.time.0).collect::<Vec<_>>(), wanted);
        let arrivals = outcome.orders.iter().map(|order| (order.time.0 + entry, order.side.sign()));
        let at_exchange = |at: i64| {
            let seen = block.time.partition_point(|time| *time <= at);
            (0..seen).rev().find(|row| !block.is_trade(*row)).expect("a quote came before")
        };
        let fills = arrivals.filter(|(at, _)| *at <= last).map(|(at, sign)| {
            let side = if sign > 0 { Column::AskPx } else { Column::BidPx };
            (at, block.value(side, at_exchange(at)))
        });
        assert_eq!(
            outcome.fills.iter().map(|fill| (fill.time.0, fill.price)).collect::<Vec<_>>(),
            fills.collect::<Vec<_>>()
        );
        assert!(outcome.fills.len() > 100);
    }
}

/// Rows, and other rows after them.
fn then(first: &Block, then: &Block) -> Block {
    let from = first.time[first.len() - 1] + 1 - then.time[0];
    let mut whole = first.clone();
    whole.time.extend(then.time.iter().map(|time| time + from));
    for column in Column::ALL {
        let more = then.column(column);
        whole.column_mut(column).extend_from_slice(more);
    }
    whole
}

#[test]
fn what_only_the_exchange_has_seen_is_not_known() {
    // Answers take as long as rows, so that nothing of the second half is known before its first row is.
    let delay = 5_000 * MILLISECOND;
    let latency = Latency { feed: FeedDelay::After(delay), reply_ns: delay, ..Latency::default() };
    let setup = setup(1, Profile { latency, ..Profile::strict() });
    let mut late = 0;
    for seed in 100..130 {
        let first = quotes(seed, 300);
        let turns = first.time[first.len() - 1] + 1 + delay;
        let [one, other] = [seed + 100, seed + 200].map(|other| {
            let mut strategy = NosyQuoter::new(true);
            let outcome = play(&mut strategy, vec![feed(0, &then(&first, &quotes(other, 100)), 64)], &setup);
            strategy.states.retain(|(at, _)| *at < turns);
            (strategy.states, outcome.fills)
        });
        assert_eq!(one.0.len(), first.len());
        let differs = one.0.iter().zip(&other.0).position(|(one, other)| one != other);
        assert_eq!(differs, None, "seed {seed}: something was known too soon");
        late += usize::from(one.1 != other.1);
    }
    assert!(late > 20, "the exchange did the same {late} times of 30");
}
