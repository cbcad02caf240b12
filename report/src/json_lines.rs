//! JSON that people can read and `diff` can compare: objects open up, rows stay on one line.

use std::io::{Result, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// `value` as JSON, indented down to the rows of an array, which take one line each.
pub(crate) fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Lines::default());
    value.serialize(&mut serializer).expect("a report is plain data with names for keys");
    bytes.push(b'\n');
    bytes
}

/// Breaks lines outside arrays, and between the elements of the outermost array.
#[derive(Default)]
struct Lines {
    indent: usize,
    row_depth: usize,
    has_value: bool,
}

impl Lines {
    fn new_line<W: ?Sized + Write>(&self, out: &mut W) -> Result<()> {
        write!(out, "\n{:1$}", "", 2 * self.indent)
    }

    /// Inside an element of an array, where all stays on one line.
    fn in_row(&self) -> bool {
        self.row_depth > 0
    }
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.has_value = false;
        self.indent += 1;
        out.write_all(b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.indent -= 1;
        if self.has_value && !self.in_row() {
            self.new_line(out)?;
        }
        out.write_all(b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> Result<()> {
        if !first {
            out.write_all(b",")?;
        }
        if !self.in_row() {
            self.new_line(out)?;
        } else if !first {
            out.write_all(b" ")?;
        }
        self.row_depth += 1;
        Ok(())
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> Result<()> {
        self.row_depth -= 1;
        self.has_value = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.has_value = false;
        self.indent += 1;
        out.write_all(b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.indent -= 1;
        if self.has_value && !self.in_row() {
            self.new_line(out)?;
        }
        out.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> Result<()> {
        if !first {
            out.write_all(b",")?;
        }
        if !self.in_row() {
            self.new_line(out)
        } else if !first {
            out.write_all(b" ")
        } else {
            Ok(())
        }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> Result<()> {
        self.has_value = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_open_up_and_rows_stay_on_a_line() {
        let value = json!({
            "name": "x", "empty": {}, "none": [],
            "rows": [{"a": 1, "b": [1, 2], "c": {}}, {"a": 2, "b": []}],
        });
        let text = String::from_utf8(to_bytes(&value)).unwrap();
        let expected = r#"{
  "name": "x",
  "empty": {},
  "none": [],
  "rows": [
    {"a": 1, "b": [1, 2], "c": {}},
    {"a": 2, "b": []}
  ]
}
"#;
        assert_eq!(text, expected);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
