//! What only the account, our own resting orders and deeper books can tell.

use gbc_core::MarketId;
use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, Name};

use super::Checker;
use super::scope::{Operand, Scope};
use crate::{Clock, Dim, ExprId, ExprKind, Mine, Told, Ty, Value, errors, fold};

/// No book is read deeper than this.
const MAX_DEPTH: i64 = 50;

/// What a book offers.
const BOOK: [&str; 4] = ["bid", "ask", "bid_size", "ask_size"];

impl<'a> Checker<'a> {
    /// A value that is told. Some are by no engine of this version.
    pub(super) fn told(&mut self, told: Told, args: Vec<ExprId>, ty: Ty, at: Span) -> ExprId {
        if !told.runs() {
            self.no_engine(told.name(), at);
        }
        self.push(ExprKind::Told(told, args), ty, at)
    }

    /// `equity`, `cash`: names of every strategy, unless the file has its own.
    pub(super) fn account_value(&mut self, name: &str, at: Span) -> Option<ExprId> {
        let told = match name {
            "equity" => Told::Equity,
            "cash" => Told::Cash,
            _ => return None,
        };
        Some(self.told(told, Vec::new(), Ty::Num(Dim::MONEY), at))
    }

    /// What a market offers of our own orders.
    pub(super) fn own_orders(market: MarketId, name: &str) -> Option<Operand> {
        match name {
            "my_bid" => Some(Operand::Mine { market, bid: true }),
            "my_ask" => Some(Operand::Mine { market, bid: false }),
            _ => None,
        }
    }

    /// `m.my_bid.price`
    pub(super) fn mine(&mut self, market: MarketId, bid: bool, name: &Name, wrong: Span, at: Span) -> Operand {
        let Some((_, field)) = Mine::NAMES.iter().find(|(known, _)| *known == name.text) else {
            let what = if bid { "our resting bid" } else { "our resting ask" };
            self.report(errors::unknown_member(what, &name.text, wrong, Mine::NAMES.map(|(known, _)| known)));
            return Operand::Unknown;
        };
        let (field, ty) = (*field, if *field == Mine::Price { Ty::Exact(market) } else { Ty::NUM });
        Operand::Value(self.told(Told::Mine { market, bid, field }, Vec::new(), ty, at))
    }

    /// `m.book(5)`
    pub(super) fn book(&mut self, scope: &Scope<'a>, market: MarketId, args: &[ast::ExprId], at: Span) -> Operand {
        let [depth] = args else {
            self.report(errors::wrong_count("book", "5", 1, args.len(), at));
            return Operand::Unknown;
        };
        let (value, place) = (self.value(scope, *depth), scope.span(*depth));
        match (self.ty(value), fold(&self.program, value, &self.defaults())) {
            (Ty::Unknown, _) => Operand::Unknown,
            (Ty::Int, Some(Value::Int(levels @ 1..=MAX_DEPTH))) => Operand::Book { market, levels: levels as u8 },
            (_, found) => {
                let found = found.map(|found| found.to_string());
                self.report(errors::orders::book_depth(place, MAX_DEPTH, found.as_deref()));
                Operand::Unknown
            }
        }
    }

    /// `book.bid(2)`, `book.bid_size(2)`: the best level is the first.
    pub(super) fn level(
        &mut self,
        scope: &Scope<'a>,
        (market, levels): (MarketId, u8),
        name: &Name,
        args: &[ast::ExprId],
        at: Span,
    ) -> Operand {
        let wrong = scope.shown(name.span);
        if !BOOK.contains(&name.text.as_str()) {
            self.report(errors::unknown_member("a book", &name.text, wrong, BOOK));
            return Operand::Unknown;
        }
        let [level] = args else {
            self.report(errors::wrong_count(&name.text, "1", 1, args.len(), at));
            return Operand::Unknown;
        };
        let (value, place) = (self.value(scope, *level), scope.span(*level));
        match (self.ty(value), fold(&self.program, value, &self.defaults())) {
            (Ty::Unknown, _) => Operand::Unknown,
            (Ty::Int, Some(Value::Int(level))) if (1..=i64::from(levels)).contains(&level) => {
                Operand::Value(self.level_value(market, &name.text, level as u8, at))
            }
            (_, found) => {
                let found = found.map(|found| found.to_string());
                self.report(errors::orders::no_such_level(place, levels, found.as_deref()));
                Operand::Unknown
            }
        }
    }

