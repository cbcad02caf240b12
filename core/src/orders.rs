//! What a strategy's orders are made of, known before the run; their numbers are channels that it keeps up to date.
//!
//! `docs/decisions/0013-execution.md` says who reads what. Prices are points, sizes lots, spans nanoseconds, conditions
//! 1 or 0; a channel without a value holds NaN.

use serde::{Deserialize, Serialize};

use crate::MarketId;
use crate::session::{Calendar, Daily};

/// A place in `Wishes::values`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Channel(pub u32);

/// Everything a strategy may want beside targets.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// How many channels there are.
    pub channels: usize,
    /// The sessions that rates and limits speak of.
    pub calendars: Vec<Calendar>,
    /// The trades.
    pub trades: Vec<TradePlan>,
    /// The quotes.
    pub quotes: Vec<QuotePlan>,
    /// The orders by hand.
    pub sends: Vec<SendPlan>,
    /// The limits.
    pub limits: Vec<Limit>,
    /// Whether it reacts to what becomes of its orders.
    pub listens: bool,
    /// Whether it reads cash, equity, open results or queues, which may change with every row.
    pub looks: bool,
}

/// A price, and where it goes if it lies between two ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// In points.
    pub at: Channel,
    /// Which tick.
    pub snap: Snap,
}

/// Where a price between two ticks goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Snap {
    /// To the tick below.
    Down,
    /// To the tick above.
    Up,
    /// To the nearer tick.
    Nearest,
}

/// How many lots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The number.
    pub value: Channel,
    /// Of what, as `Unit::code`; lots without one.
    pub unit: Option<Channel>,
}

/// What a size counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Lots.
    #[default]
    Lots,
    /// Shares of the cash, turned into lots at the fill.
    Cash,
    /// Shares of the equity, turned into lots at the fill.
    Equity,
}

impl Unit {
    /// Its number in a channel.
    pub fn code(self) -> f64 {
        match self {
            Unit::Lots => 0.0,
            Unit::Cash => 1.0,
            Unit::Equity => 2.0,
        }
    }

    /// The unit of that number.
    pub fn of_code(code: f64) -> Option<Unit> {
        [Unit::Lots, Unit::Cash, Unit::Equity].into_iter().find(|unit| unit.code() == code)
    }
}

/// `trade es long { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TradePlan {
    /// What is traded.
    pub market: MarketId,
    /// Whether it buys to open.
    pub long: bool,
    /// At which price it opens.
    pub enter: Enter,
    /// When.
    pub opens: Opens,
    /// How much.
    pub size: Amount,
    /// Where it is given up.
    pub stop: Option<Leave>,
    /// Where its profit is taken.
    pub take: Option<Leave>,
    /// A stop that follows: how far behind, and from which profit on, both distances.
    pub trail: Option<[Channel; 2]>,
    /// Conditions that close it.
    pub exits: Vec<Channel>,
    /// How long it may last.
    pub exit_after: Option<Channel>,
    /// How it grows: by so many lots, every so far, up to so many.
    pub add: Option<[Channel; 3]>,
    /// How often it may open.
    pub at_most: Vec<Rate>,
    /// How long it stays away after it closed, and whether only after a loss.
    pub cooldown: Option<(Channel, bool)>,
    /// How long its entry rests.
    pub cancel_after: Option<Channel>,
    /// How its entry is worked.
    pub via: Option<Via>,
}

/// The order that opens a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enter {
    /// At once.
    Market,
    /// No worse than this.
    Limit(Price),
    /// Once the market trades there.
    Stop(Price),
}

/// When a trade opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opens {
    /// At the event that lists it in `Wishes::fired`; its price stays as it was then.
    Fired,
    /// As long as a condition holds; its price follows.
    While(Channel),
    /// Whenever it is flat; its price follows.
    Flat,
}

/// Where a trade closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// At a price that follows.
    At(Price),
    /// At a price that only a position has, so that it comes once there is one.
    Later(Price),
    /// So far from the entry, settled at the fill.
    Away(Channel),
}

/// So many in so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// How many.
    pub count: Channel,
    /// In how long.
    pub per: Per,
}

/// A stretch that limits count over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Per {
    /// The day of the exchange; of UTC where its hours are not known.
    Day,
    /// A session, by its index in `Plan::calendars`, from one opening to the next.
    Session(usize),
    /// The last so many nanoseconds.
    Span(Channel),
}

/// A way to work an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// In equal parts over a span.
    Twap {
        /// Over how long.
        over: Channel,
        /// How far apart.
        every: Channel,
    },
    /// Rests at the near side first.
    Limit {
        /// How long.
        rest: Channel,
        /// Whether what is left then takes.
        then_market: bool,
    },
}

/// `quote m { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotePlan {
    /// What is quoted.
    pub market: MarketId,
    /// Its bid and its ask, if it has them.
    pub sides: [Option<QuoteSide>; 2],
    /// How many orders a side has, and how many points apart.
    pub levels: Option<[Channel; 2]>,
    /// Whether it never takes.
    pub post_only: bool,
    /// How long an order rests at least.
    pub rest: Option<Channel>,
    /// How many messages it may send.
    pub rate: Option<Rate>,
}

/// One side of a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuoteSide {
    /// How many lots.
    pub size: Channel,
    /// Where.
    pub price: Price,
    /// As long as what.
    pub condition: Option<Channel>,
    /// As long as this holds, the resting order keeps its place.
    pub keep: Option<Channel>,
}

/// `send buy 2 es limit at p`; what it asks for comes with `Wishes::asked`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendPlan {
    /// Of which market.
    pub market: MarketId,
    /// Whether it buys.
    pub buy: bool,
    /// Where its limit goes between two ticks, if it has one.
    pub limit: Option<Snap>,
    /// Where its stop goes between two ticks, if it has one.
    pub stop: Option<Snap>,
    /// How long it lasts.
    pub in_force: InForce,
    /// Whether it never takes.
    pub post_only: bool,
}

/// How long an order lasts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum InForce {
    /// Until cancelled.
    #[default]
    Gtc,
    /// At once, and what is left is cancelled.
    Ioc,
    /// At once and whole, or not at all.
    Fok,
    /// Until the session ends.
    Day,
}

/// A line of `risk { … }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limit {
    /// `max loss 500 usd per day then halt for day`
    Max {
        /// Of what.
        of: Limited,
        /// No more than this.
        value: Channel,
        /// Whether the value is a share of equity rather than money.
        of_equity: bool,
        /// Over which stretch.
        per: Option<Per>,
        /// What happens there.
        then: Reached,
    },
    /// Flat from a time of day on: of the session with this index, or of UTC.
    FlatBy(Daily, Option<usize>),
    /// Flat as long as a condition holds.
    FlatWhen(Channel),
}

/// What a limit is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limited {
    /// Open quantity of each market, with all that is on its way.
    Position,
    /// The quantity of one order.
    OrderSize,
    /// Money lost.
    Loss,
    /// The fall from the highest equity.
    Drawdown,
    /// How many orders are sent.
    Orders,
    /// How long one leg may wait for the other.
    LegGap,
}

/// What a limit does once it is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reached {
    /// Refuses what would break it.
    Refuse,
    /// Closes everything.
    Flat,
    /// Closes everything and opens nothing for so long; without a span, for good.
    Halt(Option<Per>),
}
