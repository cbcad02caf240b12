//! The typed program: one graph of expressions, and what hangs on it.

use gbc_core::arithmetic::{BinaryOp, UnaryOp};
use gbc_core::bars::{BarField, Size};
use gbc_core::window::{PairKind, SpanKind, WindowKind};
use gbc_core::{Column, MarketId};
use gbc_diagnostics::Span;

use crate::{Clock, Dim, Rule, Session, Timer, Ty, Value};

mod learning;
mod orders;
mod told;

pub use learning::*;
pub use orders::*;
pub use told::*;

/// A checked strategy.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Its name.
    pub name: String,
    /// Whether it is a library: functions only, nothing to run.
    pub is_library: bool,
    /// The libraries that it is made of, beside the standard library; the used before the using.
    pub libraries: Vec<gbc_diagnostics::Source>,
    /// The name of the library that each `use` of the file leads to, in their order.
    pub uses: Vec<Option<String>>,
    /// What its author calls it.
    pub title: Option<String>,
    /// The text it was read from, for messages that quote it.
    pub text: String,
    /// Its markets, in the order of their symbols.
    pub markets: Vec<Market>,
    /// Its parameters, in the order of the text.
    pub params: Vec<Param>,
    /// What every combination of parameters must fulfil.
    pub requires: Vec<ExprId>,
    /// Its sessions, each once.
    pub sessions: Vec<Session>,
    /// Its timers, each once.
    pub timers: Vec<Timer>,
    /// Its bar series, each once.
    pub series: Vec<Series>,
    /// Its clocks; a clock set counts bits in this order.
    pub clocks: Vec<Clock>,
    /// Its equations, in the order of the text; those that only name a series are left out.
    pub equations: Vec<Equation>,
    /// Names of things that tick: bar series, quotes, trades and timers.
    pub feeds: Vec<(String, Clock)>,
    /// Its enums.
    pub enums: Vec<Enum>,
    /// Its declared state.
    pub states: Vec<State>,
    /// Its rules, top to bottom.
    pub rules: Vec<Rule>,
    /// Its wanted positions.
    pub targets: Vec<Target>,
    /// Its trades, in the order of the text.
    pub trades: Vec<Trade>,
    /// Its quotes, in the order of the text.
    pub quotes: Vec<Quote>,
    /// Its orders by hand.
    pub sends: Vec<Send>,
    /// What handlers read that no engine of this version acts on.
    pub reads: Vec<ExprId>,
    /// Its wanted shares of equity.
    pub weights: Vec<Weight>,
    /// Its universes.
    pub universes: Vec<Universe>,
    /// Its blocks of features.
    pub features: Vec<Features>,
    /// Its labels.
    pub labels: Vec<Label>,
    /// Its models.
    pub models: Vec<Model>,
    /// What it writes down, in the order of the text.
    pub exports: Vec<Export>,
    /// Its limits, in the order of the text.
    pub limits: Vec<Limit>,
    /// What it says that no engine of this version can run, in the order of the text.
    pub unsupported: Vec<Unsupported>,
    /// Its tests.
    pub tests: Vec<Test>,
    /// All expressions; parts come before wholes, except through cells.
    pub exprs: Vec<Expr>,
    /// How many cells `prev` reads.
    pub cells: usize,
    /// The cells through which equations of one circle read each other.
    pub pasts: Vec<Past>,
}

impl Program {
    /// The text of a place.
    pub fn text_at(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The value itself where it is one of several that are worked out together.
    pub fn apart(&self, id: ExprId) -> ExprId {
        match &self.expr(id).kind {
            ExprKind::Part { of, index } => of[*index],
            _ => id,
        }
    }

    /// An expression.
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }
}

/// Index of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExprId(pub u32);

/// Index of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockId(pub u8);

/// A cell that `prev` reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellId(pub u32);

/// An equation that others of its circle read through its past.
#[derive(Clone, Copy, Debug)]
pub struct Past {
    /// The cell that they read.
    pub cell: CellId,
    /// The equation's value, kept in it.
    pub keep: ExprId,
}

/// A market.
#[derive(Clone, Debug)]
pub struct Market {
    /// Its name in the text.
    pub name: String,
    /// The symbol it is fixed to; otherwise the run says.
    pub symbol: Option<String>,
    /// Its name's place.
    pub span: Span,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Ty,
    /// What it is unless the run says otherwise.
    pub default: Value,
    /// What a sweep tries.
    pub range: Option<ParamRange>,
    /// For reports and forms.
    pub label: Option<String>,
    /// Its name's place.
    pub span: Span,
    /// Where its range is written, from behind the value on; empty if it has none.
    pub range_at: Span,
}

