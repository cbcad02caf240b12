//! What every flow must be, whoever made it: checked after each pass.

use std::collections::BTreeMap;

use gbc_core::MarketId;
use gbc_core::arithmetic::{BinaryOp, UnaryOp};
use gbc_core::maths::canonical;
use gbc_core::window::SpanKind;

use gbc_core::session::Calendar;

use gbc_hir::{Mine, OfNews};

use crate::flow::{Flow, Node, NodeId, Op, Root, State, Timer, Ty, Watch};
use crate::verify_orders::{order_root_fits, orders_fit};
use crate::{Clock, ClockId, ClockSet, Series, Session, SessionHours, Time};

/// A promise that a flow breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The node, if one is to blame.
    pub node: Option<NodeId>,
    /// The promise.
    pub promise: String,
}

/// Holds a flow against its promises. Whatever the flow, this never panics.
pub fn verify(flow: &Flow) -> Result<(), Broken> {
    frame_fits(flow)?;
    let keeps = keeps(flow)?;
    for (index, node) in flow.nodes.iter().enumerate() {
        let id = NodeId(index as u32);
        let broken = |promise: &str| Err(Broken { node: Some(id), promise: promise.to_owned() });
        if node.args.iter().any(|arg| *arg >= id) {
            return broken("operands come before their user");
        }
        if !things_exist(flow, node) {
            return broken("markets, parameters, clocks, series and states exist");
        }
        if !types_fit(flow, node) {
            return broken("operands have the types that the operation takes");
        }
        if !clocks_fit(flow, node) {
            return broken("a value is evaluated whenever an operand changes, and a memory on one clock");
        }
        if !time_fits(flow, node) {
            return broken("a value is not known before its operands, and changes with its clocks");
        }
        if !reach_fits(flow, node) {
            return broken("what reaches an operand reaches its user");
        }
        if !cells_fit(flow, &keeps, id) {
            return broken("every `prev` has one `keep`, later, of its own type and clock, and is read before it");
        }
    }
    roots_fit(flow)?;
    orders_fit(flow)
}

fn frame_fits(flow: &Flow) -> Result<(), Broken> {
    let broken = |promise: &str| Err(Broken { node: None, promise: promise.to_owned() });
    let markets = flow.markets.len();
    let known = |clock: &Clock| match *clock {
        Clock::Quotes(market) | Clock::Trades(market) | Clock::Any(market) => market < markets,
        Clock::Bars(series) | Clock::Forming(series) => series < flow.series.len(),
        Clock::Timer(timer) => timer < flow.timers.len(),
        Clock::Opens(session) | Clock::Closes(session) | Clock::Phase(session) => session < flow.sessions.len(),
        Clock::News => true,
    };
    if !flow.sessions.iter().all(|session| session_fits(session, markets)) {
        return broken("sessions are those of markets that exist, or have hours and a zone");
    }
    if !flow.timers.iter().all(|timer| timer_fits(flow, timer)) {
        return broken("timers have a period known before the run, or a session that exists");
    }
    let beyond = |series: &Series| series.session.is_some_and(|session| session >= flow.sessions.len());
    if flow.series.iter().any(|series| series.market >= markets || beyond(series)) || !flow.clocks.iter().all(known) {
        return broken("series and clocks are those of markets that exist");
    }
    let twice = |index: usize| flow.clocks[..index].contains(&flow.clocks[index]);
    if flow.clocks.len() > 63 || (0..flow.clocks.len()).any(twice) || !clocks_exist(flow, flow.rules) {
        return broken("there are at most 63 clocks, each once, and rules are tried on some of them");
    }
    Ok(())
}

fn session_fits(session: &Session, markets: usize) -> bool {
    match &session.hours {
        SessionHours::Market(market) => *market < markets,
        SessionHours::Own(hours) => Calendar::new(hours).is_ok(),
    }
}

fn timer_fits(flow: &Flow, timer: &Timer) -> bool {
    match *timer {
        Timer::Every(period) => {
            let period = flow.nodes.get(period.0 as usize);
            period.is_some_and(|period| period.time <= Time::Run && period.ty == Ty::Int)
        }
        Timer::Quiet(market, after, _) => {
            market < flow.markets.len()
                && flow.nodes.get(after.0 as usize).is_some_and(|node| node.ty == Ty::Int && node.time <= Time::Run)
        }
        Timer::Since(of, after, _) => {
            let last =
                flow.nodes.get(of.0 as usize).is_some_and(|node| matches!(node.op, Op::LastTrue | Op::LastEvent));
            let span = flow.nodes.get(after.0 as usize);
            last && span.is_some_and(|node| node.ty == Ty::Int && node.time <= Time::Run)
        }
        Timer::At(_, session, _) => session.is_none_or(|session| session < flow.sessions.len()),
    }
}

