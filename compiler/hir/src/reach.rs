//! What is needed at all: functions leave trial expansions behind, and a file may name what it never uses.

use crate::{ExprId, ExprKind, Program, Timer};

/// The operands of an expression.
pub fn operands(kind: &ExprKind) -> impl DoubleEndedIterator<Item = ExprId> + use<> {
    let mut many = Vec::new();
    let few: [Option<ExprId>; 5] = match kind {
        ExprKind::ToNum(x) | ExprKind::Unary(_, x) | ExprKind::Sample(x, _) => [Some(*x), None, None, None, None],
        ExprKind::Keep { value, .. } | ExprKind::Since { value, .. } => [Some(*value), None, None, None, None],
        ExprKind::Binary(_, a, b) | ExprKind::Else(a, b) => [Some(*a), Some(*b), None, None, None],
        ExprKind::If(a, b, c) => [Some(*a), Some(*b), Some(*c), None, None],
        ExprKind::History { value, back, .. } => [Some(*value), Some(*back), None, None, None],
        ExprKind::Window { value, length, .. } => [Some(*value), Some(*length), None, None, None],
        ExprKind::Span { value, other, length, pane, life, .. } => [Some(*value), *other, Some(*length), *pane, *life],
        ExprKind::PairWindow { values: [a, b], length, .. } => [Some(*a), Some(*b), Some(*length), None, None],
        ExprKind::Told(_, values) | ExprKind::Part { of: values, .. } => {
            many.clone_from(values);
            [None; 5]
        }
        _ => [None; 5],
    };
    few.into_iter().flatten().chain(many)
}

/// Everything that hangs on the program: equations, rules, targets, tests.
pub fn roots(program: &Program) -> Vec<ExprId> {
    let rules = program.rules.iter().flat_map(|rule| {
        std::iter::once(rule.condition)
            .chain(rule.choices())
            .chain(rule.assigns().into_iter().map(|assign| assign.value))
    });
    let tests = program.tests.iter().flat_map(|test| test.expects.iter().map(|(id, _)| *id));
    let equations = program.equations.iter().map(|equation| equation.value);
    let states = program.states.iter().map(|state| state.init);
    let targets = program.targets.iter().map(|target| target.value);
    let learnt = program.features.iter().flat_map(|features| features.fields.iter().map(|(_, value)| *value));
    let learnt = learnt.chain(program.labels.iter().map(|label| label.value));
    let exports = learnt.chain(program.exports.iter().map(|export| export.value));
    let orders = program.order_values().into_iter().chain(exports);
    equations
        .chain(periods(program))
        .chain(states)
        .chain(rules)
        .chain(targets)
        .chain(orders)
        .chain(tests)
        .chain(program.requires.iter().copied())
        .collect()
}

/// How long each timer waits.
pub fn periods(program: &Program) -> impl Iterator<Item = ExprId> {
    program.timers.iter().filter_map(|timer| match timer {
        Timer::Every(period) => Some(*period),
        Timer::Quiet { after, .. } | Timer::Since { after, .. } => Some(*after),
        Timer::At { .. } => None,
    })
}

/// All expressions below the roots, parts before wholes: the order of the arena.
pub fn needed(program: &Program) -> Vec<ExprId> {
    let mut seen = vec![false; program.exprs.len()];
    let mut open = roots(program);
    while let Some(id) = open.pop() {
        if !std::mem::replace(&mut seen[id.0 as usize], true) {
            open.extend(operands(&program.expr(id).kind));
        }
    }
    (0..program.exprs.len() as u32).map(ExprId).filter(|id| seen[id.0 as usize]).collect()
}
