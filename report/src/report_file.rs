//! `report.json`: the run in one file, in the order of the command line's contract.

use gbc_core::Instrument;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::json_rows::{Context, EquityRow, OrderRow, TradeRow};
use crate::summary_object::SummaryObject;
use crate::thin::{MOST_ROWS, kept};
use crate::{Dataset, Execution, Rows, RunReport, StrategyFacts, json_lines, run_id};

/// The bytes of `report.json`.
pub fn report_json(report: &RunReport) -> Vec<u8> {
    json_lines::to_bytes(&ReportFile::new(report, MOST_ROWS))
}

/// The summary alone: what `gbc run --format json` prints.
pub fn summary_json(report: &RunReport) -> Vec<u8> {
    json_lines::to_bytes(&SummaryObject(report.summary))
}

/// Every field of the file, in its order. Times are Unix milliseconds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReportFile<'a> {
    run_id: String,
    created_at: i64,
    dataset: DatasetObject<'a>,
    strategy: &'a StrategyFacts,
    execution: ExecutionObject<'a>,
    summary: SummaryObject<'a>,
    orders: Vec<OrderRow<'a>>,
    trades: Vec<TradeRow<'a>>,
    equity_curve: Vec<EquityRow>,
    /// Which arrays do not hold everything; absent where all do.
    #[serde(skip_serializing_if = "Map::is_empty")]
    thinned: Map<String, Value>,
    result_hash: &'a str,
}

impl<'a> ReportFile<'a> {
    pub(crate) fn new(report: &'a RunReport<'a>, most: usize) -> ReportFile<'a> {
        let records = &report.records;
        let context = Context::new(report.instruments, records.trades);
        ReportFile {
            run_id: run_id(report),
            created_at: report.created_at.millis(),
            dataset: DatasetObject::new(&report.dataset),
            strategy: &report.strategy,
            execution: ExecutionObject::new(&report.execution, report.instruments),
            summary: SummaryObject(report.summary),
            orders: rows(records.orders, most, |order| OrderRow::new(order, &context)),
            trades: rows(records.trades, most, |trade| TradeRow::new(trade, &context)),
            equity_curve: rows(records.equity, most, EquityRow::new),
            thinned: thinned(report, most),
            result_hash: &report.result_hash,
        }
    }
}

fn rows<R, T>(records: &[R], most: usize, row: impl Fn(&R) -> T) -> Vec<T> {
    kept(records.len(), most).map(|index| row(&records[index])).collect()
}

/// For each array that is not whole: how many rows there are, and how many of them it holds.
fn thinned(report: &RunReport, most: usize) -> Map<String, Value> {
    let records = &report.records;
    let arrays =
        [("orders", records.orders.len()), ("trades", records.trades.len()), ("equityCurve", records.equity.len())];
    let cut = arrays.into_iter().filter(|(_, rows)| *rows > most);
    cut.map(|(name, rows)| (name.to_owned(), json!({ "rows": rows, "kept": most }))).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DatasetObject<'a> {
    filename: &'a str,
    interval: Option<&'a str>,
    #[serde(flatten)]
    rows: Rows,
    start_ts: i64,
    end_ts: i64,
    sha256: &'a str,
}

impl<'a> DatasetObject<'a> {
    fn new(dataset: &'a Dataset) -> DatasetObject<'a> {
        DatasetObject {
            filename: &dataset.filename,
            interval: dataset.interval.as_deref(),
            rows: dataset.rows,
            start_ts: dataset.start.millis(),
            end_ts: dataset.end.millis(),
            sha256: &dataset.sha256,
        }
    }
}

#[derive(Serialize)]
struct ExecutionObject<'a> {
    name: &'a str,
    rules: &'a Map<String, Value>,
    cash: f64,
    #[serde(serialize_with = "instrument_objects")]
    instruments: &'a [Instrument],
    sha256: &'a str,
}

impl<'a> ExecutionObject<'a> {
    fn new(execution: &'a Execution, instruments: &'a [Instrument]) -> ExecutionObject<'a> {
        ExecutionObject {
            name: &execution.name,
            rules: &execution.rules,
            cash: execution.cash.to_f64(),
            instruments,
            sha256: &execution.sha256,
        }
    }
}

/// What the rows were scaled by, as the numbers that people write: a tick of 0.25.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InstrumentObject<'a> {
    symbol: &'a str,
    tick: f64,
    lot: f64,
    point: f64,
    currency: &'a str,
    fee_per_lot: f64,
}