/// The one `keep` of each cell.
fn keeps(flow: &Flow) -> Result<BTreeMap<u32, NodeId>, Broken> {
    let mut keeps = BTreeMap::new();
    for (index, node) in flow.nodes.iter().enumerate() {
        let id = NodeId(index as u32);
        if let Op::Keep(cell) = node.op
            && keeps.insert(cell, id).is_some()
        {
            return Err(Broken { node: Some(id), promise: "a cell has one `keep`".to_owned() });
        }
    }
    Ok(keeps)
}

fn clocks_exist(flow: &Flow, set: ClockSet) -> bool {
    set.iter().all(|clock| (clock.0 as usize) < flow.clocks.len())
}

fn things_exist(flow: &Flow, node: &Node) -> bool {
    let market = |market: MarketId| market < flow.markets.len();
    let clock = |clock: ClockId| flow.clocks.get(clock.0 as usize);
    let own = match node.op {
        Op::Param(param) => flow.params.get(param).is_some_and(|param| param.ty == node.ty),
        Op::Point(of) | Op::Mark(of) | Op::View(of, _) | Op::Points(of) | Op::Lots(of) => market(of),
        Op::Row(of, _) => matches!(clock(of), Some(Clock::Quotes(_) | Clock::Trades(_))),
        Op::Forming(of, series, _) => clock(of) == Some(&Clock::Forming(series)),
        Op::Bar(of, series, _) => clock(of) == Some(&Clock::Bars(series)),
        Op::State(state) => state < flow.states.len(),
        Op::Ticks(of) => clock(of).is_some(),
        Op::IsOpen(of) => node.clocks.single().and_then(clock) == Some(&Clock::Phase(of)),
        Op::TakeSession(_, of) | Op::TellSession(_, of) => of < flow.sessions.len(),
        Op::Age(of) | Op::Life(of) | Op::Mine(of, ..) => market(of),
        Op::Risked(of) => of < flow.orders.trades.len(),
        Op::Queue(of, _) | Op::Drift(of, _) => of < flow.orders.quotes.len(),
        Op::News(of, _) => clock(of) == Some(&Clock::News),
        Op::SinceOpen(of) => of < flow.sessions.len(),
        _ => true,
    };
    let typed = if let Ty::Ticks(of) = node.ty { market(of) } else { true };
    own && typed && clocks_exist(flow, node.clocks)
}

