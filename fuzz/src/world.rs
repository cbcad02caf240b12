//! Events to play to a program: quiet ones, and hostile ones.
//!
//! Where a market is hostile, three draws of ten come from a set of values that nobody expects: none, zero, below zero,
//! huge, and the same once more.

use gbc_core::bars::Source;
use gbc_core::session::Hours;
use gbc_core::time::{DAY, MILLISECOND, MINUTE};
use gbc_core::{Block, Column, Instrument, MarketId, Money, NA, Ratio, RowKind, Schema};
use gbc_data::MemoryFeed;
use gbc_engine::{FeedInput, Setup};
use gbc_exec::Profile;

use crate::chance::Chance;

/// Where all data start: the midnight before a Monday of 2023, so that sessions are held.
pub const START: i64 = 19_702 * DAY;

/// Prices lie below this many ticks, as those that files give.
const HUGE: i64 = 1 << 52;

/// What a market's data are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feeds {
    /// Bars of a minute.
    pub bars: bool,
    /// Quotes and trades.
    pub ticks: bool,
    /// Values from the hostile set.
    pub hostile: bool,
}

/// Everything that a run is given.
#[derive(Clone, Debug)]
pub struct World {
    /// The instruments, by market.
    pub instruments: Vec<Instrument>,
    /// What each market's bars are made of.
    pub sources: Vec<Source>,
    /// One feed each.
    pub blocks: Vec<(MarketId, Block)>,
}

impl World {
    /// Data for these markets, about `rows` rows each.
    pub fn new(markets: &[Feeds], rows: usize, seed: u64) -> World {
        let mut chance = Chance::new(seed);
        let mut blocks = Vec::new();
        for (market, feeds) in markets.iter().enumerate() {
            if feeds.bars {
                blocks.push((market, bars(market, rows, feeds.hostile, &mut chance)));
            }
            if feeds.ticks {
                blocks.push((market, ticks(market, rows, feeds.hostile, &mut chance)));
            }
        }
        let source = |feeds: &Feeds| if feeds.bars { Source::Bars { span_ns: MINUTE } } else { Source::Trades };
        World { instruments: instruments(markets.len()), sources: markets.iter().map(source).collect(), blocks }
    }

    /// The same up to `time`, that moment not included.
    pub fn before(&self, time: i64) -> World {
        let cut = |(market, block): &(MarketId, Block)| {
            (*market, part(block, 0, block.time.partition_point(|known| *known < time)))
        };
        World { blocks: self.blocks.iter().map(cut).collect(), ..self.clone() }
    }

    /// All feeds, in blocks of so many rows.
    pub fn feeds(&self, rows: usize) -> Vec<FeedInput> {
        let feed = |(market, block): &(MarketId, Block)| {
            let starts = (0..block.len()).step_by(rows);
            let blocks = starts.map(|from| part(block, from, (from + rows).min(block.len()))).collect();
            FeedInput { market: *market, feed: Box::new(MemoryFeed::new(blocks)) }
        };
        self.blocks.iter().map(feed).collect()
    }

    /// All times at which something happens, in order.
    pub fn times(&self) -> Vec<i64> {
        let mut times: Vec<i64> = self.blocks.iter().flat_map(|(_, block)| block.time.clone()).collect();
        times.sort_unstable();
        times
    }

    /// How a run of it is set up.
    pub fn setup(&self) -> Setup {
        let ticks = self.blocks.iter().any(|(_, block)| !block.schema.is_bars());
        let profile = if ticks { Profile::strict() } else { Profile::bars() };
        let cash = Money(100_000 * Money::ONE.0);
        let instruments = self.instruments.clone();
        Setup { instruments, cash, profile, equity_every_ns: MINUTE, force_react: false }
    }
}

