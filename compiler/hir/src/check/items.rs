//! Items: declare all names, then check what they stand for.

use std::collections::BTreeSet;

use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, ItemKind, Name};

use super::prev::Last;
use super::scope::{Global, Operand, Owner, Scope};
use super::trace::Step;
use super::{Checker, Let, MAX_EXPRS};
use crate::{Clock, Equation, ExprId, ExprKind, Market, State, Target, Ty, Value, errors, fold};

/// No circle of equations may be longer than this before it is told as one.
const MAX_WAITING: usize = 64;

impl<'a> Checker<'a> {
    /// Checks the whole file.
    pub(super) fn file(&mut self) {
        let items = &self.user.items;
        let library = self.header(items);
        self.imports();
        self.declare_markets(items);
        items.iter().enumerate().for_each(|(index, item)| self.declare(index, item));
        self.program.is_library = library;
        items.iter().for_each(|item| self.enum_item(item));
        items.iter().for_each(|item| self.record_item(item));
        items.iter().for_each(|item| self.types_of(item));
        items.iter().for_each(|item| self.holds_itself(item));
        if library {
            self.library(items);
            self.traces.head = self.head();
            if let Some(again) = &mut self.again {
                again.begin(self.traces.head, &self.program, &[]);
            }
            items.iter().enumerate().for_each(|(index, item)| self.function_alone(index, item));
            return;
        }
        items.iter().for_each(|item| self.session(item));
        items.iter().for_each(|item| self.param(item));
        items.iter().for_each(|item| self.clock_item(item));
        items.iter().for_each(|item| self.universe(item));
        items.iter().for_each(|item| self.declare_learning(item));
        items.iter().for_each(|item| self.state(item));
        self.resets();
        self.traces.head = self.head();
        let lets: Vec<usize> = self.lets.iter().map(|item| item.at).collect();
        if let Some(again) = &mut self.again {
            again.begin(self.traces.head, &self.program, &lets);
        }
        self.reading_order().iter().for_each(|group| self.equation_group(group));
        (0..self.feature_blocks.len()).for_each(|index| {
            self.features(index);
        });
        self.labels();
        items.iter().for_each(|item| self.each(item));
        items.iter().enumerate().for_each(|(index, item)| self.acts(index, item));
        items.iter().enumerate().for_each(|(index, item)| self.function_alone(index, item));
        self.equations();
        items.iter().enumerate().for_each(|(index, item)| self.test_kept(index, item));
        self.since_timers();
        self.warn();
    }

    /// The file's name; true for a library.
    fn header(&mut self, items: &[ast::Item]) -> bool {
        let mut first: Option<Span> = None;
        let mut library = false;
        for item in items {
            let (ItemKind::Strategy { name, title } | ItemKind::Library { name, title }) = &item.kind else { continue };
            if let Some(first) = first {
                self.report(errors::second_header(item.span, first));
                continue;
            }
            first = Some(item.span);
            library = matches!(item.kind, ItemKind::Library { .. });
            self.program.name.clone_from(&name.text);
            self.program.title.clone_from(title);
        }
        if first.is_none() {
            let start =
                items.first().map_or(Span::default(), |item| Span { start: item.span.start, end: item.span.start });
            self.report(errors::no_strategy(start));
        }
        library
    }

    /// Markets are numbered by symbol, so that no order of declaration can decide a result.
    fn declare_markets(&mut self, items: &[ast::Item]) {
        for item in items {
            if let ItemKind::Market { name, symbol } = &item.kind {
                let market = Market { name: name.text.clone(), symbol: symbol.clone(), span: name.span };
                self.program.markets.push(market);
            }
        }
        self.program
            .markets
            .sort_by_key(|market| (market.symbol.clone().unwrap_or(market.name.to_uppercase()), market.span));
        for (index, market) in self.program.markets.clone().into_iter().enumerate() {
            self.name(&market.name, market.span, Global::Market(index));
        }
    }

    fn declare(&mut self, at: usize, item: &'a ast::Item) {
        match &item.kind {
            ItemKind::Let { name, clock, value } => {
                let index = self.lets.len();
                self.lets.push(Let::new(at, name, clock.as_ref(), *value, item.span));
                if self.name(&name.text, name.span, Global::Let(index)) {
                    self.unused.insert(name.text.clone(), name.span);
                }
            }
            ItemKind::Fn(function)
                if self.name(&function.name.text, function.name.span, Global::Fn(Owner::Own, at)) =>
            {
                self.unused.insert(function.name.text.clone(), function.name.span);
            }
            _ => {}
        }
    }

