//! A bound program in motion.

use std::sync::Arc;

use gbc_core::bars::{self, Candle, Source, Spec};
use gbc_core::orders::Plan;
use gbc_core::session::Session;
use gbc_core::{Block, Column, Due, Event, Fault, Instrument, MarketId, NA, Nanos, Schema, Strategy, View, Wishes};
use gbc_diagnostics::Span;
use gbc_ir::{Clock, ClockId, ClockSet, Flow, Layout, NodeId, Time, Ty, Value};

use crate::alarms::Alarms;
use crate::books::is_hidden;
use crate::cuts;
use crate::evaluate::{Here, evaluate};
use crate::plan::plan;
use crate::roots::{Hands, constant_roots, number_of};
use crate::steps::{Plans, Step};

/// The interpreter.
#[derive(Clone, Debug)]
pub struct Machine {
    flow: Arc<Flow>,
    layout: Layout,
    instruments: Vec<Instrument>,
    series: Vec<Spec>,
    plans: Plans,
    alarms: Alarms,
    plan: Option<Plan>,
    /// The clocks that the last event ticked: nothing that a run remembers.
    ticked: ClockSet,
    slots: Vec<u64>,
}

/// What became of a test's expectation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expectation {
    /// Its place.
    pub span: Span,
    /// Whether it is true; undefined is not.
    pub holds: bool,
    /// Whether it is defined.
    pub defined: bool,
    /// Both sides, if it compares numbers; an undefined one is none.
    pub sides: Option<(Option<f64>, Option<f64>)>,
}

/// Why a program cannot be bound to these parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindError {
    /// The code of its page.
    pub code: &'static str,
    /// What is wrong.
    pub reason: String,
    /// Where.
    pub span: Span,
}

impl Machine {
    /// Binds parameters and instruments, and says what each market's bars are made of.
    pub fn new(
        flow: Arc<Flow>,
        params: &[Value],
        instruments: Vec<Instrument>,
        sources: &[Source],
    ) -> Result<Machine, BindError> {
        let known = known_values(&flow, params, &instruments)?;
        let length = |id: NodeId| usize::try_from(known[id.0 as usize]? as i64).ok();
        let layout = Layout::new(&flow, length).map_err(|error| BindError {
            code: "E0311",
            reason: "this window's length is not a whole number from 1 to 16_777_216, or needs too much memory"
                .to_owned(),
            span: error.span,
        })?;
        let series = flow.series.iter().map(|it| Spec::new(it.size, sources[it.market], &instruments[it.market]));
        let whole = |id: NodeId| known[id.0 as usize].map(|slot| slot as i64);
        let alarms = Alarms::new(&flow, &layout, &instruments, whole)?;
        cuts::can_be_cut(&flow, &instruments, sources)?;
        let (series, plan) = (series.collect(), plan(&flow, &alarms.calendars));
        let mut machine = Machine {
            series,
            layout,
            instruments,
            plans: Plans::default(),
            alarms,
            plan,
            ticked: ClockSet::EMPTY,
            slots: Vec::new(),
            flow,
        };
        machine.slots = machine.first_slots(&known);
        let view = View::empty(sources.len());
        // Read before its clocks first tick, a plain term has the value it has at rest.
        let at_rest = machine.look(&view, is_plain);
        at_rest.map_err(|fault| BindError {
            code: "E0424",
            reason: fault.reason,
            span: Span { start: fault.start, end: fault.end },
        })?;
        Ok(machine)
    }

    /// The flat state before the first event: everything undefined but what is known.
    fn first_slots(&self, known: &[Option<u64>]) -> Vec<u64> {
        let mut slots = vec![0; self.layout.size];
        for (index, node) in self.flow.nodes.iter().enumerate() {
            slots[self.layout.values[index]] = known[index].unwrap_or(node.ty.undefined());
            if let gbc_ir::Op::Tell(kind) | gbc_ir::Op::TellPanes(kind) = node.op
                && kind.counts_nothing()
            {
                slots[self.layout.values[index]] = 0.0_f64.to_bits();
            }
            if node.op == gbc_ir::Op::Edge {
                slots[self.layout.memory[index].start] = Ty::Bool.undefined();
            }
        }
        self.alarms.silence(&mut slots);
        self.layout.heard.iter().flatten().for_each(|slot| slots[*slot] = NA as u64);
        for (state, slot) in self.flow.states.iter().zip(&self.layout.states) {
            slots[*slot] = known[state.init.0 as usize].unwrap_or(state.ty.undefined());
        }
        slots
    }

    /// Where everything lies.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// How many slots the program keeps.
    pub fn slots(&self) -> usize {
        self.layout.size
    }

