//! Calls: bar series, windows, mathematics, and functions expanded where they are called.

use super::spans::Length;
use gbc_core::bars::Size;
use gbc_core::maths::round;
use gbc_core::window::SpanKind;
use gbc_core::window::{PairKind, WindowKind};
use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, ExprKind as Ast, ItemKind};

use super::scope::{Global, Operand, Owner, Scope};
use super::trace::Step;
use super::{Checker, MAX_EXPRS};
use crate::{Dim, ExprId, ExprKind, Series, Ty, Value, errors, fold};
use gbc_core::arithmetic::{BinaryOp, UnaryOp};

/// No function may call functions deeper than this.
pub(super) const MAX_CALLS: usize = 32;

/// `5m`, `1000 trades`, `5_000 lots`, `10_000_000 usd`, `range 8 ticks`
fn written_size(scope: &Scope<'_>, length: ast::ExprId) -> Option<Size> {
    let whole = |value: f64| (value.fract() == 0.0 && (1.0..9e15).contains(&value)).then_some(value as i64);
    let nano = |value: f64| (value > 0.0 && value < 9e9).then(|| round(value * 1e9) as i64).filter(|nano| *nano > 0);
    match scope.file.expr(length).kind {
        Ast::Duration(ns @ 1..) => Some(Size::Time(ns)),
        Ast::Measure { value, unit: ast::Unit::Trades } => whole(value).map(Size::Trades),
        Ast::Measure { value, unit: ast::Unit::Lots } => nano(value).map(Size::Lots),
        Ast::Measure { value, unit: ast::Unit::Money } => nano(value).map(Size::Money),
        Ast::BarRange(of) => match scope.file.expr(of).kind {
            Ast::Measure { value, unit: ast::Unit::Ticks } => whole(value).map(Size::Range),
            _ => None,
        },
        _ => None,
    }
}

impl<'a> Checker<'a> {
    /// `callee(args)`
    pub(super) fn call(&mut self, scope: &Scope<'a>, callee: ast::ExprId, args: &[ast::ExprId], at: Span) -> Operand {
        match &scope.file.expr(callee).kind {
            Ast::Member { base, name } => {
                if self.names_inputs(scope, args) {
                    args.iter().for_each(|arg| _ = self.operand(scope, *arg));
                    return Operand::Unknown;
                }
                let base = self.operand(scope, *base);
                match (base, name.text.as_str()) {
                    (Operand::Unknown, _) => Operand::Unknown,
                    (Operand::Market(market), "book") => self.book(scope, market, args, at),
                    (Operand::Book { market, levels }, _) => self.level(scope, (market, levels), name, args, at),
                    (Operand::Market(market), "bars") => self.series(scope, market, args, at),
                    (Operand::Session(session), "first") => self.first(scope, session, args, at),
                    _ => {
                        let (place, written) = (scope.shown(name.span), self.program.text_at(scope.span(callee)));
                        self.report(errors::only_bars_are_called(&name.text, place, written));
                        Operand::Unknown
                    }
                }
            }
            Ast::Name(name) => self.function(scope, name, scope.span(callee), args, at),
            _ => {
                self.report(errors::not_callable(scope.span(callee)));
                Operand::Unknown
            }
        }
    }

    fn series(&mut self, scope: &Scope<'a>, market: usize, args: &[ast::ExprId], at: Span) -> Operand {
        let [length] = args else {
            let diagnostic = errors::wrong_count("bars", "5m", 1, args.len(), at);
            let (name, write) =
                (&self.program.markets[market].name, |id: &ast::ExprId| self.program.text_at(scope.span(*id)));
            self.report(match args {
                [length, session] => {
                    diagnostic.help(format!("of a session: `{name}.bars({}) in {}`", write(length), write(session)))
                }
                _ => diagnostic,
            });
            return Operand::Unknown;
        };
        let Some(size) = written_size(scope, *length) else {
            let kind = &scope.file.expr(*length).kind;
            let (whole, zero) = (matches!(kind, Ast::Int(1..)), matches!(kind, Ast::Duration(_)));
            let (market, place) = (&self.program.markets[market].name, scope.span(*length));
            self.report(errors::span_is_written(place, market, self.program.text_at(place), whole, zero));
            return Operand::Unknown;
        };
        Operand::Series(self.series_of(Series { market, size, session: None }))
    }

