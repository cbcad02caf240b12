//! Sources and places in them.

/// A range of bytes in a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end`.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start: start as u32, end: end as u32 }
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// As an index into the text.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A text with the name people know it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// File name, as given.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// A line and a column, both counted from 1, columns in Unicode characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

impl Source {
    /// A source called `name`.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Source {
        Source { name: name.into(), text: text.into() }
    }

    /// Where a byte offset stands; offsets past the end stand at the end. For many places, `Lines` looks for the line ends once.
    pub fn place(&self, offset: u32) -> Place {
        Lines::of(&self.text).place(&self.text, offset)
    }

    /// The text of a span.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }
}

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    pub(crate) fn of(text: &str) -> Lines {
        Lines(std::iter::once(0).chain(text.match_indices('\n').map(|(newline, _)| newline + 1)).collect())
    }

    /// The number of the line that a byte stands on, counted from 0, and where that begins.
    pub(crate) fn at(&self, offset: usize) -> (usize, usize) {
        let line = self.0.partition_point(|start| *start <= offset) - 1;
        (line, self.0[line])
    }

    /// Where the line after that one begins, if there is one.
    pub(crate) fn next(&self, line: usize) -> Option<usize> {
        self.0.get(line + 1).copied()
    }

    pub(crate) fn place(&self, text: &str, offset: u32) -> Place {
        let end = text.floor_char_boundary(offset as usize);
        let (line, start) = self.at(end);
        Place { line: line + 1, column: text[start..end].chars().count() + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let source = Source::new("x", "ab\n\u{e9}\u{1f600}z");
        let z = source.text.find('z').unwrap() as u32;
        assert_eq!(source.place(z), Place { line: 2, column: 3 });
        assert_eq!(source.place(999), Place { line: 2, column: 4 });
    }
}
