//! Arrays of numpy's in a zip (`.npz`): rows of whole words, unpacked one by one and summed up at the end.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use flate2::Crc;

use crate::DataError;
use crate::error::shown;
use crate::unpack::Bytes;

const MAX_HEADER: usize = 1 << 16;

/// What the rows of an array have to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Their fields, as numpy writes them, without spaces.
    pub fields: &'static str,
    /// What has such fields, in words.
    pub what: &'static str,
}

/// Where the array lies in its zip.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    start: u64,
    packed: u64,
    is_deflated: bool,
    crc: u32,
}

/// The first entry of the zip. Its header stands before it, so the rest of the archive need not be believed.
pub(crate) fn entry_of(file: &mut File) -> Result<Entry, DataError> {
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

/// The rows of an array, each of `BYTES` bytes.
pub(crate) struct ZippedArray<const BYTES: usize> {
    bytes: BufReader<Bytes>,
    /// How many there are.
    pub rows: u64,
    /// How many were read.
    pub read: u64,
    crc: Crc,
    promised: u32,
}

impl<const BYTES: usize> ZippedArray<BYTES> {
    /// Reads the head of an array.
    pub fn open(file: &File, entry: Entry, shape: Shape) -> Result<ZippedArray<BYTES>, DataError> {
        let wrong = |error: std::io::Error| DataError::new(format!("cannot be read: {error}"));
        let mut file = file.try_clone().map_err(wrong)?;
        file.seek(SeekFrom::Start(entry.start)).map_err(wrong)?;
        let bytes = Bytes::of_zip(file, entry.packed, entry.is_deflated);
        let mut array = ZippedArray {
            bytes: BufReader::with_capacity(1 << 17, bytes),
            rows: 0,
            read: 0,
            crc: Crc::new(),
            promised: entry.crc,
        };
        array.rows = array.header(shape)?;
        Ok(array)
    }

    /// How many rows the array says it has.
    fn header(&mut self, shape: Shape) -> Result<u64, DataError> {
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
            Some(rows) if text.contains(shape.fields) && text.contains("'fortran_order':False") => Ok(rows),
            _ => Err(DataError::new(format!("the array is none {}: its rows are `{}`", shape.what, shown(&text)))),
        }
    }

    /// The next row.
    pub fn next(&mut self) -> Result<[u8; BYTES], DataError> {
        let mut row = [0; BYTES];
        self.fill(&mut row).map_err(|error| error.at_row(self.read + 1))?;
        self.read += 1;
        Ok(row)
    }

    fn fill(&mut self, out: &mut [u8]) -> Result<(), DataError> {
        self.bytes.read_exact(out).map_err(|error| DataError::new(format!("the array is cut or damaged: {error}")))?;
        self.crc.update(out);
        Ok(())
    }

    /// After the last row: nothing may be left, and the sum must be right.
    pub fn check_end(&mut self) -> Result<(), DataError> {
        let left = self.bytes.read(&mut [0]).map_err(|error| DataError::new(format!("cannot be read: {error}")))?;
        if left != 0 || self.crc.sum() != self.promised {
            return Err(DataError::new("the file is damaged: its sum does not fit what it holds"));
        }
        Ok(())
    }
}
