//! Thins rows evenly, so that a report stays a file that a browser opens. The Parquet files keep every row.

/// The most rows of one kind that `report.json` holds.
pub const MOST_ROWS: usize = 100_000;

/// Which of `rows` rows to keep: all, or `most` of them at even steps, with the first and the last.
pub(crate) fn kept(rows: usize, most: usize) -> impl Iterator<Item = usize> + Clone {
    let count = rows.min(most);
    // In u128: the product of two row counts may pass what a usize holds.
    let (last_row, steps) = (rows.saturating_sub(1) as u128, count.saturating_sub(1).max(1) as u128);
    (0..count).map(move |step| (step as u128 * last_row / steps) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept_of(rows: usize, most: usize) -> Vec<usize> {
        kept(rows, most).collect()
    }

    #[test]
    fn few_rows_are_all_kept() {
        assert!(kept_of(0, 4).is_empty());
        assert_eq!(kept_of(1, 4), [0]);
        assert_eq!(kept_of(4, 4), [0, 1, 2, 3]);
    }

    #[test]
    fn many_rows_keep_their_ends_and_even_steps() {
        assert_eq!(kept_of(9, 5), [0, 2, 4, 6, 8]);
        let many = kept_of(1_000_003, MOST_ROWS);
        assert_eq!((many.len(), many[0], many[MOST_ROWS - 1]), (MOST_ROWS, 0, 1_000_002));
        assert!(many.windows(2).all(|pair| (10..=11).contains(&(pair[1] - pair[0]))));
    }
}
