//! From the typed program to the flow.
//!
//! Rules become versions of the states they assign. Lowering an expression under given versions reads those versions,
//! so a point-wise `let` read after the rules sees what they wrote; what remembers always reads the state of before.

use std::collections::BTreeMap;

use gbc_analysis::{ClockSet, Facts, Time, named_reads, operands};
use gbc_core::window::SpanKind;
use gbc_core::{Column, MarketId};
use gbc_diagnostics::{Diagnostic, Span};
use gbc_hir::{Export, ExprId, ExprKind, Program, Told, Value, ViewField};

use crate::errors;
use crate::flow::{
    Expect, Flow, Node, NodeId, OfAccount, Op, Orders, Param, Root, Side, State, Timer, Ty, Watch, bits,
};
use crate::lower_orders::send;
use crate::questions::{Construct, Question};

/// No rules may be written out into more nodes than this.
const MAX_NODES: usize = 200_000;

/// Nor may writing them out take more steps than this.
const MAX_STEPS: usize = 1_000_000;

/// Lowers what orders need, and what the test with this index expects.
pub fn lower(program: &Program, facts: &Facts, test: Option<usize>) -> Result<Flow, Box<Diagnostic>> {
    lowered(program, facts, test, None).map(|(flow, _)| flow)
}

/// Lowers what orders need, and all that somebody may ask of them: a flow that does the same, and tells more.
pub fn lower_asked(program: &Program, facts: &Facts) -> Result<(Flow, Vec<Question>), Box<Diagnostic>> {
    lowered(program, facts, None, Some(Vec::new()))
}

fn lowered(
    program: &Program,
    facts: &Facts,
    test: Option<usize>,
    questions: Option<Vec<Question>>,
) -> Result<(Flow, Vec<Question>), Box<Diagnostic>> {
    let mut lowering = Lowering {
        program,
        facts,
        flow: frame(program, facts),
        known: BTreeMap::new(),
        lowered: BTreeMap::new(),
        steps: 0,
        reads_state: reads_state(program),
        shares: gbc_hir::shares(program),
        questions,
        rule: 0,
        first: Vec::new(),
        versions: Vec::new(),
        age: 0,
    };
    lowering.timers();
    lowering.states();
    let kept = lowering.pasts(test);
    lowering.since_timers();
    lowering.rules()?;
    for (index, target) in program.targets.iter().enumerate() {
        let (value, unit) = lowering.amount(target.value);
        lowering.flow.roots.push(Root::Target { market: target.market, value, unit });
        if unit.is_none() {
            lowering.ask(Construct::Target(index), "target", target.value, None);
        }
        lowering.within_bounds(target.span)?;
    }
    let alone = program.exports.iter().enumerate().filter(|(_, export)| !export.in_rule);
    for (export, Export { value, span, .. }) in alone {
        let value = lowering.expr(*value);
        lowering.flow.roots.push(Root::Export { export, value });
        lowering.within_bounds(*span)?;
    }
    lowering.orders()?;
    for id in program.weights.iter().map(|weight| weight.value).chain(program.reads.iter().copied()) {
        let value = lowering.expr(id);
        lowering.flow.roots.push(Root::Read { value });
        lowering.within_bounds(program.expr(id).span)?;
    }
    // What a test adds is bounded by its text: every expression is lowered once more at most.
    for (expect, (id, span)) in test.map_or(&[][..], |test| &program.tests[test].expects).iter().enumerate() {
        let value = lowering.expr(*id);
        lowering.flow.expects.push(Expect { value, span: *span });
        for (name, read) in named_reads(program, *id) {
            let value = lowering.expr(read);
            lowering.flow.watches.push(Watch { expect, name, value });
        }
    }
    kept.into_iter().for_each(|id| {
        lowering.expr(id);
    });
    Ok((lowering.flow, lowering.questions.unwrap_or_default()))
}

