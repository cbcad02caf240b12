//! hftbacktest's event arrays (`.npz`): one array of 64-byte events in a zip, levels or single orders, with both orders of rows.

use std::fs::File;

use gbc_core::{DepthKind, NA, OrderAction, RowFlags};

use crate::DataError;
use crate::field::Field;
use crate::layout::Pick;
use crate::moment::moment;
use crate::npz_array::{Entry, Shape, ZippedArray, entry_of};
use crate::rows::{RowReader, Rows};

/// The one shape of rows that is read.
const SHAPE: Shape = Shape {
    fields: "[('ev','<u8'),('exch_ts','<i8'),('local_ts','<i8'),('px','<f8'),('qty','<f8'),('order_id','<u8'),('ival','<i8'),('fval','<f8')]",
    what: "of hftbacktest 2",
};
const EVENT: usize = 64;
/// To tell levels from orders, so many rows are looked at.
const LOOK: u64 = 1 << 16;

const EXCH: u64 = 1 << 31;
const LOCAL: u64 = 1 << 30;
const BUY: u64 = 1 << 29;
const SELL: u64 = 1 << 28;

/// A file whose head has been read.
#[derive(Debug)]
pub(crate) struct NpzFile {
    file: File,
    entry: Entry,
    rows: u64,
    is_orders: bool,
    pub columns: Vec<String>,
}

impl NpzFile {
    pub(crate) fn open(mut file: File) -> Result<NpzFile, DataError> {
        let entry = entry_of(&mut file)?;
        let mut events = Events::open(&file, entry, SHAPE)?;
        let rows = events.rows;
        let mut is_orders = false;
        for _ in 0..rows.min(LOOK) {
            let kind = Event(events.next()?).kind();
            is_orders = (10..=13).contains(&kind);
            if is_orders || matches!(kind, 1 | 4) {
                break;
            }
        }
        let own = if is_orders { "order_id" } else { "count" };
        let columns = ["time", "kind", "side", "px", "sz", own, "flags", "exch_time"].map(str::to_owned).to_vec();
        Ok(NpzFile { file, entry, rows, is_orders, columns })
    }

    pub(crate) fn describe(&self) -> String {
        let what = if self.is_orders { "single orders" } else { "levels" };
        format!("hftbacktest's events, {} rows, {what}", self.rows)
    }

    pub(crate) fn rows(&self, picks: &[Pick], batch_rows: usize) -> Result<NpzRows, DataError> {
        let events = Events::open(&self.file, self.entry, SHAPE)?;
        let mut wants = [false; Field::COUNT];
        picks.iter().for_each(|pick| wants[pick.field as usize] = true);
        Ok(NpzRows { events: Some(events), is_orders: self.is_orders, wants, batch_rows, last: None, done: 0 })
    }
}

/// The events of a file, one by one.
type Events = ZippedArray<EVENT>;

/// One event as the file has it.
#[derive(Clone, Copy, Debug)]
struct Event([u8; EVENT]);

impl Event {
    fn word(&self, index: usize) -> [u8; 8] {
        std::array::from_fn(|byte| self.0[8 * index + byte])
    }

    fn flags(&self) -> u64 {
        u64::from_le_bytes(self.word(0))
    }

    fn kind(&self) -> u8 {
        self.0[0]
    }
}

/// Rows of an array of events.
pub(crate) struct NpzRows {
    /// `None` after the end or a failure.
    events: Option<Events>,
    is_orders: bool,
    wants: [bool; Field::COUNT],
    batch_rows: usize,
    last: Option<i64>,
    done: u64,
}

impl RowReader for NpzRows {
    fn read(&mut self, rows: &mut Rows) -> Result<bool, DataError> {
        rows.clear();
        rows.first = self.done + 1;
        let Some(mut events) = self.events.take() else { return Ok(false) };
        while rows.len() < self.batch_rows {
            if events.read == events.rows {
                events.check_end()?;
                return Ok(rows.len() > 0);
            }
            let event = Event(events.next()?);
            self.take(&event, rows).map_err(|error| error.at_row(events.read))?;
        }
        self.done += rows.len() as u64;
        self.events = Some(events);
        Ok(true)
    }
}

impl NpzRows {
    fn take(&mut self, event: &Event, rows: &mut Rows) -> Result<(), DataError> {
        let flags = event.flags();
        let kind = self.kind(event.kind())?;
        let stamp = |index: usize, name: &str| {
            let told = i64::from_le_bytes(event.word(index));
            moment(told, 1).ok_or_else(|| {
                DataError::new(format!("{told} is no moment between 1970 and 2100, in nanoseconds")).in_column(name)
            })
        };
        let exchange = stamp(1, "exch_ts")?;
        let (time, seen_by) = match (flags & LOCAL != 0, flags & EXCH != 0) {
            (true, true) => (stamp(2, "local_ts")?, RowFlags::default()),
            (true, false) => (stamp(2, "local_ts")?, RowFlags::LOCAL_ONLY),
            // It has no place in the order in which we saw the rows.
            (false, true) => (self.last.unwrap_or(exchange), RowFlags::EXCH_ONLY),
            (false, false) => return Err(DataError::new("neither the exchange nor we saw this event").in_column("ev")),
        };
        self.last = Some(time);
        rows.time.push(time);
        let side = f64::from(u8::from(flags & BUY != 0)) - f64::from(u8::from(flags & SELL != 0));
        let (px, qty) = (f64::from_le_bytes(event.word(3)), f64::from_le_bytes(event.word(4)));
        // A clear without a price is one of the whole side.
        let px = if event.kind() == 3 && px == 0.0 { f64::NAN } else { px };
        let values = [(Field::Kind, kind), (Field::Side, side), (Field::Px, px), (Field::Sz, qty)];
        for (field, value) in values.into_iter().filter(|(field, _)| self.wants[*field as usize]) {
            rows.values_mut(field).push(value);
        }
        let whole = [
            (Field::Order, i64::from_le_bytes(event.word(5))),
            (Field::Count, NA),
            (Field::Flags, RowFlags::LAST.with(seen_by).0),
            (Field::ExchTime, exchange),
        ];
        for (field, value) in whole.into_iter().filter(|(field, _)| self.wants[*field as usize]) {
            rows.whole_mut(field).push(value);
        }
        Ok(())
    }

    /// The number of the row's kind in its schema.
    fn kind(&self, kind: u8) -> Result<f64, DataError> {
        let number = match (kind, self.is_orders) {
            (1, false) => DepthKind::Change as i64,
            (2, _) => OrderAction::Trade as i64,
            (3, false) => DepthKind::Clear as i64,
            (4, false) => DepthKind::Snapshot as i64,
            (3, true) => OrderAction::Clear as i64,
            (10, true) => OrderAction::Add as i64,
            (11, true) => OrderAction::Remove as i64,
            (12, true) => OrderAction::Modify as i64,
            (13, true) => OrderAction::Fill as i64,
            _ => return Err(DataError::new(format!("{kind} is no event of these")).in_column("ev")),
        };
        Ok(number as f64)
    }
}
