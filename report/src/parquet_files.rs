//! The result tables as Parquet: every row, times in nanoseconds, prices and money also exact.
//!
//! Each function writes one file to `out`. The same records give the same bytes.

use std::io::Write;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{Field, Schema};
use gbc_core::Instrument;
use gbc_exec::{Order, OrderKind, OrderStatus};
use gbc_portfolio::{EquityPoint, Fill, FillReason, Side, Trade};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use crate::columns::{NamedColumn, count, maybe_count, maybe_time, money, number, price, size, text, time};
use crate::{Export, Message};

/// Why a table could not be written.
pub type TableError = ParquetError;

/// How many rows are turned into columns at a time: enough for good pages, little enough for any memory.
const PIECE_ROWS: usize = 65_536;

/// `orders.parquet`.
pub fn write_orders(orders: &[Order], instruments: &[Instrument], out: impl Write + Send) -> Result<(), TableError> {
    write_table(orders, out, |orders| {
        let of = |order: &Order| &instruments[order.market];
        let mut columns = vec![
            count("orderId", orders.iter().map(|order| order.id)),
            maybe_count("parentId", orders.iter().map(|_| None)),
            time("time", orders.iter().map(|order| order.time)),
            text("market", orders.iter().map(|order| of(order).symbol.as_str())),
            text("side", orders.iter().map(|order| side_name(order.side))),
            text("type", orders.iter().map(|order| kind_name(order.kind))),
        ];
        columns.extend(price(["price", "priceTicks"], orders.iter().map(|order| (of(order), order_price(order)))));
        columns.extend(size(orders.iter().map(|order| (of(order), order.size))));
        columns.push(text("status", orders.iter().map(|order| status_name(order.status))));
        columns
    })
}

/// `fills.parquet`.
pub fn write_fills(fills: &[Fill], instruments: &[Instrument], out: impl Write + Send) -> Result<(), TableError> {
    write_table(fills, out, |fills| {
        let of = |fill: &Fill| &instruments[fill.market];
        let mut columns = vec![
            count("fillId", fills.iter().map(|fill| fill.id)),
            count("orderId", fills.iter().map(|fill| fill.order)),
            time("time", fills.iter().map(|fill| fill.time)),
            text("market", fills.iter().map(|fill| of(fill).symbol.as_str())),
            text("side", fills.iter().map(|fill| side_name(fill.side))),
        ];
        columns.extend(price(["price", "priceTicks"], fills.iter().map(|fill| (of(fill), Some(fill.price)))));
        columns.extend(size(fills.iter().map(|fill| (of(fill), fill.size))));
        columns.extend(money(["fee", "feeExact"], fills.iter().map(|fill| fill.fee)));
        columns.push(text("reason", fills.iter().map(|fill| reason_name(fill.reason))));
        columns.extend(price(["slippage", "slippageTicks"], fills.iter().map(|fill| (of(fill), Some(fill.slipped)))));
        columns
    })
}

/// `trades.parquet`. What an open trade does not have yet is null.
pub fn write_trades(trades: &[Trade], instruments: &[Instrument], out: impl Write + Send) -> Result<(), TableError> {
    write_table(trades, out, |trades| {
        let of = |trade: &Trade| &instruments[trade.market];
        let entry = trades.iter().map(|trade| (of(trade), Some(trade.entry_price)));
        let exit = trades.iter().map(|trade| (of(trade), trade.exit.map(|exit| exit.price)));
        let mut columns = vec![
            count("tradeId", trades.iter().map(|trade| trade.id)),
            count("entryOrderId", trades.iter().map(|trade| trade.entry_order)),
            maybe_count("exitOrderId", trades.iter().map(|trade| trade.exit.map(|exit| exit.order))),
            time("entryTime", trades.iter().map(|trade| trade.entry_time)),
            maybe_time("exitTime", trades.iter().map(|trade| trade.exit.map(|exit| exit.time))),
            text("market", trades.iter().map(|trade| of(trade).symbol.as_str())),
            text("side", trades.iter().map(|trade| side_name(trade.side))),
        ];
        columns.extend(price(["entryPrice", "entryPriceTicks"], entry));
        columns.extend(price(["exitPrice", "exitPriceTicks"], exit));
        columns.extend(size(trades.iter().map(|trade| (of(trade), trade.size))));
        columns.extend(money(["fees", "feesExact"], trades.iter().map(|trade| trade.fees)));
        columns.extend(money(["pnl", "pnlExact"], trades.iter().map(|trade| trade.pnl)));
        columns.extend(money(["drawdown", "drawdownExact"], trades.iter().map(|trade| trade.drawdown)));
        columns.extend(money(["runup", "runupExact"], trades.iter().map(|trade| trade.runup)));
        columns
    })
}

