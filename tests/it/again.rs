//! Reading a text again after an edit gives what a new start gives, over everything and thousands of edits.

use gbc_fuzz::chance::Chance;
use gbc_fuzz::damage::once;
use gbc_syntax::{Before, parse, parse_again};

use crate::corpus::everything;

/// Edits one after the other, before a text starts afresh: with each of them, more of it is broken.
const CHAIN: usize = 4;

#[test]
fn an_edited_text_is_read_like_a_new_one() {
    let texts: Vec<String> = everything().into_iter().map(|case| case.text).filter(|text| text.len() < 4_000).collect();
    let (mut edits, mut items, mut read_anew) = (0, 0, 0);
    let mut chance = Chance::new(7);
    for first in &texts {
        for _ in 0..3 {
            let (mut text, mut parsed) = (first.clone(), parse(first));
            for _ in 0..CHAIN {
                let next = once(&text, &texts[chance.below(texts.len())], &mut chance);
                let (again, read) = parse_again(&next, Before { text: &text, parsed: &parsed });
                assert_eq!(format!("{again:?}"), format!("{:?}", parse(&next)), "{text:?} becomes {next:?}");
                (edits, items, read_anew) = (edits + 1, items + again.file.items.len(), read_anew + read);
                (text, parsed) = (next, again);
            }
        }
    }
    assert!(edits > 3_000, "{edits} edits");
    assert!(read_anew * 2 < items, "of {items} items {read_anew} were read");
}
