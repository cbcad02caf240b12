//! `gbc data import`: rows of any format into a store of our own.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use gbc_core::{Block, Nanos};
use gbc_data::{Options, Store, StoredPart};
use serde_json::json;

use crate::args::{Format, ImportArgs};
use crate::data::read::{as_json, read_to_the_end};
use crate::data::{mapping, moment, stamp, symbol};
use crate::exit::Exit;
use crate::files::NewFolder;
use crate::{inputs, instruments, out};

pub(super) fn import(args: &ImportArgs) -> Result<(), Exit> {
    let symbol = symbol(&args.file);
    let mut options = Options::new(0, &symbol);
    options.map = mapping(&args.map)?;
    options.stamp = args.stamp.map(stamp);
    options.instrument = args.instrument.as_ref().map(|name| instruments::named(name, &symbol)).transpose()?;
    options.repairs = !args.strict;
    let place = inputs::find(&args.file, &symbol)?;
    let folder = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}.store", symbol.to_lowercase())));
    if folder.exists() {
        return Err(Exit::files(format!("{}: exists already; choose another `--out`", folder.display())));
    }
    let mut dataset = place.open(&options)?;
    let new = NewFolder::begin(&folder)?;
    let mut store = Store::new(dataset.schema, dataset.instrument.clone());
    let mut make = |name: &str| Ok(Box::new(BufWriter::new(new.make(name)?)) as Box<dyn Write + Send>);
    let mut keep = |block: &Block| {
        store.write(block, &mut make).map_err(|error| Exit::files(error.in_place(&folder.display().to_string())))
    };
    let sheet = read_to_the_end(&mut dataset, &mut keep)?;
    let parts = store.finish().map_err(|error| Exit::files(error.in_place(&folder.display().to_string())))?;
    let name = place.path.display().to_string();
    let about = json!({
        "format": "glowback-store-v1",
        "parts": parts.iter().map(part_json).collect::<Vec<_>>(),
        "from": as_json(&name, &dataset, &sheet),
    });
    let text = serde_json::to_string_pretty(&about).map_err(|error| Exit::files(error.to_string()))? + "\n";
    new.file("store.json", |file| file.write_all(text.as_bytes()).map_err(|error| error.to_string()))?;
    new.finish()?;
    if args.format == Format::Json {
        return out::print(&format!("{about}\n"));
    }
    let mut told = format!("{}: {} rows of {name} in {} parts\n", folder.display(), sheet.rows, parts.len());
    dataset.notes.iter().chain(&dataset.report()).for_each(|line| told += &format!("  {line}\n"));
    if let Some((first, last)) = sheet.span {
        told += &format!("  from {} to {}\n", moment(Nanos(first)), moment(Nanos(last)));
    }
    out::print(&told)
}

fn part_json(part: &StoredPart) -> serde_json::Value {
    let StoredPart { path, rows, first, last, blake3 } = part;
    json!({ "path": path, "rows": rows, "firstNs": first, "lastNs": last, "blake3": blake3 })
}
