//! A fixed number of cases of each kind, and every case that failed once.

mod deep;

use gbc_fuzz::corpus::Corpus;
use gbc_fuzz::engine::{Engine, Interpreter};
use gbc_fuzz::{cases, corpus, damage, front, grow};

/// Texts short enough that many cases take little time.
const SHORT: std::ops::Range<usize> = 20..500;

fn short_texts() -> Corpus {
    Corpus::new(corpus::texts().into_iter().map(|(_, text)| text).filter(|text| SHORT.contains(&text.len())))
}

/// Half the cases on each of the two cores that everybody has.
fn each_in(seeds: std::ops::Range<u64>, hold: impl Fn(u64) + Sync) {
    let middle = (seeds.start + seeds.end) / 2;
    std::thread::scope(|scope| {
        let half = scope.spawn(|| (seeds.start..middle).for_each(&hold));
        (middle..seeds.end).for_each(&hold);
        half.join().expect("the cases of the first half hold");
    });
}

#[test]
fn damaged_texts_break_no_law() {
    let texts = short_texts();
    assert!(texts.size() > 80, "the corpus is there");
    each_in(0..6_000, |seed| {
        let text = damage::damaged(&texts, seed);
        if let Err(broken) = front::hold(&text) {
            panic!("seed {seed}: {broken}\n{text}");
        }
    });
}

#[test]
fn programs_made_by_chance_break_no_law() {
    each_in(0..300, |seed| {
        let text = cases::grown(seed);
        if let Err(broken) = cases::hold_grown(&text, seed) {
            panic!("seed {seed}: {broken}\n{text}");
        }
    });
}

#[test]
fn what_failed_once_holds_now() {
    for (path, text) in corpus::seeds() {
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let seed = name.rsplit('_').next().and_then(|seed| seed.parse().ok()).unwrap_or(0);
        let held = if name.starts_with("generate") {
            cases::hold_grown(&text, seed)
        } else {
            cases::hold_damaged(&text, seed)
        };
        if let Err(broken) = held {
            panic!("{}: {broken}\n{text}", path.display());
        }
    }
}

/// How many of the first programs are sound, trade, and fill.
#[test]
fn programs_made_by_chance_do_something() {
    let (mut sound, mut filled) = (0, 0);
    for seed in 0..100 {
        let grown = grow::program(seed);
        let checked = gbc_driver::check(gbc_diagnostics::Source::new("case", grown.text));
        let checked = cases::taken_at_its_word(checked);
        if !checked.is_sound() {
            continue;
        }
        sound += 1;
        let world = gbc_fuzz::world::World::new(&grown.markets, 150, seed);
        if let Ok(mut strategy) = Interpreter.start(&checked, &checked.defaults(), &world) {
            filled += usize::from(!gbc_fuzz::runs::played(&mut *strategy, &world, 512).outcome.fills.is_empty());
        }
    }
    assert!(sound > 90 && filled > 50, "{sound} sound, {filled} with fills");
}
