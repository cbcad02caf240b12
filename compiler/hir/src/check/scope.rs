//! What names mean where.

use std::collections::BTreeMap;
use std::rc::Rc;

use gbc_core::MarketId;
use gbc_diagnostics::Span;
use gbc_syntax::ast;

use super::prev::Last;
use crate::{ClockId, ExprId};

/// Whose file: the program's own, that of a library by its number, or the standard library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    Own,
    Library(usize),
    Std,
}

/// What a name of the file stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Global {
    Market(MarketId),
    Param(usize),
    Let(usize),
    State(usize),
    Fn(Owner, usize),
    Enum(usize),
    /// An arm: of which enum, and which.
    Arm(usize, usize),
    /// An arm of several enums.
    SharedArm,
    /// A kind of record.
    Record(usize),
    Clock(ClockId),
    Session(usize),
    /// Its definition was wrong, and that has been said.
    Broken,
    Universe(usize),
    Features(usize),
    Label(usize),
    Model(usize),
}

/// What an expression of the text stands for: a value, or a thing that has members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Operand {
    Value(ExprId),
    Market(MarketId),
    Quotes(MarketId),
    Trades(MarketId),
    Series(usize),
    Universe(usize),
    /// A bundle of operands, each field with its name.
    Record(usize),
    /// The forming bar of a series.
    Forming(usize),
    /// Our own resting order in a market.
    Mine {
        market: MarketId,
        bid: bool,
    },
    /// The best levels of a market's book.
    Book {
        market: MarketId,
        levels: u8,
    },
    /// A timer, or the opening or close of a session.
    Clock(ClockId),
    Session(usize),
    /// The start of a session: so long from its opening on.
    First {
        session: usize,
        length: ExprId,
    },
    /// An enum.
    Enum(usize),
    /// A stream with some events left out, by its number among the checker's filters.
    Filtered(usize),
    /// The life of a market's position.
    Life(MarketId),
    /// A span of time and the length of its panes.
    Panes(ExprId, ExprId),
    /// Something was wrong and has been said.
    Unknown,
}

impl Operand {
    /// What people call it.
    pub(super) fn what(self) -> &'static str {
        match self {
            Operand::Value(_) | Operand::Unknown => "a value",
            Operand::Market(_) => "a market",
            Operand::Quotes(_) => "a market's quotes",
            Operand::Trades(_) => "a market's trades",
            Operand::Series(_) => "a bar series",
            Operand::Universe(_) => "a universe",
            Operand::Record(_) => "a record",
            Operand::Forming(_) => "a forming bar",
            Operand::Enum(_) => "an enum",
            Operand::Filtered(_) => "a stream of events",
            Operand::Panes(..) => "a span of time",
            Operand::Mine { .. } => "our own order",
            Operand::Book { .. } => "a book",
            Operand::Clock(_) => "a clock",
            Operand::Session(_) => "a session",
            Operand::Life(_) => "the life of a position",
            Operand::First { .. } => "the start of a session",
        }
    }
}

/// Where an expression stands.
#[derive(Clone)]
pub(super) struct Scope<'a> {
    /// Whose expressions these are.
    pub(super) file: &'a ast::File,
    pub(super) owner: Owner,
    /// Inputs and local equations.
    pub(super) names: BTreeMap<String, Operand>,
    /// The stream whose fields are names here, inside a filter.
    pub(super) event: Option<Operand>,
    /// What `prev` reads.
    pub(super) prev: Option<Rc<Last>>,
    /// The clock that the equation names.
    pub(super) at: Option<ClockId>,
    /// That clock's name in the text.
    pub(super) at_name: Option<&'a str>,
    /// The call to blame for what goes wrong inside a library.
    pub(super) blame: Option<Span>,
    /// Why nothing may remember here: "a branch", "a handler".
    pub(super) forgetful: Option<&'static str>,
    /// The call that brought a function where nothing may remember; it is to blame, not the function.
    pub(super) forgetful_call: Option<Span>,
    /// Whether this is an `expect`.
    pub(super) in_test: bool,
    /// Whether this is a label, which may read the future.
    pub(super) in_label: bool,
    /// The item, for repairs that add a line before it.
    pub(super) item: Span,
    /// Whether this is a function that nothing calls: its inputs are of unknown kinds.
    pub(super) alone: bool,
    /// Functions being expanded, outermost first.
    pub(super) calls: Vec<String>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(file: &'a ast::File, item: Span) -> Scope<'a> {
        Scope {
            file,
            owner: Owner::Own,
            names: BTreeMap::new(),
            event: None,
            prev: None,
            at: None,
            at_name: None,
            blame: None,
            forgetful: None,
            forgetful_call: None,
            in_test: false,
            in_label: false,
            item,
            alone: false,
            calls: Vec::new(),
        }
    }

    /// The same, where nothing may remember.
    pub(super) fn forgetful(&self, place: &'static str) -> Scope<'a> {
        Scope { forgetful: Some(self.forgetful.unwrap_or(place)), ..self.clone() }
    }

    /// The place to show for an expression.
    pub(super) fn span(&self, id: ast::ExprId) -> Span {
        self.blame.unwrap_or(self.file.expr(id).span)
    }

    /// The place to show for a part of the text.
    pub(super) fn shown(&self, span: Span) -> Span {
        self.blame.unwrap_or(span)
    }
}
