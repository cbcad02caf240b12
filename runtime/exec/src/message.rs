//! What goes to the venue, and what comes back.

use gbc_core::orders::{InForce, Unit};
use gbc_core::{MarketId, Nanos};
use gbc_portfolio::{FillReason, Side};
use serde::{Deserialize, Serialize};

use crate::{OrderKind, Refusal};

/// Which order, before it has a number of its own: stops and takes are born at the gateway when their entry fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// The order's number; for a stop or a take that of the order which opened their lots.
    pub order: u64,
    /// Which part.
    pub part: Part,
}

/// The parts of a bracket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Part {
    /// The order itself.
    Own,
    /// The stop that protects its lots.
    Stop,
    /// The limit that takes their profit.
    Take,
}

impl Key {
    /// An order by its own number.
    pub fn own(order: u64) -> Key {
        Key { order, part: Part::Own }
    }
}

/// How much an order is for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Size {
    /// So many lot steps.
    Steps(i64),
    /// What brings the position to this share of cash or equity, negative to be short; found at the fill.
    Wanted(Unit, f64),
    /// So much more as this positive share of cash or equity is worth; found at the fill.
    Share {
        /// Of what.
        unit: Unit,
        /// How much of it.
        share: f64,
        /// How many steps a limit of ours lets it be at the most.
        most: i64,
    },
    /// All lots of its group that are left when it arrives.
    Rest,
}

/// A new order.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its number.
    pub order: u64,
    /// Its market.
    pub market: MarketId,
    /// Which way; found at the fill for a wanted share.
    pub side: Side,
    /// How it wants to be filled.
    pub kind: OrderKind,
    /// How much.
    pub size: Size,
    /// How long it lasts.
    pub in_force: InForce,
    /// When it expires by itself.
    pub until: Nanos,
    /// Whether it never takes.
    pub post_only: bool,
    /// The lots that it opens or closes, named by the order that first opened them.
    pub group: Option<u64>,
    /// How far the position may go by it at the most, in steps either way.
    pub cap: Option<i64>,
    /// What protects the lots once it fills.
    pub bracket: Bracket,
}

/// What protects lots from the moment they are there. Prices are ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bracket {
    /// Where they are given up.
    pub stop: Option<Guard>,
    /// Where their profit is taken.
    pub take: Option<Guard>,
}

/// Where a guard stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Guard {
    /// At a price.
    At(i64),
    /// So many ticks from the price of the first fill, on its side.
    Away(i64),
}

/// What is asked of the venue.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Take this order.
    New(Ticket),
    /// Take it back.
    Cancel(Key),
    /// Let it stand elsewhere: it loses its place unless only its size shrinks.
    Amend {
        /// Which.
        key: Key,
        /// Its new price or trigger.
        kind: OrderKind,
        /// Its new size, with what was done of it before; none leaves it as it is.
        size: Option<i64>,
        /// What will protect its lots.
        bracket: Bracket,
    },
    /// Let a stop or a take of this group stand at a price; without one, nowhere.
    Protect {
        /// The group.
        group: u64,
        /// Stop or take.
        part: Part,
        /// Where.
        price: Option<i64>,
    },
}

/// Something asked, on its way.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// When it arrives.
    pub at: Nanos,
    /// Of which market.
    pub market: MarketId,
    /// What.
    pub ask: Ask,
}

/// What the venue says of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// When it said so.
    pub at: Nanos,
    /// In which market.
    pub market: MarketId,
    /// Of which order.
    pub key: Key,
    /// What.
    pub what: Happened,
}

/// What happened to an order at the venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Happened {
    /// It rests now, or rests elsewhere, with so many lot steps open.
    Accepted {
        /// Which way.
        side: Side,
        /// As what.
        kind: OrderKind,
        /// How much is open.
        left: i64,
    },
    /// A part of it was done.
    Filled {
        /// Which way.
        side: Side,
        /// At what price.
        price: i64,
        /// How many ticks of that the data do not show: slippage.
        slipped: i64,
        /// How much.
        size: i64,
        /// What is left of it.
        left: i64,
        /// Why.
        reason: FillReason,
        /// Whether it rested before, so that somebody else took.
        maker: bool,
    },
    /// It was taken back.
    Cancelled,
    /// Its time was over.
    Expired,
    /// It was refused, or what was asked of it.
    Refused(Refusal),
}
