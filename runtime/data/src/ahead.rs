//! Decodes on a thread of its own, a few blocks ahead of the replay. What is read, and in what order, stays the same.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use gbc_core::{Block, Schema};

use crate::{DataError, Feed};

/// So many blocks may wait.
const WAITING: usize = 4;

/// A feed that is read ahead.
pub struct Ahead {
    blocks: Receiver<Decoded>,
    used: Sender<Block>,
    report: Vec<String>,
}

/// A block, or the end, or why there is none; and what was odd up to there.
struct Decoded {
    block: Result<Option<Block>, DataError>,
    report: Vec<String>,
}

impl Ahead {
    /// Starts the thread; it ends with the feed, or when nobody wants blocks any more.
    pub fn new(feed: Box<dyn Feed + Send>) -> Ahead {
        let (blocks_in, blocks) = sync_channel(WAITING);
        let (used, used_out) = channel();
        std::thread::Builder::new()
            .name("decode".to_owned())
            .spawn(move || decode(feed, &blocks_in, &used_out))
            .expect("the system gives one more thread");
        Ahead { blocks, used, report: Vec::new() }
    }
}

fn decode(mut feed: Box<dyn Feed + Send>, out: &SyncSender<Decoded>, used: &Receiver<Block>) {
    loop {
        let mut block = used.try_recv().unwrap_or_else(|_| Block::new(0, Schema::L1));
        let read = feed.next_block(&mut block);
        let goes_on = matches!(read, Ok(true));
        let block = read.map(|more| more.then_some(block));
        if out.send(Decoded { block, report: feed.report() }).is_err() || !goes_on {
            return;
        }
    }
}

impl Feed for Ahead {
    fn next_block(&mut self, block: &mut Block) -> Result<bool, DataError> {
        let Ok(Decoded { block: decoded, report }) = self.blocks.recv() else {
            block.clear();
            return Ok(false);
        };
        self.report = report;
        match decoded.inspect_err(|_| block.clear())? {
            Some(next) => {
                // The thread may be gone already; then nobody needs the memory.
                let _ = self.used.send(std::mem::replace(block, next));
                Ok(true)
            }
            None => {
                block.clear();
                Ok(false)
            }
        }
    }

    fn report(&self) -> Vec<String> {
        self.report.clone()
    }
}