    /// Makes a name known; false if it already was.
    pub(super) fn name(&mut self, name: &str, span: Span, global: Global) -> bool {
        if let Some((_, first)) = self.globals.get(name) {
            let first = *first;
            if self.is_import(first) {
                // Which of the two is meant later cannot be known, and one message is enough.
                self.globals.insert(name.to_owned(), (Global::Broken, first));
                self.unused.remove(name);
                self.report(errors::libraries::clash(name, first, span));
                return false;
            }
            self.report(errors::twice(name, span, first));
            return false;
        }
        self.globals.insert(name.to_owned(), (global, span));
        true
    }

    fn library(&mut self, items: &[ast::Item]) {
        for item in items {
            if matches!(
                item.kind,
                ItemKind::Fn(_)
                    | ItemKind::Enum { .. }
                    | ItemKind::Record { .. }
                    | ItemKind::Use { .. }
                    | ItemKind::Library { .. }
                    | ItemKind::Strategy { .. }
            ) {
                continue;
            }
            self.report(errors::not_in_library(item.kind.word(), item.span));
        }
    }

    pub(super) fn state(&mut self, item: &'a ast::Item) {
        let ItemKind::State { name, value, reset } = &item.kind else { return };
        let scope = Scope::new(self.user, item.span).forgetful("a state's first value");
        let init = self.value(&scope, *value);
        let mut ty = self.ty(init);
        if ty != Ty::Unknown && fold(&self.program, init, &self.defaults()).is_none() {
            self.report(errors::not_constant("a state's first value", scope.span(*value)));
            ty = Ty::Unknown;
        }
        let index = self.program.states.len();
        if self.name(&name.text, name.span, Global::State(index)) {
            self.unused.insert(name.text.clone(), name.span);
        }
        self.program.states.push(State { name: name.text.clone(), span: name.span, ty, init, reset: None });
        if let Some(reset) = reset {
            self.resets.push((index, *reset));
        }
    }

    /// What an equation stands for; checked when first asked for.
    pub(super) fn let_value(&mut self, index: usize) -> Operand {
        self.recorder.note(Step::Let(index));
        if let Some(found) = self.lets[index].found {
            return found;
        }
        if let Some(at) = self.waiting.iter().position(|waiting| *waiting == index) {
            let mut names: Vec<String> = self.waiting[at..].iter().map(|i| self.lets[*i].name.text.clone()).collect();
            names.push(self.lets[index].name.text.clone());
            let places: Vec<Span> = self.waiting[at..].iter().map(|i| self.lets[*i].name.span).collect();
            // A body that is looked at again finds a value that is unknown, and says nothing of it.
            self.apart(|checker| checker.report(errors::circles::circle(&names, &places)));
            self.lets[index].found = Some(Operand::Unknown);
            return Operand::Unknown;
        }
        // They are checked in reading order, so only circles make many of them wait.
        if self.waiting.len() == MAX_WAITING {
            let at = self.lets[index].name.span;
            self.apart(|checker| {
                checker.report(errors::too_many("equations that wait for each other", MAX_WAITING, at))
            });
            self.lets[index].found = Some(Operand::Unknown);
            return Operand::Unknown;
        }
        self.waiting.push(index);
        let (value, item, clock) = (self.lets[index].value, self.lets[index].item, self.lets[index].clock);
        let past = self.lets[index].past.clone();
        let check =
            |checker: &mut Self| Some(checker.apart(|checker| checker.equation_kept(item, clock, value, past.clone())));
        let found = match self.lets[index].in_circle || self.inside.is_some() {
            true => check(self),
            false => self.item_kept(self.lets[index].at, check),
        };
        let found = found.unwrap_or(Operand::Unknown);
        self.waiting.pop();
        // A circle found below has already said so and wins.
        *self.lets[index].found.get_or_insert(found)
    }

    pub(super) fn equation(&mut self, item: Span, clock: Option<&'a ast::OnClock>, value: ast::ExprId) -> Operand {
        self.equation_kept(item, clock, value, None)
    }

    /// An equation whose last value others may read from a cell.
    fn equation_kept(
        &mut self,
        item: Span,
        clock: Option<&'a ast::OnClock>,
        value: ast::ExprId,
        past: Option<Last>,
    ) -> Operand {
        let mut scope = Scope::new(self.user, item);
        scope.at = clock.and_then(|clock| self.clock_named(clock));
        // Sampled before it is kept: the equation's own past is made of what it was at its own clock.
        self.remembering_in(past, &scope, |checker, scope| {
            let found = checker.operand(scope, value);
            scope.at.map_or(found, |clock| checker.sampled(found, clock))
        })
    }

