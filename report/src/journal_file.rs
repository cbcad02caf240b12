//! `journal.parquet`: every message of every order, to be asked by `gbc why`.

use std::fs::File;
use std::io::Write;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, TimestampNanosecondType, UInt64Type};
use arrow_array::{Array, Float64Array, RecordBatch, StringArray};
use gbc_core::{Instrument, Nanos};
use gbc_exec::journal::{Entry, Leg, Origin, Step};
use gbc_portfolio::Side;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::columns::{NamedColumn, count, maybe_count, maybe_time, number, text, time};
use crate::parquet_files::{TableError, kind_name, reason_name, side_name, write_table};

/// A message as it is read back: prices in points, sizes in lots.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JournalRow {
    /// Of which order.
    pub order: u64,
    /// What, as a word: `sent`, `arrived`, `filled`.
    pub step: String,
    /// When it went off, arrived, or happened at the exchange.
    pub at: Nanos,
    /// When what went off arrives, or what happened was heard.
    pub then: Option<Nanos>,
    /// The symbol of its market.
    pub market: String,
    /// `buy` or `sell`.
    pub side: String,
    /// `market`, `limit`, `stop` or `stop_limit`.
    pub kind: String,
    /// The price that the order names.
    pub limit: Option<f64>,
    /// How much; 0 where that is found at the fill.
    pub size: f64,
    /// How much was open after it.
    pub left: f64,
    /// The price of a fill.
    pub price: Option<f64>,
    /// How much of that is slippage.
    pub slipped: Option<f64>,
    /// How much stood ahead of it.
    pub ahead: Option<f64>,
    /// How much was traded at its price since it joined.
    pub traded: Option<f64>,
    /// The best bid where it arrived.
    pub bid: Option<f64>,
    /// The best ask where it arrived.
    pub ask: Option<f64>,
    /// Why it was filled or refused.
    pub reason: Option<String>,
    /// Who wanted it: `target`, `trade`, `quote`, `send` or `limit`.
    pub origin: Option<String>,
    /// What it is to its trade: `enter`, `add`, `exit`, `stop` or `take`; to its quote `bid` or `ask`.
    pub part: Option<String>,
    /// Where that stands in the source.
    pub line: Option<u64>,
    /// What stands there.
    pub source: Option<String>,
}

/// A line of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLine {
    /// Its number, from 1.
    pub line: u64,
    /// Its text, without the spaces around it.
    pub text: String,
}

/// `journal.parquet`. `line_of` says where in the source stands what wanted an order.
pub fn write_journal(
    entries: &[Entry],
    instruments: &[Instrument],
    line_of: &dyn Fn(Origin) -> Option<SourceLine>,
    out: impl Write + Send,
) -> Result<(), TableError> {
    write_table(entries, out, |entries| {
        let of = |entry: &Entry| &instruments[entry.market];
        let ticks = |pick: fn(&Entry) -> Option<i64>| {
            entries.iter().map(move |entry| pick(entry).map(|ticks| of(entry).tick.times(ticks)))
        };
        let lots = |entry: &Entry, steps: i64| of(entry).lot.times(steps);
        let share = |entry: &Entry| Some(entry.ahead? * of(entry).lot.times(1));
        vec![
            count("orderId", entries.iter().map(|entry| entry.order)),
            text("step", entries.iter().map(|entry| step_name(entry.step))),
            time("time", entries.iter().map(|entry| entry.at)),
            maybe_time("then", entries.iter().map(|entry| entry.then)),
            text("market", entries.iter().map(|entry| of(entry).symbol.as_str())),
            text("side", entries.iter().map(|entry| side_name(entry.side))),
            text("type", entries.iter().map(|entry| kind_name(entry.kind))),
            maybe_number("limit", ticks(|entry| entry.kind.price())),
            number("size", entries.iter().map(|entry| lots(entry, entry.size))),
            number("left", entries.iter().map(|entry| lots(entry, entry.left))),
            maybe_number("price", ticks(|entry| entry.price)),
            maybe_number("ahead", entries.iter().map(share)),
            maybe_number("traded", entries.iter().map(|entry| entry.traded.map(|steps| lots(entry, steps)))),
            maybe_number("bid", ticks(|entry| entry.best[0])),
            maybe_number("ask", ticks(|entry| entry.best[1])),
            maybe_text("reason", entries.iter().map(reason)),
            maybe_text("origin", entries.iter().map(|entry| entry.origin.map(|it| origin_name(it).to_owned()))),
            maybe_text("part", entries.iter().map(|entry| entry.origin.and_then(part_name).map(str::to_owned))),
            maybe_count("line", entries.iter().map(|entry| entry.origin.and_then(line_of).map(|it| it.line))),
            maybe_text("source", entries.iter().map(|entry| entry.origin.and_then(line_of).map(|it| it.text))),
            maybe_number("slippage", ticks(|entry| entry.slipped)),
        ]
    })
}

