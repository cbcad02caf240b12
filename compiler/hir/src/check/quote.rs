//! `quote m { … }`: orders that rest on both sides.

use gbc_core::MarketId;
use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, Quoting};

use super::Checker;
use super::scope::{Operand, Scope};
use crate::{Clock, ExprKind, Quote, QuoteSide, Rate, Snap, Told, Ty, errors};

impl<'a> Checker<'a> {
    /// Checks a quote.
    pub(super) fn quote_item(&mut self, scope: &Scope<'a>, quote: &'a ast::Quote) {
        let words = Span { end: quote.market.span.end, ..scope.item };
        self.clock(Clock::News, words);
        let market = self.order_market(scope, "quote", &quote.market);
        self.once_each(&quote.clauses, word);
        if !quote.clauses.iter().any(|(clause, _)| matches!(clause, Quoting::Side { .. })) {
            return self.report(errors::orders::no_side(words));
        }
        let Some(market) = market else { return };
        let mut out =
            Quote { market, sides: Vec::new(), levels: None, post_only: false, rest: None, rate: None, span: words };
        for (clause, at) in &quote.clauses {
            self.quoting(scope, &mut out, (clause, *at));
        }
        for (clause, _) in &quote.clauses {
            if let Quoting::Keep(condition) = clause {
                self.keeps(scope, &mut out, *condition);
            }
        }
        if self.program.quotes.iter().any(|other| other.market == market) {
            let name = self.program.markets[market].name.clone();
            self.report(errors::orders::two_quotes(&name, words));
        }
        self.mixed_forms(market, "quote", words);
        self.program.quotes.push(out);
    }

    fn quoting(&mut self, scope: &Scope<'a>, out: &mut Quote, (clause, span): (&'a Quoting, Span)) {
        let market = out.market;
        match clause {
            Quoting::Side { bid, size, at, condition } => {
                let size = self.lots(scope, *size, market);
                let price = self.order_price(scope, *at, market, Snap::resting(*bid));
                if let Some(condition) = condition.filter(|condition| !condition.level) {
                    let word = self.word_before(scope, condition.value);
                    self.report(errors::orders::quotes_at_an_edge(word));
                }
                let condition = condition.map(|condition| self.holds(scope, condition).value);
                out.sides.push(QuoteSide { bid: *bid, size, price, condition, keep: None, span });
            }
            Quoting::Levels { count, apart } => {
                let count = self.count(scope, "how many levels a quote has", *count);
                out.levels = Some((count, self.distance(scope, *apart, market)));
            }
            Quoting::PostOnly => out.post_only = true,
            // Once the sides are known: each has an order of its own.
            Quoting::Keep(_) => {}
            Quoting::Rest(span) => out.rest = Some(self.duration(scope, "how long a quote rests", *span)),
            Quoting::Rate { count, per } => {
                let count = self.count(scope, "how many messages a quote may send", *count);
                out.rate = self.per(scope, *per).map(|per| Rate { count, per });
            }
        }
    }

    /// `keep while c`: asked for each side with what is known of its own order.
    fn keeps(&mut self, scope: &Scope<'a>, out: &mut Quote, condition: ast::ExprId) {
        for side in &mut out.sides {
            let inside = self.at_the_level(scope, out.market, side.bid, condition);
            side.keep = Some(self.apart(|checker| checker.truth(&inside, condition, "the condition of `keep while`")));
        }
    }

    /// The same scope, where a resting order's place in its level has names.
    fn at_the_level(&mut self, scope: &Scope<'a>, market: MarketId, bid: bool, condition: ast::ExprId) -> Scope<'a> {
        let (mut inside, quote) = (scope.clone(), self.program.quotes.len());
        for (name, told, ty) in
            [("queue", Told::Queue(quote, bid), Ty::NUM), ("drift", Told::Drift(quote, bid), Ty::Exact(market))]
        {
            if let Some(at) = scope.file.reads(condition, name).filter(|_| !self.globals.contains_key(name)) {
                let value = self.push(ExprKind::Told(told, Vec::new()), ty, at);
                inside.names.insert(name.to_owned(), Operand::Value(value));
            }
        }
        inside
    }

    /// The word in front of an expression: its `when`.
    fn word_before(&self, scope: &Scope<'a>, id: ast::ExprId) -> Span {
        let at = scope.span(id);
        let before = self.text[..at.start as usize].rfind("when").expect("a condition follows its word");
        Span::new(before, before + 4)
    }
}

/// What a clause is called: a quote has one of each.
fn word(clause: &Quoting) -> Option<&'static str> {
    Some(match clause {
        Quoting::Side { bid: true, .. } => "bid",
        Quoting::Side { .. } => "ask",
        Quoting::Levels { .. } => "levels",
        Quoting::PostOnly => "post_only",
        Quoting::Keep(_) => "keep",
        Quoting::Rest(_) => "rest",
        Quoting::Rate { .. } => "rate",
    })
}