    pub(super) fn clock_named(&mut self, clock: &ast::OnClock) -> Option<crate::ClockId> {
        let name = match clock {
            ast::OnClock::Named(name) => name,
            ast::OnClock::Timing(timing) => return self.timer(timing),
        };
        let operand = self.named(&Scope::new(self.user, name.span), &name.text, name.span);
        match operand {
            Operand::Unknown => None,
            _ => self.clock_of(operand, name.span).or_else(|| {
                self.report(errors::wrong_type(
                    "a clock",
                    "a bar series, quotes, trades or a timer",
                    Ty::NUM,
                    name.span,
                ));
                None
            }),
        }
    }

    /// Checks an item that acts.
    fn acts(&mut self, index: usize, item: &'a ast::Item) {
        let acts = matches!(
            item.kind,
            ItemKind::Require { .. }
                | ItemKind::Target { .. }
                | ItemKind::Trade(_)
                | ItemKind::Roll { .. }
                | ItemKind::Weight { .. }
                | ItemKind::Quote(_)
                | ItemKind::Export { .. }
                | ItemKind::Plot { .. }
                | ItemKind::Risk { .. }
                | ItemKind::When { .. }
                | ItemKind::On { .. }
                | ItemKind::Timer { .. }
        );
        if acts {
            self.item_kept(index, |checker| {
                checker.behaviour(item);
                None
            });
        }
    }

    fn test_kept(&mut self, index: usize, item: &'a ast::Item) {
        if matches!(item.kind, ItemKind::Test(_)) {
            self.item_kept(index, |checker| {
                checker.test(item);
                None
            });
        }
    }

    pub(super) fn behaviour(&mut self, item: &'a ast::Item) {
        let scope = Scope::new(self.user, item.span);
        match &item.kind {
            ItemKind::Require { condition } => self.require(&scope, *condition),
            ItemKind::Target { market, clock, value, via } => {
                self.target(&scope, market, clock.as_ref(), *value);
                self.target_via(&scope, via.as_ref());
            }
            ItemKind::Trade(trade) => self.trade_item(&scope, trade),
            ItemKind::Roll { .. } => self.roll(&scope, &item.kind),
            ItemKind::Weight { market, clock, value } => self.weight(&scope, market, clock.as_ref(), *value),
            ItemKind::Quote(quote) => self.quote_item(&scope, quote),
            ItemKind::Export { value, label } => self.export_item(&scope, *value, Some(label)),
            ItemKind::Plot { value, label } => self.export_item(&scope, *value, label.as_deref()),
            ItemKind::Risk { limits } => self.risk(&scope, limits),
            ItemKind::When { .. } | ItemKind::On { .. } | ItemKind::Timer { .. } => self.rule(&scope, item),
            _ => {}
        }
    }

    fn require(&mut self, scope: &Scope<'a>, condition: ast::ExprId) {
        let id = self.truth(scope, condition, "a requirement");
        if self.compares_unknown(id) {
            return;
        }
        match fold(&self.program, id, &self.defaults()) {
            None => self.report(errors::not_constant("a requirement", scope.span(condition))),
            Some(Value::Bool(false)) => {
                let program = &self.program;
                let text = |param: &crate::Param| program.value_text(param.ty, param.default);
                let values: Vec<String> =
                    program.params.iter().map(|param| format!("{} = {}", param.name, text(param))).collect();
                self.report(errors::requirement_fails(scope.span(condition), &values.join(", ")));
            }
            Some(_) => self.program.requires.push(id),
        }
    }

    /// Whether a truth is made of what stands for a mistake already reported.
    fn compares_unknown(&self, id: ExprId) -> bool {
        match self.program.expr(id).kind {
            ExprKind::Binary(_, left, right) => self.compares_unknown(left) || self.compares_unknown(right),
            ExprKind::Unary(_, value) | ExprKind::ToNum(value) => self.compares_unknown(value),
            _ => self.is_unknown(id),
        }
    }

