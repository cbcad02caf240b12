//! Functions that other files define: those of libraries, and those of the standard library, which everybody knows.

use std::sync::LazyLock;

use gbc_analysis::Checked;
use gbc_diagnostics::{Source, Span};
use gbc_syntax::ast::{File, ItemKind};

use crate::names::{Meaning, defined, function};

/// A function that another file defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// That file, under the name by which it was found; a part of the standard library is `std/flow`.
    pub source: Source,
    /// Where the function's name stands there.
    pub span: Span,
    /// Its first line.
    first_line: String,
    /// Its remarks.
    doc: String,
}

/// The standard library, read once.
static STD: LazyLock<Vec<File>> =
    LazyLock::new(|| gbc_stdlib::FILES.iter().map(|(_, text)| gbc_syntax::parse(text).file).collect());

/// The function of the standard library that a call without a `use` means: names of two functions go by their inputs.
pub(crate) fn of_std(name: &str, inputs: usize) -> Option<Meaning> {
    STD.iter().enumerate().find_map(|(part, file)| {
        let item = public(file, name).filter(|item| function(file, *item).is_some_and(|f| f.inputs.len() == inputs))?;
        Some(Meaning::Std(part, item))
    })
}

/// The function behind a name, where another file defines it.
pub(crate) fn of(checked: &Checked, meaning: Meaning) -> Option<Foreign> {
    match meaning {
        Meaning::Std(part, item) => {
            let (name, text) = gbc_stdlib::FILES[part];
            foreign(Source::new(format!("std/{name}"), text), &STD[part], item)
        }
        Meaning::Taken(item, import) => {
            let items = &checked.parsed.file.items;
            let ItemKind::Use { imports, .. } = &items[item].kind else { return None };
            let number = items[..item].iter().filter(|item| matches!(item.kind, ItemKind::Use { .. })).count();
            let name = checked.program.uses.get(number)?.as_ref()?;
            let source = checked.program.libraries.iter().find(|library| library.name == *name)?;
            let file = gbc_syntax::parse(&source.text).file;
            let item = public(&file, &imports[import].name.text)?;
            foreign(source.clone(), &file, item)
        }
        Meaning::Item(_) | Meaning::Input(..) | Meaning::Local(..) => None,
    }
}

fn public(file: &File, name: &str) -> Option<usize> {
    file.items.iter().position(|item| match &item.kind {
        ItemKind::Fn(function) => function.public && function.name.text == name,
        ItemKind::Enum { public, name: own, .. } | ItemKind::Record { public, name: own, .. } => {
            *public && own.text == name
        }
        _ => false,
    })
}

fn foreign(source: Source, file: &File, item: usize) -> Option<Foreign> {
    let span = defined(&file.items[item].kind)?.span;
    let first_line = source.text[file.items[item].span.range()].lines().next().unwrap_or_default();
    let first_line = first_line.trim_end().trim_end_matches(['{', '=']).trim_end().to_owned();
    Some(Foreign { span, first_line, doc: file.items[item].doc.clone(), source })
}

impl Foreign {
    /// What to show for it, as Markdown.
    pub(crate) fn text(&self) -> String {
        let Foreign { source, first_line, doc, .. } = self;
        // A line of its own for each line of the remarks: the example is one.
        let doc = if doc.is_empty() { String::new() } else { format!("\n{}\n", doc.replace('\n', "  \n")) };
        format!("```gbs\n{first_line}\n```\n\n- a function of `{}`\n{doc}", source.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, LibraryPath, LoadError};

    const MINE: &str = "library Mine\n/// Half of it.\npub fn half(x) = x / 2\nfn own(x) = x\n";
    const TEXT: &str = "strategy S\nuse ./mine { half as h }\nuse std/flow { imbalance }\nmarket es\n\
        let b = es.bars(1m)\nlet a = h(b.close)\nlet c = ema(b.close, 3)\nlet d = slope(b.close, b.volume, 5)\n\
        let e = slope(b.close, 5)\ntarget es = if imbalance(es.quotes) > 0 { 1 } else { 0 }\n";

    fn at(document: &Document, needle: &str) -> Option<(String, String)> {
        let offset = document.text().find(needle).expect("the needle") as u32;
        let foreign = document.foreign(offset)?;
        let defined = foreign.source.text[foreign.span.start as usize..].lines().next().unwrap_or_default();
        Some((foreign.source.name.clone(), defined.to_owned()))
    }

    fn document() -> Document {
        let find = |asked: &LibraryPath<'_>| match asked.written {
            "./mine" => Ok(Source::new("mine.gbs", MINE)),
            _ => Err(LoadError::NoFiles),
        };
        Document::with(TEXT, &find)
    }

    #[test]
    fn names_from_libraries_lead_into_them() {
        let document = document();
        let half = Some(("mine.gbs".to_owned(), "half(x) = x / 2".to_owned()));
        assert_eq!(at(&document, "h(b.close)"), half);
        assert_eq!(at(&document, "half as"), half);
        assert_eq!(at(&document, "h }"), half);
        let (file, line) = at(&document, "imbalance(es").unwrap();
        assert_eq!((file.as_str(), line.as_str()), ("std/flow", "imbalance(q) {"));
        let (file, line) = at(&document, "ema(b").unwrap();
        assert_eq!((file.as_str(), line.as_str()), ("std/averages", "ema(x, n: int) = ema_from(x, n, mean(x, n))"));
        assert!(document.definition(TEXT.find("h(b.close)").unwrap() as u32).is_none());
    }

    #[test]
    fn a_native_window_of_the_same_name_is_not_the_library_s() {
        let document = document();
        assert_eq!(at(&document, "slope(b.close, b.volume"), None);
        assert_eq!(at(&document, "slope(b.close, 5)").unwrap().0, "std/statistics");
    }

    #[test]
    fn the_remarks_of_a_library_are_shown() {
        let offset = TEXT.find("h(b.close)").unwrap() as u32;
        assert_eq!(
            document().hover(offset).unwrap().text,
            "```gbs\npub fn half(x) = x / 2\n```\n\n- a function of `mine.gbs`\n\nHalf of it.\n"
        );
    }

    #[test]
    fn a_library_that_is_not_found_leaves_its_names_without_an_answer() {
        let document = Document::new(TEXT);
        assert_eq!(at(&document, "h(b.close)"), None);
        assert_eq!(document.hover(TEXT.find("h(b.close)").unwrap() as u32), None);
    }
}
