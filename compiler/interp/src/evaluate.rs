//! One node: a line per operation, each calling what it means.

use gbc_core::arithmetic::{binary, to_num, unary};
use gbc_core::session::Calendar;
use gbc_core::window::{self, SpanKind};
use gbc_core::{Block, Fault, Instrument, NA, Nanos, News, View, bars};
use gbc_ir::{ClockSet, Op, Ty, ViewField};

use crate::steps::Step;
use crate::told;

/// What a node may look at beside the flat state.
pub(crate) struct Here<'a> {
    pub(crate) view: &'a View,
    /// The row at hand; none when a bar closes without one.
    pub(crate) row: Option<(&'a Block, usize)>,
    pub(crate) instruments: &'a [Instrument],
    /// Where each bar series lies in the flat state.
    pub(crate) series: &'a [usize],
    /// The sessions.
    pub(crate) calendars: &'a [Calendar],
    /// The news at hand, if that is the event.
    pub(crate) news: Option<&'a News>,
    /// The clocks that tick at this event.
    pub(crate) ticks: ClockSet,
    pub(crate) at: Nanos,
}

const TRUE: u64 = 1;
const FALSE: u64 = 0;
/// The moment at which something was last true, as long as it is.
const WHILE_TRUE: u64 = i64::MAX as u64;

/// Evaluates one node into its slot.
#[inline]
pub(crate) fn evaluate(step: &Step, slots: &mut [u64], here: &Here<'_>) -> Result<(), Fault> {
    slots[step.out] = value(step, slots, here).map_err(|broken| fault(step, here, broken))?;
    Ok(())
}

/// Why a node has no way to go on.
enum Broken {
    Overflow,
    FullWindow,
}

/// What a node is worth now.
fn value(step: &Step, slots: &mut [u64], here: &Here<'_>) -> Result<u64, Broken> {
    let [a, b, c] = step.args;
    let undefined = step.ty.undefined();
    let value = match step.op {
        Op::Const(bits) => bits,
        Op::Row(_, column) => here.row.map_or(undefined, |(block, row)| block.value(column, row) as u64),
        Op::Bar(_, series, field) => bar(slots, here.series[series], field),
        Op::Forming(_, series, field) => forming(slots, here.series[series], field),
        Op::Point(market) => here.instruments[market].point.times(1).to_bits(),
        Op::View(market, field) => view(here, market, field, undefined),
        Op::Life(market) => life(here, market),
        Op::Account(_) | Op::Mark(_) | Op::Risked(_) | Op::Queue(..) | Op::Drift(..) | Op::Mine(..) => {
            told::of_view(step.op, here).unwrap_or(undefined)
        }
        Op::News(_, field) => told::of_news(field, step.ty, here).unwrap_or(undefined),
        // Never in a run: such programs are refused when bound.
        Op::Told(_) => undefined,
        Op::Param(_) | Op::State(_) | Op::Prev(_) => slots[step.out],
        Op::Ticks(clock) => u64::from(here.ticks.0 & ClockSet::of(clock).0 != 0),
        Op::IsOpen(session) => u64::from(here.calendars[session].at(here.at).is_some()),
        Op::Age(_) => match slots[step.memory.start] as i64 {
            NA => undefined,
            last => (here.at.0 - last) as u64,
        },
        Op::LastTrue => match slots[a] {
            TRUE => WHILE_TRUE,
            FALSE if slots[step.out] == WHILE_TRUE => here.at.0 as u64,
            _ => slots[step.out],
        },
        Op::LastEvent => {
            if slots[a] != step.takes.undefined() {
                here.at.0 as u64
            } else {
                slots[step.out]
            }
        }
        Op::Since => match slots[a] {
            last if last == undefined => undefined,
            WHILE_TRUE => 0,
            last => (here.at.0 - last as i64) as u64,
        },
        Op::SinceOpen(session) => since_open(here, session),
        Op::Keep(_) => {
            if slots[a] != undefined {
                slots[a]
            } else {
                slots[step.out]
            }
        }
        Op::Sample => slots[a],
        Op::ToNum => to_num(slots[a]),
        Op::Points(market) => whole(slots[a], |ticks| here.instruments[market].tick.times(ticks)),
        Op::Lots(market) => whole(slots[a], |steps| here.instruments[market].lot.times(steps)),
        Op::Unary(op) => unary(op, step.takes.class(), slots[a]).ok_or(Broken::Overflow)?,
        Op::Binary(op) => binary(op, step.takes.class(), slots[a], slots[b]).ok_or(Broken::Overflow)?,
        Op::Select => match slots[a] {
            TRUE => slots[b],
            FALSE => slots[c],
            _ => undefined,
        },
        Op::Assign => {
            if slots[a] == TRUE && slots[b] != undefined {
                slots[b]
            } else {
                slots[c]
            }
        }
        Op::Else => {
            if slots[a] != undefined {
                slots[a]
            } else {
                slots[b]
            }
        }
        Op::Edge => edge(slots, step),
        Op::History => history(step, slots),
        Op::Window(kind) => {
            let x = f64::from_bits(slots[a]);
            if x.is_nan() { slots[step.out] } else { window::step(kind, &mut slots[step.memory.clone()], x).to_bits() }
        }
        Op::PairWindow(kind) => {
            let (x, y) = (f64::from_bits(slots[a]), f64::from_bits(slots[b]));
            if x.is_nan() || y.is_nan() {
                slots[step.out]
            } else {
                window::step_pair(kind, &mut slots[step.memory.clone()], x, y).to_bits()
            }
        }
        Op::Take(kind) => {
            let pair = matches!(kind, SpanKind::OfTwo(_));
            let (values, span) = ([slots[a], if pair { slots[b] } else { 0 }], slots[if pair { c } else { b }]);
            let missing = slots[a] == undefined || pair && slots[b] == undefined;
            let memory = &mut slots[step.memory.clone()];
            if !missing && !window::take(kind, memory, here.at, span as i64, values) {
                return Err(Broken::FullWindow);
            }
            values[0]
        }
        Op::Tell(kind) => {
            let span = slots[b] as i64;
            window::tell(kind, &mut slots[step.memory.clone()], here.at, span).unwrap_or(undefined)
        }
        Op::TakePanes(kind) => {
            let (taken, pane) = (slots[a], slots[c] as i64);
            if taken != undefined {
                window::take_in_pane(kind, &mut slots[step.memory.clone()], here.at, pane, f64::from_bits(taken));
            }
            taken
        }
        Op::TakeSession(kind, session) => {
            let (taken, lag, length) = (slots[a], slots[b] as i64, slots[c] as i64);
            let moment = Nanos(here.at.0.saturating_sub(lag));
            let counts = |opening: i64| length == 0 || moment.0 - opening < length;
            let opening = here.calendars[session].at(moment).map(|session| session.open.0).filter(|it| counts(*it));
            if let Some(opening) = opening.filter(|_| taken != undefined) {
                window::take_since(kind, &mut slots[step.memory.clone()], opening, f64::from_bits(taken));
            }
            taken
        }
        Op::TellSession(kind, session) => {
            let (lag, length) = (slots[b] as i64, slots[c] as i64);
            let now = here.calendars[session].at(Nanos(here.at.0.saturating_sub(lag)));
            let opening = now.map(|session| session.open.0);
            let over = opening.is_none_or(|opening| length == 0 || here.at.0 - opening >= length);
            let told = window::tell_since(kind, &slots[step.memory.clone()], opening);
            told.filter(|_| over).unwrap_or(undefined)
        }
        Op::TakeLife(kind) => {
            let (taken, life) = (slots[a], slots[b] as i64);
            if taken != undefined && life != NA {
                window::take_since(kind, &mut slots[step.memory.clone()], life, f64::from_bits(taken));
            }
            taken
        }
        Op::TellLife(kind) => match slots[b] as i64 {
            NA => undefined,
            life => window::tell_since(kind, &slots[step.memory.clone()], Some(life)).unwrap_or(undefined),
        },
        Op::TellPanes(kind) => {
            let pane = slots[b] as i64;
            window::tell_panes(kind, &mut slots[step.memory.clone()], here.at, pane).unwrap_or(undefined)
        }
    };
    Ok(value)
}

