//! What markets, quotes, trades and bars offer.

use gbc_core::bars::BarField;
use gbc_core::{Column, MarketId};
use gbc_diagnostics::Span;
use gbc_syntax::ast::Name;

use super::Checker;
use super::scope::{Operand, Scope};
use crate::{BinaryOp, Clock, ClockId, Dim, ExprId, ExprKind, Ty, Value, ViewField, errors};

const MARKET: [&str; 11] =
    ["quotes", "trades", "bars", "bid", "ask", "mid", "last", "tick", "point", "position", "avg_price"];
const QUOTES: [&str; 5] = ["bid", "bid_size", "ask", "ask_size", "mid"];
const TRADES: [&str; 4] = ["price", "size", "side", "signed"];
const BARS: [&str; 5] = ["open", "high", "low", "close", "volume"];

impl<'a> Checker<'a> {
    /// The clock a thing ticks on.
    pub(super) fn clock_of(&mut self, operand: Operand, at: Span) -> Option<ClockId> {
        Some(match operand {
            Operand::Quotes(market) => self.clock(Clock::Quotes(market), at),
            Operand::Trades(market) => self.clock(Clock::Trades(market), at),
            Operand::Series(series) => self.clock(Clock::Bars(series), at),
            _ => return None,
        })
    }

    /// `base.name`
    pub(super) fn member(&mut self, scope: &Scope<'a>, base: Operand, name: &Name) -> Operand {
        let at = scope.shown(name.span);
        match base {
            Operand::Unknown => Operand::Unknown,
            Operand::Market(market) => self.market_member(scope, market, name),
            Operand::Quotes(market) => self.quote(market, &name.text, at),
            Operand::Trades(market) => self.trade(market, &name.text, at),
            Operand::Series(series) => self.bar(series, &name.text, at),
            Operand::Value(_) => {
                self.report(errors::unknown_member("a value", &name.text, at, []));
                Operand::Unknown
            }
        }
    }

    fn market_member(&mut self, scope: &Scope<'a>, market: MarketId, name: &Name) -> Operand {
        let at = scope.shown(name.span);
        let value = match name.text.as_str() {
            "quotes" => return Operand::Quotes(market),
            "trades" => return Operand::Trades(market),
            "bid" | "ask" | "mid" => return self.quote(market, &name.text, at),
            "last" => return self.trade(market, "price", at),
            "tick" => self.push(ExprKind::Ticks(market, 1), Ty::Exact(market), at),
            "point" => self.push(ExprKind::Point(market), Ty::Num(Dim::POINT), at),
            "bars" => {
                self.report(errors::not_a_value("`bars`", at, "say how long each is: `es.bars(5m)`"));
                return Operand::Unknown;
            }
            other => match ViewField::ALL.iter().find(|(known, ..)| *known == other) {
                Some((_, _, _, true)) if !scope.in_test => {
                    self.report(errors::only_in_tests(other, at));
                    return Operand::Unknown;
                }
                Some((_, field, ty, _)) => self.push(ExprKind::View(market, *field), *ty, at),
                None => {
                    self.report(errors::unknown_member("a market", other, at, MARKET));
                    return Operand::Unknown;
                }
            },
        };
        Operand::Value(value)
    }

    fn row(&mut self, clock: Clock, market: MarketId, column: Column, ty: Ty, at: Span) -> ExprId {
        let clock = self.clock(clock, at);
        self.push(ExprKind::Row(clock, market, column), ty, at)
    }

    fn quote(&mut self, market: MarketId, name: &str, at: Span) -> Operand {
        let clock = Clock::Quotes(market);
        let price = Ty::Exact(market);
        Operand::Value(match name {
            "bid" => self.row(clock, market, Column::BidPx, price, at),
            "ask" => self.row(clock, market, Column::AskPx, price, at),
            "bid_size" => self.row(clock, market, Column::BidSz, Ty::NUM, at),
            "ask_size" => self.row(clock, market, Column::AskSz, Ty::NUM, at),
            "mid" => {
                let bid = self.row(clock, market, Column::BidPx, price, at);
                let ask = self.row(clock, market, Column::AskPx, price, at);
                let sum = self.push(ExprKind::Binary(BinaryOp::Add, bid, ask), price, at);
                let (sum, two) = (self.number(sum), self.constant(Value::Num(2.0), at));
                self.push(ExprKind::Binary(BinaryOp::Div, sum, two), Ty::Num(Dim::PRICE), at)
            }
            other => {
                self.report(errors::unknown_member("a quote", other, at, QUOTES));
                return Operand::Unknown;
            }
        })
    }

    fn trade(&mut self, market: MarketId, name: &str, at: Span) -> Operand {
        let clock = Clock::Trades(market);
        Operand::Value(match name {
            "price" => self.row(clock, market, Column::TradePx, Ty::Exact(market), at),
            "size" => self.row(clock, market, Column::TradeSz, Ty::NUM, at),
            "side" => self.row(clock, market, Column::TradeSide, Ty::Int, at),
            "signed" => {
                let size = self.row(clock, market, Column::TradeSz, Ty::NUM, at);
                let side = self.row(clock, market, Column::TradeSide, Ty::Int, at);
                let side = self.number(side);
                self.push(ExprKind::Binary(BinaryOp::Mul, size, side), Ty::NUM, at)
            }
            other => {
                self.report(errors::unknown_member("a trade", other, at, TRADES));
                return Operand::Unknown;
            }
        })
    }

    fn bar(&mut self, series: usize, name: &str, at: Span) -> Operand {
        let Some((_, field)) = BarField::NAMES.iter().find(|(known, _)| *known == name) else {
            self.report(errors::unknown_member("a bar", name, at, BARS));
            return Operand::Unknown;
        };
        let ty = match field {
            BarField::Volume => Ty::NUM,
            _ => Ty::Exact(self.program.series[series].market),
        };
        let clock = self.clock(Clock::Bars(series), at);
        Operand::Value(self.push(ExprKind::Bar(clock, series, *field), ty, at))
    }
}
