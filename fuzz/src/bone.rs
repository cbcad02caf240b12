//! Cuts a case to the bone: takes away lines, tokens and characters for as long as it still fails in the same way.

use gbc_syntax::tokens;

/// The smallest text found for which `fails` holds; it holds for `text`.
pub fn cut(text: &str, fails: &dyn Fn(&str) -> bool) -> String {
    let mut text = text.to_owned();
    loop {
        let before = text.len();
        text = thinned(&text, fails, |text| text.split_inclusive('\n').map(str::to_owned).collect());
        text = thinned(&text, fails, |text| {
            tokens(text).iter().map(|token| text[token.span.range()].to_owned()).collect()
        });
        if text.len() < 400 {
            text = thinned(&text, fails, |text| text.chars().map(String::from).collect());
        }
        if text.len() == before {
            return text;
        }
    }
}

/// Takes away pieces: halves first, then ever shorter runs.
fn thinned(text: &str, fails: &dyn Fn(&str) -> bool, pieces: impl Fn(&str) -> Vec<String>) -> String {
    let mut pieces = pieces(text);
    let mut run = pieces.len().div_ceil(2);
    while run > 0 {
        let mut from = 0;
        while from < pieces.len() {
            let to = (from + run).min(pieces.len());
            let rest = [&pieces[..from], &pieces[to..]].concat();
            if fails(&rest.concat()) {
                pieces = rest;
            } else {
                from = to;
            }
        }
        run = if run == 1 { 0 } else { run.div_ceil(2) };
    }
    pieces.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_matters_stays() {
        let text = "strategy S\nmarket es\nlet a = (1 + bad) * 2\ntarget es = 0\n";
        assert_eq!(cut(text, &|text| text.contains("bad")), "bad");
        assert_eq!(cut(text, &|text| text.contains("market") && text.contains("2\n")), "market2\n");
    }
}