fn instrument_objects<S: Serializer>(instruments: &&[Instrument], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(instruments.iter().map(|instrument| InstrumentObject {
        symbol: &instrument.symbol,
        tick: instrument.tick.times(1),
        lot: instrument.lot.times(1),
        point: instrument.point.times(1),
        currency: &instrument.currency,
        fee_per_lot: instrument.fee_per_lot.to_f64(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::sample;

    fn keys(value: &Value) -> Vec<&str> {
        value.as_object().expect("an object").keys().map(String::as_str).collect()
    }

    fn written(report: &RunReport) -> Value {
        serde_json::from_slice(&report_json(report)).unwrap()
    }

    #[test]
    fn the_fields_are_those_of_the_contract_in_its_order() {
        let owned = sample::Owned::new();
        let file = written(&owned.report());
        assert_eq!(
            keys(&file).join(" "),
            "runId createdAt dataset strategy execution summary orders trades equityCurve resultHash"
        );
        assert_eq!(keys(&file["dataset"]).join(" "), "filename interval bars startTs endTs sha256");
        assert_eq!(keys(&file["strategy"]).join(" "), "id name params sha256");
        assert_eq!(keys(&file["execution"]).join(" "), "name rules cash instruments sha256");
        assert_eq!(keys(&file["orders"][0]).join(" "), "orderId parentId ts side type price size status");
        assert_eq!(
            keys(&file["trades"][0]).join(" "),
            "tradeId entryOrderId exitOrderId entryTs exitTs side entryPrice exitPrice size pnl fees rr rrBasis drawdown mae mfe \
             etd notes"
        );
        assert_eq!(keys(&file["equityCurve"][0]).join(" "), "ts equity");
    }

    #[test]
    fn rows_speak_points_lots_and_milliseconds() {
        let owned = sample::Owned::new();
        let file = written(&owned.report());
        assert_eq!(
            file["orders"][1],
            json!({"orderId": 2, "parentId": null, "ts": 1_704_067_500_000_i64, "side": "sell",
                   "type": "market", "price": null, "size": 2.0, "status": "filled"})
        );
        assert_eq!(
            file["trades"][0],
            json!({"tradeId": 1, "entryOrderId": 1, "exitOrderId": 2, "entryTs": 1_704_067_260_000_i64,
                   "exitTs": 1_704_067_560_000_i64, "side": "buy", "entryPrice": 4700.25, "exitPrice": 4699.75,
                   "size": 2.0, "pnl": -54.5, "fees": 4.5, "rr": -1.0, "rrBasis": "avgLoss", "drawdown": 60.0,
                   "mae": -60.0, "mfe": 25.0, "etd": 75.0, "notes": ""})
        );
        assert_eq!(file["trades"][1]["exitTs"], Value::Null);
        assert_eq!((&file["trades"][1]["rr"], &file["trades"][1]["rrBasis"]), (&Value::Null, &Value::Null));
        assert_eq!(file["trades"][1]["notes"], "open at the end of the data");
        assert_eq!(file["equityCurve"][0], json!({"ts": 1_704_067_260_000_i64, "equity": 100_000.0}));
    }

    #[test]
    fn several_markets_are_named_and_ticks_count_events() {
        let mut owned = sample::Owned::new();
        owned.instruments.push(Instrument::generic("NQ", gbc_core::Ratio::ONE));
        let mut report = owned.report();
        report.dataset.rows = Rows::Events(12);
        report.dataset.interval = None;
        let file = written(&report);
        assert_eq!(file["orders"][0]["market"], "ES");
        assert_eq!(file["trades"][0]["market"], "ES");
        assert_eq!(file["dataset"]["events"], 12);
        assert_eq!(file["dataset"]["interval"], Value::Null);
        assert_eq!(file["execution"]["instruments"][0]["tick"], 0.25);
    }

    #[test]
    fn arrays_that_were_thinned_say_so() {
        let owned = sample::Owned::new();
        let report = owned.report();
        let file = serde_json::to_value(ReportFile::new(&report, 2)).unwrap();
        assert_eq!(file["thinned"], json!({"equityCurve": {"rows": 4, "kept": 2}}));
        assert_eq!(file["equityCurve"].as_array().unwrap().len(), 2);
        assert_eq!(file["equityCurve"][1]["ts"], 1_704_067_620_000_i64);
        assert_eq!(file["orders"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn the_same_run_gives_the_same_bytes() {
        assert_eq!(report_json(&sample::Owned::new().report()), report_json(&sample::Owned::new().report()));
    }
}
