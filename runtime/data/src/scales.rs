//! Where a file's tick and lot come from: the caller, the file itself, or the finest decimals its numbers need.

use gbc_core::{Instrument, Money};

use crate::field::Field;
use crate::grid::{Decimals, Grid, ratio_of_text, ratio_text};
use crate::layout::Layout;
use crate::rows::Rows;
use crate::table::Table;
use crate::{DataError, Options};

/// Prices with more decimals than this are not prices.
const PRICE_PLACES: u32 = 9;
/// A satoshi.
const SIZE_PLACES: u32 = 8;
/// Rows looked at together.
const BATCH_ROWS: usize = 8192;

/// An instrument, and who says so.
pub(crate) struct Scales {
    pub instrument: Instrument,
    pub origin: &'static str,
    pub note: String,
    /// Whether the file's numbers are counts of ticks and lots already.
    are_counts: bool,
}

impl Scales {
    pub(crate) fn prices(&self) -> Grid {
        let grid = Grid::of_prices(self.instrument.tick, self.origin);
        if self.are_counts { grid.of_counts() } else { grid }
    }

    pub(crate) fn sizes(&self) -> Grid {
        let grid = Grid::of_sizes(self.instrument.lot, self.origin);
        if self.are_counts { grid.of_counts() } else { grid }
    }
}

/// The instrument that the rows are counted in.
pub(crate) fn settle(table: &Table, layout: &Layout, options: &Options) -> Result<Scales, DataError> {
    let (instrument, origin) = match &options.instrument {
        Some(instrument) => (instrument.clone(), "from the instrument"),
        None => match written(table, &options.symbol)? {
            Some(instrument) => (instrument, "written in the file"),
            None => match &options.known_as {
                Some(instrument) => (instrument.clone(), "as the market is commonly traded"),
                None => (inferred(table, layout, &options.symbol)?, "the finest decimals in the file"),
            },
        },
    };
    let (tick, lot) = (ratio_text(instrument.tick), ratio_text(instrument.lot));
    let note = format!("{}: tick {tick}, lot {lot} ({origin})", instrument.symbol);
    let are_counts = are_counts(table, &instrument)?;
    Ok(Scales { instrument, origin, note, are_counts })
}

/// Whether a file holds counts, as our own store does. They mean nothing on another grid.
fn are_counts(table: &Table, instrument: &Instrument) -> Result<bool, DataError> {
    match table.note("glowback.counts") {
        None => return Ok(false),
        Some("ticks") => {}
        Some(text) => return Err(bad_note("glowback.counts", text)),
    }
    for (key, scale) in [("tick", instrument.tick), ("lot", instrument.lot)] {
        let told = table.note(&format!("glowback.{key}")).and_then(ratio_of_text);
        if told != Some(scale) {
            let (told, scale) = (told.map_or("none".to_owned(), ratio_text), ratio_text(scale));
            return Err(DataError::new(format!(
                "is counted with a {key} of {told}, and the instrument has {scale}; import it again with that instrument"
            )));
        }
    }
    Ok(true)
}

/// The instrument in the file's own metadata, as `synth` writes it.
fn written(table: &Table, symbol: &str) -> Result<Option<Instrument>, DataError> {
    let scale = |key: &str| match table.note(key) {
        Some(text) => ratio_of_text(text).map(Some).ok_or_else(|| bad_note(key, text)),
        None => Ok(None),
    };
    let Some(tick) = scale("glowback.tick")? else { return Ok(None) };
    let mut instrument = Instrument::generic(table.note("glowback.symbol").unwrap_or(symbol), tick);
    instrument.lot = scale("glowback.lot")?.unwrap_or(instrument.lot);
    instrument.point = scale("glowback.point")?.unwrap_or(instrument.point);
    if let Some(currency) = table.note("glowback.currency") {
        instrument.currency = currency.to_owned();
    }
    if let Some(text) = table.note("glowback.fee") {
        let fee = text.parse().ok().and_then(Money::nearest).filter(|fee| *fee >= Money::ZERO);
        instrument.fee_per_lot = fee.ok_or_else(|| bad_note("glowback.fee", text))?;
    }
    Ok(Some(instrument))
}

pub(crate) fn bad_note(key: &str, text: &str) -> DataError {
    DataError::new(format!("its metadata says `{key}` is `{}`, which makes no sense", crate::error::shown(text)))
}

/// A pass over all prices and sizes, and nothing else.
fn inferred(table: &Table, layout: &Layout, symbol: &str) -> Result<Instrument, DataError> {
    let picks: Vec<_> =
        layout.picks.iter().filter(|pick| pick.field.is_price() || pick.field.is_size()).cloned().collect();
    let (mut tick, mut lot) = (Decimals::at_most(PRICE_PLACES), Decimals::at_most(SIZE_PLACES));
    let mut reader = table.rows(&picks, BATCH_ROWS)?;
    let mut rows = Rows::default();
    while reader.read(&mut rows)? {
        for pick in &picks {
            let decimals = if pick.field.is_price() { &mut tick } else { &mut lot };
            let seen = decimals.see(rows.values(pick.field));
            seen.map_err(|row| too_fine(&rows, pick.field, row, decimals.most()).in_column(&pick.name))?;
        }
    }
    Ok(Instrument { lot: lot.grid(), ..Instrument::generic(symbol, tick.grid()) })
}

fn too_fine(rows: &Rows, field: Field, row: usize, most: u32) -> DataError {
    let value = rows.values(field)[row];
    let what = if field.is_price() { "tick" } else { "lot" };
    DataError::new(format!(
        "{value} needs more than {most} decimals, or is too large for them; give the instrument, with its {what}"
    ))
    .at_row(rows.number(row))
}
