//! `gbc run`: compile, replay, report.

use std::path::{Path, PathBuf};

use gbc_core::bars::Source as BarSource;
use gbc_core::time::span_text;
use gbc_core::{Instrument, Money, Nanos, Schema};
use gbc_data::{Dataset, Options};
use gbc_diagnostics::{Diagnostic, to_text};
use gbc_driver::{Bound, Checked, Value};
use gbc_engine::{Checkpoint, Ended, FeedInput, Halt, Journey, Outcome, Setup};
use gbc_exec::Profile;

use crate::args::RunArgs;
use crate::exit::Exit;
use crate::output::{self, Facts, UsedFile};
use crate::progress::Watch;
use crate::project::{self, Project};
use crate::{check, data, files, inputs, instruments, libraries, needs, out, profiles, resume, warm};

pub(crate) fn run(args: &RunArgs) -> Result<(), Exit> {
    if let Some(folder) = &args.resume {
        return resume::resume(args, folder);
    }
    let prepared = prepare(args)?;
    tell(args, &prepared);
    play(args, prepared, None)
}

/// All that a run is made of, before its first row is read.
pub(crate) struct Prepared {
    pub(crate) checked: Checked,
    pub(crate) params: Vec<Value>,
    inputs: Vec<Input>,
    pub(crate) setup: Setup,
    /// Where runs land.
    runs: PathBuf,
    /// Rows before this only warm it up.
    pub(crate) opens_at: Option<Nanos>,
    /// What is said of that.
    warm_up: Option<String>,
}

/// Compiles the strategy and opens its data.
pub(crate) fn prepare(args: &RunArgs) -> Result<Prepared, Exit> {
    let file = args.file.as_ref().ok_or_else(|| Exit::usage("which strategy?"))?;
    let checked = libraries::checked(file)?;
    check::sound(&checked)?;
    check::runs(&checked)?;
    let params = checked.settings(&pairs("set", &args.set)?).map_err(Exit::usage)?;
    let cash = args.cash.parse().ok().and_then(Money::nearest);
    let cash = cash.ok_or_else(|| Exit::usage(format!("`--cash {}` is no amount", args.cash)))?;
    let project = project::here()?;
    let [from, to] = period(args)?;
    let inputs = open_all(args, &checked, project.as_ref(), [from, to])?;
    needs::serve(&checked.needs(), &inputs)?;
    let mut profile = profile(args, &inputs)?;
    profile.latency.seed = args.seed;
    let mut instruments = instruments_of(&checked, &inputs);
    instruments.iter_mut().for_each(|instrument| profile.charge(instrument));
    let setup = Setup { instruments, cash, profile, equity_every_ns: gbc_core::time::MINUTE, force_react: false };
    let runs = project.as_ref().map_or(PathBuf::new(), |project| project.root.clone()).join("runs");
    let mut prepared = Prepared { checked, params, inputs, setup, runs, opens_at: None, warm_up: None };
    if let Some(from) = from.filter(|_| !args.cold) {
        warm(args, &mut prepared, project.as_ref(), [from, to.unwrap_or(Nanos::MAX)])?;
    }
    Ok(prepared)
}

/// Lets rows before the run's first moment in, as far back as the strategy looks.
fn warm(
    args: &RunArgs,
    prepared: &mut Prepared,
    project: Option<&Project>,
    [opens, to]: [Nanos; 2],
) -> Result<(), Exit> {
    let checked = &prepared.checked;
    let lookback = checked.lookback(&prepared.params);
    if lookback.is_none() || opens >= to {
        return Ok(());
    }
    let bound = prepared.bound()?;
    let before = open_all(args, checked, project, [None, Some(opens)])?;
    prepared.warm_up = Some(match warm::find(checked, &lookback, bound, feeds(before), &prepared.setup, opens)? {
        None => "nothing lies before it to warm it up".to_owned(),
        Some(found) => {
            prepared.inputs =
                open_all(args, checked, project, [Some(found.from), Some(to).filter(|to| *to < Nanos::MAX)])?;
            prepared.opens_at = Some(opens);
            found.text
        }
    });
    Ok(())
}

/// `--from` and `--to`.
fn period(args: &RunArgs) -> Result<[Option<Nanos>; 2], Exit> {
    let at = |flag: &str, text: &Option<String>| text.as_deref().map(|text| moment(flag, text)).transpose();
    Ok([at("from", &args.from)?, at("to", &args.to)?])
}

impl Prepared {
    /// What its bars are made of, market by market.
    pub(crate) fn bar_sources(&self) -> Vec<BarSource> {
        bar_sources(&self.checked, &self.inputs)
    }

