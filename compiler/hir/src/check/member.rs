//! What markets, quotes, trades and bars offer.

use gbc_core::bars::BarField;
use gbc_core::{Column, MarketId};
use gbc_diagnostics::Span;
use gbc_syntax::ast::Name;

use super::Checker;
use super::scope::{Operand, Scope};
use crate::{Clock, ClockId, Dim, ExprId, ExprKind, Ty, Value, ViewField, errors};
use gbc_core::arithmetic::BinaryOp;

const MARKET: [&str; 12] =
    ["quotes", "trades", "bars", "bid", "ask", "mid", "last", "tick", "point", "position", "avg_price", "rth"];
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
            Operand::Clock(clock) => clock,
            _ => return None,
        })
    }

    /// The fields of a stream's events.
    pub(super) fn fields_of(&self, stream: Operand) -> &'static [&'static str] {
        match stream {
            Operand::Quotes(_) => &QUOTES,
            Operand::Trades(_) => &TRADES,
            Operand::Series(_) => &BARS,
            _ => &[],
        }
    }

    /// `base.name`, which stands at `at`.
    pub(super) fn member(&mut self, scope: &Scope<'a>, base: Operand, name: &Name, at: Span) -> Operand {
        let wrong = scope.shown(name.span);
        let (what, known, found): (_, &[&str], _) = match base {
            Operand::Unknown => return Operand::Unknown,
            Operand::Market(market) => return self.market_member(scope, market, name, at),
            Operand::Quotes(market) => ("a quote", &QUOTES, self.quote(market, &name.text, at)),
            Operand::Trades(market) => ("a trade", &TRADES, self.trade(market, &name.text, at)),
            Operand::Series(series) if name.text == "forming" => return Operand::Forming(series),
            Operand::Forming(series) => ("a forming bar", &BARS, self.forming(series, &name.text, at)),
            Operand::Series(series) => ("a bar", &BARS, self.bar(series, &name.text, at)),
            Operand::Record(record) => return self.field(record, name, wrong),
            Operand::Universe(_) => ("a universe", &[], None),
            Operand::Mine { market, bid } => return self.mine(market, bid, name, wrong, at),
            Operand::Book { .. } => {
                self.report(errors::orders::level_of_what(&name.text, wrong));
                return Operand::Unknown;
            }
            Operand::Session(session) => return self.session_member(scope, session, name, at),
            Operand::Clock(_) => ("a clock", &[], None),
            Operand::First { .. } => ("the start of a session", &[], None),
            Operand::Life(_) => ("the life of a position", &[], None),
            Operand::Enum(index) => return self.enum_member(index, name, wrong, at),
            Operand::Filtered(index) => return self.filtered_member(scope, index, name, at),
            // A first look at `prev` does not know yet whether it is a record.
            Operand::Value(id) if self.ty(id) == Ty::Unknown && !self.is_unknown(id) => return base,
            Operand::Value(id) if self.is_unknown(id) => return Operand::Unknown,
            Operand::Value(id) if matches!(self.program.expr(id).kind, ExprKind::Prev(_)) => {
                self.report(errors::records::past_of_a_value(&name.text, wrong));
                return Operand::Unknown;
            }
            Operand::Value(_) | Operand::Panes(..) => ("a number", &[], None),
        };
        found.map_or_else(
            || {
                self.report(errors::unknown_member(what, &name.text, wrong, known.iter().copied()));
                Operand::Unknown
            },
            Operand::Value,
        )
    }

    fn market_member(&mut self, scope: &Scope<'a>, market: MarketId, name: &Name, at: Span) -> Operand {
        let wrong = scope.shown(name.span);
        let value = match name.text.as_str() {
            "quotes" => return Operand::Quotes(market),
            "trades" => return Operand::Trades(market),
            "rth" => return Operand::Session(self.market_session(market, at)),
            "age" => {
                let clock = self.clock(Clock::Any(market), at);
                self.push(ExprKind::Age(clock, market), Ty::Duration, at)
            }
            "last" => self.row(Clock::Trades(market), market, Column::Px, Ty::Exact(market), at),
            "tick" => self.push(ExprKind::Ticks(market, 1), Ty::Exact(market), at),
            "point" => self.push(ExprKind::Point(market), Ty::Num(Dim::POINT), at),
            "bars" => {
                let repair = format!("say how long each is: `{}.bars(5m)`", self.program.markets[market].name);
                self.report(errors::not_a_value("`bars`", wrong, &repair));
                return Operand::Unknown;
            }
            "book" => {
                let repair = format!("say how deep: `{}.book(5)`", self.program.markets[market].name);
                self.report(errors::not_a_value("`book`", wrong, &repair));
                return Operand::Unknown;
            }
            own if let Some(found) = Self::own_orders(market, own) => return found,
            other => match ViewField::ALL.iter().find(|(known, ..)| *known == other) {
                Some((_, _, _, true)) if !scope.in_test => {
                    self.report(errors::only_in_tests(other, wrong));
                    return Operand::Unknown;
                }
                Some((_, field, ty, _)) => self.push(ExprKind::View(market, *field), *ty, at),
                None if ["bid", "ask", "mid"].contains(&other) => {
                    self.quote(market, other, at).expect("quotes have these")
                }
                None => {
                    let mut bars = self.lets.iter().filter(|item| match item.found {
                        Some(Operand::Series(series)) => self.program.series[series].market == market,
                        _ => false,
                    });
                    let bars = bars.next().filter(|_| bars.next().is_none()).map(|item| item.name.text.as_str());
                    let market = &self.program.markets[market].name;
                    self.report(errors::no_part_of_market(market, other, wrong, bars, MARKET));
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

    fn quote(&mut self, market: MarketId, name: &str, at: Span) -> Option<ExprId> {
        let clock = Clock::Quotes(market);
        let price = Ty::Exact(market);
        Some(match name {
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
            _ => return None,
        })
    }

    fn trade(&mut self, market: MarketId, name: &str, at: Span) -> Option<ExprId> {
        let clock = Clock::Trades(market);
        Some(match name {
            "price" => self.row(clock, market, Column::Px, Ty::Exact(market), at),
            "size" => self.row(clock, market, Column::Sz, Ty::NUM, at),
            "side" => self.row(clock, market, Column::Side, Ty::Int, at),
            "signed" => {
                let size = self.row(clock, market, Column::Sz, Ty::NUM, at);
                let side = self.row(clock, market, Column::Side, Ty::Int, at);
                let side = self.number(side);
                self.push(ExprKind::Binary(BinaryOp::Mul, size, side), Ty::NUM, at)
            }
            _ => return None,
        })
    }

    fn forming(&mut self, series: usize, name: &str, at: Span) -> Option<ExprId> {
        let finished = self.bar(series, name, at)?;
        let ExprKind::Bar(_, _, field) = self.program.expr(finished).kind else { return None };
        let clock = self.clock(Clock::Forming(series), at);
        Some(self.push(ExprKind::Forming(clock, series, field), self.ty(finished), at))
    }

    fn bar(&mut self, series: usize, name: &str, at: Span) -> Option<ExprId> {
        let (_, field) = BarField::NAMES.iter().find(|(known, _)| *known == name)?;
        let ty = match field {
            BarField::Volume => Ty::NUM,
            _ => Ty::Exact(self.program.series[series].market),
        };
        let clock = self.clock(Clock::Bars(series), at);
        Some(self.push(ExprKind::Bar(clock, series, *field), ty, at))
    }
}
