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
    let files = ["examples", "tests/check"].map(|folder| fs::read_dir(root.join(folder)).expect("the texts are there"));
    let paths = files.into_iter().flatten().map(|entry| entry.expect("a file").path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "gbs")).collect();
    paths.sort();
    let name = |path: &PathBuf| path.file_name().expect("a file").to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).expect("UTF-8"))).collect()
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

#[test]
fn an_edited_document_says_what_a_new_one_says() {
    let (mut chance, mut edits, mut sound) = (Chance(3), 0, 0);
    for (name, text) in texts().into_iter().filter(|(_, text)| text.len() < 3_000) {
        for _ in 0..3 {
            let mut document = Document::new(text.as_str());
            for _ in 0..3 {
                let next = typed(document.text(), &mut chance);
                document = document.edited(next.as_str(), &no_files);
                let fresh = Document::new(next.as_str());
                assert_eq!(format!("{document:?}"), format!("{fresh:?}"), "{name}: {next:?}");
                let hovers = |document: &Document| -> Vec<_> {
                    (0..next.len() as u32).step_by(7).map(|at| document.hover(at)).collect()
                };
                assert_eq!(hovers(&document), hovers(&fresh), "{name}: {next:?}");
                edits += 1;
                sound += usize::from(fresh.diagnostics().iter().all(|found| found.severity == Severity::Warning));
            }
        }
    }
    assert!(edits > 1_000, "{edits} edits");
    assert!(sound > 100, "{sound} of {edits} sound");
}
