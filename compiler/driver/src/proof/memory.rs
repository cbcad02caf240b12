//! What a program remembers, and for which of its equations.

use gbc_ir::Op;

use crate::{Bound, Checked};

/// All bytes, and those of each equation that remembers something, the largest first.
pub(super) fn memory(checked: &Checked) -> (usize, Vec<(String, usize)>) {
    let Ok(bound) = checked.trial() else { return (0, Vec::new()) };
    let all = &checked.program.equations;
    // The fields of a record are written in one place.
    let equations = all.iter().enumerate().filter(|(index, it)| *index == 0 || all[index - 1].span != it.span);
    let mut of: Vec<(String, usize)> = equations
        .map(|(_, equation)| {
            let written = equation.written;
            let nodes = bound.flow.nodes.iter().enumerate();
            let own = nodes.filter(|(_, node)| written.start <= node.span.start && node.span.end <= written.end);
            let slots: usize = own.filter(|(_, node)| node.op.remembers()).map(|(index, _)| slots(&bound, index)).sum();
            (checked.program.text_at(equation.span).to_owned(), slots * size_of::<u64>())
        })
        .filter(|(_, bytes)| *bytes > 0)
        .collect();
    of.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    (bound.machine.slots() * size_of::<u64>(), of)
}

/// A node's memory; what `Keep`, `Sample` and the moment of a `since` hold is their very value.
fn slots(bound: &Bound, index: usize) -> usize {
    let memory = bound.machine.layout().memory[index].len();
    let holds = matches!(bound.flow.nodes[index].op, Op::Keep(_) | Op::Sample | Op::LastTrue | Op::LastEvent);
    memory + usize::from(holds)
}