fn types_fit(flow: &Flow, node: &Node) -> bool {
    let args: Vec<Ty> = node.args.iter().map(|arg| flow.node(*arg).ty).collect();
    match (node.op, args.as_slice()) {
        (Op::Const(bits), []) => match node.ty {
            Ty::Bool => bits <= node.ty.undefined(),
            Ty::Num => canonical(f64::from_bits(bits)).to_bits() == bits,
            _ => true,
        },
        (Op::Param(_) | Op::Prev(_), []) => true,
        (Op::Point(_), []) => node.ty == Ty::Num,
        (Op::Row(..) | Op::Bar(..) | Op::Forming(..), []) => node.ty.is_whole(),
        (Op::Ticks(_) | Op::IsOpen(_), []) => node.ty == Ty::Bool,
        (Op::SinceOpen(_) | Op::Age(_), []) => node.ty == Ty::Int,
        (Op::LastTrue, [Ty::Bool]) | (Op::LastEvent, [_]) => node.ty == Ty::Int,
        (Op::Since, [Ty::Int]) => {
            node.ty == Ty::Int && matches!(flow.node(node.args[0]).op, Op::LastTrue | Op::LastEvent)
        }
        (Op::View(..), []) => node.ty == Ty::Num || node.ty == Ty::Int,
        (Op::State(state), []) => flow.states[state].ty == node.ty,
        (Op::Keep(_) | Op::Sample, [x]) => *x == node.ty,
        (Op::ToNum | Op::Lots(_), [Ty::Int]) => node.ty == Ty::Num,
        (Op::Points(market), [Ty::Ticks(other)]) => market == *other && node.ty == Ty::Num,
        (Op::Unary(UnaryOp::Not), [Ty::Bool]) => node.ty == Ty::Bool,
        (Op::Unary(UnaryOp::Neg | UnaryOp::Abs), [x]) => *x == node.ty && *x != Ty::Bool,
        (Op::Unary(UnaryOp::ToInt), [Ty::Num]) => node.ty == Ty::Int,
        (Op::Unary(_), [Ty::Num]) => node.ty == Ty::Num,
        (Op::Binary(op), [a, b]) => binary_fits(op, *a, *b, node.ty),
        (Op::Select | Op::Assign, [Ty::Bool, a, b]) => a == b && *a == node.ty,
        (Op::Else, [a, b]) => a == b && *a == node.ty,
        (Op::History, [x, Ty::Int]) => *x == node.ty,
        (Op::Window(_), [Ty::Num, Ty::Int]) => node.ty == Ty::Num,
        (Op::PairWindow(_), [Ty::Num, Ty::Num, Ty::Int]) => node.ty == Ty::Num,
        (Op::Told(_), _) => true,
        (Op::Account(_) | Op::Mark(_) | Op::Risked(_) | Op::Queue(..), []) => node.ty == Ty::Num,
        (Op::Drift(..) | Op::Mine(_, _, Mine::Price), []) => matches!(node.ty, Ty::Ticks(_)),
        (Op::Mine(..), []) => node.ty == Ty::Num,
        (Op::News(_, OfNews::IsFill | OfNews::IsRejected), []) => node.ty == Ty::Bool,
        (Op::News(_, OfNews::Side), []) => node.ty == Ty::Int,
        (Op::News(_, OfNews::Price | OfNews::Asked), []) => matches!(node.ty, Ty::Num | Ty::Ticks(_)),
        (Op::News(..), []) => node.ty == Ty::Num,
        (Op::Take(kind), [x, rest @ .., Ty::Int]) => {
            let pair = matches!(kind, SpanKind::OfTwo(_));
            let fits = kind == SpanKind::Ago || kind == SpanKind::Count || *x == Ty::Num;
            *x == node.ty && fits && if pair { rest == [Ty::Num] } else { rest.is_empty() }
        }
        (Op::TakePanes(kind), [x, Ty::Int, Ty::Int]) => {
            *x == node.ty && kind.fits_panes() && (*x == Ty::Num || kind == SpanKind::Count)
        }
        (Op::Tell(kind), [x, Ty::Int]) => {
            flow.node(node.args[0]).op == Op::Take(kind) && node.ty == if kind == SpanKind::Ago { *x } else { Ty::Num }
        }
        (Op::TakeSession(kind, _), [x, Ty::Int, Ty::Int]) => {
            *x == node.ty && kind.fits_panes() && (*x == Ty::Num || kind == SpanKind::Count)
        }
        (Op::TellSession(kind, session), [_, Ty::Int, Ty::Int]) => {
            flow.node(node.args[0]).op == Op::TakeSession(kind, session) && node.ty == Ty::Num
        }
        (Op::Life(_), []) => node.ty == Ty::Int,
        (Op::TakeLife(kind), [x, Ty::Int]) => {
            let lives = matches!(flow.node(node.args[1]).op, Op::Life(_));
            *x == node.ty && lives && kind.fits_panes() && (*x == Ty::Num || kind == SpanKind::Count)
        }
        (Op::TellLife(kind), [_, Ty::Int]) => {
            let taken = flow.node(node.args[0]);
            taken.op == Op::TakeLife(kind) && taken.args.get(1) == node.args.get(1) && node.ty == Ty::Num
        }
        (Op::TellPanes(kind), [_, Ty::Int]) => flow.node(node.args[0]).op == Op::TakePanes(kind) && node.ty == Ty::Num,
        (Op::Edge, [Ty::Bool]) => node.ty == Ty::Bool,
        _ => false,
    }
}

