//! The front door: an opened file becomes a stream of blocks, and says how it was understood.

use std::collections::BTreeMap;
use std::fs::File;

use gbc_core::{Block, Column, Instrument, MarketId, Nanos, Schema};

use crate::bar_clock::{self, BarClock, StampHints};
use crate::bars::BarFill;
use crate::books::BookFill;
use crate::clean::Cleaned;
use crate::dbn_file::Wanted;
use crate::field::Field;
use crate::layout::{self, Layout, Shape};
use crate::quotes::QuoteFill;
use crate::rows::{RowReader, Rows};
use crate::scales::{self, bad_note};
use crate::set::{Part, TableSet};
use crate::table::Table;
use crate::{DataError, Feed};

/// How many stamps are looked at to tell the length of bars.
const SAMPLE_ROWS: usize = 4096;

/// An opened file, and the name that messages give it.
#[derive(Debug)]
pub struct Source {
    /// What messages call it.
    pub name: String,
    /// The file, at any position.
    pub file: File,
}

/// Which end of a bar a file stamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// Its open.
    Open,
    /// Its close.
    Close,
}

/// How to read a file.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whose events these are.
    pub market: MarketId,
    /// The name of the market.
    pub symbol: String,
    /// The scales of prices and sizes; without it they are found in the file.
    pub instrument: Option<Instrument>,
    /// What the market is known as, for a file that does not say itself.
    pub known_as: Option<Instrument>,
    /// Which end of a bar is stamped; without it the file must show it.
    pub stamp: Option<Stamp>,
    /// Which end is taken where nothing shows it: for looking at a file, never for a run.
    pub assumed: Option<Stamp>,
    /// Which of several instruments in a file is meant; without it the market's symbol must tell.
    pub inside: Option<String>,
    /// Repair what has one right answer, and say so: never for a run.
    pub repairs: bool,
    /// From the name of a column to the field it holds, where names do not tell.
    pub map: BTreeMap<String, String>,
    /// At most this many rows in a block.
    pub block_rows: usize,
    /// Rows before this are left out.
    pub from: Option<Nanos>,
    /// Rows at or after this are left out.
    pub to: Option<Nanos>,
}

impl Options {
    /// Everything is found in the file, and all of it is read.
    pub fn new(market: MarketId, symbol: &str) -> Options {
        let map = BTreeMap::new();
        Options {
            market,
            symbol: symbol.to_owned(),
            instrument: None,
            known_as: None,
            stamp: None,
            assumed: None,
            inside: None,
            repairs: false,
            map,
            block_rows: gbc_core::block::DEFAULT_BLOCK_ROWS,
            from: None,
            to: None,
        }
    }
}

/// A file, understood; its rows are still to come.
pub struct Dataset {
    /// What messages call the file.
    pub name: String,
    /// The files of a set in the order in which they are played, or the one file.
    pub parts: Vec<String>,
    /// What the rows are.
    pub schema: Schema,
    /// The scales that prices and sizes are counted in.
    pub instrument: Instrument,
    /// Whether rows carry best quotes.
    pub has_quotes: bool,
    /// Whether rows carry trades.
    pub has_trades: bool,
    /// How the file was understood, to be said aloud.
    pub notes: Vec<String>,
    reader: Box<dyn RowReader>,
    fill: Fill,
    rows: Rows,
    window: Window,
    market: MarketId,
    is_done: bool,
    count: u64,
}

enum Fill {
    Bars(BarFill),
    Quotes(QuoteFill),
    Book(BookFill),
}

/// Rows of `from..to` are wanted.
#[derive(Clone, Copy)]
struct Window {
    from: i64,
    to: i64,
}

/// Finds out what a file holds. Nothing is checked yet but what that takes.
pub fn open(source: Source, options: &Options) -> Result<Dataset, DataError> {
    let name = source.name.clone();
    let wanted = Wanted { named: options.inside.as_deref(), market: &options.symbol, repairs: options.repairs };
    let opened = Table::open(source, wanted).and_then(|table| open_table(&name, &table, options));
    opened.map_err(|error| error.in_file(&name))
}

/// Finds out what many files of one market hold, and plays them as one, in the order of their first stamps. `name` is that of all.
pub fn open_set(name: &str, parts: Vec<Part>, options: &Options) -> Result<Dataset, DataError> {
    let opened = TableSet::open(parts, options).and_then(|set| {
        let names = set.names();
        let dataset = open_table(name, &Table::Set(Box::new(set)), options)?;
        Ok(Dataset { parts: names, ..dataset })
    });
    opened.map_err(|error| error.in_file(name))
}

