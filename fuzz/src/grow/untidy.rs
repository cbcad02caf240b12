//! Blanks as nobody would set them, which change nothing.

use crate::chance::Chance;

/// The same words with other blanks between them. No line starts in column 0 that did not before.
pub(super) fn untidy(text: &str, chance: &mut Chance) -> String {
    let mut quoted = false;
    let mut out = String::new();
    for c in text.chars() {
        quoted ^= c == '"';
        match c {
            ' ' if !quoted && chance.once_in(1, 8) => {
                out.push_str(chance.pick(&["  ", "\t", "\n    ", " // remark\n  ", "\r\n "]));
            }
            '\n' if chance.once_in(1, 12) => out.push_str("  \n\n"),
            c => out.push(c),
        }
    }
    out
}