fn instruments(markets: usize) -> Vec<Instrument> {
    let scales = [((1, 4), (1, 1), (2, 1)), ((1, 100), (1, 10), (1, 1)), ((1, 3), (1, 7), (50, 3))];
    let ratio = |(num, den)| Ratio::new(num, den).expect("positive");
    let made = |market: usize| {
        let (tick, lot, point) = scales[market % scales.len()];
        let mut made = Instrument::generic(&format!("M{market}"), ratio(tick));
        (made.lot, made.point, made.fee_per_lot) = (ratio(lot), ratio(point), Money(620_000_000));
        // Soon after the data start, and at another time in each market.
        let open = (4 + 6 * market as i64) * MINUTE;
        made.hours = Some(Hours::weekdays(open, open + 20 * MINUTE, "UTC"));
        made
    };
    (0..markets).map(made).collect()
}

/// A value that nobody expects, three times in ten, or the one given.
fn drawn(value: i64, hostile: bool, chance: &mut Chance) -> i64 {
    if !hostile || !chance.once_in(3, 10) {
        return value;
    }
    let huge = chance.whole(1, HUGE - 1);
    [NA, 0, -1, -value, 1, huge, -huge, HUGE - 1][chance.below(8)]
}

/// Quotes and trades: a walk with equal stamps and quiet hours.
fn ticks(market: MarketId, rows: usize, hostile: bool, chance: &mut Chance) -> Block {
    let mut block = Block::new(market, Schema::L1);
    let (mut time, mut bid) = (START, 4_000);
    for _ in 0..rows {
        time += match chance.below(20) {
            0..5 => 0,
            5..7 => chance.whole(0, 3) * MINUTE,
            _ => chance.whole(0, 9_000 * MILLISECOND),
        };
        bid += chance.whole(-2, 2);
        let ask = bid + chance.whole(1, 2);
        let trade = chance.once_in(2, 5);
        let mut put = |column, value| block.column_mut(column).push(value);
        let (quoted, traded) = if trade { (NA, bid) } else { (0, NA) };
        let of_quote = |value| if quoted == NA { NA } else { value };
        let of_trade = |value| if traded == NA { NA } else { value };
        put(Column::Kind, if trade { RowKind::Trade } else { RowKind::Quote } as i64);
        put(Column::BidPx, of_quote(drawn(bid, hostile, chance)));
        put(Column::AskPx, of_quote(drawn(ask, hostile, chance)));
        put(Column::BidSz, of_quote(size(hostile, chance)));
        put(Column::AskSz, of_quote(size(hostile, chance)));
        put(Column::Px, of_trade(drawn(bid, hostile, chance)));
        put(Column::Sz, of_trade(size(hostile, chance)));
        put(Column::Side, of_trade(chance.whole(-1, 1)));
        block.time.push(time);
    }
    block
}

/// No file gives a size below zero.
fn size(hostile: bool, chance: &mut Chance) -> i64 {
    let size = chance.whole(0, 30);
    let size = drawn(size, hostile, chance);
    if size == NA { NA } else { size.abs() }
}

/// Bars of a minute, some missing.
fn bars(market: MarketId, rows: usize, hostile: bool, chance: &mut Chance) -> Block {
    let mut block = Block::new(market, Schema::Bars { span_ns: MINUTE });
    let (mut open_time, mut price) = (START, 4_000);
    for _ in 0..rows {
        let open = price + chance.whole(-3, 3);
        price = open + chance.whole(-10, 10);
        // The drawn ones are no sound bar, and neither are those of a market below zero.
        let values = [open, open.max(price) + chance.whole(0, 4), open.min(price) - chance.whole(0, 4), price];
        for (column, value) in [Column::Open, Column::High, Column::Low, Column::Close].into_iter().zip(values) {
            let value = drawn(value, hostile, chance);
            block.column_mut(column).push(if value == NA { 0 } else { value });
        }
        block.column_mut(Column::Volume).push(size(hostile, chance).max(0));
        block.column_mut(Column::OpenTime).push(open_time);
        block.time.push(open_time + MINUTE);
        open_time += MINUTE * if chance.once_in(1, 25) { chance.whole(2, 90) } else { 1 };
    }
    block
}

/// Rows `from..to` as a block of their own.
fn part(block: &Block, from: usize, to: usize) -> Block {
    let mut part = Block::new(block.market, block.schema);
    part.time = block.time[from..to].to_vec();
    for column in Column::ALL {
        if !block.column(column).is_empty() {
            *part.column_mut(column) = block.column(column)[from..to].to_vec();
        }
    }
    part
}