    /// The strategy, bound to its parameters and data.
    fn bound(&self) -> Result<Bound, Exit> {
        let bound = self.checked.bind(&self.params, self.setup.instruments.clone(), &self.bar_sources(), None);
        bound.map_err(|diagnostic| unbound(&self.checked, &diagnostic))
    }

    /// What was prepared, and its inputs, which are played once.
    pub(crate) fn apart(mut self) -> (Prepared, Vec<Input>) {
        let inputs = std::mem::take(&mut self.inputs);
        (self, inputs)
    }

    /// The files, hashed as they are read: that takes as long as reading them.
    pub(crate) fn used_files(&self) -> Result<Vec<UsedFile>, Exit> {
        self.inputs.iter().map(|input| used_file(input.market, &input.path, &input.files)).collect()
    }
}

/// The inputs as feeds.
pub(crate) fn feeds(inputs: Vec<Input>) -> Vec<FeedInput> {
    inputs.into_iter().map(|input| FeedInput { market: input.market, feed: ahead(input.dataset) }).collect()
}

/// A file bound to a market.
pub(crate) struct Input {
    pub(crate) market: usize,
    pub(crate) path: PathBuf,
    /// What is hashed: the file, or those of a set in the order in which they are played.
    files: Vec<PathBuf>,
    pub(crate) dataset: Dataset,
}

fn pairs(flag: &str, texts: &[String]) -> Result<Vec<(String, String)>, Exit> {
    let split = |text: &String| {
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| Exit::usage(format!("`--{flag} {text}`: write `--{flag} name=value`")))?;
        Ok((name.trim().to_owned(), value.trim().to_owned()))
    };
    texts.iter().map(split).collect()
}

/// The market that `es=…` names, and the rest; without a name, the only market.
fn bound(flag: &str, text: &str, checked: &Checked) -> Result<(usize, String), Exit> {
    let markets = &checked.program.markets;
    if let Some((name, rest)) = text.split_once('=')
        && let Some(market) = markets.iter().position(|market| market.name == name)
    {
        return Ok((market, rest.to_owned()));
    }
    match markets.len() {
        1 => Ok((0, text.to_owned())),
        0 => Err(Exit::usage("the strategy has no market; declare one: `market es`")),
        _ => {
            let names: Vec<&str> = markets.iter().map(|market| market.name.as_str()).collect();
            Err(Exit::usage(format!(
                "`--{flag} {text}`: for which market? write `--{flag} {}={text}` (markets: {})",
                names[0],
                names.join(", ")
            )))
        }
    }
}

fn open_all(
    args: &RunArgs,
    checked: &Checked,
    project: Option<&Project>,
    period: [Option<Nanos>; 2],
) -> Result<Vec<Input>, Exit> {
    let mut given: Vec<Option<Instrument>> = vec![None; checked.program.markets.len()];
    for text in &args.instrument {
        let (market, name) = bound("instrument", text, checked)?;
        given[market] = Some(instruments::named(&name, &symbol(checked, market))?);
    }
    let mut inputs = Vec::new();
    for (market, path) in files_to_play(args, checked, project)? {
        // Files of one market count in one grid: the first one settles it.
        let settled =
            inputs.iter().find(|input: &&Input| input.market == market).map(|input| input.dataset.instrument.clone());
        let instrument = given[market].clone().or(settled);
        inputs.push(open(args, checked, (market, &path), instrument, period)?);
    }
    if let Some(missing) = (0..given.len()).find(|market| !inputs.iter().any(|input| input.market == *market)) {
        let name = &checked.program.markets[missing].name;
        return Err(Exit::usage(format!("no data for market `{name}`; add `--data {name}=FILE`")));
    }
    Ok(inputs)
}

/// The files of `--data`; without any, those that the project has for the strategy's markets.
fn files_to_play(args: &RunArgs, checked: &Checked, project: Option<&Project>) -> Result<Vec<(usize, PathBuf)>, Exit> {
    let given: Result<Vec<(usize, PathBuf)>, Exit> = args
        .data
        .iter()
        .map(|text| bound("data", text, checked).map(|(market, path)| (market, PathBuf::from(path))))
        .collect();
    let mut found = given?;
    let of_project = project.filter(|_| found.is_empty()).map_or(Vec::new(), |project| project.data.clone());
    let market = |name: &str| checked.program.markets.iter().position(|market| market.name == name);
    found.extend(of_project.into_iter().filter_map(|(name, path)| Some((market(&name)?, path))));
    if found.is_empty() {
        return Err(Exit::usage(
            "no data; add `--data FILE` (to make some: `gbc data synth --kind bars --events 10000 --out bars.parquet`)",
        ));
    }
    Ok(found)
}

fn symbol(checked: &Checked, market: usize) -> String {
    let market = &checked.program.markets[market];
    market.symbol.clone().unwrap_or_else(|| market.name.to_uppercase())
}

