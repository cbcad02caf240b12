//! A trade that waits for itself: what it needs to open is known only with a position, and nothing else opens one.

use gbc_core::MarketId;
use gbc_core::arithmetic::BinaryOp;
use gbc_diagnostics::{Diagnostic, Diagnostics, Span};
use gbc_hir::{Exit, ExprId, ExprKind, Program, Trade, ViewField};

/// Reports trades that never open. A stop at a price comes with the position, and so hinders nothing.
pub(crate) fn find(program: &Program, out: &mut Diagnostics) {
    for trade in program.trades.iter().filter(|trade| is_alone(program, trade)) {
        let distance = trade.stop.and_then(|stop| if let Exit::Away(distance) = stop { Some(distance) } else { None });
        let needs = [
            (trade.enter.price.map(|entry| entry.at.value), "the price of its entry"),
            (trade.size, "its size"),
            (distance, "the distance of its stop"),
        ];
        for (id, what) in needs {
            if let Some(id) = id.filter(|id| hangs(program, trade.market, *id)) {
                out.push(never_opens(what, program.expr(id).span, Some(id) == distance));
            }
        }
    }
}

/// Whether nothing but this trade holds anything in its market.
fn is_alone(program: &Program, trade: &Trade) -> bool {
    let of_market = program.trades.iter().filter(|other| other.market == trade.market).count();
    of_market == 1 && program.sends.iter().all(|send| send.market != trade.market)
}

/// Whether a value is undefined as long as there is no position in a market.
fn hangs(program: &Program, market: MarketId, id: ExprId) -> bool {
    let hangs = |id: ExprId| hangs(program, market, id);
    match program.expr(id).kind {
        ExprKind::View(of, ViewField::AvgPrice) | ExprKind::Life(of) => of == market,
        ExprKind::Span { life: Some(life), .. } => hangs(life),
        ExprKind::ToNum(value) | ExprKind::Unary(_, value) | ExprKind::Sample(value, _) => hangs(value),
        ExprKind::Binary(op, a, b) if !matches!(op, BinaryOp::And | BinaryOp::Or) => hangs(a) || hangs(b),
        ExprKind::If(condition, a, b) => hangs(condition) || hangs(a) && hangs(b),
        ExprKind::Else(a, b) => hangs(a) && hangs(b),
        _ => false,
    }
}

fn never_opens(what: &str, at: Span, distance: bool) -> Diagnostic {
    let message = format!("this trade never opens: {what} is known only with a position");
    let help = if distance {
        "a distance is settled at the fill; a price may come later: `stop at es.avg_price - 4`"
    } else {
        "say what it is without a position: `… else b.close`"
    };
    Diagnostic::warning("W0115", message, at, "undefined without a position").help(help)
}
