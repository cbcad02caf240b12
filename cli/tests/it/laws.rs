//! What holds whatever the strategy: cuts, pauses, names, neighbours and machines change nothing.

use gbc_core::{Block, Instrument, Nanos};
use gbc_data::synth;
use gbc_engine::{Checkpoint, Journey, Outcome, Replay, Setup};
use gbc_report::result_hash;

use crate::world::{Folder, MONDAY, World, checked, part, repository, source};

/// Remembers in every way there is, and reads its own position.
const NOSY: &str = "strategy Nosy

market es
param span = 7 in 3..9

let b     = es.bars(1m)
let f     = es.bars(5m)
let mean5 = sma(f.close, 4)
let wide  = stdev(b.close, span)
let n @ b = prev + 1 else 1
let far   = b.close[span]
let held @ b = prev + es.position else es.position

state mood  = 0
state turns = 0
when b.close crosses above mean5 { mood = 1   turns = turns + 1 }
when b.close crosses below mean5 { mood = -1  turns = turns + 1 }
when n mod 97 == 0               { mood = 0 }
when es.position > 1             { mood = -1 }

let double = 2 * mood

target es = if turns > 3 { double } else { mood + 0 * held + (if b.close > far { 1 } else { 0 }) }
export held as \"held\"
export mood as \"mood\"
plot f.close
";

/// Bars made of trades beside quotes.
const MIXED: &str = "strategy Mixed

market es

let q     = es.quotes
let b     = es.bars(1m)
let slow  = ema(b.close, 5)
let lean  = mean(q.bid_size - q.ask_size, 50)
let seen @ b = q.mid

state side = 0
when lean > 2 and q.mid > slow  { side = 1 }
when lean < -2 and q.mid < slow { side = -1 }
when seen crosses below slow    { side = 0 }

target es = side
";

/// Acts on timers, on openings and on each trade.
const TIMED: &str = "strategy Timed

market es
clock s = every 700ms
session early = 09:30..10:05

let q     = es.quotes
let b     = es.bars(1m)
let f @ s = ema(q.mid, 4)
let open  = early.is_open
let c     = es.bars(20 trades) in early
let rise  = c.forming.high > c.high else false

state side = 0
state seen = 0 reset at s
on es.trade as t if t.size > 1 { seen = seen + 1 }
every 3s {
  if (q.mid > f) else false { side = 1 } else if seen > 0 { side = -1 } else { side = 0 }
}
on early.close { side = 0 }
at 09:40 { side = 2 }

target es = if open and not rise { side } else { -side }
";

fn bars(seed: u64, rows: usize) -> Vec<Block> {
    synth::bars(seed, rows, gbc_core::time::MINUTE, MONDAY)
}

fn one_market(blocks: Vec<Block>) -> World {
    World::new(&[synth::instrument()], vec![(0, blocks)])
}

/// Strategies, and data on which each trades.
fn worlds() -> Vec<(String, World)> {
    vec![
        (source("examples/ema_cross.gbs"), one_market(bars(1, 8000))),
        (source("examples/three_up.gbs"), one_market(bars(2, 3000))),
        (source("examples/tick_cross.gbs"), one_market(synth::l1(3, 30_000, MONDAY))),
        (NOSY.to_owned(), one_market(bars(4, 3000))),
        (TIMED.to_owned(), one_market(synth::l1(6, 30_000, MONDAY))),
        (MIXED.to_owned(), one_market(synth::l1(5, 30_000, MONDAY))),
    ]
}

fn hash(outcome: &Outcome) -> String {
    result_hash(&outcome.orders, &outcome.fills, &outcome.equity)
}

#[test]
fn how_rows_are_cut_into_blocks_changes_nothing() {
    for (text, world) in worlds() {
        let checked = checked(&text);
        let whole = world.play(&checked, 4096);
        assert!(whole.fills.len() > 10, "{}: {} fills", checked.program.name, whole.fills.len());
        for rows in [1, 7] {
            assert!(world.play(&checked, rows) == whole, "{} in blocks of {rows}", checked.program.name);
        }
    }
}

