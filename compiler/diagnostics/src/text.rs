//! Messages drawn under the source they speak of, by miette.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};

use crate::source::Lines;
use crate::{Diagnostic, Severity, Source, Span, json};

/// The diagnostic as text for a terminal.
pub fn to_text(source: &Source, diagnostic: &Diagnostic, colour: bool) -> String {
    Printer::new(source).text(diagnostic, colour)
}

/// Draws diagnostics of one source: what all of them need of it is found once, however many there are.
pub struct Printer<'a> {
    source: &'a Source,
    code: Code,
}

impl<'a> Printer<'a> {
    /// For a source.
    pub fn new(source: &'a Source) -> Printer<'a> {
        let code = Code { name: tamed(&source.name), text: tamed(&source.text), lines: Lines::of(&source.text) };
        Printer { source, code }
    }

    /// A diagnostic as text for a terminal.
    pub fn text(&self, diagnostic: &Diagnostic, colour: bool) -> String {
        let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(110).with_links(false);
        let handler = handler.with_context_lines(WHOLE_LINES);
        let drawn = Drawn { diagnostic, code: &self.code, text: &self.source.text };
        let mut out = String::new();
        handler.render_report(&mut out, &drawn).expect("writing to a string cannot fail");
        if self.source.text.is_empty() {
            // Nothing to draw a place in, so the file is named here.
            out += &format!("  in {}\n", self.code.name);
        }
        // What a line ends in, blanks or a carriage return, is nobody's business.
        out.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
    }

    /// A diagnostic as one line of JSON, without the line's end.
    pub fn json(&self, diagnostic: &Diagnostic) -> String {
        json::line(self.source, &self.code.lines, diagnostic)
    }
}

/// The same text with what could command a terminal or hide code replaced, byte for byte.
fn tamed(text: &str) -> String {
    let hostile = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let tame = |c: char| match c {
        '\r' => vec![' '],
        c if hostile(c) => vec!['?'; c.len_utf8()],
        c => vec![c],
    };
    text.chars().flat_map(tame).collect()
}

/// Any context at all means: the lines that the span stands on, whole, and no others.
const WHOLE_LINES: usize = 1;

/// A line may be a whole file long: no more than this is shown on either side of a place.
const MOST_BESIDE: usize = 160;

/// Nor is more than this of a place itself.
const MOST_INSIDE: usize = 600;

/// A named text that hands out whole lines.
struct Code {
    name: String,
    text: String,
    /// Of the text as it is; what was tamed stands where it stood.
    lines: Lines,
}

impl SourceCode for Code {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let span = if before == 0 { *span } else { self.whole_lines(*span) };
        let range = span.offset()..span.offset() + span.len();
        let data = self.text.get(range.clone()).ok_or(MietteError::OutOfBounds)?;
        let (line, start) = self.lines.at(range.start);
        let (last, _) = self.lines.at(range.end);
        let (column, count) = (range.start - start, last - line + 1);
        let contents = MietteSpanContents::new_named(self.name.clone(), data.as_bytes(), span, line, column, count);
        Ok(Box::new(contents))
    }
}

impl Code {
    fn whole_lines(&self, span: SourceSpan) -> SourceSpan {
        let end = span.offset() + span.len();
        let (_, line_start) = self.lines.at(span.offset());
        let line_end = self.lines.next(self.lines.at(end).0).map_or(self.text.len(), |next| next - 1);
        let start = line_start.max(self.text.floor_char_boundary(span.offset().saturating_sub(MOST_BESIDE)));
        let end = line_end.min(self.text.ceil_char_boundary(end + MOST_BESIDE));
        (start, end - start).into()
    }
}

struct Drawn<'a> {
    diagnostic: &'a Diagnostic,
    code: &'a Code,
    text: &'a str,
}

impl fmt::Debug for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.diagnostic, f)
    }
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic.message)
    }
}

impl std::error::Error for Drawn<'_> {}

impl miette::Diagnostic for Drawn<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let word = match self.diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        Some(Box::new(format!("{word}[{}]", self.diagnostic.code)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.diagnostic.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.text.is_empty()).then_some(self.code as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        if self.text.is_empty() {
            return None;
        }
        Some(Box::new(self.diagnostic.labels.iter().map(|label| {
            let span = visible(self.text, label.span);
            let text = (!label.text.is_empty()).then(|| label.text.clone());
            LabeledSpan::new(text, span.start as usize, (span.end - span.start) as usize)
        })))
    }
}

/// The span, widened to a character that can be drawn: miette draws nothing for an empty span, least of all at the end.
fn visible(text: &str, span: Span) -> Span {
    let start = text.floor_char_boundary(span.start as usize);
    let end = text.floor_char_boundary((span.end as usize).min(start + MOST_INSIDE));
    if start < end {
        return Span::new(start, end);
    }
    let last = text.trim_end().char_indices().next_back().map_or(0, |(at, _)| at);
    let start = start.min(last);
    let width = text[start..].chars().next().map_or(0, char::len_utf8);
    Span::new(start, start + width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_at_the_very_end_is_still_drawn() {
        let source = Source::new("a.gbs", "let x =\n");
        let diagnostic =
            Diagnostic::error("E0001", "something is missing", Span::new(8, 8), "a value").help("write one");
        let text = to_text(&source, &diagnostic, false);
        assert!(text.contains("error[E0001]") && text.contains("a value") && text.contains("write one"), "{text}");
    }

    #[test]
    fn an_empty_file_draws_its_message_without_a_place() {
        let source = Source::new("a.gbs", "");
        let diagnostic = Diagnostic::error("E0001", "nothing here", Span::new(0, 0), "");
        assert!(to_text(&source, &diagnostic, false).contains("nothing here"));
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        let source = Source::new("a.gbs", "let \u{1b}[31m = \u{202e}1");
        let diagnostic = Diagnostic::error("E0001", "bad", Span::new(4, 5), "here");
        let text = to_text(&source, &diagnostic, false);
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
    }
}
