//! The command line: arguments, files, colours, exit codes. Everything else is asked of the rooms below.

#![forbid(unsafe_code)]

mod args;
mod check;
mod completions;
mod data;
mod emit;
mod exit;
mod explain;
mod files;
mod fmt;
mod instruments;
mod lsp;
mod out;
mod output;
mod progress;
mod proof_sheet;
mod run;
mod test;

use std::process::ExitCode;

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
    let args = Args::parse();
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || dispatch(args.command));
    let result = match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(exit::internal_error()),
        Err(error) => Err(Exit::files(format!("cannot start a thread: {error}"))),
    };
    exit::finish(result)
}

fn dispatch(command: Command) -> Result<(), Exit> {
    match command {
        Command::Check(args) => check::check(&args),
        Command::Run(args) => run::run(&args),
        Command::Test(args) => test::test(&args),
        Command::Fmt(args) => fmt::fmt(&args),
        Command::Emit(args) => emit::emit(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Data(args) => data::data(&args.command),
        Command::Lsp => lsp::lsp(),
        Command::Completions(args) => completions::completions(&args),
    }
}
