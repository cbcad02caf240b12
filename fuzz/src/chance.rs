//! Numbers from a seed: the same cases on every machine, for good.

/// A generator in motion.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The one that belongs to this seed.
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    /// The next 64 bits. Neighbouring seeds have nothing in common.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `bound`; 0 where nothing is.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.bits() >> 33) as usize % bound.max(1)
    }

    /// True in `draws` of `of`.
    pub fn once_in(&mut self, draws: usize, of: usize) -> bool {
        self.below(of) < draws
    }

    /// One of them.
    pub fn pick<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    /// A whole number of this range, both ends included.
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low) as usize + 1) as i64
    }

    /// Puts them in another order.
    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            all.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_numbers_for_good() {
        let mut chance = Chance::new(7);
        let numbers: Vec<usize> = (0..5).map(|_| chance.below(1000)).collect();
        assert_eq!(numbers, Chance::new(7).sample(5));
        assert_ne!(numbers, Chance::new(8).sample(5));
    }

    impl Chance {
        fn sample(mut self, count: usize) -> Vec<usize> {
            (0..count).map(|_| self.below(1000)).collect()
        }
    }
}
