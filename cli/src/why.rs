//! `gbc why`: the life of an order, or what was open at a moment, as the journal of a run tells it; and what its rules saw,
//! as the run tells that is played again up to there.

mod rerun;
mod rules;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gbc_core::Nanos;
use gbc_exec::journal::MOST_ENTRIES;
use gbc_report::journal_file::{JournalRow, read_journal};
use serde_json::{Value as Json, json};

use crate::args::{Format, WhyArgs};
use crate::exit::Exit;
use crate::run::{moment, time_text};
use crate::{files, lines, out};
use rerun::{Rerun, rerun};
use rules::Which;

/// Messages shown before a moment, and after it.
const AROUND: [usize; 2] = [6, 3];

pub(crate) fn why(args: &WhyArgs) -> Result<(), Exit> {
    // Whoever plays it again does so in the folder in which it was made.
    let run = std::fs::canonicalize(&args.run).unwrap_or_else(|_| args.run.clone());
    let mut rows = journal(&args.run)?;
    // What happened at the exchange was heard later: a story goes by what happened.
    rows.sort_by_key(|row| row.at);
    know_lines(&mut rows);
    match (args.order, &args.at) {
        (Some(order), _) => of_order(args, &run, &rows, order),
        (None, at) => of_moment(args, &run, &rows, moment("at", at.as_deref().unwrap_or_default())?),
    }
}

/// An order's life is in the journal; what its construct saw is there as well where the run can be played again.
fn of_order(args: &WhyArgs, run: &Path, rows: &[JournalRow], order: u64) -> Result<(), Exit> {
    let own: Vec<&JournalRow> = rows.iter().filter(|row| row.order == order).collect();
    let Some(first) = own.first() else { return Err(Exit::usage(unknown(rows, order))) };
    let wanted = own.iter().find_map(|row| Some((row.origin.as_deref()?, row.line?)));
    let again = wanted.map(|(origin, line)| rerun(run, first.at).map(|again| (again, origin, line)));
    let (again, refused) = match again.transpose() {
        Ok(again) => (again, None),
        Err(refused) => (None, Some(refused)),
    };
    let of = |(again, origin, line): &(Rerun, &str, u64)| lines::wanting(&again.prepared.checked, origin, *line);
    let saw = again.as_ref().map(|it| (&it.0, of(it)));
    match args.format {
        Format::Json => {
            let mut told = life_object(&own);
            told["rules"] = saw.as_ref().map_or(Json::Null, |(again, of)| rules::object(again, Which::All(of)));
            out::print(&format!("{told}\n"))?;
        }
        Format::Text => {
            out::print(&story(&own))?;
            if let Some((again, of)) = &saw {
                let seen = rules::text(again, Which::All(of));
                out::print(&format!("what it saw at {}:\n{seen}", time_text(first.at)))?;
            }
        }
    }
    if let Some(refused) = refused {
        out::complain(&format!("note   {}\n", refused.message()));
    }
    Ok(())
}

fn of_moment(args: &WhyArgs, run: &Path, rows: &[JournalRow], at: Nanos) -> Result<(), Exit> {
    let again = rerun(run, at);
    let rules = again.as_ref().ok();
    match args.format {
        Format::Json => {
            let mut told = around_object(rows, at);
            told["rules"] = rules.map_or(Json::Null, |again| rules::object(again, Which::Deciding));
            out::print(&format!("{told}\n"))?;
        }
        Format::Text => {
            out::print(&around(rows, at))?;
            if let Some(again) = rules {
                out::print(&format!("rules, each as it was last asked:\n{}", rules::text(again, Which::Deciding)))?;
            }
        }
    }
    again.map(|_| ())
}

/// Every message of an order, its fills too, knows the line that wanted it.
fn know_lines(rows: &mut [JournalRow]) {
    let known: BTreeMap<u64, u64> = rows.iter().filter_map(|row| Some((row.order, row.line?))).collect();
    rows.iter_mut().for_each(|row| row.line = known.get(&row.order).copied());
}

