//! The texts to start from: every source that the repository holds.

use std::fs;
use std::path::{Path, PathBuf};

/// Where sources lie.
const FOLDERS: [&str; 3] = ["examples", "tests", "stdlib"];

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
