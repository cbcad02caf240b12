//! `tests/design/*.gbs`: the examples that the design prints, as it prints them. Each checks sound, or needs
//! what stands here; and one line changed gives one message.

use gbc_diagnostics::Severity;

use crate::corpus::{Case, checked, files, shown};

/// What needs more than its own text: the tests of the binary check it together with its library.
const WAITING: [(&str, &str); 1] = [("momentum", "`acme/carry@1.3`, a file, which gives it `roll_yield`")];

/// In which example, which words become which others, and the one message that is then said, how it starts.
const BROKEN: [(&str, &str, &str, &str); 8] = [
    ("ema_cross", "require fast < slow", "require fast < slaw", "E0201 `slaw` is not known here"),
    ("notes", "when zb.age > 2s ", "when zb.age > 2 ", "E0401 `>` needs two of a kind: a duration and a whole number"),
    ("ofi_scalp", "phase == Armed and", "phase == Armd and", "E0201 `Armd` is not known here"),
    ("opening_range", "stop  at lo - 1 tick", "stop  at lo - 1 usd", "E0401 `-` needs two of a kind: price and money"),
    ("queue_maker", "rest at least 50ms", "rest at least 50", "E0708 how long a quote rests is a duration"),
    ("scorer", "want else 0 lots", "fwd else 0 lots", "E0820 `fwd` knows the future"),
    ("ta", "let seed = mean(x, n)", "let seed = maen(x, n)", "E0204 there is no function `maen`"),
    ("vwap_fade", "when z > 0", "when gap / stdev(gap, 60) > 0", "E0207 an exit must always be decidable"),
];

/// The examples, without the libraries that they use.
fn examples() -> Vec<Case> {
    files("tests/design", "gbs").into_iter().filter(|case| !case.name.contains("/lib/")).collect()
}

fn name(case: &Case) -> &str {
    case.name.trim_start_matches("tests/design/").trim_end_matches(".gbs")
}

/// Errors as `E0201 what is wrong`, and everything as people see it. Warnings are advice: the examples are short.
fn errors(name: &str, text: &str) -> (Vec<String>, String) {
    let checked = checked(name, text);
    let errors = checked.diagnostics.in_order().into_iter().filter(|said| said.severity == Severity::Error);
    (errors.map(|said| format!("{} {}", said.code, said.message)).collect(), shown(&checked))
}

#[test]
fn the_examples_of_the_design_are_sound_as_they_are_printed() {
    let examples = examples();
    assert_eq!(examples.len(), BROKEN.len() + WAITING.len(), "each example is broken once below, or waits");
    for case in &examples {
        let waits = WAITING.iter().find(|(waiting, _)| *waiting == name(case));
        let (errors, shown) = errors(&case.name, &case.text);
        match waits {
            None => assert!(errors.is_empty(), "{}:\n{shown}", case.name),
            Some((_, why)) => assert!(!errors.is_empty(), "{} is sound and no longer waits for {why}", case.name),
        }
    }
}

#[test]
fn an_example_of_the_design_with_one_line_changed_gets_one_message() {
    let examples = examples();
    for (example, sound, broken, message) in BROKEN {
        let case = examples.iter().find(|case| name(case) == example).expect("an example of that name");
        assert!(case.text.contains(sound), "{example} does not say `{sound}`");
        let (errors, shown) = errors(&case.name, &case.text.replacen(sound, broken, 1));
        let [only] = errors.as_slice() else { panic!("{example}, `{broken}`:\n{shown}") };
        assert!(only.starts_with(message), "{example}, `{broken}`: {only}");
    }
}
