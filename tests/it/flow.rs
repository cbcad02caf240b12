//! The flow IR of every sound text: read back as it was printed, and never the reader's downfall.

use gbc_driver::Checked;
use gbc_fuzz::chance::Chance;
use gbc_ir::{Flow, print, read, verify};

use crate::corpus::{checked, codes, everything};

/// Every sound strategy.
pub fn strategies() -> Vec<Checked> {
    let all = everything().into_iter().map(|case| checked(&case.name, &case.text));
    let sound: Vec<Checked> = all.filter(|checked| checked.is_sound() && !checked.program.targets.is_empty()).collect();
    assert!(sound.len() >= 60, "only {} strategies", sound.len());
    sound
}

/// A strategy itself, and each of its tests.
pub fn ways(checked: &Checked) -> impl Iterator<Item = Option<usize>> {
    std::iter::once(None).chain((0..checked.program.tests.len()).map(Some))
}

/// The flows of every sound strategy and of its tests, each with its name.
fn flows() -> Vec<(String, Flow)> {
    let of = |checked: &Checked| {
        let flows = ways(checked).map(|test| (checked.source.name.clone(), checked.flow(test)));
        flows.collect::<Vec<_>>()
    };
    strategies().iter().flat_map(of).collect()
}

#[test]
fn a_printed_flow_reads_back_to_itself() {
    for (name, flow) in flows() {
        let text = print(&flow);
        let again = read(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
        assert_eq!(again, flow, "{name}");
        assert_eq!(print(&again), text, "{name}");
    }
}

#[test]
fn no_damaged_flow_panics_and_what_is_read_is_sound() {
    let texts: Vec<String> = flows().iter().map(|(_, flow)| print(flow)).collect();
    let mut chance = Chance::new(5);
    let (mut read_back, mut refused) = (0, 0);
    for _ in 0..4000 {
        let text = &texts[chance.below(texts.len())];
        let other = &texts[chance.below(texts.len())];
        let damaged = damaged(text, other, &mut chance);
        match read(&damaged) {
            Ok(flow) => {
                assert_eq!(verify(&flow), Ok(()));
                assert_eq!(read(&print(&flow)).as_ref(), Ok(&flow), "{damaged}");
                read_back += 1;
            }
            Err(error) => {
                assert!(error.line >= 1 && error.line <= damaged.lines().count().max(1), "{error}");
                assert!(!error.reason.is_empty());
                refused += 1;
            }
        }
    }
    assert!(read_back > 100 && refused > 100, "{read_back} were read, {refused} refused");
}

#[test]
fn rules_that_would_be_written_out_without_end_are_refused() {
    let mut text = "strategy Hostile\nmarket es\nlet b = es.bars(1m)\nstate s = 0\nlet x0 = s\n".to_owned();
    (1..500).for_each(|i| text += &format!("let x{i} = x{} + s * {i}\n", i - 1));
    (0..500).for_each(|i| text += &format!("when b.close > {i} {{ s = x{i} }}\n"));
    text += "target es = if s > 0 { 1 } else { 0 }\n";
    assert_eq!(codes(&checked("hostile", &text)), ["E0902"]);
}

#[test]
fn equations_may_hang_on_each_other_deeper_than_a_stack_is_high() {
    let mut text = "strategy Deep\nmarket es\nlet b = es.bars(1m)\nstate s = 0\nlet x0 = s\n".to_owned();
    (1..4000).for_each(|i| text += &format!("let x{i} = x{} + 1\n", i - 1));
    text += "when b.close > 100 { s = x3999 }\ntarget es = if x3999 > 0 { 1 } else { 0 }\n";
    let checked = checked("deep", &text);
    assert_eq!(codes(&checked), [""; 0]);
    let lower = move || assert!(checked.flow(None).nodes.len() > 8000);
    let small = std::thread::Builder::new().stack_size(128 << 10).spawn(lower);
    small.expect("a thread starts").join().expect("the flow was lowered on a small stack");
}

/// The text with a word, a line or a byte changed.
fn damaged(text: &str, other: &str, chance: &mut Chance) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = chance.below(lines.len());
    let from: Vec<&str> = other.lines().collect();
    match chance.below(5) {
        0 => lines[at] = from[chance.below(from.len())].to_owned(),
        1 => drop(lines.remove(at)),
        2 => {
            let words: Vec<&str> = other.split_whitespace().collect();
            let mut own: Vec<&str> = lines[at].split_whitespace().collect();
            let index = chance.below(own.len());
            own[index] = words[chance.below(words.len())];
            lines[at] = own.join(" ");
        }
        3 => {
            let extremes =
                ["", "n4294967295", "99999999999", "m7", "c63", "c64", "p63", "k9", "\u{e9}", "@{}", "<>", ";1..0"];
            let mut own: Vec<&str> = lines[at].split_whitespace().collect();
            let index = chance.below(own.len());
            own[index] = extremes[chance.below(extremes.len())];
            lines[at] = own.join(" ");
        }
        _ => {
            let mut bytes = text.as_bytes().to_vec();
            let at = chance.below(bytes.len());
            bytes[at] = chance.below(128) as u8;
            return String::from_utf8_lossy(&bytes).into_owned();
        }
    }
    lines.join("\n")
}
