//! The check itself: items first, then values on demand, so that the order of definitions does not matter.

mod account;
mod call;
mod clocks;
mod enums;
mod exports;
mod expr;
mod filters;
mod handlers;
mod inputs;
mod items;
mod learning;
mod member;
mod memory;
mod order;
mod orders;
mod pair_window;
mod params;
mod past;
mod prev;
mod quiet;
mod quote;
mod records;
mod risk;
mod scope;
mod sends;
mod sessions;
mod since;
mod snap;
mod spans;
mod tests;
mod trade;
mod types;
mod units;
mod universe;
mod uses;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use gbc_diagnostics::{Diagnostic, Diagnostics, Span};
use gbc_syntax::ast;

use crate::libraries::{Libraries, Library, Loader, Used, no_files};
use crate::{CellId, Clock, ClockId, Expr, ExprId, ExprKind, Program, Ty, Value, errors, versions};
use scope::{Global, Operand, Owner};

/// No program may have more clocks than bits in a clock set, one bit being kept for the end of tests.
const MAX_CLOCKS: usize = 63;

/// No program may expand to more expressions than this.
const MAX_EXPRS: usize = 200_000;

/// The standard library, read once.
static STD: LazyLock<ast::File> = LazyLock::new(|| gbc_syntax::parse(gbc_stdlib::TA).file);

/// Checks names, types and units of a file read from `text`. The program is whole only if no message is an error.
pub fn check(text: &str, file: &ast::File) -> (Program, Diagnostics) {
    check_with(text, file, &no_files)
}

/// The same, with a way to find the libraries that the file uses.
pub fn check_with(text: &str, file: &ast::File, loader: &Loader<'_>) -> (Program, Diagnostics) {
    let mut libraries = Libraries::new(loader);
    let (uses, wrong) = libraries.of(file);
    let (mut program, mut diagnostics) = check_among(text, file, &libraries.read, &uses);
    let met = versions::meeting(file, &uses, &libraries.read);
    wrong.into_iter().chain(met).for_each(|diagnostic| diagnostics.push(diagnostic));
    program.uses = uses.iter().map(|used| libraries.name_of(*used)).collect();
    program.libraries = libraries.sources(&uses);
    (program, diagnostics)
}

/// Checks a file among libraries that have been checked.
pub(crate) fn check_among(
    text: &str,
    file: &ast::File,
    libraries: &[Library],
    uses: &[Used],
) -> (Program, Diagnostics) {
    let mut checker = Checker {
        text,
        user: file,
        std: &STD,
        libraries,
        uses,
        library_names: Vec::new(),
        program: Program::default(),
        diagnostics: Diagnostics::default(),
        settled: Vec::new(),
        globals: BTreeMap::new(),
        lets: Vec::new(),
        waiting: Vec::new(),
        instances: BTreeMap::new(),
        filters: Vec::new(),
        remember: BTreeMap::new(),
        plain_inputs: Vec::new(),
        unused: BTreeMap::new(),
        places: Vec::new(),
        bare_params: Vec::new(),
        resets: Vec::new(),
        inside: None,
        feature_blocks: Vec::new(),
        labels_named: Vec::new(),
        records: Vec::new(),
        kinds: Vec::new(),
    };
    checker.program.text = text.to_owned();
    checker.names_of_libraries();
    checker.apart(Checker::file);
    let mut diagnostics = Diagnostics::default();
    checker.settled.into_iter().for_each(|diagnostic| diagnostics.push(diagnostic));
    (checker.program, diagnostics)
}

struct Checker<'a> {
    text: &'a str,
    user: &'a ast::File,
    std: &'a ast::File,
    libraries: &'a [Library],
    /// What the `use` items of the file lead to.
    uses: &'a [Used],
    library_names: Vec<uses::Names>,
    program: Program,
    /// Messages of the body at hand; a second pass over it replaces them.
    diagnostics: Diagnostics,
    /// Messages that stand, each once.
    settled: Vec<Diagnostic>,
    globals: Globals,
    lets: Vec<Let<'a>>,
    /// Equations being checked, innermost last: a second visit closes a circle.
    waiting: Vec<usize>,
    /// One expansion per function and inputs.
    instances: BTreeMap<InstanceKey, Operand>,
    /// Streams with some events left out.
    filters: Vec<filters::Filter>,
    /// Whether a function remembers, as far as anybody asked.
    remember: BTreeMap<(Owner, usize), bool>,
    /// Parameters, constants and values of feeds that functions were given, each once.
    plain_inputs: Vec<ExprId>,
    /// Names nobody has read yet.
    unused: BTreeMap<String, Span>,
    /// Where the operands at hand are read: a name's value stands elsewhere, where it is defined.
    places: Vec<(ExprId, Span)>,
    /// Parameters made of plain numbers, which agree with any unit; percentages do not.
    bare_params: Vec<bool>,
    /// States, and the events that bring them back.
    resets: Vec<(usize, ast::ExprId)>,
    /// The `each` at hand.
    inside: Option<universe::Inside>,
    feature_blocks: Vec<learning::Block<'a>>,
    labels_named: Vec<&'a ast::Item>,
    /// Bundles of operands, each field with its name.
    records: Vec<records::Bundle>,
    /// The kinds of records that have a name.
    kinds: Vec<records::RecordKind<'a>>,
}

