//! `tests/run` and the examples: what programs mean, said by their own tests.

use std::fs;

use crate::world::{Folder, repository};

#[test]
fn every_test_of_the_corpus_and_the_examples_passes() {
    for folder in ["tests/run", "examples"] {
        let place = repository(folder);
        let ran = Folder::new("corpus").gbc(&["test", &place.display().to_string()]);
        assert_eq!(ran.code, Some(0), "{}", ran.out);
        let written: usize = fs::read_dir(&place)
            .expect("the corpus is there")
            .map(|entry| entry.expect("it can be read").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "gbs"))
            .map(|path| {
                let text = fs::read_to_string(path).expect("sources are text");
                text.lines().filter(|line| line.starts_with("test ")).count()
            })
            .sum();
        assert!(ran.out.ends_with(&format!("{written} passed, 0 failed\n")), "{}", ran.out);
    }
}

#[test]
fn the_corpus_is_in_the_one_style() {
    for folder in ["tests/run", "examples"] {
        let ran = Folder::new("style").gbc(&["fmt", "--check", &repository(folder).display().to_string()]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""));
    }
}
