//! Examples in the `///` lines of a library's functions, played like tests.
//!
//! ```text
//! /// Example: sma(x, 3) of x = 1 2 3 6 is _ _ 2 3.667
//! ```
//!
//! A call, what its inputs are at each step, and what it gives at each of the last steps: `_` where it is undefined,
//! otherwise a number that is right in all the places written. `12/9/11x5` is a bar by high, low, close and volume,
//! `100x5/101x3` a quote; a number where bars are asked for is a bar of one price, as in a test.

use std::path::Path;

use gbc_core::bars::Source as BarSource;
use gbc_core::time::{MINUTE, SECOND};
use gbc_core::{Block, Column, Event, Instrument, Ratio, Schema, Strategy, View, Wishes};
use gbc_diagnostics::{Diagnostic, Source, Span};
use gbc_driver::{Checked, TestRow};

use super::feeds::{MIDNIGHT, OPEN, TICK, l1};
use crate::libraries;

/// Numbers of examples may have six decimals.
const FINE: Ratio = Ratio { num: 1, den: 1_000_000 };

const MARK: &str = "Example: ";

/// One example: whose it is, and what is wrong with it.
pub(super) struct Played {
    pub(super) name: String,
    pub(super) wrong: Vec<Diagnostic>,
}

/// Plays every example of a library.
pub(super) fn play_all(checked: &Checked) -> Vec<Played> {
    let mut played = Vec::new();
    for item in checked.parsed.file.items.iter().filter(|_| checked.is_library()) {
        for line in item.doc.lines().filter_map(|line| line.trim().strip_prefix(MARK)) {
            let span = place(&checked.source.text, item.span, line);
            let wrong = Example::read(line).map_err(|why| unreadable(span, why)).and_then(|it| it.play(checked, span));
            let call = line.split('(').next().unwrap_or(line);
            played.push(Played { name: format!("example of `{call}`"), wrong: wrong.err().into_iter().collect() });
        }
    }
    played
}

/// Where the example stands: the nearest such line above its item.
fn place(text: &str, item: Span, line: &str) -> Span {
    let above = &text[..item.start as usize];
    above.rfind(line).map_or(item, |start| Span::new(start, start + line.len()))
}

struct Example<'a> {
    call: &'a str,
    inputs: Vec<(&'a str, Vec<Input>)>,
    wanted: Vec<&'a str>,
}

/// What one input is at one step.
#[derive(Clone, Copy, Debug)]
enum Input {
    Number(f64),
    /// High, low, close, volume.
    Bar([f64; 4]),
    /// Bid and ask with their sizes.
    Quote([(f64, f64); 2]),
    /// Price and size.
    Trade((f64, f64)),
}

impl<'a> Example<'a> {
    fn read(line: &'a str) -> Result<Example<'a>, &'static str> {
        let (call, rest) = line.split_once(" of ").ok_or("it has no ` of ` behind the call")?;
        let (inputs, wanted) = rest.rsplit_once(" is ").ok_or("it does not end with ` is ` and values")?;
        let inputs: Option<Vec<_>> = inputs.split(", ").map(input).collect();
        let inputs = inputs.ok_or("an input is `x = 1 2 3`, of numbers, bars, quotes or trades")?;
        let wanted: Vec<&str> = wanted.split_whitespace().collect();
        let number = |text: &&str| **text == *"_" || text.parse::<f64>().is_ok_and(f64::is_finite);
        let steps = inputs[0].1.len();
        if inputs.iter().any(|(_, values)| values.len() != steps) {
            return Err("its inputs do not have equally many values");
        }
        if wanted.is_empty() || wanted.len() > steps || !wanted.iter().all(number) {
            return Err("behind ` is ` stand numbers or `_`, no more than there are steps");
        }
        Ok(Example { call, inputs, wanted })
    }

    fn play(&self, library: &Checked, span: Span) -> Result<(), Diagnostic> {
        let found = self.run(library, span)?;
        let last = &found[found.len() - self.wanted.len()..];
        if last.iter().zip(&self.wanted).all(|(found, wanted)| agrees(*found, wanted)) {
            return Ok(());
        }
        let gives: Vec<String> = last.iter().zip(&self.wanted).map(|(found, wanted)| written(*found, wanted)).collect();
        let remark = format!("gives {}", gives.join(" "));
        Err(Diagnostic::error("E0523", "an example does not hold", span, remark)
            .help("mend the function, or write what it gives"))
    }

