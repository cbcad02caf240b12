//! `gbc data inspect` and `check`: a file read to its end, how it was understood, and what its rows look like.

use std::fmt::Write;

use gbc_core::time::span_text;
use gbc_core::{Block, Nanos, Ratio, Schema};
use gbc_data::{Dataset, ErrorKind, Options, Sheet, Stamp};
use serde_json::{Value, json};

use crate::args::{Format, ReadArgs};
use crate::data::{mapping, moment, stamp, symbol};
use crate::exit::Exit;
use crate::inputs::{self, DataFailure, Place};
use crate::progress::Watch;
use crate::{instruments, out};

pub(super) fn read(args: &ReadArgs, tells_all: bool) -> Result<(), Exit> {
    let symbol = symbol(&args.file);
    let mut options = Options::new(0, &symbol);
    options.map = mapping(&args.map)?;
    options.stamp = args.stamp.map(stamp);
    options.instrument = args.instrument.as_ref().map(|name| instruments::named(name, &symbol)).transpose()?;
    let place = inputs::find(&args.file, &symbol)?;
    let mut dataset = open(&place, &mut options)?;
    let sheet = read_to_the_end(&mut dataset, &mut |_| Ok(()))?;
    let name = place.path.display().to_string();
    match args.format {
        Format::Json => out::print(&format!("{}\n", as_json(&name, &dataset, &sheet))),
        Format::Text => out::print(&as_text(&name, &dataset, &sheet, tells_all)),
    }
}

/// Which end is stamped is for a run to know; the rows can be judged without it.
fn open(place: &Place, options: &mut Options) -> Result<Dataset, Exit> {
    match place.open(options) {
        Err(DataFailure::Data(error)) if error.kind == ErrorKind::Choose => {
            options.assumed = Some(Stamp::Open);
            let mut dataset = place.open(options)?;
            dataset.notes.push(
                "which end of a bar is stamped does not show; a run needs `--stamp open` or `--stamp close`".to_owned(),
            );
            Ok(dataset)
        }
        other => Ok(other?),
    }
}

/// Reads all rows, shows progress, and stops at Ctrl-C. `each` sees every block.
pub(super) fn read_to_the_end(
    dataset: &mut Dataset,
    each: &mut dyn FnMut(&Block) -> Result<(), Exit>,
) -> Result<Sheet, Exit> {
    let watch = Watch::new(false);
    let mut sheet = Sheet::default();
    let mut block = Block::new(0, dataset.schema);
    loop {
        let more = dataset.next_block(&mut block).map_err(|error| Exit::files(error.to_string()));
        if !more.inspect_err(|_| watch.done())? {
            break;
        }
        sheet.see(&block);
        each(&block).inspect_err(|_| watch.done())?;
        if watch.at(sheet.rows).is_break() {
            watch.done();
            return Err(Exit::interrupted(format!("{}: interrupted; nothing can be said of the whole", dataset.name)));
        }
    }
    watch.done();
    Ok(sheet)
}

fn as_text(name: &str, dataset: &Dataset, sheet: &Sheet, tells_all: bool) -> String {
    let mut text = format!("{name}: {} rows, sound\n", sheet.rows);
    let mut line = |words: String| {
        let _ = writeln!(text, "  {words}");
    };
    if tells_all {
        dataset.notes.iter().for_each(|note| line(note.clone()));
    }
    if let Some((first, last)) = sheet.span {
        line(format!("from {} to {}", moment(Nanos(first)), moment(Nanos(last))));
    }
    if let Some((low, high)) = sheet.prices {
        let tick = dataset.instrument.tick;
        line(format!("prices from {} to {}, in ticks of {}", tick.times(low), tick.times(high), tick.times(1)));
    }
    if !dataset.schema.is_bars() && sheet.trades > 0 && sheet.trades < sheet.rows {
        line(format!("{} of them trades", sheet.trades));
    }
    if let Some((gap, at)) = sheet.longest_gap.filter(|(gap, _)| *gap > 0) {
        line(format!("longest silence {}, from {}", span_text(gap), moment(Nanos(at))));
    }
    let (repeats, first) = sheet.repeats;
    let counts = [
        (sheet.missing_bars, "bars would fit into the holes between others".to_owned()),
        (sheet.empty_bars, "bars without volume".to_owned()),
        (repeats, format!("rows equal to the one before, the first is number {first}")),
    ];
    counts.iter().filter(|(count, _)| *count > 0).for_each(|(count, what)| line(format!("{count} {what}")));
    dataset.report().into_iter().for_each(line);
    text
}

pub(super) fn as_json(name: &str, dataset: &Dataset, sheet: &Sheet) -> Value {
    let scale = |ratio: Ratio| ratio.times(1);
    let tick = dataset.instrument.tick;
    let time = |ns: i64| moment(Nanos(ns));
    json!({
        "file": name,
        "files": dataset.parts,
        "rows": sheet.rows,
        "schema": match dataset.schema {
            Schema::Bars { .. } => "bars",
            Schema::L1 => "l1",
            Schema::Depth => "depth",
            Schema::Orders => "orders",
        },
        "barNs": match dataset.schema {
            Schema::Bars { span_ns } => Some(span_ns),
            _ => None,
        },
        "hasQuotes": dataset.has_quotes,
        "hasTrades": dataset.has_trades,
        "symbol": dataset.instrument.symbol,
        "tick": scale(tick),
        "lot": scale(dataset.instrument.lot),
        "first": sheet.span.map(|(first, _)| time(first)),
        "last": sheet.span.map(|(_, last)| time(last)),
        "firstNs": sheet.span.map(|(first, _)| first),
        "lastNs": sheet.span.map(|(_, last)| last),
        "lowestPrice": sheet.prices.map(|(low, _)| tick.times(low)),
        "highestPrice": sheet.prices.map(|(_, high)| tick.times(high)),
        "trades": sheet.trades,
        "longestGapNs": sheet.longest_gap.map(|(gap, _)| gap),
        "longestGapFrom": sheet.longest_gap.map(|(_, at)| time(at)),
        "missingBars": sheet.missing_bars,
        "emptyBars": sheet.empty_bars,
        "repeatedRows": sheet.repeats.0,
        "notes": dataset.notes,
        "oddities": dataset.report(),
    })
}
