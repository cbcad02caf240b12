//! What a file says of orders: trades, quotes, limits, and the statements of rules.

#![allow(missing_docs, reason = "the example above each variant names its fields")]

use gbc_diagnostics::Span;

use super::{ExprId, Name};

/// `trade es long { … }`
#[derive(Clone, Debug)]
pub struct Trade {
    /// What is traded.
    pub market: Name,
    /// `long` or `short`.
    pub direction: Direction,
    /// Its clauses in order, each with its place.
    pub clauses: Vec<(Clause, Span)>,
}

/// Which way a trade goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Buys first.
    Long,
    /// Sells first.
    Short,
}

/// A clause of a trade.
#[derive(Clone, Debug)]
pub enum Clause {
    /// `enter limit at q.bid when c`
    Enter { price: Option<Priced>, condition: Option<Condition> },
    /// `size 2`
    Size(ExprId),
    /// `stop 2 * vol`, `stop at lo - 1 tick`
    Stop { at: bool, value: ExprId },
    /// `take reward * R`, `take at hi`
    Take { at: bool, value: ExprId },
    /// `trail d after d`
    Trail { distance: ExprId, after: ExprId },
    /// `exit when c`
    ExitWhen(ExprId),
    /// `exit after 45m`
    ExitAfter(ExprId),
    /// `add 1 every 2 * vol up to 4`
    Add { size: ExprId, every: ExprId, most: ExprId },
    /// `at most 1 per es.rth`
    AtMost { count: ExprId, per: ExprId },
    /// `cooldown 10m after loss`
    Cooldown { span: ExprId, after_loss: bool },
    /// `cancel after 2s`
    CancelAfter(ExprId),
    /// `via twap(10m, every 30s)`
    Via(Via),
}

/// `limit at p`, `stop at p`
#[derive(Clone, Copy, Debug)]
pub struct Priced {
    /// Whether it is a stop rather than a limit.
    pub stop: bool,
    /// The price.
    pub at: ExprId,
}

/// `when c`, `while c`
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    /// Whether it holds as long as the condition does, rather than from its edge on.
    pub level: bool,
    /// The condition.
    pub value: ExprId,
}

/// `via limit(rest 2s, then market)`
#[derive(Clone, Debug)]
pub struct Via {
    /// The style's name.
    pub style: Name,
    /// What it takes.
    pub args: Vec<ViaArg>,
}

/// What an execution style takes.
#[derive(Clone, Debug)]
pub enum ViaArg {
    /// `10m`
    Plain(ExprId),
    /// `every 30s`
    Every(ExprId),
    /// `rest 2s`
    Rest(ExprId),
    /// `then market`
    Then(Name),
}

/// `quote m { … }`
#[derive(Clone, Debug)]
pub struct Quote {
    /// What is quoted.
    pub market: Name,
    /// Its clauses in order, each with its place.
    pub clauses: Vec<(Quoting, Span)>,
}

/// A clause of a quote.
#[derive(Clone, Debug)]
pub enum Quoting {
    /// `bid clip at p while c`, `ask …`
    Side { bid: bool, size: ExprId, at: ExprId, condition: Option<Condition> },
    /// `levels 3 apart 2 ticks`
    Levels { count: ExprId, apart: ExprId },
    /// `post_only`
    PostOnly,
    /// `keep while queue < 30% and drift <= 2 ticks`
    Keep(ExprId),
    /// `rest at least 50ms`
    Rest(ExprId),
    /// `rate at most 20 per 1s`
    Rate { count: ExprId, per: ExprId },
}

/// A line of `risk { … }`.
#[derive(Clone, Debug)]
pub enum Limit {
    /// `max position 12 lots`, `max loss 500 usd per day then halt for day`
    Max { of: Limited, value: ExprId, per: Option<ExprId>, action: Option<Action> },
    /// `flat by 15:55 in es.rth`
    FlatBy { time_ns: i64, session: Option<ExprId> },
    /// `flat when c`
    FlatWhen(ExprId),
}

/// What a limit limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limited {
    /// Open quantity, with all that is on its way.
    Position,
    /// The quantity of one order.
    OrderSize,
    /// Money lost.
    Loss,
    /// The fall from the highest equity.
    Drawdown,
    /// How many orders are sent.
    Orders,
    /// How long one leg may wait for the other.
    LegGap,
}

/// What a limit does once it is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// `then halt for day`
    Halt { span: Option<ExprId> },
    /// `then flat`
    Flat,
}

/// A statement of a rule.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it does.
    pub kind: StatementKind,
    /// Where it stands.
    pub span: Span,
}

/// What a statement does.
#[derive(Clone, Debug)]
pub enum StatementKind {
    /// `name = value`
    Assign(Assign),
    /// `if c { … } else { … }`
    If { condition: ExprId, then: Vec<Statement>, otherwise: Vec<Statement> },
    /// `send buy 2 es limit at p as entry`
    Send(Send),
    /// `cancel entry`
    Cancel(Name),
    /// `export x as "edge"`
    Export { value: ExprId, label: String },
    /// `plot x as "edge"`
    Plot { value: ExprId, label: Option<String> },
}

/// `name = value` in a rule.
#[derive(Clone, Debug)]
pub struct Assign {
    /// The state assigned to.
    pub name: Name,
    /// Its new value.
    pub value: ExprId,
}

/// An order by hand.
#[derive(Clone, Debug)]
pub struct Send {
    /// Whether it buys.
    pub buy: bool,
    /// How much.
    pub size: ExprId,
    /// Of which market.
    pub market: Name,
    /// Its prices.
    pub prices: Vec<Priced>,
    /// How long it lasts.
    pub in_force: Vec<InForce>,
    /// What it is called afterwards.
    pub name: Option<Name>,
}

/// How long an order lasts, and whether it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InForce {
    /// At once, and what is left is cancelled.
    Ioc,
    /// At once and whole, or not at all.
    Fok,
    /// Never as a taker.
    PostOnly,
    /// Until the session ends.
    Day,
}
