//! Progress of long work on a terminal, and Ctrl-C.

use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Watches a replay.
pub(crate) struct Watch {
    bar: ProgressBar,
    stop: Arc<AtomicBool>,
}

impl Watch {
    /// Shows progress if a terminal reads and nobody asked for quiet.
    pub(crate) fn new(quiet: bool) -> Watch {
        let stop = Arc::new(AtomicBool::new(false));
        let flag = stop.clone();
        // A second handler cannot be set; then the first one still stops us.
        let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
        let shown = !quiet && std::io::stderr().is_terminal();
        let bar = if shown { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} rows, {per_sec}, {elapsed}") {
            bar.set_style(style);
        }
        if shown {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Watch { bar, stop }
    }

    /// So many rows are played; whether to go on.
    pub(crate) fn at(&self, rows: u64) -> ControlFlow<()> {
        self.bar.set_position(rows);
        if self.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Takes the bar off the screen.
    pub(crate) fn done(&self) {
        self.bar.finish_and_clear();
    }
}
