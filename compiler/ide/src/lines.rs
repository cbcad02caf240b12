//! Lines and columns as editors count them: from 0, a line ending at `\n`, `\r\n` or `\r`.

/// What a column counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Columns {
    /// Bytes.
    Utf8,
    /// Units of UTF-16, of which an emoji has two.
    #[default]
    Utf16,
}

/// A line and a column, both counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
}

/// Where each line of a text starts.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// The lines of this text.
    pub fn new(text: &str) -> LineIndex {
        let bytes = text.as_bytes();
        let ends = |at: &usize| match bytes[*at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let starts = (0..bytes.len()).filter(ends).map(|at| at + 1);
        LineIndex { starts: std::iter::once(0).chain(starts).collect() }
    }

    /// Where an offset stands; one past the end of a line stands at its end.
    pub fn place(&self, text: &str, offset: usize, columns: Columns) -> Place {
        let offset = text.floor_char_boundary(offset);
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let content = self.content(text, line);
        let before = &content[..(offset - self.starts[line]).min(content.len())];
        let column = match columns {
            Columns::Utf8 => before.len(),
            Columns::Utf16 => before.encode_utf16().count(),
        };
        Place { line: line as u32, column: column as u32 }
    }

    /// The offset of a place; a column past the end of its line is that end, a line past the last is the end of the text.
    pub fn offset(&self, text: &str, place: Place, columns: Columns) -> usize {
        let line = place.line as usize;
        let Some(start) = self.starts.get(line) else { return text.len() };
        let content = self.content(text, line);
        let wanted = place.column as usize;
        let inside = match columns {
            Columns::Utf8 => content.floor_char_boundary(wanted),
            Columns::Utf16 => bytes_before(content, wanted),
        };
        start + inside
    }

    /// A line without its end.
    fn content<'a>(&self, text: &'a str, line: usize) -> &'a str {
        let end = self.starts.get(line + 1).copied().unwrap_or(text.len());
        text[self.starts[line]..end].trim_end_matches(['\n', '\r'])
    }
}

/// How many bytes the characters take that end within so many units of UTF-16.
fn bytes_before(content: &str, units: usize) -> usize {
    let mut left = units;
    let fits = |c: &char| left.checked_sub(c.len_utf16()).inspect(|rest| left = *rest).is_some();
    content.chars().take_while(fits).map(char::len_utf8).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a\u{e9}\u{1f600}z\r\nb\rc\n";

    #[test]
    fn columns_count_what_they_are_asked_to() {
        let (index, z) = (LineIndex::new(TEXT), TEXT.find('z').unwrap());
        assert_eq!(index.place(TEXT, z, Columns::Utf8), Place { line: 0, column: 7 });
        assert_eq!(index.place(TEXT, z, Columns::Utf16), Place { line: 0, column: 4 });
        assert_eq!(index.place(TEXT, TEXT.find('c').unwrap(), Columns::Utf16), Place { line: 2, column: 0 });
        assert_eq!(index.place(TEXT, 999, Columns::Utf16), Place { line: 3, column: 0 });
    }

    #[test]
    fn every_character_comes_back_from_its_place() {
        let index = LineIndex::new(TEXT);
        for columns in [Columns::Utf8, Columns::Utf16] {
            for (at, c) in TEXT.char_indices().filter(|(_, c)| !c.is_control()) {
                assert_eq!(index.offset(TEXT, index.place(TEXT, at, columns), columns), at, "{c}");
            }
        }
    }

    #[test]
    fn places_that_do_not_exist_are_brought_back() {
        let index = LineIndex::new(TEXT);
        let at = |line, column| index.offset(TEXT, Place { line, column }, Columns::Utf16);
        assert_eq!(at(0, 3), 3, "the middle of a pair is its start");
        assert_eq!(at(0, 99), 8, "before the end of the line");
        assert_eq!(at(99, 0), TEXT.len());
    }
}
