//! The typed view of a file: items, and expressions in one arena.

#![allow(missing_docs, reason = "the example above each variant names its fields")]

mod orders;
mod parts;
mod shift;

use gbc_diagnostics::Span;

pub(crate) use shift::Shift;

pub use orders::{
    Action, Assign, Clause, Condition, Direction, InForce, Limit, Limited, Priced, Quote, Quoting, Send, Statement,
    StatementKind, Trade, Via, ViaArg,
};

/// A file.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// Its items in the order of the text, broken ones left out.
    pub items: Vec<Item>,
    /// All expressions; parts come before wholes.
    pub exprs: Vec<Expr>,
}

impl File {
    /// An expression.
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }
}

/// Index of an expression in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExprId(pub u32);

/// A name where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// An item.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// From its keyword to its last token.
    pub span: Span,
    /// The `///` lines above it, or after it on its line.
    pub doc: String,
}

/// What an item is.
#[derive(Clone, Debug)]
pub enum ItemKind {
    /// `strategy Name "title"`
    Strategy { name: Name, title: Option<String> },
    /// `library Name "title"`
    Library { name: Name, title: Option<String> },
    /// `use std/flow { ofi }`
    Use { path: Name, imports: Vec<Import> },
    /// `market es = "ES.c.0"`
    Market { name: Name, symbol: Option<String> },
    /// `universe u max 512`
    Universe { name: Name, max: Option<ExprId> },
    /// `roll u by volume adjust ratio`
    Roll { universe: Name, by: Name, count: Option<ExprId>, adjust: Option<Name> },
    /// `session day = 09:30..16:00 in "America/New_York"`
    Session { name: Name, open_ns: i64, close_ns: i64, zone: Option<(String, Span)> },
    /// `clock s = every 1s`
    Clock { name: Name, timing: Timing },
    /// `param fast = 10 in 5..30 step 1 "label"`
    Param { name: Name, default: ExprId, range: Option<Range>, label: Option<String> },
    /// `require fast < slow`
    Require { condition: ExprId },
    /// `let name @ clock = value`
    Let { name: Name, clock: Option<OnClock>, value: ExprId },
    /// `state name = value reset at es.rth.open`
    State { name: Name, value: ExprId, reset: Option<ExprId> },
    /// `pub enum Phase { Watch, Armed }`
    Enum { public: bool, name: Name, arms: Vec<Name> },
    /// `pub record Band { top: price, bottom: price }`
    Record { public: bool, name: Name, fields: Vec<(Name, Option<Name>)> },
    /// `fn name(inputs) { … }`
    Fn(Function),
    /// `features fx @ s { a = 1 }`
    Features { name: Name, clock: OnClock, fields: Vec<(Name, ExprId)> },
    /// `label y = future(es.mid, 5s) / es.mid - 1`
    Label { name: Name, value: ExprId },
    /// `model alpha = onnx "x.onnx" -> (up: float, down: float)`
    Model(Model),
    /// `target market @ clock = value`
    Target { market: Name, clock: Option<OnClock>, value: ExprId, via: Option<Via> },
    /// `weight market @ clock = value`
    Weight { market: Name, clock: Option<OnClock>, value: ExprId },
    /// `trade es long { … }`
    Trade(Trade),
    /// `quote es { … }`
    Quote(Quote),
    /// `risk { … }`
    Risk { limits: Vec<(Limit, Span)> },
    /// `each m in u { … }`
    Each { name: Name, universe: Name, items: Vec<Item> },
    /// `when condition { … }`
    When { condition: ExprId, body: Vec<Statement> },
    /// `on es.trade as t if c { … }`
    On { event: Event, name: Option<Name>, condition: Option<ExprId>, body: Vec<Statement> },
    /// `every 1s { … }`, `at 15:45 in es.rth { … }`
    Timer { timing: Timing, body: Vec<Statement> },
    /// `plot x as "x"`
    Plot { value: ExprId, label: Option<String> },
    /// `export x as "x"`
    Export { value: ExprId, label: String },
    /// `test "name" { … }`
    Test(Test),
}

