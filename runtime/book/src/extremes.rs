//! How far prices went within a run of rows: what the best and the worst moment of a trade are taken from.

use gbc_core::{Block, Column, NA, RowKind, Schema};

/// The lowest and the highest price of rows `from..to`, in half ticks; `None` if no row tells a price.
///
/// Of bars their lows and highs, of quotes the mid wherever both sides stand, and trades if the feed holds no quotes. What a row
/// counts for never depends on the rows around it, so it does not matter how rows are cut.
pub fn extremes_half_ticks(block: &Block, from: usize, to: usize) -> Option<(i64, i64)> {
    let part = |column| block.column(column).get(from..to).unwrap_or(&[]);
    let has = |column| !block.column(column).is_empty();
    match block.schema {
        Schema::Bars { .. } if has(Column::Low) && has(Column::High) => range(part(Column::Low), part(Column::High)),
        Schema::Bars { .. } => range(part(Column::Close), part(Column::Close)),
        _ if has(Column::BidPx) => mids(part(Column::BidPx), part(Column::AskPx)),
        _ => trades(part(Column::Kind), part(Column::Px)),
    }
}

fn range(lows: &[i64], highs: &[i64]) -> Option<(i64, i64)> {
    // A row that tells but one of the two counts for nothing, alone or among others.
    let each = lows.iter().zip(highs).filter(|(low, high)| **low != NA && **high != NA);
    // Nor may one whose low lies above its high count otherwise among others than alone.
    let (low, high) =
        (each.clone().map(|(low, high)| low.min(high)).min()?, each.map(|(low, high)| low.max(high)).max()?);
    Some((low.saturating_mul(2), high.saturating_mul(2)))
}

fn trades(kinds: &[i64], prices: &[i64]) -> Option<(i64, i64)> {
    let traded = |(kind, price): (&i64, &i64)| (*kind == RowKind::Trade as i64 && *price != NA).then_some(*price);
    let each = kinds.iter().zip(prices).filter_map(traded);
    let (low, high) = (each.clone().min()?, each.max()?);
    Some((low.saturating_mul(2), high.saturating_mul(2)))
}

fn mids(bids: &[i64], asks: &[i64]) -> Option<(i64, i64)> {
    let (mut low, mut high) = (i64::MAX, i64::MIN);
    for (bid, ask) in bids.iter().zip(asks) {
        if *bid != NA && *ask != NA {
            let mid = bid.saturating_add(*ask);
            low = low.min(mid);
            high = high.max(mid);
        }
    }
    (low <= high).then_some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gbc_core::time::MINUTE;

    fn block(schema: Schema, columns: &[(Column, &[i64])]) -> Block {
        let mut block = Block::new(0, schema);
        for (column, values) in columns {
            block.column_mut(*column).extend_from_slice(values);
        }
        block.time.extend(0..columns[0].1.len() as i64);
        block
    }

    #[test]
    fn bars_reach_from_low_to_high() {
        let bars = Schema::Bars { span_ns: MINUTE };
        let told = block(bars, &[(Column::Low, &[5, 3, NA]), (Column::High, &[9, 6, NA])]);
        assert_eq!(extremes_half_ticks(&told, 0, 3), Some((6, 18)));
        assert_eq!(extremes_half_ticks(&told, 1, 2), Some((6, 12)));
        assert_eq!(extremes_half_ticks(&told, 2, 3), None);
        assert_eq!(extremes_half_ticks(&block(bars, &[(Column::Close, &[5, 3])]), 0, 2), Some((6, 10)));
    }

    #[test]
    fn a_quote_counts_where_both_sides_stand_and_trades_where_nobody_quotes() {
        let told = block(Schema::L1, &[(Column::BidPx, &[10, 8, NA]), (Column::AskPx, &[11, NA, 5])]);
        assert_eq!(extremes_half_ticks(&told, 0, 3), Some((21, 21)));
        let kinds = [RowKind::Trade as i64, RowKind::Trade as i64, RowKind::Quote as i64, RowKind::Trade as i64];
        let told = block(Schema::Depth, &[(Column::Kind, &kinds), (Column::Px, &[10, NA, 3, 7])]);
        assert_eq!(extremes_half_ticks(&told, 0, 4), Some((14, 20)));
    }

    #[test]
    fn half_a_row_counts_for_nothing_however_rows_are_cut() {
        let columns: [(Column, &[i64]); 2] = [(Column::Low, &[5, 7, NA, 8]), (Column::High, &[NA, 9, 11, 6])];
        let block = block(Schema::Bars { span_ns: MINUTE }, &columns);
        let alone: Vec<_> = (0..4).map(|row| extremes_half_ticks(&block, row, row + 1)).collect();
        assert_eq!(alone, [None, Some((14, 18)), None, Some((12, 16))]);
        assert_eq!(extremes_half_ticks(&block, 0, 4), Some((12, 18)));
    }
}
