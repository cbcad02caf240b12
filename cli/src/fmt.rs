//! `gbc fmt`: the one style.

use std::io::Read;
use std::path::Path;

use crate::args::FmtArgs;
use crate::exit::Exit;
use crate::{files, out, project};

pub(crate) fn fmt(args: &FmtArgs) -> Result<(), Exit> {
    if args.paths.iter().any(|path| path == Path::new("-")) {
        return standard_input(args.check);
    }
    let mut differ = false;
    for path in project::sources(&args.paths)? {
        let source = files::source(&path)?;
        let formatted = gbc_driver::format(&source.text);
        if formatted == source.text {
            continue;
        }
        differ = true;
        if args.check {
            let (name, line) = (path.display(), first_difference(&source.text, &formatted));
            out::print(&format!("{name}:{line}: not in the one style; `gbc fmt {name}` mends it\n"))?;
        } else {
            replace(&path, &formatted)?;
            out::print(&format!("{}: formatted\n", path.display()))?;
        }
    }
    if args.check && differ { Err(Exit::program()) } else { Ok(()) }
}

/// The first line, from 1, in which two texts differ.
fn first_difference(one: &str, other: &str) -> usize {
    1 + one.split_inclusive('\n').zip(other.split_inclusive('\n')).take_while(|(one, other)| one == other).count()
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
