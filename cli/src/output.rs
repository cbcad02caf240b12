//! What a run leaves: its folder of files, and a screen of text.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use gbc_core::{Nanos, Ratio};
use gbc_diagnostics::Source;
use gbc_driver::{Checked, Ty, Value};
use gbc_engine::{Outcome, Setup};
use gbc_report::journal_file::{SourceLine, write_journal};
use gbc_report::parquet_files as tables;
use gbc_report::{
    DataFile, Dataset, Execution, Export, Library, Look, Message, PriceSpan, Provenance, Records, Rows, RunCommand,
    RunReport, Severity, StrategyFacts, manifest_json, report_html, report_json, result_hash, run_id, summary_json,
    summary_text,
};
use serde_json::{Map, Value as Json};

use crate::args::{Format, RunArgs};
use crate::exit::Exit;
use crate::files::{self, NewFolder};
use crate::{lines, out};

/// Everything about a run but what happened in it.
pub(crate) struct Facts<'a> {
    pub(crate) checked: &'a Checked,
    pub(crate) params: &'a [Value],
    pub(crate) setup: &'a Setup,
    pub(crate) data: Vec<UsedFile>,
    pub(crate) interval: Option<String>,
    pub(crate) seed: u64,
    /// How many rows before its first warmed it up.
    pub(crate) warmed: u64,
}

/// A file of data that the run played.
pub(crate) struct UsedFile {
    pub(crate) market: usize,
    pub(crate) filename: String,
    pub(crate) sha256: String,
}

/// Writes the folder, into `runs` unless told otherwise, and prints the summary; where it is. `ended` says why the run ended
/// early, `laid_down` is what it goes on from.
pub(crate) fn write(
    args: &RunArgs,
    runs: &Path,
    facts: &Facts<'_>,
    outcome: &Outcome,
    ended: Option<&str>,
    laid_down: Option<&[u8]>,
) -> Result<PathBuf, Exit> {
    let (messages, prices) = (messages(outcome, ended), prices(outcome));
    let mut report = report(facts, outcome, &messages, &prices);
    let place = args.out.clone().unwrap_or_else(|| default_place(runs, &report));
    report.provenance.command = RunCommand { folder: files::from_folder_to_here(&place), arguments: args.typed() };
    let earlier = run_in(&place).filter(|earlier| *earlier != run_id(&report));
    let line_of = |origin| lines::of_origin(facts.checked, origin);
    write_folder(&report, &place, &exports(facts, outcome), &outcome.journal, &line_of, laid_down)?;
    if args.quiet {
        return Ok(place);
    }
    if let Some(earlier) = earlier {
        out::complain(&format!(
            "note   {} held run {earlier}, another one; this run took its place\n",
            place.display()
        ));
    }
    match args.format {
        Format::Json => out::print(&(String::from_utf8_lossy(&summary_json(&report)).trim_end().to_owned() + "\n"))?,
        Format::Text => {
            let look = Look { colour: out::colour(), unicode: out::unicode() };
            out::print(&summary_text(&report, &place.display().to_string(), look))?
        }
    }
    Ok(place)
}

fn default_place(runs: &Path, report: &RunReport<'_>) -> PathBuf {
    runs.join(format!("{}-{}", report.strategy.id, &run_id(report)[..8]))
}

fn report<'a>(
    facts: &'a Facts<'_>,
    outcome: &'a Outcome,
    messages: &'a [Message],
    prices: &'a [Vec<PriceSpan>],
) -> RunReport<'a> {
    let records = Records {
        orders: &outcome.orders,
        fills: &outcome.fills,
        trades: &outcome.trades,
        equity: &outcome.equity,
        closes: &outcome.closes,
    };
    RunReport {
        created_at: now(),
        dataset: dataset(facts, outcome),
        strategy: strategy(facts),
        execution: execution(facts),
        instruments: &facts.setup.instruments,
        records,
        prices,
        messages,
        summary: &outcome.summary,
        provenance: provenance(facts),
        result_hash: result_hash(records.orders, records.fills, records.equity),
    }
}

/// The one look at the clock: when the report was made. It decides nothing.
#[expect(clippy::disallowed_methods, reason = "a door may say when it wrote a file")]
fn now() -> Nanos {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Nanos(since.map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(0)))
}

fn dataset(facts: &Facts<'_>, outcome: &Outcome) -> Dataset {
    let names: Vec<&str> = facts.data.iter().map(|file| file.filename.as_str()).collect();
    let sha256 = match facts.data.as_slice() {
        [one] => one.sha256.clone(),
        many => files::sha256(many.iter().map(|file| file.sha256.as_str()).collect::<Vec<_>>().join("\n").as_bytes()),
    };
    Dataset {
        filename: names.join(", "),
        interval: facts.interval.clone(),
        rows: if facts.interval.is_some() { Rows::Bars(outcome.rows) } else { Rows::Events(outcome.rows) },
        start: outcome.first,
        end: outcome.last,
        sha256,
    }
}

pub(crate) fn strategy(facts: &Facts<'_>) -> StrategyFacts {
    let program = &facts.checked.program;
    let params = program.params.iter().zip(facts.params).map(|(param, value)| {
        let value = match (param.ty, value) {
            (Ty::Exact(market), Value::Int(ticks)) => Json::from(tick(facts, market).times(*ticks)),
            (Ty::Enum(_) | Ty::Duration, _) => Json::from(program.value_text(param.ty, *value)),
            (_, Value::Bool(value)) => Json::from(*value),
            (_, Value::Int(value)) => Json::from(*value),
            (_, Value::Num(value)) => Json::from(*value),
        };
        (param.name.clone(), value)
    });
    StrategyFacts {
        id: kebab(&program.name),
        name: program.name.clone(),
        params: params.collect(),
        sha256: files::sha256(facts.checked.source.text.as_bytes()),
    }
}

