//! What we know of where our orders stand, in markets where the exchange is ahead of us: each place becomes known with the row
//! that changed it, or with the answer that told of it. Anything sooner would be a look into the future.

use std::collections::BTreeMap;

use gbc_core::{MarketId, Nanos};
use gbc_exec::{Exchange, Key};
use gbc_portfolio::Side;
use serde::{Deserialize, Serialize};

/// A resting order, as a place in line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Standing {
    pub side: Side,
    /// In ticks.
    pub price: i64,
    /// Open lot steps.
    pub left: i64,
    /// What is ahead of it, as a share of its level when it joined.
    pub queue: Option<f64>,
    /// Whether it closes lots rather than open more.
    closes: bool,
}

/// Places, and when they become known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Standings {
    known: BTreeMap<(MarketId, Key), Standing>,
    /// By the moment from which they are known, and in the order in which they happened.
    to_come: BTreeMap<(Nanos, u64), ((MarketId, Key), Standing)>,
    noted: u64,
    latest: BTreeMap<(MarketId, Key), Standing>,
}

impl Standings {
    /// Something changed at the exchange, and we know of it `from` a moment on.
    pub fn note(&mut self, exchange: &Exchange, market: MarketId, from: Nanos) {
        let floor = exchange.floor(market);
        self.latest.retain(|(of, key), _| *of != market || floor.index_of(*key).is_some());
        for (index, order) in floor.orders.iter().enumerate() {
            let Some(price) = order.kind.limit().filter(|_| order.rests()) else { continue };
            let (side, left, queue) = (order.side, floor.left(index), order.place.share());
            let standing = Standing { side, price, left, queue, closes: order.closes };
            let key = (market, order.key);
            if self.latest.insert(key, standing) != Some(standing) {
                self.to_come.insert((from, self.noted), (key, standing));
                self.noted += 1;
            }
        }
    }

    /// We have heard that an order is no longer there.
    pub fn forget(&mut self, market: MarketId, key: Key) {
        self.known.remove(&(market, key));
        self.to_come.retain(|_, (of, _)| *of != (market, key));
    }

    /// A moment has come.
    pub fn reach(&mut self, now: Nanos) {
        while let Some(next) = self.to_come.first_entry().filter(|next| next.key().0 <= now) {
            let (key, standing) = next.remove();
            self.known.insert(key, standing);
        }
    }

    /// The share of its level that is ahead of an order, as far as we know.
    pub fn share_ahead(&self, market: MarketId, key: Key) -> Option<f64> {
        self.known.get(&(market, key))?.queue
    }

    /// The best of our orders of a side that rest and open lots, as far as we know.
    pub fn first_in_line(&self, market: MarketId, side: Side) -> Option<Standing> {
        let ours = self.known.iter().filter(|((of, _), it)| *of == market && it.side == side && !it.closes);
        // Of two at one price the one that came first.
        ours.map(|(_, it)| *it).reduce(|best, it| if side.sign() * (it.price - best.price) > 0 { it } else { best })
    }
}