fn binary_fits(op: BinaryOp, a: Ty, b: Ty, result: Ty) -> bool {
    match op {
        BinaryOp::And | BinaryOp::Or => a == Ty::Bool && b == Ty::Bool && result == Ty::Bool,
        BinaryOp::Eq | BinaryOp::Ne => a == b && result == Ty::Bool,
        op if op.compares() => a == b && a != Ty::Bool && result == Ty::Bool,
        BinaryOp::Div | BinaryOp::Pow => a == Ty::Num && b == Ty::Num && result == Ty::Num,
        // A whole number scales ticks; the quotient of ticks is a whole number.
        BinaryOp::Mul if a.is_whole() && b.is_whole() => result == if a == Ty::Int { b } else { a },
        BinaryOp::FloorDiv if a.is_whole() => a == b && result == Ty::Int,
        _ => a == b && a == result && a != Ty::Bool,
    }
}

fn clocks_fit(flow: &Flow, node: &Node) -> bool {
    match node.op {
        Op::Assign | Op::State(_) | Op::Ticks(_) => node.clocks == flow.rules,
        // That of a rule is looked at with all rules, that of an order whenever its condition may change.
        Op::Edge => {
            node.clocks == flow.rules || node.args.iter().all(|arg| flow.node(*arg).clocks.0 & !node.clocks.0 == 0)
        }
        Op::Keep(_)
        | Op::LastTrue
        | Op::LastEvent
        | Op::History
        | Op::Window(_)
        | Op::PairWindow(_)
        | Op::Take(_)
        | Op::TakePanes(_)
        | Op::TakeLife(_)
        | Op::TakeSession(..)
        | Op::Sample => node.clocks.single().is_some(),
        Op::Row(clock, _) | Op::Bar(clock, ..) | Op::Forming(clock, ..) | Op::News(clock, _) => {
            node.clocks == ClockSet::of(clock)
        }
        _ => node.args.iter().all(|arg| flow.node(*arg).clocks.0 & !node.clocks.0 == 0),
    }
}

fn time_fits(flow: &Flow, node: &Node) -> bool {
    let paced = node.op.holds() || matches!(node.op, Op::Row(..) | Op::Bar(..) | Op::Forming(..) | Op::News(..));
    let own = match node.op {
        Op::Param(_) => Time::Param,
        Op::Point(_) | Op::Points(_) => Time::Run,
        op if op.is_view() => Time::Feedback,
        Op::Ticks(_) | Op::IsOpen(_) | Op::SinceOpen(_) => Time::Day,
        _ => Time::Const,
    };
    // Memory is laid out before the first event.
    use Op::{History, PairWindow, Take, TakePanes, TakeSession, Tell, TellPanes, TellSession, Window};
    let lasts =
        matches!(node.op, History | Window(_) | PairWindow(_) | Take(_) | TakePanes(_) | Tell(_) | TellPanes(_))
            || matches!(node.op, TakeSession(..) | TellSession(..));
    let length = node.args.last().filter(|_| lasts);
    if length.is_some_and(|length| flow.node(*length).time > Time::Run) {
        return false;
    }
    let after = node.args.iter().fold(own, |time, arg| time.max(flow.node(*arg).time));
    match node.time {
        time if paced => time == flow.time_on(node.clocks),
        time if time <= Time::Run => after <= time && node.clocks == ClockSet::EMPTY,
        Time::Day => after <= Time::Day && flow.time_on(node.clocks) == Time::Day,
        time => after <= time,
    }
}

fn reach_fits(flow: &Flow, node: &Node) -> bool {
    let own = match node.op {
        Op::Param(param) => 1 << param.min(63),
        _ => 0,
    };
    let views = node.op.is_view() || matches!(node.op, Op::News(..));
    let args = || node.args.iter().map(|arg| flow.node(*arg));
    let params = args().fold(own, |params, arg| params | arg.params);
    params & !node.params == 0 && (node.feedback || !views && !args().any(|arg| arg.feedback))
}

/// A `prev` shares its slot with its `keep`: whoever reads it comes before.
fn cells_fit(flow: &Flow, keeps: &BTreeMap<u32, NodeId>, id: NodeId) -> bool {
    let own = |node: &Node| match node.op {
        Op::Prev(cell) => keeps.get(&cell).copied(),
        _ => None,
    };
    let node = flow.node(id);
    let before = node.args.iter().all(|arg| own(flow.node(*arg)).is_none_or(|keep| id <= keep));
    let fits = |keep: NodeId| {
        let keep = flow.node(keep);
        let reached = keep.params & !node.params == 0 && (node.feedback || !keep.feedback);
        keep.ty == node.ty && keep.clocks == node.clocks && reached
    };
    before && (!matches!(node.op, Op::Prev(_)) || own(node).is_some_and(fits))
}

