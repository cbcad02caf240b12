//! What checking costs: made programs through the front of the compiler, room by room.

use std::fmt;
use std::time::Duration;

use gbc_diagnostics::Source;
use gbc_driver::check;
use serde_json::{Value, json};

use crate::clock::timed;
use crate::edit::{self, Edit};
use crate::figures::median;

/// What each room took for one program.
pub(crate) struct Costs {
    name: &'static str,
    lines: usize,
    /// Parse, check, analyse, then everything with a trial binding; microseconds, medians of the rounds.
    rooms: [f64; 4],
}

/// All programs, each so many times.
pub(crate) fn measure(rounds: usize) -> Result<Vec<Costs>, String> {
    programs().into_iter().map(|(name, text)| cost(name, &text, rounds)).collect()
}

fn programs() -> Vec<(&'static str, String)> {
    let made = [("equations", 100), ("equations", 1_000), ("equations", 10_000), ("chain", 1_000), ("rules", 1_000)];
    let made = made.into_iter().map(|(name, lines)| (name, text_of(name, lines)));
    made.chain([("shared", shared())]).collect()
}

fn cost(name: &'static str, text: &str, rounds: usize) -> Result<Costs, String> {
    let mut times: [Vec<f64>; 4] = Default::default();
    for _ in 0..rounds {
        let (parsed, parse) = timed(|| gbc_syntax::parse(text));
        let ((program, _), names) = timed(|| gbc_hir::check(text, &parsed.file));
        let defaults: Vec<_> = program.params.iter().map(|param| param.default).collect();
        let (_, facts) = timed(|| gbc_analysis::analyse(&program, &defaults));
        let (checked, whole) = timed(|| check(Source::new(name, text)));
        if !checked.is_sound() {
            let first = checked.diagnostics.in_order().first().map(|found| found.message.clone()).unwrap_or_default();
            return Err(format!("`{name}` is not sound: {first}"));
        }
        for (times, time) in times.iter_mut().zip([parse, names, facts, whole]) {
            times.push(micros(time));
        }
    }
    Ok(Costs { name, lines: text.lines().count(), rooms: times.map(median) })
}

pub(crate) fn micros(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1e3
}

const HEAD: &str = "strategy Made\n\nmarket es\n\nlet b = es.bars(1m)\nlet v0 = b.close - b.open\n";

/// A program of so many lines.
pub(crate) fn text_of(kind: &str, lines: usize) -> String {
    let line = |index: usize| match (kind, index % 4) {
        ("chain", _) => format!("let v{index} = v{} + {index}\n", index - 1),
        ("rules", 0) => format!("state s{index} = 0\n"),
        ("rules", _) => {
            let state = index - index % 4;
            format!("when b.close > b.open + {index} {{ s{state} = s{state} + 1 }}\n")
        }
        (_, 0) => format!("let v{index} = mean(v{}, {}) + v{}[1]\n", index / 2, index % 50 + 2, index / 3),
        (_, 1) => format!("let v{index} = if v{} > v{} + 1 {{ b.high }} else {{ b.low }}\n", index / 2, index / 3),
        (_, 2) => format!("let v{index} = max(prev, v{}) else b.close - {index}\n", index / 2),
        _ => format!("let v{index} = (v{} + v{}) / 2 * {index}\n", index / 2, index / 3),
    };
    let first = if kind == "rules" { 4 } else { 1 };
    let body: String = (first..lines).map(line).collect();
    let wish =
        if kind == "rules" { "s4".to_owned() } else { format!("if v{} > b.open {{ 1 }} else {{ 0 }}", lines - 1) };
    format!("{HEAD}{body}target es = {wish}\n")
}

/// Equations read twice by the next, and functions that call each other twice: two to the thirtieth, if not shared.
fn shared() -> String {
    let mut text = HEAD.to_owned();
    text += "fn f0(x) = x * 2\n";
    (1..31).for_each(|index| text += &format!("fn f{index}(x) = f{}(x) + f{}(x)\n", index - 1, index - 1));
    (1..500).for_each(|index| text += &format!("let v{index} = min(v{0} + v{0}, b.high)\n", index - 1));
    text + "param n = 20 in 5..60 step 5\nlet w0 = n\nlet w1 = min(w0 + w0, 60)\nlet w2 = min(w1 + w1, 60)\n\
        target es = if f30(v499) > mean(b.close, w2) { 1 } else { 0 }\n"
}

/// For scripts.
pub(crate) fn to_json(costs: &[Costs], edits: &[Edit]) -> Value {
    let each = costs.iter().map(|Costs { name, lines, rooms: [parse, names, facts, whole] }| {
        json!({ "name": name, "lines": lines, "parseUs": parse, "checkUs": names, "analyseUs": facts, "wholeUs": whole })
    });
    json!({ "workload": "check", "programs": each.collect::<Vec<_>>(), "edits": edit::to_json(edits) })
}

/// For people.
pub(crate) struct Table(pub(crate) Vec<Costs>);

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heads = ["lines", "parse µs", "check µs", "analyse µs", "whole µs", "whole µs/line"];
        let [lines, parse, names, facts, whole, per_line] = heads;
        writeln!(out, "{:<10} {lines:>7} {parse:>9} {names:>9} {facts:>11} {whole:>9} {per_line:>14}", "CPU time")?;
        for Costs { name, lines, rooms: [parse, names, facts, whole] } in &self.0 {
            let per_line = whole / *lines as f64;
            writeln!(
                out,
                "{name:<10} {lines:>7} {parse:>9.0} {names:>9.0} {facts:>11.0} {whole:>9.0} {per_line:>14.2}"
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_is_sound() {
        for (name, text) in programs().into_iter().filter(|(_, text)| text.lines().count() < 2_000) {
            assert_eq!(cost(name, &text, 1).err(), None);
        }
    }
}