fn open(
    args: &RunArgs,
    checked: &Checked,
    (market, path): (usize, &Path),
    instrument: Option<Instrument>,
    period: [Option<Nanos>; 2],
) -> Result<Input, Exit> {
    let symbol = symbol(checked, market);
    let mut options = Options::new(market, &symbol);
    options.instrument = instrument;
    options.known_as = instruments::common(&symbol);
    options.map = data::mapping(&args.map)?;
    options.stamp = args.stamp.map(data::stamp);
    [options.from, options.to] = period;
    let place = inputs::find(path, &symbol)?;
    let dataset = place.open(&options)?;
    Ok(Input { market, files: place.played(&dataset), path: place.path, dataset })
}

/// A moment from the command line: RFC 3339, or a date, which starts in UTC.
pub(crate) fn moment(flag: &str, text: &str) -> Result<Nanos, Exit> {
    let timestamp = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let date = text.parse::<jiff::civil::DateTime>().ok()?;
        Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    });
    let wrong =
        || Exit::usage(format!("`--{flag} {text}` is no time; write a date like 2025-06-02 or 2025-06-02T13:30:00Z"));
    let timestamp = timestamp.ok_or_else(wrong)?;
    i64::try_from(timestamp.as_nanosecond()).map(Nanos).map_err(|_| wrong())
}

/// The shortest bars of several files, if any holds bars.
pub(crate) fn finest_bars<'a>(datasets: impl Iterator<Item = &'a Dataset>) -> Option<i64> {
    let spans = datasets.filter_map(|dataset| match dataset.schema {
        Schema::Bars { span_ns } => Some(span_ns),
        _ => None,
    });
    spans.min()
}

fn profile(args: &RunArgs, inputs: &[Input]) -> Result<Profile, Exit> {
    let Some(name) = &args.exec else {
        let only_bars = inputs.iter().all(|input| input.dataset.schema.is_bars());
        return Ok(if only_bars { Profile::bars() } else { Profile::strict() });
    };
    profiles::named(name)
}

fn instruments_of(checked: &Checked, inputs: &[Input]) -> Vec<Instrument> {
    let of = |market: usize| {
        inputs.iter().find(|input| input.market == market).map(|input| input.dataset.instrument.clone())
    };
    (0..checked.program.markets.len()).map(|market| of(market).expect("every market was given data")).collect()
}

/// What its bars are made of, market by market.
fn bar_sources(checked: &Checked, inputs: &[Input]) -> Vec<BarSource> {
    let of =
        |market: usize| finest_bars(inputs.iter().filter(|input| input.market == market).map(|input| &input.dataset));
    (0..checked.program.markets.len())
        .map(|market| of(market).map_or(BarSource::Trades, |span_ns| BarSource::Bars { span_ns }))
        .collect()
}

/// Says aloud how the data were understood and by which rules orders fill.
fn tell(args: &RunArgs, Prepared { inputs, setup, warm_up, .. }: &Prepared) {
    if args.quiet || args.format == crate::args::Format::Json {
        return;
    }
    for input in inputs {
        out::complain(&format!("data   {}: {}\n", input.path.display(), input.dataset.notes.join("; ")));
    }
    if let Some(warm_up) = warm_up {
        out::complain(&format!("from   {}: {warm_up}\n", args.from.as_deref().unwrap_or_default()));
    }
    let chosen = if args.exec.is_some() { "as asked" } else { "as the data allow" };
    out::complain(&format!("orders filled by profile `{}`, {chosen}\n", setup.profile.name));
    let delays = setup.profile.latency.rules() != gbc_exec::Latency::default().rules();
    if delays && inputs.iter().all(|input| input.dataset.schema.is_bars()) {
        out::complain("note   bars tell nothing shorter than a bar: the profile's latency changes nothing here\n");
    }
}

/// Says why a program cannot be bound.
pub(crate) fn unbound(checked: &Checked, diagnostic: &Diagnostic) -> Exit {
    out::complain(&to_text(&checked.source, diagnostic, out::colour_of_errors()));
    Exit::program()
}

