//! The typed view of a file: items, and expressions in one arena.

#![allow(missing_docs, reason = "the example above each variant names its fields")]

use gbc_diagnostics::Span;

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
    /// `market es = "ES.c.0"`
    Market { name: Name, symbol: Option<String> },
    /// `param fast = 10 in 5..30 step 1 "label"`
    Param { name: Name, default: ExprId, range: Option<Range>, label: Option<String> },
    /// `require fast < slow`
    Require { condition: ExprId },
    /// `let name @ clock = value`
    Let { name: Name, clock: Option<Name>, value: ExprId },
    /// `state name = value`
    State { name: Name, value: ExprId },
    /// `fn name(inputs) { … }`
    Fn(Function),
    /// `target market = value`
    Target { market: Name, value: ExprId },
    /// `when condition { name = value … }`
    When { condition: ExprId, body: Vec<Assign> },
    /// `test "name" { … }`
    Test(Test),
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
    pub locals: Vec<(Name, ExprId)>,
    /// Its result.
    pub result: ExprId,
}

/// `name = value` in a rule.
#[derive(Clone, Debug)]
pub struct Assign {
    /// The state assigned to.
    pub name: Name,
    /// Its new value.
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
}

/// What follows a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Ticks of a market.
    Ticks,
    /// Lots: a plain number.
    Lots,
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
