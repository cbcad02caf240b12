//! Columns: the `=` and `{` of neighbouring items of one kind, and the comments after code.

use super::{Line, What};

/// What stands further to the right pulls no column, so that one long line does not push all its neighbours away.
const WIDEST: usize = 80;

/// Aligns items first, then comments, because those stand behind.
pub(super) fn align(lines: &mut [Line]) {
    for group in lines.chunk_by_mut(|a, b| !b.blank_before && word(a).is_some() && word(a) == word(b)) {
        let column = column(group.iter().filter_map(anchor_column));
        for line in group {
            let missing = anchor_column(line).map_or(0, |at| column.saturating_sub(at));
            if let Some(anchor) = &line.anchor {
                line.code.insert_str(anchor.at, &" ".repeat(missing));
            }
        }
    }
    for group in lines.chunk_by_mut(|a, b| !b.blank_before && has_remark(a) && has_remark(b)) {
        let column = column(group.iter().filter(|line| has_remark(line)).map(|line| width(&line.code)));
        for line in group {
            let missing = if has_remark(line) { column.saturating_sub(width(&line.code)) } else { 0 };
            if let Some(remark) = &mut line.remark {
                remark.insert_str(0, &" ".repeat(missing + 2));
            }
        }
    }
}

fn word(line: &Line) -> Option<&str> {
    line.anchor.as_ref().map(|anchor| anchor.word.as_str())
}

fn anchor_column(line: &Line) -> Option<usize> {
    line.anchor.as_ref().map(|anchor| width(&line.code[..anchor.at]))
}

fn has_remark(line: &Line) -> bool {
    line.what == What::Code && line.remark.is_some()
}

fn column(places: impl Iterator<Item = usize>) -> usize {
    places.filter(|at| *at <= WIDEST).max().unwrap_or(0)
}

fn width(text: &str) -> usize {
    text.chars().count()
}
