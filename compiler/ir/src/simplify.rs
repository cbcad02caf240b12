//! What a node comes to: a value known already, or one of its operands, unchanged to the last bit.

use gbc_core::arithmetic::{BinaryOp, UnaryOp, binary, to_num, unary};

use crate::flow::{Flow, Node, NodeId, Op, Ty};

/// What a node comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Simpler {
    /// This value, always.
    Value(u64),
    /// What this operand is.
    Operand(NodeId),
}

const FALSE: u64 = 0;
const TRUE: u64 = 1;

/// Something simpler that a node always equals, if there is such a thing. Its operands are nodes of `flow`.
pub(crate) fn simplify(flow: &Flow, node: &Node) -> Option<Simpler> {
    let of = Operands { flow, node };
    of.folded().map(Simpler::Value).or_else(|| match node.op {
        Op::Unary(UnaryOp::Not) => of.twice_not(),
        Op::Binary(op @ (BinaryOp::And | BinaryOp::Or)) => of.truth(op),
        Op::Binary(op) => of.neutral(op),
        Op::Select => of.chosen(),
        Op::Else => of.defined(),
        _ => None,
    })
}

/// A node's operands, and what is known of them.
struct Operands<'a> {
    flow: &'a Flow,
    node: &'a Node,
}

impl Operands<'_> {
    fn ty(&self, index: usize) -> Ty {
        self.flow.node(self.node.args[index]).ty
    }

    /// The bits of an operand that is a constant.
    fn known(&self, index: usize) -> Option<u64> {
        match self.flow.node(self.node.args[index]).op {
            Op::Const(bits) => Some(bits),
            _ => None,
        }
    }

    fn operand(&self, index: usize) -> Option<Simpler> {
        let bits = self.known(index).map(Simpler::Value);
        Some(bits.unwrap_or(Simpler::Operand(self.node.args[index])))
    }

    /// The result on constants. One beyond counting stays to be found, and told, where it always was.
    fn folded(&self) -> Option<u64> {
        match self.node.op {
            Op::ToNum => Some(to_num(self.known(0)?)),
            Op::Unary(op) => unary(op, self.ty(0).class(), self.known(0)?),
            Op::Binary(op) => binary(op, self.ty(0).class(), self.known(0)?, self.known(1)?),
            _ => None,
        }
    }

    fn twice_not(&self) -> Option<Simpler> {
        let inner = self.flow.node(self.node.args[0]);
        (inner.op == Op::Unary(UnaryOp::Not)).then(|| Simpler::Operand(inner.args[0]))
    }

    /// One side decides, or has no say.
    fn truth(&self, op: BinaryOp) -> Option<Simpler> {
        let (decides, silent) = if op == BinaryOp::And { (FALSE, TRUE) } else { (TRUE, FALSE) };
        let known = [self.known(0), self.known(1)];
        if known.contains(&Some(decides)) {
            return Some(Simpler::Value(decides));
        }
        let silent = known.iter().position(|side| *side == Some(silent))?;
        self.operand(1 - silent)
    }

    /// `x + 0`, `x - 0`, `x * 1`, `x / 1`. A zero added to a number is left alone: it turns minus zero into zero.
    fn neutral(&self, op: BinaryOp) -> Option<Simpler> {
        let whole = self.ty(0).is_whole();
        let (neutral, either) = match op {
            BinaryOp::Add if whole => (0, true),
            BinaryOp::Sub => (0, false),
            BinaryOp::Mul => (1, true),
            BinaryOp::Div => (1, false),
            _ => return None,
        };
        let is_neutral = |index: usize| {
            let bits = if self.ty(index).is_whole() { neutral as u64 } else { f64::from(neutral).to_bits() };
            self.known(index) == Some(bits)
        };
        match (is_neutral(0) && either, is_neutral(1)) {
            (_, true) => self.operand(0),
            (true, _) => self.operand(1),
            _ => None,
        }
    }

    /// A choice that is made already, or that only says what its condition says.
    fn chosen(&self) -> Option<Simpler> {
        match self.known(0) {
            Some(TRUE) => self.operand(1),
            Some(FALSE) => self.operand(2),
            Some(_) => Some(Simpler::Value(self.node.ty.undefined())),
            None if self.node.ty != Ty::Bool => None,
            None => ([self.known(1), self.known(2)] == [Some(TRUE), Some(FALSE)]).then_some(self.operand(0))?,
        }
    }

    /// `a else b`, where it is known of one whether it is defined.
    fn defined(&self) -> Option<Simpler> {
        let undefined = self.node.ty.undefined();
        match (self.known(0), self.known(1)) {
            (Some(first), _) if first != undefined => Some(Simpler::Value(first)),
            (Some(_), _) => self.operand(1),
            (None, Some(second)) if second == undefined => self.operand(0),
            _ => None,
        }
    }
}
