//! The header of a DBN file. Its numbers are claims: each is held against the bytes that are there before the decoder believes it.

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dbn::Metadata;
use dbn::decode::DbnMetadataDecoder;

use crate::DataError;

/// Longer headers are not read. One symbol takes a hundred bytes.
const MAX_HEADER: u32 = 64 << 20;
/// Newer versions have other records.
const NEWEST: u8 = 3;
/// The part of a header that has the same length in every file.
const FIXED: usize = 100;
/// Where the fixed part says how long a symbol is, from version 2 on.
const SYMBOL_LENGTH_AT: usize = 45;
/// How long a symbol is in version 1.
const SYMBOL_LENGTH_V1: usize = 22;
const SCHEMA_AT: usize = 16;
const MIXED: u16 = u16::MAX;

/// A header that can be trusted as far as lengths go.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub version: u8,
    /// Bytes before the first record.
    pub length: u64,
    /// What the records are; `None` where the file mixes kinds.
    pub schema: Option<u16>,
    pub metadata: Metadata,
}

/// Reads the header from the first byte on.
pub(crate) fn read(bytes: &mut impl Read) -> Result<Header, DataError> {
    let mut prelude = [0; 8];
    bytes.read_exact(&mut prelude).map_err(|_| DataError::new("the file is cut: it ends inside its header"))?;
    let version = prelude[3];
    match version {
        1..=NEWEST => {}
        0 => return Err(DataError::new("the header is damaged: there is no DBN version 0")),
        _ => {
            return Err(DataError::new(format!(
                "is DBN version {version}, newer than this program reads (1 to {NEWEST}); convert it, or update"
            )));
        }
    }
    let claimed = u32::from_le_bytes([prelude[4], prelude[5], prelude[6], prelude[7]]);
    if claimed > MAX_HEADER || (claimed as usize) < FIXED {
        return Err(DataError::new(format!(
            "the header is damaged: it claims to be {claimed} bytes long, and one is {FIXED} to {MAX_HEADER}"
        )));
    }
    let mut body = Vec::new();
    bytes.take(u64::from(claimed)).read_to_end(&mut body).map_err(|error| DataError::new(error.to_string()))?;
    if body.len() < claimed as usize {
        return Err(DataError::new(format!(
            "the header claims to be {claimed} bytes long, more than the file has: {}",
            body.len()
        )));
    }
    check_lists(version, &body)
        .ok_or_else(|| DataError::new("the header is damaged: its list of symbols does not fit into it"))?;
    let schema = Some(u16::from_le_bytes([body[SCHEMA_AT], body[SCHEMA_AT + 1]])).filter(|schema| *schema != MIXED);
    let metadata = decode([&prelude[..], &body].concat())?;
    Ok(Header { version, length: 8 + u64::from(claimed), schema, metadata })
}

/// Walks over the lists of symbols as the decoder will, and believes no count that its bytes cannot hold.
fn check_lists(version: u8, body: &[u8]) -> Option<()> {
    let symbol = match version {
        1 => SYMBOL_LENGTH_V1,
        _ => usize::from(u16::from_le_bytes([body[SYMBOL_LENGTH_AT], body[SYMBOL_LENGTH_AT + 1]])),
    };
    if symbol == 0 {
        return None;
    }
    let mut rest = &body[FIXED..];
    // A schema of its own was planned once and never written.
    (count(&mut rest)? == 0).then_some(())?;
    for _ in ["symbols", "partial", "not found"] {
        let symbols = count(&mut rest)?;
        skip(&mut rest, symbols, symbol)?;
    }
    for _ in 0..count(&mut rest)? {
        skip(&mut rest, 1, symbol)?;
        let intervals = count(&mut rest)?;
        skip(&mut rest, intervals, 8 + symbol)?;
    }
    Some(())
}

fn count(rest: &mut &[u8]) -> Option<usize> {
    let (head, tail) = rest.split_first_chunk::<4>()?;
    *rest = tail;
    Some(u32::from_le_bytes(*head) as usize)
}

fn skip(rest: &mut &[u8], items: usize, each: usize) -> Option<()> {
    *rest = rest.get(items.checked_mul(each)?..)?;
    Some(())
}

fn decode(bytes: Vec<u8>) -> Result<Metadata, DataError> {
    let decoded = catch_unwind(AssertUnwindSafe(|| DbnMetadataDecoder::new(&bytes[..]).decode()));
    match decoded {
        Ok(Ok(metadata)) => Ok(metadata),
        Ok(Err(error)) => {
            let detail: String = error.to_string().chars().filter(|letter| !letter.is_control()).take(160).collect();
            Err(DataError::new(format!("the header cannot be decoded: {detail}")))
        }
        Err(_) => Err(DataError::new("the header is damaged: its decoder gave up")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(version: u8, symbol: u16, counts: &[u32]) -> Vec<u8> {
        let mut body = vec![0; FIXED];
        body[SYMBOL_LENGTH_AT..SYMBOL_LENGTH_AT + 2].copy_from_slice(&symbol.to_le_bytes());
        counts.iter().for_each(|count| body.extend(count.to_le_bytes()));
        let mut bytes = b"DBN".to_vec();
        bytes.push(version);
        bytes.extend((body.len() as u32).to_le_bytes());
        bytes.extend(body);
        bytes
    }

    #[test]
    fn counts_are_held_against_the_bytes() {
        let reason = |bytes: &[u8]| read(&mut &bytes[..]).unwrap_err().reason;
        assert_eq!(read(&mut &header(2, 71, &[0, 0, 0, 0, 0])[..]).unwrap().schema, Some(0));
        assert!(reason(&header(2, 71, &[0, u32::MAX, 0, 0, 0])).contains("list of symbols"));
        assert!(reason(&header(2, 0, &[0, u32::MAX, 0, 0, 0])).contains("list of symbols"));
        assert!(reason(&header(3, 71, &[0, 0, 0, 0, 9])).contains("list of symbols"));
        assert!(reason(&header(99, 71, &[0, 0, 0, 0, 0])).contains("newer than this program reads"));
        assert!(reason(b"DBN\x02\xff\xff\xff\xff").contains("claims to be 4294967295 bytes"));
        assert!(reason(b"DBN\x02\xff\x00\x00\x00").contains("more than the file has"));
    }
}
