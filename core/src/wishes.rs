//! What a strategy wants, written by `react` and read by the runtime after each stop.

use serde::{Deserialize, Serialize};

use crate::orders::{Channel, Unit};
use crate::{MarketId, Nanos};

/// Everything wanted as of now, and what was asked for at this event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Wishes {
    /// The wanted position, per market; `None` until the first wish.
    pub targets: Vec<Option<f64>>,
    /// What each wanted position counts.
    pub units: Vec<Unit>,
    /// The channels of the plan.
    pub values: Vec<f64>,
    /// The trades whose `enter when` came true at this event; the runtime takes them.
    pub fired: Vec<usize>,
    /// What was asked for by hand at this event, in order; the runtime takes it.
    pub asked: Vec<Asked>,
    /// What was written down, in order.
    pub exports: Vec<Exported>,
    /// Whether anything changed since the runtime last looked.
    pub changed: bool,
}

impl Wishes {
    /// No wish yet, for `markets` markets.
    pub fn none(markets: usize) -> Wishes {
        Wishes { targets: vec![None; markets], units: vec![Unit::Lots; markets], ..Wishes::default() }
    }

    /// No wish yet, with so many channels, none of which has a value.
    pub fn with_channels(markets: usize, channels: usize) -> Wishes {
        Wishes { values: vec![f64::NAN; channels], ..Wishes::none(markets) }
    }

    /// Writes a value down. Nobody has to act on that, so it is no change.
    pub fn export(&mut self, at: Nanos, export: usize, value: f64) {
        self.exports.push(Exported { at, export, value });
    }

    /// Wants `lots` of a market. The same wish twice is no news.
    pub fn target(&mut self, market: MarketId, lots: f64) {
        self.target_of(market, lots, Unit::Lots);
    }

    /// Wants so much of a market.
    pub fn target_of(&mut self, market: MarketId, amount: f64, unit: Unit) {
        if self.targets[market] != Some(amount) || self.units[market] != unit {
            self.targets[market] = Some(amount);
            self.units[market] = unit;
            self.changed = true;
        }
    }

    /// Sets a channel. The same value twice is no news, nor is none after none.
    pub fn set(&mut self, channel: Channel, value: f64) {
        let held = &mut self.values[channel.0 as usize];
        if *held != value && !(held.is_nan() && value.is_nan()) {
            *held = value;
            self.changed = true;
        }
    }

    /// A trade's `enter when` came true.
    pub fn fire(&mut self, trade: usize) {
        self.fired.push(trade);
        self.changed = true;
    }

    /// Asks for something by hand.
    pub fn ask(&mut self, asked: Asked) {
        self.asked.push(asked);
        self.changed = true;
    }

    /// What a channel holds; `None` without a value.
    pub fn number(&self, channel: Channel) -> Option<f64> {
        let value = self.values[channel.0 as usize];
        (!value.is_nan()).then_some(value)
    }

    /// What a condition says; `None` while it is undefined.
    pub fn truth(&self, channel: Channel) -> Option<bool> {
        self.number(channel).map(|value| value != 0.0)
    }

    /// How long a span is, in nanoseconds.
    pub fn span(&self, channel: Channel) -> Option<i64> {
        self.number(channel).map(|value| value as i64)
    }
}

/// Something asked for by hand.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Asked {
    /// An order of `Plan::sends`, with so many lots and these prices; NaN for those it has not.
    Send {
        /// Which.
        send: usize,
        /// How many lots.
        size: f64,
        /// Its limit in points.
        limit: f64,
        /// Its stop in points.
        stop: f64,
    },
    /// The resting order of that name is taken back.
    Cancel {
        /// Which of `Plan::sends`.
        send: usize,
    },
}

/// A value that a strategy wrote down.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exported {
    /// When.
    pub at: Nanos,
    /// Which of its exports, in the order of the source.
    pub export: usize,
    /// The value; always defined.
    pub value: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_change_is_news() {
        let mut wishes = Wishes::with_channels(1, 1);
        wishes.set(Channel(0), f64::NAN);
        assert!(!wishes.changed, "it had no value before");
        for (value, is_news) in [(2.0, true), (2.0, false), (f64::NAN, true), (f64::NAN, false)] {
            wishes.changed = false;
            wishes.set(Channel(0), value);
            assert_eq!(wishes.changed, is_news, "{value}");
        }
        wishes.target_of(0, 1.0, Unit::Cash);
        wishes.changed = false;
        wishes.target(0, 1.0);
        assert!(wishes.changed, "one lot is not all the cash");
    }
}
