//! Data made on the spot, the same bytes for the same seed on every machine. It looks like a market and is none:
//! for tests, benchmarks, and a first look.

mod bars;
mod chance;
mod l1;
mod session;
mod write_csv;
mod write_parquet;

use gbc_core::{Instrument, Money, Ratio};

pub use bars::{bar_blocks, bars};
pub use l1::{l1, l1_blocks};
pub use write_csv::write_csv;
pub(crate) use write_parquet::notes;
pub use write_parquet::write_parquet;

/// What is traded in made data: ticks of 0.25, two dollars a point.
pub fn instrument() -> Instrument {
    let mut instrument = Instrument::generic("SYN", Ratio { num: 1, den: 4 });
    instrument.point = Ratio { num: 2, den: 1 };
    instrument.fee_per_lot = Money(620_000_000);
    instrument
}

/// 21 000.00 in ticks, where prices begin.
const FIRST_PRICE: i64 = 84_000;
/// What the writers say to levels and single orders: they write what is made here.
const NO_BOOKS: &str = "bars, quotes and trades can be written, books cannot";
/// Made data come in blocks of this size.
const BLOCK_ROWS: usize = 4096;

/// How many rows each block holds: all are full but the last.
fn block_lengths(rows: usize) -> impl Iterator<Item = usize> {
    (0..rows).step_by(BLOCK_ROWS).map(move |start| BLOCK_ROWS.min(rows - start))
}
