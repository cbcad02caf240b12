//! Rows of hftbacktest's feeds as two blocks: those that the exchange sees at its times, and those that we see at ours.

use std::path::Path;

use gbc_book::{Crossing, Follower};
use gbc_core::{Block, Column, DepthKind, OrderAction, Schema};

use crate::files::array;

const EXCH: u64 = 1 << 31;
const LOCAL: u64 = 1 << 30;
const BUY: u64 = 1 << 29;
const SELL: u64 = 1 << 28;

pub struct Feed {
    /// As the exchange sees it.
    pub exch: Block,
    /// As we see it, with the best prices beside each row.
    pub local: Block,
    /// The smaller of the first two row times.
    pub start: i64,
}

impl Feed {
    /// Reads a feed of levels or of single orders.
    pub fn read(path: &Path, schema: Schema, tick: f64, lot: f64) -> Feed {
        let rows = array::<8>(path);
        let side = |flag: u64, time: usize| {
            let mut block = Block::new(0, schema);
            for row in rows.iter().filter(|row| row[0] & flag != 0) {
                push(&mut block, row, row[time] as i64, tick, lot);
            }
            block
        };
        let (exch, mut local) = (side(EXCH, 1), side(LOCAL, 2));
        Follower::new(schema, Crossing::Retreats).expect("a schema of books").follow(&mut local);
        let start = exch.time[0].min(local.time[0]);
        Feed { exch, local, start }
    }
}

fn push(block: &mut Block, row: &[u64; 8], time: i64, tick: f64, lot: f64) {
    let side = i64::from(row[0] & BUY != 0) - i64::from(row[0] & SELL != 0);
    let [price, size] =
        [(row[3], tick), (row[4], lot)].map(|(bits, step)| (f64::from_bits(bits) / step).round() as i64);
    let kind = match row[0] & 0xff {
        1 => DepthKind::Change as i64,
        2 => DepthKind::Trade as i64,
        3 if block.schema == Schema::Depth => DepthKind::Clear as i64,
        3 => OrderAction::Clear as i64,
        4 => DepthKind::Snapshot as i64,
        10 => OrderAction::Add as i64,
        11 => OrderAction::Remove as i64,
        12 => OrderAction::Modify as i64,
        13 => OrderAction::Fill as i64,
        kind => panic!("rows of type {kind} are not in these feeds"),
    };
    block.time.push(time);
    let cells = [(Column::Kind, kind), (Column::Side, side), (Column::Px, price), (Column::Sz, size)];
    cells.into_iter().for_each(|(column, value)| block.column_mut(column).push(value));
    if block.schema == Schema::Orders {
        block.column_mut(Column::Order).push(row[5] as i64);
    }
}
