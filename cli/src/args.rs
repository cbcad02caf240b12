//! What can be typed after `gbc`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// What every help ends with: lines to copy, each of which runs in a clone of this repository.
fn examples(lines: &[&str]) -> String {
    lines.iter().fold("Examples:".to_owned(), |text, line| text + "\n  " + line)
}

/// Strategies in a small language, checked like proofs and replayed honestly.
#[derive(Debug, Parser)]
#[command(
    name = "gbc",
    version,
    after_help = examples(&[
        "gbc new mine    # a project to start from, in a folder of its own",
        "gbc run examples/ema_cross.gbs --data examples/data/es_1m.parquet",
    ])
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a project that runs as it is
    New(NewArgs),
    /// Take a library of others into the project
    Add(AddArgs),
    /// Say what is wrong with a strategy, or prove what can be said of it
    Check(CheckArgs),
    /// Compile a strategy, replay data through it, report
    Run(Box<RunArgs>),
    /// Tell the life of an order of a run, or what was open at a moment and what each rule saw
    Why(WhyArgs),
    /// Run the `test` blocks of strategies
    Test(TestArgs),
    /// Bring sources into the one style
    Fmt(FmtArgs),
    /// Show what the compiler made of a source
    Emit(EmitArgs),
    /// Explain the code of a diagnostic
    Explain(ExplainArgs),
    /// Make data, look at it, judge it
    Data(DataArgs),
    /// Answer an editor over standard input and output
    #[command(after_help = examples(&[
        "gbc lsp    # editors start it; in Neovim: vim.lsp.start({ name = \"gbc\", cmd = { \"gbc\", \"lsp\" } })",
    ]))]
    Lsp,
    /// Write what a shell needs to complete `gbc`
    Completions(CompletionsArgs),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// For scripts
    Json,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = examples(&[
    "gbc new trend",
    "gbc new book --template quotes",
]))]
pub(crate) struct NewArgs {
    /// The folder to make; its name is the project's
    #[arg(value_name = "NAME")]
    pub(crate) name: PathBuf,
    /// What to start from
    #[arg(long, value_enum, default_value_t)]
    pub(crate) template: TemplateArg,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = examples(&["gbc add ../shelf/acme/carry@1.3    # what it uses comes along; then: use acme/carry@1.3 { … }"]))]
pub(crate) struct AddArgs {
    /// The library, in the folder where libraries of others lie
    #[arg(value_name = "FOLDER/OWNER/NAME@VERSION")]
    pub(crate) library: PathBuf,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TemplateArg {
    /// Two averages, on bars
    #[default]
    Cross,
    /// Against moves that went too far, on bars
    Fade,
    /// With the heavier side of the best quotes
    Quotes,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = examples(&[
    "gbc check examples/ema_cross.gbs",
    "gbc check examples --format json",
]))]
pub(crate) struct CheckArgs {
    /// Sources and folders of sources [default: those of the project, else this folder]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Text for people, or one JSON object a line
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = examples(&[
    "gbc run examples/ema_cross.gbs --data examples/data/es_1m.parquet",
    "gbc run examples/ema_cross.gbs --data examples/data/es_1m.parquet --set fast=12",
    "gbc run examples/tick_cross.gbs --data examples/data/mnq_l1.parquet --quiet --out runs/ticks",
    "gbc run examples/three_up.gbs --data examples/data/es_1m.parquet --pause-at 2025-06-09 --out half",
    "gbc run --resume half",
]))]
pub(crate) struct RunArgs {
    /// The strategy
    #[arg(value_name = "FILE", required_unless_present = "resume")]
    pub(crate) file: Option<PathBuf>,
    /// A Parquet, CSV or DBN file, a folder or a pattern of them; `es=PATH` says for which market. Repeatable [default: what the project's `gbs.toml` says]
    #[arg(long, value_name = "[MARKET=]PATH")]
    pub(crate) data: Vec<String>,
    /// What a column holds, where its name does not tell: `Px=close`
    #[arg(long, value_name = "COLUMN=FIELD", value_delimiter = ',')]
    pub(crate) map: Vec<String>,
    /// Which end of a bar the file stamps
    #[arg(long, value_enum)]
    pub(crate) stamp: Option<StampArg>,
    /// Begin with this moment (RFC 3339, or a date in UTC); rows before it only warm the strategy up
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,
    /// Let nothing before `--from` warm the strategy up
    #[arg(long, requires = "from")]
    pub(crate) cold: bool,
    /// Leave out rows at or after this moment
    #[arg(long, value_name = "TIME")]
    pub(crate) to: Option<String>,
    /// A parameter's value: `fast=12`. Repeatable
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    /// Execution profile: `bars`, `strict`, `touch`, or a file that says what differs from one of them
    #[arg(long, value_name = "NAME|FILE.toml")]
    pub(crate) exec: Option<String>,
    /// An instrument file or a common instrument's name; `es=…` says for which market. Repeatable
    #[arg(long, value_name = "[MARKET=]FILE.toml")]
    pub(crate) instrument: Vec<String>,
    /// Cash at the start
    #[arg(long, value_name = "N", default_value = "100000")]
    pub(crate) cash: String,
    /// What runs the strategy
    #[arg(long, value_enum, default_value_t)]
    pub(crate) engine: EngineArg,
    /// What decides about chance: a profile's jitter
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// Stop before the first row of this moment or later, and keep the run to go on with
    #[arg(long, value_name = "TIME")]
    pub(crate) pause_at: Option<String>,
    /// Go on with the run in this folder, paused or interrupted, as it was started
    #[arg(long, value_name = "DIR", conflicts_with_all = [
        "file", "data", "map", "stamp", "from", "cold", "to", "set", "exec", "instrument", "cash", "engine", "seed",
    ])]
    pub(crate) resume: Option<PathBuf>,
    /// Where to write [default: runs/<strategy>-<short id>, or where the resumed run lies]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Print nothing but errors
    #[arg(long)]
    pub(crate) quiet: bool,
    /// Text for people, or the summary as JSON
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

