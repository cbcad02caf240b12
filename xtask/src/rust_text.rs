//! Tells code, strings and comments of a Rust file apart, so that a rule about code is not fooled by prose.

/// What a part of the text is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What the compiler acts on.
    Code,
    /// What stands between quotes.
    Text,
    /// What is for people.
    Comment,
}

/// The text with everything but `keep` blanked out, line for line.
pub fn only(text: &str, keep: &[Part]) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = ' ';
    while !rest.is_empty() {
        let (part, length) = next_part(rest, before);
        let (piece, after) = rest.split_at(length);
        before = piece.chars().next_back().unwrap_or(' ');
        if keep.contains(&part) {
            kept.push_str(piece);
        } else {
            kept.extend(piece.chars().map(|letter| if letter == '\n' { '\n' } else { ' ' }));
        }
        rest = after;
    }
    kept
}

/// The text up to its unit tests, which stand at the end of a file.
pub fn before_tests(text: &str) -> &str {
    let end = text.match_indices("#[cfg(test)]").find(|(at, mark)| {
        let next = text[at + mark.len()..].trim_start();
        let next = next.strip_prefix("pub(crate) ").unwrap_or(next);
        next.starts_with("mod ")
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// What comes next, and how long it is; `before` is the letter before it.
fn next_part(rest: &str, before: char) -> (Part, usize) {
    let begins_word = !(before.is_alphanumeric() || before == '_');
    if rest.starts_with("//") {
        return (Part::Comment, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (Part::Comment, block_comment(rest));
    }
    if begins_word && let Some(length) = raw_string(rest) {
        return (Part::Text, length);
    }
    if rest.starts_with('"') {
        return (Part::Text, quoted(rest, '"'));
    }
    if rest.starts_with('\'') {
        // A lifetime has no closing quote after one letter; a letter may be escaped.
        let mut letters = rest.chars().skip(1);
        return match (letters.next(), letters.next()) {
            (Some('\\'), _) | (Some(_), Some('\'')) => (Part::Text, quoted(rest, '\'')),
            _ => (Part::Code, 1),
        };
    }
    (Part::Code, rest.chars().next().map_or(0, char::len_utf8))
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn raw_string(rest: &str) -> Option<usize> {
    let body = ["r", "br", "cr"].iter().find_map(|mark| rest.strip_prefix(mark))?;
    let hashes = body.bytes().take_while(|byte| *byte == b'#').count();
    let inner = body[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = inner.find(&end).map_or(inner.len(), |at| at + end.len());
    Some(rest.len() - inner.len() + length)
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        let here = &rest[at..];
        let step = if here.starts_with("/*") {
            depth += 1;
            2
        } else if here.starts_with("*/") {
            depth -= 1;
            2
        } else {
            here.chars().next().map_or(1, char::len_utf8)
        };
        at += step;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str, keep: &[Part]) -> String {
        only(text, keep).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn parts_are_told_apart() {
        let text = "a /* b /* c */ d */ e // f\n\"g \\\" h\" 'i' '\\'' &'j k r#\"l \" m\"# for\"n\"";
        assert_eq!(words(text, &[Part::Code]), "a e &'j k for");
        assert_eq!(words(text, &[Part::Comment]), "/* b /* c */ d */ // f");
        assert_eq!(words(text, &[Part::Text]), "\"g \\\" h\" 'i' '\\'' r#\"l \" m\"# \"n\"");
        assert_eq!(only(text, &[Part::Code]).lines().count(), text.lines().count());
    }

    #[test]
    fn tests_are_cut_off() {
        assert_eq!(before_tests("code\n#[cfg(test)]\nmod tests { }"), "code\n");
        assert_eq!(before_tests("#[cfg(test)]\nfn only() {}\ncode"), "#[cfg(test)]\nfn only() {}\ncode");
    }
}