fn open_table(name: &str, table: &Table, options: &Options) -> Result<Dataset, DataError> {
    let layout = layout::find(table.columns(), &options.map)?;
    let mut notes = vec![table.describe()];
    notes.extend(layout.notes.iter().cloned());
    // The length of bars comes first: to choose the stamp costs the user less than to wait for the tick.
    let clock = match layout.shape {
        Shape::Bars => Some(bar_clock_of(table, &layout, options, &mut notes)?),
        _ => None,
    };
    let scales = scales::settle(table, &layout, options)?;
    notes.push(scales.note.clone());
    let (fill, schema, has_quotes, has_trades) = match (layout.shape, clock) {
        (Shape::L1 { quotes, trades }, _) => {
            let fill = QuoteFill::new(&layout, (quotes, trades), scales.prices(), scales.sizes());
            (Fill::Quotes(fill), Schema::L1, quotes, trades)
        }
        (shape @ (Shape::Depth | Shape::Orders), _) => {
            let fill = BookFill::new(&layout, scales.prices(), scales.sizes());
            let schema = if shape == Shape::Depth { Schema::Depth } else { Schema::Orders };
            (Fill::Book(fill), schema, true, true)
        }
        (Shape::Bars, clock) => {
            let clock = clock.expect("bars have a clock");
            (
                Fill::Bars(BarFill::new(&layout, clock, scales.prices(), scales.sizes())),
                Schema::Bars { span_ns: clock.span_ns },
                false,
                false,
            )
        }
    };
    let batch_rows = options.block_rows.max(1);
    let mut reader = table.rows(&layout.picks, batch_rows)?;
    if options.repairs {
        reader = Box::new(Cleaned::new(reader, &layout.picks, layout.shape == Shape::Bars, batch_rows));
    }
    let window = Window { from: options.from.unwrap_or(Nanos::MIN).0, to: options.to.unwrap_or(Nanos::MAX).0 };
    let (instrument, market) = (scales.instrument, options.market);
    let rows = Rows::default();
    Ok(Dataset {
        name: name.to_owned(),
        parts: vec![name.to_owned()],
        schema,
        instrument,
        has_quotes,
        has_trades,
        notes,
        reader,
        fill,
        rows,
        window,
        market,
        is_done: false,
        count: 0,
    })
}

fn bar_clock_of(
    table: &Table,
    layout: &Layout,
    options: &Options,
    notes: &mut Vec<String>,
) -> Result<BarClock, DataError> {
    let picks: Vec<_> = layout.picks.iter().filter(|pick| pick.field == Field::Time).cloned().collect();
    let mut stamps = first_stamps(table, &picks)?;
    if options.repairs {
        stamps.sort_unstable();
    }
    let span_ns = match table.note("glowback.span_ns") {
        Some(text) => {
            Some(text.parse().ok().filter(|span| *span > 0).ok_or_else(|| bad_note("glowback.span_ns", text))?)
        }
        None => None,
    };
    let file = match table.note("glowback.stamp") {
        Some("open") => Some(Stamp::Open),
        Some("close") => Some(Stamp::Close),
        Some(text) => return Err(bad_note("glowback.stamp", text)),
        None => None,
    };
    let hints = StampHints { option: options.stamp, file, column: layout.stamp, assumed: options.assumed };
    let (clock, note) = bar_clock::settle(&stamps, span_ns, hints)?;
    notes.push(note);
    Ok(clock)
}

fn first_stamps(table: &Table, picks: &[crate::layout::Pick]) -> Result<Vec<i64>, DataError> {
    let (mut stamps, mut rows) = (Vec::new(), Rows::default());
    let mut reader = table.rows(picks, SAMPLE_ROWS)?;
    while stamps.len() < SAMPLE_ROWS && reader.read(&mut rows)? {
        stamps.extend_from_slice(&rows.time);
    }
    if stamps.is_empty() { Err(no_rows()) } else { Ok(stamps) }
}

fn no_rows() -> DataError {
    DataError::new("the file holds no rows")
}

impl Dataset {
    /// Puts the next rows into `block`; `false` at the end, with no row. After an error there is no more.
    pub fn next_block(&mut self, block: &mut Block) -> Result<bool, DataError> {
        block.clear();
        (block.market, block.schema) = (self.market, self.schema);
        while block.is_empty() && !self.is_done {
            self.read_rows(block).map_err(|error| {
                self.is_done = true;
                error.in_file(self.rows.file.as_deref().unwrap_or(&self.name))
            })?;
        }
        Ok(!block.is_empty())
    }

    fn read_rows(&mut self, block: &mut Block) -> Result<(), DataError> {
        if !self.reader.read(&mut self.rows)? {
            self.is_done = true;
            return if self.count == 0 { Err(no_rows()) } else { Ok(()) };
        }
        self.count += self.rows.len() as u64;
        match &mut self.fill {
            Fill::Bars(bars) => bars.fill(&self.rows, block)?,
            Fill::Quotes(quotes) => quotes.fill(&self.rows, block)?,
            Fill::Book(book) => book.fill(&self.rows, block)?,
        }
        self.is_done = self.window.cut(block);
        Ok(())
    }

    /// What was odd in the rows read so far, and no error.
    pub fn report(&self) -> Vec<String> {
        let mut lines = self.reader.report();
        if let Fill::Quotes(QuoteFill { counts, .. }) = &self.fill {
            if let Some(row) = counts.first_crossed {
                lines.push(format!("{} crossed quotes (bid above ask), the first in row {row}", counts.crossed));
            }
            let odd =
                [(counts.locked, "locked quotes (bid at ask)"), (counts.empty_sides, "empty sides (no bid or no ask)")];
            lines.extend(odd.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
        }
        lines
    }
}

impl Feed for Dataset {
    fn next_block(&mut self, block: &mut Block) -> Result<bool, DataError> {
        Dataset::next_block(self, block)
    }

    fn report(&self) -> Vec<String> {
        Dataset::report(self)
    }
}

impl Window {
    /// Leaves the rows of the window; `true` once it is past.
    fn cut(self, block: &mut Block) -> bool {
        let start = block.time.partition_point(|time| *time < self.from);
        let end = block.time.partition_point(|time| *time < self.to).max(start);
        let is_past = end < block.len();
        if start > 0 || is_past {
            keep(&mut block.time, start, end);
            Column::ALL.iter().for_each(|column| keep(block.column_mut(*column), start, end));
        }
        is_past
    }
}

fn keep(values: &mut Vec<i64>, start: usize, end: usize) {
    values.truncate(end);
    values.drain(..start.min(values.len()));
}
