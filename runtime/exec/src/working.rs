//! An order at the exchange.

use gbc_core::Nanos;
use gbc_core::orders::InForce;
use gbc_portfolio::Side;
use serde::{Deserialize, Serialize};

use crate::OrderKind;
use crate::message::{Bracket, Key, Size};
use crate::queue::Place;

/// An order at the exchange.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Working {
    /// Which.
    pub key: Key,
    /// Which way.
    pub side: Side,
    /// How it wants to be filled; a triggered stop is what it became.
    pub kind: OrderKind,
    /// Whether it was a stop, and the market came.
    pub triggered: bool,
    /// Open lot steps; those of a guard are its group's.
    pub(crate) left: i64,
    /// Lot steps done.
    pub(crate) done: i64,
    /// Its size as the account decides it, as long as nothing of it was done.
    pub(crate) unsettled: Option<Size>,
    /// How long it lasts.
    pub in_force: InForce,
    /// When it expires by itself.
    pub until: Nanos,
    /// Whether it never takes.
    pub post_only: bool,
    /// The lots that it opens or closes.
    pub group: Option<u64>,
    /// Whether it closes lots of its group rather than open more.
    pub closes: bool,
    /// How far the position may go by it at the most, in steps either way.
    pub(crate) cap: Option<i64>,
    pub(crate) bracket: Bracket,
    /// When it arrived.
    pub arrived: Nanos,
    /// Its place in line.
    pub place: Place,
}

impl Working {
    /// Whether it stands at a limit and waits for others to take.
    pub fn rests(&self) -> bool {
        matches!(self.kind, OrderKind::Limit { .. })
    }

    /// Whether a price is at its limit or better, seen from it.
    pub fn accepts(&self, price: i64) -> bool {
        self.kind.limit().is_none_or(|limit| self.side.sign() * (limit - price) >= 0)
    }

    /// Whether a price is at its trigger or beyond.
    pub fn is_triggered_at(&self, price: i64) -> bool {
        self.kind.trigger().is_some_and(|trigger| self.side.sign() * (price - trigger) >= 0)
    }
}

/// A stop or a take, born at the gateway.
pub(crate) fn guard(key: Key, side: Side, kind: OrderKind, group: u64, at: Nanos) -> Working {
    Working {
        key,
        side,
        kind,
        triggered: false,
        left: 0,
        done: 0,
        unsettled: None,
        in_force: InForce::Gtc,
        until: Nanos::MAX,
        post_only: false,
        group: Some(group),
        closes: true,
        cap: None,
        bracket: Bracket::default(),
        arrived: at,
        place: Place::default(),
    }
}