/// The values a sweep tries.
#[derive(Clone, Debug)]
pub enum ParamRange {
    /// From, to (both included), step.
    Span {
        /// The first.
        from: Value,
        /// Not beyond this.
        to: Value,
        /// The distance; 1 for whole numbers and absent otherwise unless written.
        step: Option<Value>,
    },
    /// These.
    List(Vec<Value>),
}

impl ParamRange {
    /// Whether a value lies in it; a step does not matter.
    pub fn contains(&self, value: Value) -> bool {
        let (low, high) = self.bounds();
        match self {
            ParamRange::Span { .. } => (low..=high).contains(&value.to_f64()),
            ParamRange::List(values) => values.iter().any(|known| known.to_f64() == value.to_f64()),
        }
    }

    /// The smallest and the largest value.
    pub fn bounds(&self) -> (f64, f64) {
        match self {
            ParamRange::Span { from, to, .. } => (from.to_f64(), to.to_f64()),
            ParamRange::List(values) => {
                let numbers = values.iter().map(|value| value.to_f64());
                numbers.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
                    (if x < low { x } else { low }, if x > high { x } else { high })
                })
            }
        }
    }
}

/// A bar series of a market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Series {
    /// Of which market.
    pub market: MarketId,
    /// When each bar ends.
    pub size: Size,
    /// The session it keeps to.
    pub session: Option<usize>,
}

/// `enum Name { Arm, … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// Its name.
    pub name: String,
    /// Its arms, in order: their values.
    pub arms: Vec<String>,
    /// Its name's place.
    pub span: Span,
}

/// `let name = value`
#[derive(Clone, Debug)]
pub struct Equation {
    /// Its name; of a field of a record `bb.up`.
    pub name: String,
    /// The name's place.
    pub span: Span,
    /// Its value.
    pub value: ExprId,
    /// Where its value is written; the value itself may come out of a function written elsewhere.
    pub written: Span,
}

impl Equation {
    /// Whether it is a field of a record, `bb.up`: then name and place are those of the whole.
    pub fn is_field(&self) -> bool {
        self.name.contains('.')
    }
}

/// `state name = init`
#[derive(Clone, Debug)]
pub struct State {
    /// Its name.
    pub name: String,
    /// Its name's place.
    pub span: Span,
    /// Its type.
    pub ty: Ty,
    /// What it is before the first event; constant once parameters are bound.
    pub init: ExprId,
    /// The clock that brings that back.
    pub reset: Option<ClockId>,
}

/// `target market = value`
#[derive(Clone, Debug)]
pub struct Target {
    /// Which market.
    pub market: MarketId,
    /// The wanted position in lots.
    pub value: ExprId,
    /// The value's place.
    pub span: Span,
}

/// A test block.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// The whole item.
    pub span: Span,
    /// Parameters set for it.
    pub with: Vec<(usize, Value)>,
    /// What happens.
    pub feeds: Vec<TestFeed>,
    /// What must hold afterwards.
    pub expects: Vec<(ExprId, Span)>,
}

/// Events of one market in a test; prices as written.
#[derive(Clone, Debug)]
pub enum TestFeed {
    /// Bars with these closes.
    Bars {
        /// Of which market.
        market: MarketId,
        /// How long each is.
        span_ns: i64,
        /// Their closes, with the place of each.
        closes: Vec<(f64, Span)>,
    },
    /// Quotes and trades.
    L1 {
        /// Of which market.
        market: MarketId,
        /// The rows.
        rows: Vec<TestRow>,
    },
}

/// A row of a test's feed: a time since midnight, and prices with sizes.
#[derive(Clone, Copy, Debug)]
pub struct TestRow {
    /// Nanoseconds since midnight.
    pub time_ns: i64,
    /// Where it stands.
    pub span: Span,
    /// Bid and ask with their sizes, for a quote.
    pub quote: Option<[(f64, f64); 2]>,
    /// Price and size, for a trade.
    pub trade: Option<(f64, f64)>,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it does.
    pub kind: ExprKind,
    /// What it gives.
    pub ty: Ty,
    /// Where it stands; for the inside of the standard library, where that is called.
    pub span: Span,
    /// Whether it is made of literals and parameters without units only, and so agrees with any unit.
    pub bare: bool,
}

