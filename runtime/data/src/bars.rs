//! Bars, checked row by row: prices on the grid, high and low around open and close, one bar at a time.

use gbc_core::{Block, Column, NA};

use crate::bar_clock::BarClock;
use crate::field::Field;
use crate::grid::Grid;
use crate::layout::{Layout, Pick};
use crate::order::Order;
use crate::rows::Rows;
use crate::{DataError, Stamp};

/// Turns rows of a file into blocks of bars.
#[derive(Debug)]
pub(crate) struct BarFill {
    picks: Vec<Pick>,
    clock: BarClock,
    prices: Grid,
    sizes: Grid,
    order: Order,
}

const PRICES: [(Field, Column); 4] = [
    (Field::Open, Column::Open),
    (Field::High, Column::High),
    (Field::Low, Column::Low),
    (Field::Close, Column::Close),
];

impl BarFill {
    pub(crate) fn new(layout: &Layout, clock: BarClock, prices: Grid, sizes: Grid) -> BarFill {
        let order = Order::new(clock.span_ns, name_of(&layout.picks, Field::Time), layout.markets.clone());
        BarFill { picks: layout.picks.clone(), clock, prices, sizes, order }
    }

    pub(crate) fn fill(&mut self, rows: &Rows, block: &mut Block) -> Result<(), DataError> {
        self.order.check(rows)?;
        let (to_open, to_close) = match self.clock.stamp {
            Stamp::Open => (0, self.clock.span_ns),
            Stamp::Close => (-self.clock.span_ns, 0),
        };
        block.time.extend(rows.time.iter().map(|stamp| stamp + to_close));
        block.column_mut(Column::OpenTime).extend(rows.time.iter().map(|stamp| stamp + to_open));
        for (field, column) in PRICES {
            count_all(&self.prices, rows, field, block.column_mut(column)).map_err(|error| self.place(error, field))?;
        }
        self.fill_volume(rows, block.column_mut(Column::Volume)).map_err(|error| self.place(error, Field::Volume))?;
        self.check_shape(rows, block)
    }

    fn fill_volume(&self, rows: &Rows, out: &mut Vec<i64>) -> Result<(), DataError> {
        if rows.values(Field::Volume).is_empty() {
            out.resize(rows.len(), 0);
            return Ok(());
        }
        count_all(&self.sizes, rows, Field::Volume, out)?;
        refuse_negative(rows, Field::Volume, out)
    }

    fn check_shape(&self, rows: &Rows, block: &Block) -> Result<(), DataError> {
        let [open, high, low, close] = PRICES.map(|(_, column)| block.column(column));
        for row in 0..rows.len() {
            let (top, bottom) = (open[row].max(close[row]), open[row].min(close[row]));
            if high[row] < top || low[row] > bottom {
                return Err(self.bad_shape(rows, row));
            }
        }
        Ok(())
    }

    #[cold]
    fn bad_shape(&self, rows: &Rows, row: usize) -> DataError {
        let [open, high, low, close] = PRICES.map(|(field, _)| rows.values(field)[row]);
        let (field, what) = match () {
            () if high < low => (Field::High, "high lies below low"),
            () if high < open || high < close => (Field::High, "open or close lies above high"),
            () => (Field::Low, "open or close lies below low"),
        };
        let reason = format!("{what}: open {open}, high {high}, low {low}, close {close}; no bar looks like that");
        self.place(DataError::new(reason).at_row(rows.number(row)), field)
    }

    fn place(&self, error: DataError, field: Field) -> DataError {
        error.in_column(name_of(&self.picks, field))
    }
}

/// What the file calls a field.
pub(crate) fn name_of(picks: &[Pick], field: Field) -> &str {
    picks.iter().find(|pick| pick.field == field).map_or(field.name(), |pick| &pick.name)
}

/// Counts every number of a column on its grid.
pub(crate) fn count_all(grid: &Grid, rows: &Rows, field: Field, out: &mut Vec<i64>) -> Result<(), DataError> {
    let values = rows.values(field);
    out.extend(values.iter().map(|value| grid.count(*value).unwrap_or(NA)));
    match out.iter().position(|count| *count == NA) {
        Some(row) => Err(DataError::new(grid.objection(values[row])).at_row(rows.number(row))),
        None => Ok(()),
    }
}

/// Refuses the first size below nothing.
pub(crate) fn refuse_negative(rows: &Rows, field: Field, counts: &[i64]) -> Result<(), DataError> {
    match counts.iter().position(|count| *count < 0) {
        Some(row) => Err(DataError::new(format!("a size of {} is less than nothing", rows.values(field)[row]))
            .at_row(rows.number(row))),
        None => Ok(()),
    }
}
