//! What a finished run hands over. Plain data: whoever ran the strategy fills it in.

use std::collections::BTreeMap;

use gbc_core::{Instrument, Money, Nanos};
use gbc_exec::Order;
use gbc_metrics::Summary;
use gbc_portfolio::{EquityPoint, Fill, Trade};
use serde::Serialize;
use serde_json::{Map, Value};

/// Everything about one run.
#[derive(Clone, Debug)]
pub struct RunReport<'a> {
    /// When the run was made; handed in, for nothing here reads a clock.
    pub created_at: Nanos,
    /// What it was run on.
    pub dataset: Dataset,
    /// What was run.
    pub strategy: StrategyFacts,
    /// By which rules its orders were filled.
    pub execution: Execution,
    /// The markets, indexed by `MarketId`.
    pub instruments: &'a [Instrument],
    /// What happened.
    pub records: Records<'a>,
    /// The way of each market's price, thinned for a picture, by `MarketId`.
    pub prices: &'a [Vec<PriceSpan>],
    /// What was said on the way.
    pub messages: &'a [Message],
    /// What it amounts to.
    pub summary: &'a Summary,
    /// Where everything came from.
    pub provenance: Provenance,
    /// [`crate::result_hash`] of the records; kept, because hashing a long run takes a while.
    pub result_hash: String,
}

/// The records of a run, each in the order in which it was made.
#[derive(Clone, Copy, Debug)]
pub struct Records<'a> {
    /// Every order.
    pub orders: &'a [Order],
    /// Every fill.
    pub fills: &'a [Fill],
    /// Every trade; open ones come last.
    pub trades: &'a [Trade],
    /// The worth of the account over time.
    pub equity: &'a [EquityPoint],
    /// The worth of the account at the end of each day with data.
    pub closes: &'a [EquityPoint],
}

/// How far a price went within a short while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceSpan {
    /// When the while ended.
    pub time: Nanos,
    /// The lowest price, in half ticks.
    pub low: i64,
    /// The highest price, in half ticks.
    pub high: i64,
    /// The last price, in half ticks.
    pub last: i64,
}

/// The data of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// File name without its folder; several are joined with `, `.
    pub filename: String,
    /// Length of a bar in the words of the language, `1m`; `None` for ticks.
    pub interval: Option<String>,
    /// How many rows were played.
    pub rows: Rows,
    /// Time of the first row.
    pub start: Nanos,
    /// Time of the last row.
    pub end: Nanos,
    /// Hash of the file, or of all files one after the other.
    pub sha256: String,
}

/// How many rows of which kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Rows {
    /// Finished bars.
    Bars(u64),
    /// Quotes and trades.
    Events(u64),
}

/// The strategy of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StrategyFacts {
    /// The name in lower case, as the run's folder carries it: `ema-cross`.
    pub id: String,
    /// The name as the source has it: `EmaCross`.
    pub name: String,
    /// The bound parameters, in source order.
    pub params: Map<String, Value>,
    /// Hash of the source.
    pub sha256: String,
}

/// The execution profile of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Execution {
    /// `bars`, `strict`, or the name in the file.
    pub name: String,
    /// Its rules by name: `market_fill` is `"next_open"`.
    pub rules: Map<String, Value>,
    /// What the account held before the first event.
    pub cash: Money,
    /// Hash of the profile.
    pub sha256: String,
}

/// Where a run came from: what `manifest.json` keeps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Provenance {
    /// Version of this compiler.
    pub compiler: String,
    /// The libraries that the source uses.
    pub libraries: Vec<Library>,
    /// Every file of data.
    pub data: Vec<DataFile>,
    /// Hash of what is known of the instruments.
    pub instruments: String,
    /// How many rows before its first warmed it up.
    pub warm_up_rows: u64,
    /// What all chance was drawn from.
    pub seed: u64,
    /// Facts about the machine by name: `os`, `arch`, `cores`. They decide nothing.
    pub host: BTreeMap<String, String>,
    /// How to make it again.
    pub command: RunCommand,
}

/// The command that made a run. It decides nothing that the hashes do not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RunCommand {
    /// The folder that it was given in, as seen from the folder of the run.
    pub folder: String,
    /// Its words behind `gbc run`.
    pub arguments: Vec<String>,
}

/// A library as it was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Library {
    /// As the source names it: `std/flow`.
    pub name: String,
    /// Hash of its source.
    pub sha256: String,
}

/// One file of data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DataFile {
    /// The market that it was bound to.
    pub market: String,
    /// Its name without its folder.
    pub filename: String,
    /// Hash of its bytes.
    pub sha256: String,
}

/// A value that a strategy exported.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// When.
    pub time: Nanos,
    /// Its name in the source.
    pub name: String,
    /// Its value.
    pub value: f64,
}

/// Something said while the run went on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// When, in the time of the data.
    pub time: Nanos,
    /// How bad it is.
    pub level: Severity,
    /// For people.
    pub text: String,
}

/// How bad a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// May not be what was meant.
    Warning,
    /// Went wrong.
    Error,
}

impl Severity {
    /// The word in `messages.parquet`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

#[cfg(test)]
pub(crate) mod sample;
