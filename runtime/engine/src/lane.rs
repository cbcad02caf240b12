//! One feed, with the blocks that it stands in: read once, or once by the exchange and once by us.
//!
//! Both readings go over the same blocks in the order of the file. Only those between the two are held; a feed without a
//! second reading holds one.

use std::collections::VecDeque;

use gbc_book::{Crossing, Follower};
use gbc_core::{Block, MarketId, Nanos, RowFlags, Schema};
use gbc_data::{DataError, Feed};

use crate::FeedInput;
use crate::two_times::TwoTimes;

/// One feed.
pub(crate) struct Lane {
    pub market: MarketId,
    /// Rows that we played so far.
    pub played: u64,
    /// Never without one; an empty one at the end of the feed.
    pieces: VecDeque<Piece>,
    ours: Place,
    /// The exchange's reading, if it is another one.
    theirs: Option<Exchanges>,
    /// The book of its levels or orders, up to the end of the last block.
    follower: Option<Follower>,
    crossing: Crossing,
    feed: Box<dyn Feed + Send>,
}

/// A block with our times, and the exchange's times beside them.
pub(crate) struct Piece {
    pub block: Block,
    pub exchange: Vec<i64>,
}

/// The first row not yet read.
#[derive(Clone, Copy, Default)]
struct Place {
    piece: usize,
    row: usize,
}

struct Exchanges {
    times: TwoTimes,
    place: Place,
    /// Rows that it saw so far.
    seen: u64,
    /// Rows that it has seen by now whatever their stamps say: we have seen the last of them.
    due: u64,
}

impl Lane {
    /// Opens a feed. It has one reading.
    pub fn open(input: FeedInput, crossing: Crossing) -> Result<Lane, DataError> {
        let FeedInput { market, feed } = input;
        let (pieces, ours) = (VecDeque::new(), Place::default());
        let mut lane = Lane { market, played: 0, pieces, ours, theirs: None, follower: None, crossing, feed };
        lane.fetch(Block::new(market, Schema::L1), Vec::new())?;
        Ok(lane)
    }

    /// Gives it a second reading, before any row of it is played.
    pub fn set_apart(&mut self, mut times: TwoTimes) {
        if let Some(first) = self.pieces.front_mut() {
            times.stamp(&mut first.block, &mut first.exchange);
        }
        self.theirs = Some(Exchanges { times, place: Place::default(), seen: 0, due: 0 });
    }

    /// Whether the exchange's reading is another one than ours.
    pub fn is_apart(&self) -> bool {
        self.theirs.is_some()
    }

    /// The rows at hand; empty when the feed is over.
    pub fn block(&self) -> &Block {
        &self.pieces[self.ours.piece].block
    }

    /// The first row of the block not yet played.
    pub fn row(&self) -> usize {
        self.ours.row
    }

    /// The time of the row that comes next.
    pub fn head(&self) -> Option<Nanos> {
        let block = self.block();
        (!block.is_empty()).then(|| block.time_of(self.ours.row))
    }

    /// Rows played, and rows that the exchange has seen beside us.
    pub fn progress(&self) -> [u64; 2] {
        [self.played, self.theirs.as_ref().map_or(0, |theirs| theirs.seen)]
    }

    /// Moves on to `row`, and to the next block once this one is done.
    pub fn move_to(&mut self, row: usize) -> Result<(), DataError> {
        let block = &self.pieces[self.ours.piece].block;
        if let Some(theirs) = &mut self.theirs {
            // What only the exchange sees falls due by its own time.
            let is_ours = |at: &usize| !block.flags(*at).has(RowFlags::EXCH_ONLY);
            if let Some(last) = (self.ours.row..row).rev().find(is_ours) {
                theirs.due = self.played + (last + 1 - self.ours.row) as u64;
            }
        }
        self.played += (row - self.ours.row) as u64;
        self.ours.row = row;
        if row < block.len() {
            return Ok(());
        }
        self.ours = Place { piece: self.ours.piece + 1, row: 0 };
        self.read_on()
    }

    /// Whether it holds blocks for the exchange alone.
    pub fn holds_the_past(&self) -> bool {
        self.theirs.as_ref().is_some_and(|theirs| theirs.place.piece < self.ours.piece)
    }

    /// The time of the row that the exchange sees next; `now` is how far we have come.
    pub fn exchange_head(&self, now: Nanos) -> Option<Nanos> {
        let theirs = self.theirs.as_ref()?;
        let stamp = *self.pieces[theirs.place.piece].exchange.get(theirs.place.row)?;
        Some(if theirs.seen < theirs.due { Nanos(stamp).min(now) } else { Nanos(stamp) })
    }

