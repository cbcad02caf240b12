//! The typed program as text: what `gbc emit --stage hir` shows.

use std::fmt::Write;

use crate::{Action, ExprId, ExprKind, Program, Ty, clock_text};

/// One line for each definition.
pub fn print(program: &Program) -> String {
    let mut out = format!("strategy {}\n", program.name);
    let printer = Printer { program };
    for (index, market) in program.markets.iter().enumerate() {
        let _ = writeln!(out, "market {} = m{index}", market.name);
    }
    for param in &program.params {
        let _ = writeln!(out, "param {}: {} = {}", param.name, printer.ty(param.ty), param.default);
    }
    for (index, clock) in program.clocks.iter().enumerate() {
        let _ = writeln!(out, "clock c{index} = {}", clock_text(program, *clock));
    }
    for id in &program.requires {
        let _ = writeln!(out, "require {}", printer.expr(*id));
    }
    for equation in &program.equations {
        let ty = printer.ty(program.expr(equation.value).ty);
        let _ = writeln!(out, "let {}: {ty} = {}", equation.name, printer.expr(equation.value));
    }
    for state in &program.states {
        let _ = writeln!(out, "state {}: {} = {}", state.name, printer.ty(state.ty), printer.expr(state.init));
    }
    for rule in &program.rules {
        let head = match rule.on {
            Some(clock) => format!("on c{} if", clock.0),
            None => "when".to_owned(),
        };
        let _ = writeln!(out, "{head} {}", printer.expr(rule.condition));
        printer.body(&mut out, &rule.body, 1);
    }
    for target in &program.targets {
        let _ = writeln!(out, "target {} = {}", program.markets[target.market].name, printer.expr(target.value));
    }
    out
}

struct Printer<'a> {
    program: &'a Program,
}

impl Printer<'_> {
    fn ty(&self, ty: Ty) -> String {
        match ty {
            Ty::Bool => "bool".to_owned(),
            Ty::Int => "int".to_owned(),
            Ty::Exact(market) => format!("price of {}", self.program.markets[market].name),
            Ty::Duration => "duration".to_owned(),
            Ty::Enum(index) => self.program.enums[index].name.clone(),
            Ty::Num(dim) => format!("num ({dim})"),
            Ty::Unknown => "unknown".to_owned(),
        }
    }

    fn body(&self, out: &mut String, body: &[Action], depth: usize) {
        let indent = "  ".repeat(depth);
        for action in body {
            match action {
                Action::Assign(assign) => {
                    let state = &self.program.states[assign.state].name;
                    let _ = writeln!(out, "{indent}{state} = {}", self.expr(assign.value));
                }
                Action::Export(export) => {
                    let export = &self.program.exports[*export];
                    let _ = writeln!(out, "{indent}export {} as {:?}", self.expr(export.value), export.label);
                }
                Action::Send(send) => {
                    let send = &self.program.sends[*send];
                    let (side, market) = (if send.buy { "buy" } else { "sell" }, &self.program.markets[send.market]);
                    let _ = writeln!(out, "{indent}send {side} {} {}", self.expr(send.size), market.name);
                }
                Action::Cancel(name) => {
                    let _ = writeln!(out, "{indent}cancel {name}");
                }
                Action::If { condition, then, otherwise } => {
                    let _ = writeln!(out, "{indent}if {}", self.expr(*condition));
                    self.body(out, then, depth + 1);
                    if !otherwise.is_empty() {
                        let _ = writeln!(out, "{indent}else");
                        self.body(out, otherwise, depth + 1);
                    }
                }
            }
        }
    }

    /// Named equations inside others are shown by name.
    fn expr(&self, id: ExprId) -> String {
        self.nested(id, true)
    }

    fn nested(&self, id: ExprId, top: bool) -> String {
        if !top && let Some(equation) = self.program.equations.iter().find(|equation| equation.value == id) {
            return equation.name.clone();
        }
        let x = |id: &ExprId| self.nested(*id, false);
        match &self.program.expr(id).kind {
            ExprKind::Const(value) => value.to_string(),
            ExprKind::Param(index) => self.program.params[*index].name.clone(),
            ExprKind::Ticks(market, count) => format!("{count} ticks of {}", self.program.markets[*market].name),
            ExprKind::Point(market) => format!("{}.point", self.program.markets[*market].name),
            ExprKind::Row(clock, _, column) => format!("{}[c{}]", column.name(), clock.0),
            ExprKind::Forming(clock, _, field) => format!("forming.{}[c{}]", field.name(), clock.0),
            ExprKind::Bar(clock, _, field) => format!("{}[c{}]", field.name(), clock.0),
            ExprKind::View(market, field) => format!("{}.{}", self.program.markets[*market].name, field.name()),
            ExprKind::Life(market) => format!("trade({})", self.program.markets[*market].name),
            ExprKind::State(state) => self.program.states[*state].name.clone(),
            ExprKind::IsOpen(_, session) => format!("{}.is_open", self.program.sessions[*session].name),
            ExprKind::Age(_, market) => format!("{}.age", self.program.markets[*market].name),
            ExprKind::SinceOpen(session) => format!("{}.since_open", self.program.sessions[*session].name),
            ExprKind::Since { value, .. } => format!("since({})", x(value)),
            ExprKind::Prev(cell) => format!("prev k{}", cell.0),
            ExprKind::Keep { cell, value, .. } => format!("keep k{} {}", cell.0, x(value)),
            ExprKind::Part { of, index } => x(&of[*index]),
            ExprKind::ToNum(value) => format!("num({})", x(value)),
            ExprKind::Unary(op, value) => format!("{}({})", op.name(), x(value)),
            ExprKind::Binary(op, left, right) => format!("{}({}, {})", op.name(), x(left), x(right)),
            ExprKind::If(condition, then, otherwise) => format!("if({}, {}, {})", x(condition), x(then), x(otherwise)),
            ExprKind::Else(first, second) => format!("else({}, {})", x(first), x(second)),
            ExprKind::History { value, back, .. } => format!("{}[{}]", x(value), x(back)),
            ExprKind::Window { kind, value, length, .. } => format!("{}({}, {})", kind.name(), x(value), x(length)),
            ExprKind::Undefined => "undefined".to_owned(),
            ExprKind::Span { kind, value, session: Some(session), length, .. } => {
                let name = &self.program.sessions[*session].name;
                format!("{}({}, {name}.first({}))", kind.name(), x(value), x(length))
            }
            ExprKind::Span { kind, value, life: Some(life), .. } => {
                format!("{}({}, {})", kind.name(), x(value), x(life))
            }
            ExprKind::Span { kind, value, other, length, pane, .. } => {
                let inputs = [Some(value), other.as_ref(), Some(length)].into_iter().flatten().map(x);
                let panes = pane.as_ref().map_or(String::new(), |pane| format!(" by {}", x(pane)));
                format!("{}({}{panes})", kind.name(), inputs.collect::<Vec<_>>().join(", "))
            }
            ExprKind::PairWindow { kind, values: [a, b], length, .. } => {
                format!("{}({}, {}, {})", kind.name(), x(a), x(b), x(length))
            }
            ExprKind::Sample(value, clock) => format!("{} @ c{}", x(value), clock.0),
            ExprKind::Told(told, args) => {
                format!("{}({})", told.name(), args.iter().map(x).collect::<Vec<_>>().join(", "))
            }
            ExprKind::Unknown => "?".to_owned(),
        }
    }
}
