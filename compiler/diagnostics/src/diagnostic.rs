//! One message, and the list they gather in.

use crate::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The program cannot run.
    Error,
    /// It can, but probably not as meant.
    Warning,
}

/// A remark at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What to know about that place.
    pub text: String,
}

/// A change of the text that mends the mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What to replace; empty to insert.
    pub span: Span,
    /// What to put there.
    pub new_text: String,
}

/// One mistake, one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// `E0415`: keeps its meaning for good, has a page.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: lower case, no dot, code in backticks.
    pub message: String,
    /// Where, the main place first.
    pub labels: Vec<Label>,
    /// What to type instead.
    pub help: Option<String>,
    /// The same, for a machine.
    pub fix: Vec<Edit>,
}

impl Diagnostic {
    /// An error at `span`; `remark` stands under the place.
    pub fn error(code: &'static str, message: impl Into<String>, span: Span, remark: impl Into<String>) -> Diagnostic {
        let labels = vec![Label { span, text: remark.into() }];
        Diagnostic { code, severity: Severity::Error, message: message.into(), labels, help: None, fix: Vec::new() }
    }

    /// A warning at `span`.
    pub fn warning(
        code: &'static str,
        message: impl Into<String>,
        span: Span,
        remark: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, message, span, remark) }
    }

    /// With another place.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// With a repair in words.
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help = Some(text.into());
        self
    }

    /// With a repair that a machine can apply.
    pub fn fix(mut self, span: Span, new_text: impl Into<String>) -> Diagnostic {
        self.fix.push(Edit { span, new_text: new_text.into() });
        self
    }

    /// The main place.
    pub fn span(&self) -> Span {
        self.labels.first().map_or(Span::default(), |label| label.span)
    }
}

/// The list that messages gather in. Keeps the first 200.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// No more than this are kept: nobody reads the 201st.
    pub const LIMIT: usize = 200;

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.list.len() < Diagnostics::LIMIT {
            self.list.push(diagnostic);
        }
    }

    /// Adds all of another list.
    pub fn extend(&mut self, other: Diagnostics) {
        other.list.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Drops all after the first `len`: a second, better informed pass speaks instead.
    pub fn truncate(&mut self, len: usize) {
        self.list.truncate(len);
    }

    /// Whether any is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// All, in the order of their places.
    pub fn in_order(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<_> = self.list.iter().collect();
        all.sort_by_key(|diagnostic| (diagnostic.span(), diagnostic.code));
        all
    }
}
