//! What holds for every text, sound or not.

use gbc_diagnostics::{Source, to_text};
use gbc_driver::{Checked, Stage, check, emit, format};
use gbc_syntax::tokens;

use crate::engine::{Engine, Interpreter};
use crate::law::{Broken, broken, same, without_panic};
use crate::runs::played;
use crate::world::{Feeds, World};

/// How far a text came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Came {
    /// It has errors.
    Refused,
    /// It is sound and has nothing to play.
    Sound,
    /// It was played.
    Played,
}

/// Holds a text against all laws; how far it came.
pub fn hold(text: &str) -> Result<Came, Broken> {
    without_panic(|| {
        let once = format(text);
        same("formatting twice is formatting once", &format(&once), &once)?;
        let (before, after) = (check(Source::new("case", text)), check(Source::new("case", once.clone())));
        same("the tree prints back to the very same text", &gbc_syntax::tree(text).print(), text)?;
        points_into_the_text(&before)?;
        if before.parsed.diagnostics.is_empty() {
            same("formatting keeps every word", &words(&once), &words(text))?;
        }
        same_meaning(&before, &after)?;
        if !before.is_sound() || before.is_library() {
            return Ok(if before.is_sound() { Came::Sound } else { Came::Refused });
        }
        play(&before)
    })
}

/// All tokens but blanks, a line each.
fn words(text: &str) -> String {
    let blank = |piece: &&str| !piece.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{feff}').is_empty();
    let pieces = tokens(text);
    let pieces = pieces.iter().map(|token| text[token.span.range()].trim_end()).filter(blank);
    pieces.map(|piece| format!("{piece}\n")).collect()
}

fn points_into_the_text(checked: &Checked) -> Result<(), Broken> {
    for diagnostic in checked.diagnostics.in_order() {
        let labels = diagnostic.labels.iter().map(|label| label.span);
        for span in labels.chain(diagnostic.fix.iter().map(|edit| edit.span)) {
            if checked.source.text.get(span.range()).is_none() {
                return broken("messages point into the text", format!("{} at {span:?}", diagnostic.code));
            }
        }
        to_text(&checked.source, diagnostic, false);
    }
    Ok(())
}

fn same_meaning(before: &Checked, after: &Checked) -> Result<(), Broken> {
    let codes = |checked: &Checked| -> String {
        checked.diagnostics.in_order().iter().map(|diagnostic| format!("{}\n", diagnostic.code)).collect()
    };
    same("formatting keeps the messages", &codes(after), &codes(before))?;
    if !before.is_sound() || before.is_library() {
        return Ok(());
    }
    same("formatting keeps the flow", &flow(after), &flow(before))?;
    for test in 0..before.program.tests.len() {
        before.flow(Some(test));
    }
    Ok(())
}

/// The flow as text, without the places in the source.
pub fn flow(checked: &Checked) -> String {
    let text = emit(checked, Stage::Flow).unwrap_or_default();
    text.lines().map(|line| line.rsplit_once(';').map_or(line, |(flow, _)| flow).trim_end().to_owned() + "\n").collect()
}

/// A few events of every kind, hostile ones among them.
fn play(checked: &Checked) -> Result<Came, Broken> {
    let feeds = Feeds { bars: false, ticks: true, hostile: true };
    let world = World::new(&vec![feeds; checked.program.markets.len()], 60, 1);
    match Interpreter.start(checked, &checked.defaults(), &world) {
        Ok(mut strategy) => {
            played(&mut *strategy, &world, 4096);
            Ok(Came::Played)
        }
        // A made instrument may ask too much of whole numbers, a clean refusal all the same.
        Err(_) => Ok(Came::Sound),
    }
}
