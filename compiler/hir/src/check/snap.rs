//! `snap(x, nearest)`: a price between two ticks made a whole number of them.

use gbc_core::MarketId;
use gbc_core::arithmetic::{BinaryOp, UnaryOp};
use gbc_diagnostics::Span;
use gbc_syntax::ast::{self, ExprKind as Ast};

use super::Checker;
use super::scope::{Operand, Scope};
use crate::{Dim, ExprId, ExprKind, Snap, Ty, errors};

const WAYS: [(&str, Snap); 3] = [("nearest", Snap::Nearest), ("up", Snap::Up), ("down", Snap::Down)];

impl<'a> Checker<'a> {
    /// `snap(x, nearest)`, `snap(x, up, zn)`
    pub(super) fn snap(&mut self, scope: &Scope<'a>, args: &[ast::ExprId], at: Span) -> Operand {
        let (price, way, market) = match args {
            [price, way] => (*price, *way, None),
            [price, way, market] => (*price, *way, Some(*market)),
            _ => {
                self.report(errors::wrong_count("snap", "x, nearest", 2, args.len(), at));
                return Operand::Unknown;
            }
        };
        let id = self.value(scope, price);
        let Some(way) = self.snap_way(scope, way) else { return Operand::Unknown };
        let market = match (market, self.ty(id)) {
            (_, Ty::Unknown) => return Operand::Unknown,
            // It lies on the ticks of its market already.
            (None, Ty::Exact(_)) => return Operand::Value(id),
            (market, _) => self.snap_market(scope, market, at),
        };
        let Some(market) = market else { return Operand::Unknown };
        let price_at = scope.span(price);
        self.stand([(id, price_at)]);
        match self.ty(id) {
            Ty::Exact(_) | Ty::Num(Dim::PRICE) => Operand::Value(self.snapped(id, way, market, at)),
            Ty::Int | Ty::Num(Dim::NONE) if self.program.expr(id).bare => {
                let id = self.fit(id, Ty::Num(Dim::PRICE));
                Operand::Value(self.snapped(id, way, market, at))
            }
            _ => Operand::Value(self.wrong("what `snap` takes", "a price", id, at)),
        }
    }

    fn snap_way(&mut self, scope: &Scope<'a>, way: ast::ExprId) -> Option<Snap> {
        let written = match &scope.file.expr(way).kind {
            Ast::Name(name) => name.as_str(),
            _ => "",
        };
        let found = WAYS.iter().find(|(name, _)| *name == written).map(|(_, way)| *way);
        if found.is_none() {
            self.report(errors::unknown_way(written, scope.span(way), WAYS.map(|(name, _)| name)));
        }
        found
    }

    /// The market whose ticks are meant: the one that is named, that of the `trade` at hand, or the only one.
    fn snap_market(&mut self, scope: &Scope<'a>, named: Option<ast::ExprId>, at: Span) -> Option<MarketId> {
        if let Some(named) = named {
            return match self.operand(scope, named) {
                Operand::Market(market) => Some(market),
                Operand::Unknown => None,
                other => {
                    self.report(errors::ticks_of_no_market(other.what(), scope.span(named)));
                    None
                }
            };
        }
        match (scope.names.get("trade"), self.program.markets.len()) {
            (Some(Operand::Life(market)), _) => Some(*market),
            (_, 1) => Some(0),
            _ => {
                let markets: Vec<String> = self.program.markets.iter().map(|market| market.name.clone()).collect();
                self.report(errors::snap_to_which(at, &markets));
                None
            }
        }
    }

    /// So many ticks. A price that lies on a tick stays there, though its quotient may miss the whole number by a hair.
    fn snapped(&mut self, id: ExprId, way: Snap, market: MarketId, at: Span) -> ExprId {
        let price = self.number(id);
        let tick = self.push(ExprKind::Ticks(market, 1), Ty::Exact(market), at);
        let point = self.number(tick);
        let quotient = self.push(ExprKind::Binary(BinaryOp::Div, price, point), Ty::NUM, at);
        let nearest = self.rounded(UnaryOp::Round, quotient, at);
        let on_tick = self.arithmetic(BinaryOp::Mul, nearest, tick, at);
        let op = match way {
            Snap::Nearest => return on_tick,
            Snap::Up => UnaryOp::Ceil,
            Snap::Down => UnaryOp::Floor,
        };
        let beside = self.rounded(op, quotient, at);
        let beside = self.arithmetic(BinaryOp::Mul, beside, tick, at);
        let lies = self.number(on_tick);
        let stays = self.push(ExprKind::Binary(BinaryOp::Eq, lies, price), Ty::Bool, at);
        self.push(ExprKind::If(stays, on_tick, beside), Ty::Exact(market), at)
    }
}