/// A flow without nodes.
fn frame(program: &Program, facts: &Facts) -> Flow {
    let params = program.params.iter().map(|param| Param { name: param.name.clone(), ty: ty(param.ty) });
    let rules = program.rules.iter().map(|rule| rule.on.map_or(facts.get(rule.condition).clocks, ClockSet::of));
    let resets = program.states.iter().filter_map(|state| state.reset).map(ClockSet::of);
    Flow {
        name: program.name.clone(),
        markets: program.markets.iter().map(|market| market.name.clone()).collect(),
        params: params.collect(),
        clocks: program.clocks.clone(),
        sessions: program.sessions.clone(),
        series: program.series.clone(),
        rules: rules.chain(resets).fold(ClockSet::EMPTY, ClockSet::union),
        orders: Orders { sends: program.sends.iter().map(send).collect(), ..Orders::default() },
        ..Flow::default()
    }
}

fn ty(ty: gbc_hir::Ty) -> Ty {
    match ty {
        gbc_hir::Ty::Bool => Ty::Bool,
        gbc_hir::Ty::Int | gbc_hir::Ty::Duration | gbc_hir::Ty::Enum(_) => Ty::Int,
        gbc_hir::Ty::Exact(market) => Ty::Ticks(market),
        gbc_hir::Ty::Num(_) => Ty::Num,
        gbc_hir::Ty::Unknown => unreachable!("a program with unknown types has errors and is not lowered"),
    }
}

/// Which expressions read state at the moment itself, not through a memory.
fn reads_state(program: &Program) -> Vec<bool> {
    let mut reads = vec![false; program.exprs.len()];
    for (index, expr) in program.exprs.iter().enumerate() {
        reads[index] = match &expr.kind {
            ExprKind::State(_) => true,
            kind if remembers(kind) => false,
            kind => operands(kind).any(|id| reads[id.0 as usize]),
        };
    }
    reads
}

/// Whether an expression takes its operands as they stood before the event's rules.
pub(crate) fn remembers(kind: &ExprKind) -> bool {
    matches!(
        kind,
        ExprKind::Keep { .. }
            | ExprKind::History { .. }
            | ExprKind::Window { .. }
            | ExprKind::PairWindow { .. }
            | ExprKind::Span { .. }
            | ExprKind::Since { .. }
            | ExprKind::Sample(..)
    )
}

/// What makes two nodes one: operation, operands and clocks.
type NodeKey = (Op, Vec<NodeId>, Ty, ClockSet);

/// The facts that operands hand on: when they are known, which parameters reach them, and whether our fills do.
pub(crate) type Reach = (Time, u64, bool);

pub(crate) struct Lowering<'a> {
    pub(crate) program: &'a Program,
    pub(crate) facts: &'a Facts,
    pub(crate) flow: Flow,
    known: BTreeMap<NodeKey, NodeId>,
    /// By expression, and by the age of the states if it reads any.
    lowered: BTreeMap<(ExprId, usize), NodeId>,
    /// How many expressions were written out so far, each age counted.
    steps: usize,
    reads_state: Vec<bool>,
    /// Which expressions are shares of the account.
    pub(crate) shares: Vec<bool>,
    /// What somebody may ask, if anybody does.
    pub(crate) questions: Option<Vec<Question>>,
    /// The rule that is being lowered.
    pub(crate) rule: usize,
    /// Each state as it stood before the event.
    first: Vec<NodeId>,
    /// The version of each state that is read now.
    pub(crate) versions: Vec<NodeId>,
    /// How many assignments made these versions.
    pub(crate) age: usize,
}

