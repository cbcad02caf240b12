//! Libraries: found by path, each read and checked once, the used before the using.

use std::collections::BTreeSet;

use gbc_diagnostics::{Diagnostic, Diagnostics, Source};
use gbc_syntax::ast::{File, ItemKind, Name};

use crate::check::check_among;
use crate::errors::libraries as errors;

/// No program may be made of more files than this.
const MAX_LIBRARIES: usize = 64;

/// No library may use libraries deeper than this.
const MAX_DEPTH: usize = 32;

/// All libraries of a program together may be this long.
const MAX_BYTES: usize = 8 << 20;

/// What a `use` asks for.
#[derive(Clone, Copy, Debug)]
pub struct LibraryPath<'a> {
    /// As written: `./mine`, `acme/carry@1.3`.
    pub written: &'a str,
    /// The name of the library that asks; `None` where the program's own file does.
    pub from: Option<&'a str>,
}

/// Why there is no library at a path.
#[derive(Clone, Debug)]
pub enum LoadError {
    /// There is none.
    Missing {
        /// Paths that lead to one, written the same way.
        siblings: Vec<String>,
        /// Whether the project pins the text of one that was there.
        pinned: bool,
    },
    /// There is another text than the one that the project pins.
    Changed {
        /// The file, as seen from the project.
        file: String,
        /// The hash that it must have.
        pinned: String,
        /// The hash that it has.
        found: String,
    },
    /// The path leaves the project.
    Outside,
    /// There is something, but it cannot be read: "a folder, not a file".
    Unreadable(String),
    /// Whoever checks this text sees no files.
    NoFiles,
}

/// Finds libraries. The name of what it finds must be the same whichever way the path is written.
pub type Loader<'a> = dyn Fn(&LibraryPath<'_>) -> Result<Source, LoadError> + 'a;

/// The loader of those who see no files: the standard library is there all the same.
pub fn no_files(_: &LibraryPath<'_>) -> Result<Source, LoadError> {
    Err(LoadError::NoFiles)
}

/// A library that a program is made of.
#[derive(Clone, Debug)]
pub(crate) struct Library {
    pub(crate) source: Source,
    pub(crate) file: File,
    /// What its `use` items mean, in their order.
    pub(crate) uses: Vec<Used>,
    /// Its first mistake, or that of a library it uses: file, line, message.
    wrong: Option<(String, usize, String)>,
}

/// What a `use` leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Used {
    /// The library of that number.
    Library(usize),
    /// A file of the standard library, by its number there.
    Std(usize),
    /// Nothing; that has been said.
    Nothing,
}

/// All libraries below a file, the used before the using.
pub(crate) struct Libraries<'a> {
    loader: &'a Loader<'a>,
    pub(crate) read: Vec<Library>,
    bytes: usize,
    /// The libraries being read, outermost first: name and path as written.
    open: Vec<(String, String)>,
    started: usize,
}