fn roots_fit(flow: &Flow) -> Result<(), Broken> {
    let broken = |promise: &str| Err(Broken { node: None, promise: promise.to_owned() });
    let find = |id: NodeId| flow.nodes.get(id.0 as usize);
    for root in &flow.roots {
        let fits = match *root {
            Root::Write { state, value } => match (find(value), flow.states.get(state)) {
                (Some(node), Some(state)) => node.ty == state.ty && shares_no_slot(node.op),
                _ => false,
            },
            Root::Target { market, value, unit } => {
                let is_number = |id: NodeId| find(id).is_some_and(|node| node.ty == Ty::Num);
                market < flow.markets.len() && is_number(value) && unit.is_none_or(is_number)
            }
            Root::Export { value, .. } => find(value).is_some_and(|node| node.ty == Ty::Num),
            root => order_root_fits(flow, root),
        };
        if !fits {
            return broken("a root takes a value of its own type");
        }
    }
    if flow.expects.iter().any(|expect| find(expect.value).is_none_or(|node| node.ty != Ty::Bool)) {
        return broken("an expectation is true or false");
    }
    let watched = |watch: &Watch| watch.expect < flow.expects.len() && find(watch.value).is_some();
    if !flow.watches.iter().all(watched) {
        return broken("a watch names a value that an expectation reads");
    }
    if !flow.looks.iter().all(|look| find(*look).is_some()) {
        return broken("whoever asks why looks at values that exist");
    }
    let written = |state: usize| {
        let writes = move |root: &&Root| matches!(root, Root::Write { state: of, .. } if *of == state);
        flow.roots.iter().filter(writes).flat_map(|root| root.values()).map(|value| flow.node(value))
    };
    for node in &flow.nodes {
        let Op::State(state) = node.op else { continue };
        if written(state).any(|value| value.params & !node.params != 0 || value.feedback && !node.feedback) {
            return broken("what reaches a rule reaches the states that it assigns");
        }
    }
    let first = |state: &State| find(state.init).is_some_and(|node| node.time <= Time::Run && node.ty == state.ty);
    if !flow.states.iter().all(first) {
        return broken("a state's first value is known before the run, and of its type");
    }
    Ok(())
}

/// A state that is written must not be read from another state's slot: that one may have been written just before.
fn shares_no_slot(op: Op) -> bool {
    !matches!(op, Op::State(_) | Op::Prev(_))
}

#[cfg(test)]
mod tests {
    use gbc_diagnostics::Span;

    use super::*;

    fn node(op: Op, args: &[u32], ty: Ty) -> Node {
        let args = args.iter().map(|arg| NodeId(*arg)).collect();
        Node {
            op,
            args,
            ty,
            clocks: ClockSet::EMPTY,
            time: Time::Const,
            params: 0,
            feedback: false,
            span: Span::default(),
        }
    }

    fn promise(nodes: Vec<Node>) -> String {
        let flow = Flow { nodes, ..Flow::default() };
        verify(&flow).expect_err("the flow is broken").promise
    }

    #[test]
    fn each_promise_is_held() {
        let one = || node(Op::Const(1), &[], Ty::Int);
        assert!(promise(vec![node(Op::ToNum, &[1], Ty::Num), one()]).contains("before their user"));
        assert!(promise(vec![one(), node(Op::Unary(UnaryOp::Sqrt), &[0], Ty::Num)]).contains("types"));
        assert!(promise(vec![one(), node(Op::Keep(0), &[0], Ty::Int)]).contains("one clock"));
        assert!(promise(vec![Node { time: Time::Day, ..node(Op::Prev(0), &[], Ty::Int) }]).contains("one `keep`"));
        let late = Node { time: Time::Run, ..one() };
        assert!(promise(vec![late, node(Op::ToNum, &[0], Ty::Num)]).contains("not known before"));
        for reached in [Node { params: 1, ..one() }, Node { feedback: true, ..one() }] {
            assert!(promise(vec![reached, node(Op::ToNum, &[0], Ty::Num)]).contains("reaches"));
        }
        assert!(promise(vec![node(Op::Param(0), &[], Ty::Int)]).contains("exist"));
    }
}
