//! Test blocks: settings, feeds and expectations.

use gbc_syntax::ast::{self, FeedEvent, ItemKind, Name, TestStep};

use super::Checker;
use super::scope::{Global, Operand, Scope};
use crate::{Test, TestFeed, TestRow, Ty, Value, errors};

impl<'a> Checker<'a> {
    /// Checks a test block.
    pub(super) fn test(&mut self, item: &'a ast::Item) {
        let ItemKind::Test(test) = &item.kind else { return };
        let mut scope = Scope::new(self.user, item.span).forgetful("a test");
        scope.in_test = true;
        let mut out =
            Test { name: test.name.clone(), span: item.span, with: Vec::new(), feeds: Vec::new(), expects: Vec::new() };
        for step in &test.steps {
            match step {
                TestStep::With(name, value) => out.with.extend(self.setting(&scope, name, *value)),
                TestStep::Bars { market, span_ns, closes } => {
                    out.feeds.extend(self.market_named(&scope, market).map(|market| {
                        let closes = closes.iter().map(|close| (close.value, close.span)).collect();
                        TestFeed::Bars { market, span_ns: *span_ns, closes }
                    }))
                }
                TestStep::Feed { market, rows } => {
                    let rows = self.rows(rows);
                    out.feeds.extend(self.market_named(&scope, market).map(|market| TestFeed::L1 { market, rows }));
                }
                TestStep::Expect(value) => {
                    let id = self.truth(&scope, *value, "what a test expects");
                    out.expects.push((id, scope.span(*value)));
                }
            }
        }
        if out.expects.is_empty() {
            self.report(errors::nothing_expected(
                item.span,
                self.program.markets.first().map_or("es", |market| &market.name),
            ));
        }
        self.program.tests.push(out);
    }

    fn market_named(&mut self, scope: &Scope<'a>, name: &Name) -> Option<usize> {
        if !self.globals.contains_key(&name.text) {
            let markets = self.program.markets.iter().map(|market| market.name.as_str());
            let diagnostic = errors::unknown_market(&name.text, name.span, markets);
            self.report(diagnostic);
            return None;
        }
        match self.named(scope, &name.text, name.span) {
            Operand::Market(id) => Some(id),
            Operand::Unknown => None,
            _ => {
                self.report(errors::wrong_type("what a feed belongs to", "a market", Ty::NUM, name.span));
                None
            }
        }
    }

    fn setting(&mut self, scope: &Scope<'a>, name: &Name, value: ast::ExprId) -> Option<(usize, Value)> {
        let Some((Global::Param(index), _)) = self.globals.get(&name.text).copied() else {
            let known: Vec<String> = self.program.params.iter().map(|param| param.name.clone()).collect();
            self.report(errors::unknown_setting(&name.text, name.span, known.iter().map(String::as_str)));
            return None;
        };
        let (found, value_found) = self.before_run("a setting", scope, value)?;
        // A test may step outside a parameter's range: short windows make short tests.
        let wanted = self.program.params[index].ty;
        match (wanted, found) {
            (wanted, found) if wanted == found => Some((index, value_found)),
            (Ty::Num(dim), found) if found.dim() == Some(dim) => Some((index, Value::Num(value_found.to_f64()))),
            _ => {
                let at = scope.span(value);
                self.report(errors::wrong_type(&format!("`{}`", name.text), &wanted.to_string(), found, at));
                None
            }
        }
    }

    fn rows(&mut self, rows: &[ast::FeedRow]) -> Vec<TestRow> {
        let mut last = 0;
        for row in rows {
            if row.time_ns < last {
                self.report(errors::time_runs_back(row.span));
            }
            last = row.time_ns;
        }
        let level = |(price, size): &(ast::Decimal, ast::Decimal)| (price.value, size.value);
        rows.iter()
            .map(|row| {
                let (quote, trade) = match &row.event {
                    FeedEvent::Quote { bid, ask } => (Some([level(bid), level(ask)]), None),
                    FeedEvent::Trade { price, size } => (None, Some((price.value, size.value))),
                };
                TestRow { time_ns: row.time_ns, span: row.span, quote, trade }
            })
            .collect()
    }
}