/// What the names of the file stand for, and where each is defined.
type Globals = BTreeMap<String, (Global, Span)>;

/// Function, inputs, the clock of the equation, and whether it stands where nothing may remember.
type InstanceKey = (Owner, usize, Vec<Operand>, Option<ClockId>, bool);

/// An equation on its way from text to value.
struct Let<'a> {
    name: &'a ast::Name,
    clock: Option<&'a ast::OnClock>,
    value: ast::ExprId,
    item: Span,
    found: Option<Operand>,
    /// The cell of its last value, and that value's type as far as known, if its own circle reads its past.
    past: Option<(CellId, Ty)>,
}

impl<'a> Let<'a> {
    fn new(name: &'a ast::Name, clock: Option<&'a ast::OnClock>, value: ast::ExprId, item: Span) -> Let<'a> {
        Let { name, clock, value, item, found: None, past: None }
    }
}

impl Checker<'_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Checks something whose messages stand whatever becomes of the body at hand.
    fn apart<T>(&mut self, check: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::take(&mut self.diagnostics);
        let result = check(self);
        let own = std::mem::replace(&mut self.diagnostics, outer);
        for diagnostic in own.in_order() {
            if self.settled.len() < Diagnostics::LIMIT && !self.settled.contains(diagnostic) {
                self.settled.push(diagnostic.clone());
            }
        }
        result
    }

    fn push(&mut self, kind: ExprKind, ty: Ty, span: Span) -> ExprId {
        self.push_bare(kind, ty, span, false)
    }

    fn push_bare(&mut self, kind: ExprKind, ty: Ty, span: Span, bare: bool) -> ExprId {
        if self.program.exprs.len() == MAX_EXPRS {
            self.report(errors::too_many("operations after functions are expanded", MAX_EXPRS, span));
        }
        let id = ExprId(self.program.exprs.len() as u32);
        self.program.exprs.push(Expr { kind, ty, span, bare });
        id
    }

    fn unknown(&mut self, span: Span) -> ExprId {
        self.push(ExprKind::Unknown, Ty::Unknown, span)
    }

    fn constant(&mut self, value: Value, span: Span) -> ExprId {
        let ty = match value {
            Value::Bool(_) => Ty::Bool,
            Value::Int(_) => Ty::Int,
            Value::Num(_) => Ty::NUM,
        };
        self.push_bare(ExprKind::Const(value), ty, span, true)
    }

    fn ty(&self, id: ExprId) -> Ty {
        self.program.expr(id).ty
    }

    fn span(&self, id: ExprId) -> Span {
        self.program.expr(id).span
    }

    /// Says where the operands of the check at hand stand.
    fn stand(&mut self, places: impl IntoIterator<Item = (ExprId, Span)>) {
        self.places = places.into_iter().collect();
    }

    /// Where an operand is read.
    fn place(&self, id: ExprId) -> Span {
        self.places.iter().find(|(known, _)| *known == id).map_or_else(|| self.span(id), |(_, span)| *span)
    }

    fn clock(&mut self, clock: Clock, at: Span) -> ClockId {
        let index = self.program.clocks.iter().position(|known| *known == clock).unwrap_or_else(|| {
            self.program.clocks.push(clock);
            self.program.clocks.len() - 1
        });
        if index >= MAX_CLOCKS {
            self.report(errors::too_many("feeds, bar series and timers", MAX_CLOCKS, at));
        }
        ClockId(index.min(MAX_CLOCKS - 1) as u8)
    }

    fn new_cell(&mut self) -> CellId {
        self.program.cells += 1;
        CellId(self.program.cells as u32 - 1)
    }

    /// The program's parameters at their own values.
    fn defaults(&self) -> Vec<Value> {
        self.program.params.iter().map(|param| param.default).collect()
    }
}
