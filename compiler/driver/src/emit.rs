//! What the compiler made of a source, as text.

use crate::Checked;

/// How far to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The tree of the text.
    Ast,
    /// The typed program.
    Hir,
    /// The flow.
    Flow,
}

/// The text of a stage; `None` if the program is not sound enough to get there.
pub fn emit(checked: &Checked, stage: Stage) -> Option<String> {
    match stage {
        Stage::Ast => Some(checked.parsed.tree.outline()),
        _ if !checked.is_sound() => None,
        Stage::Hir => Some(gbc_hir::print(&checked.program)),
        Stage::Flow => Some(gbc_ir::print(&checked.flow(None))),
    }
}