    /// What the call gives after each step.
    fn run(&self, library: &Checked, span: Span) -> Result<Vec<Option<f64>>, Diagnostic> {
        let stage = self.stage(span)?;
        let text = self.program(library, &stage);
        let checked = libraries::checked_as(Source::new("example", text), Path::new(&library.source.name));
        if let Some(first) = checked.diagnostics.in_order().into_iter().find(|_| !checked.is_sound()) {
            return Err(unreadable(span, &first.message));
        }
        let instruments = vec![Instrument::generic("example_market", stage.tick)];
        let bound = checked.bind(&checked.defaults(), instruments, &[stage.source], Some(0));
        let mut machine = bound.map_err(|diagnostic| unreadable(span, &diagnostic.message))?.machine;
        let (mut wishes, view) = (Wishes::none(1), View::default());
        let mut found = Vec::new();
        for row in 0..stage.block.len() {
            let fault = |fault: gbc_core::Fault| unreadable(span, &fault.reason);
            machine.react(Event::Row(&stage.block, row), &view, &mut wishes).map_err(fault)?;
            let told = machine.expectations(&view).map_err(fault)?;
            found.push(told[0].sides.and_then(|(left, _)| left));
        }
        Ok(found)
    }

    /// A strategy of the library's functions that expects something of the call.
    fn program(&self, library: &Checked, stage: &Stage) -> String {
        let text = &library.source.text;
        let header = library.parsed.file.items.iter().map(|item| item.span.range());
        let header = header.into_iter().find(|range| text[range.clone()].starts_with("library"));
        let functions = header
            .map_or(text.clone(), |range| format!("{}strategy Example{}", &text[..range.start], &text[range.end..]));
        let (lets, call) = (&stage.lets, self.call);
        format!(
            "{functions}\nmarket example_market\n{lets}let example_value = {call}\ntarget example_market = 0\n\
             test \"example\" {{\n  bars example_market 1m : 1\n  expect example_value == 0\n}}\n"
        )
    }

    /// The market that the inputs make.
    fn stage(&self, span: Span) -> Result<Stage, Diagnostic> {
        match self.inputs.as_slice() {
            [(name, values)] if matches!(values[0], Input::Quote(_) | Input::Trade(_)) => events(name, values, span),
            [(name, values)] if *name == "b" => bars(name, values, span),
            inputs => numbers(inputs, span),
        }
    }
}

/// A market, and the lines that name the inputs.
struct Stage {
    block: Block,
    tick: Ratio,
    source: BarSource,
    lets: String,
}

/// `b = 12/9/11x5 13`
fn bars(name: &str, values: &[Input], span: Span) -> Result<Stage, Diagnostic> {
    let mut rows = Vec::new();
    for value in values {
        rows.push(match *value {
            Input::Bar([high, low, close, volume]) => [close, high, low, close, volume],
            Input::Number(price) => [price, price, price, price, 1.0],
            Input::Quote(_) | Input::Trade(_) => return Err(unreadable(span, "a quote or trade stands among bars")),
        });
    }
    stage_of_bars(format!("let {name} = example_market.bars(1m)\n"), &rows, span)
}

/// `x = 1 2 3, y = 4 5 6`: each takes a price of its own in one series of bars.
fn numbers(inputs: &[(&str, Vec<Input>)], span: Span) -> Result<Stage, Diagnostic> {
    let fields = ["close", "open", "high", "low"];
    if inputs.len() > fields.len() {
        return Err(unreadable(span, "it has more than four inputs"));
    }
    let mut lets = "let example_bars = example_market.bars(1m)\n".to_owned();
    let mut rows = vec![[0.0, 0.0, 0.0, 0.0, 1.0]; inputs[0].1.len()];
    // Where each of those stands in a row: open, high, low, close.
    for (((name, values), field), column) in inputs.iter().zip(fields).zip([3, 0, 1, 2]) {
        lets += &format!("let {name} = example_bars.{field} * example_market.point / 1 usd\n");
        for (row, value) in rows.iter_mut().zip(values) {
            let Input::Number(x) = value else { return Err(unreadable(span, "bars are called `b` and stand alone")) };
            row[column] = *x;
        }
    }
    stage_of_bars(lets, &rows, span)
}

/// Rows of open, high, low, close and volume.
fn stage_of_bars(lets: String, rows: &[[f64; 5]], span: Span) -> Result<Stage, Diagnostic> {
    let mut block = Block::new(0, Schema::Bars { span_ns: MINUTE });
    for (index, row) in rows.iter().enumerate() {
        let opens = OPEN + index as i64 * MINUTE;
        block.time.push(opens + MINUTE);
        block.column_mut(Column::OpenTime).push(opens);
        for (column, price) in [Column::Open, Column::High, Column::Low, Column::Close].into_iter().zip(row) {
            let ticks = FINE.count_exact(*price).ok_or_else(|| unreadable(span, "numbers have up to six decimals"))?;
            block.column_mut(column).push(ticks);
        }
        let volume = Ratio::ONE.count_exact(row[4]).ok_or_else(|| unreadable(span, "a volume is a whole number"))?;
        block.column_mut(Column::Volume).push(volume);
    }
    Ok(Stage { block, tick: FINE, source: BarSource::Bars { span_ns: MINUTE }, lets })
}

