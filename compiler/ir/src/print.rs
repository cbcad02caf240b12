//! The flow as text, one node a line with all it is known by. `read` takes it back.

use std::fmt::Write;

use gbc_analysis::ClockSet;
use gbc_core::bars::Size;
use gbc_core::time::{moment_text, span_text};
use gbc_diagnostics::Span;
use gbc_hir::{Clock, Series, SessionHours, at_text, series_text};

use crate::flow::{Flow, Node, NodeId, Op, Root, Timer, Ty};
use crate::order_words;
use crate::vocabulary::{CONST, clock_words, kinds, op_words, ty_words, value_text};

/// The text of a flow.
pub fn print(flow: &Flow) -> String {
    print_with(flow, &|_| String::new())
}

/// The text of a flow with a remark on each node, which `read` passes over.
pub fn print_with(flow: &Flow, remark: &dyn Fn(NodeId) -> String) -> String {
    let mut out = head(flow);
    for (index, node) in flow.nodes.iter().enumerate() {
        let line = line(index, node);
        let _ = match remark(NodeId(index as u32)) {
            remark if remark.is_empty() => writeln!(out, "{line}"),
            remark => writeln!(out, "{line:<84} # {remark}"),
        };
    }
    for root in &flow.roots {
        let _ = match root {
            Root::Write { state, value } => writeln!(out, "write s{state} n{}", value.0),
            Root::Export { export, value } => writeln!(out, "export {} n{}", kinds::export::write(*export), value.0),
            Root::Read { value } => writeln!(out, "read n{}", value.0),
            Root::Target { market, value, unit: None } => writeln!(out, "target m{market} n{}", value.0),
            Root::Target { market, value, unit: Some(unit) } => {
                writeln!(out, "target m{market} n{} n{}", value.0, unit.0)
            }
            Root::Channel { channel, value } => writeln!(out, "channel w{} n{}", channel.0, value.0),
            Root::Fire { trade, value } => writeln!(out, "fire d{trade} n{}", value.0),
            Root::Send { send, when, numbers: [size, limit, stop] } => {
                writeln!(out, "ask o{send} n{} n{} n{} n{}", when.0, size.0, limit.0, stop.0)
            }
            Root::Cancel { send, when } => writeln!(out, "cancel o{send} n{}", when.0),
        };
    }
    order_words::print(&flow.orders, &mut out);
    for expect in &flow.expects {
        let _ = writeln!(out, "expect n{} {}", expect.value.0, place(expect.span));
    }
    for watch in &flow.watches {
        let _ = writeln!(out, "watch {} n{} {}", watch.expect, watch.value.0, watch.name);
    }
    for look in &flow.looks {
        let _ = writeln!(out, "look n{}", look.0);
    }
    out
}

/// All that is no node and no root.
fn head(flow: &Flow) -> String {
    let mut out = format!("flow {}\n", flow.name);
    for (index, market) in flow.markets.iter().enumerate() {
        let _ = writeln!(out, "market m{index} {market}");
    }
    for (index, param) in flow.params.iter().enumerate() {
        let _ = writeln!(out, "param p{index} {} {}", param.name, ty(param.ty));
    }
    for (index, series) in flow.series.iter().enumerate() {
        let _ = writeln!(out, "series b{index} m{} {}", series.market, series_words(series));
    }
    for (index, session) in flow.sessions.iter().enumerate() {
        let hours = match &session.hours {
            SessionHours::Market(market) => format!("m{market}"),
            SessionHours::Own(hours) => {
                format!("{} {} {}", moment_text(hours.open_ns), moment_text(hours.close_ns), hours.zone)
            }
        };
        let _ = writeln!(out, "session h{index} {} {hours} {}", session.name, place(session.span));
    }
    for (index, timer) in flow.timers.iter().enumerate() {
        let _ = match timer {
            Timer::Every(period) => writeln!(out, "timer t{index} every n{}", period.0),
            Timer::Quiet(market, after, longer) => {
                let than = if *longer { "longer" } else { "or" };
                writeln!(out, "timer t{index} quiet m{market} n{} {than}", after.0)
            }
            Timer::Since(of, after, longer) => {
                let than = if *longer { "longer" } else { "or" };
                writeln!(out, "timer t{index} since n{} n{} {than}", of.0, after.0)
            }
            Timer::At(daily, session, span) => {
                let session = session.map_or("utc".to_owned(), kinds::session::write);
                let (time, days) = (moment_text(daily.time_ns), daily.days.name());
                writeln!(out, "timer t{index} at {time} {days} {session} {}", place(*span))
            }
        };
    }
    for (index, clock) in flow.clocks.iter().enumerate() {
        let words = clock_words(*clock).expect("every clock has its words").join(" ");
        let _ = writeln!(out, "clock c{index} {words:<11} # {}", clock_text(flow, *clock));
    }
    for (index, state) in flow.states.iter().enumerate() {
        let _ = writeln!(out, "state s{index} {} {} = n{}", state.name, ty(state.ty), state.init.0);
    }
    if flow.rules != ClockSet::EMPTY {
        let _ = writeln!(out, "rules @{}", clocks(flow.rules));
    }
    out
}

