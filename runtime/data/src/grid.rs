//! Numbers from a file, counted in whole ticks and whole lot steps. What lies between two steps is an error, never rounded.

use gbc_core::Ratio;

/// A scale, and where it came from.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    scale: Ratio,
    num: f64,
    den: f64,
    /// `tick` or `lot step`.
    step: &'static str,
    origin: &'static str,
}

impl Grid {
    pub(crate) fn of_prices(tick: Ratio, origin: &'static str) -> Grid {
        Grid { scale: tick, num: tick.num as f64, den: tick.den as f64, step: "tick", origin }
    }

    pub(crate) fn of_sizes(lot: Ratio, origin: &'static str) -> Grid {
        Grid { step: "lot step", ..Grid::of_prices(lot, origin) }
    }

    /// For numbers that are counts already.
    pub(crate) fn of_counts(self) -> Grid {
        Grid { scale: Ratio::ONE, num: 1.0, den: 1.0, ..self }
    }

    /// How many steps `value` is; `None` off the grid.
    #[inline]
    pub(crate) fn count(&self, value: f64) -> Option<i64> {
        let steps = value * self.den / self.num;
        let count = (steps + 0.5_f64.copysign(steps)) as i64;
        // Nearly every number is the very one its count means; `count_exact` judges the rest.
        let is_exact = count.unsigned_abs() < 1 << 52 && count as f64 * self.num / self.den == value;
        if is_exact { Some(count) } else { self.scale.count_exact(value) }
    }

    /// Why `value` has no count.
    #[cold]
    pub(crate) fn objection(&self, value: f64) -> String {
        let Grid { scale, step, origin, .. } = self;
        if value.is_nan() {
            return "the value is missing or not a number".to_owned();
        }
        if !value.is_finite() {
            return format!("{value} is no finite number");
        }
        let text = ratio_text(*scale);
        match scale.count_nearest(value) {
            None => format!("{value} is too large to count in {step}s of {text} ({origin})"),
            Some(nearest) => {
                let nearest = scale.times(nearest);
                format!(
                    "{value} is not a whole number of {step}s of {text} ({origin}); the nearest is {nearest}. Is the {step} right?"
                )
            }
        }
    }
}

/// A scale as people write it: `0.25`, or `1/3` where decimals do not end soon.
pub(crate) fn ratio_text(ratio: Ratio) -> String {
    let value = ratio.times(1).to_string();
    if Ratio::parse(&value) == Some(ratio) { value } else { format!("{}/{}", ratio.num, ratio.den) }
}

/// Reads what `ratio_text` writes.
pub(crate) fn ratio_of_text(text: &str) -> Option<Ratio> {
    match text.split_once('/') {
        Some((num, den)) => Ratio::new(num.parse().ok()?, den.parse().ok()?),
        None => Ratio::parse(text),
    }
}

/// The finest decimal grid that the numbers seen so far need.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decimals {
    places: u32,
    most: u32,
    grid: Ratio,
}

impl Decimals {
    pub(crate) fn at_most(most: u32) -> Decimals {
        Decimals { places: 0, most, grid: Ratio::ONE }
    }

    /// Takes all finite numbers into account; the index of one that needs too many places, if there is one.
    pub(crate) fn see(&mut self, values: &[f64]) -> Result<(), usize> {
        let mut grid = Grid::of_prices(self.grid, "");
        for (row, value) in values.iter().enumerate() {
            while value.is_finite() && grid.count(*value).is_none() {
                self.finer().ok_or(row)?;
                grid = Grid::of_prices(self.grid, "");
            }
        }
        Ok(())
    }

    fn finer(&mut self) -> Option<()> {
        self.places += 1;
        self.grid = Ratio::new(1, 10_i64.pow(self.places)).filter(|_| self.places <= self.most)?;
        Some(())
    }

    pub(crate) fn grid(&self) -> Ratio {
        self.grid
    }

    pub(crate) fn most(&self) -> u32 {
        self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_counts_like_the_exact_one() {
        for text in ["0.01", "0.25", "1", "0.00001", "5"] {
            let scale = Ratio::parse(text).unwrap();
            let grid = Grid::of_prices(scale, "");
            for value in
                [0.0, -0.0, 118.69, -118.69, 0.3, 0.1 + 0.2, 21000.25, 1e15, 1e16, 1e300, f64::NAN, f64::INFINITY, 1e-7]
            {
                assert_eq!(grid.count(value), scale.count_exact(value), "{value} in {text}");
            }
        }
    }

    #[test]
    fn an_objection_says_the_grid_its_origin_and_the_nearest() {
        let grid = Grid::of_prices(Ratio { num: 1, den: 4 }, "from the instrument");
        let text = grid.objection(100.3);
        assert_eq!(
            text,
            "100.3 is not a whole number of ticks of 0.25 (from the instrument); the nearest is 100.25. Is the tick right?"
        );
        assert!(grid.objection(1e300).contains("too large"));
        assert!(grid.objection(f64::NAN).contains("missing"));
    }

    #[test]
    fn decimals_grow_with_what_they_see() {
        let mut decimals = Decimals::at_most(9);
        decimals.see(&[1.0, 2.5, f64::NAN, 1.0725, 0.1 + 0.2]).unwrap();
        assert_eq!(decimals.grid(), Ratio { num: 1, den: 10_000 });
        assert_eq!(decimals.see(&[1.0, 1.0 / 3.0]), Err(1));
    }

    #[test]
    fn scales_read_as_they_are_written() {
        for (num, den) in [(1, 4), (1, 3), (5, 1), (1, 100_000_000)] {
            let ratio = Ratio { num, den };
            assert_eq!(ratio_of_text(&ratio_text(ratio)), Some(ratio));
        }
    }
}
