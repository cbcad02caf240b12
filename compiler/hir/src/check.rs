//! The check itself: items first, then values on demand, so that the order of definitions does not matter.

mod account;
mod again;
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
mod play;
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
mod trace;
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
use again::Again;
pub use again::Before;
use scope::{Global, Operand, Owner};
pub use trace::Traces;
use trace::{Recorder, Step};

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
    let (program, diagnostics, _) = check_whole(text, file, loader, Memory::None);
    (program, diagnostics)
}

/// The same for a file that will be edited: what was checked, and how, is kept for the next check. Items that neither
/// changed since the one before nor read what changed are taken over; what comes out is what a new start gives.
pub fn check_again(
    text: &str,
    file: &ast::File,
    loader: &Loader<'_>,
    before: Option<Before<'_>>,
) -> (Program, Diagnostics, Traces) {
    check_whole(text, file, loader, Memory::Kept(before))
}

/// Whether a check is remembered, and what is known from the one before.
#[derive(Clone, Copy)]
enum Memory<'a> {
    None,
    Kept(Option<Before<'a>>),
}

fn check_whole(
    text: &str,
    file: &ast::File,
    loader: &Loader<'_>,
    memory: Memory<'_>,
) -> (Program, Diagnostics, Traces) {
    let mut libraries = Libraries::new(loader);
    let (uses, wrong) = libraries.of(file);
    let met = versions::meeting(file, &uses, &libraries.read);
    let sources = libraries.sources(&uses);
    let memory = match memory {
        Memory::Kept(Some(before)) if sources != before.program.libraries => Memory::Kept(None),
        memory => memory,
    };
    let (mut program, mut diagnostics, traces) = check_file(text, file, &libraries.read, &uses, memory);
    wrong.into_iter().chain(met).for_each(|diagnostic| diagnostics.push(diagnostic));
    program.uses = uses.iter().map(|used| libraries.name_of(*used)).collect();
    program.libraries = sources;
    (program, diagnostics, traces)
}

/// Checks a file among libraries that have been checked.
pub(crate) fn check_among(
    text: &str,
    file: &ast::File,
    libraries: &[Library],
    uses: &[Used],
) -> (Program, Diagnostics) {
    let (program, diagnostics, _) = check_file(text, file, libraries, uses, Memory::None);
    (program, diagnostics)
}

fn check_file(
    text: &str,
    file: &ast::File,
    libraries: &[Library],
    uses: &[Used],
    memory: Memory<'_>,
) -> (Program, Diagnostics, Traces) {
    if let Memory::Kept(Some(before)) = memory
        && let Some(again) = Again::new(text, file, before)
    {
        let mut checker = Checker::new(text, file, libraries, uses);
        checker.again = Some(again);
        if let Some(found) = checker.run(true) {
            return found;
        }
    }
    let kept = matches!(memory, Memory::Kept(_));
    Checker::new(text, file, libraries, uses).run(kept).expect("a new start needs nothing from before")
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
    /// One expansion per function and inputs: its index among the calls of `traces`.
    instances: BTreeMap<InstanceKey, usize>,
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
    recorder: Recorder,
    /// What this check leaves for the next.
    traces: Traces,
    /// What the check before has left for this one.
    again: Option<Again<'a>>,
}

/// What the names of the file stand for, and where each is defined.
type Globals = BTreeMap<String, (Global, Span)>;

/// Function, inputs, the clock of the equation, and whether it stands where nothing may remember.
type InstanceKey = (Owner, usize, Vec<Operand>, Option<ClockId>, bool);

/// An equation on its way from text to value.
struct Let<'a> {
    /// The index of its item.
    at: usize,
    name: &'a ast::Name,
    clock: Option<&'a ast::OnClock>,
    value: ast::ExprId,
    item: Span,
    found: Option<Operand>,
    /// The cells of its last value, and their types as far as known, if its own circle reads its past.
    past: Option<prev::Last>,
    /// Whether it is checked with others, or more than once.
    in_circle: bool,
}

impl<'a> Let<'a> {
    fn new(at: usize, name: &'a ast::Name, clock: Option<&'a ast::OnClock>, value: ast::ExprId, item: Span) -> Let<'a> {
        Let { at, name, clock, value, item, found: None, past: None, in_circle: false }
    }
}

impl<'a> Checker<'a> {
    fn new(text: &'a str, file: &'a ast::File, libraries: &'a [Library], uses: &'a [Used]) -> Checker<'a> {
        Checker {
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
            recorder: Recorder::default(),
            traces: Traces::default(),
            again: None,
        }
    }

    /// Checks the file; `None` if it could not be done from what was left.
    fn run(mut self, kept: bool) -> Option<(Program, Diagnostics, Traces)> {
        self.recorder.on = kept;
        self.traces.items.resize_with(if kept { self.user.items.len() } else { 0 }, || None);
        self.program.text = self.text.to_owned();
        self.names_of_libraries();
        self.apart(Checker::file);
        if self.again.as_ref().is_some_and(Again::lost) {
            return None;
        }
        let mut diagnostics = Diagnostics::default();
        self.settled.into_iter().for_each(|diagnostic| diagnostics.push(diagnostic));
        if kept {
            self.traces.lets = self.lets.iter().map(|item| (item.at, item.found)).collect();
            self.traces.filters = self.filters;
            self.traces.records = self.records;
        }
        Some((self.program, diagnostics, self.traces))
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
        self.recorder.settled += own.len();
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
        self.recorder.expr(id);
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
        let id = ClockId(index.min(MAX_CLOCKS - 1) as u8);
        self.recorder.note(Step::Clock(id));
        id
    }

    fn new_cell(&mut self) -> CellId {
        self.program.cells += 1;
        let cell = CellId(self.program.cells as u32 - 1);
        self.recorder.note(Step::Cell(cell));
        cell
    }

    /// The program's parameters at their own values.
    fn defaults(&self) -> Vec<Value> {
        self.program.params.iter().map(|param| param.default).collect()
    }
}