fn line(index: usize, node: &Node) -> String {
    let words = match node.op {
        Op::Const(bits) => vec![CONST.to_owned(), value_text(bits, node.ty)],
        op => op_words(op).expect("every other operation has its words"),
    };
    let args = node.args.iter().map(|arg| kinds::node::write(*arg));
    let does: Vec<String> = words.into_iter().chain(args).collect();
    let facts = format!("{:<8} @{:<7} {:<8}", ty(node.ty), clocks(node.clocks), kinds::time::write(node.time));
    format!("n{index:<4} = {:<26} : {facts} {:<8} {}", does.join(" "), reach(node), place(node.span))
        .trim_end()
        .to_owned()
}

/// A clock in the words of the source: `es.bars(5m)`.
pub fn clock_text(flow: &Flow, clock: Clock) -> String {
    match clock {
        Clock::Quotes(market) => format!("{}.quotes", flow.markets[market]),
        Clock::Trades(market) => format!("{}.trades", flow.markets[market]),
        Clock::Bars(series) => {
            let series = flow.series[series];
            let session = series.session.map(|id| &flow.sessions[id].name);
            series_text(&flow.markets[series.market], series.size, session)
        }
        Clock::Forming(series) => format!("{}.forming", clock_text(flow, Clock::Bars(series))),
        Clock::Any(market) => format!("{}.age", flow.markets[market]),
        Clock::Timer(timer) => timer_text(flow, flow.timers[timer]),
        Clock::Opens(session) => format!("{}.open", flow.sessions[session].name),
        Clock::Closes(session) => format!("{}.close", flow.sessions[session].name),
        Clock::Phase(session) => format!("{}.is_open", flow.sessions[session].name),
        Clock::News => "news of orders".to_owned(),
    }
}

/// `time 5m`, `lots 5000000000 h0`
fn series_words(series: &Series) -> String {
    let size = match series.size {
        Size::Time(ns) => format!("time {}", span_text(ns)),
        Size::Trades(count) => format!("trades {count}"),
        Size::Lots(nano) => format!("lots {nano}"),
        Size::Money(nano) => format!("money {nano}"),
        Size::Range(ticks) => format!("range {ticks}"),
    };
    series.session.map_or(size.clone(), |session| format!("{size} {}", kinds::session::write(session)))
}

fn timer_text(flow: &Flow, timer: Timer) -> String {
    match timer {
        Timer::Since(_, after, longer) => {
            format!("since(…) {} {}", if longer { ">" } else { ">=" }, span_of(flow, after).unwrap_or_default())
        }
        Timer::Quiet(market, ..) => format!("{}.age", flow.markets[market]),
        Timer::At(daily, session, _) => at_text(daily, session.map(|id| flow.sessions[id].name.as_str())),
        Timer::Every(period) => format!("every {}", span_of(flow, period).unwrap_or("so often".to_owned())),
    }
}

/// A span that is a constant or a parameter, as people write it.
fn span_of(flow: &Flow, id: NodeId) -> Option<String> {
    match flow.nodes.get(id.0 as usize)?.op {
        Op::Const(ns) => Some(span_text(ns as i64)),
        Op::Param(index) => Some(flow.params[index].name.clone()),
        _ => None,
    }
}

fn ty(ty: Ty) -> String {
    ty_words(ty).expect("every type has its words").join(".")
}

fn clocks(set: ClockSet) -> String {
    let names: Vec<String> = set.iter().map(kinds::clock::write).collect();
    format!("{{{}}}", names.join(","))
}

/// `<p0,p3,fills>`: the parameters that reach a node, and whether position or fills do.
fn reach(node: &Node) -> String {
    let params = (0..64).filter(|bit| node.params >> bit & 1 == 1).map(kinds::param::write);
    let names: Vec<String> = params.chain(node.feedback.then(|| FILLS.to_owned())).collect();
    if names.is_empty() { String::new() } else { format!("<{}>", names.join(",")) }
}

/// How `reach` calls position and fills.
pub(crate) const FILLS: &str = "fills";

fn place(span: Span) -> String {
    format!(";{}..{}", span.start, span.end)
}
