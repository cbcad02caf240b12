//! Orders as they are sent and as they end.

use gbc_core::{MarketId, Nanos};
use gbc_portfolio::Side;
use serde::{Deserialize, Serialize};

/// How an order wants to be filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OrderKind {
    /// At once, at whatever price.
    Market,
}

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OrderStatus {
    /// On its way, or waiting for the next open.
    Pending,
    /// Done.
    Filled,
    /// Refused by the venue: nobody on the other side.
    Refused,
    /// Still waiting when the data ended.
    Expired,
}

/// One order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Counts orders of the run from 1.
    pub id: u64,
    /// Its market.
    pub market: MarketId,
    /// When it was sent.
    pub time: Nanos,
    /// Which way.
    pub side: Side,
    /// How it wants to be filled.
    pub kind: OrderKind,
    /// How much, positive.
    pub size: i64,
    /// What became of it.
    pub status: OrderStatus,
}