/// What an expression does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExprKind {
    /// A constant.
    Const(Value),
    /// A parameter.
    Param(usize),
    /// So many ticks of a market.
    Ticks(MarketId, i64),
    /// What a point of a lot is worth.
    Point(MarketId),
    /// A value of the last quote or trade.
    Row(ClockId, MarketId, Column),
    /// A value of the last finished bar.
    Bar(ClockId, usize, BarField),
    /// A value of the bar that is forming.
    Forming(ClockId, usize, BarField),
    /// What only the runtime knows.
    View(MarketId, ViewField),
    /// A number that each position of a market has of its own; undefined without one.
    Life(MarketId),
    /// Declared state.
    State(usize),
    /// Whether a session is open.
    IsOpen(ClockId, usize),
    /// How long a session has been open.
    SinceOpen(usize),
    /// How long ago anything last happened in a market.
    Age(ClockId, MarketId),
    /// How long ago something last was: a condition true, or an event there.
    Since {
        /// The condition; or, of an event, a value at each and none between.
        value: ExprId,
        /// Whether it is an event.
        event: bool,
        /// The clock of the equation, if it names one.
        default: Option<ClockId>,
    },
    /// The last defined value kept in a cell.
    Prev(CellId),
    /// `value`, kept in a cell; steps on `default` where `value` has not one clock of its own.
    Keep {
        /// The cell.
        cell: CellId,
        /// What is kept.
        value: ExprId,
        /// The clock of the equation, if it names one.
        default: Option<ClockId>,
    },
    /// One of several values that are worked out together: a field of a record that reads its own past.
    Part {
        /// All of them.
        of: Vec<ExprId>,
        /// Which of them.
        index: usize,
    },
    /// A whole or exact number as a number.
    ToNum(ExprId),
    /// One operand.
    Unary(UnaryOp, ExprId),
    /// Two operands of one class.
    Binary(BinaryOp, ExprId, ExprId),
    /// The first where true, else the second.
    If(ExprId, ExprId, ExprId),
    /// The first where defined, else the second.
    Else(ExprId, ExprId),
    /// The value so many steps back.
    History {
        /// Of what.
        value: ExprId,
        /// How many; constant once parameters are bound.
        back: ExprId,
        /// The clock of the equation, if it names one.
        default: Option<ClockId>,
    },
    /// A window over the last `length` values.
    Window {
        /// What it tells.
        kind: WindowKind,
        /// Of what.
        value: ExprId,
        /// How many; constant once parameters are bound.
        length: ExprId,
        /// The clock of the equation, if it names one.
        default: Option<ClockId>,
    },
    /// A window over the last `length` pairs of values.
    PairWindow {
        /// What it tells.
        kind: PairKind,
        /// Of what.
        values: [ExprId; 2],
        /// How many; constant once parameters are bound.
        length: ExprId,
        /// The clock of the equation, if it names one.
        default: Option<ClockId>,
    },
    /// A window over a span of time.
    Span {
        /// What it tells.
        kind: SpanKind,
        /// Of what.
        value: ExprId,
        /// Of what else, for a pair.
        other: Option<ExprId>,
        /// How long it is, in nanoseconds; constant once parameters are bound. Of a session: so much of its start, or 0 for all.
        length: ExprId,
        /// The session since whose opening it reaches, rather than back from now.
        session: Option<usize>,
        /// The position since whose opening it reaches: a number that each has of its own.
        life: Option<ExprId>,
        /// How long its panes are, if it has any.
        pane: Option<ExprId>,
        /// The clock of the equation, if it names one.
        default: Option<ClockId>,
    },
    /// No value: what a filter left out.
    Undefined,
    /// The value as of the clock's last tick.
    Sample(ExprId, ClockId),
    /// What only the engine can tell, from these values.
    Told(Told, Vec<ExprId>),
    /// Something was wrong and has been said.
    Unknown,
}

/// What only the runtime knows of a market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ViewField {
    /// Open quantity in lots.
    Position,
    /// Average price of it.
    AvgPrice,
    /// Orders sent; in tests only.
    Orders,
    /// Fills received; in tests only.
    Fills,
    /// Money won or lost on what is held.
    OpenPnl,
    /// Orders taken back; in tests only.
    Cancels,
    /// Orders refused; in tests only.
    Rejects,
}

impl ViewField {
    /// Every field, its name, its type, and whether only tests may read it.
    pub const ALL: [(&'static str, ViewField, Ty, bool); 7] = [
        ("position", ViewField::Position, Ty::NUM, false),
        ("avg_price", ViewField::AvgPrice, Ty::Num(Dim::PRICE), false),
        ("orders", ViewField::Orders, Ty::Int, true),
        ("fills", ViewField::Fills, Ty::Int, true),
        ("open_pnl", ViewField::OpenPnl, Ty::Num(Dim::MONEY), false),
        ("cancels", ViewField::Cancels, Ty::Int, true),
        ("rejects", ViewField::Rejects, Ty::Int, true),
    ];

    /// Its name in the language.
    pub fn name(self) -> &'static str {
        ViewField::ALL[self as usize].0
    }
}
