//! `gbc new`: a project folder that runs as it is.

use std::io::Write;
use std::path::Path;

use gbc_core::Instrument;
use gbc_data::synth;

use crate::args::{KindArg, NewArgs, TemplateArg};
use crate::data::made;
use crate::exit::Exit;
use crate::files::NewFolder;
use crate::out;

/// What a template is made of, beside what all of them share.
struct Template {
    name: &'static str,
    about: &'static str,
    strategy: &'static str,
    kind: KindArg,
    rows: usize,
    data: &'static str,
    /// A parameter that is worth another try.
    set: &'static str,
}

const CROSS: Template = Template {
    name: "cross",
    about: "long while a fast average is above a slow one, short below; on bars",
    strategy: include_str!("../templates/cross.gbs"),
    kind: KindArg::Bars,
    rows: 5_000,
    data: "data/mnq_1m.parquet",
    set: "fast=12",
};

const FADE: Template = Template {
    name: "fade",
    about: "against moves that went too far, until they are back at the average; on bars",
    strategy: include_str!("../templates/fade.gbs"),
    set: "far=2.5",
    ..CROSS
};

const QUOTES: Template = Template {
    name: "quotes",
    about: "with the heavier side of the best quotes; on quotes and trades",
    strategy: include_str!("../templates/quotes.gbs"),
    kind: KindArg::L1,
    rows: 20_000,
    data: "data/mnq_l1.parquet",
    set: "span=400",
};

const LIBRARY: &str = include_str!("../templates/lib.gbs");
const SETTINGS: &str = include_str!("../templates/gbs.toml");
const README: &str = include_str!("../templates/README.md");

/// Every project gets the same data: two people can compare what they see.
const SEED: u64 = 7;

pub(crate) fn new(args: &NewArgs) -> Result<(), Exit> {
    let template = match args.template {
        TemplateArg::Cross => &CROSS,
        TemplateArg::Fade => &FADE,
        TemplateArg::Quotes => &QUOTES,
    };
    let name = name_of(&args.name)?;
    free(&args.name)?;
    write(template, &name, &args.name)?;
    out::print(&next_steps(template, &args.name))
}

/// The project's name: the last part of its path.
fn name_of(place: &Path) -> Result<String, Exit> {
    let name = place.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if name.starts_with(char::is_alphabetic) && name.chars().all(fits) {
        return Ok(name);
    }
    let tame: String = name.chars().map(|c| if fits(c) { c } else { '-' }).collect();
    let tame = tame.trim_matches(|c: char| !c.is_alphabetic());
    let offer = if tame.is_empty() { String::new() } else { format!("; `{tame}` would do") };
    let shown: String = place.display().to_string().chars().map(|c| if c.is_control() { '?' } else { c }).collect();
    Err(Exit::usage(format!("`{shown}` is no name for a project: a letter, then letters, digits, `-` or `_`{offer}")))
}

/// Refuses a place where somebody has put something.
fn free(place: &Path) -> Result<(), Exit> {
    let taken = |what: &str| Err(Exit::usage(format!("{}: {what}; choose another name", place.display())));
    let Ok(mut entries) = std::fs::read_dir(place) else {
        return if place.symlink_metadata().is_ok() { taken("there is a file of this name") } else { Ok(()) };
    };
    if entries.next().is_some() { taken("this folder exists and is not empty") } else { Ok(()) }
}

fn write(template: &Template, name: &str, place: &Path) -> Result<(), Exit> {
    let folder = NewFolder::begin(place)?;
    let text = |path: &str, text: String| {
        folder.file(path, |file| file.write_all(text.as_bytes()).map_err(|error| error.to_string()))
    };
    text("README.md", filled(README, template, name))?;
    text("gbs.toml", filled(SETTINGS, template, name))?;
    text(".gitignore", "/runs/\n".to_owned())?;
    text(&strategy_path(template), template.strategy.to_owned())?;
    text("lib/levels.gbs", LIBRARY.to_owned())?;
    folder.file(template.data, |file| {
        let blocks = made(template.kind, SEED, template.rows);
        synth::write_parquet(blocks, &instrument(), file).map(|_| ()).map_err(|error| error.to_string())
    })?;
    folder.finish()
}

/// The made-up instrument, by the name of the market it is like.
fn instrument() -> Instrument {
    let mut instrument = synth::instrument();
    "MNQ".clone_into(&mut instrument.symbol);
    instrument
}

fn strategy_path(template: &Template) -> String {
    format!("strategies/{}.gbs", template.name)
}

fn filled(text: &str, template: &Template, name: &str) -> String {
    let rows = match template.kind {
        KindArg::Bars => format!("{} bars of one minute", template.rows),
        KindArg::L1 => format!("{} quotes and trades", template.rows),
    };
    let holes = [
        ("{name}", name),
        ("{strategy}", &strategy_path(template)),
        ("{about}", template.about),
        ("{data}", template.data),
        ("{rows}", &rows),
        ("{set}", template.set),
    ];
    holes.iter().fold(text.to_owned(), |text, (hole, value)| text.replace(hole, value))
}

fn next_steps(template: &Template, place: &Path) -> String {
    let (place, strategy) = (place.display(), strategy_path(template));
    let about = template.about;
    format!(
        "{place}: a new project\n  {strategy}    {about}\n\nnext:\n  cd {place}\n  gbc check\n  gbc test\n  gbc run {strategy}\n\nREADME.md goes on from there.\n"
    )
}