impl<'a> Libraries<'a> {
    pub(crate) fn new(loader: &'a Loader<'a>) -> Libraries<'a> {
        Libraries { loader, read: Vec::new(), bytes: 0, open: Vec::new(), started: 0 }
    }

    /// What the `use` items of a file mean, in their order, and what is wrong with them.
    pub(crate) fn of(&mut self, file: &File) -> (Vec<Used>, Vec<Diagnostic>) {
        let mut wrong = Vec::new();
        let paths = file.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Use { path, .. } => Some(path),
            _ => None,
        });
        let used = paths.map(|path| {
            self.find(path).unwrap_or_else(|diagnostic| {
                wrong.push(*diagnostic);
                Used::Nothing
            })
        });
        (used.collect(), wrong)
    }

    /// The name of the source that a `use` leads to.
    pub(crate) fn name_of(&self, used: Used) -> Option<String> {
        match used {
            Used::Library(number) => Some(self.read[number].source.name.clone()),
            Used::Std(part) => Some(name_of_std(part)),
            Used::Nothing => None,
        }
    }

    /// The text of all that a file uses, directly or not: its libraries, then the parts of the standard library.
    pub(crate) fn sources(&self, uses: &[Used]) -> Vec<Source> {
        let all = uses.iter().chain(self.read.iter().flat_map(|library| &library.uses));
        let std: BTreeSet<usize> =
            all.filter_map(|used| if let Used::Std(part) = used { Some(*part) } else { None }).collect();
        let std = std.into_iter().map(|part| Source::new(name_of_std(part), gbc_stdlib::FILES[part].1));
        let read: Vec<Source> = self.read.iter().map(|library| library.source.clone()).collect();
        read.into_iter().chain(std).collect()
    }

    fn find(&mut self, path: &Name) -> Result<Used, Box<Diagnostic>> {
        if let Some(name) = path.text.strip_prefix("std/") {
            let index = gbc_stdlib::FILES.iter().position(|(known, _)| *known == name);
            return index.map(Used::Std).ok_or_else(|| {
                let siblings = gbc_stdlib::FILES.iter().map(|(name, _)| format!("std/{name}")).collect();
                Box::new(errors::missing(&path.text, path.span, &LoadError::Missing { siblings, pinned: false }))
            });
        }
        let from = self.open.last().map(|(name, _)| name.as_str());
        let source = (self.loader)(&LibraryPath { written: &path.text, from })
            .map_err(|error| Box::new(errors::missing(&path.text, path.span, &error)))?;
        if let Some(at) = self.open.iter().position(|(name, _)| *name == source.name) {
            let mut names: Vec<&str> = self.open[at..].iter().map(|(_, path)| path.as_str()).collect();
            names.push(&path.text);
            return Err(Box::new(errors::circle(&names, path.span)));
        }
        let index = match self.read.iter().position(|known| known.source.name == source.name) {
            Some(index) => index,
            None => self.read(source, path)?,
        };
        match &self.read[index].wrong {
            Some((file, line, message)) => Err(Box::new(errors::broken(&path.text, path.span, file, *line, message))),
            None => Ok(Used::Library(index)),
        }
    }

    /// Reads and checks one library, and those that it uses before it.
    fn read(&mut self, source: Source, path: &Name) -> Result<usize, Box<Diagnostic>> {
        self.bytes += source.text.len();
        self.started += 1;
        if self.started > MAX_LIBRARIES {
            return Err(Box::new(errors::too_many("more than 64 libraries", path.span)));
        }
        if self.open.len() == MAX_DEPTH {
            return Err(Box::new(errors::too_many("libraries deeper than 32", path.span)));
        }
        if self.bytes > MAX_BYTES {
            return Err(Box::new(errors::too_many("more than 8 MiB of libraries", path.span)));
        }
        let parsed = gbc_syntax::parse(&source.text);
        if parsed.file.items.iter().any(|item| matches!(item.kind, ItemKind::Strategy { .. })) {
            return Err(Box::new(errors::a_strategy(&path.text, path.span)));
        }
        self.open.push((source.name.clone(), path.text.clone()));
        let (uses, unfound) = self.of(&parsed.file);
        self.open.pop();
        // What goes wrong between files belongs to no single one of them: it is said where the program begins.
        let between = unfound.iter().find(|diagnostic| errors::BETWEEN.contains(&diagnostic.code));
        if let Some(between) = between {
            let mut between = between.clone();
            between.labels.truncate(1);
            between.labels[0].span = path.span;
            return Err(Box::new(between));
        }
        let mut diagnostics = parsed.diagnostics.clone();
        diagnostics.extend(unfound_first(&unfound));
        if !diagnostics.has_errors() {
            diagnostics.extend(check_among(&source.text, &parsed.file, &self.read, &uses).1);
        }
        let first = diagnostics
            .in_order()
            .into_iter()
            .find(|diagnostic| diagnostic.severity == gbc_diagnostics::Severity::Error);
        let wrong = first.map(|first| {
            // A library that uses a broken one is not broken itself: the reader wants the place of the mistake.
            let inner = self.read.iter().filter_map(|library| library.wrong.clone()).next_back();
            let here = (source.name.clone(), source.place(first.span().start).line, first.message.clone());
            inner.filter(|_| first.code == errors::BROKEN).unwrap_or(here)
        });
        self.read.push(Library { source, file: parsed.file, uses, wrong });
        Ok(self.read.len() - 1)
    }
}

fn name_of_std(part: usize) -> String {
    format!("std/{}", gbc_stdlib::FILES[part].0)
}

fn unfound_first(unfound: &[Diagnostic]) -> Diagnostics {
    let mut all = Diagnostics::default();
    unfound.iter().for_each(|diagnostic| all.push(diagnostic.clone()));
    all
}

/// What a file defines that others may want: its name, and whether they may use it.
pub(crate) fn offered(file: &File) -> impl Iterator<Item = (&str, bool)> {
    file.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Fn(function) => Some((function.name.text.as_str(), function.public)),
        ItemKind::Enum { public, name, .. } | ItemKind::Record { public, name, .. } => Some((&name.text, *public)),
        _ => None,
    })
}
