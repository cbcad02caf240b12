//! `gbc explain`: the page of a code; without one the list of them, and for a word the codes that speak of it.

use gbc_diagnostics::{codes, explain as page, nearest};

use crate::args::ExplainArgs;
use crate::exit::Exit;
use crate::out;

pub(crate) fn explain(args: &ExplainArgs) -> Result<(), Exit> {
    let Some(asked) = &args.code else {
        return out::print(&list(codes()));
    };
    if let Some(page) = spellings(asked).iter().find_map(|code| page(code)) {
        return out::print(page);
    }
    let about: Vec<&str> = codes().filter(|code| speaks_of(code, asked)).collect();
    if about.is_empty() { Err(Exit::usage(unknown(asked))) } else { out::print(&list(about)) }
}

/// The codes that a person may mean: `e0312`, `0312` and `312` are all `E0312`; `error[E0312]` is copied from a message.
fn spellings(asked: &str) -> Vec<String> {
    let words: String = asked.chars().filter(|c| !matches!(c, '`' | ']' | ':')).collect();
    let word = words.rsplit('[').next().unwrap_or_default().to_uppercase();
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &word[letters.len()..];
    if digits.is_empty() || digits.len() > 4 {
        return vec![word];
    }
    let kinds = if letters.is_empty() { ["E", "W"].as_slice() } else { &[letters] };
    kinds.iter().map(|kind| format!("{kind}{digits:0>4}")).collect()
}

/// Whether the title of a page holds this word.
fn speaks_of(code: &str, word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    letters > 2 && title(code).to_lowercase().contains(&word.to_lowercase())
}

/// `an expectation does not hold`, from a page that opens with `# E0520 an expectation does not hold`.
fn title(code: &str) -> &'static str {
    let heading = page(code).and_then(|page| page.lines().next()).unwrap_or_default();
    heading.split_once(code).map_or(heading, |(_, title)| title.trim())
}

/// A line for each code.
fn list<'a>(codes: impl IntoIterator<Item = &'a str>) -> String {
    codes.into_iter().map(|code| format!("{code}  {}\n", title(code))).collect()
}

fn unknown(asked: &str) -> String {
    let shown: String = asked.chars().filter(|c| !c.is_control()).take(40).collect();
    let near = near(asked);
    let offer = if near.is_empty() {
        "`gbc explain` lists them all".to_owned()
    } else {
        format!("near it are\n{}`gbc explain` lists them all", list(near))
    };
    format!("there is no diagnostic `{shown}`; {offer}")
}

/// The codes that begin like this, or are of one family with it; else the one that differs by a slip.
fn near(asked: &str) -> Vec<&'static str> {
    let begin = |start: &str| codes().filter(|code| start.len() > 2 && code.starts_with(start)).collect::<Vec<_>>();
    let spelt = spellings(asked).remove(0);
    let family = if spelt.is_ascii() && spelt.len() == 5 { begin(&spelt[..3]) } else { Vec::new() };
    let longer = begin(&asked.to_uppercase());
    match (longer.is_empty(), family.is_empty()) {
        (false, _) => longer,
        (true, false) => family,
        (true, true) => nearest(&spelt, codes()).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_written() {
        for asked in ["E0312", "e0312", "0312", "312", "error[E0312]", "[e0312]:", "`E0312`"] {
            assert!(spellings(asked).contains(&"E0312".to_owned()), "{asked}: {:?}", spellings(asked));
        }
        assert_eq!(spellings("w101"), ["W0101"]);
        assert_eq!(spellings("123456"), ["123456"]);
    }

    #[test]
    fn every_page_has_a_title_to_list() {
        for code in codes() {
            assert!(!title(code).is_empty() && !title(code).starts_with('#'), "{code}");
        }
    }

    #[test]
    fn an_unknown_code_is_answered_by_its_family() {
        let said = unknown("E0399");
        assert!(
            said.contains("no diagnostic `E0399`") && said.contains("E0312  ") && !said.contains("E0415"),
            "{said}"
        );
        let said = unknown("E031");
        assert!(said.contains("E0310") && said.contains("E0314") && !said.contains("E0330"), "{said}");
        assert!(unknown("nonsense").contains("lists them all"));
        assert!(unknown("é").contains("`é`") && unknown("Éa312").contains("lists them all"));
    }
}
