//! Feeds side by side, merged by runs: a lane is played up to the row before which another lane comes first.
//!
//! At equal times the market with the smaller id is first, then finer bars before coarser ones and bars before ticks.
//! Only feeds of one market and one schema fall back on the order in which they were handed in.

use gbc_book::Crossing;
use gbc_core::{Instrument, MarketId, Nanos, Schema};
use gbc_data::DataError;
use gbc_exec::{Holds, Odds, Profile};

use crate::FeedInput;
use crate::lane::Lane;
use crate::two_times::TwoTimes;

/// All feeds of a run, in the order that decides at equal times.
pub(crate) struct Lanes(pub Vec<Lane>);

/// The row that comes next.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    pub lane: usize,
    pub time: Nanos,
}

impl Lanes {
    /// Opens all feeds and puts them in order.
    pub fn open(feeds: Vec<FeedInput>, profile: &Profile, instruments: &[Instrument]) -> Result<Lanes, DataError> {
        let crossing: Crossing = profile.crossing();
        let open = |input| Lane::open(input, crossing);
        let mut lanes = feeds.into_iter().map(open).collect::<Result<Vec<_>, _>>()?;
        lanes.sort_by_key(|lane| (lane.market, lane.block().schema));
        let mut lanes = Lanes(lanes);
        for market in 0..instruments.len() {
            lanes.set_apart(market, profile, instruments);
        }
        Ok(lanes)
    }

    /// Gives the feeds of a market two readings if any of them has two times. Where bars meet orders nothing takes time.
    fn set_apart(&mut self, market: MarketId, profile: &Profile, instruments: &[Instrument]) {
        let latency = &profile.latency;
        let has_two = |lane: &Lane| lane.market == market && TwoTimes::are_apart(lane.block(), latency);
        if profile.meets_bars(self.holds(market, &instruments[market])) || !self.0.iter().any(has_two) {
            return;
        }
        let odds = Odds::new(latency.seed, instruments);
        let ticks = |lane: &&mut Lane| lane.market == market && !lane.block().schema.is_bars();
        for lane in self.0.iter_mut().filter(ticks) {
            lane.set_apart(TwoTimes::new(market, latency, odds.clone()));
        }
    }

    /// What the data of a market hold.
    pub fn holds(&self, market: MarketId, instrument: &Instrument) -> Holds {
        let of = || self.0.iter().filter(|lane| lane.market == market && !lane.block().is_empty());
        let has = |bars| of().any(|lane| lane.block().schema.is_bars() == bars);
        Holds {
            bars: has(true),
            ticks: has(false),
            books: self.books_of(market),
            step: instrument.lot.times(1),
            worth: worth_of_a_step(instrument),
        }
    }

    /// Of what the books of a market are made, if it has any: single orders before levels.
    fn books_of(&self, market: MarketId) -> Option<Schema> {
        let of = self.0.iter().filter(|lane| lane.market == market && !lane.block().is_empty());
        of.map(|lane| lane.block().schema).filter(|schema| schema.has_levels()).max()
    }

    /// Goes on behind rows that were played before: as many of each lane as `played` says, and as the exchange has `seen`.
    pub fn skip(&mut self, played: &[[u64; 2]]) -> Result<(), DataError> {
        self.0.iter_mut().zip(played).try_for_each(|(lane, played)| lane.skip(*played))
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
        let time = &lane.block().time;
        match rivals.filter_map(last_moment).min() {
            Some(until) => first_after(time, lane.row(), time.len(), until),
            None => time.len(),
        }
    }

    /// The row that the exchange sees next, of the lanes that have two readings and are `wanted`; `now` is how far we have come.
    pub fn exchange_head(&self, now: Nanos, wanted: impl Fn(&Lane) -> bool) -> Option<Head> {
        let wanted = self.0.iter().enumerate().filter(|(_, lane)| wanted(lane));
        let heads = wanted.filter_map(|(lane, it)| Some(Head { lane, time: it.exchange_head(now)? }));
        heads.min_by_key(|head| (head.time, head.lane))
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

/// A tick of a lot step in money, as a number: for what is estimated, never for what is booked.
fn worth_of_a_step(instrument: &Instrument) -> f64 {
    instrument.tick.times(1) * instrument.lot.times(1) * instrument.point.times(1)
}