fn tick(facts: &Facts<'_>, market: usize) -> Ratio {
    facts.setup.instruments[market].tick
}

/// `EmaCross` as a folder carries it: `ema-cross`.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    for (index, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() && index > 0 {
            out.push('-');
        }
        out.push(if c == '_' { '-' } else { c.to_ascii_lowercase() });
    }
    out
}

pub(crate) fn execution(facts: &Facts<'_>) -> Execution {
    let text = facts.setup.profile.rules();
    let rules: Map<String, Json> = text
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, value)| (name.to_owned(), Json::from(value)))
        .collect();
    let cash = facts.setup.cash;
    Execution { name: facts.setup.profile.name.clone(), rules, cash, sha256: files::sha256(text.as_bytes()) }
}

pub(crate) fn provenance(facts: &Facts<'_>) -> Provenance {
    let instruments = serde_json::to_string(&facts.setup.instruments).expect("instruments are plain data");
    let host = [("os", std::env::consts::OS.to_owned()), ("arch", std::env::consts::ARCH.to_owned())];
    let markets = &facts.checked.program.markets;
    let data = facts.data.iter().map(|file| DataFile {
        market: markets[file.market].name.clone(),
        filename: file.filename.clone(),
        sha256: file.sha256.clone(),
    });
    Provenance {
        compiler: env!("CARGO_PKG_VERSION").to_owned(),
        libraries: libraries(facts.checked),
        data: data.collect(),
        instruments: files::sha256(instruments.as_bytes()),
        seed: facts.seed,
        warm_up_rows: facts.warmed,
        host: host.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<BTreeMap<_, _>>(),
        command: RunCommand::default(),
    }
}

/// What the source is made of, each library named from the source's own folder.
fn libraries(checked: &Checked) -> Vec<Library> {
    let folder = Path::new(&checked.source.name).parent().unwrap_or(Path::new(""));
    let named = |source: &Source| Library {
        name: Path::new(&source.name).strip_prefix(folder).unwrap_or(Path::new(&source.name)).display().to_string(),
        sha256: files::sha256(source.text.as_bytes()),
    };
    checked.program.libraries.iter().map(named).collect()
}

/// What the strategy wrote down, by the names of the source.
fn exports(facts: &Facts<'_>, outcome: &Outcome) -> Vec<Export> {
    let known = &facts.checked.program.exports;
    let named = |it: &gbc_core::Exported| Export { time: it.at, name: known[it.export].label.clone(), value: it.value };
    outcome.exports.iter().map(named).collect()
}

/// Each market's way, for the picture.
fn prices(outcome: &Outcome) -> Vec<Vec<PriceSpan>> {
    let span = |it: &gbc_engine::PriceSpan| PriceSpan { time: it.time, low: it.low, high: it.high, last: it.last };
    outcome.prices.iter().map(|path| path.iter().map(span).collect()).collect()
}

fn messages(outcome: &Outcome, ended: Option<&str>) -> Vec<Message> {
    let note = |text: &String| Message { time: outcome.last, level: Severity::Info, text: text.clone() };
    let mut messages: Vec<Message> = outcome.notes.iter().map(note).collect();
    messages.extend(ended.map(|text| Message { time: outcome.last, level: Severity::Error, text: text.to_owned() }));
    messages
}

/// The name of the run that a folder holds.
fn run_in(place: &Path) -> Option<String> {
    let manifest: Json = serde_json::from_slice(&std::fs::read(place.join("manifest.json")).ok()?).ok()?;
    manifest["runId"].as_str().map(str::to_owned)
}

fn write_folder(
    report: &RunReport<'_>,
    place: &Path,
    exports: &[Export],
    journal: &[gbc_exec::Entry],
    line_of: &dyn Fn(gbc_exec::Origin) -> Option<SourceLine>,
    laid_down: Option<&[u8]>,
) -> Result<(), Exit> {
    let folder = NewFolder::begin(place)?;
    let bytes = |bytes: Vec<u8>| {
        move |file: &mut File| std::io::Write::write_all(file, &bytes).map_err(|error| error.to_string())
    };
    let (records, instruments) = (report.records, report.instruments);
    let said = |result: Result<(), tables::TableError>| result.map_err(|error| error.to_string());
    folder.file("report.json", bytes(report_json(report)))?;
    folder.file("report.html", bytes(report_html(report)))?;
    folder.file("orders.parquet", |file| said(tables::write_orders(records.orders, instruments, file)))?;
    folder.file("fills.parquet", |file| said(tables::write_fills(records.fills, instruments, file)))?;
    folder.file("trades.parquet", |file| said(tables::write_trades(records.trades, instruments, file)))?;
    folder.file("equity.parquet", |file| said(tables::write_equity(records.equity, file)))?;
    folder.file("exports.parquet", |file| said(tables::write_exports(exports, file)))?;
    folder.file("journal.parquet", |file| said(write_journal(journal, instruments, line_of, file)))?;
    folder.file("messages.parquet", |file| said(tables::write_messages(report.messages, file)))?;
    if let Some(run) = laid_down {
        folder.file(files::CHECKPOINT, bytes(run.to_vec()))?;
    }
    folder.file("manifest.json", bytes(manifest_json(report)))?;
    folder.finish()
}
