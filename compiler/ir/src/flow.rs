//! The graph itself.

use gbc_analysis::{ClockSet, Time};
use gbc_core::arithmetic::{BinaryOp, Class, UnaryOp};
use gbc_core::bars::BarField;
use gbc_core::orders::{Channel, Limit, QuotePlan, SendPlan, TradePlan};
use gbc_core::session::Daily;
use gbc_core::window::{PairKind, SpanKind, WindowKind};
use gbc_core::{Column, MarketId};
use gbc_diagnostics::Span;
use gbc_hir::{Clock, ClockId, Mine, OfNews, Series, Session, Value, ViewField};

/// A program ready to run once parameters and instruments are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// The strategy's name.
    pub name: String,
    /// The markets' names, in the order of their symbols.
    pub markets: Vec<String>,
    /// The parameters.
    pub params: Vec<Param>,
    /// The clocks; clock sets count bits in this order.
    pub clocks: Vec<Clock>,
    /// The timers.
    pub timers: Vec<Timer>,
    /// The sessions.
    pub sessions: Vec<Session>,
    /// The bar series.
    pub series: Vec<Series>,
    /// The declared states.
    pub states: Vec<State>,
    /// The clocks on which rules are tried.
    pub rules: ClockSet,
    /// The nodes, operands before users.
    pub nodes: Vec<Node>,
    /// What happens with the nodes' values, in order.
    pub roots: Vec<Root>,
    /// The orders that it may send, and what limits them.
    pub orders: Orders,
    /// What a test expects at the end.
    pub expects: Vec<Expect>,
    /// What its expectations read by name, for messages.
    pub watches: Vec<Watch>,
    /// What somebody looks at who asks why.
    pub looks: Vec<NodeId>,
}

impl Flow {
    /// The clocks that tick at moments known beforehand.
    pub fn alarms(&self) -> impl Iterator<Item = ClockId> {
        (0..self.clocks.len()).filter(|index| self.clocks[*index].is_alarm()).map(|index| ClockId(index as u8))
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// When a value is known that changes on these clocks only.
    pub fn time_on(&self, clocks: ClockSet) -> Time {
        Time::of(clocks, &self.clocks, &self.series)
    }
}

/// What a strategy's orders are made of. Their numbers are channels, each with a root of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Orders {
    /// The trades.
    pub trades: Vec<TradePlan>,
    /// The quotes.
    pub quotes: Vec<QuotePlan>,
    /// The orders by hand.
    pub sends: Vec<SendPlan>,
    /// The limits.
    pub limits: Vec<Limit>,
}

/// A timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Fires at every multiple of a period; known once parameters are bound.
    Every(NodeId),
    /// Fires once when nothing has happened in a market for so long, or, where the last says so, for longer.
    Quiet(MarketId, NodeId, bool),
    /// Fires once when what a node, a `LastTrue` or a `LastEvent`, tells was so long ago, or, where the last says so,
    /// longer.
    Since(NodeId, NodeId, bool),
    /// Fires at a time of day: of the session with this index, or of UTC.
    At(Daily, Option<usize>, Span),
}

/// Index of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Ty,
}

/// A declared state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Ty,
    /// Its first value; known once parameters are bound.
    pub init: NodeId,
}

/// How a value is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ty {
    /// 0, 1, or 2 for undefined.
    Bool,
    /// `i64`, `i64::MIN` for undefined.
    Int,
    /// The same, counting ticks of a market.
    Ticks(MarketId),
    /// The bits of an `f64`, one NaN for undefined.
    Num,
}

impl Ty {
    /// The slot of what has no value.
    pub fn undefined(self) -> u64 {
        match self {
            Ty::Bool => 2,
            Ty::Int | Ty::Ticks(_) => i64::MIN as u64,
            Ty::Num => gbc_core::maths::UNDEFINED.to_bits(),
        }
    }

    /// How arithmetic sees it.
    pub fn class(self) -> Class {
        match self {
            Ty::Bool => Class::Bool,
            Ty::Int | Ty::Ticks(_) => Class::Whole,
            Ty::Num => Class::Num,
        }
    }

    /// Whether it is a 64-bit integer.
    pub fn is_whole(self) -> bool {
        matches!(self, Ty::Int | Ty::Ticks(_))
    }
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it does.
    pub op: Op,
    /// On what.
    pub args: Vec<NodeId>,
    /// What it gives.
    pub ty: Ty,
    /// On which clocks it is evaluated.
    pub clocks: ClockSet,
    /// When it is known.
    pub time: Time,
    /// The parameters that reach it.
    pub params: u64,
    /// Whether our own position or fills reach it.
    pub feedback: bool,
    /// Where it comes from.
    pub span: Span,
}

