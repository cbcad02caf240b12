//! Levels and single orders, checked row by row. What contradicts the book is not looked for here: that takes the book.

use gbc_core::{Block, Column, DepthKind, NA, OrderAction, RowFlags, Schema};

use crate::DataError;
use crate::bars::{name_of, refuse_negative};
use crate::field::Field;
use crate::grid::Grid;
use crate::layout::{Layout, Pick};
use crate::order::Order;
use crate::rows::Rows;

/// Turns rows of a file into blocks of levels or of single orders.
#[derive(Debug)]
pub(crate) struct BookFill {
    picks: Vec<Pick>,
    prices: Grid,
    sizes: Grid,
    order: Order,
    /// The field that says what a row is.
    kind: Field,
    has_flags: bool,
}

impl BookFill {
    pub(crate) fn new(layout: &Layout, prices: Grid, sizes: Grid) -> BookFill {
        let order = Order::new(0, name_of(&layout.picks, Field::Time), layout.markets.clone());
        let has = |field: Field| layout.picks.iter().any(|pick| pick.field == field);
        let kind = if has(Field::Action) { Field::Action } else { Field::Kind };
        BookFill { picks: layout.picks.clone(), prices, sizes, order, kind, has_flags: has(Field::Flags) }
    }

    pub(crate) fn fill(&mut self, rows: &Rows, block: &mut Block) -> Result<(), DataError> {
        self.order.check(rows)?;
        block.time.extend_from_slice(&rows.time);
        let kinds = match block.schema {
            Schema::Depth => DepthKind::ALL.len(),
            _ => OrderAction::ALL.len(),
        };
        self.small(rows, self.kind, 0..=kinds as i64 - 1, block.column_mut(Column::Kind))?;
        self.small(rows, Field::Side, -1..=1, block.column_mut(Column::Side))?;
        self.counted(rows, Field::Px, &self.prices, NA, block.column_mut(Column::Px))?;
        self.counted(rows, Field::Sz, &self.sizes, 0, block.column_mut(Column::Sz))?;
        refuse_negative(rows, Field::Sz, block.column(Column::Sz))
            .map_err(|error| error.in_column(name_of(&self.picks, Field::Sz)))?;
        block.column_mut(Column::Order).extend_from_slice(rows.whole(Field::Order));
        block.column_mut(Column::Count).extend_from_slice(rows.whole(Field::Count));
        if self.has_flags {
            // A vendor that writes actions in letters writes its own flags too.
            let flags = rows.whole(Field::Flags).iter().map(|bits| match self.kind {
                Field::Action => vendor_flags(*bits).0,
                _ => *bits,
            });
            block.column_mut(Column::Flags).extend(flags);
        }
        // Left empty where the file has one time: then the exchange's is ours.
        block.column_mut(Column::ExchTime).extend_from_slice(rows.whole(Field::ExchTime));
        Ok(())
    }

    /// Whole numbers of a short range.
    fn small(
        &self,
        rows: &Rows,
        field: Field,
        range: std::ops::RangeInclusive<i64>,
        out: &mut Vec<i64>,
    ) -> Result<(), DataError> {
        for (row, value) in rows.values(field).iter().enumerate() {
            // An unknown side is often left out.
            let value = if value.is_nan() && field == Field::Side { 0.0 } else { *value };
            let number = value as i64;
            if number as f64 != value || !range.contains(&number) {
                let (low, high) = (range.start(), range.end());
                let reason = format!("{value} is no {}; there are {low} to {high}", field.name());
                return Err(DataError::new(reason).at_row(rows.number(row)).in_column(name_of(&self.picks, field)));
            }
            out.push(number);
        }
        Ok(())
    }

    fn counted(
        &self,
        rows: &Rows,
        field: Field,
        grid: &Grid,
        nothing: i64,
        out: &mut Vec<i64>,
    ) -> Result<(), DataError> {
        for (row, value) in rows.values(field).iter().enumerate() {
            let count = if value.is_nan() { Some(nothing) } else { grid.count(*value) };
            out.push(count.ok_or_else(|| {
                DataError::new(grid.objection(*value)).at_row(rows.number(row)).in_column(name_of(&self.picks, field))
            })?);
        }
        Ok(())
    }
}

/// Databento's bits as ours.
pub(crate) fn vendor_flags(bits: i64) -> RowFlags {
    const LAST: i64 = 1 << 7;
    const SNAPSHOT: i64 = 1 << 5;
    const MAYBE_BAD_BOOK: i64 = 1 << 2;
    let known = [(LAST, RowFlags::LAST), (SNAPSHOT, RowFlags::SNAPSHOT), (MAYBE_BAD_BOOK, RowFlags::GAP)];
    let told = known.iter().filter(|(bit, _)| bits & bit != 0);
    told.fold(RowFlags::default(), |flags, (_, flag)| flags.with(*flag))
}
