//! The kinds of DBN records: which are read, as what, and how long each must be.

use dbn::rtype;
use gbc_core::time::{DAY, HOUR, MINUTE, SECOND};

use crate::DataError;

/// What the rows of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Trades,
    /// A trade with the best quote before it.
    TradesWithQuotes,
    /// Every change of the best quote, and trades.
    BestQuotes,
    /// The best quote at regular times.
    SampledQuotes,
    Bars {
        span_ns: i64,
    },
    /// Ten levels a side.
    Depth,
    Orders,
}

const QUOTES_AND_TRADES: &[&str] = &["ts_recv", "kind", "bid_px", "bid_sz", "ask_px", "ask_sz", "px", "sz", "side"];

impl Content {
    pub(crate) fn columns(self) -> &'static [&'static str] {
        match self {
            Content::Trades => &["ts_recv", "px", "sz", "side"],
            Content::TradesWithQuotes | Content::BestQuotes => QUOTES_AND_TRADES,
            Content::SampledQuotes => &["ts_recv", "bid_px", "bid_sz", "ask_px", "ask_sz"],
            Content::Depth => &["ts_recv", "kind", "side", "px", "sz", "count", "flags", "exch_time"],
            Content::Orders => &["ts_recv", "kind", "side", "px", "sz", "order_id", "flags", "exch_time"],
            Content::Bars { .. } => &["ts_event", "open", "high", "low", "close", "volume"],
        }
    }

    /// In words.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Content::Trades => "trades",
            Content::TradesWithQuotes => "trades with the quote before them",
            Content::BestQuotes => "best quotes and trades",
            Content::SampledQuotes => "sampled best quotes",
            Content::Depth => "ten levels a side",
            Content::Orders => "single orders",
            Content::Bars { .. } => "bars",
        }
    }

    /// The length of bars, as text for the file's notes.
    pub(crate) fn span_text(self) -> Option<&'static str> {
        let Content::Bars { span_ns } = self else { return None };
        SPANS.iter().find(|(_, span, _)| *span == span_ns).map(|(_, _, text)| *text)
    }
}

/// Bars by their record type.
const SPANS: [(u8, i64, &str); 4] = [
    (rtype::OHLCV_1S, SECOND, "1000000000"),
    (rtype::OHLCV_1M, MINUTE, "60000000000"),
    (rtype::OHLCV_1H, HOUR, "3600000000000"),
    (rtype::OHLCV_1D, DAY, "86400000000000"),
];

/// What the file's header promises.
pub(crate) fn content_of_schema(schema: u16) -> Result<Content, DataError> {
    let schema = dbn::Schema::try_from(schema)
        .map_err(|_| DataError::new(format!("the header is damaged: there is no schema {schema}")))?;
    use dbn::Schema::*;
    let content = match schema {
        Trades => Some(Content::Trades),
        Tbbo | Tcbbo => Some(Content::TradesWithQuotes),
        Mbp1 | Cmbp1 => Some(Content::BestQuotes),
        Bbo1S | Bbo1M | Cbbo1S | Cbbo1M => Some(Content::SampledQuotes),
        Mbp10 => Some(Content::Depth),
        Mbo => Some(Content::Orders),
        Ohlcv1S => content_of(rtype::OHLCV_1S),
        Ohlcv1M => content_of(rtype::OHLCV_1M),
        Ohlcv1H => content_of(rtype::OHLCV_1H),
        Ohlcv1D => content_of(rtype::OHLCV_1D),
        _ => None,
    };
    content
        .ok_or_else(|| {
            DataError::new(format!(
                "holds `{schema}`, which is not read; ask the vendor for `trades`, `tbbo`, `bbo-1s`, `bbo-1m`, `mbp-1`, `mbp-10`, `mbo` or `ohlcv`"
            ))
        })
}

/// What rows become of records of this type.
pub(crate) fn content_of(records: u8) -> Option<Content> {
    match records {
        rtype::MBP_0 => Some(Content::Trades),
        rtype::MBP_1 | rtype::CMBP_1 => Some(Content::BestQuotes),
        rtype::BBO_1S | rtype::BBO_1M | rtype::CBBO_1S | rtype::CBBO_1M => Some(Content::SampledQuotes),
        rtype::TCBBO => Some(Content::TradesWithQuotes),
        rtype::MBP_10 => Some(Content::Depth),
        rtype::MBO => Some(Content::Orders),
        _ => SPANS
            .iter()
            .find(|(known, _, _)| *known == records)
            .map(|(_, span_ns, _)| Content::Bars { span_ns: *span_ns }),
    }
}

/// What to do with a record, told by its type alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// Read, if it is exactly so long.
    Read { bytes: usize },
    /// News of other kinds: definitions, statuses, statistics, messages of the feed.
    Aside,
}

/// `None` for a type that no version up to 3 has.
pub(crate) fn known(records: u8) -> Option<Known> {
    let bytes = match records {
        rtype::MBP_0 => size_of::<dbn::TradeMsg>(),
        rtype::MBP_1 | rtype::CMBP_1 | rtype::TCBBO => size_of::<dbn::Mbp1Msg>(),
        rtype::BBO_1S | rtype::BBO_1M | rtype::CBBO_1S | rtype::CBBO_1M => size_of::<dbn::BboMsg>(),
        rtype::MBP_10 => size_of::<dbn::Mbp10Msg>(),
        rtype::MBO => size_of::<dbn::MboMsg>(),
        rtype::OHLCV_1S | rtype::OHLCV_1M | rtype::OHLCV_1H | rtype::OHLCV_1D | rtype::OHLCV_EOD => {
            size_of::<dbn::OhlcvMsg>()
        }
        rtype::STATUS
        | rtype::INSTRUMENT_DEF
        | rtype::IMBALANCE
        | rtype::ERROR
        | rtype::SYMBOL_MAPPING
        | rtype::SYSTEM
        | rtype::STATISTICS => return Some(Known::Aside),
        _ => return None,
    };
    Some(Known::Read { bytes })
}
