//! Libraries on the disk: where a `use` leads, and never out of the project; and whether it is the text that is pinned.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

use gbc_diagnostics::Source;
use gbc_driver::{Checked, LibraryPath, LoadError};

use crate::exit::Exit;
use crate::lock::{self, Lock};
use crate::{files, models, out, project};

/// Reads and checks a source with the libraries and models that it uses, and pins those of others that it is the first to use.
pub(crate) fn checked(path: &Path) -> Result<Checked, Exit> {
    let shelf = Shelf::around(path);
    if let Err(reason) = &shelf.lock {
        return Err(Exit::files(reason));
    }
    let mut checked = gbc_driver::check_with(files::source(path)?, &|asked| shelf.find(asked));
    checked.hold_models(&|written| models::find(&shelf.folder, &shelf.root, written));
    if checked.is_sound() {
        shelf.pin();
    }
    Ok(checked)
}

/// Checks a source as if it lay at this path.
pub(crate) fn checked_as(source: Source, path: &Path) -> Checked {
    let shelf = Shelf::around(path);
    gbc_driver::check_with(source, &|asked| shelf.find(asked))
}

/// A library of others and all that it uses, below the folder that holds them: each file as seen from there, and its text.
pub(crate) fn checked_below(shelf: &Path, file: &Path) -> Result<(Checked, Vec<(PathBuf, String)>), Exit> {
    let place = fs::canonicalize(shelf).map_err(|error| Exit::files(format!("{}: {error}", shelf.display())))?;
    let shelf = Shelf { lib: place.clone(), folder: folder_of(&place.join(file)), root: place, ..Shelf::around(file) };
    let source = files::source(&shelf.root.join(file))?;
    let checked = gbc_driver::check_with(source, &|asked| {
        shelf.found(asked).map(|(found, text)| Source::new(found.display().to_string(), text))
    });
    let below = |library: &Source| Path::new(&library.name).strip_prefix(&shelf.root).map(Path::to_owned).ok();
    let used = checked.program.libraries.iter().filter_map(|library| Some((below(library)?, library.text.clone())));
    let all = std::iter::once((file.to_owned(), checked.source.text.clone())).chain(used).collect();
    Ok((checked, all))
}

/// The library that a file uses, under a name of its own that hangs on no folder: for editors.
pub(crate) fn found_for(file: &Path, asked: &LibraryPath<'_>) -> Result<Source, LoadError> {
    Shelf::around(file).found(asked).map(|(found, text)| Source::new(found.display().to_string(), text))
}

/// Where the libraries of one program lie.
struct Shelf {
    /// The program's file, as given.
    file: PathBuf,
    /// Its folder, the top folder of the project, and where libraries with a name lie; all without links.
    folder: PathBuf,
    root: PathBuf,
    lib: PathBuf,
    /// What the project pins; nothing where there is no project, and the reason where it cannot be read.
    lock: Result<Option<Lock>, String>,
    /// Files of others that were found: as seen from the project, with the hashes of their texts.
    others: RefCell<BTreeMap<String, String>>,
}

impl Shelf {
    fn around(file: &Path) -> Shelf {
        let here = folder_of(file);
        let folder = fs::canonicalize(&here).unwrap_or(here);
        let project = folder.ancestors().find(|folder| project::is_root(folder));
        let root = project.unwrap_or(&folder).to_owned();
        Shelf {
            file: file.to_owned(),
            lock: project.map(Lock::of).transpose(),
            lib: root.join("lib"),
            root,
            folder: folder.clone(),
            others: RefCell::default(),
        }
    }

    fn find(&self, asked: &LibraryPath<'_>) -> Result<Source, LoadError> {
        self.found(asked).map(|(found, text)| Source::new(self.shown(&found), text))
    }

