//! `use`: names of libraries become names of the file.

use std::collections::BTreeMap;

use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, Import, ItemKind};

use super::Checker;
use super::scope::{Global, Owner, Scope};
use crate::errors::libraries as errors;
use crate::libraries::{Library, Used, offered};

/// What a library calls its functions: its own, and those that it takes from others.
pub(super) type Names = BTreeMap<String, (Owner, usize)>;

/// The names of each library. They have been checked: what is missing here has been reported there.
pub(super) fn names_of_all(libraries: &[Library], std: &ast::File) -> Vec<Names> {
    libraries.iter().enumerate().map(|(number, library)| names_of(libraries, std, number, library)).collect()
}

fn names_of(libraries: &[Library], std: &ast::File, number: usize, library: &Library) -> Names {
    let own = offered(&library.file).map(|(name, item, ..)| (name.to_owned(), (Owner::Library(number), item)));
    let mut names: Names = own.collect();
    for (imports, used) in imports(&library.file).zip(&library.uses) {
        for import in imports.1 {
            if let Some((owner, item, true)) = found(libraries, std, *used, &import.name.text) {
                names.insert(called(import).text.clone(), (owner, item));
            }
        }
    }
    names
}

fn imports(file: &ast::File) -> impl Iterator<Item = (&ast::Name, &Vec<Import>)> {
    file.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Use { path, imports } => Some((path, imports)),
        _ => None,
    })
}

fn called(import: &Import) -> &ast::Name {
    import.alias.as_ref().unwrap_or(&import.name)
}

/// A function of a library by name, and whether it is public.
fn found(libraries: &[Library], std: &ast::File, used: Used, name: &str) -> Option<(Owner, usize, bool)> {
    let in_file = |file: &ast::File| {
        let mut all = offered(file).filter(|(known, ..)| *known == name);
        all.next().map(|(_, item, public)| (item, public))
    };
    match used {
        Used::Nothing => None,
        Used::Library(number) => {
            in_file(&libraries[number].file).map(|(item, public)| (Owner::Library(number), item, public))
        }
        // The standard library is one file to the checker; its parts are what people call them by.
        Used::Std(part) => public_of_std(part)
            .iter()
            .find(|known| *known == name)
            .and_then(|_| in_file(std).map(|(item, public)| (Owner::Std, item, public))),
    }
}

fn public_of_std(part: usize) -> Vec<String> {
    let parsed = gbc_syntax::parse(gbc_stdlib::FILES[part].1);
    offered(&parsed.file).filter(|(_, _, public)| *public).map(|(name, ..)| name.to_owned()).collect()
}

impl<'a> Checker<'a> {
    /// Makes the imported names known, before any other name of the file.
    pub(super) fn imports(&mut self) {
        let (user, libraries, std) = (self.user, self.libraries, self.std);
        for ((path, imports), used) in imports(user).zip(self.uses.iter().copied()) {
            for import in imports {
                let name = called(import);
                let global = match found(libraries, std, used, &import.name.text) {
                    Some((owner, item, true)) => Global::Fn(owner, item),
                    other => {
                        if used != Used::Nothing {
                            self.not_offered(used, &path.text, import, other.is_some());
                        }
                        Global::Broken
                    }
                };
                let known = self.name(&name.text, name.span, global);
                if known && !matches!(global, Global::Broken) {
                    self.unused.insert(name.text.clone(), name.span);
                }
            }
        }
    }

    fn not_offered(&mut self, used: Used, path: &str, import: &Import, private: bool) {
        let name = &import.name;
        let known: Vec<String> = match used {
            Used::Library(number) => {
                let all = offered(&self.libraries[number].file).filter(|(_, _, public)| *public);
                all.map(|(name, ..)| name.to_owned()).collect()
            }
            Used::Std(part) => public_of_std(part),
            Used::Nothing => Vec::new(),
        };
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        self.report(errors::not_in_it(&name.text, path, name.span, (private, import.alias.is_some()), known));
    }

    /// What a name of the file at hand stands for.
    pub(super) fn global(&self, scope: &Scope<'a>, name: &str) -> Option<Global> {
        self.global_of(scope.owner, name)
    }

    pub(super) fn global_of(&self, owner: Owner, name: &str) -> Option<Global> {
        match owner {
            Owner::Own => self.globals.get(name).map(|(global, _)| *global),
            Owner::Library(number) => {
                self.library_names[number].get(name).map(|(owner, item)| Global::Fn(*owner, *item))
            }
            Owner::Std => None,
        }
    }

    /// The text of a file as items.
    pub(super) fn file_of(&self, owner: Owner) -> &'a ast::File {
        match owner {
            Owner::Own => self.user,
            Owner::Library(number) => &self.libraries[number].file,
            Owner::Std => self.std,
        }
    }

    /// Whether a place is where an imported name is taken, so that a second definition is a clash.
    pub(super) fn is_import(&self, at: Span) -> bool {
        imports(self.user).any(|(_, imports)| imports.iter().any(|import| called(import).span == at))
    }
}
