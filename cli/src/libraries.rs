//! Libraries on the disk: where a `use` leads, and never out of the project.

use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

use gbc_diagnostics::Source;
use gbc_driver::{Checked, LibraryPath, LoadError};

use crate::exit::Exit;
use crate::{files, project};

/// Reads and checks a source with the libraries that it uses.
pub(crate) fn checked(path: &Path) -> Result<Checked, Exit> {
    Ok(checked_as(files::source(path)?, path))
}

/// Checks a source as if it lay at this path.
pub(crate) fn checked_as(source: Source, path: &Path) -> Checked {
    let shelf = Shelf::around(path);
    gbc_driver::check_with(source, &|asked| shelf.find(asked))
}

/// The library that a file uses, under a name of its own that hangs on no folder: for editors.
pub(crate) fn found_for(file: &Path, asked: &LibraryPath<'_>) -> Result<Source, LoadError> {
    Shelf::around(file).found(asked).map(|(found, text)| Source::new(found.display().to_string(), text))
}

/// Where the libraries of one program lie.
struct Shelf {
    /// The program's file, as given.
    file: PathBuf,
    /// Its folder, and the top folder of the project, without links.
    folder: PathBuf,
    root: PathBuf,
}

impl Shelf {
    fn around(file: &Path) -> Shelf {
        let here = folder_of(file);
        let folder = fs::canonicalize(&here).unwrap_or(here);
        let root = folder.ancestors().find(|folder| project::is_root(folder));
        Shelf { file: file.to_owned(), root: root.unwrap_or(&folder).to_owned(), folder: folder.clone() }
    }

    fn find(&self, asked: &LibraryPath<'_>) -> Result<Source, LoadError> {
        self.found(asked).map(|(found, text)| Source::new(self.shown(&found), text))
    }

    /// Its file without links, and its text.
    fn found(&self, asked: &LibraryPath<'_>) -> Result<(PathBuf, String), LoadError> {
        let relative = asked.written.starts_with('.');
        let base = match asked.from {
            _ if !relative => self.root.join("lib"),
            None => self.folder.clone(),
            Some(library) => {
                let folder = folder_of(Path::new(library));
                fs::canonicalize(&folder).unwrap_or(folder)
            }
        };
        // Judged by the path alone first: outside the project not even what exists is told.
        let wanted = without_dots(&base.join(format!("{}.gbs", asked.written)));
        if !wanted.starts_with(&self.root) {
            return Err(LoadError::Outside);
        }
        let Ok(found) = fs::canonicalize(&wanted) else {
            return Err(LoadError::Missing { siblings: siblings(&wanted, asked.written) });
        };
        if !found.starts_with(&self.root) {
            return Err(LoadError::Outside);
        }
        let text = files::source(&found).map_err(|exit| LoadError::Unreadable(reason(&exit, &found)))?.text;
        Ok((found, text))
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

fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// `a/./b/../c` as `a/c`.
fn without_dots(path: &Path) -> PathBuf {
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
fn reason(exit: &Exit, path: &Path) -> String {
    let whole = exit.message();
    whole.strip_prefix(&format!("{}: ", path.display())).unwrap_or(whole).to_owned()
}
