//! What reading costs: each kind of file beside a plain read of the same columns with the format's own crate.
//!
//! The plain read turns bytes into numbers and believes them; ours also checks each row, and counts prices in whole ticks.

mod made;
mod plain;

use std::fmt;
use std::fs::File;
use std::path::Path;

use gbc_core::{Block, Column, NA};
use gbc_data::{Options, Source, Stamp, synth};
use serde_json::{Value, json};

use crate::clock::timed;
use crate::figures::median;
use made::{Folder, Sample};

/// What one kind of file took.
pub(crate) struct Costs {
    file: &'static str,
    rows: u64,
    bytes: u64,
    /// Nanoseconds a row, medians of the rounds.
    ours: f64,
    plain: f64,
    /// The median of the rounds' own ratios.
    ratio: f64,
}

/// What both reads must agree on: how many rows there are, and the sum of one column, in ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Found {
    rows: u64,
    sum: i64,
}

/// All kinds of files with so many rows each, made in a temporary folder and read so many times.
pub(crate) fn measure(rows: usize, rounds: usize) -> Result<Vec<Costs>, String> {
    let folder = Folder::new()?;
    made::files(&folder, rows)?.iter().map(|sample| cost(sample, rows, rounds)).collect()
}

fn cost(sample: &Sample, rows: usize, rounds: usize) -> Result<Costs, String> {
    let (mut ours, mut plain, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (found, time) = timed(|| read(&sample.path, sample.summed));
        let (wanted, plain_time) = timed(|| (sample.plain)(&sample.path, sample.summed));
        let (found, wanted) = (found?, wanted?);
        if found != wanted || found.rows != rows as u64 {
            return Err(format!("{}: of {rows} rows ours finds {found:?} and the plain read {wanted:?}", sample.name));
        }
        ours.push(time.as_nanos() as f64 / rows as f64);
        plain.push(plain_time.as_nanos() as f64 / rows as f64);
        ratios.push(time.as_secs_f64() / plain_time.as_secs_f64());
    }
    let bytes = std::fs::metadata(&sample.path).map_err(|error| error.to_string())?.len();
    let (ours, plain, ratio) = (median(ours), median(plain), median(ratios));
    Ok(Costs { file: sample.name, rows: rows as u64, bytes, ours, plain, ratio })
}

/// As a run reads: opened, understood, checked, block by block.
fn read(path: &Path, summed: Column) -> Result<Found, String> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut options = Options::new(0, "SYN");
    options.instrument = Some(synth::instrument());
    options.stamp = Some(Stamp::Open);
    let source = Source { name: path.display().to_string(), file };
    let mut dataset = gbc_data::open(source, &options).map_err(|error| error.to_string())?;
    let mut block = Block::new(0, dataset.schema);
    let mut found = Found::default();
    while dataset.next_block(&mut block).map_err(|error| error.to_string())? {
        found.rows += block.len() as u64;
        found.sum += block.column(summed).iter().filter(|ticks| **ticks != NA).sum::<i64>();
    }
    Ok(found)
}

/// For people.
pub(crate) struct Table(pub(crate) Vec<Costs>);

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "| file | rows | MB | ours | plain | ratio |\n| --- | --- | --- | --- | --- | --- |")?;
        for Costs { file, rows, bytes, ours, plain, ratio } in &self.0 {
            let speed = |ns: f64| format!("{ns:.0} ns/row, {:.1} M rows/s", 1e3 / ns);
            let megabytes = *bytes as f64 / 1e6;
            writeln!(out, "| {file} | {rows} | {megabytes:.1} | {} | {} | {ratio:.2} |", speed(*ours), speed(*plain))?;
        }
        Ok(())
    }
}

/// For scripts.
pub(crate) fn to_json(costs: &[Costs]) -> Value {
    let each = costs.iter().map(|Costs { file, rows, bytes, ours, plain, ratio }| {
        json!({ "file": file, "rows": rows, "bytes": bytes, "oursNs": ours, "plainNs": plain, "ratio": ratio })
    });
    json!({ "workload": "read", "files": each.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More rows than a block holds, and no whole number of blocks.
    const ROWS: usize = 9_000;

    #[test]
    fn both_reads_find_the_same_in_every_kind_of_file() {
        let costs = measure(ROWS, 1).expect("made files are sound, and both reads agree");
        let names: Vec<_> = costs.iter().map(|costs| costs.file).collect();
        assert_eq!(names, ["Parquet, quotes", "CSV, quotes", "DBN, quotes (`mbp-1`)", "Parquet, bars", "CSV, bars"]);
    }

    #[test]
    fn reads_that_differ_are_no_figure() {
        let folder = Folder::new().expect("the temporary folder takes files");
        let mut samples = made::files(&folder, ROWS).expect("files are made");
        samples[0].plain = |path, _| plain::parquet(path, Column::AskPx);
        let told = cost(&samples[0], ROWS, 1).err().expect("the sums are of two columns");
        assert!(told.contains("ours finds"), "{told}");
    }
}
