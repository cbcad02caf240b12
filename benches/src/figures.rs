//! What was measured, for people and for scripts.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

/// How fast each contestant was; the first is the measure of the others.
pub(crate) struct Figures {
    pub(crate) workload: &'static str,
    pub(crate) origin: String,
    pub(crate) rows: usize,
    /// The result that all agree on.
    pub(crate) fills: u64,
    /// In cents.
    pub(crate) pnl_cents: i64,
    pub(crate) contestants: Vec<Contestant>,
}

/// One way to play the workload.
pub(crate) struct Contestant {
    pub(crate) name: &'static str,
    /// CPU time, round by round.
    pub(crate) times: Vec<Duration>,
}

impl Figures {
    fn ns_per_row(&self, contestant: &Contestant) -> f64 {
        median(contestant.times.iter().map(|time| time.as_nanos() as f64 / self.rows as f64).collect())
    }

    /// How many times as long as the first, in the middle of the rounds.
    fn ratio(&self, contestant: &Contestant) -> f64 {
        let first = &self.contestants[0].times;
        median(
            contestant.times.iter().zip(first).map(|(time, first)| time.as_secs_f64() / first.as_secs_f64()).collect(),
        )
    }

    pub(crate) fn to_json(&self) -> Value {
        let contestants = self.contestants.iter().map(|contestant| {
            let ns_per_row = self.ns_per_row(contestant);
            json!({
                "name": contestant.name,
                "nsPerRow": ns_per_row,
                "rowsPerSecond": 1e9 / ns_per_row,
                "ratio": self.ratio(contestant),
                "cpuNs": contestant.times.iter().map(|time| time.as_nanos() as u64).collect::<Vec<_>>(),
            })
        });
        json!({
            "workload": self.workload,
            "data": self.origin,
            "rows": self.rows,
            "fills": self.fills,
            "netPnl": self.pnl_cents as f64 / 100.0,
            "contestants": contestants.collect::<Vec<_>>(),
        })
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Figures { workload, origin, rows, fills, .. } = self;
        let (rounds, pnl) = (self.contestants[0].times.len(), self.pnl_cents as f64 / 100.0);
        writeln!(out, "{workload}: {rows} rows ({origin}), {rounds} rounds; all agree on {fills} fills, P&L {pnl:.2}")?;
        writeln!(out, "{:<34} {:>9} {:>10} {:>7}", "CPU time, medians", "ns/row", "M rows/s", "ratio")?;
        for contestant in &self.contestants {
            let (ns, ratio) = (self.ns_per_row(contestant), self.ratio(contestant));
            writeln!(out, "{:<34} {ns:>9.2} {:>10.2} {ratio:>7.2}", contestant.name, 1e3 / ns)?;
        }
        Ok(())
    }
}

/// The value in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}