/// An operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Op {
    /// A constant, by its bits.
    Const(u64),
    /// A parameter.
    Param(usize),
    /// What a point of a lot is worth.
    Point(MarketId),
    /// A column of the row at hand.
    Row(ClockId, Column),
    /// A value of the bar that just closed.
    Bar(ClockId, usize, BarField),
    /// A value of the bar that is forming.
    Forming(ClockId, usize, BarField),
    /// What only the runtime knows.
    View(MarketId, ViewField),
    /// What no engine of this version could tell; a program that reads it is refused before it runs.
    Told(u32),
    /// What the account values one of a market at.
    Mark(MarketId),
    /// What the whole account is worth.
    Account(OfAccount),
    /// How far a trade's entry is from its stop.
    Risked(usize),
    /// Which share of its level is ahead of the order on one side of a quote.
    Queue(usize, Side),
    /// How many ticks its wanted price is from the resting one.
    Drift(usize, Side),
    /// Of our own resting order on one side.
    Mine(MarketId, Side, Mine),
    /// Of the news at hand.
    News(ClockId, OfNews),
    /// A number that each position of a market has of its own; undefined without one.
    Life(MarketId),
    /// Declared state as it stood before the event; shares the state's slot.
    State(usize),
    /// Whether a clock ticks at this event.
    Ticks(ClockId),
    /// Whether a session is open.
    IsOpen(usize),
    /// How long a session has been open; undefined while it is closed.
    SinceOpen(usize),
    /// How long ago anything last happened in a market.
    Age(MarketId),
    /// The moment at which its argument was last true; the largest there is while it is.
    LastTrue,
    /// The moment at which its argument last had a value.
    LastEvent,
    /// How long ago the moment of its argument, a `LastTrue` or a `LastEvent`, was as of now.
    Since,
    /// The past of a `Keep`; shares its slot.
    Prev(u32),
    /// Its argument where defined, else what it held.
    Keep(u32),
    /// A whole number as a number.
    ToNum,
    /// Ticks as points.
    Points(MarketId),
    /// Lot steps as lots.
    Lots(MarketId),
    /// One operand.
    Unary(UnaryOp),
    /// Two operands of one type.
    Binary(BinaryOp),
    /// Second where the first is true, third where false.
    Select,
    /// First where defined, else second.
    Else,
    /// Its first argument, as many steps back as the second says; holds while undefined.
    History,
    /// A window of as many values as the second argument says; holds while undefined.
    Window(WindowKind),
    /// A window of as many pairs of its first two arguments as the third says; holds while either is undefined.
    PairWindow(PairKind),
    /// Takes its first argument, or first two, into a window over a span of as many nanoseconds as the next one says.
    Take(SpanKind),
    /// What the window of its first argument, a `Take`, tells as of now.
    Tell(SpanKind),
    /// Takes its first argument into a window of panes: the span's length, then a pane's.
    TakePanes(SpanKind),
    /// What the panes of its first argument, a `TakePanes`, tell as of now.
    TellPanes(SpanKind),
    /// Takes its first argument into a window that starts anew with each opening of a session. The second says how far
    /// before its time a value belongs, the third how much of the session's start counts, 0 for all.
    TakeSession(SpanKind, usize),
    /// What the window of its first argument, a `TakeSession`, tells as of now; the others as there.
    TellSession(SpanKind, usize),
    /// Takes its first argument into a window that starts anew with each number of the second, a `Life`.
    TakeLife(SpanKind),
    /// What the window of its first argument, a `TakeLife`, tells of the second, its `Life`.
    TellLife(SpanKind),
    /// Its argument as of the clock's tick.
    Sample,
    /// True when its argument goes from false to true.
    Edge,
    /// A state after a rule: second where the first is true, else third.
    Assign,
}

/// What is known of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfAccount {
    /// Its cash.
    Cash,
    /// Cash and open positions at their marks.
    Equity,
}

impl OfAccount {
    /// Both with their names.
    pub const NAMES: [(&'static str, OfAccount); 2] = [("cash", OfAccount::Cash), ("equity", OfAccount::Equity)];

    /// Its name.
    pub fn name(self) -> &'static str {
        OfAccount::NAMES[self as usize].0
    }
}

/// A side of the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// What buys.
    Bid,
    /// What sells.
    Ask,
}

