//! What a program says of orders: trades, quotes, limits. All of it is typed here, whether or not an engine can run it.

use gbc_core::MarketId;
use gbc_diagnostics::Span;

use super::{ExprId, Program};

pub use gbc_syntax::ast::{Direction, InForce, Limited};

/// `trade es long { … }`
#[derive(Clone, Debug)]
pub struct Trade {
    /// What is traded.
    pub market: MarketId,
    /// Which way.
    pub direction: Direction,
    /// How it opens.
    pub enter: Enter,
    /// How many lots; one if it does not say.
    pub size: Option<ExprId>,
    /// Where it is given up.
    pub stop: Option<Exit>,
    /// Where its profit is taken.
    pub take: Option<Exit>,
    /// A stop that follows: how far behind, and from which profit on.
    pub trail: Option<(ExprId, ExprId)>,
    /// Conditions that close it.
    pub exits: Vec<Decision>,
    /// How long it may last.
    pub exit_after: Option<ExprId>,
    /// How it grows: by so many lots, every so far, up to so many.
    pub add: Option<[ExprId; 3]>,
    /// How often it may open.
    pub at_most: Vec<Rate>,
    /// How long it waits after it closed, and whether only after a loss.
    pub cooldown: Option<(ExprId, bool)>,
    /// How long its entry rests.
    pub cancel_after: Option<ExprId>,
    /// How its orders are worked.
    pub via: Option<Via>,
    /// Its first words: `trade es long`.
    pub span: Span,
    /// The clause of its stop, where it has one.
    pub stop_span: Span,
    /// The clause of its profit, where it has one.
    pub take_span: Span,
}

/// How a trade opens.
#[derive(Clone, Copy, Debug)]
pub struct Enter {
    /// At which price; at the market's without one.
    pub price: Option<Entry>,
    /// Since when, or as long as; while flat without one.
    pub condition: Option<Holds>,
    /// The clause.
    pub span: Span,
}

/// A price to enter at.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Whether it is a stop rather than a limit.
    pub stop: bool,
    /// Where.
    pub at: OrderPrice,
}

/// A condition of an order.
#[derive(Clone, Copy, Debug)]
pub struct Holds {
    /// Whether the order lives as long as the condition holds, rather than from its edge on.
    pub level: bool,
    /// The condition.
    pub value: ExprId,
}

/// The price of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderPrice {
    /// The price.
    pub value: ExprId,
    /// Where it goes if it lies between two ticks.
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

impl Snap {
    /// Away from aggression: an order that waits buys lower and sells higher.
    pub fn resting(buys: bool) -> Snap {
        if buys { Snap::Down } else { Snap::Up }
    }

    /// The other way: a stop trades later rather than sooner.
    pub fn stop(buys: bool) -> Snap {
        if buys { Snap::Up } else { Snap::Down }
    }
}

/// Where a trade closes: at a price that follows, or at a distance that is settled at the fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// `stop at lo - 1 tick`
    At(OrderPrice),
    /// `stop 2 * vol`
    Away(ExprId),
}

impl Exit {
    /// Its price or distance.
    pub fn value(self) -> ExprId {
        match self {
            Exit::At(price) => price.value,
            Exit::Away(distance) => distance,
        }
    }
}

/// Something that must always be decidable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The condition or the number.
    pub value: ExprId,
    /// Where it is read.
    pub span: Span,
}

/// So many in so long.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// How many.
    pub count: ExprId,
    /// In how long.
    pub per: Per,
}

/// A stretch that limits count over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// The day of the exchange.
    Day,
    /// A session, by its index.
    Session(usize),
    /// So long.
    Span(ExprId),
}

/// A way to work an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// `twap(10m, every 30s)`: in equal parts over a span.
    Twap {
        /// Over how long.
        over: ExprId,
        /// How far apart.
        every: ExprId,
    },
    /// `limit(rest 2s, then market)`: rests first.
    Limit {
        /// How long it rests.
        rest: ExprId,
        /// Whether what is left then takes.
        then_market: bool,
    },
}

/// `quote m { … }`
#[derive(Clone, Debug)]
pub struct Quote {
    /// What is quoted.
    pub market: MarketId,
    /// Its bid, its ask, or both.
    pub sides: Vec<QuoteSide>,
    /// How many orders a side has, and how far apart.
    pub levels: Option<(ExprId, ExprId)>,
    /// Whether it never takes.
    pub post_only: bool,
    /// How long an order rests at least.
    pub rest: Option<ExprId>,
    /// How many messages it may send.
    pub rate: Option<Rate>,
    /// Its first words: `quote m`.
    pub span: Span,
}

/// `bid clip at p while c`
#[derive(Clone, Copy, Debug)]
pub struct QuoteSide {
    /// Whether it buys.
    pub bid: bool,
    /// How many lots.
    pub size: ExprId,
    /// Where.
    pub price: OrderPrice,
    /// As long as what.
    pub condition: Option<ExprId>,
    /// As long as this holds, its resting order keeps its place.
    pub keep: Option<ExprId>,
    /// The clause.
    pub span: Span,
}

/// `send buy 2 es limit at p`
#[derive(Clone, Debug)]
pub struct Send {
    /// Whether it buys.
    pub buy: bool,
    /// How many lots.
    pub size: ExprId,
    /// Of which market.
    pub market: MarketId,
    /// Its prices, each with whether it is a stop.
    pub prices: Vec<(bool, OrderPrice)>,
    /// How long it lasts.
    pub in_force: Vec<InForce>,
    /// What it is called afterwards.
    pub name: Option<String>,
    /// Its place.
    pub span: Span,
}

