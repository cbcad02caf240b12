//! `gbc check`: what is wrong with a strategy, or what is proven of it.

use gbc_diagnostics::{Diagnostic, Printer, to_text};
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
    complain(checked);
    if !checked.is_sound() {
        return Err(Exit::program());
    }
    if checked.is_library() {
        return Err(Exit::usage(format!("{} is a library; only a strategy can do that", checked.source.name)));
    }
    Ok(())
}

/// All that was found, on standard error.
pub(crate) fn complain(checked: &Checked) {
    let printer = Printer::new(&checked.source);
    for diagnostic in checked.diagnostics.in_order() {
        out::complain(&printer.text(diagnostic, out::colour_of_errors()));
    }
}

/// A program that an engine of this version can run, or what it cannot on standard error.
pub(crate) fn runs(checked: &Checked) -> Result<(), Exit> {
    checked.can_run().map_err(|diagnostic| {
        out::complain(&to_text(&checked.source, &diagnostic, out::colour_of_errors()));
        Exit::program()
    })
}

/// All that was found, on standard output.
pub(crate) fn report(checked: &Checked, format: Format) -> Result<(), Exit> {
    let printer = Printer::new(&checked.source);
    checked.diagnostics.in_order().into_iter().try_for_each(|it| out::print(&rendered(&printer, it, format)))
}

/// One diagnostic as the user wants it.
pub(crate) fn rendered(printer: &Printer<'_>, diagnostic: &Diagnostic, format: Format) -> String {
    match format {
        Format::Text => printer.text(diagnostic, out::colour()),
        Format::Json => printer.json(diagnostic) + "\n",
    }
}

fn print_proof(checked: &Checked, format: Format) -> Result<(), Exit> {
    let (file, proof) = (&checked.source.name, proof(checked));
    out::print(&match format {
        Format::Text => proof_sheet::text(file, &proof),
        Format::Json => proof_sheet::object(file, &proof),
    })
}
