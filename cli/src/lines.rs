//! Where in the source things stand that want orders.

use gbc_diagnostics::Span;
use gbc_driver::{Checked, Construct, Program};
use gbc_exec::{Leg, Origin};
use gbc_portfolio::Side;
use gbc_report::journal_file::SourceLine;

/// The line that wanted an order. Nothing for one that a limit of several wanted.
pub(crate) fn of_origin(checked: &Checked, origin: Origin) -> Option<SourceLine> {
    Some(line(checked, span_of(&checked.program, origin)?))
}

/// The line on which something begins.
pub(crate) fn line(checked: &Checked, span: Span) -> SourceLine {
    let place = checked.source.place(span.start);
    let text = checked.source.text.lines().nth(place.line - 1).unwrap_or_default().trim().to_owned();
    SourceLine { line: place.line as u64, text }
}

fn span_of(program: &Program, origin: Origin) -> Option<Span> {
    match origin {
        Origin::Target(market) => {
            let target = program.targets.iter().find(|target| target.market == market)?;
            // Its own place is that of its value.
            Some(target.span)
        }
        Origin::Trade(index, leg) => {
            let trade = program.trades.get(index)?;
            Some(match leg {
                Leg::Enter => trade.enter.span,
                Leg::Stop => trade.stop_span,
                Leg::Take => trade.take_span,
                // One way out is named; of several nobody knows here which it was.
                Leg::Exit => match trade.exits.as_slice() {
                    [only] if trade.exit_after.is_none() => only.span,
                    _ => trade.span,
                },
                Leg::Add => trade.span,
            })
        }
        Origin::Quote(index, side) => {
            let quote = program.quotes.get(index)?;
            let side = quote.sides.iter().find(|it| it.bid == (side == Side::Buy));
            Some(side.map_or(quote.span, |side| side.span))
        }
        Origin::Send(index) => Some(program.sends.get(index)?.span),
        Origin::Margin => None,
        Origin::Limit => match program.limits.as_slice() {
            [only] => Some(only.span),
            _ => None,
        },
    }
}

/// Where a construct stands.
pub(crate) fn of_construct(program: &Program, of: Construct) -> Span {
    match of {
        Construct::Rule(index) => program.rules[index].span,
        Construct::Target(index) => program.targets[index].span,
        Construct::Trade(index) => program.trades[index].span,
        Construct::Quote(index) => program.quotes[index].span,
        Construct::Send(index) => program.sends[index].span,
        Construct::Limit(index) => program.limits[index].span,
    }
}

/// What may have wanted an order, by the word and the line with which the journal has it.
pub(crate) fn wanting(checked: &Checked, origin: &str, row_line: u64) -> Vec<Construct> {
    let program = &checked.program;
    let is_here = |origin| of_origin(checked, origin).is_some_and(|found| found.line == row_line);
    let legs = [Leg::Enter, Leg::Add, Leg::Exit, Leg::Stop, Leg::Take];
    match origin {
        "target" => {
            let here = |index: &usize| is_here(Origin::Target(program.targets[*index].market));
            (0..program.targets.len()).filter(here).map(Construct::Target).collect()
        }
        "trade" => {
            let here = |index: &usize| legs.iter().any(|leg| is_here(Origin::Trade(*index, *leg)));
            (0..program.trades.len()).filter(here).map(Construct::Trade).collect()
        }
        "quote" => {
            let here = |index: &usize| [Side::Buy, Side::Sell].iter().any(|side| is_here(Origin::Quote(*index, *side)));
            (0..program.quotes.len()).filter(here).map(Construct::Quote).collect()
        }
        "send" => {
            let here = (0..program.sends.len()).filter(|index| is_here(Origin::Send(*index)));
            let with_rule =
                |index: usize| rule_of(program, index).map(Construct::Rule).into_iter().chain([Construct::Send(index)]);
            here.flat_map(with_rule).collect()
        }
        _ => (0..program.limits.len()).map(Construct::Limit).collect(),
    }
}

/// The rule that an order by hand stands in.
fn rule_of(program: &Program, send: usize) -> Option<usize> {
    let at = program.sends[send].span;
    program.rules.iter().position(|rule| rule.span.start <= at.start && at.end <= rule.span.end)
}
