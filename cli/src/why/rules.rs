//! What each rule, target, trade, quote and limit saw when it was last asked: the first term that is false or undefined,
//! with the values of its names.

use gbc_driver::{Construct, ExprId, ExprKind, Question, Still, Term, Ty};
use serde_json::{Value as Json, json};

use super::rerun::{Rerun, Times};
use crate::lines;
use crate::run::time_text;
use crate::shown::shown;

/// Whose questions are told, and of which terms.
#[derive(Clone, Copy)]
pub(super) enum Which<'a> {
    /// Of everything, what decides.
    Deciding,
    /// Of these, every term.
    All(&'a [Construct]),
}

/// What a question came to.
struct Told<'a> {
    question: &'a Question,
    times: Times,
    /// What decides; of an amount, what was asked on the way to it.
    terms: Vec<Term>,
    /// The amount itself, with what it is made of.
    amount: Option<Term>,
}

fn still(rerun: &Rerun) -> Still<'_> {
    Still {
        program: &rerun.prepared.checked.program,
        facts: &rerun.facts,
        flow: &rerun.flow,
        values: &rerun.seen.values,
        ticks: &rerun.seen.ticks,
    }
}

fn told<'a>(rerun: &'a Rerun, which: Which<'_>) -> Vec<Told<'a>> {
    let still = still(rerun);
    let wanted = |question: &Question| match which {
        Which::Deciding => true,
        Which::All(of) => of.contains(&question.of),
    };
    let all = rerun.questions.iter().zip(&rerun.seen.times).filter(|(question, _)| wanted(question));
    let tell = |(question, times): (&'a Question, &Times)| {
        let (terms, amount) = if still.program.expr(question.value).ty == Ty::Bool {
            let terms = match which {
                Which::Deciding => still.deciding(question, question.value),
                Which::All(_) => still.terms(question, question.value),
            };
            (terms, None)
        } else {
            let (way, end) = still.way(question);
            (way, Some(still.term(question, end)))
        };
        Told { question, times: *times, terms, amount }
    };
    let mut told: Vec<Told<'_>> = all.map(tell).collect();
    told.sort_by_key(|it| lines::of_construct(still.program, it.question.of).start);
    told
}

/// For people: a line for each construct, below it its questions, below those their terms.
pub(super) fn text(rerun: &Rerun, which: Which<'_>) -> String {
    let checked = &rerun.prepared.checked;
    let mut text = String::new();
    let mut last = None;
    for it in told(rerun, which) {
        let here = lines::line(checked, lines::of_construct(&checked.program, it.question.of));
        if last != Some(it.question.of) {
            text += &format!("  {}:{}: {}\n", checked.source.name, here.line, here.text);
            last = Some(it.question.of);
        }
        text += &question_text(rerun, &it, here.line);
    }
    text
}

fn question_text(rerun: &Rerun, it: &Told<'_>, line: u64) -> String {
    let program = &rerun.prepared.checked.program;
    let value = it.amount.as_ref().map_or(it.question.value, |_| it.question.value);
    let now = shown(program, value, still(rerun).value(it.question, value)).text;
    let time =
        |word: &str, time: Option<gbc_core::Nanos>| time.map_or(String::new(), |it| format!("{word}{}", time_text(it)));
    let mut text = match it.times.asked {
        None if now == "undefined" => format!("    {}: not asked yet\n", it.question.part),
        _ => format!(
            "    {}: {now}{}{}{}\n",
            it.question.part,
            time(", asked last at ", it.times.asked),
            time(", so since ", it.times.since),
            acted(it, &now)
        ),
    };
    let is_constant = |term: &&Term| matches!(program.expr(term.id).kind, ExprKind::Const(_) | ExprKind::Ticks(..));
    let stuck = it.terms.iter().any(|term| term.missing.is_some());
    let amount = it.amount.as_ref().filter(|amount| !stuck && !is_constant(amount));
    let amount = amount.filter(|amount| tells_more(amount, it.question.value));
    let terms = it.terms.iter().chain(amount);
    text.extend(terms.map(|term| format!("      {}\n", term_text(rerun, term, line))));
    text
}

/// When its construct last acted on it, or why it never did although it is true.
fn acted(it: &Told<'_>, now: &str) -> String {
    let turns = matches!(it.question.part, "when" | "enter when") && it.question.acts.is_some();
    match it.times.acted {
        Some(acted) => format!(", acted last at {}", time_text(acted)),
        None if turns && now == "true" => ", never acted: it acts when it turns from false to true".to_owned(),
        None => String::new(),
    }
}

/// Whether an amount says more than its value does.
fn tells_more(amount: &Term, value: ExprId) -> bool {
    amount.missing.is_some() || !amount.names.is_empty() || amount.id != value
}

/// `` `b.close > hi` is false: 4700 > 4701; b.close 4700, hi 4701 ``
fn term_text(rerun: &Rerun, term: &Term, line: u64) -> String {
    let program = &rerun.prepared.checked.program;
    let place = place(rerun, term);
    let away = if place.0 == line { String::new() } else { format!("line {}: ", place.0) };
    let value = shown(program, term.id, term.value).text;
    let why = term.missing.as_ref().map_or(String::new(), |missing| format!(", {missing}"));
    let names: Vec<String> =
        term.names.iter().map(|(name, id, value)| format!("{name} {}", shown(program, *id, *value).text)).collect();
    // What was taken with a clock was made of what stood then.
    let now = if matches!(program.expr(term.id).kind, ExprKind::Sample(..)) { "now " } else { "" };
    let names = if names.is_empty() { String::new() } else { format!(" ({now}{})", names.join(", ")) };
    format!("{away}`{}` is {value}{why}{names}", written(rerun, term))
}

/// The line and the column of a term.
fn place(rerun: &Rerun, term: &Term) -> (u64, u64) {
    let checked = &rerun.prepared.checked;
    let place = checked.source.place(checked.program.expr(term.id).span.start);
    (place.line as u64, place.column as u64)
}

/// A term as the source has it, on one line.
fn written(rerun: &Rerun, term: &Term) -> String {
    let program = &rerun.prepared.checked.program;
    program.text_at(program.expr(term.id).span).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same for scripts.
pub(super) fn object(rerun: &Rerun, which: Which<'_>) -> Json {
    let checked = &rerun.prepared.checked;
    let all = told(rerun, which).into_iter().map(|it| {
        let here = lines::line(checked, lines::of_construct(&checked.program, it.question.of));
        let value = still(rerun).value(it.question, it.question.value);
        let terms = it.terms.iter().chain(&it.amount).map(|term| term_object(rerun, term));
        json!({
            "file": checked.source.name, "line": here.line, "source": here.text, "part": it.question.part,
            "value": shown(&checked.program, it.question.value, value).json,
            "asked": it.times.asked.map(time_text), "since": it.times.since.map(time_text),
            "acted": it.times.acted.map(time_text), "terms": terms.collect::<Vec<_>>(),
        })
    });
    Json::from(all.collect::<Vec<_>>())
}

fn term_object(rerun: &Rerun, term: &Term) -> Json {
    let program = &rerun.prepared.checked.program;
    let (line, column) = place(rerun, term);
    let names =
        term.names.iter().map(|(name, id, value)| json!({ "name": name, "value": shown(program, *id, *value).json }));
    let side = |index: usize| term.sides.map(|sides| shown(program, sides[index].0, sides[index].1).json);
    json!({
        "text": written(rerun, term), "line": line, "column": column, "value": shown(program, term.id, term.value).json,
        "left": side(0), "right": side(1), "missing": term.missing, "names": names.collect::<Vec<_>>(),
    })
}
