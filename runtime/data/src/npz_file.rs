//! hftbacktest's event arrays (`.npz`): one array of 64-byte events in a zip, levels or single orders, with both orders of rows.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use flate2::Crc;
use gbc_core::{DepthKind, NA, OrderAction, RowFlags};

use crate::DataError;
use crate::error::shown;
use crate::field::Field;
use crate::layout::Pick;
use crate::moment::moment;
use crate::rows::{RowReader, Rows};
use crate::unpack::Bytes;

/// The one shape of rows that is read.
const FIELDS: &str = "[('ev','<u8'),('exch_ts','<i8'),('local_ts','<i8'),('px','<f8'),('qty','<f8'),('order_id','<u8'),('ival','<i8'),('fval','<f8')]";
const EVENT: usize = 64;
/// To tell levels from orders, so many rows are looked at.
const LOOK: u64 = 1 << 16;
const MAX_HEADER: usize = 1 << 16;

const EXCH: u64 = 1 << 31;
const LOCAL: u64 = 1 << 30;
const BUY: u64 = 1 << 29;
const SELL: u64 = 1 << 28;

/// Where the array lies in its zip.
#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u64,
    packed: u64,
    is_deflated: bool,
    crc: u32,
}

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
        let mut events = Events::open(&file, entry)?;
        let rows = events.rows;
        let mut is_orders = false;
        for _ in 0..rows.min(LOOK) {
            let kind = events.next()?.kind();
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
        let events = Events::open(&self.file, self.entry)?;
        let mut wants = [false; Field::COUNT];
        picks.iter().for_each(|pick| wants[pick.field as usize] = true);
        Ok(NpzRows { events: Some(events), is_orders: self.is_orders, wants, batch_rows, last: None, done: 0 })
    }
}

/// The first entry of the zip. Its header stands before it, so the rest of the archive need not be believed.
fn entry_of(file: &mut File) -> Result<Entry, DataError> {
    let damaged = |_| DataError::new("the zip is damaged: it ends inside its first header");
    let length = file.metadata().map_err(damaged)?.len();
    let mut head = [0; 30];
    file.rewind().and_then(|()| file.read_exact(&mut head)).map_err(damaged)?;
    let short = |at: usize| u16::from_le_bytes([head[at], head[at + 1]]);
    let long = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let mut name = vec![0; usize::from(short(26))];
    let mut extra = vec![0; usize::from(short(28))];
    file.read_exact(&mut name).and_then(|()| file.read_exact(&mut extra)).map_err(damaged)?;
    let name = String::from_utf8_lossy(&name).into_owned();
    if !name.ends_with(".npy") {
        return Err(DataError::new(format!(
            "is a zip archive that begins with `{}`; unpack it first: `unzip FILE`. Only hftbacktest's `.npz` is read as it is",
            shown(&name)
        )));
    }
    let is_deflated = match short(8) {
        0 => false,
        8 => true,
        other => {
            return Err(DataError::new(format!(
                "is packed by method {other}; save it with `savez` or `savez_compressed`"
            )));
        }
    };
    let start = 30 + name.len() as u64 + extra.len() as u64;
    let packed = if long(18) == u32::MAX { packed_of_extra(&extra).unwrap_or(u64::MAX) } else { u64::from(long(18)) };
    if short(6) & 0b1001 != 0 || packed > length.saturating_sub(start) {
        return Err(DataError::new("the zip is damaged or encrypted: its first entry does not fit into the file"));
    }
    Ok(Entry { start, packed, is_deflated, crc: long(14) })
}

/// Sizes of 64 bits stand behind the name: that of what is inside, then the packed one.
fn packed_of_extra(extra: &[u8]) -> Option<u64> {
    let mut rest = extra;
    loop {
        let (head, tail) = rest.split_first_chunk::<4>()?;
        let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
        if (head[0], head[1]) == (1, 0) {
            return tail.get(8..16)?.try_into().ok().map(u64::from_le_bytes);
        }
        rest = tail.get(length..)?;
    }
}

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

/// The events of an array, one by one.
struct Events {
    bytes: BufReader<Bytes>,
    rows: u64,
    read: u64,
    crc: Crc,
    promised: u32,
}

impl Events {
    fn open(file: &File, entry: Entry) -> Result<Events, DataError> {
        let wrong = |error: std::io::Error| DataError::new(format!("cannot be read: {error}"));
        let mut file = file.try_clone().map_err(wrong)?;
        file.seek(SeekFrom::Start(entry.start)).map_err(wrong)?;
        let bytes = Bytes::of_zip(file, entry.packed, entry.is_deflated);
        let mut events = Events {
            bytes: BufReader::with_capacity(1 << 17, bytes),
            rows: 0,
            read: 0,
            crc: Crc::new(),
            promised: entry.crc,
        };
        events.rows = events.header()?;
        Ok(events)
    }

    /// How many rows the array says it has.
    fn header(&mut self) -> Result<u64, DataError> {
        let mut magic = [0; 10];
        self.fill(&mut magic)?;
        let length = match magic {
            [0x93, b'N', b'U', b'M', b'P', b'Y', 1, _, low, high] => usize::from(u16::from_le_bytes([low, high])),
            [0x93, b'N', b'U', b'M', b'P', b'Y', 2 | 3, _, low, high] => {
                let mut more = [0; 2];
                self.fill(&mut more)?;
                u32::from_le_bytes([low, high, more[0], more[1]]) as usize
            }
            _ => return Err(DataError::new("the zip does not begin with an array of numpy's")),
        };
        if length > MAX_HEADER {
            return Err(DataError::new(format!(
                "the array's header claims {length} bytes; at most {MAX_HEADER} are read"
            )));
        }
        let mut text = vec![0; length];
        self.fill(&mut text)?;
        let text: String = String::from_utf8_lossy(&text).chars().filter(|letter| !letter.is_whitespace()).collect();
        let rows = text.split_once("'shape':(").and_then(|(_, rest)| rest.split_once(',')).map(|(rows, _)| rows);
        match rows.and_then(|rows| rows.parse().ok()) {
            Some(rows) if text.contains(FIELDS) && text.contains("'fortran_order':False") => Ok(rows),
            _ => Err(DataError::new(format!("the array is none of hftbacktest 2: its rows are `{}`", shown(&text)))),
        }
    }

    fn next(&mut self) -> Result<Event, DataError> {
        let mut event = Event([0; EVENT]);
        self.fill(&mut event.0).map_err(|error| error.at_row(self.read + 1))?;
        self.read += 1;
        Ok(event)
    }

    fn fill(&mut self, out: &mut [u8]) -> Result<(), DataError> {
        self.bytes.read_exact(out).map_err(|error| DataError::new(format!("the array is cut or damaged: {error}")))?;
        self.crc.update(out);
        Ok(())
    }

    /// After the last row: nothing may be left, and the sum must be right.
    fn check_end(&mut self) -> Result<(), DataError> {
        let left = self.bytes.read(&mut [0]).map_err(|error| DataError::new(format!("cannot be read: {error}")))?;
        if left != 0 || self.crc.sum() != self.promised {
            return Err(DataError::new("the file is damaged: its sum does not fit what it holds"));
        }
        Ok(())
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
            let event = events.next()?;
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
