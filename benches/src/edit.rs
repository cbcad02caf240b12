//! What an edit costs in the editor: a line of many changes, and the document knows again what is wrong.

use std::fmt;

use gbc_ide::{Document, no_files};
use gbc_syntax::{Before, parse, parse_again};
use serde_json::{Value, json};

use crate::check::{micros, text_of};
use crate::clock::timed;
use crate::figures::median;

/// How many lines the program has.
const LINES: usize = 2_000;

/// Medians of the rounds, in microseconds.
pub(crate) struct Edit {
    name: &'static str,
    parse_fresh: f64,
    parse_edited: f64,
    fresh: f64,
    edited: f64,
    /// Of the rounds' own ratios, whole documents.
    ratio: f64,
}

/// An edit that leaves the program sound, and one that leaves a line half written.
pub(crate) fn measure(rounds: usize) -> Vec<Edit> {
    let text = text_of("equations", LINES);
    let edits = [("a number", "let v1001 = if v500 > v333 + 17 {"), ("a half line", "let v1001 = if v500 > ")];
    edits.map(|(name, line)| edit(name, &text, &text.replace("let v1001 = if v500 > v333 + 1 {", line), rounds)).into()
}

fn edit(name: &'static str, old: &str, new: &str, rounds: usize) -> Edit {
    let (mut parses, mut documents) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    let mut ratios = Vec::new();
    let (before, parsed) = (Document::new(old), parse(old));
    for _ in 0..rounds {
        let (_, parse_fresh) = timed(|| parse(new));
        let (_, parse_edited) = timed(|| parse_again(new, Before { text: old, parsed: &parsed }));
        let (_, fresh) = timed(|| Document::new(new));
        let (_, edited) = timed(|| before.edited(new, &no_files));
        let [parse_fresh, parse_edited, fresh, edited] = [parse_fresh, parse_edited, fresh, edited].map(micros);
        parses[0].push(parse_fresh);
        parses[1].push(parse_edited);
        documents[0].push(fresh);
        documents[1].push(edited);
        ratios.push(edited / fresh);
    }
    let ([parse_fresh, parse_edited], [fresh, edited]) = (parses.map(median), documents.map(median));
    Edit { name, parse_fresh, parse_edited, fresh, edited, ratio: median(ratios) }
}

/// For scripts.
pub(crate) fn to_json(edits: &[Edit]) -> Value {
    let each = edits.iter().map(|Edit { name, parse_fresh, parse_edited, fresh, edited, ratio }| {
        json!({
            "name": name, "lines": LINES, "parseFreshUs": parse_fresh, "parseEditedUs": parse_edited,
            "freshUs": fresh, "editedUs": edited, "ratio": ratio
        })
    });
    each.collect()
}

/// For people.
pub(crate) struct Table(pub(crate) Vec<Edit>);

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = format!("edit in {LINES} lines");
        let [parse, again, fresh, edited] = ["parse µs", "again µs", "document µs", "edited µs"];
        writeln!(out, "\n{title:<20} {parse:>9} {again:>9} {fresh:>12} {edited:>10} {:>6}", "ratio")?;
        for Edit { name, parse_fresh, parse_edited, fresh, edited, ratio } in &self.0 {
            writeln!(
                out,
                "{name:<20} {parse_fresh:>9.0} {parse_edited:>9.0} {fresh:>12.0} {edited:>10.0} {ratio:>6.2}"
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_edit_changes_one_line() {
        let old = text_of("equations", LINES);
        assert_eq!(old.matches("let v1001 = if v500 > v333 + 1 {").count(), 1);
        assert_eq!(measure(1).len(), 2);
    }
}
