//! What the tests stand on: a folder of their own, the binary, the repository's files, and runs in this process.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;

use gbc_core::bars::Source as BarSource;
use gbc_core::{Block, Instrument, Money, Schema};
use gbc_data::MemoryFeed;
use gbc_diagnostics::Source;
use gbc_driver::{Bound, Checked};
use gbc_engine::{FeedInput, Outcome, Setup};
use gbc_exec::Profile;

/// 2025-06-02, a Monday.
pub const MONDAY: gbc_core::Nanos = gbc_core::Nanos(1_748_822_400 * gbc_core::time::SECOND);

/// A file or folder of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// Something beside the checkout, or a word that it is not there.
pub fn shared(path: &str) -> Option<PathBuf> {
    let found = repository("../shared").join(path);
    if !found.exists() {
        println!("skipped: no ../shared/{path} beside the checkout");
        return None;
    }
    Some(found)
}

/// A folder of one test, gone when it ends.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("the target folder can be written to");
        Folder(path)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).expect("the target folder can be written to");
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_slice(&self.read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names in a folder below, in order.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.0.join(folder)).expect("it is a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// `gbc` with these arguments, here.
    pub fn gbc(&self, args: &[&str]) -> Ran {
        self.ran(&mut self.command(args))
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gbc"));
        command.args(args).current_dir(&self.0);
        command
    }

    pub fn ran(&self, command: &mut Command) -> Ran {
        let output = command.output().expect("gbc can be started");
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("gbc writes UTF-8");
        let ran = Ran { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) };
        let all = format!("{}{}", ran.out, ran.err);
        assert!(!all.contains("panicked at"), "a panic is never an answer: {all}");
        assert!(!all.contains('\u{1b}'), "no colour where no terminal reads: {all:?}");
        ran
    }

    /// Bars of synthetic data.
    pub fn bars(&self, name: &str, events: usize) {
        let events = events.to_string();
        self.gbc(&["data", "synth", "--kind", "bars", "--events", &events, "--seed", "3", "--out", name]).ends(0);
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a command left.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    #[track_caller]
    pub fn ends(self, code: i32) -> Ran {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }

    /// Ends with this code, and says this on standard error.
    #[track_caller]
    pub fn complains(self, code: i32, words: &str) -> Ran {
        let ran = self.ends(code);
        assert!(ran.err.contains(words), "{words:?} is missing: {}", ran.err);
        ran
    }
}

/// A sound strategy.
pub fn checked(text: &str) -> Checked {
    let checked = gbc_driver::check(Source::new("test.gbs", text));
    assert!(checked.is_sound(), "{:?}", checked.diagnostics);
    checked
}

pub fn source(path: &str) -> String {
    fs::read_to_string(repository(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Made data, and how they are to be played.
#[derive(Clone)]
pub struct World {
    /// For each market its feeds.
    pub feeds: Vec<(usize, Vec<Block>)>,
    pub setup: Setup,
}

impl World {
    pub fn new(markets: &[Instrument], feeds: Vec<(usize, Vec<Block>)>) -> World {
        let ticks = feeds.iter().any(|(_, blocks)| !blocks[0].schema.is_bars());
        let setup = Setup {
            instruments: markets.to_vec(),
            cash: Money(100_000 * Money::ONE.0),
            profile: if ticks { Profile::strict() } else { Profile::bars() },
            equity_every_ns: gbc_core::time::MINUTE,
            force_react: false,
        };
        World { feeds, setup }
    }

    pub fn sources(&self) -> Vec<BarSource> {
        let of = |market: usize| {
            let spans =
                self.feeds.iter().filter(|(id, _)| *id == market).filter_map(|(_, blocks)| match blocks[0].schema {
                    Schema::Bars { span_ns } => Some(span_ns),
                    _ => None,
                });
            spans.min().map_or(BarSource::Trades, |span_ns| BarSource::Bars { span_ns })
        };
        (0..self.setup.instruments.len()).map(of).collect()
    }

    pub fn bind(&self, checked: &Checked) -> Bound {
        let bound = checked.bind(&checked.defaults(), self.setup.instruments.clone(), &self.sources(), None);
        bound.unwrap_or_else(|diagnostic| panic!("{diagnostic:?}"))
    }

    /// The feeds, cut into blocks of so many rows.
    pub fn inputs(&self, rows: usize) -> Vec<FeedInput> {
        let input = |(market, blocks): &(usize, Vec<Block>)| {
            let blocks = blocks.iter().flat_map(|block| cut(block, rows)).collect();
            FeedInput { market: *market, feed: Box::new(MemoryFeed::new(blocks)) }
        };
        self.feeds.iter().map(input).collect()
    }

    pub fn play(&self, checked: &Checked, rows: usize) -> Outcome {
        self.play_with(checked, self.inputs(rows), &self.setup)
    }

    pub fn play_with(&self, checked: &Checked, inputs: Vec<FeedInput>, setup: &Setup) -> Outcome {
        let mut bound = self.bind(checked);
        let (outcome, halt) = gbc_engine::run(&mut bound.machine, inputs, setup, &mut |_| ControlFlow::Continue(()));
        assert!(halt.is_none(), "{halt:?}");
        outcome
    }
}

/// Rows `from..to` of a block.
pub fn part(block: &Block, from: usize, to: usize) -> Block {
    let mut part = Block::new(block.market, block.schema);
    part.time = block.time[from..to].to_vec();
    for column in gbc_core::Column::ALL {
        if !block.column(column).is_empty() {
            *part.column_mut(column) = block.column(column)[from..to].to_vec();
        }
    }
    part
}

fn cut(block: &Block, rows: usize) -> Vec<Block> {
    (0..block.len()).step_by(rows).map(|from| part(block, from, (from + rows).min(block.len()))).collect()
}
