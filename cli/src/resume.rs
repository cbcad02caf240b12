//! `gbc run --resume`: a run that was paused or interrupted goes on where it stood, and comes out as if it never had.

use std::path::Path;

use gbc_engine::Checkpoint;
use serde_json::json;

use crate::args::RunArgs;
use crate::exit::Exit;
use crate::made::Made;
use crate::output::{self, Facts};
use crate::{files, run};

/// Goes on with the run in this folder.
pub(crate) fn resume(args: &RunArgs, folder: &Path) -> Result<(), Exit> {
    let path = folder.join(files::CHECKPOINT);
    if !path.exists() {
        let why = if folder.join("manifest.json").exists() { "the run in it came to its end" } else { "it is no run" };
        return Err(Exit::files(format!("{}: there is nothing to go on with: {why}", folder.display())));
    }
    let wrong = |error: &dyn std::fmt::Display| Exit::files(format!("{}: {error}", path.display()));
    let bytes = std::fs::read(&path).map_err(|error| wrong(&error))?;
    // Paths on this command line are seen from here, those of the run from where it was made.
    let place = std::path::absolute(args.out.as_deref().unwrap_or(folder)).map_err(|error| wrong(&error))?;
    let made = Made::of(folder)?;
    let prepared = run::prepare(&made.args)?;
    let data = made.is_same(&prepared)?;
    let facts = Facts {
        checked: &prepared.checked,
        params: &prepared.params,
        setup: &prepared.setup,
        data,
        interval: None,
        seed: made.args.seed,
        warmed: 0,
    };
    let checkpoint = Checkpoint::from_bytes(&bytes, &identity(&made.args, &facts)).map_err(|no| wrong(&no))?;
    let args = RunArgs {
        out: Some(place),
        pause_at: args.pause_at.clone(),
        quiet: args.quiet,
        format: args.format,
        ..made.args
    };
    run::play(&args, prepared, Some(&checkpoint))
}

/// What a checkpoint is of: all that decides what happens, hashed.
pub(crate) fn identity(args: &RunArgs, facts: &Facts<'_>) -> String {
    let (strategy, from) = (output::strategy(facts), output::provenance(facts));
    let all = json!({
        "compiler": from.compiler, "source": strategy.sha256, "libraries": from.libraries, "params": strategy.params,
        "data": from.data, "profile": output::execution(facts).sha256, "instruments": from.instruments,
        "cash": facts.setup.cash.0.to_string(), "seed": from.seed, "arguments": args.typed(),
    });
    files::sha256(all.to_string().as_bytes())
}