/// Plays it from its start or from where it was laid down, and writes what happened.
pub(crate) fn play(args: &RunArgs, prepared: Prepared, from: Option<&Checkpoint>) -> Result<(), Exit> {
    let pause_at = args.pause_at.as_deref().map(|text| moment("pause-at", text)).transpose()?;
    let mut bound = prepared.bound()?;
    let Prepared { checked, params, inputs, setup, runs, opens_at, .. } = prepared;
    if let (Some(pause), Some(opens)) = (pause_at, opens_at)
        && pause <= opens
    {
        return Err(Exit::usage("`--pause-at` lies before `--from`: there is nothing to pause yet"));
    }
    let interval = finest_bars(inputs.iter().map(|input| &input.dataset)).map(span_text);
    let ticks = inputs.iter().any(|input| !input.dataset.schema.is_bars());
    let paths: Vec<(usize, PathBuf, Vec<PathBuf>)> =
        inputs.iter().map(|input| (input.market, input.path.clone(), input.files.clone())).collect();
    // Hashing reads every byte again: side by side with the replay it costs no time of its own.
    let hashes = std::thread::spawn(move || {
        paths.iter().map(|(market, path, files)| used_file(*market, path, files)).collect::<Result<Vec<_>, _>>()
    });
    let feeds = feeds(inputs);
    let watch = Watch::new(args.quiet);
    let journey = Journey { from, pause_at, opens_at };
    let ended =
        gbc_engine::run_between(&mut bound.machine, feeds, &setup, journey, &mut |progress| watch.at(progress.rows));
    watch.done();
    let Ended { outcome, halt, laid_down, warmed } = ended.map_err(|no| Exit::files(no.to_string()))?;
    let data = hashes.join().map_err(|_| Exit::files("the data could not be hashed"))??;
    let ended = halt.map(|halt| ending(&checked, halt));
    let facts = Facts {
        checked: &checked,
        params: &params,
        setup: &setup,
        data,
        interval: interval.filter(|_| !ticks),
        seed: args.seed,
        warmed,
    };
    let laid_down = laid_down.map(|run| run.to_bytes(&resume::identity(args, &facts)));
    let pause = pause_at.filter(|_| laid_down.is_some()).map(|at| format!("paused before {}", time_text(at)));
    let why = ended.as_ref().map(|(text, _)| text.as_str()).or(pause.as_deref());
    let place = output::write(args, &runs, &facts, &outcome, why, laid_down.as_deref())?;
    warn(args, &checked, &outcome);
    if laid_down.is_some() && !args.quiet {
        let why = why.unwrap_or("it stands still");
        out::complain(&format!("note   {why}; `gbc run --resume {}` goes on\n", place.display()));
    }
    ended.map_or(Ok(()), |(_, exit)| Err(exit))
}

/// Decoding runs ahead on a thread of its own.
fn ahead(dataset: Dataset) -> Box<dyn gbc_data::Feed + Send> {
    Box::new(gbc_data::Ahead::new(Box::new(dataset)))
}

fn used_file(market: usize, path: &Path, files: &[PathBuf]) -> Result<UsedFile, Exit> {
    let hashes: Vec<String> = files.iter().map(|file| files::sha256_of(file)).collect::<Result<_, _>>()?;
    let sha256 = match &hashes[..] {
        [one] => one.clone(),
        // A set is its files in the order of time, whatever they are called.
        many => files::sha256(many.join("\n").as_bytes()),
    };
    let filename = path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
    Ok(UsedFile { market, filename, sha256 })
}

/// Why the run ended early, for the messages file and for the user.
pub(crate) fn ending(checked: &Checked, halt: Halt) -> (String, Exit) {
    match halt {
        Halt::Data(error) => (error.to_string(), Exit::files(error.to_string())),
        Halt::Interrupted => ("interrupted".to_owned(), Exit::interrupted("interrupted; what was played is written")),
        Halt::Overflow { at, overflow } => {
            let market = checked.program.markets.get(overflow.market).map_or("?", |market| &market.name);
            let text = format!("{}: {} of `{market}` grew beyond counting", time_text(at), overflow.what);
            (text.clone(), Exit::fault(text))
        }
        Halt::Discrepancy { at, discrepancy } => {
            let text = format!("{}: {discrepancy}", time_text(at));
            (text.clone(), Exit::fault(text))
        }
        Halt::Fault(fault) => {
            let place = checked.source.place(fault.start);
            let text = format!(
                "{}:{}:{}: {}, at {}",
                checked.source.name,
                place.line,
                place.column,
                fault.reason,
                time_text(fault.at)
            );
            (text.clone(), Exit::fault(text))
        }
    }
}

pub(crate) fn time_text(time: Nanos) -> String {
    jiff::Timestamp::from_nanosecond(i128::from(time.0)).map_or(time.0.to_string(), |moment| moment.to_string())
}

fn warn(args: &RunArgs, checked: &Checked, outcome: &Outcome) {
    if args.quiet {
        return;
    }
    outcome.notes.iter().for_each(|note| out::complain(&format!("note   {note}\n")));
    let waits: Vec<String> = gbc_driver::warm_up(checked).iter().map(|(clock, n)| format!("{n} × {clock}")).collect();
    if outcome.orders.is_empty() && !waits.is_empty() {
        out::complain(&format!("note   nothing was ordered; decisions wait for {} first\n", waits.join(", ")));
    }
}