impl RunArgs {
    /// All that decides what happens, as it would be typed behind `gbc run`.
    pub(crate) fn typed(&self) -> Vec<String> {
        let mut words: Vec<String> = self.file.iter().map(|file| file.display().to_string()).collect();
        let mut flag = |name: &str, values: &[String]| {
            words.extend(values.iter().map(|value| format!("--{name}={value}")));
        };
        let one = |value: &Option<String>| value.iter().cloned().collect::<Vec<_>>();
        let stamp = self.stamp.and_then(|stamp| Some(stamp.to_possible_value()?.get_name().to_owned()));
        flag("data", &self.data);
        flag("map", &self.map);
        flag("stamp", &one(&stamp));
        flag("from", &one(&self.from));
        flag("to", &one(&self.to));
        flag("set", &self.set);
        flag("exec", &one(&self.exec));
        flag("instrument", &self.instrument);
        flag("cash", std::slice::from_ref(&self.cash));
        flag("seed", &[self.seed.to_string()]);
        words.extend(self.cold.then(|| "--cold".to_owned()));
        words
    }

    /// The other way round; nothing if these words never stood behind `gbc run`.
    pub(crate) fn read(words: &[String]) -> Option<RunArgs> {
        let words = ["gbc", "run"].into_iter().map(str::to_owned).chain(words.iter().cloned());
        match Args::try_parse_from(words).ok()?.command {
            Command::Run(args) => Some(*args),
            _ => None,
        }
    }
}

