//! `gbc why`: the life of an order, or what was open at a moment, as the journal of a run tells it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gbc_core::Nanos;
use gbc_report::journal_file::{JournalRow, read_journal};
use serde_json::{Value as Json, json};

use crate::args::{Format, WhyArgs};
use crate::exit::Exit;
use crate::run::{moment, time_text};
use crate::{files, out};

/// Messages shown before a moment, and after it.
const AROUND: [usize; 2] = [6, 3];

pub(crate) fn why(args: &WhyArgs) -> Result<(), Exit> {
    let mut rows = journal(&args.run)?;
    // What happened at the exchange was heard later: a story goes by what happened.
    rows.sort_by_key(|row| row.at);
    let text = match (args.order, &args.at) {
        (Some(order), _) => story(&rows, order, args.format)?,
        (None, at) => around(&rows, moment("at", at.as_deref().unwrap_or_default())?, args.format),
    };
    out::print(&text)
}

fn journal(run: &Path) -> Result<Vec<JournalRow>, Exit> {
    let path = run.join("journal.parquet");
    if !path.exists() {
        return Err(Exit::files(format!(
            "{}: there is no journal.parquet; name the folder of a run, as `gbc run` said it",
            run.display()
        )));
    }
    read_journal(files::open(&path)?).map_err(|error| Exit::files(format!("{}: {error}", path.display())))
}

fn story(rows: &[JournalRow], order: u64, format: Format) -> Result<String, Exit> {
    let own: Vec<&JournalRow> = rows.iter().filter(|row| row.order == order).collect();
    let Some(first) = own.first() else { return Err(Exit::usage(unknown(rows, order))) };
    let messages = own.iter().map(|row| message(row));
    Ok(match format {
        Format::Json => {
            let messages: Vec<Json> = own.iter().map(|row| object(row)).collect();
            let head = json!({ "order": order, "market": first.market, "side": first.side, "type": first.kind,
                "limit": first.limit, "size": first.size, "origin": first.origin, "messages": messages });
            format!("{head}\n")
        }
        Format::Text => {
            let from = first.origin.as_ref().map_or(String::new(), |origin| format!(", for a {origin}"));
            messages.fold(format!("order {order}: {}{from}\n", wish(first)), |text, line| text + "  " + &line + "\n")
        }
    })
}

/// `buy 2 ES limit 4700.25`.
fn wish(row: &JournalRow) -> String {
    let size = if row.size == 0.0 { String::new() } else { format!(" {}", row.size) };
    let limit = row.limit.map_or(String::new(), |limit| format!(" {limit}"));
    format!("{}{size} {} {}{limit}", row.side, row.market, row.kind)
}

/// One message in words, with its time.
fn message(row: &JournalRow) -> String {
    let later = |word: &str| match row.then.filter(|then| *then != row.at) {
        Some(then) => format!(", {word} {}", time_text(then)),
        None => String::new(),
    };
    let shown = |name: &str, value: Option<f64>| value.map_or(String::new(), |value| format!(", {name} {value}"));
    let line = || {
        let ahead = row.ahead.map_or(String::new(), |lots| format!(", {lots} ahead"));
        let traded = row.traded.filter(|lots| *lots > 0.0);
        ahead + &traded.map_or(String::new(), |lots| format!(", {lots} traded at its price"))
    };
    let reason = row.reason.as_deref().unwrap_or("no reason told").replace('_', " ");
    let what = match row.step.as_str() {
        "sent" => format!("sent{}", later("arrives")),
        "held_back" => format!("kept back by a limit of the strategy: {reason}"),
        "asked_cancel" => format!("asked to cancel{}", later("arrives")),
        "asked_move" => format!("asked to be {}{}", wish(row), later("arrives")),
        "arrived" => format!("arrived{}{}", shown("bid", row.bid), shown("ask", row.ask)),
        "cancel_arrived" => "the cancel arrived".to_owned(),
        "move_arrived" => format!("the change arrived{}{}", shown("bid", row.bid), shown("ask", row.ask)),
        "accepted" => format!("waits as {} with {} open{}{}", wish(row), row.left, line(), later("heard")),
        "filled" => {
            let price = row.price.unwrap_or(f64::NAN);
            format!("{} filled at {price} ({reason}), {} open{}{}", row.size, row.left, line(), later("heard"))
        }
        "refused" => format!("refused: {reason}{}", later("heard")),
        "too_late" => format!("what was asked came too late{}", later("heard")),
        "lost" => "the data ended before it arrived".to_owned(),
        other => format!("{other}{}{}", line(), later("heard")),
    };
    format!("{}  {what}", time_text(row.at))
}

