//! Events as blocks of columns: whole ticks, whole lot steps, nanoseconds.
//!
//! A block holds rows of one feed, in time order. Replay walks a run of rows `from..to` and touches only the columns it needs.

use crate::{MarketId, Nanos};

/// No value: an empty side of the book, a price that a row does not carry.
pub const NA: i64 = i64::MIN;

/// How many rows a block holds unless somebody asks otherwise.
pub const DEFAULT_BLOCK_ROWS: usize = 4096;

/// What the rows of a feed are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Schema {
    /// Finished bars; a row's time is the bar's close.
    Bars {
        /// The length of every bar.
        span_ns: i64,
    },
    /// Best bid and ask, and trades; a row's time is its receipt.
    L1,
}

/// What one row of an L1 feed is, as stored in `Column::Kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum RowKind {
    /// The best bid or ask changed.
    Quote = 0,
    /// A trade; the quote columns hold the quote before it, or `NA`.
    Trade = 1,
}

/// The columns a block can hold. Prices are ticks, sizes are lot steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(usize)]
pub enum Column {
    /// `RowKind` of an L1 row.
    Kind,
    /// Best bid price.
    BidPx,
    /// Size at the best bid.
    BidSz,
    /// Best ask price.
    AskPx,
    /// Size at the best ask.
    AskSz,
    /// Trade price.
    Px,
    /// Trade size.
    Sz,
    /// Aggressor of a trade: 1 buyer, -1 seller, 0 unknown.
    Side,
    /// When the bar opened, in nanoseconds.
    OpenTime,
    /// First price of the bar.
    Open,
    /// Highest price of the bar.
    High,
    /// Lowest price of the bar.
    Low,
    /// Last price of the bar.
    Close,
    /// Quantity traded in the bar.
    Volume,
}

impl Column {
    /// How many columns there are.
    pub const COUNT: usize = 14;

    /// Every column, in order.
    pub const ALL: [Column; Column::COUNT] = [
        Column::Kind,
        Column::BidPx,
        Column::BidSz,
        Column::AskPx,
        Column::AskSz,
        Column::Px,
        Column::Sz,
        Column::Side,
        Column::OpenTime,
        Column::Open,
        Column::High,
        Column::Low,
        Column::Close,
        Column::Volume,
    ];

    /// The name used in files, messages and printed IR.
    pub fn name(self) -> &'static str {
        match self {
            Column::Kind => "kind",
            Column::BidPx => "bid_px",
            Column::BidSz => "bid_sz",
            Column::AskPx => "ask_px",
            Column::AskSz => "ask_sz",
            Column::Px => "px",
            Column::Sz => "sz",
            Column::Side => "side",
            Column::OpenTime => "open_time",
            Column::Open => "open",
            Column::High => "high",
            Column::Low => "low",
            Column::Close => "close",
            Column::Volume => "volume",
        }
    }
}

/// Rows of one feed, column by column. Columns that the feed does not have, or nobody reads, are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Whose events these are.
    pub market: MarketId,
    /// What the rows are.
    pub schema: Schema,
    /// When we knew each row, ascending.
    pub time: Vec<i64>,
    columns: [Vec<i64>; Column::COUNT],
}

impl Block {
    /// A block without rows.
    pub fn new(market: MarketId, schema: Schema) -> Block {
        Block { market, schema, time: Vec::new(), columns: std::array::from_fn(|_| Vec::new()) }
    }

    /// How many rows it holds.
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// Whether it holds no row.
    pub fn is_empty(&self) -> bool {
        self.time.is_empty()
    }

    /// All values of a column; empty where the block does not hold it.
    pub fn column(&self, column: Column) -> &[i64] {
        &self.columns[column as usize]
    }

    /// The column, to be filled; it must end up as long as `time`, or empty.
    pub fn column_mut(&mut self, column: Column) -> &mut Vec<i64> {
        &mut self.columns[column as usize]
    }

    /// One value; `NA` where the block does not hold the column.
    pub fn value(&self, column: Column, row: usize) -> i64 {
        self.columns[column as usize].get(row).copied().unwrap_or(NA)
    }

    /// The time of a row.
    pub fn time_of(&self, row: usize) -> Nanos {
        Nanos(self.time[row])
    }

    /// Whether an L1 row is a trade.
    pub fn is_trade(&self, row: usize) -> bool {
        self.value(Column::Kind, row) == RowKind::Trade as i64
    }

    /// Forgets all rows and keeps the memory.
    pub fn clear(&mut self) {
        self.time.clear();
        self.columns.iter_mut().for_each(Vec::clear);
    }
}
