//! Margin: what an account must have for the lots that it holds, as the exchange sees to it.
//!
//! Who has less than `initial` opens nothing more; who has less than `maintenance` is sold out.

use gbc_core::{Money, Nanos, Ratio};
use gbc_portfolio::Side;
use serde::{Deserialize, Serialize};

use crate::floor::{Floor, Met};
use crate::message::{Happened, Size};
use crate::purse::Purse;
use crate::{OrderKind, Refusal};

/// What is required for lots: both together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// For every lot, bought or sold.
    pub per_lot: Money,
    /// As a share of what they are worth at their mark.
    pub share: Option<Ratio>,
}

/// The rules of a profile that knows margin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Margin {
    /// What the account must have with the lots that come in.
    pub initial: Requirement,
    /// What it must have at any time.
    pub maintenance: Requirement,
}

impl Requirement {
    /// Whether this asks for less than another in any way.
    pub fn asks_less_than(self, other: Requirement) -> bool {
        let part = |it: Requirement| it.share.map_or((0, 1), |share| (i128::from(share.num), i128::from(share.den)));
        let ((num, den), (other_num, other_den)) = (part(self), part(other));
        self.per_lot < other.per_lot || num * other_den < other_num * den
    }

    fn rule(self) -> String {
        let share = self.share.map_or("0".to_owned(), |share| format!("{} / {}", share.num, share.den));
        format!("share {share} per_lot {}", self.per_lot.to_f64())
    }
}

impl Margin {
    /// Its rule in a profile's text.
    pub(crate) fn rule(self) -> String {
        let (initial, maintenance) = (self.initial.rule(), self.maintenance.rule());
        format!(
            "margin = initial {initial}, below it no lots are opened; maintenance {maintenance}, below it all are closed\n"
        )
    }
}

/// Lots that would come in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deal {
    /// Which way.
    pub side: Side,
    /// How many steps.
    pub size: i64,
    /// What they cost, and what they would fetch, in ticks: the two differ by slippage. Without them, the mark of the moment.
    pub prices: Option<[i64; 2]>,
    /// Whether the order rested.
    pub maker: bool,
}

/// Lots to be closed: those of a group, or what belongs to none.
pub type Holding = (Option<u64>, Side, i64);

impl Floor {
    /// Whether `size` steps more on a side leave the position further from none.
    fn opens(&self, side: Side, size: i64) -> bool {
        let after = self.position.saturating_add(side.sign().saturating_mul(size));
        after.saturating_abs() > self.position.saturating_abs()
    }

    /// Whether the account carries what an order is about to do; if not, the order is refused and gone.
    pub(crate) fn carries(&mut self, index: usize, met: Met, [price, size]: [i64; 2], purse: &dyn Purse) -> bool {
        let order = &self.orders[index];
        let deal = Deal { side: order.side, size, prices: Some([price, met.price]), maker: met.maker };
        let passes = order.closes || !self.opens(order.side, size) || purse.carries(self.market, deal, self.answers());
        if !passes {
            self.drop(index, met.at, Happened::Refused(Refusal::Margin));
        }
        passes
    }

    /// A market order has arrived: it is sent away at the door if the account could not carry it now.
    pub(crate) fn lets_in(&mut self, index: usize, at: Nanos, purse: &dyn Purse) -> bool {
        let order = &self.orders[index];
        let deal = Deal { side: order.side, size: self.left(index), prices: None, maker: false };
        let passes = order.closes
            || order.kind != OrderKind::Market
            || !self.opens(deal.side, deal.size)
            || purse.carries(self.market, deal, self.answers());
        if !passes {
            self.drop(index, at, Happened::Refused(Refusal::Margin));
        }
        passes
    }

    /// Takes everything away but what closes the lots of a trade: whatever else waits might open some.
    pub fn take_back(&mut self, at: Nanos) {
        while let Some(index) = self.orders.iter().position(|order| !order.closes) {
            self.drop(index, at, Happened::Refused(Refusal::Margin));
        }
    }

    /// All lots that no market order is closing already.
    pub fn holdings(&self) -> Vec<Holding> {
        let leaves =
            |id: u64| self.orders.iter().any(|it| it.closes && it.kind == OrderKind::Market && it.group == Some(id));
        let groups: Vec<(u64, Side, i64)> = self.open_groups().collect();
        let grouped: i64 = groups.iter().map(|(_, side, left)| side.sign() * left).sum();
        let rest = self.position - grouped;
        let of_groups =
            groups.into_iter().filter(|(id, ..)| !leaves(*id)).map(|(id, side, left)| (Some(id), side, left));
        of_groups.chain((rest != 0).then(|| (None, Side::of(rest), rest.abs()))).collect()
    }
}

/// The size of an order that closes such lots.
pub fn closing(holding: Holding) -> Size {
    match holding {
        (Some(_), ..) => Size::Rest,
        (None, _, steps) => Size::Steps(steps),
    }
}
