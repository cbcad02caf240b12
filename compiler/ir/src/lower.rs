//! From the typed program to the flow.
//!
//! Rules become versions of the states they assign. Lowering an expression under given versions reads those versions,
//! so a point-wise `let` read after the rules sees what they wrote; what remembers always reads the state of before.

use std::collections::BTreeMap;

use gbc_analysis::{ClockSet, Facts, Time};
use gbc_core::{Column, MarketId};
use gbc_diagnostics::Span;
use gbc_hir::{ExprId, ExprKind, Program, Value, ViewField};

use crate::flow::{Expect, Flow, Node, NodeId, Op, Param, Root, State, Ty, bits};

/// Lowers what orders need, and what the test with this index expects.
pub fn lower(program: &Program, facts: &Facts, test: Option<usize>) -> Flow {
    let mut lowering = Lowering {
        program,
        facts,
        flow: frame(program, facts),
        known: BTreeMap::new(),
        lowered: BTreeMap::new(),
        reads_state: reads_state(program),
        versions: Vec::new(),
    };
    lowering.states();
    lowering.rules();
    for target in &program.targets {
        let value = lowering.expr(target.value);
        lowering.flow.roots.push(Root::Target { market: target.market, value });
    }
    for (id, span) in test.map_or(&[][..], |test| &program.tests[test].expects) {
        let value = lowering.expr(*id);
        lowering.flow.expects.push(Expect { value, span: *span });
    }
    lowering.flow
}

/// A flow without nodes.
fn frame(program: &Program, facts: &Facts) -> Flow {
    let params = program.params.iter().map(|param| Param { name: param.name.clone(), ty: ty(param.ty) });
    let conditions = program.rules.iter().map(|rule| facts.get(rule.condition).clocks);
    Flow {
        name: program.name.clone(),
        markets: program.markets.iter().map(|market| market.name.clone()).collect(),
        params: params.collect(),
        clocks: program.clocks.clone(),
        series: program.series.clone(),
        rules: conditions.fold(ClockSet::EMPTY, ClockSet::union),
        ..Flow::default()
    }
}

fn ty(ty: gbc_hir::Ty) -> Ty {
    match ty {
        gbc_hir::Ty::Bool => Ty::Bool,
        gbc_hir::Ty::Int | gbc_hir::Ty::Duration => Ty::Int,
        gbc_hir::Ty::Exact(market) => Ty::Ticks(market),
        gbc_hir::Ty::Num(_) => Ty::Num,
        gbc_hir::Ty::Unknown => unreachable!("a program with unknown types has errors and is not lowered"),
    }
}

/// Which expressions read state at the moment itself, not through a memory.
fn reads_state(program: &Program) -> Vec<bool> {
    let mut reads = vec![false; program.exprs.len()];
    for (index, expr) in program.exprs.iter().enumerate() {
        let below = |id: &ExprId| reads[id.0 as usize];
        reads[index] = match &expr.kind {
            ExprKind::State(_) => true,
            ExprKind::ToNum(x) | ExprKind::Unary(_, x) => below(x),
            ExprKind::Binary(_, a, b) | ExprKind::Else(a, b) => below(a) || below(b),
            ExprKind::If(a, b, c) => below(a) || below(b) || below(c),
            _ => false,
        };
    }
    reads
}

/// What makes two nodes one: operation, operands and clocks.
type NodeKey = (Op, Vec<NodeId>, Ty, ClockSet);

struct Lowering<'a> {
    program: &'a Program,
    facts: &'a Facts,
    flow: Flow,
    known: BTreeMap<NodeKey, NodeId>,
    /// By expression, and by the versions of the states if it reads any.
    lowered: BTreeMap<(ExprId, Vec<NodeId>), NodeId>,
    reads_state: Vec<bool>,
    /// The version of each state that is read now.
    versions: Vec<NodeId>,
}

