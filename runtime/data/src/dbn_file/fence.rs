//! Records, one by one, each looked at before the decoder sees it: it reads past short records and trusts long ones.

use std::io::{BufReader, Read};

use crate::DataError;
use crate::dbn_file::kinds::{Known, known};
use crate::unpack::Bytes;

/// Every record begins with so many bytes: length, type, publisher, instrument, time.
const HEAD: usize = 16;
/// Lengths are counted in these.
const WORD: usize = 4;
/// The vendor's own clock, behind each record of a live file.
const TS_OUT: usize = 8;

/// Hands out the bytes of sound records and nothing else.
#[derive(Debug)]
pub(crate) struct Fence {
    bytes: BufReader<Bytes>,
    has_ts_out: bool,
    /// The record at hand, and how much of it has been handed out.
    record: Vec<u8>,
    given: usize,
    /// How many records were met, those aside included.
    pub met: u64,
    /// Why there are no more.
    pub stopped: Option<DataError>,
}

impl Fence {
    /// Behind a header of `skip` bytes.
    pub(crate) fn open(mut bytes: Bytes, skip: u64, has_ts_out: bool) -> Result<Fence, DataError> {
        std::io::copy(&mut (&mut bytes).take(skip), &mut std::io::sink())
            .map_err(|error| DataError::new(format!("cannot be read: {error}")))?;
        let bytes = BufReader::with_capacity(1 << 17, bytes);
        Ok(Fence { bytes, has_ts_out, record: Vec::new(), given: 0, met: 0, stopped: None })
    }

    /// The next record that is read; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, DataError> {
        loop {
            let number = self.met + 1;
            match self.read_record().map_err(|reason| DataError::new(reason).at_row(number))? {
                None => return Ok(None),
                Some(Known::Aside) => self.met = number,
                Some(Known::Read { .. }) => {
                    self.met = number;
                    return Ok(Some(&self.record));
                }
            }
        }
    }

    fn read_record(&mut self) -> Result<Option<Known>, String> {
        self.record.resize(HEAD, 0);
        match self.fill_from(0)? {
            0 => return Ok(None),
            HEAD => {}
            got => return Err(format!("the file is cut: it ends {got} bytes into this record")),
        }
        let length = WORD * usize::from(self.record[0]);
        if length < HEAD {
            return Err(format!("the record claims {length} bytes, less than the {HEAD} that each begins with"));
        }
        let kind = self.record[1];
        let found = known(kind).ok_or_else(|| format!("there is no record type {kind:#04x}; the file is damaged"))?;
        let extra = if self.has_ts_out { TS_OUT } else { 0 };
        if let Known::Read { bytes } = found
            && length != bytes + extra
        {
            return Err(format!("the record claims {length} bytes, and its type {kind:#04x} has {}", bytes + extra));
        }
        self.record.resize(length, 0);
        match self.fill_from(HEAD)? {
            got if got == length - HEAD => Ok(Some(found)),
            got => Err(format!("the file is cut: it ends {} bytes into this record of {length}", HEAD + got)),
        }
    }

    /// Fills the record from a place on, as far as there are bytes.
    fn fill_from(&mut self, start: usize) -> Result<usize, String> {
        let mut at = start;
        while at < self.record.len() {
            match self.bytes.read(&mut self.record[at..]) {
                Ok(0) => break,
                Ok(count) => at += count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(format!("cannot be read: {error}")),
            }
        }
        Ok(at - start)
    }
}

/// For the decoder: never more than one record, so that its place is known.
impl Read for Fence {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.given == self.record.len() || self.met == 0 {
            self.given = 0;
            match self.next() {
                Ok(Some(_)) => {}
                Ok(None) => {
                    self.record.clear();
                    return Ok(0);
                }
                Err(error) => {
                    self.record.clear();
                    self.stopped = Some(error);
                    return Ok(0);
                }
            }
        }
        let count = out.len().min(self.record.len() - self.given);
        out[..count].copy_from_slice(&self.record[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}
