//! `universe`, `roll`, `each` and `weight`: one strategy for many symbols.

use gbc_core::MarketId;
use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, ExprKind as Ast, ItemKind, Name};

use super::scope::{Global, Operand, Scope};
use super::{Checker, Let};
use crate::{
    Across, Adjust, Clock, ClockId, ExprKind, Market, Roll, RollBy, Told, Ty, Universe, Value, Weight, errors, fold,
};

/// No universe holds more symbols.
const MAX_SYMBOLS: i64 = 4096;

const ROLLS: [&str; 3] = ["volume", "open_interest", "calendar"];
const ADJUSTS: [&str; 3] = ["ratio", "difference", "none"];

impl<'a> Checker<'a> {
    /// Checks a universe and makes it known.
    pub(super) fn universe(&mut self, item: &'a ast::Item) {
        let ItemKind::Universe { name, max } = &item.kind else { return };
        self.no_engine("universe", Span { end: item.span.start + 8, ..item.span });
        let scope = Scope::new(self.user, item.span);
        let max = max.map(|max| {
            let value = self.count(&scope, "how many symbols a universe holds", max);
            let found = fold(&self.program, value, &self.defaults());
            if let Some(Value::Int(n)) = found.filter(|n| n.to_f64() > MAX_SYMBOLS as f64) {
                self.report(errors::universes::too_many_symbols(scope.span(max), n, MAX_SYMBOLS));
            }
            value
        });
        let index = self.program.universes.len();
        self.name(&name.text, name.span, Global::Universe(index));
        self.program.universes.push(Universe { name: name.text.clone(), max, roll: None, span: name.span });
    }

    /// Checks how a universe's contracts follow each other.
    pub(super) fn roll(&mut self, scope: &Scope<'a>, item: &'a ItemKind) {
        let ItemKind::Roll { universe, by, count, adjust } = item else { return };
        let Some(index) = self.universe_named(universe) else { return };
        let by = match (by.text.as_str(), count) {
            ("volume", None) => RollBy::Volume,
            ("open_interest", None) => RollBy::OpenInterest,
            ("calendar", Some(count)) => RollBy::Calendar(self.count(scope, "how many days before the end", *count)),
            _ => return self.report(errors::universes::roll_by(&by.text, by.span, count.is_some(), ROLLS)),
        };
        let adjust = match adjust.as_ref().map(|name| name.text.as_str()) {
            Some("ratio") => Adjust::Ratio,
            Some("difference") => Adjust::Difference,
            None | Some("none") => Adjust::None,
            Some(other) => {
                let at = adjust.as_ref().map_or(scope.item, |name| name.span);
                return self.report(errors::universes::roll_adjust(other, at, ADJUSTS));
            }
        };
        if self.program.universes[index].roll.is_some() {
            let name = self.program.universes[index].name.clone();
            return self.report(errors::universes::rolled_twice(&name, universe.span));
        }
        self.program.universes[index].roll = Some(Roll { by, adjust });
    }

    fn universe_named(&mut self, name: &Name) -> Option<usize> {
        match self.globals.get(&name.text) {
            Some((Global::Universe(index), _)) => Some(*index),
            found => {
                let known: Vec<String> = self.program.universes.iter().map(|it| it.name.clone()).collect();
                let known = known.iter().map(String::as_str);
                let taken = found.is_some();
                self.report(errors::universes::no_universe(&name.text, name.span, taken, known));
                None
            }
        }
    }

    /// Checks what holds for every symbol. Its names are known inside it alone.
    pub(super) fn each(&mut self, item: &'a ast::Item) {
        let ItemKind::Each { name, universe, items } = &item.kind else { return };
        let Some(universe) = self.universe_named(universe) else { return };
        let market = self.program.markets.len();
        let before = self.globals.clone();
        self.program.markets.push(Market { name: name.text.clone(), symbol: None, span: name.span });
        self.name(&name.text, name.span, Global::Market(market));
        let first_let = self.lets.len();
        for item in items {
            if let ItemKind::Let { name, clock, value } = &item.kind {
                let index = self.lets.len();
                self.lets.push(Let::new(usize::MAX, name, clock.as_ref(), *value, item.span));
                if self.name(&name.text, name.span, Global::Let(index)) {
                    self.unused.insert(name.text.clone(), name.span);
                }
            }
        }
        items.iter().for_each(|item| self.state(item));
        self.resets();
        self.inside = Some(Inside { universe, market, outside: before });
        (first_let..self.lets.len()).for_each(|index| {
            self.let_value(index);
        });
        items.iter().for_each(|item| self.behaviour(item));
        if let Some(inside) = self.inside.take() {
            self.globals = inside.outside;
        }
    }

