//! What single records say, in our words: prices as numbers, no price as NaN, letters as numbers.

use std::ffi::c_char;

use dbn::{BboMsg, BidAskPair, CbboMsg, Cmbp1Msg, ConsolidatedBidAskPair, FlagSet, Mbp1Msg, RecordHeader, TradeMsg};

use crate::DataError;
use crate::moment::moment;

/// No price.
const UNDEF_PRICE: i64 = i64::MAX;
/// Prices are counted in these parts of one.
const PRICE_PARTS: f64 = 1e9;
/// Both sides: bid price and size, ask price and size.
pub(super) type Best = [f64; 4];

/// A trade: price, size, side.
pub(super) type Trade = [f64; 3];

/// What all records but bars have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Update {
    pub number: u64,
    pub instrument: u32,
    /// Records of one event share it.
    pub ts_event: u64,
    pub ts_recv: u64,
    pub flags: FlagSet,
    pub best: Option<Best>,
    pub trade: Option<Trade>,
}

/// What a record tells; `None` for a kind that is not read here.
pub(super) fn update_of(record: &dbn::v3::RecordRef<'_>) -> Result<Option<Update>, DataError> {
    if let Some(m) = record.get::<TradeMsg>() {
        let trade = trade_of(m.price, m.size, m.action, m.side)?;
        return Ok(Some(update(&m.hd, m.ts_recv, m.flags, None, trade)));
    }
    if let Some(m) = record.get::<Mbp1Msg>() {
        let trade = trade_of(m.price, m.size, m.action, m.side)?;
        return Ok(Some(update(&m.hd, m.ts_recv, m.flags, Some(best(&m.levels[0])), trade)));
    }
    if let Some(m) = record.get::<Cmbp1Msg>() {
        let trade = trade_of(m.price, m.size, m.action, m.side)?;
        return Ok(Some(update(&m.hd, m.ts_recv, m.flags, Some(consolidated(&m.levels[0])), trade)));
    }
    if let Some(m) = record.get::<BboMsg>() {
        return Ok(Some(update(&m.hd, m.ts_recv, m.flags, Some(best(&m.levels[0])), None)));
    }
    if let Some(m) = record.get::<CbboMsg>() {
        return Ok(Some(update(&m.hd, m.ts_recv, m.flags, Some(consolidated(&m.levels[0])), None)));
    }
    Ok(None)
}

pub(super) fn update(
    head: &RecordHeader,
    ts_recv: u64,
    flags: FlagSet,
    best: Option<Best>,
    trade: Option<Trade>,
) -> Update {
    Update { number: 0, instrument: head.instrument_id, ts_event: head.ts_event, ts_recv, flags, best, trade }
}

fn best(level: &BidAskPair) -> Best {
    [price(level.bid_px), f64::from(level.bid_sz), price(level.ask_px), f64::from(level.ask_sz)]
}

fn consolidated(level: &ConsolidatedBidAskPair) -> Best {
    [price(level.bid_px), f64::from(level.bid_sz), price(level.ask_px), f64::from(level.ask_sz)]
}

pub(super) fn price(count: i64) -> f64 {
    if count == UNDEF_PRICE { f64::NAN } else { count as f64 / PRICE_PARTS }
}

pub(super) fn time_of(ns: u64, name: &str) -> Result<i64, DataError> {
    let time = i64::try_from(ns).ok().and_then(|ns| moment(ns, 1));
    time.ok_or_else(|| {
        let told = if ns == u64::MAX { "undefined".to_owned() } else { format!("{ns}") };
        DataError::new(format!("its time is {told}, no moment between 1970 and 2100")).in_column(name)
    })
}

/// The trade that a record tells of, if it is one. The side is the aggressor's.
pub(super) fn trade_of(px: i64, sz: u32, action: c_char, side: c_char) -> Result<Option<Trade>, DataError> {
    let side = side_of(side)?;
    match action as u8 {
        b'T' => Ok(Some([price(px), f64::from(sz), side])),
        b'A' | b'C' | b'M' | b'R' | b'F' | b'N' => Ok(None),
        _ => Err(no_letter(action, "action", "A, C, M, R, T, F or N")),
    }
}

pub(super) fn side_of(side: c_char) -> Result<f64, DataError> {
    match side as u8 {
        b'B' => Ok(1.0),
        b'A' => Ok(-1.0),
        b'N' => Ok(0.0),
        _ => Err(no_letter(side, "side", "A, B or N")),
    }
}

pub(super) fn no_letter(letter: c_char, column: &str, known: &str) -> DataError {
    DataError::new(format!("byte {:#04x} is no {column}; there are {known}", letter as u8)).in_column(column)
}
