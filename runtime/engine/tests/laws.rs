//! What holds whatever is played.

mod stage;

use gbc_core::time::{DAY, MINUTE};
use gbc_core::{Block, Column, Money, Strategy};
use gbc_engine::{FeedInput, Halt, Replay, Setup};
use gbc_exec::{Impact, Margin, OrderStatus, Profile, Requirement, Slippage};
use stage::strategies::{EmaCross, Nosy};
use stage::{START, feed, market, play, setup, try_play};

const FROM: i64 = 19_700 * DAY;

/// Two markets of ticks and one of bars, with stamps in common.
fn mixed() -> Vec<(usize, Block)> {
    let tenths = |mut block: Block| {
        block.time.iter_mut().for_each(|time| *time -= *time % 100_000_000);
        block
    };
    vec![
        (0, tenths(market::ticks(1, 3000, FROM))),
        (1, market::bars(2, 900, FROM, MINUTE)),
        (2, tenths(market::ticks(3, 3000, FROM + 5))),
        (1, market::bars(4, 200, FROM, 5 * MINUTE)),
    ]
}

/// Two markets of bars, of different lengths.
fn bars_only() -> Vec<(usize, Block)> {
    vec![
        (0, market::bars(5, 900, FROM, MINUTE)),
        (1, market::bars(6, 300, FROM, 5 * MINUTE)),
        (1, market::bars(7, 900, FROM, MINUTE)),
    ]
}

fn feeds(data: &[(usize, Block)], rows: usize) -> Vec<FeedInput> {
    data.iter().map(|(market, block)| feed(*market, block, rows)).collect()
}

fn worlds() -> Vec<(Vec<(usize, Block)>, Setup)> {
    vec![
        (mixed(), setup(3, Profile::touch())),
        (mixed(), setup(3, Profile::bars())),
        (bars_only(), setup(2, Profile::bars())),
        (vec![(0, market::ticks(8, 5000, FROM))], setup(1, Profile::touch())),
        (mixed(), setup(3, narrow(Profile::touch()))),
        (bars_only(), setup(2, narrow(Profile::bars()))),
    ]
}

/// With orders that slip, and margin that is more to keep lots than to open them, so that there are calls.
fn narrow(profile: Profile) -> Profile {
    let needs = |dollars: i128| Requirement { per_lot: Money(dollars * Money::ONE.0), share: None };
    let margin = Margin { initial: needs(20_000), maintenance: needs(32_900) };
    let slippage = Slippage { ticks: 1, bps: 0.5, impact: Impact::Linear(1.0) };
    Profile { margin: Some(margin), slippage, ..profile }
}

fn nosy(setup: &Setup) -> Nosy {
    Nosy::new(setup.instruments.len(), FROM + 17)
}

#[test]
fn how_rows_are_cut_into_blocks_changes_nothing() {
    for (data, setup) in worlds() {
        let played = |rows| play(&mut nosy(&setup), feeds(&data, rows), &setup);
        let whole = played(4096);
        assert!(whole.fills.len() > 100, "{}", whole.fills.len());
        let refused = whole.orders.iter().any(|order| order.status == OrderStatus::Refused);
        let margin = setup.profile.margin.is_some();
        assert_eq!(refused, margin || setup.instruments.len() != 2, "only bars alone refuse nothing");
        assert_eq!(margin, whole.summary.account.margin_calls > 0, "{}", whole.summary.account.margin_calls);
        for rows in [1, 7] {
            let cut = played(rows);
            let first = cut.orders.iter().zip(&whole.orders).find(|(a, b)| a != b);
            assert!(first.is_none(), "{rows} rows a block: {first:?}");
            let first = cut.fills.iter().zip(&whole.fills).find(|(a, b)| a != b);
            assert!(first.is_none(), "{rows} rows a block: {first:?}");
            assert!(cut == whole, "{rows} rows a block");
        }
    }
}

#[test]
fn playing_is_reacting() {
    let data = [(0, market::ticks(9, 20_000, FROM))];
    let setup = setup(1, Profile::touch());
    let slow = Setup { force_react: true, ..setup.clone() };
    let mut native = EmaCross::native();
    let outcome = play(&mut native.clone(), feeds(&data, 512), &setup);
    assert_eq!(outcome, play(&mut native, feeds(&data, 512), &slow));
    assert!(outcome.fills.len() > 100);
}

#[test]
fn the_order_of_the_command_line_has_no_say() {
    for (data, setup) in worlds() {
        let mut turned = data.clone();
        turned.reverse();
        let outcome = |data: &[(usize, Block)]| play(&mut nosy(&setup), feeds(data, 100), &setup);
        assert_eq!(outcome(&data), outcome(&turned));
    }
}