impl ItemKind {
    /// The word that starts it.
    pub fn word(&self) -> &'static str {
        match self {
            ItemKind::Strategy { .. } => "strategy",
            ItemKind::Library { .. } => "library",
            ItemKind::Use { .. } => "use",
            ItemKind::Market { .. } => "market",
            ItemKind::Universe { .. } => "universe",
            ItemKind::Roll { .. } => "roll",
            ItemKind::Session { .. } => "session",
            ItemKind::Clock { .. } => "clock",
            ItemKind::Param { .. } => "param",
            ItemKind::Require { .. } => "require",
            ItemKind::Let { .. } => "let",
            ItemKind::State { .. } => "state",
            ItemKind::Enum { .. } => "enum",
            ItemKind::Record { .. } => "record",
            ItemKind::Fn(_) => "fn",
            ItemKind::Features { .. } => "features",
            ItemKind::Label { .. } => "label",
            ItemKind::Model(_) => "model",
            ItemKind::Target { .. } => "target",
            ItemKind::Weight { .. } => "weight",
            ItemKind::Trade(_) => "trade",
            ItemKind::Quote(_) => "quote",
            ItemKind::Risk { .. } => "risk",
            ItemKind::Each { .. } => "each",
            ItemKind::When { .. } => "when",
            ItemKind::On { .. } => "on",
            ItemKind::Timer { timing: Timing { kind: TimingKind::Every(_), .. }, .. } => "every",
            ItemKind::Timer { .. } => "at",
            ItemKind::Plot { .. } => "plot",
            ItemKind::Export { .. } => "export",
            ItemKind::Test(_) => "test",
        }
    }
}

/// A name taken from a library, and what it is called here.
#[derive(Clone, Debug)]
pub struct Import {
    /// Its name there.
    pub name: Name,
    /// Its name here, where it is another.
    pub alias: Option<Name>,
}

/// What is written behind `@`.
#[derive(Clone, Debug)]
pub enum OnClock {
    /// `@ s`
    Named(Name),
    /// `@ every 1s`
    Timing(Timing),
}

/// When a timer fires.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// How.
    pub kind: TimingKind,
    /// Where it stands.
    pub span: Span,
}

/// How a timer is set.
#[derive(Clone, Copy, Debug)]
pub enum TimingKind {
    /// `every 1s`
    Every(ExprId),
    /// `at 15:45 in es.rth on month.first_day`
    At { moment: ExprId, session: Option<ExprId>, on: Option<ExprId> },
}

/// What an `on` rule waits for.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// `order rejected`
    Rejected(Span),
    /// `fill`, `es.trade`, `es.rth.open`
    Of(ExprId),
}

/// A trained model.
#[derive(Clone, Debug)]
pub struct Model {
    /// Its name.
    pub name: Name,
    /// `onnx` or `gbdt`.
    pub format: Name,
    /// Where its file is, and where that is written.
    pub file: (String, Span),
    /// What it gives.
    pub outputs: Vec<(Name, Option<Name>)>,
    /// The day up to which it was trained: year, month, day.
    pub trained_until: Option<(i16, i8, i8)>,
}

/// The values a parameter may take.
#[derive(Clone, Debug)]
pub enum Range {
    /// `5..30 step 1`
    Span { from: ExprId, to: ExprId, step: Option<ExprId> },
    /// `{1, 2, 5}`
    List(Vec<ExprId>),
}

/// A function.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: Name,
    /// Whether other files may use it.
    pub public: bool,
    /// Its inputs, with a type where one is written.
    pub inputs: Vec<(Name, Option<Name>)>,
    /// The type of its result, where one is written.
    pub gives: Option<Name>,
    /// The equations of its body.
    pub locals: Vec<Local>,
    /// Its result.
    pub result: ExprId,
}

/// An equation in a function.
#[derive(Clone, Debug)]
pub struct Local {
    /// Its name.
    pub name: Name,
    /// The clock it names.
    pub clock: Option<OnClock>,
    /// Its value.
    pub value: ExprId,
}

/// A test.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// What it consists of, in order.
    pub steps: Vec<TestStep>,
}

