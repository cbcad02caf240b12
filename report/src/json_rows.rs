//! The rows of `report.json`: times in Unix milliseconds, prices in points, sizes in lots, money in the currency.

use gbc_core::Instrument;
use gbc_exec::{Order, OrderStatus};
use gbc_metrics::{Excursion, of_trades};
use gbc_portfolio::{EquityPoint, Side, Trade};
use serde::Serialize;

use crate::parquet_files::kind_name;

/// Everything a row needs beyond its record.
pub(crate) struct Context<'a> {
    instruments: &'a [Instrument],
    /// What `rr` measures against, as `avgRR` of the summary does; negative.
    average_loss: Option<f64>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(instruments: &'a [Instrument], trades: &[Trade]) -> Context<'a> {
        Context { instruments, average_loss: of_trades(trades).average_loss.ok() }
    }

    /// A row names its market only where there are several.
    fn market(&self, market: usize) -> Option<&'a str> {
        (self.instruments.len() > 1).then(|| self.instruments[market].symbol.as_str())
    }
}

/// An order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderRow<'a> {
    order_id: u64,
    parent_id: Option<u64>,
    ts: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    market: Option<&'a str>,
    side: Side,
    #[serde(rename = "type")]
    kind: &'static str,
    price: Option<f64>,
    size: f64,
    status: OrderStatus,
}

impl<'a> OrderRow<'a> {
    pub(crate) fn new(order: &Order, context: &Context<'a>) -> OrderRow<'a> {
        OrderRow {
            order_id: order.id,
            parent_id: order.parent,
            ts: order.time.millis(),
            market: context.market(order.market),
            side: order.side,
            kind: kind_name(order.kind),
            price: order.kind.price().map(|price| context.instruments[order.market].tick.times(price)),
            size: context.instruments[order.market].lot.times(order.size),
            status: order.status,
        }
    }
}

/// A trade; what has not happened yet is null.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TradeRow<'a> {
    trade_id: u64,
    entry_order_id: u64,
    exit_order_id: Option<u64>,
    entry_ts: i64,
    exit_ts: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    market: Option<&'a str>,
    side: Side,
    entry_price: f64,
    exit_price: Option<f64>,
    size: f64,
    pnl: f64,
    fees: f64,
    rr: Option<f64>,
    /// What the risk was taken to be.
    rr_basis: Option<&'static str>,
    drawdown: f64,
    mae: f64,
    mfe: f64,
    etd: f64,
    notes: &'static str,
}

impl<'a> TradeRow<'a> {
    pub(crate) fn new(trade: &Trade, context: &Context<'a>) -> TradeRow<'a> {
        let instrument = &context.instruments[trade.market];
        let pnl = trade.pnl.to_f64();
        let rr = trade.exit.and(context.average_loss).map(|loss| pnl / loss.abs());
        let Excursion { mae, mfe, etd, .. } = Excursion::of(trade);
        TradeRow {
            trade_id: trade.id,
            entry_order_id: trade.entry_order,
            exit_order_id: trade.exit.map(|exit| exit.order),
            entry_ts: trade.entry_time.millis(),
            exit_ts: trade.exit.map(|exit| exit.time.millis()),
            market: context.market(trade.market),
            side: trade.side,
            entry_price: instrument.tick.times(trade.entry_price),
            exit_price: trade.exit.map(|exit| instrument.tick.times(exit.price)),
            size: instrument.lot.times(trade.size),
            pnl,
            fees: trade.fees.to_f64(),
            rr,
            rr_basis: rr.map(|_| "avgLoss"),
            drawdown: trade.drawdown.to_f64(),
            mae,
            mfe,
            etd,
            notes: if trade.exit.is_some() { "" } else { "open at the end of the data" },
        }
    }
}

/// A point of the equity curve.
#[derive(Serialize)]
pub(crate) struct EquityRow {
    ts: i64,
    equity: f64,
}

impl EquityRow {
    pub(crate) fn new(point: &EquityPoint) -> EquityRow {
        EquityRow { ts: point.time.millis(), equity: point.equity.to_f64() }
    }
}