fn object(row: &JournalRow) -> Json {
    json!({ "order": row.order, "step": row.step, "time": time_text(row.at), "then": row.then.map(time_text),
        "market": row.market, "side": row.side, "type": row.kind, "limit": row.limit, "size": row.size, "left": row.left,
        "price": row.price, "ahead": row.ahead, "traded": row.traded, "bid": row.bid, "ask": row.ask, "reason": row.reason })
}

/// Whether an order is over with this message.
fn ends(row: &JournalRow) -> bool {
    let over = ["held_back", "cancelled", "expired", "refused", "lost"];
    row.step == "filled" && row.left == 0.0 || over.contains(&row.step.as_str())
}

fn around(rows: &[JournalRow], at: Nanos, format: Format) -> String {
    let (before, after) = rows.split_at(rows.partition_point(|row| row.at <= at));
    let mut positions: BTreeMap<&str, f64> = BTreeMap::new();
    let mut open: BTreeMap<u64, &JournalRow> = BTreeMap::new();
    let mut over: BTreeSet<u64> = BTreeSet::new();
    for row in before {
        if row.step == "filled" {
            *positions.entry(&row.market).or_default() += if row.side == "buy" { row.size } else { -row.size };
        }
        // What was asked of it may still arrive when it is over.
        if ends(row) {
            over.insert(row.order);
            open.remove(&row.order);
        } else if !over.contains(&row.order) {
            open.insert(row.order, row);
        }
    }
    let last = &before[before.len().saturating_sub(AROUND[0])..];
    let next = &after[..after.len().min(AROUND[1])];
    if format == Format::Json {
        let all = |rows: &[JournalRow]| rows.iter().map(object).collect::<Vec<_>>();
        let open: Vec<Json> = open.values().map(|row| object(row)).collect();
        let all = json!({ "time": time_text(at), "positions": positions, "open": open, "before": all(last), "after": all(next) });
        return format!("{all}\n");
    }
    let held: Vec<String> = positions.iter().map(|(market, lots)| format!("{lots} {market}")).collect();
    let mut text = format!("at {}\n", time_text(at));
    text +=
        &format!("position: {}\n", if held.is_empty() { "nothing was traded yet".to_owned() } else { held.join(", ") });
    text += if open.is_empty() { "open: no order\n" } else { "open:\n" };
    text.extend(open.iter().map(|(order, row)| format!("  order {order}: {}, {} open\n", wish(row), row.left)));
    for (title, rows) in [("before", last), ("after", next)] {
        if !rows.is_empty() {
            text += &format!("{title}:\n");
        }
        text.extend(rows.iter().map(|row| format!("  order {}: {}\n", row.order, message(row))));
    }
    text
}

fn unknown(rows: &[JournalRow], order: u64) -> String {
    let mut known: Vec<u64> = rows.iter().map(|row| row.order).collect();
    known.sort_unstable();
    known.dedup();
    if known.is_empty() {
        return "the run sent no order".to_owned();
    }
    let mut near = known.clone();
    near.sort_by_key(|id| (id.abs_diff(order), *id));
    near.truncate(3);
    near.sort_unstable();
    let near: Vec<String> = near.iter().map(u64::to_string).collect();
    format!("there is no order {order} among {}; near it are {}", known.len(), near.join(", "))
}
