//! W1, the quote-by-quote cross of two averages: the language against one plain loop, and against the published claim.

use gbc_core::{Block, Column, Instrument, Money, Ratio};
use gbc_data::synth;
use gbc_portfolio::Side;

use crate::world::{Folder, MONDAY, World, checked, repository, source};

const FAST: f64 = 100.0;
const SLOW: f64 = 1000.0;
const FEE: i128 = 620_000_000;

fn mnq() -> Instrument {
    let mut mnq = Instrument::generic("MNQ", Ratio { num: 1, den: 4 });
    mnq.point = Ratio { num: 2, den: 1 };
    mnq.fee_per_lot = Money(FEE);
    mnq
}

/// Fills as `(time, price in ticks, lots)`, and the result in billionths.
fn plain_loop(blocks: &[Block]) -> (Vec<(i64, i64, i64)>, i128) {
    let (mut fast, mut slow, mut quotes) = (0.0, 0.0, 0);
    let (mut position, mut ticks, mut fees, mut mark) = (0_i64, 0_i64, 0_i64, 0_i64);
    let mut fills = Vec::new();
    for (block, row) in blocks.iter().flat_map(|block| (0..block.len()).map(move |row| (block, row))) {
        if block.is_trade(row) {
            continue;
        }
        let (bid, ask) = (block.value(Column::BidPx, row), block.value(Column::AskPx, row));
        mark = bid + ask;
        let mid = mark as f64 * 0.25 / 2.0;
        (fast, slow) = match quotes {
            0 => (mid, mid),
            _ => (fast + 2.0 / (FAST + 1.0) * (mid - fast), slow + 2.0 / (SLOW + 1.0) * (mid - slow)),
        };
        quotes += 1;
        let wanted = if fast > slow { 1 } else { -1 };
        if quotes > SLOW as i64 && fast != slow && wanted != position {
            let price = if wanted > position { ask } else { bid };
            ticks -= price * (wanted - position);
            fees += (wanted - position).abs();
            fills.push((block.time[row], price, wanted - position));
            position = wanted;
        }
    }
    // A tick is half a dollar, and the mark is in half ticks.
    let result = i128::from(2 * ticks + position * mark) * Money::ONE.0 / 4 - i128::from(fees) * FEE;
    (fills, result)
}

#[test]
fn the_example_is_the_plain_loop() {
    let blocks = synth::l1(11, 200_000, MONDAY);
    let (wanted, result) = plain_loop(&blocks);
    assert!(wanted.len() > 100, "{} fills", wanted.len());
    let mut world = World::new(&[mnq()], vec![(0, blocks)]);
    // The plain loop takes whole what it wants.
    world.setup.profile = gbc_exec::Profile::touch();
    let outcome = world.play(&checked(&source("examples/tick_cross.gbs")), 4096);
    let sign = |side| if side == Side::Buy { 1 } else { -1 };
    let fills: Vec<_> =
        outcome.fills.iter().map(|fill| (fill.time.0, fill.price, sign(fill.side) * fill.size)).collect();
    assert_eq!(fills, wanted);
    let last = outcome.equity.last().expect("there was a row").equity;
    assert_eq!(last.0 - world.setup.cash.0, result);
}

#[test]
fn a_million_rows_give_the_published_numbers() {
    let Some(folder) = std::env::var_os("GBC_BENCHDATA") else {
        println!("skipped: GBC_BENCHDATA names no folder with l1_1m.parquet");
        return;
    };
    let data = std::path::Path::new(&folder).join("l1_1m.parquet");
    let here = Folder::new("w1");
    here.write("mnq.toml", "tick = 0.25\npoint = 2\nfee_per_lot = 0.62\n");
    let (strategy, data) = (repository("examples/tick_cross.gbs"), data.display().to_string());
    let strategy = strategy.display().to_string();
    let ran = here
        .gbc(&[
            "run",
            &strategy,
            "--data",
            &data,
            "--instrument",
            "mnq.toml",
            "--exec",
            "touch",
            "--out",
            "run",
            "--format",
            "json",
        ])
        .ends(0);
    let summary: serde_json::Value = serde_json::from_str(&ran.out).expect("the summary is JSON");
    assert_eq!((summary["fills"].as_u64(), summary["netPnl"].as_f64()), (Some(938), Some(685.75)));
}
