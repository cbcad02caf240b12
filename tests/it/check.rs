//! `tests/check/*.gbs`: what is expected stands under the place, in a comment with carets, a code and how the message
//! starts. A file without expectations is clean.
//!
//! ```text
//! target es = if b.clsoe > 1 { 1 } else { 0 }
//! //               ^^^^^ E0203 a bar has no `clsoe`
//! ```
//!
//! Where a place starts its line, `<` stands before the carets: `// <^^^ E0002`.

use std::fmt;

use gbc_diagnostics::Source;

use crate::corpus::{Case, checked, files, shown};

/// A message at a place. Columns count characters from 1.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Message {
    line: usize,
    column: usize,
    width: usize,
    text: String,
}

impl fmt::Display for Message {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Message { line, column, width, text } = self;
        write!(out, "line {line}, columns {column} to {}: {text}", column + width - 1)
    }
}

/// What a file expects, and on which lines it says so.
fn expected(case: &Case) -> Vec<Message> {
    let mut line = 0;
    let mut found = Vec::new();
    for (index, text) in case.text.lines().enumerate() {
        match expectation(text) {
            Some((column, width, text)) => found.push(Message { line, column, width, text: text.to_owned() }),
            None => line = index + 1,
        }
    }
    found
}

/// Column, width and text of a line like `//   ^^^ E0201 …`.
fn expectation(line: &str) -> Option<(usize, usize, &str)> {
    let rest = line.strip_prefix("//")?;
    let place = rest.trim_start_matches(' ');
    let marks = place.trim_start_matches('<').trim_start_matches('^');
    let carets = place.matches('^').count() - marks.matches('^').count();
    let column = if place.starts_with('<') { 1 } else { line.len() - place.len() + 1 };
    (carets > 0).then(|| (column, carets, marks.trim()))
}

/// What the compiler says. What reaches over several lines is shown on its first.
fn actual(case: &Case) -> (Vec<Message>, String) {
    let checked = checked(&case.name, &case.text);
    let source: &Source = &checked.source;
    let all = checked.diagnostics.in_order().into_iter().map(|diagnostic| {
        let span = diagnostic.span();
        let place = source.place(span.start);
        let first_line = source.slice(span).lines().next().unwrap_or("");
        let text = format!("{} {}", diagnostic.code, diagnostic.message);
        Message { line: place.line, column: place.column, width: first_line.chars().count().max(1), text }
    });
    (all.collect(), shown(&checked))
}

/// `None` if the file gets what it expects.
fn difference(case: &Case) -> Option<String> {
    let (mut expected, (mut actual, shown)) = (expected(case), actual(case));
    expected.sort();
    actual.sort();
    let same = |(wanted, got): (&Message, &Message)| {
        (wanted.line, wanted.column, wanted.width) == (got.line, got.column, got.width)
            && got.text.starts_with(&wanted.text)
    };
    if expected.len() == actual.len() && expected.iter().zip(&actual).all(same) {
        return None;
    }
    let list = |messages: &[Message]| messages.iter().map(|message| format!("  {message}\n")).collect::<String>();
    Some(format!("{}\nexpected\n{}got\n{}{shown}", case.name, list(&expected), list(&actual)))
}

#[test]
fn each_file_gets_what_it_expects() {
    let cases = files("tests/check", "gbs");
    assert!(cases.len() >= 40, "the corpus is there");
    let differences: Vec<String> = cases.iter().filter_map(difference).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_expectation_names_its_code() {
    for case in files("tests/check", "gbs") {
        for message in expected(&case) {
            let code = message.text.split(' ').next().unwrap_or("");
            let digits = code.strip_prefix(['E', 'W']).unwrap_or("");
            let sound = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
            assert!(sound && message.text.len() > 8, "{}: {message}", case.name);
        }
    }
}

#[test]
fn expectations_are_read_as_they_stand() {
    assert_eq!(expectation("//   ^^^ E0201 `x` is"), Some((6, 3, "E0201 `x` is")));
    assert_eq!(expectation("// <^^^ E0002 `x` starts"), Some((1, 3, "E0002 `x` starts")));
    assert_eq!(expectation("// a remark with ^"), None);
    assert_eq!(expectation("let x = 1"), None);
}
