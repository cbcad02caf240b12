//! What holds for every text, sound or damaged.

use gbc_syntax::{format, parse, tokens};

use crate::corpus::{checked, codes, everything, files, shown};

#[test]
fn trees_print_back_to_their_text() {
    for case in everything() {
        assert_eq!(parse(&case.text).tree.print(), case.text, "{}", case.name);
    }
}

#[test]
fn formatting_twice_is_formatting_once_and_keeps_the_messages() {
    for case in everything() {
        let once = format(&case.text);
        assert_eq!(format(&once), once, "{}", case.name);
        let (before, after) = (checked(&case.name, &case.text), checked(&case.name, &once));
        assert_eq!(codes(&after), codes(&before), "{}:\n{}", case.name, shown(&after));
    }
}

#[test]
fn the_library_and_the_examples_are_in_the_one_style() {
    let shown: Vec<_> = files("stdlib", "gbs").into_iter().chain(files("examples", "gbs")).collect();
    assert!(shown.len() > 3, "they were found");
    for case in shown {
        assert_eq!(format(&case.text), case.text, "{}", case.name);
    }
}

#[test]
fn sound_programs_lower_to_the_same_flow_every_time() {
    let mut sound = 0;
    for case in everything() {
        let (first, second) = (checked(&case.name, &case.text), checked(&case.name, &case.text));
        assert_eq!(first.diagnostics, second.diagnostics, "{}", case.name);
        // A library is sound and has nothing to lower.
        if !first.is_sound() || first.program.targets.is_empty() {
            continue;
        }
        for test in std::iter::once(None).chain((0..first.program.tests.len()).map(Some)) {
            let (one, two) = (first.flow(test), second.flow(test));
            assert!(gbc_ir::verify(&one).is_ok(), "{}", case.name);
            assert_eq!(gbc_ir::print(&one), gbc_ir::print(&two), "{}", case.name);
        }
        sound += 1;
    }
    assert!(sound >= 40, "only {sound} texts are sound");
}

/// A small generator of numbers: the same cases on every machine.
pub struct Lcg(pub u64);

impl Lcg {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }
}

const PIECES: [&str; 36] = [
    "(",
    ")",
    "[-1]",
    "[",
    "{",
    "}",
    ",",
    ".",
    "@ b",
    "=",
    "==",
    "-",
    "not ",
    " else 0",
    " else ",
    "if ",
    "prev",
    "1",
    "0",
    "2.5",
    "4 ticks",
    "2%",
    "300 usd",
    "5m",
    "es",
    "b.close",
    "b",
    "ema(",
    "mean(b.close, 3)",
    " crosses above ",
    "es.position",
    "state",
    "\u{e9}",
    "\0",
    "9_223_372_036_854_775_807",
    "\nlet x = x\n",
];

/// The text with one token, one byte or one line changed; lines are spliced in from `other`.
fn damaged(text: &str, other: &str, chance: &mut Lcg) -> String {
    match chance.below(6) {
        0 => {
            let mut bytes = text.as_bytes().to_vec();
            let at = chance.below(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte = chance.below(128) as u8;
            }
            String::from_utf8_lossy(&bytes).into_owned()
        }
        1 => {
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            let from: Vec<&str> = other.split_inclusive('\n').collect();
            lines.insert(chance.below(lines.len() + 1), from.get(chance.below(from.len())).copied().unwrap_or(""));
            lines.concat()
        }
        2 => {
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            if !lines.is_empty() {
                lines.remove(chance.below(lines.len()));
            }
            lines.concat()
        }
        kind => {
            let mut pieces: Vec<&str> = tokens(text).iter().map(|token| &text[token.span.range()]).collect();
            let at = chance.below(pieces.len().max(1));
            let piece = PIECES[chance.below(PIECES.len())];
            match kind {
                3 => pieces.insert(at, piece),
                4 if at < pieces.len() => pieces[at] = piece,
                _ if at < pieces.len() => _ = pieces.remove(at),
                _ => {}
            }
            pieces.concat()
        }
    }
}

/// Small texts only, so that many cases take little time.
fn seeds() -> Vec<String> {
    let all = everything().into_iter().map(|case| case.text);
    all.filter(|text| (40..700).contains(&text.len())).collect()
}

#[test]
fn damaged_texts_never_panic_and_say_the_same_twice() {
    let seeds = seeds();
    let (mut sound, mut wrong) = (0, 0);
    for seed in 0..3_000 {
        let mut chance = Lcg(seed);
        chance.below(1);
        let mut text = seeds[chance.below(seeds.len())].clone();
        for _ in 0..=chance.below(3) {
            let other = &seeds[chance.below(seeds.len())];
            text = damaged(&text, other, &mut chance);
        }
        let outcome = std::panic::catch_unwind(|| {
            let first = checked("damaged", &text);
            if first.is_sound() && !first.program.targets.is_empty() {
                gbc_ir::print(&first.flow(None));
            }
            first
        });
        let Ok(first) = outcome else { panic!("seed {seed} panics:\n{text}") };
        assert_eq!(first.parsed.tree.print(), text, "seed {seed}");
        first.diagnostics.in_order().iter().for_each(|diagnostic| {
            let end = diagnostic.labels.iter().map(|label| label.span.end as usize).max().unwrap_or(0);
            assert!(end <= text.len(), "seed {seed} points past the end:\n{text}");
        });
        shown(&first);
        if seed % 4 == 0 {
            let second = checked("damaged", &text);
            assert_eq!(first.diagnostics, second.diagnostics, "seed {seed}:\n{text}");
        }
        *(if first.is_sound() { &mut sound } else { &mut wrong }) += 1;
    }
    assert!(sound > 100 && wrong > 1_000, "the cases say something: {sound} sound, {wrong} wrong");
}
