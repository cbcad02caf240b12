//! `gbc check`: what is wrong with a strategy, or what is proven of it.

use gbc_diagnostics::{Diagnostic, Source, to_json, to_text};
use gbc_driver::{Checked, Proof, proof};

use crate::args::{CheckArgs, Format};
use crate::exit::Exit;
use crate::{files, out};

pub(crate) fn check(args: &CheckArgs) -> Result<(), Exit> {
    let mut sound = true;
    for path in files::sources_below(&args.paths)? {
        let checked = gbc_driver::check(files::source(&path)?);
        report(&checked, args.format)?;
        if !checked.is_sound() {
            sound = false;
        } else if !checked.is_library() {
            print_proof(&checked, args.format)?;
        } else if args.format == Format::Text {
            out::print(&format!("{}: a sound library\n", checked.source.name))?;
        }
    }
    if sound { Ok(()) } else { Err(Exit::program()) }
}

/// A sound program, or all that is wrong with it on standard error.
pub(crate) fn sound(checked: &Checked) -> Result<(), Exit> {
    for diagnostic in checked.diagnostics.in_order() {
        out::complain(&to_text(&checked.source, diagnostic, out::colour_of_errors()));
    }
    if !checked.is_sound() {
        return Err(Exit::program());
    }
    if checked.is_library() {
        return Err(Exit::usage(format!("{} is a library; only a strategy can do that", checked.source.name)));
    }
    Ok(())
}

/// A program that an engine of this version can run, or what it cannot on standard error.
pub(crate) fn runs(checked: &Checked) -> Result<(), Exit> {
    checked.can_run().map_err(|diagnostic| {
        out::complain(&to_text(&checked.source, &diagnostic, out::colour_of_errors()));
        Exit::program()
    })
}

fn report(checked: &Checked, format: Format) -> Result<(), Exit> {
    for diagnostic in checked.diagnostics.in_order() {
        out::print(&rendered(&checked.source, diagnostic, format))?;
    }
    Ok(())
}

/// One diagnostic as the user wants it.
pub(crate) fn rendered(source: &Source, diagnostic: &Diagnostic, format: Format) -> String {
    match format {
        Format::Text => to_text(source, diagnostic, out::colour()),
        Format::Json => to_json(source, diagnostic) + "\n",
    }
}

fn print_proof(checked: &Checked, format: Format) -> Result<(), Exit> {
    let proof = proof(checked);
    out::print(&match format {
        Format::Text => sheet(checked, &proof),
        Format::Json => json(checked, &proof),
    })
}

fn sheet(checked: &Checked, proof: &Proof) -> String {
    let mut rows: Vec<(String, String)> = Vec::new();
    for (market, reads) in &proof.reads {
        rows.push((format!("reads of {market}"), reads.clone()));
    }
    let counted = |list: &[(String, u64)]| {
        let parts: Vec<String> = list.iter().map(|(clock, n)| format!("{n} × {clock}")).collect();
        if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
    };
    rows.push(("warm-up".into(), counted(&proof.warm_up)));
    rows.push(("memory".into(), format!("{} bytes", proof.memory_bytes)));
    for (clock, count) in &proof.operations {
        rows.push(("work".into(), format!("at most {count} operations on {clock}")));
    }
    for (name, value, range, reaches) in &proof.params {
        let range = if range.is_empty() { String::new() } else { format!(" in {range}") };
        let reach = if *reaches { "reaches orders" } else { "reaches no order" };
        rows.push((format!("param {name}"), format!("{value}{range}, {reach}")));
    }
    if !proof.cannot_run.is_empty() {
        rows.push(("note".into(), format!("checks; this version cannot run: {}", proof.cannot_run.join(", "))));
    }
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let mut text = format!("{}: sound — no look-ahead, bounded memory, decidable wishes\n", checked.source.name);
    for (name, value) in rows {
        text += &format!("  {name:<width$}  {value}\n");
    }
    text
}

fn json(checked: &Checked, proof: &Proof) -> String {
    let pairs = |list: &[(String, u64)]| -> serde_json::Map<String, serde_json::Value> {
        list.iter().map(|(name, count)| (name.clone(), (*count).into())).collect()
    };
    let operations: Vec<(String, u64)> =
        proof.operations.iter().map(|(name, count)| (name.clone(), *count as u64)).collect();
    let reads: serde_json::Map<_, serde_json::Value> =
        proof.reads.iter().map(|(name, what)| (name.clone(), what.clone().into())).collect();
    let params: Vec<serde_json::Value> = proof
        .params
        .iter()
        .map(|(name, value, range, reaches)| {
            serde_json::json!({ "name": name, "value": value, "range": range, "reachesOrders": reaches })
        })
        .collect();
    let object = serde_json::json!({
        "file": checked.source.name, "sound": true, "reads": reads, "warmUp": pairs(&proof.warm_up),
        "memoryBytes": proof.memory_bytes, "operations": pairs(&operations), "params": params, "tests": proof.tests, "cannotRun": proof.cannot_run,
    });
    object.to_string() + "\n"
}