impl Side {
    /// Both with their names, in the order in which a view holds them.
    pub const NAMES: [(&'static str, Side); 2] = [("bid", Side::Bid), ("ask", Side::Ask)];

    /// Its name.
    pub fn name(self) -> &'static str {
        Side::NAMES[self as usize].0
    }

    /// That of a bid, or of an ask.
    pub fn of(bid: bool) -> Side {
        if bid { Side::Bid } else { Side::Ask }
    }
}

impl Op {
    /// Whether it tells of our own account and orders, as of now.
    pub fn is_view(self) -> bool {
        use Op::{Account, Drift, Life, Mine, Queue, Risked, View};
        matches!(self, View(..) | Life(_) | Account(_) | Risked(_) | Queue(..) | Drift(..) | Mine(..))
    }

    /// Whether it keeps memory of its own and so steps.
    pub fn remembers(self) -> bool {
        use Op::{
            Edge, History, Keep, LastEvent, LastTrue, PairWindow, Sample, Take, TakeLife, TakePanes, TakeSession,
            Window,
        };
        matches!(
            self,
            LastTrue
                | LastEvent
                | Keep(_)
                | History
                | Window(_)
                | PairWindow(_)
                | Take(_)
                | TakePanes(_)
                | TakeLife(_)
                | TakeSession(..)
                | Sample
                | Edge
        )
    }

    /// Whether it changes with its clocks only, however often its operands do.
    pub fn holds(self) -> bool {
        self.remembers() || matches!(self, Op::Assign | Op::State(_) | Op::Prev(_))
    }
}

/// What happens with a value, after all nodes are evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// A state's last version is stored, if defined.
    Write {
        /// The state.
        state: usize,
        /// Its last version.
        value: NodeId,
    },
    /// A position is wished for, if defined.
    Target {
        /// The market.
        market: MarketId,
        /// The wanted amount.
        value: NodeId,
        /// What that counts, as `Unit::code`; lots without one.
        unit: Option<NodeId>,
    },
    /// A value is written down, if defined.
    Export {
        /// Which export.
        export: usize,
        /// Its value.
        value: NodeId,
    },
    /// A number or a condition of an order.
    Channel {
        /// Where it is written.
        channel: Channel,
        /// What.
        value: NodeId,
    },
    /// A trade's `enter when` comes true.
    Fire {
        /// Which trade.
        trade: usize,
        /// Whether it does at this event.
        value: NodeId,
    },
    /// An order by hand.
    Send {
        /// Which.
        send: usize,
        /// Whether it goes out at this event.
        when: NodeId,
        /// How many lots, its limit and its stop; undefined where it has none.
        numbers: [NodeId; 3],
    },
    /// An order by hand is taken back.
    Cancel {
        /// Which.
        send: usize,
        /// Whether at this event.
        when: NodeId,
    },
    /// An order construct reads it that no engine acts on yet. What it needs is known all the same.
    Read {
        /// What it reads.
        value: NodeId,
    },
}

impl Root {
    /// The values that something happens with.
    pub fn values(mut self) -> Vec<NodeId> {
        self.values_mut().into_iter().map(|id| *id).collect()
    }

    pub(crate) fn values_mut(&mut self) -> Vec<&mut NodeId> {
        match self {
            Root::Write { value, .. }
            | Root::Export { value, .. }
            | Root::Channel { value, .. }
            | Root::Fire { value, .. }
            | Root::Read { value } => vec![value],
            Root::Target { value, unit, .. } => std::iter::once(value).chain(unit).collect(),
            Root::Send { when, numbers, .. } => std::iter::once(when).chain(numbers).collect(),
            Root::Cancel { when, .. } => vec![when],
        }
    }

    /// Whether it takes part in what is ordered.
    pub fn orders(self) -> bool {
        !matches!(self, Root::Write { .. } | Root::Export { .. })
    }
}

/// What a test expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expect {
    /// Must be true at the end.
    pub value: NodeId,
    /// The expectation's place.
    pub span: Span,
}

/// A name that an expectation reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Index into `Flow::expects`.
    pub expect: usize,
    /// The name, as it is written.
    pub name: String,
    /// What it is worth.
    pub value: NodeId,
}

/// The bits of a value.
pub(crate) fn bits(value: Value) -> u64 {
    match value {
        Value::Bool(value) => u64::from(value),
        Value::Int(value) => value as u64,
        Value::Num(value) => gbc_core::maths::canonical(value).to_bits(),
    }
}
