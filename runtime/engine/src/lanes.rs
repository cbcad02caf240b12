//! Feeds side by side, merged by runs: a lane is played up to the row before which another lane comes first.
//!
//! At equal times the market with the smaller id is first, then finer bars before coarser ones and bars before ticks.
//! Only feeds of one market and one schema fall back on the order in which they were handed in.

use gbc_book::{Crossing, Follower};
use gbc_core::{Block, MarketId, Nanos, Schema};
use gbc_data::{DataError, Feed};

use crate::FeedInput;

/// One feed, with the block that it stands in.
pub(crate) struct Lane {
    pub market: MarketId,
    /// The rows at hand; empty when the feed is over.
    pub block: Block,
    /// The first row not yet played.
    pub row: usize,
    /// Rows played so far.
    pub played: u64,
    /// The book of its levels or orders, up to the end of the block.
    follower: Option<Follower>,
    crossing: Crossing,
    feed: Box<dyn Feed + Send>,
}

/// All feeds of a run, in the order that decides at equal times.
pub(crate) struct Lanes(pub Vec<Lane>);

/// The row that comes next.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    pub lane: usize,
    pub time: Nanos,
}

impl Lane {
    fn open(input: FeedInput, crossing: Crossing) -> Result<Lane, DataError> {
        let block = Block::new(input.market, Schema::L1);
        let FeedInput { market, feed } = input;
        let mut lane = Lane { market, block, row: 0, played: 0, follower: None, crossing, feed };
        lane.refill()?;
        Ok(lane)
    }

    /// Moves on to `row`, and to the next block once this one is done.
    pub fn move_to(&mut self, row: usize) -> Result<(), DataError> {
        self.played += (row - self.row) as u64;
        self.row = row;
        if self.row == self.block.len() { self.refill() } else { Ok(()) }
    }

    /// What was odd in its data.
    pub fn notes(&self) -> Vec<String> {
        let odd = self.follower.as_ref().map_or_else(Vec::new, |it| it.counts().notes());
        self.feed.report().into_iter().chain(odd).collect()
    }

    fn refill(&mut self) -> Result<(), DataError> {
        self.row = 0;
        self.block.clear();
        while self.block.is_empty() {
            if !self.feed.next_block(&mut self.block)? {
                self.block.clear();
                break;
            }
        }
        // Whoever bound the feed to a market knows better than the file.
        self.block.market = self.market;
        if self.follower.is_none() {
            self.follower = Follower::new(self.block.schema, self.crossing);
        }
        if let Some(follower) = &mut self.follower {
            follower.follow(&mut self.block);
        }
        Ok(())
    }

    fn head(&self) -> Option<Nanos> {
        (!self.block.is_empty()).then(|| self.block.time_of(self.row))
    }
}

impl Lanes {
    /// Opens all feeds and puts them in order. `crossing`: what their books make of a bid that reaches an ask.
    pub fn open(feeds: Vec<FeedInput>, crossing: Crossing) -> Result<Lanes, DataError> {
        let open = |input| Lane::open(input, crossing);
        let mut lanes = feeds.into_iter().map(open).collect::<Result<Vec<_>, _>>()?;
        lanes.sort_by_key(|lane| (lane.market, lane.block.schema));
        Ok(Lanes(lanes))
    }

    /// Of what the books of a market are made, if it has any: single orders before levels.
    pub fn books_of(&self, market: MarketId) -> Option<Schema> {
        let of = self.0.iter().filter(|lane| lane.market == market && !lane.block.is_empty());
        of.map(|lane| lane.block.schema).filter(|schema| schema.has_levels()).max()
    }

    /// Goes on behind rows that were played before: as many of each lane as `played` says.
    pub fn skip(&mut self, played: &[u64]) -> Result<(), DataError> {
        for (lane, played) in self.0.iter_mut().zip(played) {
            while lane.played < *played && !lane.block.is_empty() {
                let left = (played - lane.played) as usize;
                lane.move_to((lane.row + left).min(lane.block.len()))?;
            }
        }
        Ok(())
    }

    /// The row that comes next; `None` when all feeds are over.
    pub fn head(&self) -> Option<Head> {
        let heads = self.0.iter().enumerate().filter_map(|(lane, it)| Some(Head { lane, time: it.head()? }));
        heads.min_by_key(|head| (head.time, head.lane))
    }

    /// Where the run that starts at the head of `lane` ends: before the first row that another lane precedes.
    pub fn run_end(&self, lane: usize) -> usize {
        let rivals = self.0.iter().enumerate().filter(|(rival, _)| *rival != lane);
        let last_moment =
            |(rival, it): (usize, &Lane)| it.head().map(|time| if rival < lane { time.0 - 1 } else { time.0 });
        let lane = &self.0[lane];
        match rivals.filter_map(last_moment).min() {
            Some(until) => first_after(&lane.block.time, lane.row, lane.block.len(), until),
            None => lane.block.len(),
        }
    }
}

/// The first of rows `from..to` later than `until`. Mostly that is the very next one, so it is asked first.
pub(crate) fn first_after(time: &[i64], from: usize, to: usize, until: i64) -> usize {
    if from < to && time[from] > until {
        return from;
    }
    if to - from > 1 && time[from + 1] > until {
        return from + 1;
    }
    from + time[from..to].partition_point(|time| *time <= until)
}
