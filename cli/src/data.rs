//! `gbc data`: make data, look at it, judge it, bring it in.

mod import;
mod read;

use std::fs::File;
use std::path::Path;

use gbc_core::{Block, Nanos};
use gbc_data::{Stamp, synth};

use crate::args::{DataCommand, KindArg, StampArg, SynthArgs};
use crate::exit::Exit;
use crate::{instruments, out};

/// 2025-06-02, a Monday.
const FIRST_DAY: Nanos = Nanos(1_748_822_400 * gbc_core::time::SECOND);

pub(crate) fn data(command: &DataCommand) -> Result<(), Exit> {
    match command {
        DataCommand::Synth(args) => make(args),
        DataCommand::Inspect(args) => read::read(args, true),
        DataCommand::Check(args) => read::read(args, false),
        DataCommand::Import(args) => import::import(args),
    }
}

fn make(args: &SynthArgs) -> Result<(), Exit> {
    if args.events == 0 {
        return Err(Exit::usage("`--events` must be at least 1"));
    }
    let instrument = match &args.instrument {
        Some(name) => instruments::named(name, "SYN")?,
        None => synth::instrument(),
    };
    let blocks = made(args.kind, args.seed, args.events);
    let extension = args.out.extension().map(|extension| extension.to_string_lossy().into_owned());
    let wrong = |error: String| Exit::files(format!("{}: {error}", args.out.display()));
    let beside = args.out.with_extension(format!("{}.part", std::process::id()));
    let mut file = File::create(&beside).map_err(|error| wrong(error.to_string()))?;
    let written = match extension.as_deref() {
        Some("parquet") => synth::write_parquet(blocks, &instrument, &mut file).map_err(|error| error.to_string()),
        Some("csv") => {
            synth::write_csv(blocks, &instrument, std::io::BufWriter::new(&mut file)).map_err(|error| error.to_string())
        }
        _ => Err("the name must end in `.parquet` or `.csv`".to_owned()),
    };
    let moved = written.and_then(|()| std::fs::rename(&beside, &args.out).map_err(|error| error.to_string()));
    if let Err(error) = moved {
        let _ = std::fs::remove_file(&beside);
        return Err(wrong(error));
    }
    out::print(&format!("{}: {} rows from seed {}\n", args.out.display(), args.events, args.seed))
}

/// Made-up data, each block made when it is asked for: a file may be larger than memory.
pub(crate) fn made(kind: KindArg, seed: u64, rows: usize) -> Box<dyn Iterator<Item = Block>> {
    match kind {
        KindArg::L1 => Box::new(synth::l1_blocks(seed, rows, FIRST_DAY)),
        KindArg::Bars => Box::new(synth::bar_blocks(seed, rows, gbc_core::time::MINUTE, FIRST_DAY)),
    }
}

/// Columns and what they hold, from `column=field`.
pub(crate) fn mapping(map: &[String]) -> Result<std::collections::BTreeMap<String, String>, Exit> {
    map.iter()
        .map(|pair| {
            let (column, field) = pair
                .split_once('=')
                .ok_or_else(|| Exit::usage(format!("`--map {pair}`: write `--map column=field`")))?;
            Ok((column.to_owned(), field.to_owned()))
        })
        .collect()
}

pub(crate) fn stamp(stamp: StampArg) -> Stamp {
    match stamp {
        StampArg::Open => Stamp::Open,
        StampArg::Close => Stamp::Close,
    }
}

/// What a market is called whose data are looked at by themselves: the name of the file, without its endings.
pub(crate) fn symbol(path: &Path) -> String {
    let name = path.file_name().map_or(String::new(), |name| name.to_string_lossy().to_uppercase());
    let name = name.split('.').next().unwrap_or_default();
    let plain = !name.is_empty() && !name.contains(['*', '?', '#']);
    if plain { name.to_owned() } else { "DATA".to_owned() }
}

fn moment(time: Nanos) -> String {
    jiff::Timestamp::from_nanosecond(i128::from(time.0)).map_or(time.0.to_string(), |moment| moment.to_string())
}
