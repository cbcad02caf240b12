//! A stop or a profit on the wrong side of the entry: the trade would close as soon as it is open.
//!
//! Prices are compared as sums: what both have in common falls away, and of the rest the signs must agree.

use gbc_core::arithmetic::{BinaryOp, UnaryOp};
use gbc_diagnostics::{Diagnostic, Diagnostics, Span};
use gbc_hir::{Direction, Exit, ExprId, ExprKind, Program, Trade, Value};

use crate::facts::Facts;
use crate::reading::{Env, Reader};

/// Sums of more terms than this are not compared.
const MAX_TERMS: usize = 32;

/// Reports what closes a trade at once.
pub(crate) fn find(program: &Program, reader: &mut Reader, facts: &Facts, params: &[Value], out: &mut Diagnostics) {
    let suspects: Vec<Wrong> = program.trades.iter().flat_map(|trade| wrong_in(reader, trade)).collect();
    if suspects.is_empty() {
        return;
    }
    // What only a parameter's own value decides may be otherwise in the next run.
    let mut free = Reader::new(program, &facts.needed, params, true);
    let confirmed: Vec<Wrong> = program.trades.iter().flat_map(|trade| wrong_in(&mut free, trade)).collect();
    let sure = suspects.into_iter().filter(|wrong| confirmed.iter().any(|other| other.at == wrong.at));
    sure.for_each(|wrong| out.push(wrong.in_words()));
}

/// A clause that closes a trade at once.
struct Wrong {
    /// The clause.
    at: Span,
    /// The clause that opens the trade, where prices are compared.
    enter: Option<Span>,
    stop: bool,
    direction: Direction,
}

fn wrong_in(reader: &mut Reader, trade: &Trade) -> Vec<Wrong> {
    reader.refill(1_000);
    let clauses = [(trade.stop, trade.stop_span, true), (trade.take, trade.take_span, false)];
    let wrong = clauses.into_iter().filter_map(|(exit, at, stop)| {
        // A long is given up below its entry and takes its profit above.
        let above = (trade.direction == Direction::Long) != stop;
        let (wrong, enter) = match (exit?, trade.enter.price) {
            (Exit::Away(distance), _) => {
                let far = reader.read(&mut Env::default(), distance).interval;
                (!far.is_empty() && far.high <= 0.0, None)
            }
            (Exit::At(price), Some(entry)) => {
                let terms = differ(reader, price.value, entry.at.value);
                (terms.is_some_and(|terms| all_on_one_side(reader, &terms, !above)), Some(trade.enter.span))
            }
            (Exit::At(_), None) => (false, None),
        };
        wrong.then_some(Wrong { at, enter, stop, direction: trade.direction })
    });
    wrong.collect()
}

/// A term of a sum, and whether it is taken away.
type Term = (ExprId, bool);

/// What is left of one price less another, once what they have in common is gone.
fn differ(reader: &Reader, price: ExprId, entry: ExprId) -> Option<Vec<Term>> {
    let (mut left, mut open) = (Vec::<Term>::new(), vec![(price, false), (entry, true)]);
    while let Some((id, minus)) = open.pop() {
        if left.len() + open.len() > MAX_TERMS {
            return None;
        }
        match reader.program.expr(id).kind {
            ExprKind::ToNum(inner) => open.push((inner, minus)),
            ExprKind::Unary(UnaryOp::Neg, inner) => open.push((inner, !minus)),
            ExprKind::Binary(BinaryOp::Add, a, b) => open.extend([(a, minus), (b, minus)]),
            ExprKind::Binary(BinaryOp::Sub, a, b) => open.extend([(a, minus), (b, !minus)]),
            _ => {
                let number = reader.numbering.of(id);
                match left.iter().position(|term| *term == (number, !minus)) {
                    Some(other) => drop(left.remove(other)),
                    None => left.push((number, minus)),
                }
            }
        }
    }
    Some(left)
}

/// Whether a sum is never below zero, or with `above` not set never above it.
fn all_on_one_side(reader: &mut Reader, terms: &[Term], above: bool) -> bool {
    terms.iter().all(|(id, minus)| {
        let found = reader.read(&mut Env::default(), *id).interval;
        let found = if *minus { found.negated() } else { found };
        !found.is_empty() && if above { found.low >= 0.0 } else { found.high <= 0.0 }
    })
}

impl Wrong {
    fn in_words(&self) -> Diagnostic {
        let what = if self.stop { "stop" } else { "profit" };
        let (direction, should, sign) = match (self.direction, self.stop) {
            (Direction::Long, true) => ("long", "below", "-"),
            (Direction::Long, false) => ("long", "above", "+"),
            (Direction::Short, true) => ("short", "above", "+"),
            (Direction::Short, false) => ("short", "below", "-"),
        };
        let message = format!("the {what} of this {direction} does not lie {should} its entry, so it closes at once");
        match self.enter {
            Some(enter) => Diagnostic::warning("W0114", message, self.at, format!("never {should} the entry"))
                .label(enter, "where it opens")
                .help(format!("put it {should}: the price of the entry `{sign}` a distance, or a distance alone")),
            None => Diagnostic::warning("W0114", message, self.at, "never above zero")
                .help(format!("a distance is counted away from the entry, here {should} it; write it without a sign")),
        }
    }
}