#[derive(Debug, ClapArgs)]
#[command(after_help = examples(&[
    "gbc why runs/ticks --order 7    # of the last run that `gbc run --help` shows",
    "gbc why runs/ticks --at 2025-06-02T14:00:00Z",
]))]
pub(crate) struct WhyArgs {
    /// The folder of a run
    #[arg(value_name = "RUN")]
    pub(crate) run: PathBuf,
    /// The order whose life is told, by its number
    #[arg(long, value_name = "ID", required_unless_present = "at", conflicts_with = "at")]
    pub(crate) order: Option<u64>,
    /// Tell what was open then, the position, what happened around it, and what each rule saw
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// Text for people, or one JSON object
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StampArg {
    /// A row's time is when its bar opened
    Open,
    /// A row's time is when its bar closed
    Close,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineArg {
    /// The interpreter
    #[default]
    Interp,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = examples(&[
    "gbc test examples",
    "gbc test examples/three_up.gbs --format json",
]))]
pub(crate) struct TestArgs {
    /// Sources and folders of sources [default: those of the project, else this folder]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Text for people, or one JSON object a line
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = examples(&[
    "gbc fmt examples",
    "gbc fmt --check examples",
    "gbc fmt - < examples/ema_cross.gbs    # from standard input to standard output",
]))]
pub(crate) struct FmtArgs {
    /// Sources and folders of sources, or `-` [default: those of the project, else this folder]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Change nothing; fail if something would change
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = examples(&[
    "gbc emit --stage flow examples/ema_cross.gbs",
    "gbc emit --stage hir examples/three_up.gbs",
]))]
pub(crate) struct EmitArgs {
    /// How far to go
    #[arg(long, value_enum)]
    pub(crate) stage: StageArg,
    /// The strategy
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StageArg {
    /// The tree of the text
    Ast,
    /// The typed program
    Hir,
    /// The flow IR
    Flow,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = examples(&[
    "gbc explain E0312",
    "gbc explain 312    # the same",
    "gbc explain clock    # codes whose titles hold a word",
    "gbc explain    # all codes",
]))]
pub(crate) struct ExplainArgs {
    /// The code of a diagnostic, or a word of its title [default: all codes]
    #[arg(value_name = "CODE")]
    pub(crate) code: Option<String>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = examples(&[
    "gbc completions bash > gbc.bash    # then `source gbc.bash`, from ~/.bashrc say",
    "gbc completions zsh > _gbc    # into a folder of $fpath",
    "gbc completions fish > gbc.fish    # into ~/.config/fish/completions",
    "gbc completions elvish > gbc.elv    # then `eval (slurp < gbc.elv)`, from rc.elv say",
    "gbc completions powershell > gbc.ps1    # then `. ./gbc.ps1`, from $PROFILE say",
]))]
pub(crate) struct CompletionsArgs {
    /// For which shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = examples(&[
    "gbc data inspect examples/data/es_1m.parquet",
    "gbc data synth --kind bars --events 10000 --out bars.parquet",
]))]
pub(crate) struct DataArgs {
    #[command(subcommand)]
    pub(crate) command: DataCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DataCommand {
    /// Make realistic data from a seed: the same seed gives the same bytes
    #[command(after_help = examples(&[
    "gbc data synth --kind l1 --events 100000 --seed 7 --out l1.parquet",
    "gbc data synth --kind bars --events 5000 --instrument ES --out es.csv",
]))]
    Synth(SynthArgs),
    /// Say how a file is understood, and read it to the end
    #[command(after_help = examples(&[
    "gbc data inspect examples/data/mnq_l1.parquet",
]))]
    Inspect(ReadArgs),
    /// Read a file to the end and fail at its first mistake
    #[command(after_help = examples(&[
    "gbc data check examples/data/mnq_l1.parquet",
]))]
    Check(ReadArgs),
    /// Bring data into a store of our own: sorted, mended where there is one right answer, hashed
    #[command(after_help = examples(&[
    "gbc data import examples/data/es_1m.parquet --out es.store",
]))]
    Import(ImportArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct SynthArgs {
    /// What to make
    #[arg(long, value_enum)]
    pub(crate) kind: KindArg,
    /// How many rows
    #[arg(long, value_name = "N")]
    pub(crate) events: usize,
    /// What chance is drawn from
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// An instrument file or a common instrument's name [default: a made-up one]
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) instrument: Option<String>,
    /// The file to write: `.parquet` or `.csv`
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindArg {
    /// Best bid and ask, and trades
    L1,
    /// Bars of one minute
    Bars,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ImportArgs {
    /// A file, a folder, or a pattern of them
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The folder to write [default: the file's name, ending in `.store`]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// What a column holds, where its name does not tell: `Px=close`
    #[arg(long, value_name = "COLUMN=FIELD", value_delimiter = ',')]
    pub(crate) map: Vec<String>,
    /// Which end of a bar the file stamps
    #[arg(long, value_enum)]
    pub(crate) stamp: Option<StampArg>,
    /// An instrument file or a common instrument's name
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) instrument: Option<String>,
    /// Mend nothing: refuse what a run would refuse
    #[arg(long)]
    pub(crate) strict: bool,
    /// Text for people, or one JSON object
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ReadArgs {
    /// A file, a folder, or a pattern of them
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// What a column holds, where its name does not tell: `Px=close`
    #[arg(long, value_name = "COLUMN=FIELD", value_delimiter = ',')]
    pub(crate) map: Vec<String>,
    /// Which end of a bar the file stamps
    #[arg(long, value_enum)]
    pub(crate) stamp: Option<StampArg>,
    /// An instrument file or a common instrument's name
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) instrument: Option<String>,
    /// Text for people, or one JSON object
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}
