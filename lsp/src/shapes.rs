//! Answers of `ide` in the shapes of the protocol.

use gbc_ide::{Document, Edit, Foreign, LineIndex, Place, Severity, Span, SymbolKind as Symbol};
use tower_lsp_server::ls_types::*;

use crate::desk::{Desk, Opened};

/// A document as one editor sees it: under an address, in columns of its kind.
pub(crate) struct Page<'a> {
    pub(crate) opened: &'a Opened,
    pub(crate) desk: &'a Desk,
}

impl Page<'_> {
    fn document(&self) -> &Document {
        &self.opened.document
    }

    pub(crate) fn diagnostics(&self) -> Vec<Diagnostic> {
        self.document().diagnostics().into_iter().map(|diagnostic| self.diagnostic(diagnostic)).collect()
    }

    pub(crate) fn hover(&self, position: Position) -> Option<Hover> {
        let hover = self.document().hover(self.offset(position))?;
        let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: hover.text });
        Some(Hover { contents, range: Some(self.range(hover.span)) })
    }

    pub(crate) fn definition(&self, position: Position) -> Option<Location> {
        let offset = self.offset(position);
        let here = self.document().definition(offset).map(|span| self.location(span));
        here.or_else(|| self.elsewhere(&self.document().foreign(offset)?))
    }

    /// A place in another file; nowhere if the editor could not open it.
    fn elsewhere(&self, foreign: &Foreign) -> Option<Location> {
        let source = &foreign.source;
        let path =
            if source.name.starts_with("std/") { self.desk.shelf.standard(source)? } else { (&source.name).into() };
        let lines = LineIndex::new(&source.text);
        let position = |offset: u32| position(lines.place(&source.text, offset as usize, self.desk.columns));
        let range = Range { start: position(foreign.span.start), end: position(foreign.span.end) };
        Some(Location { uri: Uri::from_file_path(path)?, range })
    }

    #[expect(deprecated, reason = "the protocol still wants the field")]
    pub(crate) fn symbols(&self) -> Vec<DocumentSymbol> {
        let symbols = self.document().symbols().into_iter();
        let shaped = symbols.map(|symbol| DocumentSymbol {
            name: symbol.name,
            detail: None,
            kind: symbol_kind(symbol.kind),
            tags: None,
            deprecated: None,
            range: self.range(symbol.span),
            selection_range: self.range(symbol.name_span),
            children: None,
        });
        shaped.collect()
    }

    /// One edit at most.
    pub(crate) fn format(&self) -> Vec<TextEdit> {
        self.document().format().iter().map(|edit| self.edit(edit)).collect()
    }

    /// The repairs of what is wrong here.
    pub(crate) fn fixes(&self, range: Range) -> Vec<CodeActionOrCommand> {
        let here = Span { start: self.offset(range.start), end: self.offset(range.end) };
        let fixable = self.document().fixable(here).into_iter();
        fixable.map(|diagnostic| CodeActionOrCommand::CodeAction(self.fix(diagnostic))).collect()
    }

    fn fix(&self, diagnostic: &gbc_ide::Diagnostic) -> CodeAction {
        let words = diagnostic.help.as_ref().unwrap_or(&diagnostic.message);
        let edits: Vec<TextEdit> = diagnostic.fix.iter().map(|edit| self.edit(edit)).collect();
        let changes = std::iter::once((self.opened.uri.clone(), edits)).collect();
        CodeAction {
            title: words.lines().next().unwrap_or_default().to_owned(),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![self.diagnostic(diagnostic)]),
            edit: Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }),
            is_preferred: Some(true),
            ..CodeAction::default()
        }
    }

    fn diagnostic(&self, diagnostic: &gbc_ide::Diagnostic) -> Diagnostic {
        let severity = match diagnostic.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
        };
        let further = diagnostic.labels.iter().skip(1).map(|label| DiagnosticRelatedInformation {
            location: self.location(label.span),
            message: label.text.clone(),
        });
        let further: Vec<_> = further.collect();
        Diagnostic {
            range: self.range(diagnostic.span()),
            severity: Some(severity),
            code: Some(NumberOrString::String(diagnostic.code.to_owned())),
            source: Some("gbc".to_owned()),
            message: message(diagnostic),
            related_information: (!further.is_empty()).then_some(further),
            ..Diagnostic::default()
        }
    }

    fn edit(&self, edit: &Edit) -> TextEdit {
        TextEdit { range: self.range(edit.span), new_text: edit.new_text.clone() }
    }

    fn location(&self, span: Span) -> Location {
        Location { uri: self.opened.uri.clone(), range: self.range(span) }
    }

    fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end) }
    }

    fn position(&self, offset: u32) -> Position {
        position(self.document().place(offset, self.desk.columns))
    }

    fn offset(&self, position: Position) -> u32 {
        self.document().offset(Place { line: position.line, column: position.character }, self.desk.columns)
    }
}

fn position(place: Place) -> Position {
    Position { line: place.line, character: place.column }
}

/// What is wrong, the remark under its place, what to try: a line each.
fn message(diagnostic: &gbc_ide::Diagnostic) -> String {
    let remark = diagnostic.labels.first().map(|label| label.text.clone()).filter(|remark| !remark.is_empty());
    let help = diagnostic.help.as_ref().map(|help| format!("help: {help}"));
    let lines = [Some(diagnostic.message.clone()), remark, help];
    lines.into_iter().flatten().collect::<Vec<String>>().join("\n")
}

/// The nearest kind that editors have a sign for.
fn symbol_kind(kind: Symbol) -> SymbolKind {
    match kind {
        Symbol::Header => SymbolKind::MODULE,
        Symbol::Market => SymbolKind::OBJECT,
        Symbol::Param => SymbolKind::CONSTANT,
        Symbol::Equation => SymbolKind::VARIABLE,
        Symbol::State => SymbolKind::FIELD,
        Symbol::Function => SymbolKind::FUNCTION,
        Symbol::Rule | Symbol::Target => SymbolKind::EVENT,
        Symbol::Test => SymbolKind::METHOD,
    }
}
