//! What is said of conditions that can never be true, or always are.

use gbc_core::arithmetic::BinaryOp;
use gbc_diagnostics::{Diagnostic, Span};
use gbc_hir::{ExprId, ExprKind, Program, Ty};

use crate::Interval;
use crate::conditions::Decides;
use crate::reading::{Env, Reader};

/// A condition that nothing can make true.
pub(crate) fn never_true(reader: &mut Reader, condition: ExprId, decides: Decides) -> Diagnostic {
    let so = match decides {
        Decides::Rule => "so this rule never fires",
        Decides::Branch => "so this is never true",
        Decides::Enter => "so this trade never opens",
        Decides::Exit => "so this never closes the trade",
        Decides::Flat => "so this never closes anything",
    };
    let parts = parts(reader.program, condition);
    if let Some(part) = parts.iter().find(|part| reader.taken_in(**part).interval.is(false)) {
        return impossible_part(reader, *part, so);
    }
    if let Some([one, other]) = contradiction(reader, &parts) {
        return at_once(reader, one, other, so);
    }
    let at = reader.program.expr(condition).span;
    Diagnostic::error("E0220", "this condition can never be true here", at, "what could make it true was taken before")
        .help("an earlier condition leaves nothing for it; change one of the two, or delete this branch")
}

/// A condition that nothing can make false.
pub(crate) fn always_true(reader: &Reader, condition: ExprId, decides: Decides) -> Diagnostic {
    let program = reader.program;
    let at = program.expr(condition).span;
    let so = match decides {
        Decides::Rule => "so this rule fires once and never again",
        Decides::Branch => "so it decides nothing",
        Decides::Enter => "so this trade opens whenever it may",
        Decides::Exit => "so this closes the trade at once",
        Decides::Flat => "so nothing stays open",
    };
    let diagnostic = Diagnostic::warning("W0110", format!("this condition is always true, {so}"), at, "always true");
    let diagnostic = match program.expr(condition).kind {
        ExprKind::Binary(op, a, b) if op.compares() => reasons(reader, a, b)
            .into_iter()
            .filter(|(span, _)| inside(at, *span))
            .fold(diagnostic, |all, (span, text)| all.label(span, text)),
        _ => diagnostic,
    };
    diagnostic.help("leave the condition out, or compare with something that can make it false")
}

/// What `and` puts together.
fn parts(program: &Program, condition: ExprId) -> Vec<ExprId> {
    let (mut found, mut open) = (Vec::new(), vec![condition]);
    while let Some(id) = open.pop() {
        match program.expr(id).kind {
            ExprKind::Binary(BinaryOp::And, a, b) => open.extend([b, a]),
            _ => found.push(id),
        }
    }
    found
}

/// Two parts that cannot both be true.
fn contradiction(reader: &mut Reader, parts: &[ExprId]) -> Option<[ExprId; 2]> {
    for (index, one) in parts.iter().enumerate() {
        for other in &parts[index + 1..] {
            let mut given = reader.assume(&mut Env::default(), *one, true);
            let both = reader.assume(&mut given, *other, true);
            if both.dead || reader.read(&mut given, *other).interval.is(false) {
                return Some([*one, *other]);
            }
        }
    }
    None
}

/// `z > 0 and z < -1`
fn at_once(reader: &Reader, one: ExprId, other: ExprId, so: &str) -> Diagnostic {
    let program = reader.program;
    let sides = [one, other].map(|part| match program.expr(part).kind {
        ExprKind::Binary(op, a, b) if op.compares() => Some((op, a, b)),
        _ => None,
    });
    let spans = [one, other].map(|part| program.expr(part).span);
    let (message, labels) = match sides {
        [Some((first, a, low)), Some((second, b, high))] if reader.is_same(bare(program, a), bare(program, b)) => {
            let (low, high) = (text(program, spans[0], low), text(program, spans[1], high));
            let words = [format!("{} {low}", word(first)), format!("{} {high}", word(second))];
            let who = text(program, spans[0], a);
            (format!("{who} cannot be {} and {} at once, {so}", words[0], words[1]), words)
        }
        _ => (format!("these cannot both be true, {so}"), ["this".to_owned(), "and this".to_owned()]),
    };
    let [first, second] = labels;
    Diagnostic::error("E0220", message, spans[0], first)
        .label(spans[1], second)
        .help("if either is enough, write `or`; else change one of the two")
}

/// A comparison that fails by itself.
fn impossible_part(reader: &Reader, part: ExprId, so: &str) -> Diagnostic {
    let program = reader.program;
    let at = program.expr(part).span;
    let ExprKind::Binary(op, a, b) = program.expr(part).kind else {
        return Diagnostic::error("E0220", "this can never be true", at, "false whatever the market does")
            .help("compare with something that can make it true");
    };
    if reader.is_same(a, b) {
        let message = format!("nothing is {} itself, {so}", word(op));
        return Diagnostic::error("E0220", message, at, "both sides are one value")
            .help("compare two different values, or a value with its past: `x > x[1]`");
    }
    let who = text(program, at, a);
    let message = format!("{who} is never {} {}, {so}", word(op), text(program, at, b));
    let remark = if op.compares() { range(reader, a) } else { "never true".to_owned() };
    Diagnostic::error("E0220", message, at, remark).help("compare with a value that it can reach")
}

/// Where both sides of a comparison lie.
fn reasons(reader: &Reader, a: ExprId, b: ExprId) -> Vec<(Span, String)> {
    [a, b].map(|side| (reader.program.expr(side).span, range(reader, side))).into()
}

/// Where a value lies, in words.
fn range(reader: &Reader, id: ExprId) -> String {
    let Interval { low, high, .. } = reader.taken_in(id).interval;
    let unit = if matches!(reader.program.expr(id).ty, Ty::Exact(_)) { " ticks" } else { "" };
    // What rounding adds is nobody's business.
    let [low, high] =
        [low, high].map(|end| if end.abs() < 1e9 { gbc_core::maths::round(end * 1e6) / 1e6 } else { end });
    match (low.is_finite(), high.is_finite()) {
        (true, true) if low == high => format!("this is {low}{unit}"),
        (true, true) => format!("lies between {low} and {high}{unit}"),
        (true, false) => format!("is never below {low}{unit}"),
        (false, true) => format!("is never above {high}{unit}"),
        _ => "whatever the market does".to_owned(),
    }
}

/// What is compared, without its conversion.
fn bare(program: &Program, id: ExprId) -> ExprId {
    match program.expr(id).kind {
        ExprKind::ToNum(inner) => bare(program, inner),
        _ => id,
    }
}

/// A side of a comparison as people call it: by its name, or as it is written there.
fn text(program: &Program, at: Span, id: ExprId) -> String {
    let id = bare(program, id);
    if let Some(equation) = program.equations.iter().find(|equation| equation.value == id) {
        return format!("`{}`", equation.name);
    }
    let span = program.expr(id).span;
    let written = program.text_at(span);
    if inside(at, span) && !written.contains('\n') && written.len() <= 40 {
        return if written.bytes().all(|byte| !byte.is_ascii_alphabetic()) {
            written.to_owned()
        } else {
            format!("`{written}`")
        };
    }
    "this".to_owned()
}

fn inside(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

fn word(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Lt => "below",
        BinaryOp::Le => "at or below",
        BinaryOp::Gt => "above",
        BinaryOp::Ge => "at or above",
        BinaryOp::Eq => "equal to",
        _ => "other than",
    }
}
