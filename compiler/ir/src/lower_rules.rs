//! Rules to versions of the states they assign.

use gbc_analysis::ClockSet;
use gbc_core::arithmetic::{BinaryOp, UnaryOp};
use gbc_diagnostics::{Diagnostic, Span};
use gbc_hir::{Action, ExprId};

use crate::flow::{NodeId, Op, Root, Ty};
use crate::lower::{Lowering, Reach};
use crate::questions::Construct;

impl Lowering<'_> {
    /// For each state, what its rules bring to it: whatever reaches one of them reaches it.
    pub(crate) fn brought_by_rules(&self) -> Vec<(u64, bool)> {
        let mut brought = vec![(0, false); self.program.states.len()];
        for rule in &self.program.rules {
            let of_all =
                rule.choices().into_iter().chain([rule.condition]).fold((0, false), |all, id| self.and_of(all, id));
            for assign in rule.assigns() {
                let (params, feedback) = self.and_of(of_all, assign.value);
                let known = &mut brought[assign.state];
                *known = (known.0 | params, known.1 || feedback);
            }
        }
        brought
    }

    fn and_of(&self, (params, feedback): (u64, bool), id: ExprId) -> (u64, bool) {
        let fact = self.facts.get(id);
        (params | fact.params, feedback || fact.feedback)
    }

    /// A state changes when rules are tried.
    pub(crate) fn reach_of_state(&self, index: usize, (params, feedback): (u64, bool)) -> Reach {
        let init = self.flow.node(self.flow.states[index].init);
        let params = if self.program.states[index].reset.is_some() { params | init.params } else { params };
        (self.flow.time_on(self.flow.rules), params, feedback)
    }

    pub(crate) fn rules(&mut self) -> Result<(), Box<Diagnostic>> {
        self.resets();
        let program = self.program;
        for (index, rule) in program.rules.iter().enumerate() {
            self.rule = index;
            let condition = self.expr(rule.condition);
            let fires = match rule.on {
                None => self.of_rule(Op::Edge, &[condition], Ty::Bool, rule.span),
                Some(clock) => {
                    let ticks = self.of_rule(Op::Ticks(clock), &[], Ty::Bool, rule.span);
                    self.and(ticks, condition, rule.span)
                }
            };
            let part = if rule.on.is_some() { "on" } else { "when" };
            self.ask(Construct::Rule(index), part, rule.condition, Some(fires));
            self.body(&rule.body, fires, rule.span)?;
        }
        for (state, value) in self.versions.clone().into_iter().enumerate() {
            if !matches!(self.flow.node(value).op, Op::State(_)) {
                self.flow.roots.push(Root::Write { state, value });
            }
        }
        Ok(())
    }

    /// A state that starts anew does so before any rule reads it.
    fn resets(&mut self) {
        for (index, state) in self.program.states.iter().enumerate() {
            let Some(clock) = state.reset else { continue };
            let ticks = self.of_rule(Op::Ticks(clock), &[], Ty::Bool, state.span);
            self.assign(index, ticks, self.flow.states[index].init, state.span);
        }
    }

    fn body(&mut self, body: &[Action], fires: NodeId, span: Span) -> Result<(), Box<Diagnostic>> {
        for action in body {
            match action {
                Action::Assign(assign) => {
                    let value = self.expr(assign.value);
                    self.assign(assign.state, fires, value, span);
                }
                Action::Export(export) => self.export(*export, fires),
                Action::Send(send) => self.send(*send, fires),
                Action::Cancel(name) => self.cancel(name, fires),
                Action::If { condition, then, otherwise } => {
                    self.ask(Construct::Rule(self.rule), "if", *condition, None);
                    // Asked once: what the first branch assigns does not open the second.
                    let condition = self.expr(*condition);
                    let not = self.truth(Op::Unary(UnaryOp::Not), &[condition], span);
                    let holds = self.and(fires, condition, span);
                    self.body(then, holds, span)?;
                    let fails = self.and(fires, not, span);
                    self.body(otherwise, fails, span)?;
                }
            }
            self.within_bounds(span)?;
        }
        Ok(())
    }

    /// What is written down has a value when the rule fires, and none at any other moment.
    fn export(&mut self, export: usize, fires: NodeId) {
        let (value, span) = (self.program.exports[export].value, self.program.exports[export].span);
        let args = [fires, self.expr(value), self.undefined(span)];
        let value = self.of_rule(Op::Assign, &args, Ty::Num, span);
        self.flow.roots.push(Root::Export { export, value });
    }

    /// What an order asks for has a value when the rule fires.
    fn send(&mut self, send: usize, fires: NodeId) {
        let program = self.program;
        let plan = &program.sends[send];
        let price = |stop: bool| plan.prices.iter().find(|(of, _)| *of == stop).map(|(_, price)| price.value);
        let numbers = [Some(plan.size), price(false), price(true)].map(|number| {
            let Some(number) = number else { return self.undefined(plan.span) };
            let value = self.expr(number);
            let ty = self.flow.node(value).ty;
            let none = self.undefined_of(ty, plan.span);
            self.of_rule(Op::Assign, &[fires, value, none], ty, plan.span)
        });
        self.ask(Construct::Send(send), "size", plan.size, Some(fires));
        for (stop, price) in &plan.prices {
            self.ask(Construct::Send(send), if *stop { "stop" } else { "limit" }, price.value, Some(fires));
        }
        self.flow.roots.push(Root::Send { send, when: fires, numbers });
    }

    /// All orders of a name.
    fn cancel(&mut self, name: &str, fires: NodeId) {
        let named = self.program.sends.iter().enumerate().filter(|(_, send)| send.name.as_deref() == Some(name));
        let roots = named.map(|(send, _)| Root::Cancel { send, when: fires });
        self.flow.roots.extend(roots);
    }

    fn assign(&mut self, state: usize, fires: NodeId, value: NodeId, span: Span) {
        let args = [fires, value, self.versions[state]];
        let ty = self.flow.states[state].ty;
        self.versions[state] = self.of_rule(Op::Assign, &args, ty, span);
        self.age += 1;
    }

    fn and(&mut self, fires: NodeId, condition: NodeId, span: Span) -> NodeId {
        self.truth(Op::Binary(BinaryOp::And), &[fires, condition], span)
    }

    fn truth(&mut self, op: Op, args: &[NodeId], span: Span) -> NodeId {
        let clocks = args.iter().fold(ClockSet::EMPTY, |all, arg| all.union(self.flow.node(*arg).clocks));
        let reach = self.reach(args);
        self.node(op, args, Ty::Bool, clocks, reach, span)
    }

    /// What is evaluated whenever rules are tried.
    fn of_rule(&mut self, op: Op, args: &[NodeId], ty: Ty, span: Span) -> NodeId {
        let (_, params, feedback) = self.reach(args);
        let time = self.flow.time_on(self.flow.rules);
        self.node(op, args, ty, self.flow.rules, (time, params, feedback), span)
    }
}
