//! What can be wrong with time and definedness, in words.

use gbc_diagnostics::Diagnostic;
use gbc_diagnostics::Span;
use gbc_hir::{Clock, ExprId, ExprKind, Program, clock_words};

use crate::facts::ClockSet;

/// What remembers, as it is written: a function of the library goes by its own name, not by what it is made of.
fn what(program: &Program, id: ExprId) -> String {
    let expr = program.expr(id);
    let written = program.text_at(expr.span);
    let callee = written.split_once('(').map_or("", |(callee, _)| callee);
    let is_name = !callee.is_empty() && callee.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match &expr.kind {
        _ if is_name && written.ends_with(')') => format!("`{callee}`"),
        ExprKind::Window { kind, .. } => format!("`{}`", kind.name()),
        ExprKind::Span { kind, .. } => format!("`{}`", kind.name()),
        ExprKind::PairWindow { kind, .. } => format!("`{}`", kind.name()),
        ExprKind::Since { .. } => "`since`".to_owned(),
        ExprKind::History { .. } if written.contains("crosses") => "`crosses`".to_owned(),
        ExprKind::History { .. } => "a look back".to_owned(),
        ExprKind::Keep { .. } if program.pasts.iter().any(|past| past.keep == id) => {
            let equation = program.equations.iter().find(|equation| program.apart(equation.value) == id);
            equation.map_or("a past".to_owned(), |equation| format!("the past of `{}`", equation.name))
        }
        _ => "`prev`".to_owned(),
    }
}

/// A memory whose input changes on several clocks.
pub(crate) fn which_clock(program: &Program, id: ExprId, length: Option<ExprId>, clocks: ClockSet) -> Diagnostic {
    let span = program.expr(id).span;
    let clocks: Vec<Clock> = clocks.iter().map(|clock| program.clocks[clock.0 as usize]).collect();
    let times: Vec<String> = clocks.iter().map(|clock| clock_words(program, *clock)).collect();
    let count = match length.map(|length| &program.expr(length).kind) {
        Some(ExprKind::Const(n)) => n.to_string(),
        Some(ExprKind::Param(index)) => program.params[*index].name.clone(),
        _ => "steps".to_owned(),
    };
    let question = format!("{count} of what? its input changes {}", times.join(" and "));
    let message = format!("{} needs to know when to take samples", what(program, id));
    Diagnostic::error("E0312", message, span, question).help(answers(program, span, &clocks))
}

/// Every answer to "of what?", as it would be typed.
fn answers(program: &Program, span: Span, clocks: &[Clock]) -> String {
    let equation = equation_at(program, span);
    let (name, value) = equation.map_or(("x", program.text_at(span)), |equation| {
        let name = program.text_at(equation.span);
        // A field is not kept alone: the clock is that of the whole record.
        let whole = if equation.is_field() { equation.written } else { program.expr(equation.value).span };
        (name, program.text_at(whole))
    });
    let named = program.feeds.iter().filter(|(_, clock)| clocks.contains(clock));
    let answers: Vec<String> = named
        .map(|(feed, clock)| format!("{}: `let {name} @ {feed} = {value}`", clock_words(program, *clock)))
        .collect();
    if answers.is_empty() {
        return format!("name one of the clocks, say `let q = es.quotes`, then `let {name} @ q = {value}`");
    }
    answers.join("\n")
}

/// The equation that a place belongs to.
pub(crate) fn equation_at(program: &Program, span: Span) -> Option<&gbc_hir::Equation> {
    program.equations.iter().find(|equation| {
        let holds = |outer: Span| outer.start <= span.start && span.end <= outer.end;
        holds(equation.written) || holds(program.expr(equation.value).span)
    })
}

/// A memory that nothing moves.
pub(crate) fn never_steps(program: &Program, id: ExprId) -> Diagnostic {
    let span = program.expr(id).span;
    let message = format!("{} needs to know when to step", what(program, id));
    let clocks: Vec<Clock> = program.feeds.iter().map(|(_, clock)| *clock).collect();
    Diagnostic::error("E0312", message, span, "nothing here changes with the market")
        .help(answers(program, span, &clocks))
}

/// A rule that nothing can set off.
pub(crate) fn never_changes(at: Span) -> Diagnostic {
    Diagnostic::error(
        "E0314",
        "this condition never changes, so it never turns true",
        at,
        "the same from the first event to the last",
    )
    .help("a rule fires when its condition goes from false to true; compare something that moves with the market")
}
