//! W1 as its definition reads, over plain columns: what a programmer with a free afternoon would write for this one strategy.

use gbc_core::{Block, Column, NA};
use gbc_data::synth;

use super::Found;

const FAST: f64 = 100.0;
const SLOW: f64 = 1000.0;
const MULTIPLIER: f64 = 2.0;
const FEE: f64 = 0.62;

/// The columns it reads, prices in points.
pub(super) struct Columns {
    kind: Vec<u8>,
    bid: Vec<f64>,
    ask: Vec<f64>,
}

impl Columns {
    pub(super) fn of(blocks: &[Block]) -> Result<Columns, String> {
        let mut columns = Columns { kind: Vec::new(), bid: Vec::new(), ask: Vec::new() };
        let tick = synth::instrument().tick;
        for block in blocks {
            let (bids, asks) = (block.column(Column::BidPx), block.column(Column::AskPx));
            if let Some(row) =
                (0..block.len()).find(|row| !block.is_trade(*row) && (bids[*row] == NA || asks[*row] == NA))
            {
                return Err(format!("W1 is defined for quotes with both sides; at {} one is empty", block.time[row]));
            }
            columns.kind.extend(block.column(Column::Kind).iter().map(|kind| *kind as u8));
            columns.bid.extend(bids.iter().map(|price| tick.times(*price)));
            columns.ask.extend(asks.iter().map(|price| tick.times(*price)));
        }
        Ok(columns)
    }
}

/// One pass, valued at every quote.
#[inline(never)]
pub(super) fn play(columns: &Columns) -> Found {
    let (fast_share, slow_share) = (2.0 / (FAST + 1.0), 2.0 / (SLOW + 1.0));
    let (mut fast, mut slow, mut mid, mut quotes) = (0.0, 0.0, 0.0, 0_u64);
    let (mut position, mut cash, mut fills) = (0_i32, 0.0, 0);
    let (mut peak, mut drawdown) = (0.0_f64, 0.0_f64);
    for ((kind, bid), ask) in columns.kind.iter().zip(&columns.bid).zip(&columns.ask) {
        if *kind != 0 {
            continue;
        }
        mid = (bid + ask) / 2.0;
        if quotes == 0 {
            (fast, slow) = (mid, mid);
        } else {
            fast += fast_share * (mid - fast);
            slow += slow_share * (mid - slow);
        }
        quotes += 1;
        if quotes > SLOW as u64 {
            let wanted = if fast > slow {
                1
            } else if fast < slow {
                -1
            } else {
                position
            };
            if wanted != position {
                let change = f64::from(wanted - position);
                let price = if change > 0.0 { ask } else { bid };
                cash -= change * price * MULTIPLIER + change.abs() * FEE;
                (fills, position) = (fills + 1, wanted);
            }
        }
        let equity = cash + f64::from(position) * mid * MULTIPLIER;
        peak = if equity > peak { equity } else { peak };
        drawdown = if peak - equity > drawdown { peak - equity } else { drawdown };
    }
    std::hint::black_box(drawdown);
    let cents = (cash + f64::from(position) * mid * MULTIPLIER) * 100.0;
    // All amounts are whole cents; what is off is the rounding of the sum.
    assert!((cents - cents.round()).abs() < 1e-3, "{cents} cents");
    Found { fills, pnl_cents: cents.round() as i64 }
}
