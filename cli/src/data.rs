//! `gbc data`: make data, look at it, judge it.

use std::fs::File;

use gbc_core::{Block, Nanos};
use gbc_data::{ErrorKind, Options, Stamp, synth};

use crate::args::{DataCommand, KindArg, ReadArgs, StampArg, SynthArgs};
use crate::exit::Exit;
use crate::inputs::{self, DataFailure};
use crate::{instruments, out};

/// 2025-06-02, a Monday.
const FIRST_DAY: Nanos = Nanos(1_748_822_400 * gbc_core::time::SECOND);

pub(crate) fn data(command: &DataCommand) -> Result<(), Exit> {
    match command {
        DataCommand::Synth(args) => make(args),
        DataCommand::Inspect(args) => read(args, true),
        DataCommand::Check(args) => read(args, false),
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
        Some("parquet") => synth::write_parquet(&blocks, &instrument, &mut file).map_err(|error| error.to_string()),
        Some("csv") => synth::write_csv(&blocks, &instrument, std::io::BufWriter::new(&mut file))
            .map_err(|error| error.to_string()),
        _ => Err("the name must end in `.parquet` or `.csv`".to_owned()),
    };
    let moved = written.and_then(|()| std::fs::rename(&beside, &args.out).map_err(|error| error.to_string()));
    if let Err(error) = moved {
        let _ = std::fs::remove_file(&beside);
        return Err(wrong(error));
    }
    let rows: usize = blocks.iter().map(Block::len).sum();
    out::print(&format!("{}: {rows} rows from seed {}\n", args.out.display(), args.seed))
}

/// Made-up data.
pub(crate) fn made(kind: KindArg, seed: u64, rows: usize) -> Vec<Block> {
    match kind {
        KindArg::L1 => synth::l1(seed, rows, FIRST_DAY),
        KindArg::Bars => synth::bars(seed, rows, gbc_core::time::MINUTE, FIRST_DAY),
    }
}

fn read(args: &ReadArgs, tell: bool) -> Result<(), Exit> {
    let name = args.file.display().to_string();
    let mut options = Options::new(0, &symbol(args));
    options.map = mapping(&args.map)?;
    options.stamp = args.stamp.map(stamp);
    let data_error = |error: gbc_data::DataError| Exit::files(error.to_string());
    let place = inputs::find(&args.file, &options.symbol)?;
    let mut dataset = match place.open(&options) {
        // Which end is stamped is for a run to know; the rows can be judged without it.
        Err(DataFailure::Data(error)) if error.kind == ErrorKind::Choose => {
            options.assumed = Some(Stamp::Open);
            let mut dataset = place.open(&options)?;
            dataset.notes.push(
                "which end of a bar is stamped does not show; a run needs `--stamp open` or `--stamp close`".to_owned(),
            );
            dataset
        }
        other => other?,
    };
    let (mut rows, mut first, mut last) = (0_u64, None, Nanos::MIN);
    let mut block = Block::new(0, dataset.schema);
    while dataset.next_block(&mut block).map_err(data_error)? {
        if block.is_empty() {
            continue;
        }
        rows += block.len() as u64;
        first = first.or(Some(block.time_of(0)));
        last = block.time_of(block.len() - 1);
    }
    let mut text = String::new();
    if tell {
        dataset.notes.iter().for_each(|note| text += &format!("  {note}\n"));
        if let Some(first) = first {
            text += &format!("  from {} to {}\n", moment(first), moment(last));
        }
    }
    dataset.report().iter().for_each(|line| text += &format!("  {line}\n"));
    out::print(&format!("{name}: {rows} rows, sound\n{text}"))
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

fn symbol(args: &ReadArgs) -> String {
    args.file.file_stem().map_or("DATA".to_owned(), |stem| stem.to_string_lossy().to_uppercase())
}

fn moment(time: Nanos) -> String {
    jiff::Timestamp::from_nanosecond(i128::from(time.0)).map_or(time.0.to_string(), |moment| moment.to_string())
}
