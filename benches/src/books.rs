//! What keeping a book costs: each beside the plainest one that gives the same best prices, row by row.

mod made;
mod plain;

use std::fmt;
use std::path::Path;
use std::time::Duration;

use gbc_book::{BookSide, Crossing, LevelBook, OrderBook};
use gbc_core::{Block, Schema};
use serde_json::{Value, json};

use crate::clock::timed;
use crate::figures::median;
use crate::rows;

/// What one feed took, in nanoseconds a row: medians of the rounds.
pub(crate) struct Costs {
    feed: String,
    rows: usize,
    ours: f64,
    plain: f64,
    /// The median of the rounds' own ratios.
    ratio: f64,
}

/// A file of levels or single orders; without one, rows of both made on the spot.
pub(crate) fn measure(file: Option<&Path>, count: usize, rounds: usize) -> Result<Vec<Costs>, String> {
    let feeds = match file {
        Some(path) => vec![rows::of_book(path)?],
        None => {
            let orders = made::orders(count);
            vec![("made levels".to_owned(), vec![made::levels(&orders)]), ("made orders".to_owned(), vec![orders])]
        }
    };
    feeds.into_iter().map(|(name, blocks)| cost(name, &blocks, rounds)).collect()
}

fn cost(feed: String, blocks: &[Block], rounds: usize) -> Result<Costs, String> {
    let rows = blocks.iter().map(Block::len).sum::<usize>();
    let orders = blocks.iter().any(|block| block.schema == Schema::Orders);
    let (mut ours, mut plain, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (told, time) = if orders { timed(|| by_order(blocks)) } else { timed(|| by_price(blocks)) };
        let (wanted, plain_time) =
            if orders { timed(|| plain::by_order(blocks)) } else { timed(|| plain::by_price(blocks)) };
        if told != wanted {
            return Err(format!("{feed}: the books differ: {told:?} and {wanted:?}"));
        }
        ours.push(nanos(time, rows));
        plain.push(nanos(plain_time, rows));
        ratios.push(time.as_secs_f64() / plain_time.as_secs_f64());
    }
    Ok(Costs { feed, rows, ours: median(ours), plain: median(plain), ratio: median(ratios) })
}

fn nanos(time: Duration, rows: usize) -> f64 {
    time.as_nanos() as f64 / rows.max(1) as f64
}

/// A sum of all best prices on the way, so that nobody can leave out a row.
type Told = [i64; 2];

fn tell(told: &mut Told, best: [Option<i64>; 2]) {
    told.iter_mut().zip(best).for_each(|(sum, price)| *sum = sum.wrapping_add(price.unwrap_or(-1)));
}

fn by_price(blocks: &[Block]) -> Told {
    let mut book = LevelBook::new(Crossing::Shown);
    let mut told = [0; 2];
    for (block, row) in blocks.iter().flat_map(|block| (0..block.len()).map(move |row| (block, row))) {
        book.apply(block, row);
        tell(&mut told, [BookSide::Bid, BookSide::Ask].map(|side| book.sides().best_price(side)));
    }
    told
}

fn by_order(blocks: &[Block]) -> Told {
    let mut book = OrderBook::new(Crossing::Shown);
    let mut told = [0; 2];
    for (block, row) in blocks.iter().flat_map(|block| (0..block.len()).map(move |row| (block, row))) {
        book.apply(block, row);
        tell(&mut told, [BookSide::Bid, BookSide::Ask].map(|side| book.sides().best_price(side)));
    }
    told
}

/// The figures as a table for the page on performance.
pub(crate) struct Table(pub Vec<Costs>);

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| feed | rows | ours | plain maps | ratio |\n| --- | --- | --- | --- | --- |")?;
        for Costs { feed, rows, ours, plain, ratio } in &self.0 {
            writeln!(f, "| {feed} | {rows} | {ours:.0} ns/row | {plain:.0} ns/row | {ratio:.2} |")?;
        }
        Ok(())
    }
}

/// The same for scripts.
pub(crate) fn to_json(costs: &[Costs]) -> Value {
    let one = |it: &Costs| json!({ "feed": it.feed, "rows": it.rows, "ours_ns": it.ours, "plain_ns": it.plain, "ratio": it.ratio });
    Value::Array(costs.iter().map(one).collect())
}
