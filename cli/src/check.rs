//! `gbc check`: what is wrong with a strategy, or what is proven of it.

use gbc_diagnostics::{Diagnostic, Source, to_json, to_text};
use gbc_driver::{Checked, proof};

use crate::args::{CheckArgs, Format};
use crate::exit::Exit;
use crate::{libraries, out, project, proof_sheet};

pub(crate) fn check(args: &CheckArgs) -> Result<(), Exit> {
    let mut sound = true;
    for path in project::sources(&args.paths)? {
        let checked = libraries::checked(&path)?;
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
    let (file, proof) = (&checked.source.name, proof(checked));
    out::print(&match format {
        Format::Text => proof_sheet::text(file, &proof),
        Format::Json => proof_sheet::object(file, &proof),
    })
}
