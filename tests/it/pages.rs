//! Every page of a diagnostic keeps its word: the wrong example earns exactly this code, the right one nothing at all.

use gbc_driver::Checked;

use crate::corpus::{Case, checked, codes, fences, files, repaired, shown};

fn pages() -> Vec<(String, Case)> {
    let pages = files("docs/diagnostics", "md").into_iter();
    let coded = pages.filter_map(|page| {
        let code = page.name.rsplit('/').next()?.strip_suffix(".md")?.to_owned();
        (code != "README").then_some((code, page))
    });
    // What a run of tests says (E052x) is about results, not about texts; E0903, E0353 and E0363 are said to sound texts, once they are to run.
    // E0604 to E0609, E0812 to E0814 and W0113 take several files: the tests of the binary have those.
    let elsewhere = [
        "E0903", "E0353", "E0363", "E0604", "E0605", "E0606", "E0607", "E0608", "E0609", "E0812", "E0813", "E0814",
        "W0113",
    ];
    coded.filter(|(code, _)| !code.starts_with("E052") && !elsewhere.contains(&code.as_str())).collect()
}

/// The one block of the page that is fenced as `gbs right`, say.
fn fence(page: &Case, kind: &str) -> Case {
    let mut found: Vec<Case> = fences(page).into_iter().filter(|case| case.info.starts_with(kind)).collect();
    assert_eq!(found.len(), 1, "{} has one block `{kind}`", page.name);
    found.remove(0)
}

/// The wrong example of a page; those too large or too invisible to print are made here.
fn wrong(code: &str, page: &Case) -> Case {
    let case = fence(page, "gbs wrong");
    if !case.info.contains("generated:") {
        return case;
    }
    let series: String = (1..=64).map(|n| format!("let b{n} = es.bars({n}m)\n")).collect();
    let sum: Vec<String> = (1..=64).map(|n| format!("b{n}.volume")).collect();
    let text = match code {
        "E0003" => format!("strategy S\nmarket es\ntarget es = {}1{}\n", "(".repeat(70), ")".repeat(70)),
        "E0008" => format!("// {}\n", "x".repeat(1_048_600)),
        "E0009" => "strategy S\nmarket es\n// \u{202e}\ntarget es = 1\n".to_owned(),
        "E0902" => format!("strategy S\nmarket es\n{series}target es = {}\n", sum.join(" + ")),
        other => panic!("nothing generates the wrong example of {other}"),
    };
    Case { text, ..case }
}

fn check(case: &Case) -> Checked {
    checked(&case.name, &case.text)
}

#[test]
fn wrong_examples_earn_their_code_and_no_other() {
    let mut others = Vec::new();
    for (code, page) in pages() {
        let checked = check(&wrong(&code, &page));
        if codes(&checked) != [code] {
            others.push(format!("{}\n{}", page.name, shown(&checked)));
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
}

#[test]
fn right_examples_are_clean() {
    for (code, page) in pages() {
        let checked = check(&fence(&page, "gbs right"));
        assert!(checked.diagnostics.is_empty(), "{code}:\n{}", shown(&checked));
    }
}

#[test]
fn repairs_mend_what_they_are_for() {
    let mut tried = 0;
    for (code, page) in pages() {
        let case = wrong(&code, &page);
        let before = check(&case);
        for diagnostic in before.diagnostics.in_order().into_iter().filter(|diagnostic| !diagnostic.fix.is_empty()) {
            let after = checked(&case.name, &repaired(&case.text, diagnostic));
            assert!(!codes(&after).contains(&code.as_str()), "{code}, repaired:\n{}", shown(&after));
            tried += 1;
        }
    }
    assert!(tried >= 10, "only {tried} messages offer a repair");
}

#[test]
fn pages_are_titled_by_their_code_and_explain_finds_them() {
    for (code, page) in pages() {
        assert!(page.text.starts_with(&format!("# {code} ")), "{} is titled otherwise", page.name);
        assert_eq!(gbc_diagnostics::explain(&code), Some(page.text.as_str()));
    }
}

#[test]
fn messages_are_written_in_the_house_style() {
    for (code, page) in pages() {
        let checked = check(&wrong(&code, &page));
        for diagnostic in checked.diagnostics.in_order() {
            let first = diagnostic.message.chars().next().expect("a message says something");
            assert!(!first.is_uppercase() && !diagnostic.message.ends_with('.'), "{code}: {}", diagnostic.message);
            assert_eq!(diagnostic.message.matches('`').count() % 2, 0, "{code}: {}", diagnostic.message);
            assert!(diagnostic.help.is_some(), "{code} offers no help: {}", diagnostic.message);
        }
    }
}

/// The blocks of every page that explains no code: the language, the tour, and what people come from.
fn blocks_of_the_other_pages() -> Vec<Case> {
    let pages = files("docs", "md").into_iter().filter(|page| !page.name.starts_with("docs/diagnostics/"));
    pages.flat_map(|page| fences(&page)).collect()
}

#[test]
fn blocks_marked_wrong_are_refused_and_all_others_are_clean() {
    let (mut right, mut wrong) = (0, 0);
    for case in blocks_of_the_other_pages() {
        let checked = check(&case);
        if case.info.starts_with("gbs wrong") {
            assert!(!checked.is_sound(), "{} is marked as wrong and sound:\n{}", case.name, case.text);
            wrong += 1;
        } else {
            assert!(checked.diagnostics.is_empty(), "{}", shown(&checked));
            right += 1;
        }
    }
    assert!(right >= 20 && wrong >= 5, "{right} right and {wrong} wrong blocks");
}

#[test]
fn blocks_of_the_other_pages_are_in_the_one_style() {
    for case in blocks_of_the_other_pages() {
        assert_eq!(gbc_syntax::format(&case.text), case.text, "{}", case.name);
    }
}