    /// Whether each expectation of the flow holds now, and the two sides of those that compare numbers.
    pub fn expectations(&mut self, view: &View) -> Result<Vec<Expectation>, Fault> {
        self.look_again(view)?;
        let flow = self.flow.clone();
        let side = |id: NodeId| self.number(id);
        Ok(flow
            .expects
            .iter()
            .map(|expect| {
                let node = flow.node(expect.value);
                let sides = match node.op {
                    gbc_ir::Op::Binary(op) if op.compares() => Some((side(node.args[0]), side(node.args[1]))),
                    _ => None,
                };
                Expectation {
                    span: expect.span,
                    defined: side(expect.value).is_some(),
                    holds: self.slots[self.layout.values[expect.value.0 as usize]] == 1,
                    sides,
                }
            })
            .collect())
    }

    /// What the names are worth that expectations read, in the order of the flow's watches.
    pub fn watched(&self) -> Vec<Option<f64>> {
        self.flow.watches.iter().map(|watch| self.number(watch.value)).collect()
    }

    /// What it is worth that somebody looks at who asks why, in the order of the flow's looks.
    pub fn looks(&self) -> Vec<Option<f64>> {
        self.flow.looks.iter().map(|id| self.number(*id)).collect()
    }

    /// One of them.
    pub fn look_at(&self, index: usize) -> Option<f64> {
        self.number(self.flow.looks[index])
    }

    /// The clocks that the last event ticked.
    pub fn ticked(&self) -> ClockSet {
        self.ticked
    }

    /// Evaluates everything that is a plain function of what is held, so that the end sees the last fills.
    fn look_again(&mut self, view: &View) -> Result<(), Fault> {
        self.look(view, |op| is_plain(op) && op != gbc_ir::Op::Assign)
    }

    fn look(&mut self, view: &View, looks_at: impl Fn(gbc_ir::Op) -> bool) -> Result<(), Fault> {
        for index in 0..self.flow.nodes.len() as u32 {
            let node = self.flow.node(NodeId(index));
            if looks_at(node.op) && node.time > Time::Run {
                let step = Step::new(&self.flow, &self.layout, NodeId(index));
                let here = Here {
                    view,
                    row: None,
                    news: None,
                    instruments: &self.instruments,
                    series: &self.layout.series,
                    calendars: &self.alarms.calendars,
                    ticks: ClockSet::EMPTY,
                    at: Nanos::MAX,
                };
                evaluate(&step, &mut self.slots, &here)?;
            }
        }
        Ok(())
    }

    fn number(&self, id: NodeId) -> Option<f64> {
        let slot = self.slots[self.layout.values[id.0 as usize]];
        number_of(self.flow.node(id).ty, slot, &self.instruments)
    }

    pub(crate) fn clock(&self, wanted: Clock) -> ClockSet {
        let index = self.flow.clocks.iter().position(|clock| *clock == wanted);
        index.map_or(ClockSet::EMPTY, |index| ClockSet::of(ClockId(index as u8)))
    }

    /// Lets an event go by: bars form and alarms go off, and nothing is evaluated. The clocks that it ticks.
    pub fn let_by(&mut self, event: Event<'_>) -> ClockSet {
        // What cannot be cut into a session stops the run itself.
        let ticks = self.ticks_of(event).ok().flatten().unwrap_or_default();
        self.slots[Layout::STARTED] = 1;
        ticks
    }

    /// The sessions of the flow, in its order.
    pub fn calendars(&self) -> &[gbc_core::session::Calendar] {
        &self.alarms.calendars
    }

    /// The clocks that an event ticks; nothing if nobody here saw it.
    fn ticks_of(&mut self, event: Event<'_>) -> Result<Option<ClockSet>, Fault> {
        Ok(Some(match event {
            Event::Row(block, row) if is_hidden(block, row) => return Ok(None),
            Event::Row(block, row) => {
                let time = block.time_of(row);
                let started = self.start(time);
                let heard = self.hear(block.market, time);
                started.union(heard).union(self.take_row(block, row)?)
            }
            Event::Due(_) => self.close_due(),
            Event::News(_) => self.clock(Clock::News),
        }))
    }

    /// Sets the alarms at the first event; the clocks that this ticks. That nothing is held yet is news, too.
    fn start(&mut self, time: Nanos) -> ClockSet {
        if self.slots[Layout::STARTED] != 0 {
            return ClockSet::EMPTY;
        }
        self.alarms.start(time, &mut self.slots).union(self.clock(Clock::News))
    }

