//! What formatting promises, over every fixture and over thousands of damaged ones.

use std::fs;
use std::path::PathBuf;

use super::format;
use crate::lexer::{TokenKind, tokens};
use crate::parse::{Parsed, parse, tree};

fn fixtures() -> Vec<(String, String)> {
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let files = ["syntax", "design"].map(|folder| fs::read_dir(tests.join(folder)).expect("the fixtures are there"));
    let files = files.into_iter().flatten().map(|entry| entry.expect("a file").path());
    let mut paths: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|end| end == "gbs")).collect();
    paths.sort();
    let name = |path: &PathBuf| {
        let parts = path.components().rev().take(2).map(|part| part.as_os_str().to_string_lossy().into_owned());
        let parts: Vec<String> = parts.collect();
        format!("{}/{}", parts[1], parts[0])
    };
    paths.iter().map(|path| (name(path), fs::read_to_string(path).expect("UTF-8"))).collect()
}

/// Tokens and comments, white space left out. What ends a comment's line is no part of it.
fn substance(text: &str) -> Vec<(TokenKind, &str)> {
    let all = tokens(text).into_iter().filter(|token| token.kind != TokenKind::Space);
    all.map(|token| (token.kind, text[token.span.range()].trim_end_matches([' ', '\t', '\r']))).collect()
}

/// Holds the laws against a text; the formatted text, and how many items are sound.
fn hold(text: &str) -> (String, usize) {
    let once = format(text);
    assert_eq!(format(&once), once, "twice is once: {text:?}");
    assert_eq!(substance(&once), substance(text), "tokens and comments: {text:?}");
    assert!(once.is_empty() || once.ends_with('\n'), "the last line ends: {text:?}");
    let (before, after) = (parse(text), parse(&once));
    assert_eq!(tree(&once).outline(), tree(text).outline(), "tree: {text:?}");
    assert_eq!(codes(&after), codes(&before), "messages: {text:?}");
    // A byte order mark hides the comment behind it from its item.
    if !text.contains('\u{feff}') {
        assert_eq!(docs(&after), docs(&before), "docs: {text:?}");
    }
    (once, before.file.items.len())
}

fn codes(parsed: &Parsed) -> Vec<&'static str> {
    parsed.diagnostics.in_order().iter().map(|diagnostic| diagnostic.code).collect()
}

fn docs(parsed: &Parsed) -> Vec<&str> {
    parsed.file.items.iter().map(|item| item.doc.as_str()).collect()
}

#[test]
fn the_laws_hold_for_every_fixture() {
    assert!(fixtures().len() >= 8);
    for (_, text) in fixtures() {
        hold(&text);
    }
}

/// `x.gbs` becomes `x_formatted.gbs` where there is one; all others are in the style and stay as they are.
#[test]
fn every_fixture_becomes_what_stands_beside_it() {
    let fixtures = fixtures();
    // The printed examples of the design are not in the style; they only obey the laws.
    for (name, text) in fixtures.iter().filter(|(name, _)| !name.starts_with("design")) {
        let formatted = name.replace(".gbs", "_formatted.gbs");
        let expected = fixtures.iter().find(|(name, _)| *name == formatted).map_or(text, |(_, text)| text);
        let actual = format(text);
        assert!(actual == *expected, "{name} becomes\n{actual}");
    }
}

/// A small generator of numbers: the same cases on every machine.
struct Lcg(u64);

impl Lcg {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const SPACES: [&str; 12] =
    ["", " ", "\t", "\n", "\r\n", "\n\n\n", "  ", "\n  ", "// c \n", " /// d\r\n", "\r", "\u{feff}"];
const PIECES: [&str; 40] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    "..",
    ":",
    "@",
    "=",
    "-",
    "not",
    "else",
    "if",
    "a",
    "prev",
    "1",
    "2.5",
    "4 ticks",
    "1m",
    "let",
    "\nlet b = ",
    "\nwhen a { s = 1 }",
    "fn",
    "test",
    "\"t\"",
    "\"",
    "$",
    "->",
    "/",
    "100x5",
    "15:45",
    "true",
    "crosses above",
    "\u{e9}",
    "bars m 1m : -1 2",
    "5_0x1.2_5",
    "\0",
];

/// The text with one thing changed: mostly white space, so that most items stay sound.
fn damaged(text: &str, chance: &mut Lcg) -> String {
    let mut pieces: Vec<&str> = tokens(text).iter().map(|token| &text[token.span.range()]).collect();
    let at = chance.below(pieces.len());
    match chance.below(8) {
        0 => _ = pieces.remove(at),
        1 => pieces.insert(at, pieces[at]),
        2 => pieces.insert(at, chance.pick(&PIECES)),
        3 => pieces.insert(at, chance.pick(&SPACES)),
        _ => {
            let spaces: Vec<usize> = (0..pieces.len()).filter(|at| pieces[*at].trim().is_empty()).collect();
            if let Some(space) = spaces.get(chance.below(spaces.len())) {
                pieces[*space] = chance.pick(&SPACES);
            }
        }
    }
    pieces.concat()
}

/// Some lines of a fixture: short texts, so that many cases take little time.
fn excerpt(text: &str, chance: &mut Lcg) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let first = chance.below(lines.len());
    lines.iter().skip(first).take(1 + chance.below(12)).copied().collect()
}

#[test]
fn the_laws_hold_for_damaged_fixtures() {
    let fixtures = fixtures();
    let (mut touched, mut sound) = (0, 0);
    for seed in 0..2_000 {
        let mut chance = Lcg(seed);
        chance.below(1);
        let mut text = excerpt(&fixtures[chance.below(fixtures.len())].1, &mut chance);
        for _ in 0..=chance.below(8) {
            if !text.is_empty() {
                text = damaged(&text, &mut chance);
            }
        }
        let (formatted, items) = hold(&text);
        touched += usize::from(formatted != text);
        sound += items;
    }
    assert!(touched > 1_000 && sound > 2_000, "the cases say something: {touched}, {sound}");
}
