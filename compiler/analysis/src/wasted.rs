//! Parameters that a sweep would try in vain: no order depends on them.

use gbc_diagnostics::{Diagnostic, Diagnostics};
use gbc_hir::{ExprId, ExprKind, Program};

use crate::facts::Facts;
use crate::reach;

/// Reports parameters with a range that reach no order.
pub(crate) fn find(program: &Program, facts: &Facts, diagnostics: &mut Diagnostics) {
    if program.is_library || program.wants_nothing() {
        return;
    }
    let reached = reach::orders(program).into_iter().fold(0, |all, id| all | facts.get(id).params);
    for (index, _) in program.params.iter().enumerate().filter(|(_, param)| param.range.is_some()) {
        // From the 64th on they share a bit: what reaches for one is taken to reach for all.
        if reached >> index.min(63) & 1 == 0 {
            diagnostics.push(reaches_no_order(program, facts, index));
        }
    }
}

fn reaches_no_order(program: &Program, facts: &Facts, index: usize) -> Diagnostic {
    let param = &program.params[index];
    let message = format!("`{}` has a range, but reaches no order: a sweep over it would be wasted", param.name);
    let remark = match goes_into(program, facts, index) {
        names if !names.is_empty() => format!("goes into {}, and no further", names.join(", ")),
        _ if is_read(program, index) => "read, but by nothing that decides an order".to_owned(),
        _ => "nothing reads it".to_owned(),
    };
    Diagnostic::error("E0221", message, param.span, remark)
        .help(format!("take the range away, or let an order depend on `{}`", param.name))
        .fix(param.range_at, "")
}

/// The equations that its value goes into.
fn goes_into(program: &Program, facts: &Facts, index: usize) -> Vec<String> {
    let reached =
        program.equations.iter().filter(|equation| facts.get(equation.value).params >> index.min(63) & 1 == 1);
    reached.map(|equation| format!("`{}`", equation.name)).collect()
}

fn is_read(program: &Program, index: usize) -> bool {
    let reads = |id: &ExprId| program.expr(*id).kind == ExprKind::Param(index);
    reach::needed(program).iter().any(reads)
}