fn bar(slots: &[u64], start: usize, field: bars::BarField) -> u64 {
    bars::read(&slots[start..start + bars::SLOTS], field).unwrap_or(NA) as u64
}

fn forming(slots: &[u64], start: usize, field: bars::BarField) -> u64 {
    bars::read_forming(&slots[start..start + bars::SLOTS], field).unwrap_or(NA) as u64
}

fn since_open(here: &Here<'_>, session: usize) -> u64 {
    here.calendars[session].at(here.at).map_or(NA, |session| here.at.0 - session.open.0) as u64
}

fn view(here: &Here<'_>, market: usize, field: ViewField, undefined: u64) -> u64 {
    let Some(known) = here.view.markets.get(market) else { return undefined };
    match field {
        ViewField::Position => known.position as u64,
        ViewField::AvgPrice => gbc_core::maths::canonical(known.avg_price).to_bits(),
        ViewField::Orders => known.orders as u64,
        ViewField::Fills => known.fills as u64,
        ViewField::OpenPnl => gbc_core::maths::canonical(known.open_pnl).to_bits(),
        ViewField::Cancels => known.cancels as u64,
        ViewField::Rejects => known.rejects as u64,
    }
}

fn life(here: &Here<'_>, market: usize) -> u64 {
    match here.view.markets.get(market) {
        Some(known) if known.position != 0 => known.opened as u64,
        _ => NA as u64,
    }
}

/// A whole number through a function; what is undefined stays so.
fn whole(slot: u64, f: impl Fn(i64) -> f64) -> u64 {
    let value = if slot as i64 == NA { gbc_core::maths::UNDEFINED } else { f(slot as i64) };
    value.to_bits()
}

/// False to true; while undefined, the last defined value stands.
fn edge(slots: &mut [u64], step: &Step) -> u64 {
    let now = slots[step.args[0]];
    let last = &mut slots[step.memory.start];
    let fires = now == TRUE && *last == FALSE;
    if now != Ty::Bool.undefined() {
        *last = now;
    }
    u64::from(fires)
}

/// Steps on a defined value only; holds otherwise.
fn history(step: &Step, slots: &mut [u64]) -> u64 {
    let newest = slots[step.args[0]];
    if newest == step.ty.undefined() {
        return slots[step.out];
    }
    window::step_history(&mut slots[step.memory.clone()], newest).unwrap_or(step.ty.undefined())
}

#[cold]
fn fault(step: &Step, here: &Here<'_>, broken: Broken) -> Fault {
    let reason = match broken {
        Broken::Overflow => "a whole number left the range of 64 bits".to_owned(),
        Broken::FullWindow => format!(
            "more than {} events lie in this span; panes would hold any number: `10m by 1s`",
            window::MAX_SPAN_EVENTS
        ),
    };
    Fault { reason, start: step.span.start, end: step.span.end, at: here.at }
}