    /// Its file without links, and its text.
    fn found(&self, asked: &LibraryPath<'_>) -> Result<(PathBuf, String), LoadError> {
        let relative = asked.written.starts_with('.');
        let from = asked.from.map(|library| {
            let library = Path::new(library);
            fs::canonicalize(library).unwrap_or_else(|_| library.to_owned())
        });
        let base = match &from {
            _ if !relative => self.lib.clone(),
            None => self.folder.clone(),
            Some(library) => folder_of(library),
        };
        // Judged by the path alone first: outside the project not even what exists is told.
        let wanted = without_dots(&base.join(format!("{}.gbs", asked.written)));
        if !wanted.starts_with(&self.root) {
            return Err(LoadError::Outside);
        }
        let Ok(found) = fs::canonicalize(&wanted) else {
            let pinned = self.pinned(&self.key(&wanted)).is_some();
            return Err(LoadError::Missing { siblings: siblings(&wanted, asked.written), pinned });
        };
        if !found.starts_with(&self.root) {
            return Err(LoadError::Outside);
        }
        let text = files::source(&found).map_err(|exit| LoadError::Unreadable(reason(&exit, &found)))?.text;
        // What a library of others uses is of others too.
        let of_others = asked.written.contains('@') || from.is_some_and(|library| self.is_of_others(&library));
        if of_others {
            self.hold(self.key(&found), &text)?;
        }
        Ok((found, text))
    }

    /// Holds a text of others against its pin.
    fn hold(&self, file: String, text: &str) -> Result<(), LoadError> {
        let found = files::sha256(text.as_bytes());
        match self.pinned(&file) {
            Some(pinned) if pinned != found => Err(LoadError::Changed { file, pinned: pinned.to_owned(), found }),
            _ => {
                self.others.borrow_mut().insert(file, found);
                Ok(())
            }
        }
    }

    fn is_of_others(&self, library: &Path) -> bool {
        let file = self.key(library);
        self.others.borrow().contains_key(&file) || self.pinned(&file).is_some()
    }

    fn pinned(&self, file: &str) -> Option<&str> {
        self.lock.as_ref().ok()?.as_ref()?.get(file)
    }

    /// A file as the lock calls it.
    fn key(&self, file: &Path) -> String {
        key(file.strip_prefix(&self.root).unwrap_or(file))
    }

    /// Pins what was found and is not pinned yet. A lock that cannot be written stops nobody, but is not silent.
    fn pin(&self) {
        let Ok(Some(mut lock)) = self.lock.clone() else { return };
        let new = lock.pin(self.others.take());
        if new.is_empty() {
            return;
        }
        let (files, name) = (new.join("`, `"), lock::FILE);
        out::complain(&match lock.write(&self.root) {
            Ok(()) => format!("note: `{name}` pins `{files}` from now on\n"),
            Err(exit) => format!("note: `{files}` cannot be pinned: {}\n", exit.message()),
        });
    }

    /// A file as the user would name it, seen from where the program's file was named.
    fn shown(&self, found: &Path) -> String {
        let common = self.folder.components().zip(found.components()).take_while(|(a, b)| a == b).count();
        let up = self.folder.components().count() - common;
        let mut path: PathBuf = self.file.parent().map(Path::to_owned).unwrap_or_default();
        path.extend(std::iter::repeat_n("..", up));
        path.extend(found.components().skip(common));
        path.display().to_string()
    }
}

/// A file as seen from the project's folder, on every machine alike.
pub(crate) fn key(file: &Path) -> String {
    let parts: Vec<_> = file.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// `a/./b/../c` as `a/c`.
pub(crate) fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// The libraries beside the one that is missing, written as it was.
fn siblings(wanted: &Path, written: &str) -> Vec<String> {
    let before = written.rsplit_once('/').map_or("", |(before, _)| before);
    let entries = wanted.parent().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let libraries = entries.map(|entry| entry.path()).filter(|path| path.extension() == Some(OsStr::new("gbs")));
    let mut names: Vec<String> =
        libraries.filter_map(|path| Some(format!("{before}/{}", path.file_stem()?.to_str()?))).collect();
    names.sort();
    names
}

/// What was wrong with a file, without its name.
pub(crate) fn reason(exit: &Exit, path: &Path) -> String {
    let whole = exit.message();
    whole.strip_prefix(&format!("{}: ", path.display())).unwrap_or(whole).to_owned()
}
