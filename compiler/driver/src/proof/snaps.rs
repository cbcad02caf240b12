//! Prices of orders that may lie between two ticks, and the tick that each then goes to.

use gbc_hir::{Direction, Exit, ExprId, OrderPrice, Program, Snap, Ty};

use crate::Checked;

/// A price that a rule puts on a tick. One that is exact, or that `snap` has put on one, needs none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapped {
    /// Of which market.
    pub market: String,
    /// Whose it is: `trade long`, `quote`, `send buy`.
    pub order: String,
    /// Which of its prices: `limit`, `stop`, `take`, `bid`.
    pub price: &'static str,
    /// The equation, or what is written.
    pub value: String,
    /// `down` or `up`; `outward` for a distance, which is never smaller than it is asked for.
    pub rule: &'static str,
}

/// All of them, in the order of the text of each kind.
pub(super) fn snaps(checked: &Checked) -> Vec<Snapped> {
    let program = &checked.program;
    let mut list = List { program, found: Vec::new() };
    for trade in &program.trades {
        let market = trade.market;
        let direction = if trade.direction == Direction::Long { "trade long" } else { "trade short" };
        if let Some(entry) = trade.enter.price {
            list.price(market, direction, if entry.stop { "enter stop" } else { "enter limit" }, entry.at);
        }
        for (name, exit) in [("stop", trade.stop), ("take", trade.take)] {
            match exit {
                Some(Exit::At(price)) => list.price(market, direction, name, price),
                Some(Exit::Away(distance)) => list.add(market, direction, name, distance, "outward"),
                None => {}
            }
        }
        if let Some((behind, after)) = trade.trail {
            list.add(market, direction, "trail", behind, "outward");
            list.add(market, direction, "trail after", after, "outward");
        }
        if let Some([_, every, _]) = trade.add {
            list.add(market, direction, "add every", every, "outward");
        }
    }
    for quote in &program.quotes {
        for side in &quote.sides {
            list.price(quote.market, "quote", if side.bid { "bid" } else { "ask" }, side.price);
        }
        if let Some((_, apart)) = quote.levels {
            list.add(quote.market, "quote", "apart", apart, "outward");
        }
    }
    for send in &program.sends {
        let order = if send.buy { "send buy" } else { "send sell" };
        for (is_stop, price) in &send.prices {
            list.price(send.market, order, if *is_stop { "stop" } else { "limit" }, *price);
        }
    }
    list.found
}

struct List<'a> {
    program: &'a Program,
    found: Vec<Snapped>,
}

impl List<'_> {
    fn price(&mut self, market: usize, order: &str, name: &'static str, price: OrderPrice) {
        let rule = match price.snap {
            Snap::Down => "down",
            Snap::Up => "up",
            Snap::Nearest => "nearest",
        };
        self.add(market, order, name, price.value, rule);
    }

    fn add(&mut self, market: usize, order: &str, price: &'static str, id: ExprId, rule: &'static str) {
        let program = self.program;
        if matches!(program.expr(id).ty, Ty::Exact(_)) {
            return;
        }
        let equation = program.equations.iter().find(|equation| equation.value == id);
        let value = equation.map_or_else(|| program.text_at(program.expr(id).span).to_owned(), |it| it.name.clone());
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        let market = program.markets[market].name.clone();
        self.found.push(Snapped { market, order: order.to_owned(), price, value, rule });
    }
}
