//! Chance, from a seed, in whole numbers.

/// SplitMix64.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Of `0..count`, each as likely.
    pub(super) fn below(&mut self, count: i64) -> i64 {
        ((u128::from(self.next()) * count as u128) >> 64) as i64
    }

    /// Whether something of `percent` happens.
    pub(super) fn percent(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }

    /// 1, or more with a chance of `percent` for each step, up to `most`.
    pub(super) fn run(&mut self, percent: i64, most: i64) -> i64 {
        let mut length = 1;
        while length < most && self.percent(percent) {
            length += 1;
        }
        length
    }

    /// About normal, with this spread: the sum of eight throws.
    pub(super) fn swing(&mut self, spread: i64) -> i64 {
        let sum: i64 = (0..8).map(|_| self.below(2 * spread + 1) - spread).sum();
        sum / 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_published_sequence() {
        let mut chance = Chance::new(1_234_567);
        assert_eq!(
            [chance.next(), chance.next(), chance.next()],
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }
}
