//! Texts made worse: bytes, tokens, lines and whole items changed, and pieces of other texts spliced in.

use gbc_syntax::{ITEM_WORDS, tokens};

use crate::chance::Chance;
use crate::corpus::Corpus;

/// Pieces that are where trouble is: ends of ranges, openings without ends, words in the wrong place.
const PIECES: [&str; 44] = [
    "(",
    ")",
    "[",
    "]",
    "[-1]",
    "[1]",
    "{",
    "}",
    ",",
    ".",
    "..",
    "@ b",
    "=",
    "==",
    "-",
    "not ",
    " else 0",
    " else ",
    "if ",
    "prev",
    "(prev + 1 else 0)",
    "0",
    "2.5",
    "0.0",
    "4 ticks",
    "2%",
    "300 usd",
    "5m",
    "1ns",
    "es",
    "b.close",
    "ema(",
    "mean(b.close, 3)",
    " crosses above ",
    " div ",
    " mod ",
    "es.position",
    "\"",
    "/// ",
    "// ",
    "\u{e9}",
    "\0",
    "9_223_372_036_854_775_807",
    "\nlet x = x\n",
];

/// A text made from the corpus by this seed.
pub fn damaged(corpus: &Corpus, seed: u64) -> String {
    let mut chance = Chance::new(seed);
    let mut text = corpus.draw(&mut chance).to_owned();
    for _ in 0..=chance.below(4) {
        let other = corpus.draw(&mut chance);
        text = once(&text, other, &mut chance);
    }
    text
}

/// The text after one damage; what is spliced in comes from `other`.
pub fn once(text: &str, other: &str, chance: &mut Chance) -> String {
    match chance.below(12) {
        0 => one_byte(text, chance),
        1 | 2 => lines(text, other, chance),
        3 => items(text, other, chance),
        4 => cut_short(text, chance),
        5 => blanks(text, chance),
        _ => one_token(text, other, chance),
    }
}

fn one_byte(text: &str, chance: &mut Chance) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = chance.below(bytes.len());
    let byte = chance.below(256) as u8;
    match bytes.get_mut(at) {
        Some(old) if chance.once_in(1, 2) => *old = byte,
        Some(_) => bytes.insert(at, byte),
        None => bytes.push(byte),
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn lines(text: &str, other: &str, chance: &mut Chance) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let at = chance.below(lines.len());
    let from: Vec<&str> = other.split_inclusive('\n').collect();
    match chance.below(4) {
        0 if !lines.is_empty() => _ = lines.remove(at),
        1 if !lines.is_empty() => lines.insert(chance.below(lines.len()), lines[at]),
        2 if !lines.is_empty() => lines.swap(at, 0),
        _ => lines.insert(at, from.get(chance.below(from.len())).copied().unwrap_or("")),
    }
    lines.concat()
}

/// Whole items of the other text, so that names meet what they mean elsewhere.
fn items(text: &str, other: &str, chance: &mut Chance) -> String {
    let starts: Vec<usize> = other.match_indices('\n').map(|(at, _)| at + 1).filter(|at| starts(other, *at)).collect();
    let from = starts.get(chance.below(starts.len())).copied().unwrap_or(0);
    let to = starts.iter().copied().find(|at| *at > from).unwrap_or(other.len());
    format!("{text}\n{}\n", &other[from..to])
}

fn starts(text: &str, at: usize) -> bool {
    ITEM_WORDS.iter().any(|word| text[at..].starts_with(word))
}

fn cut_short(text: &str, chance: &mut Chance) -> String {
    let at = chance.below(text.len());
    let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text[..at].to_owned()
}

fn blanks(text: &str, chance: &mut Chance) -> String {
    let blank = chance.pick(&["", "  ", "\n", "\n  ", "\r\n", "\t", " // remark\n  ", "\u{feff}"]);
    let spaces: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
    match spaces.get(chance.below(spaces.len())) {
        Some(at) => format!("{}{blank}{}", &text[..*at], &text[at + 1..]),
        None => format!("{blank}{text}"),
    }
}

fn one_token(text: &str, other: &str, chance: &mut Chance) -> String {
    let mut pieces: Vec<&str> = tokens(text).iter().map(|token| &text[token.span.range()]).collect();
    let theirs: Vec<&str> = tokens(other).iter().map(|token| &other[token.span.range()]).collect();
    let at = chance.below(pieces.len());
    if pieces.is_empty() {
        return chance.pick(&PIECES).to_owned();
    }
    match chance.below(8) {
        0 => pieces.insert(at, chance.pick(&PIECES)),
        1 => pieces[at] = chance.pick(&PIECES),
        2 => _ = pieces.remove(at),
        3 => pieces.insert(at, pieces[chance.below(pieces.len())]),
        4 => {
            let other = chance.below(pieces.len());
            pieces.swap(at, other);
        }
        5 => pieces[at] = theirs.get(chance.below(theirs.len())).copied().unwrap_or(""),
        6 => pieces[at] = like(pieces[at], &pieces, chance),
        _ => {
            let to = (at + chance.below(12)).min(pieces.len());
            let copied = pieces[at..to].to_vec();
            let to = chance.below(pieces.len());
            pieces.splice(to..to, copied);
        }
    }
    pieces.concat()
}

/// Another token of the same looks: a name for a name, a number for a number.
fn like<'a>(piece: &'a str, pieces: &[&'a str], chance: &mut Chance) -> &'a str {
    let looks = |piece: &str| piece.chars().next().map(|c| (c.is_alphabetic(), c.is_ascii_digit()));
    let alike: Vec<&str> = pieces.iter().copied().filter(|other| looks(other) == looks(piece)).collect();
    chance.pick(&alike)
}
