//! A small run that the tests of this room share: a long trade that lost, and a short one still open.

use gbc_core::{Instrument, Money, Nanos, Ratio, time::MINUTE};
use gbc_exec::{Order, OrderKind, OrderStatus};
use gbc_portfolio::{EquityPoint, Exit, Fill, FillReason, Side, Trade};
use serde_json::{Map, Value, json};

use super::*;

fn minute(count: i64) -> Nanos {
    Nanos(1_704_067_200_000_000_000 + count * MINUTE) // 2024-01-01T00:00:00Z
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

pub(crate) fn orders() -> Vec<Order> {
    let order = |id, time, side| Order {
        id,
        parent: None,
        market: 0,
        time,
        side,
        kind: OrderKind::Market,
        in_force: Default::default(),
        size: 2,
        filled: 2,
        status: OrderStatus::Filled,
        refusal: None,
    };
    vec![order(1, minute(0), Side::Buy), order(2, minute(5), Side::Sell)]
}

pub(crate) fn fills() -> Vec<Fill> {
    let fill = |id, order, time, side, price, size| Fill {
        id,
        order,
        market: 0,
        time,
        side,
        price,
        slipped: 0,
        size,
        fee: Money(2_250_000_000),
        maker: false,
        reason: FillReason::Open,
    };
    vec![fill(1, 1, minute(1), Side::Buy, 18_801, 2), fill(2, 2, minute(6), Side::Sell, 18_799, 2)]
}

pub(crate) fn trades() -> Vec<Trade> {
    let closed = Trade {
        id: 1,
        market: 0,
        side: Side::Buy,
        size: 2,
        entry_order: 1,
        entry_time: minute(1),
        entry_price: 18_801,
        exit: Some(Exit { order: 2, time: minute(6), price: 18_799 }),
        fees: Money(4_500_000_000),
        pnl: Money(-54_500_000_000),
        drawdown: Money(60_000_000_000),
        runup: Money(25_000_000_000),
    };
    let open = Trade {
        id: 2,
        side: Side::Sell,
        entry_order: 2,
        entry_time: minute(6),
        entry_price: 18_799,
        exit: None,
        pnl: Money(12_345_000_000),
        ..closed
    };
    vec![closed, open]
}

pub(crate) fn equity() -> Vec<EquityPoint> {
    let worth = [100_000, 99_990, 99_940, 100_012];
    let point = |(count, worth): (usize, i128)| EquityPoint {
        time: minute([1, 2, 6, 7][count]),
        equity: Money(worth * Money::ONE.0),
    };
    worth.into_iter().enumerate().map(point).collect()
}

/// Everything that a report borrows.
pub(crate) struct Owned {
    pub(crate) instruments: Vec<Instrument>,
    pub(crate) orders: Vec<Order>,
    pub(crate) fills: Vec<Fill>,
    pub(crate) trades: Vec<Trade>,
    pub(crate) equity: Vec<EquityPoint>,
    pub(crate) closes: Vec<EquityPoint>,
    pub(crate) prices: Vec<Vec<PriceSpan>>,
    pub(crate) messages: Vec<Message>,
    pub(crate) summary: Summary,
}

impl Owned {
    pub(crate) fn new() -> Owned {
        let mut es = Instrument::generic("ES", Ratio { num: 1, den: 4 });
        es.point = Ratio { num: 50, den: 1 };
        es.fee_per_lot = Money(2_250_000_000);
        let (orders, fills, trades, equity) = (orders(), fills(), trades(), equity());
        let closes = vec![EquityPoint { time: minute(24 * 60), equity: equity[3].equity }];
        let summary = gbc_metrics::summarize(&gbc_metrics::Record {
            start: Money(100_000_000_000_000),
            trades: &trades,
            equity: &equity,
            closes: &closes,
            traded: Money(940_000_000_000_000),
            fees: Money(4_500_000_000),
            slippage: Money::ZERO,
            orders: orders.len(),
            fills: fills.len(),
            margin_calls: 0,
            first: minute(0),
            last: minute(7),
        });
        let span = |count: i64| PriceSpan {
            time: minute(count),
            low: 37_590 + 2 * count,
            high: 37_606 + 2 * count,
            last: 37_600,
        };
        let prices = vec![(0..8).map(span).collect()];
        let text = "2 rows were out of order <and> sorted".to_owned();
        let messages = vec![Message { time: minute(7), level: Severity::Info, text }];
        Owned { instruments: vec![es], orders, fills, trades, equity, closes, prices, messages, summary }
    }

    pub(crate) fn report(&self) -> RunReport<'_> {
        RunReport {
            created_at: Nanos(1_767_225_600_123_456_789),
            dataset: Dataset {
                filename: "es-1m.parquet".to_owned(),
                interval: Some("1m".to_owned()),
                rows: Rows::Bars(8),
                start: minute(0),
                end: minute(7),
                sha256: "d".repeat(64),
            },
            strategy: StrategyFacts {
                id: "ema-cross".to_owned(),
                name: "EmaCross".to_owned(),
                params: object(json!({"fast": 10, "slow": 40})),
                sha256: "5".repeat(64),
            },
            execution: Execution {
                name: "bars".to_owned(),
                rules: object(json!({"market_fill": "next_open"})),
                cash: Money(100_000_000_000_000),
                sha256: "e".repeat(64),
            },
            instruments: &self.instruments,
            records: Records {
                orders: &self.orders,
                fills: &self.fills,
                trades: &self.trades,
                equity: &self.equity,
                closes: &self.closes,
            },
            prices: &self.prices,
            messages: &self.messages,
            summary: &self.summary,
            provenance: Provenance {
                compiler: "0.1.0".to_owned(),
                libraries: Vec::new(),
                data: vec![DataFile {
                    market: "ES".to_owned(),
                    filename: "es-1m.parquet".to_owned(),
                    sha256: "d".repeat(64),
                }],
                instruments: "c".repeat(64),
                warm_up_rows: 0,
                seed: 0,
                host: [("os".to_owned(), "linux".to_owned())].into(),
                command: RunCommand { folder: "..".to_owned(), arguments: vec!["ema.gbs".to_owned()] },
            },
            result_hash: crate::result_hash(&self.orders, &self.fills, &self.equity),
        }
    }
}
