//! How long things take: as said, as a table recorded it, and by chance on top.
//!
//! Chance is drawn from a seed, the kind of message, its market and its moment, and from nothing that was drawn before: so one
//! message has the same luck whatever else happens, and a run that is cut or resumed has it too.

use std::sync::Arc;

use gbc_core::{Instrument, MarketId, Nanos};

/// How long things take, in nanoseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Latency {
    /// From the exchange's time of a row to ours.
    pub feed: FeedDelay,
    /// From a new order to the venue.
    pub entry_ns: i64,
    /// From a change of an order to the venue.
    pub amend_ns: i64,
    /// From a cancel to the venue.
    pub cancel_ns: i64,
    /// From the venue's answer to us.
    pub reply_ns: i64,
    /// What comes on top by chance.
    pub jitter: Jitter,
    /// What decides about chance.
    pub seed: u64,
    /// What was recorded of orders; it comes on top as well.
    pub table: Option<Arc<LatencyTable>>,
}

/// When we see a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FeedDelay {
    /// When the data say so; where they hold one time, when the exchange does.
    #[default]
    Recorded,
    /// So long after the exchange.
    After(i64),
}

/// At most so many nanoseconds more, each number of them as likely as any other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Jitter {
    /// For rows of data.
    pub feed_ns: i64,
    /// For new orders.
    pub entry_ns: i64,
    /// For changes of orders.
    pub amend_ns: i64,
    /// For cancels.
    pub cancel_ns: i64,
    /// For answers.
    pub reply_ns: i64,
}

/// What a draw is for. The numbers are part of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// A row of data.
    Feed = 1,
    /// A new order.
    Entry = 2,
    /// A change of an order.
    Amend = 3,
    /// A cancel.
    Cancel = 4,
    /// An answer.
    Reply = 5,
}

impl Latency {
    /// How long a message takes that sets out at a moment, but for chance.
    pub fn takes(&self, purpose: Purpose, at: Nanos) -> i64 {
        let table = self.table.as_deref();
        let entry = || table.map_or(0, |table| table.entry_ns(at));
        match purpose {
            Purpose::Feed => 0,
            Purpose::Entry => self.entry_ns.saturating_add(entry()),
            Purpose::Amend => self.amend_ns.saturating_add(entry()),
            Purpose::Cancel => self.cancel_ns.saturating_add(entry()),
            Purpose::Reply => self.reply_ns.saturating_add(table.map_or(0, |table| table.reply_ns(at))),
        }
    }

    /// How much chance may add.
    pub fn most_ns(&self, purpose: Purpose) -> i64 {
        match purpose {
            Purpose::Feed => self.jitter.feed_ns,
            Purpose::Entry => self.jitter.entry_ns,
            Purpose::Amend => self.jitter.amend_ns,
            Purpose::Cancel => self.jitter.cancel_ns,
            Purpose::Reply => self.jitter.reply_ns,
        }
    }

    /// All of it as text, the same for the same behaviour.
    pub fn rules(&self) -> String {
        let Latency { entry_ns, amend_ns, cancel_ns, reply_ns, .. } = self;
        let feed = match self.feed {
            FeedDelay::Recorded => "0".to_owned(),
            FeedDelay::After(ns) => format!("after {ns}"),
        };
        let mut text =
            format!("latency = feed {feed} entry {entry_ns} amend {amend_ns} cancel {cancel_ns} reply {reply_ns}\n");
        if self.jitter != Jitter::default() {
            let Jitter { feed_ns, entry_ns, amend_ns, cancel_ns, reply_ns } = self.jitter;
            text += &format!(
                "jitter = feed {feed_ns} entry {entry_ns} amend {amend_ns} cancel {cancel_ns} reply {reply_ns}\n"
            );
        }
        if let Some(table) = &self.table {
            text += &format!("latency table = {}\n", table.digest);
        }
        text
    }
}

/// Where chance comes from: a seed, and each market by its name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Odds {
    seed: u64,
    markets: Vec<u64>,
}

impl Odds {
    /// Of these markets; what they are called decides, not which others there are.
    pub fn new(seed: u64, instruments: &[Instrument]) -> Odds {
        let hashed = |name: &str| name.bytes().fold(0, |word, byte| stirred(word ^ u64::from(byte)));
        Odds { seed, markets: instruments.iter().map(|it| hashed(&it.symbol)).collect() }
    }

    /// A whole number from 0 to `most`.
    pub fn draw(&self, purpose: Purpose, market: MarketId, at: Nanos, most: i64) -> i64 {
        if most <= 0 {
            return 0;
        }
        let market = self.markets.get(market).copied().unwrap_or_default();
        let parts = [purpose as u64, market, at.0.cast_unsigned()];
        let word = parts.into_iter().fold(stirred(self.seed), |word, part| stirred(word ^ part));
        ((u128::from(word) * (u128::from(most.cast_unsigned()) + 1)) >> 64) as i64
    }
}