/// `q = 100x5/101x3`, `t = 100x5 101x3`
fn events(name: &str, values: &[Input], span: Span) -> Result<Stage, Diagnostic> {
    let mut rows = Vec::new();
    for (index, value) in values.iter().enumerate() {
        let time_ns = OPEN - MIDNIGHT + index as i64 * SECOND;
        let (quote, trade) = match *value {
            Input::Quote(quote) => (Some(quote), None),
            Input::Trade(trade) => (None, Some(trade)),
            _ => return Err(unreadable(span, "a bar stands among quotes or trades")),
        };
        rows.push(TestRow { time_ns, span, quote, trade });
    }
    let stream = if rows[0].quote.is_some() { "quotes" } else { "trades" };
    let lets = format!("let {name} = example_market.{stream}\n");
    Ok(Stage { block: l1(0, &rows)?, tick: TICK, source: BarSource::Trades, lets })
}

/// `x = 1 2 3`
fn input(text: &str) -> Option<(&str, Vec<Input>)> {
    let (name, values) = text.split_once(" = ")?;
    let values: Option<Vec<Input>> = values.split_whitespace().map(one_input).collect();
    values.filter(|values| !values.is_empty()).map(|values| (name.trim(), values))
}

fn one_input(text: &str) -> Option<Input> {
    let number = |text: &str| text.parse::<f64>().ok().filter(|x| x.is_finite());
    let level = |text: &str| text.split_once('x').and_then(|(price, size)| Some((number(price)?, number(size)?)));
    let parts: Vec<&str> = text.split('/').collect();
    match parts.as_slice() {
        [one] => number(one).map(Input::Number).or_else(|| level(one).map(Input::Trade)),
        [bid, ask] => Some(Input::Quote([level(bid)?, level(ask)?])),
        [high, low, close] => {
            let (close, volume) = level(close).or_else(|| Some((number(close)?, 1.0)))?;
            Some(Input::Bar([number(high)?, number(low)?, close, volume]))
        }
        _ => None,
    }
}

/// How many places are written behind the point.
fn places(text: &str) -> usize {
    text.split_once('.').map_or(0, |(_, places)| places.len())
}

/// Whether a value is the one written, in as many places as are written.
fn agrees(found: Option<f64>, wanted: &str) -> bool {
    match (found, wanted.parse::<f64>()) {
        (None, Err(_)) => true,
        (Some(found), Ok(number)) if found.is_finite() => {
            let shown = format!("{found:.*}", places(wanted));
            shown.parse() == Ok(number)
        }
        _ => false,
    }
}

/// A value in as many places as the one it is held against; at least three where that is none.
fn written(found: Option<f64>, wanted: &str) -> String {
    let places = if wanted == "_" { 3 } else { places(wanted).max(3) };
    found.map_or("_".to_owned(), |found| format!("{found:.places$}"))
}

fn unreadable(span: Span, why: &str) -> Diagnostic {
    Diagnostic::error("E0524", "this example cannot be played", span, why)
        .help("write `Example: sma(x, 3) of x = 1 2 3 6 is _ _ 2 3.667`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_right_in_the_places_written() {
        assert!(agrees(Some(11.0 / 3.0), "3.667") && agrees(Some(4.0), "4") && agrees(None, "_"));
        assert!(!agrees(Some(11.0 / 3.0), "3.66") && !agrees(None, "0") && !agrees(Some(0.0), "_"));
    }

    fn complaint(functions: &str) -> Vec<&'static str> {
        let text = format!("library Mine\n\n{functions}\n");
        let checked = gbc_driver::check(Source::new("mine.gbs", text));
        play_all(&checked).into_iter().flat_map(|played| played.wrong).map(|wrong| wrong.code).collect()
    }

    #[test]
    fn a_wrong_example_is_told_from_one_that_cannot_be_played() {
        let twice = "pub fn twice(x) = 2 * x";
        assert!(complaint(&format!("/// Example: twice(x) of x = 1 2 is 2 4\n{twice}")).is_empty());
        assert_eq!(complaint(&format!("/// Example: twice(x) of x = 1 2 is 2 5\n{twice}")), ["E0523"]);
        for odd in ["twice(x)", "twice(x) of x = 1", "twice(x) of x = 1 is 2 2", "thrice(x) of x = 1 is 3"] {
            assert_eq!(complaint(&format!("/// Example: {odd}\n{twice}")), ["E0524"], "{odd}");
        }
    }
}