#[test]
fn a_run_laid_down_and_taken_up_is_the_run() {
    for (data, setup) in worlds() {
        let whole = play(&mut nosy(&setup), feeds(&data, 512), &setup);
        for rows in [0, 1, 2, 777, 1100, whole.rows - 1, whole.rows] {
            let mut strategy = nosy(&setup);
            let mut replay = Replay::new(feeds(&data, 512), &setup).unwrap();
            replay.advance(&mut strategy, rows).unwrap();
            assert_eq!(replay.progress().rows, rows);
            let checkpoint = replay.checkpoint(&strategy);
            let mut fresh = Nosy { state: 99, ..nosy(&setup) };
            let mut resumed =
                Replay::resume(feeds(&data, 33), &setup, &checkpoint, &mut fresh).unwrap().expect("its own");
            while resumed.advance(&mut fresh, 1000).unwrap() {}
            assert_eq!(resumed.outcome(), whole, "after {rows} rows");
        }
    }
}

#[test]
fn equity_is_the_start_and_all_results() {
    for (data, setup) in worlds() {
        let outcome = play(&mut nosy(&setup), feeds(&data, 512), &setup);
        let results: Money = outcome.trades.iter().map(|trade| trade.pnl).sum();
        assert_eq!(outcome.equity.last().unwrap().equity, START + results);
        let fees: Money = outcome.fills.iter().map(|fill| fill.fee).sum();
        assert_eq!(outcome.trades.iter().map(|trade| trade.fees).sum::<Money>(), fees);
        assert!(outcome.equity.is_sorted_by_key(|point| point.time));
        assert!(outcome.closes.is_sorted_by(|a, b| a.time < b.time));
    }
}

#[test]
fn what_comes_later_leaves_the_past_alone() {
    let block = market::ticks(11, 4000, FROM);
    let setup = setup(1, Profile::touch());
    let fills =
        |rows: usize| play(&mut Nosy::new(1, FROM), vec![feed(0, &market::part(&block, 0, rows), 512)], &setup).fills;
    let whole = fills(4000);
    // Where the cut falls between equal stamps, the last moment is not over.
    let cut = (2000..4000).find(|row| block.time[*row] > block.time[row - 1]).expect("time goes on");
    let early = fills(cut);
    assert_eq!(early[..], whole[..early.len()]);
    assert!(whole.len() == early.len() || whole[early.len()].time.0 >= block.time[cut - 1]);
}

#[test]
fn a_fault_keeps_what_was_done() {
    let block = market::ticks(12, 4000, FROM);
    let setup = setup(1, Profile::touch());
    let faulty = |rows| {
        let mut strategy = Nosy { faults_at: block.time[1000], ..Nosy::new(1, FROM) };
        try_play(&mut strategy, vec![feed(0, &block, rows)], &setup)
    };
    let (outcome, halt) = faulty(4000);
    let Some(Halt::Fault(fault)) = halt else { panic!("{halt:?}") };
    assert_eq!((outcome.fills.len() > 10, outcome.last, outcome.rows < 4000), (true, fault.at, true));
    assert_eq!(outcome, faulty(7).0);
}

/// Wants this much, whatever happens.
struct Wants(f64);

impl Strategy for Wants {
    fn react(
        &mut self,
        _: gbc_core::Event<'_>,
        _: &gbc_core::View,
        wishes: &mut gbc_core::Wishes,
    ) -> Result<(), gbc_core::Fault> {
        wishes.target(0, self.0);
        Ok(())
    }

    fn due(&self) -> gbc_core::Due {
        gbc_core::Due::NEVER
    }

    fn snapshot(&self) -> Vec<u64> {
        Vec::new()
    }

    fn restore(&mut self, _: &[u64]) -> bool {
        true
    }
}

#[test]
fn too_large_a_wish_halts_the_run() {
    for wish in [f64::INFINITY, 1e300, -1e18] {
        let (_, halt) =
            try_play(&mut Wants(wish), vec![feed(0, &market::ticks(1, 10, FROM), 10)], &setup(1, Profile::touch()));
        assert!(matches!(halt, Some(Halt::Overflow { .. })), "{halt:?}");
    }
}

#[test]
fn a_wish_at_the_last_row_is_filled_at_the_touch_and_expires_before_an_open() {
    let tick = market::part(&market::ticks(1, 10, FROM), 0, 1);
    let quoted = tick.value(Column::AskPx, 0) != gbc_core::NA;
    let outcome = play(&mut Wants(1.0), vec![feed(0, &tick, 1)], &setup(1, Profile::touch()));
    assert_eq!(outcome.fills.len(), usize::from(quoted));
    let outcome =
        play(&mut Wants(1.0), vec![feed(0, &market::bars(1, 1, FROM, MINUTE), 1)], &setup(1, Profile::bars()));
    assert_eq!((outcome.fills.len(), outcome.orders[0].status), (0, OrderStatus::Expired));
}

#[test]
fn no_data_is_no_panic() {
    let outcome = play(&mut Wants(1.0), Vec::new(), &setup(1, Profile::touch()));
    assert_eq!((outcome.rows, outcome.equity.len(), outcome.summary.account.net_pnl), (0, 0, 0.0));
}