    /// Takes a row into the forming bars; the clocks it ticks.
    fn take_row(&mut self, block: &Block, row: usize) -> Result<ClockSet, Fault> {
        Ok(match block.schema {
            Schema::Bars { .. } => self.take_bar(block, row)?,
            Schema::L1 if block.is_trade(row) => self.take_trade(block, row),
            Schema::L1 => self.clock(Clock::Quotes(block.market)),
            Schema::Depth | Schema::Orders => self.take_book_row(block, row),
        })
    }

    fn take_bar(&mut self, block: &Block, row: usize) -> Result<ClockSet, Fault> {
        let value = |column| block.value(column, row);
        let candle = Candle {
            open: value(Column::Open),
            high: value(Column::High),
            low: value(Column::Low),
            close: value(Column::Close),
            volume: value(Column::Volume),
        };
        let mut ticks = ClockSet::EMPTY;
        let Schema::Bars { span_ns } = block.schema else { return Ok(ticks) };
        let (open, time) = (Nanos(value(Column::OpenTime)), block.time_of(row));
        for index in self.series_of(block.market, Source::Bars { span_ns }) {
            let added = self.extend(index, [open, time], |spec, slots, session| {
                bars::add_bar(spec, slots, session, open, time, candle)
            });
            ticks = ticks.union(added.ok_or_else(|| cuts::lies_across(&self.flow, index, [open, time]))?);
        }
        Ok(ticks)
    }

    pub(crate) fn take_trade(&mut self, block: &Block, row: usize) -> ClockSet {
        let (price, size) = (block.value(Column::Px, row), block.value(Column::Sz, row));
        let (time, size) = (block.time_of(row), if size == NA { 0 } else { size });
        let mut ticks = self.clock(Clock::Trades(block.market));
        for index in self.series_of(block.market, Source::Trades) {
            let added = self.extend(index, [time, time], |spec, slots, session| {
                bars::add_trade(spec, slots, session, time, price, size)
            });
            ticks = ticks.union(added.expect("a moment lies across nothing"));
        }
        ticks
    }

    /// Lets a series take in what lasted from one moment to another, if its session holds it; the clocks that ticks. Nothing
    /// comes of what lies across an opening or a close.
    fn extend(
        &mut self,
        index: usize,
        [from, to]: [Nanos; 2],
        add: impl FnOnce(Spec, &mut [u64], Option<Session>) -> bool,
    ) -> Option<ClockSet> {
        let session = match self.flow.series[index].session {
            None => None,
            Some(session) => match self.alarms.session_at(session, from) {
                Some(found) if to <= found.close => Some(found),
                None if !self.alarms.reaches_into(session, to) => return Some(ClockSet::EMPTY),
                _ => return None,
            },
        };
        let closed = add(self.series[index], series_slots(&mut self.slots, self.layout.series[index]), session);
        let forming = self.clock(Clock::Forming(index));
        Some(if closed { forming.union(self.clock(Clock::Bars(index))) } else { forming })
    }

    /// The series that a market makes of this source. Several feeds may tell of one market; each bar is made of one.
    fn series_of(&self, market: MarketId, source: Source) -> Vec<usize> {
        let fits = |spec: &Spec| match source {
            Source::Trades => true,
            Source::Bars { span_ns } => spec.is_made_of(span_ns),
        };
        let made = |index: &usize| {
            let spec = &self.series[*index];
            self.flow.series[*index].market == market && spec.source == source && fits(spec)
        };
        (0..self.series.len()).filter(made).collect()
    }

    /// Something happened in a market: its silence is over, and begins anew.
    fn hear(&mut self, market: MarketId, time: Nanos) -> ClockSet {
        if let Some(slot) = self.layout.heard[market] {
            self.slots[slot] = time.0 as u64;
        }
        self.alarms.hear(market, time, &mut self.slots);
        self.clock(Clock::Any(market))
    }

    /// Lets go off and closes what is due now; the clocks that ticks.
    fn close_due(&mut self) -> ClockSet {
        let due = self.due();
        let mut ticks = ClockSet::EMPTY;
        if !due.after_data {
            ticks = self.alarms.go_off(due.time, &mut self.slots);
        }
        for index in 0..self.series.len() {
            let slots = series_slots(&mut self.slots, self.layout.series[index]);
            // A bar of bars still waits for the data of a moment at which something else is due before them.
            if bars::due(self.series[index], slots) == due {
                bars::close(slots);
                ticks = ticks.union(self.clock(Clock::Bars(index))).union(self.clock(Clock::Forming(index)));
            }
        }
        ticks
    }
}

