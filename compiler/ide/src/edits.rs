//! A document after an edit is the document that a new start gives: held over the examples and thousands of edits.

use std::fs;
use std::path::PathBuf;

use crate::{Document, Severity, no_files};

/// Numbers that look like chance, the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// What people type, half words and other alphabets too.
const TYPED: [&str; 18] = [
    "",
    " ",
    "\n",
    "x",
    "(",
    ")",
    "1",
    "-",
    " else 0",
    "let ",
    "\nlet y = b.close\n",
    "// \u{e9}\n",
    "\u{1f600}",
    "= 2 *",
    "\r\n",
    "state n = 0\n",
    "\n/// what\n",
    "es.b",
];

fn texts() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let files = ["examples", "tests/check", "tests/run"]
        .map(|folder| fs::read_dir(root.join(folder)).expect("the texts are there"));
    let paths = files.into_iter().flatten().map(|entry| entry.expect("a file").path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "gbs")).collect();
    paths.sort();
    let name = |path: &PathBuf| path.file_name().expect("a file").to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).expect("UTF-8"))).collect()
}

/// Lines that change places, come twice or go.
fn moved(text: &str, chance: &mut Chance) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (from, to) = (chance.below(lines.len()), chance.below(lines.len()));
    if lines.is_empty() {
        return String::new();
    }
    match chance.below(3) {
        0 => lines.swap(from, to),
        1 => lines.insert(to, lines[from]),
        _ => _ = lines.remove(from),
    }
    lines.concat()
}

/// Another digit, or something typed in the place of up to a dozen characters.
fn typed(text: &str, chance: &mut Chance) -> String {
    let digits: Vec<usize> = text.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at).collect();
    if let (0, Some(at)) = (chance.below(2), digits.get(chance.below(digits.len()))) {
        return [&text[..*at], &(1 + chance.below(9)).to_string(), &text[at + 1..]].concat();
    }
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let first = chance.below(places.len());
    let last = (first + chance.below(2) * chance.below(12)).min(places.len() - 1);
    [&text[..places[first]], TYPED[chance.below(TYPED.len())], &text[places[last]..]].concat()
}

/// All that is known of both is the same, or the place where it is not.
fn assert_same(document: &Document, fresh: &Document, of: &str) {
    let (left, right) = (format!("{document:?}"), format!("{fresh:?}"));
    let differs = left.bytes().zip(right.bytes()).position(|(a, b)| a != b).unwrap_or(left.len().min(right.len()));
    let around = |text: &str| {
        String::from_utf8_lossy(&text.as_bytes()[differs.saturating_sub(300)..]).chars().take(500).collect::<String>()
    };
    assert!(left == right, "{of}\n\nedited: {}\n\n   new: {}", around(&left), around(&right));
}

#[test]
fn an_edited_document_says_what_a_new_one_says() {
    let (mut chance, mut edits, mut sound) = (Chance(3), 0, 0);
    let (mut checked, mut anew) = (0, 0);
    for (name, text) in texts().into_iter().filter(|(_, text)| text.len() < 3_000) {
        for _ in 0..6 {
            let mut document = Document::new(text.as_str());
            for _ in 0..3 {
                let next = match chance.below(3) {
                    0 => moved(document.text(), &mut chance),
                    _ => typed(document.text(), &mut chance),
                };
                document = document.edited(next.as_str(), &no_files);
                let fresh = Document::new(next.as_str());
                assert_same(&document, &fresh, &format!("{name}: {next:?}"));
                let hovers = |document: &Document| -> Vec<_> {
                    (0..next.len() as u32).step_by(7).map(|at| document.hover(at)).collect()
                };
                assert_eq!(hovers(&document), hovers(&fresh), "{name}: {next:?}");
                edits += 1;
                if fresh.diagnostics().iter().all(|found| found.severity == Severity::Warning) {
                    sound += 1;
                    (checked, anew) = (checked + document.checked_items(), anew + fresh.checked_items());
                }
            }
        }
    }
    assert!(edits > 2_000, "{edits} edits");
    assert!(sound > 200, "{sound} of {edits} sound");
    assert!(checked * 3 < anew, "of {anew} items of sound texts {checked} were checked");
}

#[test]
fn only_what_changed_and_its_readers_are_checked() {
    let lines = |range: std::ops::Range<usize>| -> String {
        range.map(|n| format!("let v{n} = ema(b.close, {}) + double(v{})\n", n % 20 + 2, n / 2)).collect()
    };
    let rules = "when v9 > v8 { s = s + 1 }\nwhen v7 > v6 { s = 0 }\n";
    let head = "strategy Many\n\nmarket es\nparam n = 3 in 2..9\nlet b = es.bars(1m)\nlet v0 = b.close - b.open\n";
    let text = |lines: &str| {
        let functions = "fn double(x) = 2 * x\nfn alone(x) = x + n\nstate s = 0\n";
        format!("{head}{functions}{lines}{rules}target es = if v499 > 0 {{ s }} else {{ 0 }}\n")
    };
    let old = text(&lines(1..500));
    let document = Document::new(old.as_str());
    assert_eq!(document.checked_items(), 1 + 500 + 1 + 2 + 1, "series, equations, a function by itself, rules, target");
    let checked = |new: &str| {
        let (edited, fresh) = (document.edited(new, &no_files), Document::new(new));
        assert_same(&edited, &fresh, "an edit");
        edited.checked_items()
    };
    assert_eq!(checked(&old), 0);
    assert_eq!(checked(&format!("// remark\n{old}")), 0, "everything moved");
    assert_eq!(checked(&old.replace("double(v200)", "double(v199)")), 2, "two equations, and nothing reads them");
    assert_eq!(checked(&old.replace("let v250 = ema", "let v250 = 1 + ema")), 1, "nothing reads it");
    assert_eq!(checked(&old.replace("let v100 = ema", "let v100 = 1 + ema")), 7, "two read it, and four those two");
    assert_eq!(checked(&old.replace("s = s + 1", "s = s + 2")), 3, "a rule, and what reads what it assigns");
    assert_eq!(checked(&old.replace("fn alone(x) = x", "fn alone(x) = 2 + x")), 1);
    assert_eq!(checked(&old.replace("n = 3", "n = 4")), 1, "what reads the parameter");
    assert_eq!(checked(&old.replace("let v499 = ", "let w = 1\nlet v499 = ")), 1, "one came");
}
