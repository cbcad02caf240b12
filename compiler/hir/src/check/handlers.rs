//! Rules and handlers: what sets them off, and their statements.

use gbc_syntax::ast::{self, Event, ExprKind as Ast, ItemKind, Name};

use super::Checker;
use super::scope::{Global, Operand, Scope};
use crate::{Action, Assign, ClockId, Rule, Ty, Value, errors};

impl<'a> Checker<'a> {
    /// `when`, `on`, `every` and `at`.
    pub(super) fn rule(&mut self, scope: &Scope<'a>, item: &'a ast::Item) {
        if self.reaction(scope, item) {
            return;
        }
        let (on, condition, inside, body) = match &item.kind {
            ItemKind::When { condition, body } => (None, Some(*condition), scope.clone(), body),
            ItemKind::On { event, name, condition, body } => {
                let Some((clock, inside)) = self.event(scope, event, name.as_ref()) else { return };
                (Some(clock), *condition, inside, body)
            }
            ItemKind::Timer { timing, body } => {
                let Some(clock) = self.timer(timing) else { return };
                (Some(clock), None, scope.clone(), body)
            }
            _ => return,
        };
        let condition = match condition {
            Some(condition) => self.truth(&inside, condition, "a rule's condition"),
            None => self.constant(Value::Bool(true), item.span),
        };
        let body = self.statements(&inside.forgetful("a handler"), body);
        self.program.rules.push(Rule { on, condition, body, span: item.span });
    }

    /// The clock that an `on` waits for, and where what happened goes by a name.
    fn event(&mut self, scope: &Scope<'a>, event: &Event, name: Option<&Name>) -> Option<(ClockId, Scope<'a>)> {
        let id = match event {
            Event::Rejected(_) => unreachable!("`reaction` took it"),
            Event::Of(id) => *id,
        };
        let at = scope.span(id);
        let operand = self.event_operand(scope, id)?;
        let clock = match self.clock_of(operand, at) {
            Some(clock) => clock,
            None => {
                if operand != Operand::Unknown {
                    self.report(errors::no_event(operand.what(), at));
                }
                return None;
            }
        };
        let mut inside = scope.clone();
        if let Some(name) = name {
            if matches!(operand, Operand::Clock(_)) {
                self.report(errors::moment_has_no_fields(&name.text, name.span));
                return None;
            }
            if let Some((_, first)) = self.globals.get(&name.text).copied() {
                self.report(errors::twice(&name.text, name.span, first));
                return None;
            }
            inside.names.insert(name.text.clone(), operand);
        }
        Some((clock, inside))
    }

    /// `es.trade` and `es.quote` are one of the market's trades and quotes, as it happens.
    fn event_operand(&mut self, scope: &Scope<'a>, id: ast::ExprId) -> Option<Operand> {
        match &scope.file.expr(id).kind {
            Ast::Member { base, name } if matches!(name.text.as_str(), "trade" | "quote") => {
                match self.operand(scope, *base) {
                    Operand::Market(market) if name.text == "trade" => Some(Operand::Trades(market)),
                    Operand::Market(market) => Some(Operand::Quotes(market)),
                    other => Some(self.member(scope, other, name, scope.span(id))),
                }
            }
            _ => Some(self.operand(scope, id)),
        }
    }

    pub(super) fn statements(&mut self, scope: &Scope<'a>, body: &'a [ast::Statement]) -> Vec<Action> {
        body.iter().filter_map(|statement| self.statement(scope, statement)).collect()
    }

    fn statement(&mut self, scope: &Scope<'a>, statement: &'a ast::Statement) -> Option<Action> {
        match &statement.kind {
            ast::StatementKind::Assign(assign) => self.assign(scope, assign),
            ast::StatementKind::If { condition, then, otherwise } => {
                let condition = self.truth(scope, *condition, "a condition");
                let (then, otherwise) = (self.statements(scope, then), self.statements(scope, otherwise));
                Some(Action::If { condition, then, otherwise })
            }
            ast::StatementKind::Send(send) => self.send(scope, send, statement.span),
            ast::StatementKind::Cancel(name) => Some(self.cancel(name)),
            ast::StatementKind::Export { value, label } => self.export_when(scope, *value, Some(label)),
            ast::StatementKind::Plot { value, label } => self.export_when(scope, *value, label.as_deref()),
        }
    }

    fn assign(&mut self, scope: &Scope<'a>, assign: &ast::Assign) -> Option<Action> {
        let value = self.value(scope, assign.value);
        let Some((Global::State(state), _)) = self.globals.get(&assign.name.text) else {
            let known: Vec<String> = self.program.states.iter().map(|state| state.name.clone()).collect();
            let taken = self.globals.contains_key(&assign.name.text);
            let known = known.iter().map(String::as_str);
            self.report(errors::not_state(&assign.name.text, assign.name.span, taken, known));
            return None;
        };
        let (state, wanted) = (*state, self.program.states[*state].ty);
        let value = self.fit(value, wanted);
        if self.ty(value) != wanted && wanted != Ty::Unknown && self.ty(value) != Ty::Unknown {
            let (found, at) = (self.ty(value), scope.span(assign.value));
            let market = self.program.markets.first().map_or("es", |market| &market.name);
            if let (Ty::Enum(one), Ty::Enum(other)) = (wanted, found) {
                let [one, other] = [one, other].map(|index| self.program.enums[index].name.clone());
                self.report(errors::two_enums(&one, &other, at));
                self.program.states[state].ty = Ty::Unknown;
                return None;
            }
            self.report(errors::state_changes(&assign.name.text, wanted, found, at, market));
            // Said once; what reads the state below says no more.
            self.program.states[state].ty = Ty::Unknown;
            return None;
        }
        Some(Action::Assign(Assign { state, value }))
    }

    /// What brings states back to their first value. Looked at once every state is known.
    pub(super) fn resets(&mut self) {
        for (state, event) in std::mem::take(&mut self.resets) {
            let scope = Scope::new(self.user, self.user.expr(event).span);
            let found = self.event(&scope, &Event::Of(event), None);
            self.program.states[state].reset = found.map(|(clock, _)| clock);
        }
    }
}
