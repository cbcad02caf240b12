//! `tests/run` and the examples: what programs mean, said by their own tests.

use std::fs;
use std::path::{Path, PathBuf};

use crate::world::{Folder, repository};

#[test]
fn every_test_of_the_corpus_and_the_examples_passes() {
    for folder in ["tests/run", "examples"] {
        let place = repository(folder);
        let ran = Folder::new("corpus").gbc(&["test", &place.display().to_string()]);
        assert_eq!(ran.code, Some(0), "{}", ran.out);
        let written = tests_below(&place);
        assert!(ran.out.ends_with(&format!("{written} passed, 0 failed\n")), "{}", ran.out);
    }
}

/// How many tests are written in a folder and in those below it.
fn tests_below(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).expect("the corpus is there");
    let count = |path: PathBuf| match path.extension() {
        _ if path.is_dir() => tests_below(&path),
        Some(extension) if extension == "gbs" => {
            let text = fs::read_to_string(path).expect("sources are text");
            text.lines().filter(|line| line.starts_with("test ")).count()
        }
        _ => 0,
    };
    entries.map(|entry| count(entry.expect("it can be read").path())).sum()
}

#[test]
fn the_corpus_is_in_the_one_style() {
    for folder in ["tests/run", "examples"] {
        let ran = Folder::new("style").gbc(&["fmt", "--check", &repository(folder).display().to_string()]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""));
    }
}
