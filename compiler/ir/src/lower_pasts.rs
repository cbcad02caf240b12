//! Equations that read each other's past. Such a read comes before all that may write the cell it looks at, whoever asks
//! for it; and what writes the cell is part of the flow, even if nothing else asks for that.

use std::collections::BTreeSet;

use gbc_analysis::{named_reads, operands};
use gbc_hir::{ExprId, ExprKind};

use crate::lower::Lowering;

impl Lowering<'_> {
    /// Lowers all reads of a past that the flow will need; what has to be kept for them.
    pub(crate) fn pasts(&mut self, test: Option<usize>) -> Vec<ExprId> {
        let program = self.program;
        if program.pasts.is_empty() {
            return Vec::new();
        }
        let mut keeps = BTreeSet::new();
        let mut reads = BTreeSet::new();
        let mut seen = vec![false; program.exprs.len()];
        let mut open = self.asked_for(test);
        while let Some(id) = open.pop() {
            if std::mem::replace(&mut seen[id.0 as usize], true) {
                continue;
            }
            let kind = &program.expr(id).kind;
            let keep = self.past_read(kind);
            reads.extend(keep.map(|_| id));
            keeps.extend(keep);
            open.extend(operands(kind).chain(keep));
        }
        reads.into_iter().for_each(|read| {
            self.expr(read);
        });
        keeps.into_iter().collect()
    }

    /// What is kept for a read of a past.
    fn past_read(&self, kind: &ExprKind) -> Option<ExprId> {
        let ExprKind::History { value, .. } = *kind else { return None };
        let ExprKind::Prev(cell) = self.program.expr(value).kind else { return None };
        self.program.pasts.iter().find(|past| past.cell == cell).map(|past| past.keep)
    }

    /// What the flow is made for.
    fn asked_for(&self, test: Option<usize>) -> Vec<ExprId> {
        let program = self.program;
        let rules = program.rules.iter().flat_map(|rule| {
            let assigned = rule.assigns().into_iter().map(|assign| assign.value);
            assigned.chain(rule.choices()).chain([rule.condition])
        });
        let exports = program.exports.iter().map(|export| export.value);
        let expects = test.map_or(&[][..], |test| &program.tests[test].expects).iter().map(|(id, _)| *id);
        let watched = expects.clone().flat_map(|id| named_reads(program, id)).map(|(_, id)| id);
        let targets = program.targets.iter().map(|target| target.value);
        targets.chain(rules).chain(exports).chain(program.order_values()).chain(expects).chain(watched).collect()
    }
}
