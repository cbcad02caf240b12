//! What rows look like as a whole: how many, from when to when, with which holes, repeats and extremes.

use gbc_core::{Block, Column, NA, Schema};

/// Looks at blocks as they pass.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// All rows.
    pub rows: u64,
    /// Rows that are trades.
    pub trades: u64,
    /// The first stamp, and the last.
    pub span: Option<(i64, i64)>,
    /// The longest time between two rows, and the row before it.
    pub longest_gap: Option<(i64, i64)>,
    /// Of bars: how many would fit into the holes.
    pub missing_bars: u64,
    /// Rows equal to the row before in all they say, and the first of them, counted from 1.
    pub repeats: (u64, u64),
    /// Bars in which nothing was traded.
    pub empty_bars: u64,
    /// Lowest and highest price, in ticks.
    pub prices: Option<(i64, i64)>,
    last_row: Vec<i64>,
}

impl Sheet {
    /// Takes in the next block.
    pub fn see(&mut self, block: &Block) {
        for row in 0..block.len() {
            self.see_time(block, block.time[row]);
            self.see_repeat(block, row);
            self.trades += u64::from(block.is_trade(row));
        }
        use Column::*;
        for column in [BidPx, AskPx, Px, High, Low] {
            for price in block.column(column).iter().filter(|price| **price != NA) {
                let (low, high) = self.prices.unwrap_or((*price, *price));
                self.prices = Some((low.min(*price), high.max(*price)));
            }
        }
        if block.schema.is_bars() {
            self.empty_bars += block.column(Volume).iter().filter(|volume| **volume == 0).count() as u64;
        }
    }

    fn see_time(&mut self, block: &Block, time: i64) {
        self.rows += 1;
        let Some((first, last)) = self.span else {
            self.span = Some((time, time));
            return;
        };
        self.span = Some((first, time));
        let gap = time - last;
        if self.longest_gap.is_none_or(|(longest, _)| gap > longest) {
            self.longest_gap = Some((gap, last));
        }
        if let Schema::Bars { span_ns } = block.schema {
            self.missing_bars += (gap / span_ns - 1).max(0) as u64;
        }
    }

    fn see_repeat(&mut self, block: &Block, row: usize) {
        let now = std::iter::once(block.time[row]).chain(Column::ALL.map(|column| block.value(column, row)));
        if self.last_row.iter().copied().eq(now.clone()) {
            let (count, first) = self.repeats;
            self.repeats = (count + 1, if count == 0 { self.rows } else { first });
        }
        self.last_row.clear();
        self.last_row.extend(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_repeats_and_extremes_are_seen() {
        let mut block = Block::new(0, Schema::Bars { span_ns: 10 });
        block.time = vec![10, 20, 50, 60];
        *block.column_mut(Column::High) = vec![5, 6, 7, 7];
        *block.column_mut(Column::Low) = vec![4, 3, 4, 4];
        *block.column_mut(Column::Volume) = vec![1, 0, 1, 1];
        let mut sheet = Sheet::default();
        sheet.see(&block);
        sheet.see(&block);
        assert_eq!((sheet.rows, sheet.missing_bars, sheet.empty_bars), (8, 4, 2));
        assert_eq!((sheet.longest_gap, sheet.prices), (Some((30, 20)), Some((3, 7))));
        assert_eq!(sheet.repeats, (0, 0));
        let mut ticks = Block::new(0, Schema::L1);
        ticks.time = vec![1, 1, 1];
        *ticks.column_mut(Column::Px) = vec![5, 5, 6];
        let mut sheet = Sheet::default();
        sheet.see(&ticks);
        assert_eq!(sheet.repeats, (1, 2));
    }
}