    /// `weight m @ rebal = value`
    pub(super) fn weight(
        &mut self,
        scope: &Scope<'a>,
        market: &Name,
        clock: Option<&'a ast::OnClock>,
        value: ast::ExprId,
    ) {
        self.no_engine("weight", Span { end: scope.item.start + 6, ..scope.item });
        let market_id = self.order_market(scope, "weight", market);
        let found = self.equation(scope.item, clock, value);
        let (id, span) = (self.as_value(scope, value, found), scope.span(value));
        self.stand([(id, span)]);
        let id = match self.ty(id) {
            Ty::Int | Ty::NUM => self.number(id),
            Ty::Unknown => return,
            _ => self.wrong("a weight", "a plain number, a share of equity", id, span),
        };
        let Some(market_id) = market_id else { return };
        self.mixed_forms(market_id, "weight", market.span);
        self.program.weights.push(Weight { market: market_id, value: id, span });
    }

    /// `is_top(score, n, in u)`: a question across all symbols, if the last input names where.
    pub(super) fn across(&mut self, scope: &Scope<'a>, name: &str, args: &[ast::ExprId], at: Span) -> Option<Operand> {
        let (last, values) = args.split_last()?;
        let Ast::In { value: None, place } = scope.file.expr(*last).kind else { return None };
        let universe = match self.operand(scope, place) {
            Operand::Universe(universe) => universe,
            Operand::Unknown => return Some(Operand::Unknown),
            _ => {
                let (at, written) = (scope.span(place), self.program.text_at(scope.span(place)).to_owned());
                let known: Vec<String> = self.program.universes.iter().map(|it| it.name.clone()).collect();
                let known = known.iter().map(String::as_str);
                self.report(errors::universes::no_universe(&written, at, true, known));
                return Some(Operand::Unknown);
            }
        };
        Some(self.asked(scope, name, universe, values, at).unwrap_or(Operand::Unknown))
    }

    fn asked(
        &mut self,
        scope: &Scope<'a>,
        name: &str,
        universe: usize,
        args: &[ast::ExprId],
        at: Span,
    ) -> Option<Operand> {
        let Some((_, across)) = Across::NAMES.into_iter().find(|(known, _)| *known == name) else {
            self.report(errors::universes::no_question(name, at, Across::NAMES.map(|(name, _)| name)));
            return None;
        };
        if self.inside.as_ref().is_none_or(|inside| inside.universe != universe) {
            let name = self.program.universes[universe].name.clone();
            self.report(errors::universes::outside_each(across.name(), &name, at));
            return None;
        }
        let counts = matches!(across, Across::IsTop | Across::IsBottom);
        let (inputs, count) = if counts { ("x, n, in u", 2) } else { ("x, in u", 1) };
        let ids = self.counted(scope, name, inputs, count, args, at)?;
        if matches!(self.ty(ids[0]), Ty::Bool | Ty::Duration | Ty::Enum(_)) {
            return Some(Operand::Value(self.wrong(&format!("what `{name}` takes"), "a number", ids[0], at)));
        }
        if counts && !self.is_length("how many symbols it takes", ids[1], scope.span(args[1])) {
            return None;
        }
        if !scope.at.is_some_and(|clock| self.is_common(clock)) {
            self.report(errors::universes::no_common_clock(name, at));
            return None;
        }
        let value = self.number(ids[0]);
        let ty = match across {
            Across::IsTop | Across::IsBottom => Ty::Bool,
            Across::Rank => Ty::NUM,
            _ => self.ty(value),
        };
        let args = std::iter::once(value).chain(ids.into_iter().skip(1)).collect();
        Some(Operand::Value(self.push(ExprKind::Told(Told::Across(universe, across), args), ty, at)))
    }

    /// Whether a clock ticks for all symbols at once.
    fn is_common(&self, clock: ClockId) -> bool {
        let own = |market: MarketId| self.inside.as_ref().is_some_and(|inside| inside.market == market);
        match self.program.clocks[clock.0 as usize] {
            Clock::Quotes(market) | Clock::Trades(market) => !own(market),
            Clock::Bars(series) => !own(self.program.series[series].market),
            // Timers and sessions tick for everybody.
            _ => true,
        }
    }
}

/// Where an `each` is being checked.
pub(super) struct Inside {
    universe: usize,
    market: MarketId,
    /// The names of the file without those of the block.
    pub(super) outside: super::Globals,
}
