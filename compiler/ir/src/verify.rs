//! What every flow must be, whoever made it: checked after each pass.

use gbc_core::arithmetic::{BinaryOp, UnaryOp};

use crate::Time;
use crate::flow::{Flow, Node, NodeId, Op, Root, Ty};

/// A promise that a flow breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The node, if one is to blame.
    pub node: Option<NodeId>,
    /// The promise.
    pub promise: String,
}

/// Holds a flow against its promises.
pub fn verify(flow: &Flow) -> Result<(), Broken> {
    for (index, node) in flow.nodes.iter().enumerate() {
        let id = NodeId(index as u32);
        let broken = |promise: &str| Err(Broken { node: Some(id), promise: promise.to_owned() });
        if node.args.iter().any(|arg| *arg >= id) {
            return broken("operands come before their user");
        }
        if !types_fit(flow, node) {
            return broken("operands have the types that the operation takes");
        }
        if !clocks_fit(flow, node) {
            return broken("a value is evaluated whenever an operand changes, and a memory on one clock");
        }
        if node.args.iter().any(|arg| flow.node(*arg).time > node.time) && !matches!(node.op, Op::Sample) {
            return broken("a value is not known before its operands");
        }
        if node.args.iter().any(|arg| flow.node(*arg).params & !node.params != 0) {
            return broken("what reaches an operand reaches its user");
        }
    }
    cells_fit(flow)?;
    roots_fit(flow)
}

fn types_fit(flow: &Flow, node: &Node) -> bool {
    let args: Vec<Ty> = node.args.iter().map(|arg| flow.node(*arg).ty).collect();
    match (node.op, args.as_slice()) {
        (Op::Const(_) | Op::Param(_) | Op::Prev(_), []) => true,
        (Op::Point(_), []) => node.ty == Ty::Num,
        (Op::Row(..) | Op::Bar(..), []) => node.ty.is_whole(),
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
        Op::Edge | Op::Assign | Op::State(_) => node.clocks == flow.rules,
        Op::Keep(_) | Op::History | Op::Window(_) | Op::PairWindow(_) | Op::Sample => node.clocks.single().is_some(),
        _ => node.args.iter().all(|arg| flow.node(*arg).clocks.0 & !node.clocks.0 == 0),
    }
}

fn cells_fit(flow: &Flow) -> Result<(), Broken> {
    for (index, node) in flow.nodes.iter().enumerate() {
        let Op::Prev(cell) = node.op else { continue };
        let keeps: Vec<&Node> = flow.nodes.iter().filter(|other| other.op == Op::Keep(cell)).collect();
        if keeps.len() != 1 || keeps[0].ty != node.ty {
            let promise = "every `prev` has one `keep`, of its own type".to_owned();
            return Err(Broken { node: Some(NodeId(index as u32)), promise });
        }
    }
    Ok(())
}

fn roots_fit(flow: &Flow) -> Result<(), Broken> {
    let broken = |promise: &str| Err(Broken { node: None, promise: promise.to_owned() });
    for root in &flow.roots {
        let fits = match *root {
            Root::Write { state, value } => flow.node(value).ty == flow.states[state].ty,
            Root::Target { market, value } => market < flow.markets.len() && flow.node(value).ty == Ty::Num,
        };
        if !fits {
            return broken("a root takes a value of its own type");
        }
    }
    if flow.expects.iter().any(|expect| flow.node(expect.value).ty != Ty::Bool) {
        return broken("an expectation is true or false");
    }
    if flow.states.iter().any(|state| flow.node(state.init).time > Time::Run) {
        return broken("a state's first value is known before the run");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use gbc_analysis::ClockSet;
    use gbc_diagnostics::Span;

    use super::*;

    fn node(op: Op, args: &[u32], ty: Ty) -> Node {
        let args = args.iter().map(|arg| NodeId(*arg)).collect();
        Node { op, args, ty, clocks: ClockSet::EMPTY, time: Time::Const, params: 0, span: Span::default() }
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
        assert!(promise(vec![node(Op::Prev(0), &[], Ty::Int)]).contains("one `keep`"));
        let late = Node { time: Time::Clock, ..one() };
        assert!(promise(vec![late, node(Op::ToNum, &[0], Ty::Num)]).contains("not known before"));
        let reached = Node { params: 1, ..one() };
        assert!(promise(vec![reached, node(Op::ToNum, &[0], Ty::Num)]).contains("reaches"));
    }
}
