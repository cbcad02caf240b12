//! Best quotes and trades, checked row by row. A side without a price or with a price of 0 and no size is an empty side.

use gbc_core::{Block, Column, NA, RowKind};

use crate::DataError;
use crate::bars::{count_all, name_of, refuse_negative};
use crate::field::Field;
use crate::grid::Grid;
use crate::layout::{Layout, Pick};
use crate::order::Order;
use crate::rows::Rows;

/// Turns rows of a file into blocks of quotes and trades.
#[derive(Debug)]
pub(crate) struct QuoteFill {
    picks: Vec<Pick>,
    quotes: bool,
    trades: bool,
    prices: Grid,
    sizes: Grid,
    order: Order,
    pub counts: QuoteCounts,
}

/// What was odd, and no error.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct QuoteCounts {
    pub crossed: u64,
    pub locked: u64,
    pub empty_sides: u64,
    /// The first crossed row.
    pub first_crossed: Option<u64>,
}

const SIDES: [(Field, Field, Column, Column); 2] = [
    (Field::BidPx, Field::BidSz, Column::BidPx, Column::BidSz),
    (Field::AskPx, Field::AskSz, Column::AskPx, Column::AskSz),
];

impl QuoteFill {
    pub(crate) fn new(layout: &Layout, (quotes, trades): (bool, bool), prices: Grid, sizes: Grid) -> QuoteFill {
        let order = Order::new(0, name_of(&layout.picks, Field::Time), layout.markets.clone());
        let picks = layout.picks.clone();
        QuoteFill { picks, quotes, trades, prices, sizes, order, counts: QuoteCounts::default() }
    }

    pub(crate) fn fill(&mut self, rows: &Rows, block: &mut Block) -> Result<(), DataError> {
        self.order.check(rows)?;
        block.time.extend_from_slice(&rows.time);
        self.fill_kind(rows, block.column_mut(Column::Kind)).map_err(|error| self.place(error, Field::Kind))?;
        if self.quotes {
            for side in SIDES {
                self.fill_side(rows, side, block)?;
            }
            self.count_odd(rows, block);
        }
        if self.trades {
            self.fill_trades(rows, block)?;
        }
        Ok(())
    }

    fn fill_kind(&self, rows: &Rows, out: &mut Vec<i64>) -> Result<(), DataError> {
        let values = rows.values(Field::Kind);
        if values.is_empty() {
            let kind = if self.trades { RowKind::Trade } else { RowKind::Quote };
            out.resize(rows.len(), kind as i64);
            return Ok(());
        }
        out.extend(values.iter().map(|value| *value as i64));
        match values.iter().position(|value| *value != 0.0 && *value != 1.0) {
            Some(row) => Err(DataError::new(format!("{} is no kind of row; 0 is a quote, 1 a trade", values[row]))
                .at_row(rows.number(row))),
            None => Ok(()),
        }
    }

    fn fill_side(&self, rows: &Rows, side: (Field, Field, Column, Column), block: &mut Block) -> Result<(), DataError> {
        let (px_field, sz_field, px_column, sz_column) = side;
        let (prices, sizes) = (rows.values(px_field), rows.values(sz_field));
        // Where sizes are not told, a price of 0 is the only way to say "empty".
        let is_empty = |row: usize| {
            (prices[row] == 0.0 || prices[row].is_nan())
                && sizes.get(row).is_none_or(|size| *size == 0.0 || size.is_nan())
        };
        let out = block.column_mut(px_column);
        out.extend(prices.iter().map(|price| self.prices.count(*price).unwrap_or(NA)));
        for row in 0..rows.len() {
            if out[row] == NA || out[row] == 0 {
                out[row] = if is_empty(row) {
                    NA
                } else {
                    self.prices.count(prices[row]).ok_or_else(|| self.off_grid(rows, px_field, row))?
                };
            }
        }
        let size_of = |row: usize| if is_empty(row) { Some(0) } else { self.sizes.count(sizes[row]) };
        for row in 0..sizes.len() {
            let size = size_of(row).ok_or_else(|| self.off_grid(rows, sz_field, row))?;
            block.column_mut(sz_column).push(size);
        }
        refuse_negative(rows, sz_field, block.column(sz_column)).map_err(|error| self.place(error, sz_field))
    }