impl Lowering<'_> {
    fn states(&mut self) {
        for (index, state) in self.program.states.iter().enumerate() {
            let init = self.expr(state.init);
            let ty = ty(state.ty);
            self.flow.states.push(State { name: state.name.clone(), ty, init });
            let fact = self.facts_of_state(index);
            let version = self.node(Op::State(index), &[], ty, self.flow.rules, fact.0, fact.1, state.span);
            self.versions.push(version);
        }
    }

    /// When a state is known, and which parameters reach it.
    fn facts_of_state(&self, index: usize) -> (Time, u64) {
        let writers = self.program.rules.iter().filter(|rule| rule.assigns.iter().any(|assign| assign.state == index));
        writers.fold((Time::Clock, 0), |(time, params), rule| {
            let condition = self.facts.get(rule.condition);
            let values =
                rule.assigns.iter().filter(|assign| assign.state == index).map(|assign| self.facts.get(assign.value));
            values.fold((time.max(condition.time), params | condition.params), |(time, params), value| {
                (time.max(value.time), params | value.params)
            })
        })
    }

    fn rules(&mut self) {
        let program = self.program;
        for rule in &program.rules {
            let condition = self.expr(rule.condition);
            let (time, params) = self.reach(&[condition]);
            let time = time.max(Time::Clock);
            let fires = self.node(Op::Edge, &[condition], Ty::Bool, self.flow.rules, time, params, rule.span);
            for assign in &rule.assigns {
                let value = self.expr(assign.value);
                let args = [fires, value, self.versions[assign.state]];
                let (time, params) = self.reach(&args);
                let ty = self.flow.states[assign.state].ty;
                self.versions[assign.state] =
                    self.node(Op::Assign, &args, ty, self.flow.rules, time, params, rule.span);
            }
        }
        for (state, value) in self.versions.clone().into_iter().enumerate() {
            if !matches!(self.flow.node(value).op, Op::State(_)) {
                self.flow.roots.push(Root::Write { state, value });
            }
        }
    }

    fn reach(&self, args: &[NodeId]) -> (Time, u64) {
        args.iter().fold((Time::Const, 0), |(time, params), id| {
            let node = self.flow.node(*id);
            (time.max(node.time), params | node.params)
        })
    }

    fn expr(&mut self, id: ExprId) -> NodeId {
        let versions = if self.reads_state[id.0 as usize] { self.versions.clone() } else { Vec::new() };
        let key = (id, versions);
        if let Some(known) = self.lowered.get(&key) {
            return *known;
        }
        let node = self.build(id);
        self.lowered.insert(key, node);
        node
    }

    fn build(&mut self, id: ExprId) -> NodeId {
        let program = self.program;
        let expr = program.expr(id);
        let make = |lowering: &mut Self, op: Op, args: &[NodeId]| lowering.of_expr(id, op, args, ty(expr.ty));
        match &expr.kind {
            ExprKind::Const(value) => make(self, Op::Const(bits(*value)), &[]),
            ExprKind::Ticks(_, count) => make(self, Op::Const(bits(Value::Int(*count))), &[]),
            ExprKind::Param(index) => make(self, Op::Param(*index), &[]),
            ExprKind::Point(market) => make(self, Op::Point(*market), &[]),
            ExprKind::Row(clock, market, column) => self.row(id, Op::Row(*clock, *column), *market, *column),
            ExprKind::Bar(clock, series, field) => {
                let market = program.series[*series].market;
                self.scaled(id, Op::Bar(*clock, *series, *field), market)
            }
            ExprKind::View(market, field) => self.view(id, *market, *field),
            ExprKind::State(index) => self.versions[*index],
            ExprKind::Prev(cell) => make(self, Op::Prev(cell.0), &[]),
            ExprKind::Keep { cell, value, .. } => {
                let value = self.before_rules(*value);
                make(self, Op::Keep(cell.0), &[value])
            }
            ExprKind::ToNum(value) => {
                let op = match program.expr(*value).ty {
                    gbc_hir::Ty::Exact(market) => Op::Points(market),
                    _ => Op::ToNum,
                };
                let value = self.expr(*value);
                make(self, op, &[value])
            }
            ExprKind::Unary(op, value) => {
                let value = self.expr(*value);
                make(self, Op::Unary(*op), &[value])
            }
            ExprKind::Binary(op, left, right) => {
                let args = [self.expr(*left), self.expr(*right)];
                make(self, Op::Binary(*op), &args)
            }
            ExprKind::If(condition, then, otherwise) => {
                let args = [self.expr(*condition), self.expr(*then), self.expr(*otherwise)];
                make(self, Op::Select, &args)
            }
            ExprKind::Else(first, second) => {
                let args = [self.expr(*first), self.expr(*second)];
                make(self, Op::Else, &args)
            }
            // The past of what never changes is itself.
            ExprKind::History { value, .. } if self.facts.get(id).step.is_none() => self.expr(*value),
            ExprKind::History { value, back, .. } => {
                let args = [self.before_rules(*value), self.expr(*back)];
                make(self, Op::History, &args)
            }
            ExprKind::Window { kind, value, length, .. } => {
                let args = [self.before_rules(*value), self.expr(*length)];
                make(self, Op::Window(*kind), &args)
            }
            ExprKind::PairWindow { kind, values: [a, b], length, .. } => {
                let args = [self.before_rules(*a), self.before_rules(*b), self.expr(*length)];
                make(self, Op::PairWindow(*kind), &args)
            }
            ExprKind::Sample(value, _) => {
                let value = self.before_rules(*value);
                make(self, Op::Sample, &[value])
            }
            ExprKind::Unknown => unreachable!("a program with unknown values has errors and is not lowered"),
        }
    }

    /// What a memory takes in: states as they stood before the event.
    fn before_rules(&mut self, id: ExprId) -> NodeId {
        let first = (0..self.versions.len()).map(|state| {
            let ty = self.flow.states[state].ty;
            self.known.iter().find(|((op, _, own, _), _)| *op == Op::State(state) && *own == ty).map(|(_, id)| *id)
        });
        let first: Vec<NodeId> = first.map(|id| id.expect("every state was given its first version")).collect();
        let now = std::mem::replace(&mut self.versions, first);
        let node = self.expr(id);
        self.versions = now;
        node
    }

    fn row(&mut self, id: ExprId, op: Op, market: MarketId, column: Column) -> NodeId {
        match column {
            Column::TradeSide => self.of_expr(id, op, &[], Ty::Int),
            _ => self.scaled(id, op, market),
        }
    }

    /// A column of whole steps: prices stay ticks, sizes become lots.
    fn scaled(&mut self, id: ExprId, op: Op, market: MarketId) -> NodeId {
        match self.program.expr(id).ty {
            gbc_hir::Ty::Exact(market) => self.of_expr(id, op, &[], Ty::Ticks(market)),
            _ => {
                let steps = self.of_expr(id, op, &[], Ty::Int);
                self.of_expr(id, Op::Lots(market), &[steps], Ty::Num)
            }
        }
    }

    fn view(&mut self, id: ExprId, market: MarketId, field: ViewField) -> NodeId {
        let op = Op::View(market, field);
        match field {
            ViewField::Position => self.scaled(id, op, market),
            ViewField::AvgPrice => self.of_expr(id, op, &[], Ty::Num),
            ViewField::Orders | ViewField::Fills => self.of_expr(id, op, &[], Ty::Int),
        }
    }

    fn of_expr(&mut self, id: ExprId, op: Op, args: &[NodeId], ty: Ty) -> NodeId {
        let fact = self.facts.get(id);
        // Under later versions of a state an expression may change on more clocks than at first.
        let clocks = if op.remembers() {
            fact.clocks
        } else {
            args.iter().fold(fact.clocks, |all, arg| all.union(self.flow.node(*arg).clocks))
        };
        let (time, params) = self.reach(args);
        let span = self.program.expr(id).span;
        self.node(op, args, ty, clocks, fact.time.max(time), fact.params | params, span)
    }

    #[expect(clippy::too_many_arguments, reason = "they are the node's own fields")]
    fn node(
        &mut self,
        op: Op,
        args: &[NodeId],
        ty: Ty,
        clocks: ClockSet,
        time: Time,
        params: u64,
        span: Span,
    ) -> NodeId {
        let key = (op, args.to_vec(), ty, clocks);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let id = NodeId(self.flow.nodes.len() as u32);
        self.flow.nodes.push(Node { op, args: args.to_vec(), ty, clocks, time, params, span });
        self.known.insert(key, id);
        id
    }
}
