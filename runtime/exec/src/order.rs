//! Orders as they are sent and as they end.

use gbc_core::orders::InForce;
use gbc_core::{MarketId, Nanos};
use gbc_portfolio::Side;
use serde::{Deserialize, Serialize};

/// How an order wants to be filled. Prices are ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    /// At once, at whatever price.
    Market,
    /// At this price or better.
    Limit {
        /// The worst price.
        price: i64,
    },
    /// At whatever price, once the market trades there.
    Stop {
        /// Where.
        trigger: i64,
    },
    /// At this price or better, once the market trades there.
    StopLimit {
        /// Where.
        trigger: i64,
        /// The worst price.
        price: i64,
    },
}

impl OrderKind {
    /// The price that it names: its limit, else its trigger.
    pub fn price(self) -> Option<i64> {
        match self {
            OrderKind::Market => None,
            OrderKind::Limit { price } | OrderKind::StopLimit { price, .. } => Some(price),
            OrderKind::Stop { trigger } => Some(trigger),
        }
    }

    /// The worst price that it accepts.
    pub fn limit(self) -> Option<i64> {
        match self {
            OrderKind::Market | OrderKind::Stop { .. } => None,
            OrderKind::Limit { price } | OrderKind::StopLimit { price, .. } => Some(price),
        }
    }

    /// Where it waits for the market to come, if it does.
    pub fn trigger(self) -> Option<i64> {
        match self {
            OrderKind::Market | OrderKind::Limit { .. } => None,
            OrderKind::Stop { trigger } | OrderKind::StopLimit { trigger, .. } => Some(trigger),
        }
    }

    /// What it becomes once the market was there.
    pub fn triggered(self) -> OrderKind {
        match self {
            OrderKind::Stop { .. } => OrderKind::Market,
            OrderKind::StopLimit { price, .. } => OrderKind::Limit { price },
            kind => kind,
        }
    }
}

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OrderStatus {
    /// On its way, or resting.
    Pending,
    /// Done, all of it.
    Filled,
    /// Refused, by a limit of ours or by the venue.
    Refused,
    /// Its time was over, or the data ended.
    Expired,
    /// Taken back.
    Cancelled,
}

/// Why an order was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Nobody stood on the other side.
    EmptySide,
    /// It had to rest and would have taken.
    WouldTake,
    /// It had to fill whole at once, and could not.
    NotWhole,
    /// Its lots were gone when it arrived.
    NothingLeft,
    /// The order that it speaks of was done when it arrived.
    TooLate,
    /// It could have broken `max position`.
    MaxPosition,
    /// It was larger than `max order size`.
    MaxOrderSize,
    /// Too many orders or messages in too little time.
    Rate,
    /// A limit has halted the strategy.
    Halted,
    /// The account could not carry it.
    Margin,
}

/// One order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Counts orders of the run from 1.
    pub id: u64,
    /// The order that opened what it protects or closes.
    pub parent: Option<u64>,
    /// Its market.
    pub market: MarketId,
    /// When it was sent.
    pub time: Nanos,
    /// Which way.
    pub side: Side,
    /// How it wants to be filled.
    pub kind: OrderKind,
    /// How long it lasts.
    #[serde(with = "in_force")]
    pub in_force: InForce,
    /// How much, positive; 0 as long as that is to be found at its fill.
    pub size: i64,
    /// How much of it was done.
    pub filled: i64,
    /// What became of it.
    pub status: OrderStatus,
    /// Why it was refused, if it was.
    pub refusal: Option<Refusal>,
}

mod in_force {
    //! How long an order lasts, as a word.

    use gbc_core::orders::InForce;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    const WORDS: [(InForce, &str); 4] =
        [(InForce::Gtc, "gtc"), (InForce::Ioc, "ioc"), (InForce::Fok, "fok"), (InForce::Day, "day")];

    pub(super) fn serialize<S: Serializer>(it: &InForce, to: S) -> Result<S::Ok, S::Error> {
        let word = WORDS.iter().find(|(known, _)| known == it).map(|(_, word)| *word);
        to.serialize_str(word.expect("every one has its word"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<InForce, D::Error> {
        let word = String::deserialize(from)?;
        let found = WORDS.iter().find(|(_, known)| *known == word).map(|(it, _)| *it);
        found.ok_or_else(|| D::Error::custom(format!("`{word}` is not gtc, ioc, fok or day")))
    }
}