fn journal(run: &Path) -> Result<Vec<JournalRow>, Exit> {
    let path = run.join("journal.parquet");
    if !path.exists() {
        return Err(Exit::files(format!(
            "{}: there is no journal.parquet; name the folder of a run, as `gbc run` said it",
            run.display()
        )));
    }
    let rows = read_journal(files::open(&path)?);
    let rows = rows.map_err(|error| Exit::files(format!("{}: {error}", path.display())))?;
    if rows.len() >= MOST_ENTRIES {
        out::complain(&format!(
            "note   the journal is full: what came after its {MOST_ENTRIES} messages is not told\n"
        ));
    }
    Ok(rows)
}

fn life_object(own: &[&JournalRow]) -> Json {
    let first = own[0];
    let messages: Vec<Json> = own.iter().map(|row| object(row)).collect();
    let wanted = own.iter().find(|row| row.origin.is_some()).unwrap_or(&first);
    json!({ "order": first.order, "market": first.market, "side": first.side, "type": first.kind, "limit": first.limit,
        "size": first.size, "origin": wanted.origin, "part": wanted.part, "line": wanted.line, "source": wanted.source,
        "messages": messages })
}

fn story(own: &[&JournalRow]) -> String {
    let first = own[0];
    let wanted = own.iter().find(|row| row.origin.is_some()).unwrap_or(&first);
    let from = match (&wanted.origin, &wanted.part) {
        (Some(origin), Some(part)) => format!(", the {part} of a {origin}"),
        (Some(origin), None) => format!(", for a {origin}"),
        (None, _) => String::new(),
    };
    let line = wanted.line.zip(wanted.source.as_ref());
    let line = line.map_or(String::new(), |(line, text)| format!("wanted by line {line}: {text}\n"));
    let head = format!("order {}: {}{from}\n{line}", first.order, wish(first));
    own.iter().fold(head, |text, row| text + "  " + &message(row) + "\n")
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
            let slipped = row.slipped.map_or(String::new(), |points| format!(", of which {points} are slippage"));
            format!("{} filled at {price} ({reason}{slipped}), {} open{}{}", row.size, row.left, line(), later("heard"))
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
        "price": row.price, "slippage": row.slipped, "ahead": row.ahead, "traded": row.traded, "bid": row.bid, "ask": row.ask,
        "reason": row.reason, "line": row.line })
}

/// Whether an order is over with this message.
fn ends(row: &JournalRow) -> bool {
    let over = ["held_back", "cancelled", "expired", "refused", "lost"];
    row.step == "filled" && row.left == 0.0 || over.contains(&row.step.as_str())
}

/// How everything stood at a moment.
struct Scene<'a> {
    positions: BTreeMap<&'a str, f64>,
    open: BTreeMap<u64, &'a JournalRow>,
    last: &'a [JournalRow],
    next: &'a [JournalRow],
}

fn scene(rows: &[JournalRow], at: Nanos) -> Scene<'_> {
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
    Scene { positions, open, last, next: &after[..after.len().min(AROUND[1])] }
}

fn around_object(rows: &[JournalRow], at: Nanos) -> Json {
    let Scene { positions, open, last, next } = scene(rows, at);
    let all = |rows: &[JournalRow]| rows.iter().map(object).collect::<Vec<_>>();
    let open: Vec<Json> = open.values().map(|row| object(row)).collect();
    json!({ "time": time_text(at), "positions": positions, "open": open, "before": all(last), "after": all(next) })
}

fn around(rows: &[JournalRow], at: Nanos) -> String {
    let Scene { positions, open, last, next } = scene(rows, at);
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
        let line = |row: &JournalRow| row.line.map_or(String::new(), |line| format!(", line {line}"));
        text.extend(rows.iter().map(|row| format!("  order {}{}: {}\n", row.order, line(row), message(row))));
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
