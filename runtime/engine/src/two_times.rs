//! When the exchange sees a row, and when we do: `docs/decisions/0014-two-times.md`.

use gbc_core::{Block, Column, MarketId, NA, Nanos, RowFlags};
use gbc_exec::{FeedDelay, Latency, Odds, Purpose};

/// Stamps the rows of one feed, block by block.
#[derive(Clone, Debug)]
pub(crate) struct TwoTimes {
    market: MarketId,
    delay: FeedDelay,
    jitter_ns: i64,
    odds: Odds,
    /// The last row's time at the exchange, and ours: neither reading runs backwards.
    last: [i64; 2],
}

impl TwoTimes {
    /// For a feed of a market, by the rules of a profile.
    pub fn new(market: MarketId, latency: &Latency, odds: Odds) -> TwoTimes {
        TwoTimes { market, delay: latency.feed, jitter_ns: latency.jitter.feed_ns, odds, last: [i64::MIN; 2] }
    }

    /// Whether a feed that begins with these rows has two times.
    pub fn are_apart(block: &Block, latency: &Latency) -> bool {
        !block.schema.is_bars()
            && (latency.feed != FeedDelay::Recorded
                || latency.jitter.feed_ns > 0
                || !block.column(Column::ExchTime).is_empty())
    }

    /// Gives the rows our times, and `exchange` those of the exchange.
    pub fn stamp(&mut self, block: &mut Block, exchange: &mut Vec<i64>) {
        exchange.clear();
        for row in 0..block.len() {
            let [theirs, ours] = self.times(block, row);
            exchange.push(theirs);
            block.time[row] = ours;
        }
    }

    fn times(&mut self, block: &Block, row: usize) -> [i64; 2] {
        let (flags, recorded) = (block.flags(row), block.time[row]);
        let told = block.value(Column::ExchTime, row);
        let told = if told == NA { recorded } else { told };
        if flags.has(RowFlags::EXCH_ONLY) {
            // We see nothing of it: it stands where the row before it did. Nor does a wild stamp hold up those after it.
            let theirs = told.max(self.last[0]);
            return [theirs, if self.last[1] == i64::MIN { theirs.min(recorded) } else { self.last[1] }];
        }
        let chance = self.odds.draw(Purpose::Feed, self.market, Nanos(told), self.jitter_ns);
        let (theirs, ours) = match self.delay {
            // Nobody sees a row before the exchange has it, whatever their clocks say.
            FeedDelay::Recorded => (told.min(recorded), recorded),
            FeedDelay::After(delay) => (told, told.saturating_add(delay)),
        };
        let theirs = if flags.has(RowFlags::LOCAL_ONLY) { self.last[0] } else { theirs.max(self.last[0]) };
        let ours = ours.max(theirs).saturating_add(chance).max(self.last[1]);
        self.last = [theirs, ours];
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gbc_core::Schema;

    /// Rows of our time, the exchange's, and flags.
    fn stamped(latency: &Latency, rows: &[[i64; 3]]) -> Vec<[i64; 2]> {
        let mut block = Block::new(0, Schema::Depth);
        for [time, exchange, flags] in rows {
            block.time.push(*time);
            block.column_mut(Column::ExchTime).push(*exchange);
            block.column_mut(Column::Flags).push(flags | RowFlags::LAST.0);
        }
        let mut exchange = Vec::new();
        TwoTimes::new(0, latency, Odds::default()).stamp(&mut block, &mut exchange);
        exchange.into_iter().zip(block.time).map(|(theirs, ours)| [theirs, ours]).collect()
    }

    const ONLY_EXCH: i64 = RowFlags::EXCH_ONLY.0;
    const ONLY_OURS: i64 = RowFlags::LOCAL_ONLY.0;

    #[test]
    fn recorded_times_are_as_the_file_has_them() {
        let rows = [[10, 3, 0], [10, 4, ONLY_EXCH], [12, 2, ONLY_OURS], [13, 6, 0], [14, 20, 0], [15, 5, 0]];
        // A clock that runs ahead is set back to ours, and one that runs backwards stands.
        let wanted = [[3, 10], [4, 10], [3, 12], [6, 13], [14, 14], [14, 15]];
        assert_eq!(stamped(&Latency::default(), &rows), wanted);
    }

    #[test]
    fn a_delay_counts_from_the_exchange() {
        let latency = Latency { feed: FeedDelay::After(5), ..Latency::default() };
        let rows = [[10, 3, 0], [10, 9, ONLY_EXCH], [12, 2, ONLY_OURS], [13, 6, 0], [14, 20, 0]];
        assert_eq!(stamped(&latency, &rows), [[3, 8], [9, 8], [3, 8], [6, 11], [20, 25]]);
    }

    #[test]
    fn chance_delays_and_never_turns_rows_round() {
        let mut latency = Latency::default();
        latency.jitter.feed_ns = 40;
        let rows: Vec<[i64; 3]> = (0..500).map(|row| [10 * row, 10 * row, 0]).collect();
        let times = stamped(&latency, &rows);
        assert!(times.is_sorted_by_key(|[_, ours]| *ours));
        assert!(
            times
                .iter()
                .zip(&rows)
                .all(|([theirs, ours], row)| *theirs == row[0] && (0..=40).contains(&(ours - theirs)))
        );
        assert!(times.iter().any(|[theirs, ours]| ours - theirs > 35));
    }
}