/// A line of a test.
#[derive(Clone, Debug)]
pub enum TestStep {
    /// `with half = 0.5`
    With(Name, ExprId),
    /// `bars nq 1m : 100 101`
    Bars { market: Name, span_ns: i64, closes: Vec<Decimal> },
    /// `feed m { … }`
    Feed { market: Name, rows: Vec<FeedRow> },
    /// `expect m.orders == 0`
    Expect(ExprId),
}

/// A row of a test's feed.
#[derive(Clone, Debug)]
pub struct FeedRow {
    /// Nanoseconds since midnight.
    pub time_ns: i64,
    /// Where it stands.
    pub span: Span,
    /// What happens.
    pub event: FeedEvent,
}

/// What happens in a row of a test's feed; each level is a price and a size.
#[derive(Clone, Debug)]
pub enum FeedEvent {
    /// The best bid and ask.
    Quote { bid: (Decimal, Decimal), ask: (Decimal, Decimal) },
    /// A trade.
    Trade { price: Decimal, size: Decimal },
}

/// A number as written.
#[derive(Clone, Debug)]
pub struct Decimal {
    /// Its value.
    pub value: f64,
    /// Where it stands.
    pub span: Span,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
    /// How many operations deep it is.
    pub depth: u16,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `12`
    Int(i64),
    /// `0.25`
    Float(f64),
    /// `true`
    Bool(bool),
    /// `"text"`
    Text(String),
    /// `15m`, in nanoseconds
    Duration(i64),
    /// `15:45`, in nanoseconds since midnight
    Moment(i64),
    /// `2%`, as a fraction
    Percent(f64),
    /// `4 ticks`
    Measure { value: f64, unit: Unit },
    /// A name.
    Name(String),
    /// `prev`
    Prev,
    /// `-x`, `not x`
    Unary { op: UnaryOp, value: ExprId },
    /// `a + b`
    Binary { op: BinaryOp, left: ExprId, right: ExprId },
    /// `if c { a } else { b }`
    If { condition: ExprId, then: ExprId, otherwise: ExprId },
    /// `f(a, b)`
    Call { callee: ExprId, args: Vec<ExprId> },
    /// `x[n]`
    Index { base: ExprId, index: ExprId },
    /// `b.close`
    Member { base: ExprId, name: Name },
    /// `(top = a, bottom = b)`
    Record(Vec<(Name, ExprId)>),
    /// `top = a` among the inputs of a call
    Named { name: Name, value: ExprId },
    /// `es.bars(1m) in es.rth`; `in u` alone among the inputs of a call
    In { value: Option<ExprId>, place: ExprId },
    /// `es.trades where size >= 50`
    Where { value: ExprId, condition: ExprId },
    /// `500ms by 10ms`
    By { span: ExprId, pane: ExprId },
    /// `range 8 ticks` among the inputs of `bars`
    BarRange(ExprId),
}

/// What follows a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Ticks of a market.
    Ticks,
    /// Lots: a plain number.
    Lots,
    /// Trades, of which bars are made.
    Trades,
    /// Hundredths of a percent.
    Bps,
    /// An amount of money.
    Money,
}

/// An operator with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Neg,
    /// `not`
    Not,
}

/// An operator with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `else`: the right where the left is undefined
    Else,
    /// `or`
    Or,
    /// `and`
    And,
    /// `crosses above`
    CrossesAbove,
    /// `crosses below`
    CrossesBelow,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `div`
    FloorDiv,
    /// `mod`
    Mod,
}

impl BinaryOp {
    /// As it is written.
    pub fn text(self) -> &'static str {
        match self {
            BinaryOp::Else => "else",
            BinaryOp::Or => "or",
            BinaryOp::And => "and",
            BinaryOp::CrossesAbove => "crosses above",
            BinaryOp::CrossesBelow => "crosses below",
            BinaryOp::Eq => "==",
            BinaryOp::Ne => "!=",
            BinaryOp::Lt => "<",
            BinaryOp::Le => "<=",
            BinaryOp::Gt => ">",
            BinaryOp::Ge => ">=",
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::FloorDiv => "div",
            BinaryOp::Mod => "mod",
        }
    }
}
