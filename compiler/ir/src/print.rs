//! The flow as text, one node a line with all it is known by.

use std::fmt::Write;

use gbc_analysis::{ClockSet, Time};
use gbc_core::time::span_text;
use gbc_hir::Clock;

use crate::flow::{Flow, Node, Op, Root, Ty};

/// The text of a flow: what `gbc emit --stage flow` shows.
pub fn print(flow: &Flow) -> String {
    let mut out = format!("flow {}\n", flow.name);
    for (index, market) in flow.markets.iter().enumerate() {
        let _ = writeln!(out, "market m{index} {market}");
    }
    for (index, param) in flow.params.iter().enumerate() {
        let _ = writeln!(out, "param p{index} {} {}", param.name, ty(param.ty));
    }
    for (index, clock) in flow.clocks.iter().enumerate() {
        let _ = writeln!(out, "clock c{index} {}", clock_text(flow, *clock));
    }
    for (index, state) in flow.states.iter().enumerate() {
        let _ = writeln!(out, "state s{index} {} {} = n{}", state.name, ty(state.ty), state.init.0);
    }
    for (index, node) in flow.nodes.iter().enumerate() {
        let _ = writeln!(out, "{}", line(index, node));
    }
    for root in &flow.roots {
        let _ = match root {
            Root::Write { state, value } => writeln!(out, "write s{state} n{}", value.0),
            Root::Target { market, value } => writeln!(out, "target m{market} n{}", value.0),
        };
    }
    for expect in &flow.expects {
        let _ = writeln!(out, "expect n{}", expect.value.0);
    }
    out
}

fn line(index: usize, node: &Node) -> String {
    let operation = operation(node);
    let args: String = node.args.iter().map(|arg| format!(" n{}", arg.0)).collect();
    let facts = format!("{} @{} {}{}", ty(node.ty), clocks(node.clocks), time(node.time), params(node.params));
    format!("n{index:<3} = {:<32} {facts}", format!("{operation}{args}"))
}

/// A clock in the words of the source: `es.bars(5m)`.
pub fn clock_text(flow: &Flow, clock: Clock) -> String {
    match clock {
        Clock::Quotes(market) => format!("{}.quotes", flow.markets[market]),
        Clock::Trades(market) => format!("{}.trades", flow.markets[market]),
        Clock::Bars(series) => {
            let series = flow.series[series];
            format!("{}.bars({})", flow.markets[series.market], span_text(series.span_ns))
        }
    }
}

fn ty(ty: Ty) -> String {
    match ty {
        Ty::Bool => "bool".to_owned(),
        Ty::Int => "int".to_owned(),
        Ty::Num => "num".to_owned(),
        Ty::Ticks(market) => format!("ticks.m{market}"),
    }
}

fn operation(node: &Node) -> String {
    match node.op {
        Op::Const(bits) => match node.ty {
            Ty::Num => format!("const {:?}", f64::from_bits(bits)),
            Ty::Bool => format!("const {}", bits == 1),
            Ty::Int | Ty::Ticks(_) => format!("const {}", bits as i64),
        },
        Op::Param(index) => format!("param p{index}"),
        Op::Point(market) => format!("point m{market}"),
        Op::Row(clock, column) => format!("row c{} {}", clock.0, column.name()),
        Op::Bar(clock, _, field) => format!("bar c{} {}", clock.0, field.name()),
        Op::View(market, field) => format!("view m{market} {}", field.name()),
        Op::State(state) => format!("state s{state}"),
        Op::Prev(cell) => format!("prev k{cell}"),
        Op::Keep(cell) => format!("keep k{cell}"),
        Op::ToNum => "to_num".to_owned(),
        Op::Points(market) => format!("points m{market}"),
        Op::Lots(market) => format!("lots m{market}"),
        Op::Unary(op) => op.name().to_owned(),
        Op::Binary(op) => op.name().to_owned(),
        Op::Select => "select".to_owned(),
        Op::Else => "else".to_owned(),
        Op::History => "history".to_owned(),
        Op::Window(kind) => kind.name().to_owned(),
        Op::PairWindow(kind) => format!("{}_of_two", kind.name()),
        Op::Sample => "sample".to_owned(),
        Op::Edge => "edge".to_owned(),
        Op::Assign => "assign".to_owned(),
    }
}

fn clocks(set: ClockSet) -> String {
    let names: Vec<String> = set.iter().map(|clock| format!("c{}", clock.0)).collect();
    format!("{{{}}}", names.join(","))
}

fn time(time: Time) -> &'static str {
    match time {
        Time::Const => "const",
        Time::Param => "param",
        Time::Run => "run",
        Time::Clock => "clock",
        Time::Feedback => "feedback",
    }
}

fn params(set: u64) -> String {
    let names: Vec<String> = (0..64).filter(|bit| set >> bit & 1 == 1).map(|bit| format!("p{bit}")).collect();
    if names.is_empty() { String::new() } else { format!(" <{}>", names.join(",")) }
}
