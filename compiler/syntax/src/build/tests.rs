//! Test blocks: settings, feeds, expectations.

use gbc_diagnostics::Span;
use pest::iterators::Pair;

use super::{Builder, Parts, span, unquoted};
use crate::ast::*;
use crate::errors;
use crate::grammar::Rule;
use crate::literal;

impl Builder<'_> {
    pub(super) fn test(&mut self, mut parts: Parts<'_>) -> Test {
        let name = unquoted(parts.find(Rule::string).as_str());
        let mut steps = Vec::new();
        for pair in parts.0 {
            let rule = pair.as_rule();
            let mut inner = Parts::of(pair.clone());
            match rule {
                Rule::with => {
                    for setting in pair.into_inner().filter(|pair| pair.as_rule() == Rule::setting) {
                        let mut inner = Parts::of(setting);
                        steps.push(TestStep::With(self.find_name(&mut inner), self.find_expr(&mut inner)));
                    }
                }
                Rule::bars => steps.push(self.bars(inner)),
                Rule::feed => steps.push(self.feed(inner)),
                Rule::expect => steps.push(TestStep::Expect(self.find_expr(&mut inner))),
                _ => {}
            }
        }
        Test { name, steps }
    }

    fn bars(&mut self, mut parts: Parts<'_>) -> TestStep {
        let market = self.find_name(&mut parts);
        let span = parts.take(Rule::duration);
        let span_ns = literal::duration(span.as_str()).unwrap_or_else(|| {
            self.bad_literal(&span);
            1
        });
        TestStep::Bars { market, span_ns, closes: parts.0.map(|pair| self.decimal(&pair)).collect() }
    }

    fn feed(&mut self, mut parts: Parts<'_>) -> TestStep {
        let market = self.find_name(&mut parts);
        let rows = parts.0.filter(|pair| matches!(pair.as_rule(), Rule::quote | Rule::trade));
        TestStep::Feed { market, rows: rows.map(|row| self.feed_row(row)).collect() }
    }

    fn feed_row(&mut self, pair: Pair<'_, Rule>) -> FeedRow {
        let (rule, span) = (pair.as_rule(), span(self.base, &pair));
        let mut parts = Parts::of(pair);
        let moment = parts.take(Rule::moment);
        let time_ns = literal::moment(moment.as_str()).unwrap_or_else(|| {
            self.bad_literal(&moment);
            0
        });
        let first = self.level(parts.find(Rule::depth));
        let event = match rule {
            Rule::quote => FeedEvent::Quote { bid: first, ask: self.level(parts.take(Rule::depth)) },
            _ => FeedEvent::Trade { price: first.0, size: first.1 },
        };
        FeedRow { time_ns, span, event }
    }

    /// `100.25x5`: the rule is atomic, so the two numbers are cut out of its text.
    fn level(&mut self, pair: Pair<'_, Rule>) -> (Decimal, Decimal) {
        let whole = span(self.base, &pair);
        let (price, size) = pair.as_str().split_once('x').expect("the grammar puts an x between");
        let middle = whole.start + price.len() as u32;
        let parts =
            [(price, Span { start: whole.start, end: middle }), (size, Span { start: middle + 1, end: whole.end })];
        let [price, size] = parts.map(|(text, span)| self.decimal_at(text, span));
        (price, size)
    }

    pub(super) fn decimal(&mut self, pair: &Pair<'_, Rule>) -> Decimal {
        self.decimal_at(pair.as_str(), span(self.base, pair))
    }

    fn decimal_at(&mut self, text: &str, span: Span) -> Decimal {
        let value = literal::decimal(text).unwrap_or_else(|| {
            self.errors.push(errors::bad_literal(text, span));
            0.0
        });
        Decimal { value, span }
    }
}
