//! From a checked program to a running strategy: parameters, instruments and what the feeds are made of.

use std::collections::BTreeSet;
use std::sync::Arc;

use gbc_core::bars::{BarField, Size, Source as BarSource};
use gbc_core::session::Hours;
use gbc_core::{Column, Instrument, Ratio};
use gbc_diagnostics::{Diagnostic, Severity};
use gbc_hir::{Clock, Series, Value};
use gbc_interp::Machine;
use gbc_ir::{Flow, Op, Question};

use crate::Checked;

/// A program ready to be played.
#[derive(Clone, Debug)]
pub struct Bound {
    /// Its flow.
    pub flow: Arc<Flow>,
    /// The interpreter over it.
    pub machine: Machine,
}

/// What is done to a flow between lowering and layout. Nobody may notice which, but tests ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passes {
    /// Nothing: it runs as it was lowered.
    None,
    /// Everything there is.
    All,
}

/// What a program needs of one market.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Its name in the source.
    pub name: String,
    /// The symbol it is fixed to, if it is.
    pub symbol: Option<String>,
    /// Whether it reads quotes.
    pub quotes: bool,
    /// Whether it reads trades.
    pub trades: bool,
    /// The lengths of the bars it reads.
    pub bars: Vec<i64>,
    /// Names of all columns it reads.
    pub columns: BTreeSet<&'static str>,
}

impl Checked {
    /// The flow of the strategy, or of one of its tests, as it was lowered. The program must be sound.
    pub fn flow(&self, test: Option<usize>) -> Flow {
        assert!(self.is_sound(), "only sound programs are lowered");
        self.lowered(test).expect("what is sound was lowered when it was checked")
    }

    fn lowered(&self, test: Option<usize>) -> Result<Flow, Box<Diagnostic>> {
        Ok(verified(gbc_ir::lower(&self.program, &self.facts, test)?))
    }

    /// Binds the strategy, or one of its tests. `sources` says for each market what its bars are made of.
    pub fn bind(
        &self,
        params: &[Value],
        instruments: Vec<Instrument>,
        sources: &[BarSource],
        test: Option<usize>,
    ) -> Result<Bound, Box<Diagnostic>> {
        self.bind_after(Passes::All, params, instruments, sources, test)
    }

    /// The same, by the choice of passes.
    pub fn bind_after(
        &self,
        passes: Passes,
        params: &[Value],
        instruments: Vec<Instrument>,
        sources: &[BarSource],
        test: Option<usize>,
    ) -> Result<Bound, Box<Diagnostic>> {
        self.can_run()?;
        self.prove_for(params)?;
        self.made(passes, params, instruments, sources, test)
    }

    /// Binds the strategy so that somebody can ask why it does what it does. It does the same.
    pub fn bind_asked(
        &self,
        params: &[Value],
        instruments: Vec<Instrument>,
        sources: &[BarSource],
    ) -> Result<(Bound, Vec<Question>), Box<Diagnostic>> {
        self.can_run()?;
        self.prove_for(params)?;
        let (lowered, questions) = gbc_ir::lower_asked(&self.program, &self.facts)?;
        let flow = verified(gbc_ir::optimize(&verified(lowered)));
        Ok((bound(flow, params, instruments, sources)?, questions))
    }

    /// Whether an engine of this version can run all that the program says; if not, what it cannot.
    pub fn can_run(&self) -> Result<(), Box<Diagnostic>> {
        let Some(first) = self.program.unsupported.first() else { return Ok(()) };
        let message = format!("`{}` is checked, but this version cannot run it", first.what);
        let diagnostic = Diagnostic::error("E0903", message, first.span, "no engine for it yet");
        let others: Vec<String> = self.cannot_run().iter().skip(1).map(|what| format!("`{what}`")).collect();
        let diagnostic = match others.as_slice() {
            [] if first.what == "via" => diagnostic.help("leave `via` out: the target then becomes one order at once"),
            [] => diagnostic.help("the page `docs/language.md` says what of it runs"),
            _ => diagnostic.help(format!("nor can it run {}", others.join(", "))),
        };
        Err(Box::new(diagnostic))
    }

