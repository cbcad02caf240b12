//! What can be wrong with time and definedness, in words.

use gbc_diagnostics::Diagnostic;
use gbc_diagnostics::Span;
use gbc_hir::{Clock, ExprId, ExprKind, Program};

use crate::defined::Cause;
use crate::facts::ClockSet;

fn what(kind: &ExprKind) -> &'static str {
    match kind {
        ExprKind::Window { kind, .. } => kind.name(),
        ExprKind::History { .. } => "[n]",
        _ => "prev",
    }
}

/// How people say when a clock ticks.
fn when(program: &Program, clock: Clock) -> String {
    match clock {
        Clock::Quotes(market) => format!("on every quote of `{}`", program.markets[market].name),
        Clock::Trades(market) => format!("on every trade of `{}`", program.markets[market].name),
        Clock::Bars(series) => {
            let series = program.series[series];
            format!(
                "with every {} bar of `{}`",
                gbc_core::time::span_text(series.span_ns),
                program.markets[series.market].name
            )
        }
    }
}

/// A memory whose input changes on several clocks.
pub(crate) fn which_clock(program: &Program, id: ExprId, length: Option<ExprId>, clocks: ClockSet) -> Diagnostic {
    let expr = program.expr(id);
    let name = what(&expr.kind);
    let times: Vec<String> = clocks.iter().map(|clock| when(program, program.clocks[clock.0 as usize])).collect();
    let question = match length.map(|length| &program.expr(length).kind) {
        Some(ExprKind::Const(n)) => format!("{n} of what? its input changes {}", times.join(" and ")),
        _ => format!("of what? its input changes {}", times.join(" and ")),
    };
    let message = format!("`{name}` needs to know when to take samples");
    Diagnostic::error("E0312", message, expr.span, question)
        .help("name the clock after `@`, a bar series for instance: `let dev @ b = …`")
}

/// A memory that nothing moves.
pub(crate) fn never_steps(program: &Program, id: ExprId) -> Diagnostic {
    let message = format!("`{}` needs to know when to step", what(&program.expr(id).kind));
    Diagnostic::error("E0312", message, program.expr(id).span, "nothing here changes with the market")
        .help("name a clock after `@`: `let n @ b = …`")
}

/// A decision that may be undefined.
pub(crate) fn may_be_undefined(program: &Program, what: &str, at: Span, cause: &Cause) -> Diagnostic {
    let named = program.equations.iter().find(|equation| {
        let inside = program.expr(equation.value).span;
        inside.start <= cause.span.start && cause.span.end <= inside.end
    });
    let who = named.map_or("this".to_owned(), |equation| format!("`{}`", equation.name));
    let message = format!("{what} must always be decidable, and {who} may be undefined");
    let diagnostic = Diagnostic::error("E0207", message, cause.span, cause.text.clone());
    let diagnostic = if at.start <= cause.span.start && cause.span.end <= at.end {
        diagnostic
    } else {
        diagnostic.label(at, "decides here")
    };
    diagnostic.help("say what to take instead: `… else 0`")
}