    fn level_value(&mut self, market: MarketId, name: &str, level: u8, at: Span) -> ExprId {
        let (bid, size) = (name.starts_with("bid"), name.ends_with("_size"));
        let ty = if size { Ty::NUM } else { Ty::Exact(market) };
        let clock = self.clock(Clock::Quotes(market), at);
        self.told(Told::Level { clock, bid, size, level }, Vec::new(), ty, at)
    }

    /// `imbalance(btc.book(5))`: how much more rests below than above, as a share of all, over the book's levels.
    pub(super) fn book_imbalance(&mut self, market: MarketId, levels: u8, at: Span) -> ExprId {
        use gbc_core::arithmetic::BinaryOp;
        let side = |checker: &mut Self, name: &str| {
            let first = checker.level_value(market, name, 1, at);
            (2..=levels).fold(first, |sum, level| {
                let next = checker.level_value(market, name, level, at);
                checker.arithmetic(BinaryOp::Add, sum, next, at)
            })
        };
        let (bids, asks) = (side(self, "bid_size"), side(self, "ask_size"));
        let (more, all) =
            (self.arithmetic(BinaryOp::Sub, bids, asks, at), self.arithmetic(BinaryOp::Add, bids, asks, at));
        self.arithmetic(BinaryOp::Div, more, all, at)
    }

    /// `all_in(1)`, `equity(50%)`, `lots_for(m, risk, vol)`: sizes that the account decides.
    pub(super) fn account_size(
        &mut self,
        scope: &Scope<'a>,
        name: &str,
        args: &[ast::ExprId],
        at: Span,
    ) -> Option<Operand> {
        match name {
            "all_in" | "equity" => {
                let ids = match self.counted(scope, name, "50%", 1, args, at) {
                    Some(ids) => ids,
                    None => return Some(Operand::Unknown),
                };
                let share = self.share(ids[0], name, scope.span(args[0]));
                let told = if name == "all_in" { Told::AllIn } else { Told::EquityShare };
                Some(Operand::Value(self.told(told, vec![share], Ty::NUM, at)))
            }
            "lots_for" => Some(self.lots_for(scope, args, at)),
            _ => None,
        }
    }

    fn lots_for(&mut self, scope: &Scope<'a>, args: &[ast::ExprId], at: Span) -> Operand {
        let [market, risk, vol] = args else {
            self.report(errors::wrong_count("lots_for", "m, risk, vol", 3, args.len(), at));
            return Operand::Unknown;
        };
        let market = match self.operand(scope, *market) {
            Operand::Market(market) => market,
            Operand::Unknown => return Operand::Unknown,
            _ => {
                let place = scope.span(*market);
                self.report(errors::wrong_type("the first of `lots_for`", "a market", Ty::NUM, place));
                return Operand::Unknown;
            }
        };
        let (risk_value, vol_value) = (self.value(scope, *risk), self.value(scope, *vol));
        let risk = self.share(risk_value, "lots_for", scope.span(*risk));
        self.stand([(vol_value, scope.span(*vol))]);
        let of_price = self.ty(vol_value).dim() == Some(Dim::NONE);
        let vol = match self.ty(vol_value).dim() {
            Some(Dim::NONE | Dim::PRICE) => self.number(vol_value),
            _ if self.ty(vol_value) == Ty::Unknown => vol_value,
            _ => self.wrong("how far the market moves", "a price or a share of one", vol_value, at),
        };
        Operand::Value(self.told(Told::LotsFor { market, of_price }, vec![risk, vol], Ty::NUM, at))
    }

    fn share(&mut self, id: ExprId, of: &str, at: Span) -> ExprId {
        self.stand([(id, at)]);
        match self.ty(id) {
            Ty::Unknown => id,
            Ty::Int | Ty::Num(Dim::NONE) => self.number(id),
            _ => self.wrong(&format!("the share that `{of}` takes"), "a plain number", id, at),
        }
    }
}
