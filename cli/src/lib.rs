//! The command line: arguments, files, colours, exit codes. Everything else is asked of the rooms below.

#![forbid(unsafe_code)]

mod add;
mod args;
mod check;
mod completions;
mod data;
mod emit;
mod exit;
mod explain;
mod files;
mod fmt;
mod inputs;
mod instruments;
mod libraries;
mod lines;
mod lock;
mod lsp;
mod made;
mod models;
mod needs;
mod new;
mod out;
mod output;
mod profiles;
mod progress;
mod project;
mod proof_sheet;
mod resume;
mod run;
mod shown;
mod test;
mod warm;
mod why;

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};

use args::{Args, Command};
use exit::Exit;

/// Deep expressions recurse; no thread's default stack may decide what compiles.
const STACK_BYTES: usize = 64 << 20;

/// Everything that can be typed, as clap knows it: for shells that complete it, and for tests that read its help.
pub fn command() -> clap::Command {
    Args::command()
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    exit::quiet_panics();
    let args = Args::try_parse().unwrap_or_else(|error| refuse(&error));
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || dispatch(args.command));
    let result = match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(exit::internal_error()),
        Err(error) => Err(Exit::files(format!("cannot start a thread: {error}"))),
    };
    exit::finish(result)
}

/// Says what is wrong with the command line, or what it asked to be told, and ends.
fn refuse(error: &clap::Error) -> ! {
    if error.kind() == ErrorKind::InvalidSubcommand
        && let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand)
    {
        out::complain(&unknown_command(word));
        std::process::exit(2);
    }
    error.exit()
}

/// clap offers words that begin alike; slips of the fingers swap letters as well.
fn unknown_command(word: &str) -> String {
    let data = command().find_subcommand("data").is_some_and(|data| data.find_subcommand(word).is_some());
    let commands = command();
    let names: Vec<&str> = commands.get_subcommands().map(clap::Command::get_name).collect();
    let offer = match gbc_diagnostics::nearest(word, names.iter().copied()) {
        _ if data => format!("did you mean `gbc data {word}`?"),
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", names.join(", ")),
    };
    let shown: String = word.chars().filter(|c| !c.is_control()).take(40).collect();
    format!("error: there is no command `{shown}`; {offer}\n\nFor more information, try 'gbc --help'.\n")
}

fn dispatch(command: Command) -> Result<(), Exit> {
    match command {
        Command::New(args) => new::new(&args),
        Command::Add(args) => add::add(&args),
        Command::Check(args) => check::check(&args),
        Command::Run(args) => run::run(&args),
        Command::Why(args) => why::why(&args),
        Command::Test(args) => test::test(&args),
        Command::Fmt(args) => fmt::fmt(&args),
        Command::Emit(args) => emit::emit(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Data(args) => data::data(&args.command),
        Command::Lsp => lsp::lsp(),
        Command::Completions(args) => completions::completions(&args),
    }
}
