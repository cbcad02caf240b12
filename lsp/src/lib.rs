//! The editor protocol, and nothing else: questions of an editor become questions to `ide`, its answers become messages.
//!
//! ```text
//! let ending = gbc_lsp::stdio(shelf)?; // returns when the editor is done
//! ```

#![forbid(unsafe_code)]

mod desk;
mod server;
mod shapes;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp_server::LspService;

pub use gbc_ide::{LibraryPath, LoadError, Source};
use server::Server;

/// Finds what an open file uses. The protocol itself opens nothing.
pub trait Shelf: Send + Sync + 'static {
    /// A file's path, the same whichever way it is written. Libraries are called by theirs.
    fn name(&self, file: &Path) -> PathBuf;

    /// The library that a file asks for.
    fn find(&self, file: &Path, asked: &LibraryPath<'_>) -> Result<Source, LoadError>;

    /// Where an editor can open a part of the standard library, `std/flow`; `None` if nowhere.
    fn standard(&self, part: &Source) -> Option<PathBuf>;
}

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The editor asked for it.
    Agreed,
    /// The editor went away without a word.
    Broken,
}

/// Talks with an editor over standard input and output until it is done. Deep sources want a deep stack.
pub fn stdio(shelf: impl Shelf) -> io::Result<Ending> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let ending = runtime.block_on(serve(shelf, tokio::io::stdin(), tokio::io::stdout()));
    // A read of standard input cannot be called back, and some editors never close it: do not wait for it.
    runtime.shutdown_background();
    Ok(ending)
}

/// Talks with an editor over these until it is done.
pub async fn serve(shelf: impl Shelf, input: impl AsyncRead + Unpin, output: impl AsyncWrite) -> Ending {
    let agreed = Arc::new(AtomicBool::new(false));
    let shelf = Box::new(shelf);
    let (service, socket) = LspService::new(|client| Server::new(client, shelf, agreed.clone()));
    // One at a time: edits make sense only in the order in which they were made.
    tower_lsp_server::Server::new(input, output, socket).concurrency_level(1).serve(service).await;
    if agreed.load(Ordering::Relaxed) { Ending::Agreed } else { Ending::Broken }
}
