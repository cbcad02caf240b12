//! Moving trades, quotes, limits, and the statements of rules.

use gbc_diagnostics::Span;

use super::Shift;
use crate::ast::*;

impl Shift {
    pub(super) fn trade(self, Trade { market, direction: _, clauses }: &mut Trade) {
        self.name(market);
        for (clause, span) in clauses {
            self.span(span);
            self.clause(clause);
        }
    }

    fn clause(self, clause: &mut Clause) {
        match clause {
            Clause::Enter { price, condition } => {
                price.iter_mut().for_each(|price| self.priced(price));
                self.condition(condition);
            }
            Clause::Size(value)
            | Clause::Stop { at: _, value }
            | Clause::Take { at: _, value }
            | Clause::ExitWhen(value)
            | Clause::ExitAfter(value)
            | Clause::CancelAfter(value)
            | Clause::Cooldown { span: value, after_loss: _ } => self.id(value),
            Clause::Trail { distance, after } => self.ids([distance, after]),
            Clause::Add { size, every, most } => self.ids([size, every, most]),
            Clause::AtMost { count, per } => self.ids([count, per]),
            Clause::Via(via) => self.via(via),
        }
    }

    fn priced(self, Priced { stop: _, at }: &mut Priced) {
        self.id(at);
    }

    fn condition(self, condition: &mut Option<Condition>) {
        if let Some(Condition { level: _, value }) = condition {
            self.id(value);
        }
    }

    pub(super) fn via(self, Via { style, args }: &mut Via) {
        self.name(style);
        for arg in args {
            match arg {
                ViaArg::Plain(value) | ViaArg::Every(value) | ViaArg::Rest(value) => self.id(value),
                ViaArg::Then(name) => self.name(name),
            }
        }
    }

    pub(super) fn quote(self, Quote { market, clauses }: &mut Quote) {
        self.name(market);
        for (clause, span) in clauses {
            self.span(span);
            match clause {
                Quoting::Side { bid: _, size, at, condition } => {
                    self.ids([size, at]);
                    self.condition(condition);
                }
                Quoting::Levels { count, apart } => self.ids([count, apart]),
                Quoting::PostOnly => {}
                Quoting::Keep(value) | Quoting::Rest(value) => self.id(value),
                Quoting::Rate { count, per } => self.ids([count, per]),
            }
        }
    }

    pub(super) fn limits(self, limits: &mut [(Limit, Span)]) {
        for (limit, span) in limits {
            self.span(span);
            match limit {
                Limit::Max { of: _, value, per, action } => {
                    self.ids(per.iter_mut().chain([value]));
                    match action {
                        Some(Action::Halt { span }) => self.ids(span),
                        Some(Action::Flat) | None => {}
                    }
                }
                Limit::FlatBy { time_ns: _, session } => self.ids(session),
                Limit::FlatWhen(value) => self.id(value),
            }
        }
    }

    pub(super) fn statements(self, statements: &mut [Statement]) {
        for Statement { kind, span } in statements {
            self.span(span);
            match kind {
                StatementKind::Assign(Assign { name, value }) => {
                    self.name(name);
                    self.id(value);
                }
                StatementKind::If { condition, then, otherwise } => {
                    self.id(condition);
                    self.statements(then);
                    self.statements(otherwise);
                }
                StatementKind::Send(send) => self.send(send),
                StatementKind::Cancel(name) => self.name(name),
                StatementKind::Export { value, label: _ } | StatementKind::Plot { value, label: _ } => self.id(value),
            }
        }
    }

    fn send(self, send: &mut Send) {
        let Send { buy: _, size, market, prices, in_force: _, name } = send;
        self.id(size);
        self.names(name.iter_mut().chain([market]));
        prices.iter_mut().for_each(|price| self.priced(price));
    }
}