/// Every bit of a word decides about half of the bits that come out: one step of SplitMix64.
fn stirred(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// Latencies of orders as somebody recorded them: when each was sent, when the exchange had it, when its answer came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LatencyTable {
    rows: Vec<[i64; 3]>,
    digest: String,
}

impl LatencyTable {
    /// Of rows in order of time; `digest` tells their source from others. What is wrong, behind the row that it is wrong with,
    /// counted from 1.
    pub fn new(rows: Vec<[i64; 3]>, digest: String) -> Result<LatencyTable, (usize, String)> {
        if rows.is_empty() {
            return Err((1, "the table has no row".to_owned()));
        }
        for (index, row) in rows.iter().enumerate() {
            if row[0] > row[1] || row[1] > row[2] {
                return Err((
                    index + 1,
                    "the exchange answers what it has, and has what was sent: times ascend".to_owned(),
                ));
            }
            if index > 0 && (rows[index - 1][0] >= row[0] || rows[index - 1][1] >= row[1]) {
                return Err((index + 1, "its times are not later than those of the row before".to_owned()));
            }
        }
        Ok(LatencyTable { rows, digest })
    }

    /// How long a request takes that is sent at a moment.
    pub fn entry_ns(&self, at: Nanos) -> i64 {
        self.between(0, at.0)
    }

    /// How long an answer takes that is given at a moment.
    pub fn reply_ns(&self, at: Nanos) -> i64 {
        self.between(1, at.0)
    }

    /// On the straight line between two rows, cut to whole nanoseconds; outside of all, as the nearest row.
    fn between(&self, from: usize, at: i64) -> i64 {
        let takes = |row: &[i64; 3]| row[from + 1] - row[from];
        let next = self.rows.partition_point(|row| row[from] <= at);
        let Some(before) = next.checked_sub(1).map(|before| &self.rows[before]) else { return takes(&self.rows[0]) };
        let Some(after) = self.rows.get(next) else { return takes(before) };
        let slope = (takes(after) - takes(before)) as f64 / (after[from] - before[from]) as f64;
        (slope * (at - before[from]) as f64) as i64 + takes(before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gbc_core::Ratio;

    #[test]
    fn chance_is_the_same_everywhere() {
        // The first numbers of SplitMix64 from the seed 0, as its authors have them.
        assert_eq!(stirred(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(stirred(0x9e37_79b9_7f4a_7c15), 0x6e78_9e6a_a1b9_65f4);
        let odds = Odds::new(7, &[Instrument::generic("ES", Ratio::ONE)]);
        let drawn = [0, 1, 2].map(|at| odds.draw(Purpose::Entry, 0, Nanos(at), 1_000_000));
        assert_eq!(drawn, [659_570, 949_122, 885_509]);
    }

    #[test]
    fn one_message_has_its_luck_whatever_else_happens() {
        let named = |names: &[&str]| {
            let instruments: Vec<_> = names.iter().map(|name| Instrument::generic(name, Ratio::ONE)).collect();
            Odds::new(1, &instruments)
        };
        let (alone, second) = (named(&["ES"]), named(&["CL", "ES"]));
        let of =
            |odds: &Odds, market| (0..50).map(|at| odds.draw(Purpose::Feed, market, Nanos(at), 99)).collect::<Vec<_>>();
        assert_eq!(of(&alone, 0), of(&second, 1));
        assert_ne!(of(&second, 0), of(&second, 1));
    }

    #[test]
    fn every_number_up_to_the_most_is_drawn_about_as_often() {
        let odds = Odds::new(3, &[]);
        let mut seen = [0; 5];
        (0..10_000).for_each(|at| seen[odds.draw(Purpose::Reply, 0, Nanos(at), 4) as usize] += 1);
        assert!(seen.iter().all(|count| (1_850..2_150).contains(count)), "{seen:?}");
        assert_eq!(odds.draw(Purpose::Reply, 0, Nanos(5), 0), 0);
        assert!(odds.draw(Purpose::Reply, 0, Nanos(5), i64::MAX) >= 0);
    }

    #[test]
    fn a_table_is_read_between_its_rows() {
        let table = LatencyTable::new(vec![[100, 110, 115], [200, 230, 231]], String::new()).unwrap();
        let entry = [0, 100, 150, 175, 200, 900].map(|at| table.entry_ns(Nanos(at)));
        assert_eq!(entry, [10, 10, 20, 25, 30, 30]);
        assert_eq!([0, 140, 500].map(|at| table.reply_ns(Nanos(at))), [5, 4, 1]);
        let wrong = [vec![], vec![[1, 2, 3], [1, 3, 4]], vec![[1, 2, 3], [4, 3, 5]]];
        let rows = wrong.map(|rows| LatencyTable::new(rows, String::new()).map_err(|(row, _)| row).err());
        assert_eq!(rows, [Some(1), Some(2), Some(2)]);
    }
}
