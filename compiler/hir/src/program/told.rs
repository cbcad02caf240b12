//! What is told rather than computed: by the account, by our own orders, or by engines that are still to come.

use gbc_core::MarketId;

use super::{Across, ClockId};

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Told {
    /// `R`: how far a trade's entry is from its stop.
    Risked(usize),
    /// `queue`: the share of its level that is ahead of the order of one side of a quote.
    Queue(usize, bool),
    /// `drift`: how far the wanted price of that side is from the resting one.
    Drift(usize, bool),
    /// `m.my_bid.price`
    Mine {
        /// Of which market.
        market: MarketId,
        /// Whether of the bid.
        bid: bool,
        /// What of it.
        field: Mine,
    },
    /// `m.book(5).bid(2)`
    Level {
        /// The quotes of which market: a book changes with them at the earliest.
        clock: ClockId,
        /// Whether a bid.
        bid: bool,
        /// Whether its size rather than its price.
        size: bool,
        /// Which, the best being 1.
        level: u8,
    },
    /// `equity`
    Equity,
    /// `cash`
    Cash,
    /// `all_in(share)`: the lots that this share of the cash buys at the fill.
    AllIn,
    /// `equity(share)`: the lots worth this share of the account at the fill.
    EquityShare,
    /// `lots_for(m, risk, vol)`: the lots that move the account by `risk` when the market moves by `vol`; none where that
    /// is zero or undefined.
    LotsFor {
        /// Which market.
        market: MarketId,
        /// Whether `vol` is a share of what the account values the market at, rather than a price.
        of_price: bool,
    },
    /// `rank(x, in u)`
    Across(usize, Across),
    /// `alpha(fx).up`
    Model {
        /// Which model.
        model: usize,
        /// Which of its outputs.
        output: usize,
    },
    /// `future(x, 5s)`, in labels.
    Future,
    /// Of the order that a handler is about.
    News {
        /// The clock of news.
        clock: ClockId,
        /// What of it.
        field: OfNews,
    },
}

/// What is known of our own resting order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mine {
    /// Its price.
    Price,
    /// What is left of it, in lots.
    Size,
    /// The share of its level that is ahead of it.
    Queue,
}

impl Mine {
    /// Every field with its name.
    pub const NAMES: [(&'static str, Mine); 3] = [("price", Mine::Price), ("size", Mine::Size), ("queue", Mine::Queue)];

    /// Its name.
    pub fn name(self) -> &'static str {
        Mine::NAMES[self as usize].0
    }
}

/// What is known of the order that news are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfNews {
    /// Whether it was filled, or a part of it.
    IsFill,
    /// Whether it was refused.
    IsRejected,
    /// At which price it was filled.
    Price,
    /// At which price it was to rest; a market order has none.
    Asked,
    /// How many lots.
    Size,
    /// 1 if it buys, -1 if it sells.
    Side,
    /// What the fill cost.
    Fee,
}

impl OfNews {
    /// Everything there is with its name in printed programs.
    pub const NAMES: [(&'static str, OfNews); 7] = [
        ("is_fill", OfNews::IsFill),
        ("is_rejected", OfNews::IsRejected),
        ("price", OfNews::Price),
        ("asked", OfNews::Asked),
        ("size", OfNews::Size),
        ("side", OfNews::Side),
        ("fee", OfNews::Fee),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        OfNews::NAMES[self as usize].0
    }
}

impl Told {
    /// Its name in the language.
    pub fn name(self) -> &'static str {
        match self {
            Told::Risked(_) => "R",
            Told::Queue(..) => "queue",
            Told::Drift(..) => "drift",
            Told::Mine { bid: true, .. } => "my_bid",
            Told::Mine { .. } => "my_ask",
            Told::Level { .. } => "book",
            Told::Equity => "equity",
            Told::Cash => "cash",
            Told::AllIn => "all_in",
            Told::EquityShare => "equity(share)",
            Told::LotsFor { .. } => "lots_for",
            Told::Across(_, across) => across.name(),
            Told::Model { .. } => "model",
            Told::Future => "future",
            Told::News { field, .. } => field.name(),
        }
    }

    /// Whether an engine of this version can tell it.
    pub fn runs(self) -> bool {
        !matches!(self, Told::Level { .. } | Told::Across(..) | Told::Model { .. } | Told::Future)
    }

    /// Whether it is a size that is settled at the fill.
    pub fn is_share(self) -> bool {
        matches!(self, Told::AllIn | Told::EquityShare)
    }

    /// Whether it has a value even where what it is told from has none.
    pub fn fills_in(self) -> bool {
        matches!(self, Told::LotsFor { .. } | Told::Across(_, Across::IsTop | Across::IsBottom))
    }

    /// Why it may have no value; `None` if it always has one.
    pub fn missing(self) -> Option<&'static str> {
        match self {
            Told::Mine { .. } | Told::Queue(..) | Told::Drift(..) => Some("there may be no such order"),
            Told::Level { .. } => Some("the book may not be that deep"),
            Told::News { field: OfNews::Asked, .. } => Some("a market order has no price"),
            _ => None,
        }
    }
}
