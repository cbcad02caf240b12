//! What a strategy may know beyond its events: its account and its orders, as the answers of the venue have told.

use serde::{Deserialize, Serialize};

use crate::{MarketId, Nanos};

/// What is known of one market. Changes only between two calls of `play`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MarketView {
    /// Open quantity in lot steps; negative when short.
    pub position: i64,
    /// Average price of the open quantity in points; NaN without a position.
    pub avg_price: f64,
    /// What the open quantity has won or lost so far, in money.
    pub open_pnl: f64,
    /// What the account values one at, in points; NaN before anything was told of the market.
    pub mark: f64,
    /// Positions opened so far; one that turns around is a new one.
    pub opened: i64,
    /// Orders sent so far.
    pub orders: i64,
    /// Fills received so far.
    pub fills: i64,
    /// Orders taken back so far.
    pub cancels: i64,
    /// Orders refused so far.
    pub rejects: i64,
    /// The best of our resting orders that buys, and the best that sells.
    pub mine: [Mine; 2],
}

impl Default for MarketView {
    fn default() -> MarketView {
        MarketView {
            position: 0,
            avg_price: f64::NAN,
            open_pnl: 0.0,
            mark: f64::NAN,
            opened: 0,
            orders: 0,
            fills: 0,
            cancels: 0,
            rejects: 0,
            mine: [Mine::NONE; 2],
        }
    }
}

/// A resting order of ours; all NaN if there is none.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mine {
    /// Its price in points.
    pub price: f64,
    /// What is left of it, in lots.
    pub size: f64,
    /// What is ahead of it, as a share of its level when it joined.
    pub queue: f64,
}

impl Mine {
    /// There is none.
    pub const NONE: Mine = Mine { price: f64::NAN, size: f64::NAN, queue: f64::NAN };
}

/// What is known of one side of a quote; NaN while no order of it rests.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuoteView {
    /// What is ahead of its order, as a share of the level when it joined.
    pub queue: f64,
    /// How many ticks the wanted price is from the resting one.
    pub drift: f64,
}

impl QuoteView {
    /// Nothing rests.
    pub const NONE: QuoteView = QuoteView { queue: f64::NAN, drift: f64::NAN };
}

/// What the strategy may know beyond its events.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Indexed by `MarketId`.
    pub markets: Vec<MarketView>,
    /// R of each trade, the points from its entry to its stop when it opened; NaN while it is flat or has no stop.
    pub risked: Vec<f64>,
    /// Of each quote, its bid and its ask.
    pub quotes: Vec<[QuoteView; 2]>,
    /// Cash in units of the currency.
    pub cash: f64,
    /// Cash and open positions at their marks, in units of the currency.
    pub equity: f64,
}

impl View {
    /// Nothing held, nothing ordered, in so many markets.
    pub fn empty(markets: usize) -> View {
        View { markets: vec![MarketView::default(); markets], ..View::default() }
    }
}

/// Something became of one of our orders, and we have heard of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct News {
    /// When we heard.
    pub at: Nanos,
    /// In which market.
    pub market: MarketId,
    /// What.
    pub kind: NewsKind,
    /// Whether the order buys.
    pub buy: bool,
    /// The fill's price, or the order's where it has one, in points; NaN for a market order that was refused.
    pub price: f64,
    /// How many lots.
    pub size: f64,
    /// What the fill cost, in money.
    pub fee: f64,
}

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NewsKind {
    /// It rests at the venue.
    Accepted,
    /// A part of it, or all, was done.
    Filled,
    /// It was taken back, or its time was over.
    Cancelled,
    /// It was refused: by a limit of ours, or by the venue.
    Rejected,
}
