//! `gbc fmt`: the one style.

use std::io::Read;
use std::path::Path;

use crate::args::FmtArgs;
use crate::exit::Exit;
use crate::{files, out};

pub(crate) fn fmt(args: &FmtArgs) -> Result<(), Exit> {
    if args.paths.iter().any(|path| path == Path::new("-")) {
        return standard_input(args.check);
    }
    let mut differ = false;
    for path in files::sources_below(&args.paths)? {
        let source = files::source(&path)?;
        let formatted = gbc_driver::format(&source.text);
        if formatted == source.text {
            continue;
        }
        differ = true;
        if args.check {
            out::print(&format!("{}: not in the one style\n", path.display()))?;
        } else {
            replace(&path, &formatted)?;
            out::print(&format!("{}: formatted\n", path.display()))?;
        }
    }
    if args.check && differ { Err(Exit::program()) } else { Ok(()) }
}

fn standard_input(check: bool) -> Result<(), Exit> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| Exit::files(format!("standard input: {error}")))?;
    let formatted = gbc_driver::format(&text);
    if check {
        return if formatted == text { Ok(()) } else { Err(Exit::program()) };
    }
    out::print(&formatted)
}

/// Writes beside the file and moves it there: a full disk costs nothing already written.
fn replace(path: &Path, text: &str) -> Result<(), Exit> {
    let beside = path.with_extension(format!("gbs.{}.part", std::process::id()));
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        Exit::files(format!("{}: {error}", path.display()))
    })
}