fn maybe_number(name: &'static str, values: impl Iterator<Item = Option<f64>>) -> NamedColumn {
    NamedColumn { name, values: Arc::new(values.collect::<Float64Array>()), nullable: true }
}

fn maybe_text(name: &'static str, values: impl Iterator<Item = Option<String>>) -> NamedColumn {
    NamedColumn { name, values: Arc::new(values.collect::<StringArray>()), nullable: true }
}

fn reason(entry: &Entry) -> Option<String> {
    let refusal = |refusal| serde_json::to_value(refusal).ok()?.as_str().map(str::to_owned);
    entry.reason.map(|reason| reason_name(reason).to_owned()).or_else(|| entry.refusal.and_then(refusal))
}

fn step_name(step: Step) -> &'static str {
    match step {
        Step::Sent => "sent",
        Step::HeldBack => "held_back",
        Step::AskedCancel => "asked_cancel",
        Step::AskedMove => "asked_move",
        Step::Arrived => "arrived",
        Step::CancelArrived => "cancel_arrived",
        Step::MoveArrived => "move_arrived",
        Step::Accepted => "accepted",
        Step::Filled => "filled",
        Step::Cancelled => "cancelled",
        Step::Expired => "expired",
        Step::Refused => "refused",
        Step::TooLate => "too_late",
        Step::Lost => "lost",
    }
}

fn origin_name(origin: Origin) -> &'static str {
    match origin {
        Origin::Target(_) => "target",
        Origin::Trade(..) => "trade",
        Origin::Quote(..) => "quote",
        Origin::Send(_) => "send",
        Origin::Limit => "limit",
        Origin::Margin => "margin call",
    }
}

fn part_name(origin: Origin) -> Option<&'static str> {
    let leg = match origin {
        Origin::Trade(_, leg) => leg,
        Origin::Quote(_, side) => return Some(if side == Side::Buy { "bid" } else { "ask" }),
        _ => return None,
    };
    Some(match leg {
        Leg::Enter => "enter",
        Leg::Add => "add",
        Leg::Exit => "exit",
        Leg::Stop => "stop",
        Leg::Take => "take",
    })
}

/// Reads what `write_journal` wrote. Anything else is an error in words.
pub fn read_journal(file: File) -> Result<Vec<JournalRow>, String> {
    let said = |error: TableError| error.to_string();
    let batches = ParquetRecordBatchReaderBuilder::try_new(file).map_err(said)?.build().map_err(said)?;
    let mut rows = Vec::new();
    for batch in batches {
        let batch = batch.map_err(|error| error.to_string())?;
        let read = (0..batch.num_rows()).map(|row| row_of(&batch, row)).collect::<Option<Vec<_>>>();
        rows.extend(read.ok_or("it does not hold the columns of a journal")?);
    }
    Ok(rows)
}

/// One row; nothing if a column is missing or of another kind.
fn row_of(batch: &RecordBatch, row: usize) -> Option<JournalRow> {
    let column = |name: &str| batch.column_by_name(name);
    let words = |name: &str| {
        let column = column(name)?.as_string_opt::<i32>()?;
        Some(column.is_valid(row).then(|| column.value(row).to_owned()))
    };
    let figure = |name: &str| {
        let column = column(name)?.as_primitive_opt::<Float64Type>()?;
        Some(column.is_valid(row).then(|| column.value(row)))
    };
    let moment = |name: &str| {
        let column = column(name)?.as_primitive_opt::<TimestampNanosecondType>()?;
        Some(column.is_valid(row).then(|| Nanos(column.value(row))))
    };
    Some(JournalRow {
        order: column("orderId")?.as_primitive_opt::<UInt64Type>()?.value(row),
        step: words("step")??,
        at: moment("time")??,
        then: moment("then")?,
        market: words("market")??,
        side: words("side")??,
        kind: words("type")??,
        limit: figure("limit")?,
        size: figure("size")??,
        left: figure("left")??,
        price: figure("price")?,
        // Runs of before do not tell it.
        slipped: figure("slippage").flatten(),
        ahead: figure("ahead")?,
        traded: figure("traded")?,
        bid: figure("bid")?,
        ask: figure("ask")?,
        reason: words("reason")?,
        origin: words("origin")?,
        part: words("part")?,
        line: column("line")?.as_primitive_opt::<UInt64Type>().map(|it| it.is_valid(row).then(|| it.value(row)))?,
        source: words("source")?,
    })
}
