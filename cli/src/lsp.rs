//! `gbc lsp`: the compiler as an editor asks it.

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use gbc_lsp::{Ending, LibraryPath, LoadError, Source};

use crate::exit::Exit;
use crate::{files, libraries, out};

pub(crate) fn lsp() -> Result<(), Exit> {
    if std::io::stdin().is_terminal() {
        out::complain("note: this is for editors, which start it themselves; Ctrl-D ends it\n");
    }
    match gbc_lsp::stdio(Disk) {
        Ok(Ending::Agreed) => Ok(()),
        // The protocol asks for exit code 1.
        Ok(Ending::Broken) => Err(Exit::program()),
        Err(error) => Err(Exit::files(format!("cannot talk to the editor: {error}"))),
    }
}

/// The files of this machine.
struct Disk;

impl gbc_lsp::Shelf for Disk {
    fn name(&self, file: &Path) -> PathBuf {
        fs::canonicalize(file).unwrap_or_else(|_| file.to_owned())
    }

    fn find(&self, file: &Path, asked: &LibraryPath<'_>) -> Result<Source, LoadError> {
        libraries::found_for(file, asked)
    }

    /// Lays the part down among the user's cached files, where an editor can open it.
    fn standard(&self, part: &Source) -> Option<PathBuf> {
        let folder = cache()?.join("gbc").join(env!("CARGO_PKG_VERSION")).join("std");
        let file = folder.join(format!("{}.gbs", part.name.rsplit('/').next()?));
        // Somebody may have edited what lies there: what is shown is what the compiler holds.
        if files::source(&file).is_ok_and(|there| there.text == part.text) {
            return Some(file);
        }
        fs::create_dir_all(&folder).ok()?;
        fs::write(&file, &part.text).ok()?;
        Some(file)
    }
}

fn cache() -> Option<PathBuf> {
    let from = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    from("XDG_CACHE_HOME").or_else(|| from("LOCALAPPDATA")).or_else(|| Some(from("HOME")?.join(".cache")))
}