#[test]
fn what_is_written_down_decides_nothing_and_has_its_times() {
    let world = one_market(bars(4, 3000));
    let (noted, silent) = (checked(NOSY), checked(&NOSY[..NOSY.find("export").expect("it exports")]));
    let (with, without) = (world.play(&noted, 4096), world.play(&silent, 4096));
    assert_eq!(hash(&with), hash(&without));
    assert!(without.exports.is_empty());
    let of = |export: usize| with.exports.iter().filter(move |it| it.export == export).collect::<Vec<_>>();
    assert_eq!(of(0).len(), 3000, "`held` steps with each bar and is never undefined");
    assert_eq!(of(2).len(), 600, "`f.close` changes with every fifth bar");
    assert!(of(1).iter().all(|it| [-1.0, 0.0, 1.0].contains(&it.value)));
    assert!(with.exports.windows(2).all(|pair| pair[0].at <= pair[1].at));
    assert_eq!(of(2)[0].at, of(0)[4].at);
}

/// Rules that write down what they see, some of it under conditions.
const NOTING: &str = "strategy Noting

market es
let b  = es.bars(1m)
let up = b.close > b.open

state seen = 0
target es = if up { 1 } else { 0 }
export b.close as \"close\"
export up as \"up\"
when up {
  seen = seen + 1
  export b.close as \"at the turn\"
  export seen as \"turns\"
  if es.position > 0 { export es.position as \"held\" } else { plot b.volume as \"flat\" }
}
on b if not up { export b.low as \"low\" }
";

#[test]
fn what_a_rule_writes_down_is_written_when_it_fires() {
    let world = one_market(bars(4, 500));
    let played = world.play(&checked(NOTING), 4096);
    let of = |label: &str| {
        let program = checked(NOTING).program;
        let export = program.exports.iter().position(|export| export.label == label).expect("an export of that label");
        let own = played.exports.iter().filter(move |it| it.export == export);
        own.map(|it| (it.at, it.value)).collect::<Vec<_>>()
    };
    let (close, up) = (of("close"), of("up"));
    assert_eq!((close.len(), up.len()), (500, 500), "both step with each bar");
    let turned = |index: &usize| *index > 0 && up[*index].1 == 1.0 && up[*index - 1].1 == 0.0;
    let turns: Vec<usize> = (0..500).filter(turned).collect();
    assert!(turns.len() > 50, "{} turns", turns.len());
    assert_eq!(of("at the turn"), turns.iter().map(|index| close[*index]).collect::<Vec<_>>());
    let counted: Vec<f64> = of("turns").into_iter().map(|(_, count)| count).collect();
    assert_eq!(counted, (1..=turns.len()).map(|count| count as f64).collect::<Vec<_>>());
    // Each turn takes one branch of the two.
    let mut branches: Vec<_> = of("held").into_iter().chain(of("flat")).map(|(at, _)| at).collect();
    branches.sort_unstable();
    assert_eq!(branches, turns.iter().map(|index| close[*index].0).collect::<Vec<_>>());
    let down = (0..500).filter(|index| up[*index].1 == 0.0).map(|index| close[index].0);
    assert_eq!(of("low").into_iter().map(|(at, _)| at).collect::<Vec<_>>(), down.collect::<Vec<_>>());
}

#[test]
fn playing_is_reacting() {
    for (text, world) in worlds() {
        let checked = checked(&text);
        let slow = Setup { force_react: true, ..world.setup.clone() };
        assert!(world.play_with(&checked, world.inputs(512), &slow) == world.play(&checked, 512));
    }
}

#[test]
fn asking_why_changes_nothing() {
    for (text, world) in worlds() {
        let checked = checked(&text);
        let (params, instruments) = (checked.defaults(), world.setup.instruments.clone());
        let (mut bound, questions) =
            checked.bind_asked(&params, instruments, &world.sources()).expect("it can be bound");
        assert!(!questions.is_empty() && questions.iter().all(|question| question.seen.contains_key(&question.value)));
        let go_on = &mut |_| std::ops::ControlFlow::Continue(());
        let (asked, halt) = gbc_engine::run(&mut bound.machine, world.inputs(512), &world.setup, go_on);
        assert!(halt.is_none() && asked == world.play(&checked, 512), "{}", checked.program.name);
    }
}

#[test]
fn a_run_laid_down_and_taken_up_is_the_run() {
    for (text, world) in worlds() {
        let checked = checked(&text);
        let whole = world.play(&checked, 4096);
        for rows in [0, 1, 2, 61, 1500, whole.rows - 1, whole.rows] {
            let mut machine = world.bind(&checked).machine;
            let mut replay = Replay::new(world.inputs(512), &world.setup).expect("memory can be read");
            replay.advance(&mut machine, rows).expect("nothing halts it");
            // As a file has it, and taken up in blocks of other sizes.
            let bytes = replay.checkpoint(&machine).to_bytes("a run");
            let checkpoint = Checkpoint::from_bytes(&bytes, "a run").expect("it was just laid down");
            let mut fresh = world.bind(&checked).machine;
            let blocks = [1, 7, 4096][rows as usize % 3];
            let mut resumed = Replay::resume(world.inputs(blocks), &world.setup, &checkpoint, &mut fresh)
                .expect("memory can be read")
                .expect("the snapshot is its own");
            while resumed.advance(&mut fresh, 1000).expect("nothing halts it") {}
            assert!(resumed.outcome() == whole, "{} after {rows} rows", checked.program.name);
        }
    }
}

#[test]
fn a_warm_run_hangs_on_nothing_but_its_rows() {
    for (text, world) in worlds() {
        let checked = checked(&text);
        let block = &world.feeds[0].1[0];
        let opens = Nanos(block.time[block.len() / 3].max(block.time[0] + 1));
        let journey = Journey { opens_at: Some(opens), ..Journey::default() };
        let play = |blocks: usize, setup: &Setup, pause: Option<usize>| {
            let mut machine = world.bind(&checked).machine;
            let pause_at = pause.map(|row| Nanos(block.time[row]));
            let go_on = &mut |_| std::ops::ControlFlow::Continue(());
            let journey = Journey { pause_at, ..journey };
            gbc_engine::run_between(&mut machine, world.inputs(blocks), setup, journey, go_on).expect("it begins")
        };
        let whole = play(4096, &world.setup, None);
        let (name, outcome) = (&checked.program.name, &whole.outcome);
        assert!(whole.halt.is_none() && whole.warmed > 0 && outcome.fills.len() > 5, "{name}");
        assert!(outcome.orders.iter().all(|order| order.time >= opens) && outcome.first >= opens, "{name}");
        assert!(outcome.exports.iter().all(|it| it.at >= opens), "{name}");
        let slow = Setup { force_react: true, ..world.setup.clone() };
        for other in [play(1, &world.setup, None), play(7, &world.setup, None), play(512, &slow, None)] {
            assert!(other.outcome == *outcome && other.warmed == whole.warmed, "{name}");
        }
        let paused = play(33, &world.setup, Some(block.len() / 2));
        let laid_down = paused.laid_down.expect("it stands still");
        let mut fresh = world.bind(&checked).machine;
        let on = Journey { from: Some(&laid_down), opens_at: Some(opens), pause_at: None };
        let go_on = &mut |_| std::ops::ControlFlow::Continue(());
        let rest = gbc_engine::run_between(&mut fresh, world.inputs(61), &world.setup, on, go_on).expect("its own");
        assert!(rest.outcome == *outcome, "{name} goes on");
    }
}

#[test]
fn the_future_has_no_vote() {
    for (text, world) in worlds() {
        let checked = checked(&text);
        let whole = world.play(&checked, 4096);
        let rows: usize = world.feeds[0].1.iter().map(Block::len).sum();
        for kept in [rows / 3, rows / 2 + 1, rows - 1] {
            let mut short = world.clone();
            short.feeds[0].1 = first_rows(&world.feeds[0].1, kept);
            let short = short.play(&checked, 4096);
            // What was ordered last may still wait; that order filled later is the only difference.
            let orders = short.orders.len();
            let sent = |outcome: &Outcome| {
                outcome.orders[..orders].iter().map(|it| (it.id, it.time, it.side, it.size)).collect::<Vec<_>>()
            };
            assert_eq!(sent(&short), sent(&whole));
            assert!(whole.orders.get(orders).is_none_or(|next| next.time >= short.last));
            assert_eq!(short.fills[..], whole.fills[..short.fills.len()]);
            let before = |outcome: &Outcome| -> Vec<_> {
                outcome.equity.iter().filter(|point| point.time < short.last).copied().collect()
            };
            assert!(before(&short) == before(&whole), "{} cut after {kept} rows", checked.program.name);
        }
    }
}

fn first_rows(blocks: &[Block], mut rows: usize) -> Vec<Block> {
    let mut kept = Vec::new();
    for block in blocks {
        let here = rows.min(block.len());
        rows -= here;
        if here > 0 {
            kept.push(part(block, 0, here));
        }
    }
    kept
}

#[test]
fn names_decide_nothing() {
    let renamed = [
        ("span", "reach"),
        ("mean5", "aaa"),
        ("wide", "zzz"),
        ("far", "bb"),
        ("held", "mine"),
        ("mood", "m"),
        ("turns", "t"),
        ("double", "twofold"),
    ];
    let other = renamed.iter().fold(NOSY.to_owned(), |text, (from, to)| text.replace(from, to));
    let world = one_market(bars(4, 3000));
    let [first, second] = [NOSY, &other].map(|text| hash(&world.play(&checked(text), 4096)));
    assert_eq!(first, second);
}

#[test]
fn the_order_of_definitions_decides_nothing() {
    let items: Vec<&str> = NOSY.split("\n\n").collect();
    let [header, market, lets, rules, double, target] = items[..] else { panic!("six paragraphs") };
    let turned: Vec<&str> = lets.lines().rev().collect();
    let other = [header, target, double, market, rules, &turned.join("\n")].join("\n\n");
    let world = one_market(bars(4, 3000));
    // `span` is read below its `param` line only by values, which are checked after all parameters.
    let [first, second] = [NOSY, &other].map(|text| hash(&world.play(&checked(text), 4096)));
    assert_eq!(first, second);
}

#[test]
fn a_neighbour_changes_nothing() {
    let both = NOSY.replace("market es\n", "market es\nmarket zz\n").replace(
        "target es",
        "let other = zz.bars(1m)\nlet drift = sma(other.close, 3)\ntarget zz = if drift > 1 { 0 } else { 0 }\n\ntarget es",
    );
    let alone = one_market(bars(4, 3000));
    let mut other = Instrument::generic("ZZ", gbc_core::Ratio { num: 1, den: 4 });
    other.point = gbc_core::Ratio { num: 50, den: 1 };
    // Its position reads tick on every clock of the program, so the neighbour's data lie at the same moments.
    let beside = World::new(&[synth::instrument(), other], vec![(0, bars(4, 3000)), (1, bars(9, 3000))]);
    let outcome = beside.play(&checked(&both), 4096);
    let single = alone.play(&checked(NOSY), 4096);
    assert_eq!(outcome.orders, single.orders);
    assert_eq!(outcome.fills, single.fills);
    assert_eq!(outcome.equity.last().map(|point| point.equity), single.equity.last().map(|point| point.equity));
}

#[test]
fn the_machine_has_no_vote() {
    let here = Folder::new("machine");
    here.bars("bars.parquet", 2000);
    std::fs::create_dir_all(here.0.join("elsewhere")).expect("the folder can be written to");
    let strategy = repository("examples/three_up.gbs").canonicalize().expect("the example is there");
    let data = here.0.join("bars.parquet");
    let [strategy, data] = [strategy, data].map(|path| path.display().to_string());
    let mut hashes = Vec::new();
    for (zone, language, folder) in [("UTC", "C", "."), ("Asia/Tokyo", "de_DE.UTF-8", "elsewhere")] {
        let out = here.0.join(format!("run-{}", hashes.len())).display().to_string();
        let mut command = here.command(&["run", &strategy, "--data", &data, "--out", &out]);
        command.current_dir(here.0.join(folder)).env("TZ", zone).env("LANG", language).env("LC_ALL", language);
        here.ran(&mut command).ends(0);
        hashes.push(here.json(&format!("run-{}/report.json", hashes.len()))["resultHash"].clone());
    }
    assert!(hashes[0].is_string());
    assert_eq!(hashes[0], hashes[1]);
}

#[test]
fn one_file_or_two_are_the_same_data() {
    let whole = bars(4, 3000);
    let rows = first_rows(&whole, 1234);
    let cut = rows.last().expect("there are rows").time.last().copied().expect("there are rows");
    let rest: Vec<Block> = whole
        .iter()
        .map(|block| part(block, block.time.partition_point(|time| *time <= cut), block.len()))
        .filter(|block| !block.is_empty())
        .collect();
    assert_eq!(rest[0].time_of(0), Nanos(cut + gbc_core::time::MINUTE));
    let split = World::new(&[synth::instrument()], vec![(0, rows), (0, rest)]);
    let checked = checked(NOSY);
    assert!(split.play(&checked, 4096) == one_market(whole).play(&checked, 4096));
}