/// `equity.parquet`.
pub fn write_equity(equity: &[EquityPoint], out: impl Write + Send) -> Result<(), TableError> {
    write_table(equity, out, |equity| {
        let mut columns = vec![time("time", equity.iter().map(|point| point.time))];
        columns.extend(money(["equity", "equityExact"], equity.iter().map(|point| point.equity)));
        columns
    })
}

/// `exports.parquet`.
pub fn write_exports(exports: &[Export], out: impl Write + Send) -> Result<(), TableError> {
    write_table(exports, out, |exports| {
        vec![
            time("time", exports.iter().map(|export| export.time)),
            text("name", exports.iter().map(|export| export.name.as_str())),
            number("value", exports.iter().map(|export| export.value)),
        ]
    })
}

/// `messages.parquet`.
pub fn write_messages(messages: &[Message], out: impl Write + Send) -> Result<(), TableError> {
    write_table(messages, out, |messages| {
        vec![
            time("time", messages.iter().map(|message| message.time)),
            text("level", messages.iter().map(|message| message.level.name())),
            text("text", messages.iter().map(|message| message.text.as_str())),
        ]
    })
}

pub(crate) fn write_table<R>(
    records: &[R],
    out: impl Write + Send,
    columns: impl Fn(&[R]) -> Vec<NamedColumn>,
) -> Result<(), TableError> {
    let schema = Arc::new(schema_of(&columns(&[])));
    let mut writer = ArrowWriter::try_new(out, schema.clone(), Some(properties()?))?;
    for piece in records.chunks(PIECE_ROWS) {
        let values = columns(piece).into_iter().map(|column| column.values).collect();
        writer.write(&RecordBatch::try_new(schema.clone(), values)?)?;
    }
    writer.close().map(drop)
}

fn schema_of(columns: &[NamedColumn]) -> Schema {
    let field = |column: &NamedColumn| Field::new(column.name, column.values.data_type().clone(), column.nullable);
    Schema::new(columns.iter().map(field).collect::<Vec<_>>())
}

fn properties() -> Result<WriterProperties, TableError> {
    let zstd = Compression::ZSTD(ZstdLevel::try_new(3)?);
    // Our own name: a new version of the library must not change the bytes by its signature alone.
    Ok(WriterProperties::builder().set_compression(zstd).set_created_by("gbc".to_owned()).build())
}

fn order_price(order: &Order) -> Option<i64> {
    order.kind.price()
}

pub(crate) fn side_name(side: Side) -> &'static str {
    match side {
        Side::Buy => "buy",
        Side::Sell => "sell",
    }
}

pub(crate) fn kind_name(kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::Market => "market",
        OrderKind::Limit { .. } => "limit",
        OrderKind::Stop { .. } => "stop",
        OrderKind::StopLimit { .. } => "stop_limit",
    }
}

fn status_name(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Pending => "pending",
        OrderStatus::Filled => "filled",
        OrderStatus::Refused => "refused",
        OrderStatus::Expired => "expired",
        OrderStatus::Cancelled => "cancelled",
    }
}

pub(crate) fn reason_name(reason: FillReason) -> &'static str {
    match reason {
        FillReason::Open => "open",
        FillReason::Close => "close",
        FillReason::Limit => "limit",
        FillReason::Stop => "stop",
        FillReason::Touch => "touch",
        FillReason::Queue => "queue",
        FillReason::Through => "through",
        FillReason::Crossed => "crossed",
    }
}

#[cfg(test)]
mod tests;
