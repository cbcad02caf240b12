//! The editor protocol, and nothing else: questions of an editor become questions to `ide`, its answers become messages.
//!
//! ```text
//! let ending = gbc_lsp::stdio()?; // returns when the editor is done
//! ```

#![forbid(unsafe_code)]

mod server;
mod shapes;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp_server::LspService;

use server::Server;

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The editor asked for it.
    Agreed,
    /// The editor went away without a word.
    Broken,
}

/// Talks with an editor over standard input and output until it is done. Deep sources want a deep stack.
pub fn stdio() -> io::Result<Ending> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let ending = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout()));
    // A read of standard input cannot be called back, and some editors never close it: do not wait for it.
    runtime.shutdown_background();
    Ok(ending)
}

/// Talks with an editor over these until it is done.
pub async fn serve(input: impl AsyncRead + Unpin, output: impl AsyncWrite) -> Ending {
    let agreed = Arc::new(AtomicBool::new(false));
    let (service, socket) = LspService::new(|client| Server::new(client, agreed.clone()));
    // One at a time: edits make sense only in the order in which they were made.
    tower_lsp_server::Server::new(input, output, socket).concurrency_level(1).serve(service).await;
    if agreed.load(Ordering::Relaxed) { Ending::Agreed } else { Ending::Broken }
}
