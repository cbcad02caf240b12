//! One side of a book: its levels by price, and a mark at the best that counts.
//!
//! Levels better than the mark were passed over by the other side: they are stored and do not count. Nothing is passed over
//! unless `retreat_from` is called.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};

use crate::BookSide;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ladder<T> {
    side: BookSide,
    /// By rank: the best is the last.
    rungs: BTreeMap<i64, T>,
    /// Rank of the best that counts.
    best: Option<i64>,
}

impl<T: Default> Ladder<T> {
    pub fn new(side: BookSide) -> Ladder<T> {
        Ladder { side, rungs: BTreeMap::new(), best: None }
    }

    /// How many levels count.
    pub fn len(&self) -> usize {
        let Some(best) = self.best else { return 0 };
        // Mostly nothing was passed over.
        let passed_over = self.rungs.range((Excluded(best), Unbounded)).count();
        self.rungs.len() - passed_over
    }

    /// The best price.
    pub fn best(&self) -> Option<i64> {
        self.best.map(|rank| self.side.rank(rank))
    }

    /// Price and content of the levels that count, best first.
    pub fn best_first(&self) -> impl Iterator<Item = (i64, &T)> {
        let counting = self.best.map(|best| self.rungs.range(..=best).rev());
        counting.into_iter().flatten().map(|(rank, held)| (self.side.rank(*rank), held))
    }

    /// What is at this price, whether it counts or was passed over.
    pub fn get(&self, price: i64) -> Option<&T> {
        self.rungs.get(&self.side.rank(price))
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, price: i64) -> Option<&mut T> {
        self.rungs.get_mut(&self.side.rank(price))
    }

    /// The level at this price, made if need be, and whether it is the new best. Everything behind it counts.
    pub fn reach(&mut self, price: i64) -> (&mut T, bool) {
        let rank = self.side.rank(price);
        let is_best = self.best.is_none_or(|best| rank > best);
        if is_best {
            self.best = Some(rank);
        }
        (self.rungs.entry(rank).or_default(), is_best)
    }

    /// Takes the level at this price away. If it was the best, the next one is.
    pub fn remove(&mut self, price: i64) -> Option<T> {
        let rank = self.side.rank(price);
        let held = self.rungs.remove(&rank)?;
        if self.best == Some(rank) {
            self.retreat_from(price);
        }
        Some(held)
    }

    /// Takes away the levels from the best to `price`, itself included; what was passed over stays.
    pub fn clear_to(&mut self, price: i64) {
        let Some(best) = self.best else { return };
        let rank = self.side.rank(price);
        let mut passed_over = best.checked_add(1).map_or_else(BTreeMap::new, |first| self.rungs.split_off(&first));
        if rank <= best {
            self.rungs.split_off(&rank);
        }
        self.rungs.append(&mut passed_over);
        self.retreat_from(price);
    }

    /// Takes everything away.
    pub fn clear(&mut self) {
        self.rungs.clear();
        self.best = None;
    }

    /// The other side's best came to `price`: what it reaches does not count any more.
    pub fn retreat_from(&mut self, price: i64) {
        let rank = self.side.rank(price);
        if self.best.is_some_and(|best| best >= rank) {
            self.best = self.rungs.range(..rank).next_back().map(|(rank, _)| *rank);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prices(ladder: &Ladder<i64>) -> Vec<i64> {
        ladder.best_first().map(|(price, _)| price).collect()
    }

    fn ladder(side: BookSide, prices: &[i64]) -> Ladder<i64> {
        let mut ladder = Ladder::new(side);
        for price in prices {
            *ladder.reach(*price).0 = price * 10;
        }
        ladder
    }

    #[test]
    fn best_comes_first_on_both_sides() {
        let told = [5, -3, 9, 0, 7];
        assert_eq!(prices(&ladder(BookSide::Bid, &told)), [9, 7, 5, 0, -3]);
        assert_eq!(prices(&ladder(BookSide::Ask, &told)), [-3, 0, 5, 7, 9]);
    }

    #[test]
    fn every_price_is_found_wherever_it_lies() {
        for count in 0..40 {
            let even: Vec<i64> = (0..count).map(|at| at * 2).collect();
            let ladder = ladder(BookSide::Ask, &even);
            for price in -1..=count * 2 {
                assert_eq!(
                    ladder.get(price).copied(),
                    even.contains(&price).then_some(price * 10),
                    "{price} of {count}"
                );
            }
        }
    }

    #[test]
    fn what_was_passed_over_counts_again_once_the_best_is_back() {
        let mut asks = ladder(BookSide::Ask, &[100, 101, 103]);
        asks.retreat_from(101);
        assert_eq!((prices(&asks), asks.get(100)), (vec![103], Some(&1000)));
        asks.remove(103);
        assert_eq!((prices(&asks), asks.len()), (vec![], 0));
        assert!(asks.reach(100).1, "no level that counts is before it");
        assert_eq!(prices(&asks), [100, 101]);
    }

    #[test]
    fn a_clear_takes_from_the_best_to_its_price() {
        let mut bids = ladder(BookSide::Bid, &[95, 96, 98, 99]);
        bids.clear_to(97);
        assert_eq!(prices(&bids), [96, 95]);
        bids.clear_to(100);
        assert_eq!(prices(&bids), [96, 95]);
        bids.clear_to(0);
        assert_eq!(prices(&bids), []);
    }
}