    /// The words of what checks and cannot run, each once.
    pub fn cannot_run(&self) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for unsupported in &self.program.unsupported {
            if !words.contains(&unsupported.what) {
                words.push(unsupported.what.clone());
            }
        }
        words
    }

    fn made(
        &self,
        passes: Passes,
        params: &[Value],
        instruments: Vec<Instrument>,
        sources: &[BarSource],
        test: Option<usize>,
    ) -> Result<Bound, Box<Diagnostic>> {
        let lowered = self.lowered(test)?;
        let flow = match passes {
            Passes::None => lowered,
            Passes::All => verified(gbc_ir::optimize(&lowered)),
        };
        bound(flow, params, instruments, sources)
    }

    /// What is known of the program with these parameters.
    pub fn facts_for(&self, params: &[Value]) -> gbc_analysis::Facts {
        gbc_analysis::analyse(&self.program, params).0
    }

    /// What is proven holds for the ranges of parameters; one without a range is proven anew for another value.
    fn prove_for(&self, params: &[Value]) -> Result<(), Box<Diagnostic>> {
        let mut own = self.program.params.iter().zip(params);
        if own.all(|(param, value)| param.range.is_some() || param.default == *value) {
            return Ok(());
        }
        let (_, found) = gbc_analysis::analyse(&self.program, params);
        let error = found.in_order().into_iter().find(|found| found.severity == Severity::Error).cloned();
        error.map_or(Ok(()), |error| Err(Box::new(error)))
    }

    /// Binds the strategy to its own parameters and made-up instruments: what fails here fails everywhere.
    pub(crate) fn trial(&self) -> Result<Bound, Box<Diagnostic>> {
        let markets = &self.program.markets;
        let hours = Some(Hours::of_tests());
        let made_up = |name: &str| Instrument { hours: hours.clone(), ..Instrument::generic(name, Ratio::ONE) };
        let instruments = markets.iter().map(|market| made_up(&market.name)).collect();
        self.made(Passes::All, &self.defaults(), instruments, &vec![BarSource::Trades; markets.len()], None)
    }

    /// What the strategy needs of each market.
    pub fn needs(&self) -> Vec<Needs> {
        let markets = self.program.markets.iter();
        let mut needs: Vec<Needs> = markets
            .map(|market| Needs { name: market.name.clone(), symbol: market.symbol.clone(), ..Needs::default() })
            .collect();
        let flow = self.flow(None);
        for node in &flow.nodes {
            match node.op {
                Op::Row(clock, column) => note_row(&mut needs, flow.clocks[clock.0 as usize], column),
                Op::Bar(_, series, field) | Op::Forming(_, series, field) => {
                    let series = flow.series[series];
                    note_bar(&mut needs, series, field);
                }
                _ => {}
            }
        }
        // A clock may be named without a value being read.
        for clock in flow.nodes.iter().flat_map(|node| node.clocks.iter()).collect::<BTreeSet<_>>() {
            match flow.clocks[clock.0 as usize] {
                Clock::Quotes(market) => needs[market].quotes = true,
                Clock::Trades(market) => needs[market].trades = true,
                Clock::Any(_)
                | Clock::Timer(_)
                | Clock::Opens(_)
                | Clock::Closes(_)
                | Clock::Phase(_)
                | Clock::News => {}
                Clock::Bars(series) | Clock::Forming(series) => {
                    let series = flow.series[series];
                    note_series(&mut needs[series.market], series.size);
                }
            }
        }
        needs
    }
}

/// A flow over these parameters and instruments; if it cannot be bound, why.
fn bound(
    flow: Flow,
    params: &[Value],
    instruments: Vec<Instrument>,
    sources: &[BarSource],
) -> Result<Bound, Box<Diagnostic>> {
    let flow = Arc::new(flow);
    match Machine::new(flow.clone(), params, instruments, sources) {
        Ok(machine) => Ok(Bound { flow, machine }),
        Err(error) => {
            let remark = if error.code == "E0363" { "these bars" } else { "with these parameters" };
            let diagnostic = Diagnostic::error(error.code, error.reason, error.span, remark);
            let help = match error.code {
                "E0311" => "give the window a whole number from 1 up, and not a larger one than it needs",
                "E0353" => {
                    "give the instrument its trading hours: `hours = { open = \"09:30\", close = \"16:00\", zone = \"America/New_York\" }`"
                }
                "E0363" => "give the market finer bars, or trades; without a session, bars are taken as they come",
                "E0354" => "choose a time from its opening to its close, in the session's own zone",
                "E0351" => "choose a longer period",
                _ => "choose smaller numbers",
            };
            Err(Box::new(diagnostic.help(help)))
        }
    }
}

/// The flow, held against the promises of every flow.
fn verified(flow: Flow) -> Flow {
    gbc_ir::verify(&flow).unwrap_or_else(|broken| panic!("the flow breaks a promise: {broken:?}"));
    flow
}

fn note_row(needs: &mut [Needs], clock: Clock, column: Column) {
    if let Clock::Quotes(market) | Clock::Trades(market) = clock {
        needs[market].columns.insert(column.name());
    }
}

fn note_bar(needs: &mut [Needs], series: Series, field: BarField) {
    let needs = &mut needs[series.market];
    note_series(needs, series.size);
    if let Size::Time(_) = series.size {
        needs.columns.insert(field.name());
    }
}

/// Bars that do not go by time are made of trades.
fn note_series(needs: &mut Needs, size: Size) {
    match size {
        Size::Time(span_ns) => note_span(needs, span_ns),
        _ => {
            needs.trades = true;
            needs.columns.extend([Column::Px.name(), Column::Sz.name()]);
        }
    }
}

fn note_span(needs: &mut Needs, span_ns: i64) {
    if !needs.bars.contains(&span_ns) {
        needs.bars.push(span_ns);
        needs.bars.sort_unstable();
    }
}
