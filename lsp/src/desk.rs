//! All open documents. What is open counts as it stands in the editor, saved or not, also for those who use it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use gbc_ide::{Columns, Document, LibraryPath, LoadError, Source};
use tower_lsp_server::ls_types::Uri;

use crate::Shelf;

pub(crate) struct Desk {
    pub(crate) columns: Columns,
    pub(crate) shelf: Box<dyn Shelf>,
    /// By address.
    open: BTreeMap<String, Opened>,
}

pub(crate) struct Opened {
    pub(crate) uri: Uri,
    pub(crate) version: i32,
    pub(crate) document: Document,
    /// Its file, if it has one.
    file: Option<PathBuf>,
}

impl Desk {
    pub(crate) fn new(shelf: Box<dyn Shelf>) -> Desk {
        Desk { columns: Columns::default(), shelf, open: BTreeMap::new() }
    }

    pub(crate) fn get(&self, uri: &Uri) -> Option<&Opened> {
        self.open.get(uri.as_str())
    }

    /// Takes a text in. Gives the addresses of the documents that stand differently now, it first.
    pub(crate) fn take(&mut self, uri: &Uri, text: String, version: i32) -> Vec<Uri> {
        let file = uri.to_file_path().map(|path| self.shelf.name(&path));
        let before = self.get(uri).map(|opened| &opened.document);
        let document = self.read(file.as_ref(), before, text);
        let opened = Opened { uri: uri.clone(), version, document, file: file.clone() };
        self.open.insert(uri.as_str().to_owned(), opened);
        std::iter::once(uri.clone()).chain(self.read_users(file)).collect()
    }

    /// Lets a document go; from now on its file counts. Gives the addresses of those that use it.
    pub(crate) fn close(&mut self, uri: &Uri) -> Vec<Uri> {
        let closed = self.open.remove(uri.as_str());
        self.read_users(closed.and_then(|closed| closed.file))
    }

    /// Reads the documents anew that use a file.
    fn read_users(&mut self, file: Option<PathBuf>) -> Vec<Uri> {
        let Some(name) = file.map(|file| file.display().to_string()) else { return Vec::new() };
        let uses = |opened: &&Opened| opened.document.libraries().any(|library| library == name);
        let users: Vec<Uri> = self.open.values().filter(uses).map(|opened| opened.uri.clone()).collect();
        for user in &users {
            let opened = &self.open[user.as_str()];
            let document = self.read(opened.file.as_ref(), Some(&opened.document), opened.document.text().to_owned());
            if let Some(opened) = self.open.get_mut(user.as_str()) {
                opened.document = document;
            }
        }
        users
    }

    /// Reads a text, starting from what it was before.
    fn read(&self, file: Option<&PathBuf>, before: Option<&Document>, text: String) -> Document {
        let find = |asked: &LibraryPath<'_>| match file {
            Some(file) => self.found(self.shelf.find(file, asked)?),
            None => gbc_ide::no_files(asked),
        };
        match before {
            Some(before) => before.edited(text, &find),
            None => Document::with(text, &find),
        }
    }

    /// A library as it stands in the editor, if it is open.
    fn found(&self, source: Source) -> Result<Source, LoadError> {
        let is_it = |file: &PathBuf| file.display().to_string() == source.name;
        let open = self.open.values().find(|opened| opened.file.as_ref().is_some_and(is_it));
        Ok(match open {
            Some(opened) => Source::new(source.name, opened.document.text()),
            None => source,
        })
    }
}
