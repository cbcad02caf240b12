//! Bytes that are packed as a whole, unpacked as a stream: nothing is held, and nothing grows beyond what its size justifies.

use std::fs::File;
use std::io::{self, Read, Seek};

use crate::DataError;

/// So much may come out of any file, however small.
const FREE_BYTES: u64 = 64 << 20;
/// Beyond that, so many bytes for each byte of the file. Text of quotes packs to a twentieth; only a trap packs to less than this.
const MOST_PER_BYTE: u64 = 512;

/// How a file is packed as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    Zstd,
    /// Only what lies in a zip; never a whole file.
    Zip,
}

impl Packing {
    /// Told by the first bytes.
    pub(crate) fn of(head: &[u8]) -> Packing {
        match head {
            [0x1f, 0x8b, ..] => Packing::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Packing::Zstd,
            _ => Packing::Plain,
        }
    }

    /// What it is called; nothing where nothing is packed.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Packing::Plain => None,
            Packing::Gzip => Some("gzip"),
            Packing::Zstd => Some("zstd"),
            Packing::Zip => Some("zip"),
        }
    }

    /// The bytes of `file` from its beginning, unpacked.
    pub(crate) fn open(self, file: &File) -> Result<Bytes, DataError> {
        self.stream(file).map_err(|error| DataError::new(format!("cannot be read: {error}")))
    }

    fn stream(self, file: &File) -> io::Result<Bytes> {
        let mut file = file.try_clone()?;
        file.rewind()?;
        let most = FREE_BYTES + file.metadata()?.len().saturating_mul(MOST_PER_BYTE);
        let inner: Box<dyn Read + Send> = match self {
            Packing::Plain | Packing::Zip => return Ok(Bytes { inner: Box::new(file), packing: self, left: u64::MAX }),
            Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(file)),
            Packing::Zstd => Box::new(zstd::stream::read::Decoder::new(file)?),
        };
        Ok(Bytes { inner, packing: self, left: most })
    }
}

/// A stream of unpacked bytes.
pub(crate) struct Bytes {
    inner: Box<dyn Read + Send>,
    packing: Packing,
    left: u64,
}

impl Read for Bytes {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = match self.inner.read(out) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            other => other.map_err(|error| self.damaged(&error))?,
        };
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| self.too_much())?;
        Ok(count)
    }
}

impl Bytes {
    /// An entry of a zip, `packed` bytes from where `file` stands.
    pub(crate) fn of_zip(file: File, packed: u64, is_deflated: bool) -> Bytes {
        let most = FREE_BYTES + packed.saturating_mul(MOST_PER_BYTE);
        let entry = file.take(packed);
        match is_deflated {
            true => {
                Bytes { inner: Box::new(flate2::read::DeflateDecoder::new(entry)), packing: Packing::Zip, left: most }
            }
            false => Bytes { inner: Box::new(entry), packing: Packing::Zip, left: u64::MAX },
        }
    }

    #[cold]
    fn damaged(&self, error: &io::Error) -> io::Error {
        match self.packing.name() {
            Some(name) => io::Error::other(format!("its {name} stream is damaged or ends early ({error})")),
            None => io::Error::other(error.to_string()),
        }
    }

    #[cold]
    fn too_much(&self) -> io::Error {
        let name = self.packing.name().unwrap_or("it");
        io::Error::other(format!(
            "its {name} stream unpacks to more than {MOST_PER_BYTE} times its size, as no market data do; if it is sound, unpack it first"
        ))
    }
}

impl std::fmt::Debug for Bytes {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Bytes({:?}, {} left)", self.packing, self.left)
    }
}
