//! What holds for every text, sound or damaged.

use gbc_fuzz::corpus::Corpus;
use gbc_fuzz::damage::damaged;
use gbc_syntax::{format, tree};

use crate::corpus::{checked, codes, everything, files, shown};

#[test]
fn trees_print_back_to_their_text() {
    for case in everything() {
        assert_eq!(tree(&case.text).print(), case.text, "{}", case.name);
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
        let (asked, _) = gbc_ir::lower_asked(&first.program, &first.facts).expect("it was lowered before");
        for flow in [&asked, &gbc_ir::optimize(&asked)] {
            assert!(
                gbc_ir::verify(flow).is_ok() && gbc_ir::read(&gbc_ir::print(flow)).as_ref() == Ok(flow),
                "{}",
                case.name
            );
        }
        sound += 1;
    }
    assert!(sound >= 40, "only {sound} texts are sound");
}

/// Small texts only, so that many cases take little time.
fn small() -> Corpus {
    let all = everything().into_iter().map(|case| case.text);
    Corpus::new(all.filter(|text| (40..700).contains(&text.len())))
}

#[test]
fn damaged_texts_never_panic_and_say_the_same_twice() {
    let texts = small();
    let (mut sound, mut wrong) = (0, 0);
    for seed in 0..3_000 {
        let text = damaged(&texts, seed);
        let outcome = std::panic::catch_unwind(|| {
            let first = checked("damaged", &text);
            if first.is_sound() && !first.program.targets.is_empty() {
                gbc_ir::print(&first.flow(None));
            }
            first
        });
        let Ok(first) = outcome else { panic!("seed {seed} panics:\n{text}") };
        assert_eq!(tree(&text).print(), text, "seed {seed}");
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
