//! A run laid down, to be taken up again with the same feeds from their start; and its form in a file.
//!
//! ```text
//! "gbc checkpoint\n"  version: u32  identity: u32 + bytes  the run  BLAKE3 of all before
//! ```
//!
//! Whoever keeps it says in the identity of which run it is: program, parameters, data, rules. Numbers are little-endian.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::desk::Desk;
use crate::replay::Stage;

const MARK: &[u8] = b"gbc checkpoint\n";

/// What the run looks like in a file. A change of anything that a run remembers is another version.
pub const CHECKPOINT_VERSION: u32 = 4;

const HASH_BYTES: usize = 32;

/// A run laid down.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Checkpoint {
    pub(crate) strategy: Vec<u64>,
    pub(crate) desk: Desk,
    /// By lane: the rows that we have played, and those that the exchange has seen beside us.
    pub(crate) played: Vec<[u64; 2]>,
    pub(crate) stages: Vec<Stage>,
}

/// Why bytes are no checkpoint of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoCheckpoint {
    /// They are something else.
    Other,
    /// They are in the form of another version.
    Version(u32),
    /// Some of them are not what was written.
    Damaged,
    /// They are of another run.
    OfAnotherRun,
}

impl fmt::Display for NoCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoCheckpoint::Other => f.write_str("this is no checkpoint of a run"),
            NoCheckpoint::Version(version) => {
                write!(f, "this checkpoint has form {version}, and this gbc reads form {CHECKPOINT_VERSION}")
            }
            NoCheckpoint::Damaged => f.write_str("this checkpoint is damaged"),
            NoCheckpoint::OfAnotherRun => f.write_str("this checkpoint is of another run"),
        }
    }
}

impl std::error::Error for NoCheckpoint {}

impl Checkpoint {
    /// The bytes of a file.
    pub fn to_bytes(&self, identity: &str) -> Vec<u8> {
        let mut bytes = MARK.to_vec();
        bytes.extend(CHECKPOINT_VERSION.to_le_bytes());
        bytes.extend((identity.len() as u32).to_le_bytes());
        bytes.extend(identity.as_bytes());
        let mut bytes = postcard::to_extend(self, bytes).expect("what a run remembers is plain data");
        let hash = blake3::hash(&bytes);
        bytes.extend(hash.as_bytes());
        bytes
    }

    /// The run of this identity in the bytes of a file.
    pub fn from_bytes(bytes: &[u8], identity: &str) -> Result<Checkpoint, NoCheckpoint> {
        let rest = bytes.strip_prefix(MARK).ok_or(NoCheckpoint::Other)?;
        let (version, rest) = number(rest)?;
        if version != CHECKPOINT_VERSION {
            return Err(NoCheckpoint::Version(version));
        }
        let whole = bytes.len().checked_sub(HASH_BYTES).ok_or(NoCheckpoint::Damaged)?;
        if blake3::hash(&bytes[..whole]).as_bytes()[..] != bytes[whole..] {
            return Err(NoCheckpoint::Damaged);
        }
        let (length, rest) = number(rest)?;
        let (of, rest) = rest.split_at_checked(length as usize).ok_or(NoCheckpoint::Damaged)?;
        if of != identity.as_bytes() {
            return Err(NoCheckpoint::OfAnotherRun);
        }
        let run = rest.len().checked_sub(HASH_BYTES).map(|end| &rest[..end]).ok_or(NoCheckpoint::Damaged)?;
        match postcard::take_from_bytes(run) {
            Ok((checkpoint, [])) => Ok(checkpoint),
            _ => Err(NoCheckpoint::Damaged),
        }
    }
}

fn number(bytes: &[u8]) -> Result<(u32, &[u8]), NoCheckpoint> {
    let (four, rest) = bytes.split_first_chunk().ok_or(NoCheckpoint::Damaged)?;
    Ok((u32::from_le_bytes(*four), rest))
}
