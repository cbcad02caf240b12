//! `use`: names of libraries become names of the file.

use std::collections::BTreeMap;

use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, Import, ItemKind};

use super::Checker;
use super::records::RecordKind;
use super::scope::{Global, Owner, Scope};
use crate::Enum;
use crate::errors::libraries as errors;
use crate::libraries::{Used, offered};

/// What the names of a library stand for: its own, and those that it takes from others.
pub(super) type Names = BTreeMap<String, Global>;

fn imports(file: &ast::File) -> impl Iterator<Item = (&ast::Name, &Vec<Import>)> {
    file.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Use { path, imports } => Some((path, imports)),
        _ => None,
    })
}

fn called(import: &Import) -> &ast::Name {
    import.alias.as_ref().unwrap_or(&import.name)
}

fn public_of_std(part: usize) -> Vec<String> {
    let parsed = gbc_syntax::parse(gbc_stdlib::FILES[part].1);
    offered(&parsed.file).filter(|(_, public)| *public).map(|(name, ..)| name.to_owned()).collect()
}

impl<'a> Checker<'a> {
    /// Makes the names of all libraries known. They have been checked: what is missing here has been reported there.
    pub(super) fn names_of_libraries(&mut self) {
        for (number, library) in self.libraries.iter().enumerate() {
            let mut names = Names::new();
            for (index, item) in library.file.items.iter().enumerate() {
                self.name_of_library(&mut names, Owner::Library(number), (index, item));
            }
            for ((_, imports), used) in imports(&library.file).zip(&library.uses) {
                for import in imports {
                    if let Some((global, true)) = self.offer(*used, &import.name.text) {
                        names.insert(called(import).text.clone(), global);
                    }
                }
            }
            self.library_names.push(names);
        }
    }

    fn name_of_library(&mut self, names: &mut Names, owner: Owner, (index, item): (usize, &'a ast::Item)) {
        match &item.kind {
            ItemKind::Fn(function) => _ = names.insert(function.name.text.clone(), Global::Fn(owner, index)),
            ItemKind::Record { name, fields, .. } => {
                names.insert(name.text.clone(), Global::Record(self.kinds.len()));
                self.kinds.push(RecordKind { name, fields, owner });
            }
            ItemKind::Enum { name, arms, .. } => {
                let of = self.program.enums.len();
                names.insert(name.text.clone(), Global::Enum(of));
                for (index, arm) in arms.iter().enumerate() {
                    let shared = matches!(names.get(&arm.text), Some(Global::Arm(..) | Global::SharedArm));
                    let arm_is = if shared { Global::SharedArm } else { Global::Arm(of, index) };
                    names.insert(arm.text.clone(), arm_is);
                }
                let arms = arms.iter().map(|arm| arm.text.clone()).collect();
                self.program.enums.push(Enum { name: name.text.clone(), arms, span: name.span });
            }
            _ => {}
        }
    }

    /// What a library offers under a name, and whether it is public.
    fn offer(&self, used: Used, name: &str) -> Option<(Global, bool)> {
        match used {
            Used::Nothing => None,
            Used::Library(number) => {
                let public = offered(&self.libraries[number].file).find(|(known, _)| *known == name)?.1;
                self.library_names[number].get(name).map(|global| (*global, public))
            }
            // The standard library is one file to the checker; its parts are what people call them by.
            Used::Std(part) => {
                public_of_std(part).iter().find(|known| *known == name)?;
                self.library_function(name).map(|item| (Global::Fn(Owner::Std, item), true))
            }
        }
    }

    /// Makes the imported names known, before any other name of the file.
    pub(super) fn imports(&mut self) {
        let user = self.user;
        for ((path, imports), used) in imports(user).zip(self.uses.iter().copied()) {
            for import in imports {
                let name = called(import);
                let global = match self.offer(used, &import.name.text) {
                    Some((global, true)) => global,
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
                let all = offered(&self.libraries[number].file).filter(|(_, public)| *public);
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
            Owner::Library(number) => self.library_names[number].get(name).copied(),
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
