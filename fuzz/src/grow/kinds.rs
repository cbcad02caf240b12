//! Kinds of values, what is known by name, and where an expression stands.

use gbc_core::MarketId;

use crate::chance::Chance;
use crate::world::Feeds;

/// A type as the generator sees it: what may be mixed without a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Truth,
    Whole,
    /// A number without unit, whole or not.
    Plain,
    /// A number with the unit price, off the grid or on it.
    Price,
    /// A price on this market's grid.
    Exact(MarketId),
    Money,
    Time,
}

impl Kind {
    /// The kinds that a program of one market or more can name.
    pub(super) const ALL: [Kind; 8] =
        [Kind::Truth, Kind::Whole, Kind::Plain, Kind::Plain, Kind::Price, Kind::Exact(0), Kind::Money, Kind::Time];
}

/// Something that ticks, under the name it has in the text.
#[derive(Clone, Debug)]
pub(super) struct Feed {
    pub(super) name: String,
    pub(super) market: MarketId,
    /// How it is written.
    pub(super) source: String,
    /// Its exact prices.
    pub(super) prices: &'static [&'static str],
    /// Its plain numbers.
    pub(super) numbers: &'static [&'static str],
}

impl Feed {
    /// Whether it is a bar series, which functions of the library take whole.
    pub(super) fn is_bars(&self) -> bool {
        self.prices.len() == 4
    }
}

const OHLC: &[&str] = &["open", "high", "low", "close"];

/// What ticks in these markets, each with a letter of its own: `q0` are the quotes of the first.
pub(super) fn feeds(markets: &[Feeds], chance: &mut Chance) -> Vec<Feed> {
    let mut feeds = Vec::new();
    for (market, data) in markets.iter().enumerate() {
        let mut add = |letter: &str, source: &str, prices, numbers| {
            let (name, source) = (format!("{letter}{market}"), source.to_owned());
            feeds.push(Feed { name, market, source, prices, numbers })
        };
        add("b", "bars(1m)", OHLC, &["volume"]);
        add("s", "bars(5m)", OHLC, &["volume"]);
        if data.ticks {
            add("q", "quotes", &["bid", "ask"], &["bid_size", "ask_size"]);
            add("t", "trades", &["price"], &["size", "signed", "side"]);
        }
        for (letter, source) in seldom(market, data.ticks) {
            if chance.once_in(1, 5) {
                add(letter, &source, OHLC, &["volume"]);
            }
        }
    }
    feeds
}

/// Bars that not every program has; all but those of time are made of trades.
fn seldom(market: MarketId, ticks: bool) -> Vec<(&'static str, String)> {
    let by_trades =
        [("c", "bars(5 trades)"), ("d", "bars(40 lots)"), ("g", "bars(90_000 usd)"), ("j", "bars(range 4 ticks)")];
    let by_trades = by_trades.iter().filter(|_| ticks).map(|(letter, source)| (*letter, (*source).to_owned()));
    let in_session = [("k", format!("bars(2m) in m{market}.rth")), ("l", format!("bars(1d) in m{market}.rth"))];
    by_trades.chain(in_session).collect()
}

/// On which clocks a value may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clocks {
    /// On none: it is known before the run.
    Never,
    /// On this one feed alone, and on it for certain.
    One(usize),
    /// There is no telling.
    Many,
    /// It is an input of the function at hand.
    Input,
}

/// A value with a name.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) clocks: Clocks,
}

/// Where an expression stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// How much deeper it may grow.
    pub(super) depth: usize,
    /// What may be read: everything that changes on these clocks or never. `Many` reads all.
    pub(super) clocks: Clocks,
    /// Whether what remembers may stand here.
    pub(super) memory: bool,
}

impl Place {
    pub(super) fn deeper(self) -> Place {
        Place { depth: self.depth.saturating_sub(1), ..self }
    }

    /// The same, where nothing may remember.
    pub(super) fn branch(self) -> Place {
        Place { memory: false, ..self.deeper() }
    }

    /// Whether a value of these clocks may be read here.
    pub(super) fn reads(self, clocks: Clocks) -> bool {
        clocks == Clocks::Never || clocks == self.clocks || (self.clocks == Clocks::Many && clocks != Clocks::Input)
    }
}
