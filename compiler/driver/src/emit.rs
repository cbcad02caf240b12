//! What the compiler made of a source, as text.

use gbc_ir::NodeId;

use crate::Checked;

/// How far to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The tree of the text.
    Ast,
    /// The typed program.
    Hir,
    /// The flow as it runs, with the slots that it takes.
    Flow,
}

/// The text of a stage; `None` if the program is not sound enough to get there.
pub fn emit(checked: &Checked, stage: Stage) -> Option<String> {
    match stage {
        Stage::Ast => Some(gbc_syntax::tree(&checked.source.text).outline()),
        _ if !checked.is_sound() => None,
        Stage::Hir => Some(gbc_hir::print(&checked.program)),
        Stage::Flow => flow_text(checked),
    }
}

/// What stands behind `#` is for people: what was left out, and each node's slots while parameters have their own values.
fn flow_text(checked: &Checked) -> Option<String> {
    let lowered = checked.flow(None).nodes.len();
    let bound = checked.trial().ok()?;
    let layout = bound.machine.layout();
    let slots = |id: NodeId| {
        let (value, memory) = (layout.values[id.0 as usize], &layout.memory[id.0 as usize]);
        let memory = if memory.is_empty() { String::new() } else { format!(", {}..{}", memory.start, memory.end) };
        format!("slot {value}{memory}")
    };
    let nodes = bound.flow.nodes.len();
    let head = format!("# {nodes} of {lowered} nodes are left after optimize; {} slots\n", layout.size);
    Some(head + &gbc_ir::print_with(&bound.flow, &slots))
}
