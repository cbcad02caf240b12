//! Every repair that a message offers can be taken blindly: the message is gone, and no error comes in its place.

use std::collections::{BTreeMap, BTreeSet};

use gbc_diagnostics::{Diagnostic, Severity};
use gbc_driver::Checked;

use crate::corpus::{checked, everything, repaired, shown};

/// How often each message is said.
fn said(checked: &Checked) -> BTreeMap<(&'static str, String), usize> {
    let mut all = BTreeMap::new();
    for diagnostic in checked.diagnostics.in_order() {
        *all.entry((diagnostic.code, diagnostic.message.clone())).or_default() += 1;
    }
    all
}

fn errors(checked: &Checked) -> BTreeSet<&'static str> {
    let all = checked.diagnostics.in_order().into_iter();
    all.filter(|found| found.severity == Severity::Error).map(|found| found.code).collect()
}

/// Whether an error of a kind that was there before is new on a line that the repair touches.
fn moves_the_mistake(before: &Checked, after: &Checked, repair: &Diagnostic) -> bool {
    let lines: BTreeSet<usize> = repair.fix.iter().map(|edit| before.source.place(edit.span.start).line).collect();
    let known = said(before);
    after.diagnostics.in_order().into_iter().any(|found| {
        found.severity == Severity::Error
            && !known.contains_key(&(found.code, found.message.clone()))
            && lines.contains(&after.source.place(found.span().start).line)
    })
}

/// What is wrong with a repair, if anything is.
fn flaw(before: &Checked, diagnostic: &Diagnostic) -> Option<String> {
    let after = checked(&before.source.name, &repaired(&before.source.text, diagnostic));
    let message = (diagnostic.code, diagnostic.message.clone());
    let count = |checked: &Checked| said(checked).get(&message).copied().unwrap_or(0);
    let flaw = match () {
        () if !errors(&after).is_subset(&errors(before)) => "brings an error",
        () if moves_the_mistake(before, &after, diagnostic) => "moves the mistake",
        () if count(&after) >= count(before) => "changes nothing",
        () => return None,
    };
    let (code, message) = message;
    Some(format!("{}: the repair of {code} {message} {flaw}\n{}", before.source.name, shown(&after)))
}

#[test]
fn repairs_can_be_taken_blindly() {
    let mut tried = 0;
    let mut flaws = Vec::new();
    // Those show how things are written, or were made by chance: one repair only bares the next mistake.
    let means_nothing = |name: &str| ["tests/syntax/", "tests/seeds/"].iter().any(|folder| name.starts_with(folder));
    for case in everything().into_iter().filter(|case| !means_nothing(&case.name)) {
        let before = checked(&case.name, &case.text);
        let offers = before.diagnostics.in_order().into_iter().filter(|diagnostic| !diagnostic.fix.is_empty());
        for diagnostic in offers {
            flaws.extend(flaw(&before, diagnostic));
            tried += 1;
        }
    }
    assert!(tried >= 40, "only {tried} messages offer a repair");
    assert!(flaws.is_empty(), "{}", flaws.join("\n"));
}
