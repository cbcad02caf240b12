//! Turns a finished run into files: `report.json`, `report.html`, the Parquet tables, `manifest.json`, and one screen of text.
//!
//! No file is opened and no clock read here. Whoever ran the strategy fills a [`RunReport`] and takes bytes:
//!
//! ```text
//! let json = report_json(&report);          // report.json
//! let mut file = File::create("fills.parquet")?;
//! parquet_files::write_fills(report.records.fills, report.instruments, &mut file)?;
//! print!("{}", summary_text(&report, "runs/x", look));
//! ```

#![forbid(unsafe_code)]

mod run;

mod canonical;
mod identity;

mod columns;
pub mod journal_file;
pub mod parquet_files;

mod json_lines;
mod json_rows;
mod manifest;
mod report_file;
pub mod schema;
mod summary_object;
mod thin;

mod page;

mod calendar;
mod number_text;
mod sparkline;
mod summary;

pub use canonical::{RESULT_HASH_VERSION, result_hash};
pub use identity::run_id;
pub use manifest::manifest_json;
pub use page::report_html;
pub use report_file::{report_json, summary_json};
pub use run::{
    DataFile, Dataset, Execution, Export, Library, Message, PriceSpan, Provenance, Records, Rows, RunCommand,
    RunReport, Severity, StrategyFacts,
};
pub use summary::{Look, summary_text};
pub use thin::MOST_ROWS;
