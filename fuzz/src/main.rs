//! `cargo run --release -p gbc-fuzz -- mutate --seconds 60`: cases from seeds, one after the other, until one fails.
//!
//! What fails is cut to the bone, saved under `tests/seeds/`, and printed with its seed. The case at hand always lies in
//! a file of the temporary folder, for failures that take the process with them.

#![forbid(unsafe_code)]

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use gbc_fuzz::corpus::Corpus;
use gbc_fuzz::law::Broken;
use gbc_fuzz::{bone, cases, corpus};

#[derive(Debug, Parser)]
#[command(name = "gbc-fuzz")]
struct Arguments {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    /// Damaged texts through the whole compiler
    Mutate(Choices),
    /// Programs made by chance, played in every way there is
    Generate(Choices),
    /// Prints the case of a seed, without trying it: `show mutate 7`
    Show {
        /// `mutate` or `generate`
        kind: String,
        /// The seed
        seed: u64,
    },
}

#[derive(Debug, Args)]
struct Choices {
    /// How long
    #[arg(long, value_name = "N", default_value_t = 60)]
    seconds: u64,
    /// The first seed; the next cases count on from it
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Go on after a failure
    #[arg(long)]
    go_on: bool,
}

/// Cases of one kind: the text of a seed, and what holds for it.
struct Cases {
    name: &'static str,
    text: Box<dyn Fn(u64) -> String>,
    hold: fn(&str, u64) -> Result<(), Broken>,
}

fn of_kind(name: &str) -> Cases {
    match name {
        "generate" => Cases { name: "generate", text: Box::new(cases::grown), hold: cases::hold_grown },
        _ => {
            let corpus = Corpus::new(corpus::texts().into_iter().map(|(_, text)| text));
            let text = move |seed| gbc_fuzz::damage::damaged(&corpus, seed);
            Cases { name: "mutate", text: Box::new(text), hold: cases::hold_damaged }
        }
    }
}

fn main() -> ExitCode {
    let (name, choices) = match Arguments::parse().kind {
        Kind::Mutate(choices) => ("mutate", choices),
        Kind::Generate(choices) => ("generate", choices),
        Kind::Show { kind, seed } => {
            print!("{}", (of_kind(&kind).text)(seed));
            return ExitCode::SUCCESS;
        }
    };
    // A panic is an answer here, and it is printed once, with its case.
    std::panic::set_hook(Box::new(|_| {}));
    if try_all(&of_kind(name), &choices) == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Tries cases until the time is over; how many failed.
fn try_all(cases: &Cases, choices: &Choices) -> usize {
    println!("{} from seed {} on, for {} s", cases.name, choices.seed, choices.seconds);
    let at_hand = std::env::temp_dir().join(format!("gbc-fuzz-{}-{}.gbs", cases.name, choices.seed));
    let (start, limit) = (now(), Duration::from_secs(choices.seconds));
    let (mut seed, mut failed, mut slowest) = (choices.seed, 0, (Duration::ZERO, 0));
    while now() - start < limit {
        let text = (cases.text)(seed);
        let _ = fs::write(&at_hand, &text);
        let begun = now();
        if let Err(broken) = (cases.hold)(&text, seed) {
            failed += 1;
            report(cases, seed, &text, &broken);
            if !choices.go_on {
                break;
            }
        }
        slowest = slowest.max((now() - begun, seed));
        seed += 1;
    }
    let _ = fs::remove_file(&at_hand);
    println!("{} cases, {failed} failed; the slowest, seed {}, took {:?}", seed - choices.seed, slowest.1, slowest.0);
    failed
}

fn report(cases: &Cases, seed: u64, text: &str, broken: &Broken) {
    println!("seed {seed} fails\n{broken}");
    let bone = bone::cut(text, &|text| (cases.hold)(text, seed).is_err_and(|other| other.law == broken.law));
    println!("---- cut to the bone\n{bone}\n----");
    let folder = corpus::root().join("tests/seeds");
    let path: PathBuf = folder.join(format!("{}_{seed}.gbs", cases.name));
    match fs::create_dir_all(&folder).and_then(|()| fs::write(&path, &bone)) {
        Ok(()) => println!("saved as {}", path.display()),
        Err(error) => println!("not saved: {error}"),
    }
}

#[allow(clippy::disallowed_methods, reason = "a door may read a clock; no result depends on it")]
fn now() -> Duration {
    use std::sync::LazyLock;
    use std::time::Instant;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}
