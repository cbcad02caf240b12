//! One text with all that is known of it. A change of the text makes a new one.

use gbc_analysis::{Checked, Traces};
use gbc_diagnostics::{Diagnostic, Edit, Span};
use gbc_syntax::{Before, Parsed};

use crate::names::{self, Occurrence};
use crate::symbols::symbol;
use crate::{Columns, Foreign, Hover, LineIndex, Loader, Place, Symbol, foreign, hover};

/// A checked text.
#[derive(Clone, Debug)]
pub struct Document {
    text: String,
    lines: LineIndex,
    checked: Checked,
    traces: Traces,
    names: Vec<Occurrence>,
}

impl Document {
    /// Reads and checks a text that sees no files. Never fails: what is wrong is among the diagnostics.
    pub fn new(text: impl Into<String>) -> Document {
        Document::with(text, &gbc_hir::no_files)
    }

    /// The same, with a way to find the libraries that the text uses.
    pub fn with(text: impl Into<String>, loader: &Loader<'_>) -> Document {
        let text = text.into();
        let parsed = gbc_syntax::parse(&text);
        Document::of(text, parsed, loader, None)
    }

    /// The same text after an edit. Items whose text stayed are not read again, nor checked again unless they read what
    /// changed; what comes out is what a new start gives.
    pub fn edited(&self, text: impl Into<String>, loader: &Loader<'_>) -> Document {
        let text = text.into();
        let before = Before { text: &self.text, parsed: &self.checked.parsed };
        let (parsed, _) = gbc_syntax::parse_again(&text, before);
        let before = gbc_analysis::Before { text: &self.text, checked: &self.checked, traces: &self.traces };
        Document::of(text, parsed, loader, Some(before))
    }

    fn of(text: String, parsed: Parsed, loader: &Loader<'_>, before: Option<gbc_analysis::Before<'_>>) -> Document {
        let (checked, traces) = gbc_analysis::check_again(&text, parsed, loader, before);
        let names = names::occurrences(&checked.parsed.file);
        Document { lines: LineIndex::new(&text), text, checked, traces, names }
    }

    /// How many items had to be checked for this document; the others were taken over from the one before.
    pub fn checked_items(&self) -> usize {
        self.traces.checked()
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a byte stands.
    pub fn place(&self, offset: u32, columns: Columns) -> Place {
        self.lines.place(&self.text, offset as usize, columns)
    }

    /// The byte that stands there.
    pub fn offset(&self, place: Place, columns: Columns) -> u32 {
        self.lines.offset(&self.text, place, columns) as u32
    }

    /// What is wrong, in the order of the text.
    pub fn diagnostics(&self) -> Vec<&Diagnostic> {
        self.checked.diagnostics.in_order()
    }

    /// What is wrong here and brings its repair.
    pub fn fixable(&self, here: Span) -> Vec<&Diagnostic> {
        let touches = |span: Span| span.start <= here.end && here.start <= span.end;
        let wanted = |diagnostic: &&Diagnostic| !diagnostic.fix.is_empty() && touches(diagnostic.span());
        self.diagnostics().into_iter().filter(wanted).collect()
    }

    /// The change that brings the text into the one style; `None` if it is.
    pub fn format(&self) -> Option<Edit> {
        changed_lines(&self.text, &gbc_syntax::format(&self.text))
    }

    /// What the name at an offset is.
    pub fn hover(&self, offset: u32) -> Option<Hover> {
        let found = self.name_at(offset)?;
        let text = match foreign::of(&self.checked, found.meaning) {
            Some(foreign) => foreign.text(),
            None => hover::text(&self.checked, found.meaning)?,
        };
        Some(Hover { span: found.span, text })
    }

    /// The function of another file that the name at an offset stands for.
    pub fn foreign(&self, offset: u32) -> Option<Foreign> {
        foreign::of(&self.checked, self.name_at(offset)?.meaning)
    }

    /// The names of the libraries that the text is made of.
    pub fn libraries(&self) -> impl Iterator<Item = &str> {
        self.checked.program.libraries.iter().map(|library| library.name.as_str())
    }

    /// Where the name at an offset is defined in this text.
    pub fn definition(&self, offset: u32) -> Option<Span> {
        names::definition(&self.checked.parsed.file, self.name_at(offset)?.meaning).map(|name| name.span)
    }

    /// The items, in the order of the text.
    pub fn symbols(&self) -> Vec<Symbol> {
        let file = &self.checked.parsed.file;
        file.items.iter().filter_map(|item| symbol(&self.text, file, item)).collect()
    }

    /// The name that an offset touches; one just after a name still does.
    fn name_at(&self, offset: u32) -> Option<Occurrence> {
        self.names.iter().copied().find(|name| name.span.start <= offset && offset <= name.span.end)
    }
}

/// The lines from the first to the last that differ: editors keep the cursor where nothing changes.
fn changed_lines(old: &str, new: &str) -> Option<Edit> {
    if old == new {
        return None;
    }
    let lines = |text: &str| text.split_inclusive('\n').map(str::to_owned).collect::<Vec<String>>();
    let (before, after) = (lines(old), lines(new));
    let head = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let (before, after) = (&before[head..], &after[head..]);
    let tail = before.iter().rev().zip(after.iter().rev()).take_while(|(a, b)| a == b).count();
    let (before, after) = (&before[..before.len() - tail], &after[..after.len() - tail]);
    let start: usize = old.split_inclusive('\n').take(head).map(str::len).sum();
    let length: usize = before.iter().map(String::len).sum();
    Some(Edit { span: Span::new(start, start + length), new_text: after.concat() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(text: &str) -> String {
        let document = Document::new(text);
        let mut out = text.to_owned();
        if let Some(edit) = document.format() {
            out.replace_range(edit.span.range(), &edit.new_text);
        }
        out
    }

    #[test]
    fn the_edit_of_the_formatter_gives_what_the_formatter_gives() {
        for text in
            ["", "let a=1", "let a = 1\r\nlet b=2\r\n", "// \u{1f600}\nlet  a = 1\n\n\n\nlet b = 2\n", "lte\n  x"]
        {
            assert_eq!(formatted(text), gbc_syntax::format(text), "{text:?}");
        }
    }

    #[test]
    fn only_changed_lines_are_touched() {
        let document = Document::new("let a = 1\nlet  b = 2\nlet c = 3\n");
        let edit = document.format().unwrap();
        assert_eq!((edit.span, edit.new_text.as_str()), (Span::new(10, 21), "let b = 2\n"));
    }

    #[test]
    fn names_lead_to_their_innermost_definition() {
        let text = "let x = 1\nfn f(x, n) {\n  let y = x\n  let x = y\n  x + y + n\n}\nlet z = f(x, 1)\n";
        let document = Document::new(text);
        let leads = |needle: &str, more: usize| {
            let at = (text.find(needle).unwrap() + more) as u32;
            document.definition(at).map(|span| span.start as usize)
        };
        assert_eq!(leads("= x", 2), text.find("x, n"), "the input, before the equation of that name");
        assert_eq!(leads("x + y", 0), text.find("x = y"), "the equation of the body");
        assert_eq!(leads("f(x, 1)", 2), text.find("x = 1"), "the item outside");
        assert_eq!(leads("f(x, 1)", 0), text.find("f(x, n)"));
        assert_eq!(leads("1\nfn", 0), None);
    }
}