    /// The series of that kind, each once.
    pub(super) fn series_of(&mut self, wanted: Series) -> usize {
        let index = self.program.series.iter().position(|known| *known == wanted).unwrap_or_else(|| {
            self.program.series.push(wanted);
            self.program.series.len() - 1
        });
        self.recorder.note(Step::Series(index));
        index
    }

    fn function(&mut self, scope: &Scope<'a>, name: &str, name_at: Span, args: &[ast::ExprId], at: Span) -> Operand {
        let own = match self.global(scope, name) {
            Some(Global::Record(kind)) => {
                if scope.owner == Owner::Own {
                    self.used(name);
                }
                return self.constructed(scope, kind, args, at);
            }
            Some(Global::Model(model)) => return self.infer(scope, model, args, at),
            // A name that its library does not have: that has been said.
            Some(Global::Broken) => return Operand::Unknown,
            Some(Global::Fn(owner, item)) => Some((owner, item)),
            _ => None,
        };
        let builtin = own.is_none();
        if builtin && let Some(found) = self.of_the_engine(scope, name, args, name_at, at) {
            return found;
        }
        // Two functions share the name `slope`: of one series, and of two. How many inputs there are tells them apart.
        let hides = |file: &ast::File, item: usize| match &file.items[item].kind {
            ItemKind::Fn(function) => pair_kind(name).is_none() || args.len() != 3 || function.inputs.len() == 3,
            _ => false,
        };
        if own.is_some() && scope.owner == Owner::Own {
            self.used(name);
        }
        if let Some((owner, item)) = own
            && hides(self.file_of(owner), item)
        {
            return self.expand(scope, owner, item, args, at);
        }
        if let Some(item) = self.library_function(name).filter(|item| hides(self.std, *item)) {
            return self.expand(scope, Owner::Std, item, args, at);
        }
        let Some(args) = self.native_by_name(scope, name, args, at) else { return Operand::Unknown };
        let args = args.as_slice();
        if let Some((_, op)) = UnaryOp::functions().find(|(known, _)| *known == name) {
            return self
                .counted(scope, name, "x", 1, args, at)
                .map_or(Operand::Unknown, |ids| Operand::Value(self.mapped(op, ids[0], at)));
        }
        if let Some((_, op)) = BinaryOp::functions().find(|(known, _)| *known == name) {
            if let Some(found) = self.extreme_over_time(scope, name, args, at) {
                return found;
            }
            return self
                .counted(scope, name, "a, b", 2, args, at)
                .map_or(Operand::Unknown, |ids| Operand::Value(self.pair(op, [ids[0], ids[1]], at)));
        }
        if name == "clamp" {
            return self.counted(scope, name, "x, low, high", 3, args, at).map_or(Operand::Unknown, |ids| {
                self.stand(ids.iter().copied().zip(args.iter().map(|arg| scope.span(*arg))));
                let above = self.arithmetic(BinaryOp::Max, ids[0], ids[1], at);
                Operand::Value(self.arithmetic(BinaryOp::Min, above, ids[2], at))
            });
        }
        if let Some((_, kind)) = WindowKind::NAMES.iter().find(|(known, _)| *known == name) {
            return self.window(scope, *kind, args, at);
        }
        match name {
            "count" => return self.count_events(scope, args, at),
            "ago" => return self.ago(scope, args, at),
            "since" => return self.since(scope, args, at),
            "trade" => return self.life_of(scope, args, at),
            "snap" => return self.snap(scope, args, at),
            _ => {}
        }
        if let Some(kind) = pair_kind(name) {
            return self.pair_window(scope, kind, args, at);
        }
        let known = self.function_names();
        self.report(errors::unknown_function(name, name_at, known.iter().map(String::as_str)));
        Operand::Unknown
    }

    /// Functions of which only the engine knows the value.
    fn of_the_engine(
        &mut self,
        scope: &Scope<'a>,
        name: &str,
        args: &[ast::ExprId],
        name_at: Span,
        at: Span,
    ) -> Option<Operand> {
        if name == "future" {
            return Some(self.future(scope, args, name_at, at));
        }
        self.across(scope, name, args, at).or_else(|| self.account_size(scope, name, args, at))
    }