    fn target(&mut self, scope: &Scope<'a>, market: &Name, clock: Option<&'a ast::OnClock>, value: ast::ExprId) {
        let operand = if self.globals.contains_key(&market.text) {
            self.named(scope, &market.text, market.span)
        } else {
            let known = self.program.markets.iter().map(|market| market.name.as_str());
            self.report(errors::unknown_market(&market.text, market.span, known.collect::<Vec<_>>()));
            Operand::Unknown
        };
        let found = self.equation(scope.item, clock, value);
        let id = self.as_value(scope, value, found);
        if self.is_unknown(id) {
            return;
        }
        let market_id = match operand {
            Operand::Market(id) => id,
            Operand::Unknown => return,
            _ => return self.report(errors::wrong_type("what a target is for", "a market", Ty::NUM, market.span)),
        };
        let name = self.program.markets[market_id].name.clone();
        let id = self.size(scope, value, id, &name, true);
        if let Some(first) = self.program.targets.iter().find(|target| target.market == market_id) {
            let first = first.span;
            return self.report(errors::two_targets(&market.text, scope.span(value), first));
        }
        self.mixed_forms(market_id, "target", market.span);
        self.program.targets.push(Target { market: market_id, value: id, span: scope.span(value) });
    }

    /// Equations that have a value, in the order of the text.
    fn equations(&mut self) {
        for item in &self.lets {
            let (name, span) = (item.name.text.clone(), item.name.span);
            let clock = match item.found {
                Some(Operand::Value(value)) => {
                    let written = self.user.expr(item.value).span;
                    self.program.equations.push(Equation { name, span, value, written });
                    continue;
                }
                Some(record @ Operand::Record(_)) => {
                    let written = self.user.expr(item.value).span;
                    for (path, value) in self.paths(&name, record) {
                        self.program.equations.push(Equation { name: path, span, value, written });
                    }
                    continue;
                }
                Some(Operand::Series(series)) => Clock::Bars(series),
                Some(Operand::Quotes(market)) => Clock::Quotes(market),
                Some(Operand::Trades(market)) => Clock::Trades(market),
                Some(Operand::Clock(clock)) => self.program.clocks[clock.0 as usize],
                _ => continue,
            };
            self.program.feeds.push((name, clock));
        }
    }

    fn warn(&mut self) {
        // A second look at a body may have taken the message back with the rest.
        if self.program.exprs.len() > MAX_EXPRS && !self.failed() {
            let at = self.user.items.first().map_or(Span::default(), |item| item.span);
            self.report(errors::too_many("operations after functions are expanded", MAX_EXPRS, at));
        }
        // What a mistake leaves unread is no second mistake.
        if self.failed() {
            return;
        }
        self.warn_of_names();
        let header = self.user.items.iter().find(|item| matches!(item.kind, ItemKind::Strategy { .. }));
        if let (Some(header), true) = (header, self.program.wants_nothing()) {
            self.report(errors::wishes_nothing(header.span));
        }
        self.order_warnings();
    }

    /// Names that nothing reads, and states that nothing writes.
    fn warn_of_names(&mut self) {
        let written: BTreeSet<usize> =
            self.program.rules.iter().flat_map(crate::Rule::assigns).map(|assign| assign.state).collect();
        for (name, span) in std::mem::take(&mut self.unused) {
            let global = self.globals.get(&name).map(|(global, _)| *global);
            match global {
                Some(Global::State(state)) if written.contains(&state) => self.report(errors::never_read(&name, span)),
                // What a sweep would try in vain is an error of its own.
                Some(Global::Param(param))
                    if self.program.params[param].range.is_some() && !self.program.wants_nothing() => {}
                Some(Global::Fn(owner, _)) if owner != Owner::Own => {
                    self.report(errors::libraries::unused(&name, span))
                }
                _ => self.report(errors::unused(&name, span)),
            }
        }
        for item in &self.user.items {
            let ItemKind::State { name, .. } = &item.kind else { continue };
            let Some((Global::State(state), _)) = self.globals.get(&name.text).copied() else { continue };
            let known = self.settled.iter().chain(self.diagnostics.in_order()).any(|said| said.span() == name.span);
            if !written.contains(&state) && !known {
                self.report(errors::never_written(&name.text, name.span, item.span));
            }
        }
    }

    /// A truth, or a message about what else it is.
    pub(super) fn truth(&mut self, scope: &Scope<'a>, id: ast::ExprId, what: &str) -> ExprId {
        let value = self.value(scope, id);
        let ty = self.ty(value);
        if !matches!(ty, Ty::Bool | Ty::Unknown) {
            let at = scope.span(id);
            self.report(errors::wrong_type(what, "true or false", ty, at));
            return self.unknown(at);
        }
        value
    }
}