impl Strategy for Machine {
    fn react(&mut self, event: Event<'_>, view: &View, wishes: &mut Wishes) -> Result<(), Fault> {
        let Some(ticks) = self.ticks_of(event)? else { return Ok(()) };
        let (row, at) = match event {
            Event::Row(block, row) => (Some((block, row)), block.time_of(row)),
            Event::Due(time) => (None, time),
            Event::News(news) => (None, news.at),
        };
        self.ticked = ticks;
        let news = if let Event::News(news) = event { Some(news) } else { None };
        let plan = self.plans.get(&self.flow, &self.layout, ticks);
        let here = Here {
            view,
            row,
            news,
            instruments: &self.instruments,
            series: &self.layout.series,
            calendars: &self.alarms.calendars,
            ticks,
            at,
        };
        for step in &plan.steps {
            evaluate(step, &mut self.slots, &here)?;
        }
        self.alarms.watch(at, &mut self.slots);
        let mut hands = Hands { flow: &self.flow, layout: &self.layout, instruments: &self.instruments, at, wishes };
        plan.roots.iter().for_each(|root| hands.follow(*root, &mut self.slots));
        if self.slots[Layout::STARTED] == 0 {
            self.slots[Layout::STARTED] = 1;
            constant_roots(&self.flow).into_iter().for_each(|root| hands.follow(root, &mut self.slots));
        }
        Ok(())
    }

    fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

    fn due(&self) -> Due {
        let forming = self.series.iter().zip(&self.layout.series);
        let dues = forming.map(|(spec, start)| bars::due(*spec, &self.slots[*start..*start + bars::SLOTS]));
        dues.chain([self.alarms.due(&self.slots)]).min().unwrap_or(Due::NEVER)
    }

    fn snapshot(&self) -> Vec<u64> {
        self.slots.clone()
    }

    fn restore(&mut self, snapshot: &[u64]) -> bool {
        let fits = snapshot.len() == self.slots.len();
        if fits {
            self.slots.copy_from_slice(snapshot);
        }
        fits
    }
}

/// Whether a node is a function of other nodes and the runtime alone: no row, no bar, no memory.
fn is_plain(op: gbc_ir::Op) -> bool {
    use gbc_ir::Op;
    let of_the_row = matches!(op, Op::Row(..) | Op::Bar(..) | Op::Forming(..) | Op::News(..));
    let of_the_event = of_the_row || matches!(op, Op::Ticks(_) | Op::IsOpen(_) | Op::SinceOpen(_));
    let told =
        matches!(op, Op::Tell(_) | Op::TellPanes(_) | Op::TellSession(..) | Op::TellLife(_) | Op::Age(_) | Op::Since);
    !op.remembers() && !of_the_event && !told && !matches!(op, Op::State(_) | Op::Prev(_))
}

fn series_slots(slots: &mut [u64], start: usize) -> &mut [u64] {
    &mut slots[start..start + bars::SLOTS]
}

/// The values of all nodes that are known before the run.
fn known_values(flow: &Flow, params: &[Value], instruments: &[Instrument]) -> Result<Vec<Option<u64>>, BindError> {
    // Before the layout is known, each node simply has the slot of its number.
    let mut slots: Vec<u64> = flow.nodes.iter().map(|node| node.ty.undefined()).collect();
    let view = View::default();
    let here = Here {
        view: &view,
        row: None,
        news: None,
        instruments,
        series: &[],
        calendars: &[],
        ticks: ClockSet::EMPTY,
        at: Nanos::MIN,
    };
    let mut known = Vec::with_capacity(flow.nodes.len());
    for (index, node) in flow.nodes.iter().enumerate() {
        if node.time > Time::Run {
            known.push(None);
            continue;
        }
        if let gbc_ir::Op::Param(param) = node.op {
            slots[index] = param_bits(params[param], node.ty);
        } else {
            let mut step_args = [0; 3];
            for (slot, arg) in step_args.iter_mut().zip(&node.args) {
                *slot = arg.0 as usize;
            }
            let takes = node.args.first().map_or(node.ty, |arg| flow.node(*arg).ty);
            let step =
                Step { op: node.op, ty: node.ty, takes, args: step_args, out: index, memory: 0..0, span: node.span };
            evaluate(&step, &mut slots, &here).map_err(|fault| BindError {
                code: "E0424",
                reason: fault.reason,
                span: node.span,
            })?;
        }
        known.push(Some(slots[index]));
    }
    Ok(known)
}

fn param_bits(value: Value, ty: Ty) -> u64 {
    match (ty, value) {
        (Ty::Num, value) => gbc_core::maths::canonical(value.to_f64()).to_bits(),
        (_, Value::Bool(value)) => u64::from(value),
        (_, Value::Int(value)) => value as u64,
        (_, Value::Num(value)) => value as i64 as u64,
    }
}
