//! What is said of an expectation that does not hold: what was expected, what came, and the names it reads.

use gbc_core::arithmetic::BinaryOp;
use gbc_diagnostics::{Diagnostic, Source};
use gbc_driver::{Checked, Expectation, ExprId, ExprKind, Program, named_reads};
use serde_json::{Value as Json, json};

use super::feeds::MIDNIGHT;
use super::watch::{Watched, When};
use crate::shown::{Shown, shown};

/// What went wrong in a test.
pub(super) struct Failure {
    pub(super) diagnostic: Diagnostic,
    /// What was known at the end; nothing where the test did not come that far.
    pub(super) facts: Option<Facts>,
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Failure {
        Failure { diagnostic, facts: None }
    }
}

/// What was known at the end.
pub(super) struct Facts {
    sides: Option<[Shown; 2]>,
    names: Vec<Known>,
    last: Option<When>,
    markets: Vec<String>,
}

/// A name that the expectation reads.
struct Known {
    name: String,
    id: ExprId,
    value: Shown,
    kind: Kind,
    since: Option<When>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Param,
    /// Something that events change.
    Changing,
}

/// The failures of a test that was played to its end.
pub(super) fn unmet(checked: &Checked, test: usize, told: &[Expectation], watched: &Watched<'_>) -> Vec<Failure> {
    let program = &checked.program;
    let mut at = 0;
    let mut failures = Vec::new();
    for ((id, _), told) in program.tests[test].expects.iter().zip(told) {
        let reads = named_reads(program, *id);
        let here = at..at + reads.len();
        at = here.end;
        if !told.holds {
            let names = reads.into_iter().zip(here).map(|((name, id), at)| known(program, name, id, watched, at));
            let facts = facts(program, *id, told, names.collect(), watched.last);
            failures.push(Failure { diagnostic: diagnostic(program, *id, told, &facts), facts: Some(facts) });
        }
    }
    failures
}

/// What is known of the name with this index.
fn known(program: &Program, name: String, id: ExprId, watched: &Watched<'_>, index: usize) -> Known {
    let kind = if matches!(program.expr(id).kind, ExprKind::Param(_)) { Kind::Param } else { Kind::Changing };
    Known { name, id, value: shown(program, id, watched.values[index]), kind, since: watched.since[index] }
}

fn facts(program: &Program, id: ExprId, told: &Expectation, names: Vec<Known>, last: Option<When>) -> Facts {
    // `expect up` asks for a truth, however `up` comes to it.
    let is_name = names.iter().any(|known| known.id == id);
    let sides = match (&program.expr(id).kind, told.sides) {
        _ if is_name => None,
        (ExprKind::Binary(_, left, right), Some((a, b))) => Some([shown(program, *left, a), shown(program, *right, b)]),
        _ => None,
    };
    let markets = program.markets.iter().map(|market| market.name.clone()).collect();
    Facts { sides, names, last, markets }
}

fn diagnostic(program: &Program, id: ExprId, told: &Expectation, facts: &Facts) -> Diagnostic {
    let remark = match (&program.expr(id).kind, &facts.sides) {
        (ExprKind::Binary(BinaryOp::Eq, ..), Some([left, right])) => {
            format!("expected {}, got {}", right.text, left.text)
        }
        (ExprKind::Binary(op, ..), Some([left, right])) => {
            let relation = relation(*op);
            format!("expected something {relation} {}, got {}", right.text, left.text)
        }
        _ if told.defined => "expected true, got false".to_owned(),
        _ => "expected true, got undefined".to_owned(),
    };
    Diagnostic::error("E0520", "an expectation does not hold", told.span, remark)
}

fn relation(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Ne => "other than",
        BinaryOp::Lt => "below",
        BinaryOp::Le => "up to",
        BinaryOp::Gt => "above",
        BinaryOp::Ge => "from",
        _ => "like",
    }
}

impl Facts {
    /// The small table below the message.
    pub(super) fn text(&self) -> String {
        let rows: Vec<[String; 3]> =
            self.names.iter().map(|it| [it.name.clone(), it.value.text.clone(), self.history(it)]).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let (names, values) = (width(0), width(1));
        let last = self.last.map_or("nothing happened".to_owned(), |last| format!("last event: {}", self.event(last)));
        rows.iter().fold(format!("  {last}\n"), |text, [name, value, since]| {
            text + format!("  {name:<names$}  {value:<values$}  {since}").trim_end() + "\n"
        })
    }

    fn history(&self, known: &Known) -> String {
        match (known.kind, known.since) {
            (Kind::Param, _) => "parameter".to_owned(),
            (_, Some(since)) => format!("since {}", self.event(since)),
            (_, None) => "from the start".to_owned(),
        }
    }

    /// `bar 3, 09:45:00`
    fn event(&self, when: When) -> String {
        let time = time_text(when);
        let Some((market, row, is_bar)) = when.row else { return time };
        let of = if self.markets.len() > 1 { format!(" of {}", self.markets[market]) } else { String::new() };
        format!("{} {row}{of}, {time}", if is_bar { "bar" } else { "row" })
    }

    /// The same for scripts.
    pub(super) fn json(&self, source: &Source, diagnostic: &Diagnostic) -> Json {
        let place = source.place(diagnostic.span().start);
        let values = self.names.iter().map(|it| {
            let since = it.since.filter(|_| it.kind != Kind::Param).map(|when| self.event_json(when));
            json!({ "name": it.name, "value": it.value.json, "parameter": it.kind == Kind::Param, "since": since })
        });
        let side = |index: usize| self.sides.as_ref().map(|sides| sides[index].json.clone());
        json!({
            "expected": source.slice(diagnostic.span()), "line": place.line, "column": place.column,
            "left": side(0), "right": side(1), "values": values.collect::<Vec<_>>(),
            "lastEvent": self.last.map(|when| self.event_json(when)),
        })
    }

    fn event_json(&self, when: When) -> Json {
        let (market, row) = when.row.map(|(market, row, _)| (&self.markets[market], row)).unzip();
        json!({ "time": crate::run::time_text(when.time), "market": market, "row": row })
    }
}

/// The time of day as a test's rows write it, with the date on any day but the first.
fn time_text(when: When) -> String {
    let text = crate::run::time_text(when.time);
    let text = text.trim_end_matches('Z');
    let first_day = (0..gbc_core::time::DAY).contains(&(when.time.0 - MIDNIGHT));
    if first_day { text.rsplit('T').next().unwrap_or(text).to_owned() } else { text.replace('T', " ") }
}