impl Lowering<'_> {
    fn timers(&mut self) {
        for timer in &self.program.timers {
            let timer = match *timer {
                gbc_hir::Timer::Every(period) => Timer::Every(self.expr(period)),
                gbc_hir::Timer::Quiet { market, after, longer } => Timer::Quiet(market, self.expr(after), longer),
                // What it waits for may read states, and has its node once these are known.
                gbc_hir::Timer::Since { after, longer, .. } => {
                    let after = self.expr(after);
                    Timer::Since(after, after, longer)
                }
                gbc_hir::Timer::At { daily, session, span } => Timer::At(daily, session, span),
            };
            self.flow.timers.push(timer);
        }
    }

    fn since_timers(&mut self) {
        for (index, timer) in self.program.timers.iter().enumerate() {
            if let gbc_hir::Timer::Since { of, .. } = *timer {
                let last = self.last(of);
                if let Timer::Since(of, ..) = &mut self.flow.timers[index] {
                    *of = last;
                }
            }
        }
    }

    /// The moment from which a `since` counts.
    fn last(&mut self, id: ExprId) -> NodeId {
        let ExprKind::Since { value, event, .. } = self.program.expr(id).kind else {
            unreachable!("only what says since when is lowered as such")
        };
        let value = self.before_rules(value);
        let step = self.facts.get(id).step.expect("analysis finds the clock of each memory");
        let (clocks, (_, params, feedback)) = (ClockSet::of(step), self.reach(&[value]));
        let reach = (self.flow.time_on(clocks), params, feedback);
        let op = if event { Op::LastEvent } else { Op::LastTrue };
        self.node(op, &[value], Ty::Int, clocks, reach, self.program.expr(id).span)
    }

    fn states(&mut self) {
        let brought = self.brought_by_rules();
        for (index, state) in self.program.states.iter().enumerate() {
            let init = self.expr(state.init);
            let ty = ty(state.ty);
            self.flow.states.push(State { name: state.name.clone(), ty, init });
            let reach = self.reach_of_state(index, brought[index]);
            let version = self.node(Op::State(index), &[], ty, self.flow.rules, reach, state.span);
            self.first.push(version);
        }
        self.versions = self.first.clone();
    }

    pub(crate) fn within_bounds(&self, span: Span) -> Result<(), Box<Diagnostic>> {
        let within = self.flow.nodes.len() <= MAX_NODES && self.steps <= MAX_STEPS;
        if within { Ok(()) } else { Err(Box::new(errors::too_large(MAX_NODES, span))) }
    }

    pub(crate) fn reach(&self, args: &[NodeId]) -> Reach {
        args.iter().fold((Time::Const, 0, false), |(time, params, feedback), id| {
            let node = self.flow.node(*id);
            (time.max(node.time), params | node.params, feedback || node.feedback)
        })
    }

    /// The node of an expression under the versions of now. Walks with a stack of its own: equations may hang on each
    /// other deeper than the machine's stack reaches.
    pub(crate) fn expr(&mut self, id: ExprId) -> NodeId {
        let mut open = vec![(id, self.age)];
        while let Some((id, age)) = open.last().copied() {
            let kind = &self.program.expr(id).kind;
            let below = if remembers(kind) { 0 } else { age };
            let parts = operands(kind).rev().map(|part| (part, below));
            let missing: Vec<_> = match self.find(id, age) {
                Some(_) => Vec::new(),
                None => parts.filter(|(part, age)| self.find(*part, *age).is_none()).collect(),
            };
            if missing.is_empty() {
                open.pop();
                self.settle(id, age);
            }
            open.extend(missing);
        }
        self.find(id, self.age).expect("the walk ends with the expression itself")
    }

    fn find(&self, id: ExprId, age: usize) -> Option<NodeId> {
        self.lowered.get(&self.key(id, age)).copied()
    }

    fn key(&self, id: ExprId, age: usize) -> (ExprId, usize) {
        (id, if self.reads_state[id.0 as usize] { age } else { 0 })
    }

    /// Lowers an expression whose operands are lowered.
    fn settle(&mut self, id: ExprId, age: usize) {
        if self.find(id, age).is_none() {
            self.steps += 1;
            let node = if age == self.age { self.build(id) } else { self.at_first(|lowering| lowering.build(id)) };
            self.lowered.insert(self.key(id, age), node);
        }
    }

    /// Does something under the versions of before the event.
    pub(crate) fn at_first(&mut self, act: impl FnOnce(&mut Self) -> NodeId) -> NodeId {
        let now = (std::mem::replace(&mut self.versions, self.first.clone()), std::mem::take(&mut self.age));
        let node = act(self);
        (self.versions, self.age) = now;
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
            ExprKind::Forming(clock, series, field) => {
                let market = program.series[*series].market;
                self.scaled(id, Op::Forming(*clock, *series, *field), market)
            }
            ExprKind::View(market, field) => self.view(id, *market, *field),
            ExprKind::Life(market) => make(self, Op::Life(*market), &[]),
            ExprKind::State(index) => self.versions[*index],
            ExprKind::IsOpen(_, session) => make(self, Op::IsOpen(*session), &[]),
            ExprKind::Age(_, market) => make(self, Op::Age(*market), &[]),
            ExprKind::Since { .. } => {
                let last = self.last(id);
                make(self, Op::Since, &[last])
            }
            ExprKind::SinceOpen(session) => make(self, Op::SinceOpen(*session), &[]),
            ExprKind::Prev(cell) => make(self, Op::Prev(cell.0), &[]),
            ExprKind::Keep { cell, value, .. } => {
                let value = self.before_rules(*value);
                make(self, Op::Keep(cell.0), &[value])
            }
            ExprKind::Part { of, index } => self.part(of, *index),
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
            ExprKind::Undefined => make(self, Op::Const(ty(expr.ty).undefined()), &[]),
            ExprKind::Span { .. } => self.span(id),
            ExprKind::Sample(value, _) => {
                let value = self.before_rules(*value);
                make(self, Op::Sample, &[value])
            }
            ExprKind::Told(told, values) => {
                let args: Vec<NodeId> = values.iter().map(|value| self.expr(*value)).collect();
                self.told(id, *told, &args)
            }
            ExprKind::Unknown => unreachable!("a program with unknown values has errors and is not lowered"),
        }
    }

    /// All are worked out before any is kept, so that each reads the others as they were. What is nothing but the past
    /// of one of them is copied: it lies where that one will be written.
    fn part(&mut self, of: &[ExprId], index: usize) -> NodeId {
        let values: Vec<NodeId> = of.iter().map(|value| self.expr(*value)).collect();
        let copies: Vec<NodeId> = values.into_iter().map(|value| self.copy_of_past(value)).collect();
        copies[index]
    }

    fn copy_of_past(&mut self, value: NodeId) -> NodeId {
        let Op::Prev(_) = self.flow.node(value).op else { return value };
        let Node { ty, clocks, time, span, .. } = self.flow.nodes[value.0 as usize].clone();
        let (_, params, feedback) = self.reach(&[value]);
        self.node(Op::Sample, &[value], ty, clocks, (time, params, feedback), span)
    }

    /// A window over a span is taken in at each step, and told as of whenever somebody asks.
    fn span(&mut self, id: ExprId) -> NodeId {
        if let ExprKind::Span { session: Some(session), .. } = self.program.expr(id).kind {
            return self.session_window(id, session);
        }
        if let ExprKind::Span { life: Some(life), .. } = self.program.expr(id).kind {
            return self.life_window(id, life);
        }
        let ExprKind::Span { kind, value, other, length, pane, .. } = self.program.expr(id).kind.clone() else {
            unreachable!("only spans are lowered as spans")
        };
        let mut args = vec![self.before_rules(value)];
        args.extend(other.map(|other| self.before_rules(other)));
        let length = self.expr(length);
        args.push(length);
        let pane = pane.map(|pane| self.expr(pane));
        args.extend(pane);
        let (takes, tells) = match pane {
            Some(_) => (Op::TakePanes(kind), Op::TellPanes(kind)),
            None => (Op::Take(kind), Op::Tell(kind)),
        };
        let own = self.flow.node(args[0]).ty;
        let taken = self.of_expr(id, takes, &args, own);
        let told = if kind == SpanKind::Ago { own } else { Ty::Num };
        self.of_expr(id, tells, &[taken, pane.unwrap_or(length)], told)
    }

    /// A window since the opening of a position.
    fn life_window(&mut self, id: ExprId, life: ExprId) -> NodeId {
        let ExprKind::Span { kind, value, .. } = self.program.expr(id).kind else {
            unreachable!("only spans are lowered as spans")
        };
        let (value, life) = (self.before_rules(value), self.before_rules(life));
        let step = self.facts.get(id).step.expect("analysis finds the clock of each memory");
        let (clocks, (_, params, _)) = (ClockSet::of(step), self.reach(&[value]));
        let reach = (self.flow.time_on(clocks), params, true);
        let ty = self.flow.node(value).ty;
        let taken = self.node(Op::TakeLife(kind), &[value, life], ty, clocks, reach, self.program.expr(id).span);
        self.of_expr(id, Op::TellLife(kind), &[taken, life], Ty::Num)
    }

    /// A window since the opening of a session. A bar is known at its close, and belongs to the moment just before that.
    fn session_window(&mut self, id: ExprId, session: usize) -> NodeId {
        let ExprKind::Span { kind, value, length, .. } = self.program.expr(id).kind.clone() else {
            unreachable!("only spans are lowered as spans")
        };
        let value = self.before_rules(value);
        let length = self.expr(length);
        let steps = self.facts.get(id).step.map(|clock| self.program.clocks[clock.0 as usize]);
        let lag = i64::from(matches!(steps, Some(gbc_hir::Clock::Bars(_))));
        let span = self.program.expr(id).span;
        let none = (Time::Const, 0, false);
        let lag = self.node(Op::Const(lag as u64), &[], Ty::Int, ClockSet::EMPTY, none, span);
        let own = self.flow.node(value).ty;
        let taken = self.of_expr(id, Op::TakeSession(kind, session), &[value, lag, length], own);
        self.of_expr(id, Op::TellSession(kind, session), &[taken, lag, length], Ty::Num)
    }

    /// What a memory takes in: states as they stood before the event.
    fn before_rules(&mut self, id: ExprId) -> NodeId {
        self.at_first(|lowering| lowering.expr(id))
    }

    fn row(&mut self, id: ExprId, op: Op, market: MarketId, column: Column) -> NodeId {
        match column {
            Column::Side => self.of_expr(id, op, &[], Ty::Int),
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
            ViewField::AvgPrice | ViewField::OpenPnl => self.of_expr(id, op, &[], Ty::Num),
            _ => self.of_expr(id, op, &[], Ty::Int),
        }
    }

    fn told(&mut self, id: ExprId, told: Told, args: &[NodeId]) -> NodeId {
        let op = match told {
            Told::Risked(trade) => Op::Risked(trade),
            Told::Queue(quote, bid) => Op::Queue(quote, Side::of(bid)),
            Told::Drift(quote, bid) => Op::Drift(quote, Side::of(bid)),
            Told::Mine { market, bid, field } => Op::Mine(market, Side::of(bid), field),
            Told::Equity => Op::Account(OfAccount::Equity),
            Told::Cash => Op::Account(OfAccount::Cash),
            Told::News { clock, field } => Op::News(clock, field),
            Told::LotsFor { market, of_price } => return self.lots_for(id, market, of_price, [args[0], args[1]]),
            // A share goes where it is settled, and has no node of its own.
            Told::AllIn | Told::EquityShare => return args[0],
            Told::Level { .. } | Told::Across(..) | Told::Model { .. } | Told::Future => Op::Told(id.0),
        };
        self.of_expr(id, op, args, ty(self.program.expr(id).ty))
    }

    pub(crate) fn undefined(&mut self, span: Span) -> NodeId {
        self.undefined_of(Ty::Num, span)
    }

    pub(crate) fn undefined_of(&mut self, ty: Ty, span: Span) -> NodeId {
        let none = (Time::Const, 0, false);
        self.node(Op::Const(ty.undefined()), &[], ty, ClockSet::EMPTY, none, span)
    }

    pub(crate) fn of_expr(&mut self, id: ExprId, op: Op, args: &[NodeId], ty: Ty) -> NodeId {
        let fact = self.facts.get(id);
        let span = self.program.expr(id).span;
        let (time, params, feedback) = self.reach(args);
        let (params, feedback) = (fact.params | params, fact.feedback || feedback);
        if op.holds() {
            return self.node(op, args, ty, fact.clocks, (fact.time, params, feedback), span);
        }
        // Under later versions of a state an expression may change on more clocks than at first.
        let clocks = args.iter().fold(fact.clocks, |all, arg| all.union(self.flow.node(*arg).clocks));
        self.node(op, args, ty, clocks, (fact.time.max(time), params, feedback), span)
    }

    pub(crate) fn node(
        &mut self,
        op: Op,
        args: &[NodeId],
        ty: Ty,
        clocks: ClockSet,
        reach: Reach,
        span: Span,
    ) -> NodeId {
        let key = (op, args.to_vec(), ty, clocks);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let id = NodeId(self.flow.nodes.len() as u32);
        let (time, params, feedback) = reach;
        self.flow.nodes.push(Node { op, args: args.to_vec(), ty, clocks, time, params, feedback, span });
        self.known.insert(key, id);
        id
    }
}
