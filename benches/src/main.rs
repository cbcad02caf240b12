//! Benchmarks, each beside the fastest we could write by hand: `cargo run --release -p gbc-benches -- w1`.
//!
//! All contestants of a round play the same rows one after the other, so that what else the machine does touches them
//! alike; what counts is the median of the rounds' ratios. A contestant that gets another result is no contestant.

#![forbid(unsafe_code)]

mod books;
mod check;
mod clock;
mod edit;
mod figures;
mod read;
mod rows;
mod w1;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

#[derive(Debug, Parser)]
#[command(name = "gbc-benches")]
struct Arguments {
    #[command(subcommand)]
    workload: Workload,
}

#[derive(Debug, Subcommand)]
enum Workload {
    /// Two averages of the mid, quote by quote: examples/tick_cross.gbs
    W1(Choices),
    /// What keeping a book costs, by price and by order, beside plain maps
    Books(Choices),
    /// What reading a file costs, of every kind, beside a plain read with the format's own crate
    Read {
        /// How many rows each file has
        #[arg(long, value_name = "N", default_value_t = 1_000_000)]
        rows: usize,
        /// How often each file is read
        #[arg(long, value_name = "N", default_value_t = 7)]
        rounds: usize,
        /// Text for people, or JSON for scripts
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// What checking costs: programs made on the spot, of up to ten thousand lines, and an edit in the editor
    Check {
        /// How often each program is checked
        #[arg(long, value_name = "N", default_value_t = 7)]
        rounds: usize,
        /// Text for people, or JSON for scripts
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(Debug, Args)]
struct Choices {
    /// A file of the rows that are wanted; without one, rows are made on the spot
    #[arg(long, value_name = "FILE", conflicts_with = "rows")]
    data: Option<PathBuf>,
    /// How many rows to make
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    rows: usize,
    /// How often each contestant plays; 5 at least
    #[arg(long, value_name = "N", default_value_t = 7)]
    rounds: usize,
    /// Text for people, or JSON for scripts
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

fn main() -> ExitCode {
    let told = match Arguments::parse().workload {
        Workload::W1(choices) => replay(&choices),
        Workload::Books(choices) => books(&choices),
        Workload::Read { rows, rounds, format } => reading(rows.max(1), rounds.max(1), format),
        Workload::Check { rounds, format } => checking(rounds.max(1), format),
    };
    match told {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(reason) => {
            eprintln!("error: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn reading(rows: usize, rounds: usize, format: Format) -> Result<String, String> {
    let costs = read::measure(rows, rounds)?;
    Ok(match format {
        Format::Text => read::Table(costs).to_string(),
        Format::Json => format!("{}\n", read::to_json(&costs)),
    })
}

fn checking(rounds: usize, format: Format) -> Result<String, String> {
    let (costs, edits) = (check::measure(rounds)?, edit::measure(rounds));
    Ok(match format {
        Format::Text => format!("{}{}", check::Table(costs), edit::Table(edits)),
        Format::Json => format!("{}\n", check::to_json(&costs, &edits)),
    })
}

fn replay(choices: &Choices) -> Result<String, String> {
    let rows = rows::get(choices.data.as_deref(), choices.rows)?;
    let figures = w1::measure(rows, choices.rounds.max(5))?;
    Ok(match choices.format {
        Format::Text => figures.to_string(),
        Format::Json => format!("{}\n", figures.to_json()),
    })
}

fn books(choices: &Choices) -> Result<String, String> {
    let costs = books::measure(choices.data.as_deref(), choices.rows, choices.rounds.max(5))?;
    Ok(match choices.format {
        Format::Text => books::Table(costs).to_string(),
        Format::Json => format!("{}\n", books::to_json(&costs)),
    })
}
