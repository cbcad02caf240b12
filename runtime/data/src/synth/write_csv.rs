//! Blocks as text, with the column names of the Parquet writer. Text cannot say that bars are stamped at their open: `--stamp open` must.

use std::borrow::Borrow;
use std::io::{Error, ErrorKind, Result, Write};

use gbc_core::{Block, Column, Instrument, NA, Ratio, Schema};

use super::NO_BOOKS;

/// Writes blocks of one schema, one after the other; `ts` is a bar's open, or the time of a quote or trade, in nanoseconds.
pub fn write_csv<B: Borrow<Block>>(
    blocks: impl IntoIterator<Item = B>,
    instrument: &Instrument,
    mut out: impl Write,
) -> Result<()> {
    let mut blocks = blocks.into_iter().peekable();
    let Some(first) = blocks.peek() else { return Ok(()) };
    match first.borrow().schema {
        Schema::Bars { .. } => writeln!(out, "ts,open,high,low,close,volume")?,
        Schema::L1 => writeln!(out, "ts,kind,bid_px,bid_sz,ask_px,ask_sz,px,sz,side")?,
        Schema::Depth | Schema::Orders => return Err(Error::new(ErrorKind::Unsupported, NO_BOOKS)),
    }
    for block in blocks {
        let block = block.borrow();
        for row in 0..block.len() {
            write_row(block, row, instrument, &mut out)?;
        }
    }
    out.flush()
}

fn write_row(block: &Block, row: usize, instrument: &Instrument, out: &mut impl Write) -> Result<()> {
    use Column::*;
    let number = |column, scale: Ratio| match block.value(column, row) {
        NA => 0.0,
        count => scale.times(count),
    };
    let (price, size) = (|column| number(column, instrument.tick), |column| number(column, instrument.lot));
    match block.schema {
        Schema::Bars { .. } => {
            write!(out, "{},{},{},", block.value(OpenTime, row), price(Open), price(High))?;
            writeln!(out, "{},{},{}", price(Low), price(Close), size(Volume))
        }
        // Books were refused with the header.
        Schema::L1 | Schema::Depth | Schema::Orders => {
            write!(out, "{},{},{},{},", block.time[row], block.value(Kind, row), price(BidPx), size(BidSz))?;
            writeln!(out, "{},{},{},{},{}", price(AskPx), size(AskSz), price(Px), size(Sz), block.value(Side, row))
        }
    }
}