    /// A quote row carries no trade, whatever the file writes there.
    fn fill_trades(&self, rows: &Rows, block: &mut Block) -> Result<(), DataError> {
        let kinds = block.column(Column::Kind).to_vec();
        let is_trade = |row: usize| kinds[row] == RowKind::Trade as i64;
        if !rows.values(Field::Kind).is_empty() {
            return self.fill_some_trades(rows, is_trade, block);
        }
        count_all(&self.prices, rows, Field::Px, block.column_mut(Column::Px))
            .map_err(|error| self.place(error, Field::Px))?;
        count_all(&self.sizes, rows, Field::Sz, block.column_mut(Column::Sz))
            .map_err(|error| self.place(error, Field::Sz))?;
        self.fill_sides_of_trades(rows, is_trade, block)
    }

    fn fill_some_trades(
        &self,
        rows: &Rows,
        is_trade: impl Fn(usize) -> bool,
        block: &mut Block,
    ) -> Result<(), DataError> {
        let parts = [(Field::Px, Column::Px, &self.prices, NA), (Field::Sz, Column::Sz, &self.sizes, 0)];
        for (field, column, grid, nothing) in parts {
            let out = block.column_mut(column);
            for (row, value) in rows.values(field).iter().enumerate() {
                let count = if is_trade(row) {
                    grid.count(*value).ok_or_else(|| self.off_grid(rows, field, row))?
                } else {
                    nothing
                };
                out.push(count);
            }
        }
        self.fill_sides_of_trades(rows, is_trade, block)
    }

    fn fill_sides_of_trades(
        &self,
        rows: &Rows,
        is_trade: impl Fn(usize) -> bool,
        block: &mut Block,
    ) -> Result<(), DataError> {
        refuse_negative(rows, Field::Sz, block.column(Column::Sz)).map_err(|error| self.place(error, Field::Sz))?;
        let out = block.column_mut(Column::Side);
        for (row, value) in rows.values(Field::Side).iter().enumerate() {
            // An unknown side is often left out.
            let side = if is_trade(row) && !value.is_nan() { *value } else { 0.0 };
            if side != 0.0 && side.abs() != 1.0 {
                let error = DataError::new(format!("{side} is no side; 1 is a buyer, -1 a seller, 0 unknown"))
                    .at_row(rows.number(row));
                return Err(self.place(error, Field::Side));
            }
            out.push(side as i64);
        }
        Ok(())
    }

    fn count_odd(&mut self, rows: &Rows, block: &Block) {
        let (kinds, bids, asks) =
            (block.column(Column::Kind), block.column(Column::BidPx), block.column(Column::AskPx));
        for row in 0..rows.len() {
            let (bid, ask) = (bids[row], asks[row]);
            if bid != NA && ask != NA && bid < ask || kinds[row] == RowKind::Trade as i64 {
                continue;
            }
            self.counts.empty_sides += u64::from(bid == NA) + u64::from(ask == NA);
            if bid != NA && ask != NA {
                self.counts.locked += u64::from(bid == ask);
                self.counts.crossed += u64::from(bid > ask);
                self.counts.first_crossed = self.counts.first_crossed.or((bid > ask).then(|| rows.number(row)));
            }
        }
    }

    #[cold]
    fn off_grid(&self, rows: &Rows, field: Field, row: usize) -> DataError {
        let grid = if field.is_price() { &self.prices } else { &self.sizes };
        self.place(DataError::new(grid.objection(rows.values(field)[row])).at_row(rows.number(row)), field)
    }

    fn place(&self, error: DataError, field: Field) -> DataError {
        error.in_column(name_of(&self.picks, field))
    }
}
