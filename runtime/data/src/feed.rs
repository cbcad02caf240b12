//! Where blocks come from, as the engine sees it.

use std::collections::VecDeque;

use gbc_core::Block;

use crate::DataError;

/// One market's blocks, in time order.
pub trait Feed {
    /// Puts the next rows into `block`, which is never left empty but at the end, with `false`.
    fn next_block(&mut self, block: &mut Block) -> Result<bool, DataError>;

    /// What was odd in the rows read so far, and no error.
    fn report(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Blocks that are already there: for tests, and for rows made on the spot.
#[derive(Clone, Debug, Default)]
pub struct MemoryFeed(pub VecDeque<Block>);

impl MemoryFeed {
    /// Plays these blocks, in this order.
    pub fn new(blocks: Vec<Block>) -> MemoryFeed {
        MemoryFeed(blocks.into())
    }
}

impl Feed for MemoryFeed {
    fn next_block(&mut self, block: &mut Block) -> Result<bool, DataError> {
        while let Some(next) = self.0.pop_front() {
            *block = next;
            if !block.is_empty() {
                return Ok(true);
            }
        }
        block.clear();
        Ok(false)
    }
}
