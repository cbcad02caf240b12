//! What a run is given.

use gbc_core::{Column, Instrument, MarketId, Money, Schema};
use gbc_data::Feed;
use gbc_exec::Profile;

/// How a run is to be played.
#[derive(Clone, Debug)]
pub struct Setup {
    /// What is traded, by `MarketId`.
    pub instruments: Vec<Instrument>,
    /// Cash at the start.
    pub cash: Money,
    /// By which rules orders become fills.
    pub profile: Profile,
    /// How often ticks leave an equity point, in nanoseconds; positive. Bars leave one each.
    pub equity_every_ns: i64,
    /// Drive `react` row by row where `play` would do: slower, and the same to the last bit.
    pub force_react: bool,
}

/// One feed and the market it tells of.
pub struct FeedInput {
    /// Its market.
    pub market: MarketId,
    /// Where the blocks come from.
    pub feed: Box<dyn Feed + Send>,
}

/// The columns that the runtime itself reads, whatever the strategy does: fills and marks may not depend on it.
pub fn columns(schema: Schema) -> &'static [Column] {
    match schema {
        Schema::Bars { .. } => &[Column::OpenTime, Column::Open, Column::High, Column::Low, Column::Close],
        Schema::L1 => &[
            Column::Kind,
            Column::BidPx,
            Column::BidSz,
            Column::AskPx,
            Column::AskSz,
            Column::Px,
            Column::Sz,
            Column::Side,
        ],
        Schema::Depth => {
            &[Column::Kind, Column::Side, Column::Px, Column::Sz, Column::Count, Column::Flags, Column::ExchTime]
        }
        Schema::Orders => {
            &[Column::Kind, Column::Side, Column::Px, Column::Sz, Column::Order, Column::Flags, Column::ExchTime]
        }
    }
}
