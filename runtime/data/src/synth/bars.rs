//! Bars of a random walk: wild and heavy at the open and the close, quiet at midday.

use gbc_core::time::MINUTE;
use gbc_core::{Block, Column, Nanos, Schema};

use super::chance::Chance;
use super::{FIRST_PRICE, block_lengths, session};

/// Steps of the walk inside one bar.
const STEPS: i64 = 12;

/// `count` bars of `span_ns` (at most a session) in regular hours, the first opening at or after `start`.
pub fn bars(seed: u64, count: usize, span_ns: i64, start: Nanos) -> Vec<Block> {
    bar_blocks(seed, count, span_ns, start).collect()
}

/// The same, each block made when it is asked for.
pub fn bar_blocks(seed: u64, count: usize, span_ns: i64, start: Nanos) -> impl Iterator<Item = Block> {
    assert!(span_ns > 0 && span_ns <= session::LENGTH, "a bar fits into a session");
    let mut chance = Chance::new(seed);
    let (mut open_time, mut price) = (first_open(start.0, span_ns), FIRST_PRICE);
    block_lengths(count).map(move |rows| {
        let mut block = Block::new(0, Schema::Bars { span_ns });
        for _ in 0..rows {
            let bar = walk(&mut chance, &mut price, open_time, span_ns);
            push(&mut block, open_time, span_ns, bar);
            open_time = first_open(open_time + span_ns, span_ns);
        }
        block
    })
}

/// Only whole bars, counted from the open of the session.
fn first_open(time: i64, span_ns: i64) -> i64 {
    let now = session::at_or_after(Nanos(time));
    let opened = session::at_or_after(Nanos(now).floor_to(gbc_core::time::DAY));
    let open = opened + (now - opened + span_ns - 1) / span_ns * span_ns;
    if open + span_ns <= opened + session::LENGTH {
        open
    } else {
        session::at_or_after(Nanos(opened + session::LENGTH))
    }
}

fn walk(chance: &mut Chance, price: &mut i64, time: i64, span_ns: i64) -> [i64; 5] {
    let busyness = session::busyness(time) * span_ns / MINUTE;
    // Spread grows with the square root of time, like a walk's.
    let spread = 1 + (busyness / 100).isqrt();
    // Bars may open a tick or two away from the last close.
    *price += chance.below(3) - 1;
    let open = *price;
    let (mut high, mut low) = (open, open);
    for _ in 0..STEPS {
        // Above all, a price stays one.
        *price = (*price + chance.swing(spread)).max(1);
        (high, low) = (high.max(*price), low.min(*price));
    }
    let volume = (high - low + 1) * busyness / 40 + chance.below(busyness / 4 + 2);
    [open, high, low, *price, volume]
}

fn push(block: &mut Block, open_time: i64, span_ns: i64, [open, high, low, close, volume]: [i64; 5]) {
    block.time.push(open_time + span_ns);
    let values = [
        (Column::OpenTime, open_time),
        (Column::Open, open),
        (Column::High, high),
        (Column::Low, low),
        (Column::Close, close),
        (Column::Volume, volume),
    ];
    values.iter().for_each(|(column, value)| block.column_mut(*column).push(*value));
}