    fn function_names(&self) -> Vec<String> {
        let own = self
            .globals
            .iter()
            .filter(|(_, (global, _))| matches!(global, Global::Fn(..) | Global::Record(_)))
            .map(|(name, _)| name.clone());
        let library = self.std.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Fn(function) => Some(function.name.text.clone()),
            _ => None,
        });
        let native = UnaryOp::functions().map(|(name, _)| name).chain(BinaryOp::functions().map(|(name, _)| name));
        let native = native
            .chain(WindowKind::NAMES.iter().map(|(name, _)| *name))
            .chain(["clamp", "count", "ago", "since", "snap", "all_in", "equity", "lots_for"]);
        let native = native.chain(PairKind::NAMES.iter().map(|(name, ..)| *name));
        own.chain(library).chain(native.map(str::to_owned)).collect()
    }

    pub(super) fn library_function(&self, name: &str) -> Option<usize> {
        self.std
            .items
            .iter()
            .position(|item| matches!(&item.kind, ItemKind::Fn(function) if function.name.text == name))
    }

    /// The values of exactly `count` arguments.
    pub(super) fn counted(
        &mut self,
        scope: &Scope<'a>,
        name: &str,
        inputs: &str,
        count: usize,
        args: &[ast::ExprId],
        at: Span,
    ) -> Option<Vec<ExprId>> {
        if args.len() != count {
            self.report(errors::wrong_count(name, inputs, count, args.len(), at));
            return None;
        }
        let values: Vec<ExprId> = args.iter().map(|arg| self.value(scope, *arg)).collect();
        self.stand(values.iter().copied().zip(args.iter().map(|arg| scope.span(*arg))));
        Some(values)
    }

    fn mapped(&mut self, op: UnaryOp, id: ExprId, at: Span) -> ExprId {
        let plain = matches!(op, UnaryOp::Exp | UnaryOp::Log | UnaryOp::Sqrt);
        let dim = self.ty(id).dim();
        if plain && dim.is_some_and(|dim| dim != Dim::NONE) {
            return self.wrong(&format!("what `{}` takes", op.name()), "a plain number", id, at);
        }
        if matches!(op, UnaryOp::Floor | UnaryOp::Ceil | UnaryOp::Round) {
            return self.rounded(op, id, at);
        }
        self.map(op, id, op == UnaryOp::Abs, at)
    }

    fn pair(&mut self, op: BinaryOp, ids: [ExprId; 2], at: Span) -> ExprId {
        let [first, second] = ids;
        let window = match op {
            BinaryOp::Min => Some(WindowKind::Lowest),
            BinaryOp::Max => Some(WindowKind::Highest),
            _ => None,
        };
        let priced = self.ty(first).dim().is_some_and(|dim| dim != Dim::NONE);
        let count = match fold(&self.program, second, &self.defaults()) {
            Some(Value::Int(n)) if n > 1 && self.program.expr(second).bare => Some(n),
            _ => None,
        };
        if let (true, Some(window), Some(n)) = (priced, window, count) {
            let written = self.program.text_at(self.place(first)).to_owned();
            self.report(errors::window_or_larger(op.name(), window.name(), at, n, &written));
            return self.unknown(at);
        }
        if op == BinaryOp::Pow {
            let plain = |id: &ExprId| matches!(self.ty(*id), Ty::Int | Ty::Num(Dim::NONE) | Ty::Unknown);
            if let Some(wrong) = ids.into_iter().find(|id| !plain(id)) {
                return self.wrong("what `pow` takes", "a plain number", wrong, at);
            }
            let (first, second) = (self.number(first), self.number(second));
            return self.push(ExprKind::Binary(op, first, second), Ty::NUM, at);
        }
        self.arithmetic(op, first, second, at)
    }

    pub(super) fn window(&mut self, scope: &Scope<'a>, kind: WindowKind, args: &[ast::ExprId], at: Span) -> Operand {
        if self.forgets(scope, kind.name(), at) {
            return Operand::Unknown;
        }
        let [value, length] = args else {
            self.report(errors::wrong_count(kind.name(), "x, n", 2, args.len(), at));
            return Operand::Unknown;
        };
        let (value, value_at) = (self.value(scope, *value), scope.span(*value));
        self.stand([(value, value_at)]);
        if matches!(self.ty(value), Ty::Bool | Ty::Duration | Ty::Enum(_)) {
            return Operand::Value(self.wrong(&format!("what `{}` takes", kind.name()), "a number", value, at));
        }
        let Some(length) = self.length(scope, "a window's length", *length) else { return Operand::Unknown };
        let value = self.number(value);
        let ty = if kind.keeps_unit() { self.ty(value) } else { Ty::NUM };
        match length {
            Length::Steps(length) => {
                Operand::Value(self.push(ExprKind::Window { kind, value, length, default: scope.at }, ty, at))
            }
            reach => self.over_time(scope, SpanKind::Of(kind), (value, None), reach, ty, at),
        }
    }

    pub(super) fn is_length(&mut self, what: &str, id: ExprId, at: Span) -> bool {
        if self.ty(id) == Ty::Unknown {
            return false;
        }
        match (self.ty(id), fold(&self.program, id, &self.defaults())) {
            (Ty::Int, Some(Value::Int(1..=16_777_216))) => return true,
            (Ty::Int | Ty::Num(_), Some(value)) => {
                self.report(errors::length_out_of_range(what, 1, at, &value.to_string()));
            }
            (Ty::Int | Ty::Num(_), None) => self.report(errors::length_not_constant(what, at)),
            (ty, _) => self.report(errors::length_is_no_count(what, at, ty)),
        }
        false
    }

    /// One expansion of a function for these inputs; the same inputs give the same expansion.
    fn expand(&mut self, scope: &Scope<'a>, owner: Owner, item: usize, args: &[ast::ExprId], at: Span) -> Operand {
        let file = self.file_of(owner);
        let ItemKind::Fn(function) = &file.items[item].kind else { unreachable!("only functions are called") };
        let name = &function.name.text;
        if let Some(first) = scope.calls.iter().position(|call| call == name) {
            let path: Vec<String> = scope.calls[first..].iter().cloned().chain([name.clone()]).collect();
            self.report(errors::recursion(&path, at));
            return Operand::Unknown;
        }
        if scope.calls.len() == MAX_CALLS {
            self.report(errors::too_many("functions inside functions", MAX_CALLS, at));
            return Operand::Unknown;
        }
        if self.remembers(owner, item, 0) && self.forgets(scope, name, at) {
            return Operand::Unknown;
        }
        let names: Vec<&str> = function.inputs.iter().map(|(name, _)| name.text.as_str()).collect();
        let args = if self.names_inputs(scope, args) {
            let Some(args) = self.by_name(scope, name, &names, args, at) else { return Operand::Unknown };
            args
        } else {
            args.to_vec()
        };
        if args.len() != names.len() {
            self.report(errors::wrong_count(name, &names.join(", "), names.len(), args.len(), at));
            return Operand::Unknown;
        }
        let inputs: Vec<Operand> = args.iter().map(|arg| self.operand(scope, *arg)).collect();
        if let ("imbalance", Owner::Std, [Operand::Book { market, levels }]) = (name.as_str(), owner, inputs.as_slice())
        {
            return Operand::Value(self.book_imbalance(*market, *levels, at));
        }
        if inputs.contains(&Operand::Unknown) {
            return Operand::Unknown;
        }
        let Some(inputs) = self.as_promised(scope, (owner, function), &args, &inputs) else { return Operand::Unknown };
        let key = (owner, item, self.canonical(&inputs), scope.at, scope.forgetful.is_some());
        let blame = if owner == Owner::Own { scope.blame } else { Some(at) };
        if let Some(known) = self.instances.get(&key).copied() {
            self.called(known, blame, inputs);
            return self.traces.calls[known].found;
        }
        // Said where the limit was met; to expand the rest could take for ever.
        if self.program.exprs.len() > MAX_EXPRS {
            return Operand::Unknown;
        }
        let mut inner = Scope::new(file, scope.item);
        inner.owner = owner;
        inner.names = function.inputs.iter().map(|(name, _)| name.text.clone()).zip(inputs.iter().copied()).collect();
        inner.at = scope.at;
        inner.forgetful = scope.forgetful;
        inner.forgetful_call = scope.forgetful.and(scope.forgetful_call.or(Some(at)));
        inner.blame = blame;
        inner.calls = scope.calls.iter().cloned().chain([name.clone()]).collect();
        inner.in_test = scope.in_test;
        inner.in_label = scope.in_label;
        inner.alone = scope.alone;
        // A function sees the names of the file, not those of the block that calls it.
        let block = self.inside.as_ref().map(|inside| inside.outside.clone());
        let block = block.map(|outside| std::mem::replace(&mut self.globals, outside));
        let call = self.expanded(key, blame, inputs, |checker| {
            checker.apart(|checker| checker.remembering(&inner, |checker, scope| checker.body(scope, function)))
        });
        self.globals = block.unwrap_or_else(|| std::mem::take(&mut self.globals));
        self.traces.calls[call].found
    }

    /// Inputs with equal parameters and constants made equal, so that `ema(x, fast)` written twice is one expansion.
    fn canonical(&mut self, inputs: &[Operand]) -> Vec<Operand> {
        inputs
            .iter()
            .map(|input| if let Operand::Value(id) = input { Operand::Value(self.first_like(*id)) } else { *input })
            .collect()
    }

    /// The first input that was the same parameter, constant, or value of a feed.
    pub(super) fn first_like(&mut self, id: ExprId) -> ExprId {
        let expr = self.program.expr(id);
        if !matches!(expr.kind, ExprKind::Param(_) | ExprKind::Const(_) | ExprKind::Row(..) | ExprKind::Bar(..)) {
            return id;
        }
        let like = |first: &&ExprId| {
            let first = self.program.expr(**first);
            first.kind == expr.kind && first.ty == expr.ty
        };
        let known = self.plain_inputs.iter().find(like).copied();
        if known.is_none() {
            self.plain_inputs.push(id);
        }
        let first = known.unwrap_or(id);
        self.recorder.note(Step::Plain(id, first));
        first
    }

    /// The inputs as what the function says they are.
    fn as_promised(
        &mut self,
        scope: &Scope<'a>,
        (owner, function): (Owner, &ast::Function),
        args: &[ast::ExprId],
        inputs: &[Operand],
    ) -> Option<Vec<Operand>> {
        let mut all = Some(Vec::new());
        for ((name, ty), (arg, input)) in function.inputs.iter().zip(args.iter().zip(inputs)) {
            let what = format!("`{}` of `{}`", name.text, function.name.text);
            let found = match ty {
                Some(ty) => self.promised(scope, (owner, ty), (*arg, *input), &what),
                None => Some(*input),
            };
            all = all.zip(found).map(|(all, found)| [all, vec![found]].concat());
        }
        all
    }

    fn body(&mut self, scope: &Scope<'a>, function: &'a ast::Function) -> Operand {
        let mut scope = scope.clone();
        for local in &function.locals {
            let found = self.remembering(&scope, |checker, scope| checker.operand(scope, local.value));
            scope.names.insert(local.name.text.clone(), found);
        }
        let found = self.operand(&scope, function.result);
        let Some(ty) = &function.gives else { return found };
        let what = format!("what `{}` gives", function.name.text);
        let result = (function.result, found);
        self.promised(&scope, (scope.owner, ty), result, &what).unwrap_or(Operand::Unknown)
    }

    /// Checks a function that nothing calls, with inputs of unknown kinds, so that its names are still looked up.
    pub(super) fn function_alone(&mut self, index: usize, item: &'a ast::Item) {
        let ItemKind::Fn(function) = &item.kind else { return };
        if self.instances.keys().any(|(owner, known, ..)| *owner == Owner::Own && *known == index) {
            return;
        }
        let mut scope = Scope::new(self.user, item.span);
        scope.alone = true;
        scope.calls = vec![function.name.text.clone()];
        scope.names = function.inputs.iter().map(|(name, _)| (name.text.clone(), Operand::Unknown)).collect();
        self.item_kept(index, |checker| {
            checker.remembering(&scope, |checker, scope| checker.body(scope, function));
            None
        });
    }
}

pub(super) fn pair_kind(name: &str) -> Option<PairKind> {
    PairKind::NAMES.iter().find(|(known, ..)| *known == name).map(|(_, kind, _)| *kind)
}
