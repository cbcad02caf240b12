//! The texts to start from: every source that the repository holds.

use std::fs;
use std::path::{Path, PathBuf};

use crate::chance::Chance;

/// Where sources lie.
const FOLDERS: [&str; 3] = ["examples", "tests", "stdlib"];

/// Texts to draw from. A draw falls on the text that suits it best, so a text that joins takes its share of the cases and
/// leaves all others as they were.
pub struct Corpus(Vec<(u64, String)>);

impl Corpus {
    /// Of these texts.
    pub fn new(texts: impl Iterator<Item = String>) -> Corpus {
        let key = |text: &str| text.bytes().fold(0, |key, byte| Chance::new(key ^ u64::from(byte)).bits());
        Corpus(texts.map(|text| (key(&text), text)).collect())
    }

    /// How many there are.
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// One of them.
    pub fn draw(&self, chance: &mut Chance) -> &str {
        let draw = chance.bits();
        let suits = |(key, _): &&(u64, String)| Chance::new(key ^ draw).bits();
        self.0.iter().max_by_key(suits).map_or("", |(_, text)| text)
    }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All sources and their texts, in the order of their paths.
pub fn texts() -> Vec<(PathBuf, String)> {
    FOLDERS.iter().flat_map(|folder| below(&root().join(folder))).collect()
}

/// The cases that failed once, cut to the bone.
pub fn seeds() -> Vec<(PathBuf, String)> {
    below(&root().join("tests/seeds"))
}

fn below(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut paths = Vec::new();
    gather(folder, &mut paths);
    paths.sort();
    let read = |path: PathBuf| fs::read_to_string(&path).ok().map(|text| (path, text));
    paths.into_iter().filter_map(read).collect()
}

fn gather(folder: &Path, paths: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).into_iter().flatten();
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            gather(&path, paths);
        } else if path.extension().is_some_and(|ending| ending == "gbs") {
            paths.push(path);
        }
    }
}