/// `export x as "edge"`
#[derive(Clone, Debug)]
pub struct Export {
    /// What it is called in the results.
    pub label: String,
    /// The value, a number.
    pub value: ExprId,
    /// Whether a rule writes it down when it fires, rather than every tick of its clocks.
    pub in_rule: bool,
    /// The value's place.
    pub span: Span,
}

/// A line of `risk { … }`.
#[derive(Clone, Debug)]
pub struct Limit {
    /// What it says.
    pub kind: LimitKind,
    /// Its place.
    pub span: Span,
}

/// What a limit says.
#[derive(Clone, Copy, Debug)]
pub enum LimitKind {
    /// `max loss 500 usd per day then halt for day`
    Max {
        /// Of what.
        of: Limited,
        /// No more than this.
        value: ExprId,
        /// Whether the value is a share of equity rather than money.
        of_equity: bool,
        /// Over which stretch.
        per: Option<Per>,
        /// What happens there.
        action: Reached,
    },
    /// `flat by 15:55 in es.rth`: nanoseconds since midnight, and the session whose time it is.
    FlatBy(i64, Option<usize>),
    /// `flat when c`
    FlatWhen(Decision),
}

/// What a limit does once it is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// Refuses what would break it.
    Refuse,
    /// Closes everything.
    Flat,
    /// Closes everything and opens nothing for so long; without a span, for good.
    Halt(Option<Per>),
}

/// Something that checks and that this version cannot run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// Its word: `trade`.
    pub what: String,
    /// Its place.
    pub span: Span,
}

impl Trade {
    /// Every expression it reads.
    fn values(&self) -> Vec<ExprId> {
        let price = self.enter.price.map(|entry| entry.at.value);
        let condition = self.enter.condition.map(|holds| holds.value);
        let exits = [self.stop, self.take].into_iter().flatten().map(Exit::value);
        let rates = self.at_most.iter().flat_map(|rate| [Some(rate.count), rate.per.value()]).flatten();
        let (trail, add) =
            (self.trail.iter().flat_map(|(far, from)| [*far, *from]), self.add.iter().flatten().copied());
        let single = [self.size, self.exit_after, self.cooldown.map(|(span, _)| span), self.cancel_after];
        let many = self.exits.iter().map(|exit| exit.value).chain(exits).chain(rates).chain(trail).chain(add);
        let via = self.via.iter().flat_map(|via| via.values());
        price.into_iter().chain(condition).chain(single.into_iter().flatten()).chain(many).chain(via).collect()
    }
}

impl Quote {
    /// Every expression it reads.
    fn values(&self) -> Vec<ExprId> {
        let sides =
            self.sides.iter().flat_map(|side| [Some(side.size), Some(side.price.value), side.condition, side.keep]);
        let levels = self.levels.iter().flat_map(|(count, apart)| [Some(*count), Some(*apart)]);
        let rate = self.rate.iter().flat_map(|rate| [Some(rate.count), rate.per.value()]);
        sides.chain(levels).chain(rate).chain([self.rest]).flatten().collect()
    }
}

impl Per {
    fn value(self) -> Option<ExprId> {
        match self {
            Per::Day | Per::Session(_) => None,
            Per::Span(span) => Some(span),
        }
    }
}

impl Via {
    /// Every expression it reads.
    pub(crate) fn values(self) -> Vec<ExprId> {
        match self {
            Via::Twap { over, every } => vec![over, every],
            Via::Limit { rest, .. } => vec![rest],
        }
    }
}

impl Limit {
    fn values(&self) -> Vec<ExprId> {
        match self.kind {
            LimitKind::Max { value, per, action, .. } => {
                let halt = if let Reached::Halt(span) = action { span } else { None };
                let spans = [per, halt].into_iter().flatten().filter_map(Per::value);
                std::iter::once(value).chain(spans).collect()
            }
            LimitKind::FlatBy(..) => Vec::new(),
            LimitKind::FlatWhen(decision) => vec![decision.value],
        }
    }
}

impl Program {
    /// Whether nothing in it can ever send an order.
    pub fn wants_nothing(&self) -> bool {
        let forms = [
            self.targets.len(),
            self.trades.len(),
            self.quotes.len(),
            self.weights.len(),
            self.exports.len(),
            self.sends.len(),
        ];
        forms.iter().sum::<usize>() == 0
    }

    /// Everything that orders and limits read, beside targets and rules.
    pub fn order_values(&self) -> Vec<ExprId> {
        let trades = self.trades.iter().flat_map(Trade::values);
        let quotes = self.quotes.iter().flat_map(Quote::values);
        let weights = self.weights.iter().map(|weight| weight.value);
        let prices = |send: &Send| send.prices.iter().map(|(_, price)| price.value).collect::<Vec<_>>();
        let sends = self.sends.iter().flat_map(|send| std::iter::once(send.size).chain(prices(send)));
        let reads = self.reads.iter().copied();
        trades
            .chain(quotes)
            .chain(sends)
            .chain(reads)
            .chain(weights)
            .chain(self.limits.iter().flat_map(Limit::values))
            .collect()
    }

    /// What must be decidable there, and what each is called.
    pub fn order_decisions(&self) -> Vec<(&'static str, Decision)> {
        let exits = self.trades.iter().flat_map(|trade| &trade.exits).map(|exit| ("an exit", *exit));
        let flat = self.limits.iter().filter_map(|limit| match limit.kind {
            LimitKind::FlatWhen(decision) => Some(("`flat when`", decision)),
            _ => None,
        });
        let decision = |weight: &super::Weight| Decision { value: weight.value, span: weight.span };
        let weights = self.weights.iter().map(|weight| ("a weight", decision(weight)));
        exits.chain(flat).chain(weights).collect()
    }
}
