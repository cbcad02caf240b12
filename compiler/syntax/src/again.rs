//! Reading a text again after an edit: items whose text stayed are taken over, and moved to where they stand now.
//!
//! An item is read from its own text alone, so the same text is the same item. Broken ones are read anew: their messages
//! also look around.

use std::collections::BTreeMap;

use crate::ast::{File, Shift};
use crate::parse::{Parsed, doc, parse_by, read_item};

/// A text that has been read.
#[derive(Clone, Copy, Debug)]
pub struct Before<'a> {
    /// The text.
    pub text: &'a str,
    /// What became of it.
    pub parsed: &'a Parsed,
}

/// Reads a text that was another before. What comes out is what [`crate::parse()`] makes of it; beside it, how many
/// items had to be read.
pub fn parse_again(text: &str, before: Before<'_>) -> (Parsed, usize) {
    let mut known = None;
    let (mut next, mut read) = (0, 0);
    let parsed = parse_by(text, |tokens, cut, file| {
        let written = &text[cut.span.range()];
        let found = match cut.known {
            true if before.item(next) == Some(written) => Some(next),
            true => known.get_or_insert_with(|| before.by_text()).get(written).copied(),
            // The first item may stand where no item starts.
            false => None,
        };
        match found {
            Some(index) => {
                next = index + 1;
                before.take_over(index, cut.span.start, file);
                let item = file.items.last_mut().expect("it has just been taken over");
                item.doc = doc(text, cut.span);
                Ok(())
            }
            None => {
                read += 1;
                read_item(text, tokens, cut, file).map(drop)
            }
        }
    });
    (parsed, read)
}

impl<'a> Before<'a> {
    /// The text of an item.
    fn item(self, index: usize) -> Option<&'a str> {
        self.parsed.file.items.get(index).map(|item| &self.text[item.span.range()])
    }

    fn by_text(self) -> BTreeMap<&'a str, usize> {
        (0..self.parsed.file.items.len()).filter_map(|index| Some((self.item(index)?, index))).collect()
    }

    /// Adds an item to a file, at this place of its text.
    fn take_over(self, index: usize, start: u32, file: &mut File) {
        let old = &self.parsed.file;
        let first = index.checked_sub(1).map_or(0, |elder| self.parsed.ends[elder]);
        let mut item = old.items[index].clone();
        let shift = Shift {
            bytes: start.wrapping_sub(item.span.start),
            exprs: (file.exprs.len() as u32).wrapping_sub(first as u32),
        };
        shift.item(&mut item);
        file.items.push(item);
        file.exprs.extend(old.exprs[first..self.parsed.ends[index]].iter().map(|expr| {
            let mut expr = expr.clone();
            shift.expr(&mut expr);
            expr
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    /// How many items are read after the edit; what comes out is what a new start gives.
    fn read(old: &str, new: &str) -> usize {
        let (parsed, read) = parse_again(new, Before { text: old, parsed: &parse(old) });
        assert_eq!(format!("{parsed:?}"), format!("{:?}", parse(new)));
        read
    }

    #[test]
    fn only_what_changed_is_read() {
        let lines = |range: std::ops::Range<usize>| -> String {
            range.map(|n| format!("let v{n} = mean(b.close, {n}) + if a {{ {n} }} else {{ prev }}\n")).collect()
        };
        let old = lines(0..500);
        assert_eq!(read(&old, &old), 0);
        assert_eq!(read(&old, &old.replace("close, 250)", "close, 251) * 2")), 1, "an item became longer");
        assert_eq!(read(&old, &(lines(0..250) + "// remark\nlet w = 1\n" + &lines(250..500))), 1, "one came");
        assert_eq!(read(&old, &(lines(0..200) + &lines(201..500))), 0, "one went");
        assert_eq!(read(&old, &(lines(300..500) + &lines(0..300))), 0, "they changed places");
        assert_eq!(read(&old, &old.replace("let v250 = ", "let v250 = (")), 1, "one broke");
        assert_eq!(read(&old.replace("let v250 = ", "let v250 = ("), &old), 1, "one was mended");
    }

    #[test]
    fn what_stands_around_an_item_is_read_anew() {
        let old = "/// one\nlet a = 1\nlet b = 2 /// two\n";
        assert_eq!(read(old, "/// ein\u{f6}\nlet a = 1\nlet b = 2\n"), 0);
        assert_eq!(read(old, "  let a = 1\nlet b = 2 /// two\n"), 1, "no item starts behind a blank");
    }
}