    /// Up to where we may play before another row is due at the exchange because we have seen it, or one after it.
    pub fn due_end(&self) -> usize {
        let (block, len) = (self.block(), self.block().len());
        let Some(theirs) = &self.theirs else { return len };
        let ahead = usize::try_from(theirs.seen.saturating_sub(self.played)).unwrap_or(usize::MAX);
        let from = self.ours.row.saturating_add(ahead);
        (from..len).find(|row| !block.flags(*row).has(RowFlags::EXCH_ONLY)).map_or(len, |row| row + 1)
    }

    /// Where the exchange's reading stands.
    pub fn exchange_place(&self) -> Option<(&Piece, usize)> {
        let theirs = self.theirs.as_ref()?;
        Some((&self.pieces[theirs.place.piece], theirs.place.row))
    }

    /// Up to which row of its block the exchange has seen everything by `until`.
    pub fn exchange_end(&self, until: Nanos) -> usize {
        let Some(theirs) = &self.theirs else { return 0 };
        let (times, from) = (&self.pieces[theirs.place.piece].exchange, theirs.place.row);
        let due = usize::try_from(theirs.due.saturating_sub(theirs.seen)).unwrap_or(usize::MAX);
        let due = from.saturating_add(due).min(times.len());
        let late = times[due..].iter().position(|time| *time > until.0);
        late.map_or(times.len(), |late| due + late)
    }

    /// The exchange has seen the rows of its block up to `row`.
    pub fn pass_to(&mut self, row: usize) -> Result<(), DataError> {
        let Some(theirs) = &mut self.theirs else { return Ok(()) };
        theirs.seen += (row - theirs.place.row) as u64;
        theirs.place.row = row;
        if row < self.pieces[theirs.place.piece].block.len() {
            return Ok(());
        }
        theirs.place = Place { piece: theirs.place.piece + 1, row: 0 };
        self.read_on()
    }

    /// Goes on behind rows that were read before. Neither reading is left far behind the other, so few blocks are held.
    pub fn skip(&mut self, [played, seen]: [u64; 2]) -> Result<(), DataError> {
        while !self.block().is_empty() && self.played < played {
            let left = (played - self.played) as usize;
            let row = (self.row() + left).min(self.block().len());
            self.move_to(row)?;
            self.skip_theirs(seen.min(self.played))?;
        }
        self.skip_theirs(seen)
    }

    fn skip_theirs(&mut self, seen: u64) -> Result<(), DataError> {
        while let Some(theirs) = self.theirs.as_ref().filter(|theirs| theirs.seen < seen) {
            let (at, left) = (theirs.place, (seen - theirs.seen) as usize);
            let rows = self.pieces[at.piece].block.len();
            if rows == 0 {
                break;
            }
            self.pass_to((at.row + left).min(rows))?;
        }
        Ok(())
    }

    /// What was odd in its data.
    pub fn notes(&self) -> Vec<String> {
        let odd = self.follower.as_ref().map_or_else(Vec::new, |it| it.counts().notes());
        self.feed.report().into_iter().chain(odd).collect()
    }

    /// A reading has come to the end of its block: forgets what nobody needs any more, and fetches what somebody does.
    fn read_on(&mut self) -> Result<(), DataError> {
        let behind = self.theirs.as_ref().map_or(self.ours.piece, |it| it.place.piece.min(self.ours.piece));
        let ahead = self.theirs.as_ref().map_or(self.ours.piece, |it| it.place.piece.max(self.ours.piece));
        let mut spare = None;
        for _ in 0..behind {
            spare = self.pieces.pop_front();
        }
        self.ours.piece -= behind;
        if let Some(theirs) = &mut self.theirs {
            theirs.place.piece -= behind;
        }
        if ahead - behind < self.pieces.len() {
            return Ok(());
        }
        let (market, last) = (self.market, self.pieces.back().or(spare.as_ref()).map(|piece| piece.block.schema));
        match spare {
            Some(piece) => self.fetch(piece.block, piece.exchange),
            None => self.fetch(Block::new(market, last.unwrap_or(Schema::L1)), Vec::new()),
        }
    }

    fn fetch(&mut self, mut block: Block, mut exchange: Vec<i64>) -> Result<(), DataError> {
        block.clear();
        exchange.clear();
        while block.is_empty() {
            if !self.feed.next_block(&mut block)? {
                block.clear();
                break;
            }
        }
        // Whoever bound the feed to a market knows better than the file.
        block.market = self.market;
        if self.follower.is_none() {
            self.follower = Follower::new(block.schema, self.crossing);
        }
        if let Some(follower) = &mut self.follower {
            follower.follow(&mut block);
        }
        if let Some(theirs) = &mut self.theirs {
            theirs.times.stamp(&mut block, &mut exchange);
        }
        self.pieces.push_back(Piece { block, exchange });
        Ok(())
    }
}
