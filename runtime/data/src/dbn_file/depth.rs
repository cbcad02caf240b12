//! Ten levels a side, shown whole with each record, become rows of what changed.

use dbn::BidAskPair;

/// A level: price in billionths, total size, orders in it.
type Level = (i64, u32, u32);

/// No price: an absent level.
const UNDEF_PRICE: i64 = i64::MAX;

/// One level that changed; a size of 0 took it away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// 1 bid, -1 ask.
    pub side: i64,
    pub px: i64,
    pub sz: u32,
    pub count: u32,
}

/// What the last record showed, best first.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    bids: Vec<Level>,
    asks: Vec<Level>,
}

impl Shown {
    /// What differs from the record before: bids before asks, best first. A snapshot differs in all it shows.
    pub(super) fn update(&mut self, levels: &[BidAskPair], is_snapshot: bool, out: &mut Vec<Change>) {
        out.clear();
        let present = |level: &Level| level.0 != UNDEF_PRICE && level.1 > 0;
        let bids: Vec<Level> =
            levels.iter().map(|pair| (pair.bid_px, pair.bid_sz, pair.bid_ct)).filter(present).collect();
        let asks: Vec<Level> =
            levels.iter().map(|pair| (pair.ask_px, pair.ask_sz, pair.ask_ct)).filter(present).collect();
        differences(1, &self.bids, &bids, is_snapshot, out);
        differences(-1, &self.asks, &asks, is_snapshot, out);
        (self.bids, self.asks) = (bids, asks);
    }
}

fn differences(side: i64, before: &[Level], now: &[Level], all: bool, out: &mut Vec<Change>) {
    let start = out.len();
    for (px, sz, count) in now {
        let same = before.iter().any(|old| old == &(*px, *sz, *count));
        if all || !same {
            out.push(Change { side, px: *px, sz: *sz, count: *count });
        }
    }
    let gone = before.iter().filter(|(px, _, _)| !now.iter().any(|(other, _, _)| other == px));
    out.extend(gone.map(|(px, _, _)| Change { side, px: *px, sz: 0, count: 0 }));
    out[start..].sort_by_key(|change| if side > 0 { -i128::from(change.px) } else { i128::from(change.px) });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(bid_px: i64, bid_sz: u32, ask_px: i64, ask_sz: u32) -> BidAskPair {
        BidAskPair { bid_px, bid_sz, ask_px, ask_sz, bid_ct: 1, ask_ct: 1 }
    }

    #[test]
    fn only_what_changed_is_told() {
        let (mut shown, mut out) = (Shown::default(), Vec::new());
        shown.update(&[pair(10, 5, 11, 5), pair(9, 1, UNDEF_PRICE, 0)], false, &mut out);
        let told = |out: &[Change]| out.iter().map(|change| (change.side, change.px, change.sz)).collect::<Vec<_>>();
        assert_eq!(told(&out), [(1, 10, 5), (1, 9, 1), (-1, 11, 5)]);
        shown.update(&[pair(9, 1, 11, 7), pair(8, 2, 12, 1)], false, &mut out);
        assert_eq!(told(&out), [(1, 10, 0), (1, 8, 2), (-1, 11, 7), (-1, 12, 1)]);
        shown.update(&[pair(9, 1, 11, 7), pair(8, 2, 12, 1)], false, &mut out);
        assert!(out.is_empty());
        shown.update(&[pair(9, 1, 11, 7)], true, &mut out);
        assert_eq!(told(&out), [(1, 9, 1), (1, 8, 0), (-1, 11, 7), (-1, 12, 0)]);
    }
}
