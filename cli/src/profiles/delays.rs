//! What a profile says of time: spans, when rows are seen, and files of recorded latencies.

use std::path::Path;
use std::sync::Arc;

use gbc_core::time::{HOUR, span_from};
use gbc_exec::{FeedDelay, LatencyTable};

use super::{Setting, Wrong};
use crate::exit::Exit;
use crate::files;

const SPAN: &str = "a span with its unit, like \"2ms\", \"250us\" or \"1s\"";

impl Setting<'_> {
    /// A span of time, none up to an hour.
    pub(super) fn span(&self) -> Result<i64, Wrong> {
        self.span_or("", SPAN)
    }

    /// When rows are seen.
    pub(super) fn feed(&self) -> Result<FeedDelay, Wrong> {
        let shape = format!("\"recorded\", or {SPAN}");
        match self.word(&shape)? {
            "recorded" => Ok(FeedDelay::Recorded),
            _ => self.span_or("\"recorded\", or ", &shape).map(FeedDelay::After),
        }
    }

    fn span_or(&self, else_write: &str, shape: &str) -> Result<i64, Wrong> {
        let word = self.word(shape)?;
        let amount = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        // The language writes 1s where somebody may write 1000ms; here both are good.
        let each = span_from(&format!("1{}", &word[amount.len()..]));
        let span = each.and_then(|each| amount.parse::<i64>().ok()?.checked_mul(each));
        let span = span.ok_or_else(|| {
            self.wrong(&format!("is no span of time; write {else_write}{SPAN} (units: ns us ms s m)"))
        })?;
        if (0..=HOUR).contains(&span) { Ok(span) } else { Err(self.wrong("lies outside 0s to 1h")) }
    }

    /// The name of a file of latencies.
    pub(super) fn table_name(&self) -> Result<String, Wrong> {
        let name = self.word("the name of a `.npz` or `.csv` file of latencies")?;
        match Path::new(name).extension().and_then(|ending| ending.to_str()) {
            Some("npz" | "csv") => Ok(name.to_owned()),
            _ => Err(self.wrong("names no `.npz` or `.csv` file of latencies")),
        }
    }
}

/// Reads the latencies that a profile names; their place is told from its own.
pub(super) fn table(profile: &Path, name: &str) -> Result<Arc<LatencyTable>, Exit> {
    let path = profile.parent().unwrap_or(Path::new("")).join(name);
    let shown = path.display().to_string();
    let source = gbc_data::Source { name: shown.clone(), file: files::open(&path)? };
    let rows = gbc_data::latency_rows(source).map_err(|error| Exit::files(error.to_string()))?;
    // What counts is what it says, not how it is packed.
    let told: Vec<u8> = rows.iter().flatten().flat_map(|time| time.to_le_bytes()).collect();
    let table = LatencyTable::new(rows, files::sha256(&told));
    table.map(Arc::new).map_err(|(row, reason)| Exit::files(format!("{shown}: entry {row}: {reason}")))
}
