//! Rules and handlers: what sets them off, and what they do.

use gbc_diagnostics::Span;

use crate::{ClockId, ExprId};

/// `when condition { … }`, or a handler.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Fires at each tick of this clock at which its condition is true; without one, when that goes from false to true.
    pub on: Option<ClockId>,
    /// Its condition; constantly true where a handler names none.
    pub condition: ExprId,
    /// What it does, in order.
    pub body: Vec<Action>,
    /// The whole item.
    pub span: Span,
}

impl Rule {
    /// Everything that it may assign, in order.
    pub fn assigns(&self) -> Vec<Assign> {
        let mut found = Vec::new();
        each(&self.body, &mut |action| found.extend(action.assign()));
        found
    }

    /// The conditions of its `if` statements, in order.
    pub fn choices(&self) -> Vec<ExprId> {
        let mut found = Vec::new();
        each(&self.body, &mut |action| {
            if let Action::If { condition, .. } = action {
                found.push(*condition);
            }
        });
        found
    }
}

/// Visits statements and those inside them, in order.
fn each(body: &[Action], visit: &mut impl FnMut(&Action)) {
    for action in body {
        visit(action);
        if let Action::If { then, otherwise, .. } = action {
            each(then, visit);
            each(otherwise, visit);
        }
    }
}

/// A statement of a rule.
#[derive(Clone, Debug)]
pub enum Action {
    /// `state = value`
    Assign(Assign),
    /// `if c { … } else { … }`
    If {
        /// Decides which; undefined does neither.
        condition: ExprId,
        /// Where it is true.
        then: Vec<Action>,
        /// Where it is false.
        otherwise: Vec<Action>,
    },
    /// `export x as "edge"`: index into `Program::exports`.
    Export(usize),
    /// `send buy 2 es limit at p`: index into `Program::sends`.
    Send(usize),
    /// `cancel entry`: all that `Program::sends` has of that name.
    Cancel(String),
}

impl Action {
    fn assign(&self) -> Option<Assign> {
        match self {
            Action::Assign(assign) => Some(*assign),
            _ => None,
        }
    }
}

/// `state = value` in a rule.
#[derive(Clone, Copy, Debug)]
pub struct Assign {
    /// Index into `Program::states`.
    pub state: usize,
    /// The new value.
    pub value: ExprId,
}
