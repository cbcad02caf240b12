//! `send buy 2 es limit at p as name` and `cancel name`: orders by hand, inside rules.

use gbc_core::orders::{InForce, SendPlan};
use gbc_core::session::Calendar;
use gbc_core::{Asked, Nanos};
use gbc_portfolio::Side;
use serde::{Deserialize, Serialize};

use crate::OrderKind;
use crate::message::{Answer, Bracket, Happened, Key, Size, Ticket};
use crate::plan::limits::Limits;
use crate::plan::scene::{Scene, snapped};

/// The orders sent by hand that are open, by place in the source.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sends {
    open: Vec<(usize, u64)>,
}

impl Sends {
    /// Which of them an order is, if it is one.
    pub fn of(&self, key: Key) -> Option<usize> {
        self.open.iter().find(|(_, order)| Key::own(*order) == key).map(|(send, _)| *send)
    }

    /// Does what was asked for at this event.
    pub fn ask(
        &mut self,
        plans: &[SendPlan],
        asked: &Asked,
        day_ends: Nanos,
        scene: &mut Scene<'_>,
        limits: &mut Limits,
        calendars: &[Calendar],
    ) {
        match *asked {
            Asked::Cancel { send } => {
                for (_, order) in self.open.iter().filter(|(of, _)| *of == send) {
                    scene.cancel(plans[send].market, Key::own(*order));
                }
            }
            Asked::Send { send, size, limit, stop } => {
                let Some(ticket) = ticket(&plans[send], size, [limit, stop], day_ends, scene) else { return };
                let Size::Steps(steps) = ticket.size else { return };
                match limits.entry(ticket.market, ticket.side, steps, scene, calendars) {
                    Ok(steps) => {
                        self.open.push((send, ticket.order));
                        scene.send(Ticket { size: Size::Steps(steps), ..ticket });
                    }
                    Err(refusal) => scene.hold_back(&ticket, refusal),
                }
            }
        }
    }

    /// Takes all of them back.
    pub fn withdraw(&mut self, plans: &[SendPlan], scene: &mut Scene<'_>) {
        for (send, order) in &self.open {
            scene.cancel(plans[*send].market, Key::own(*order));
        }
    }

    /// Something became of one of them.
    pub fn hear(&mut self, answer: &Answer) {
        let ends = match answer.what {
            Happened::Accepted { .. } => false,
            Happened::Filled { left, .. } => left == 0,
            Happened::Refused(refusal) => refusal != crate::Refusal::TooLate,
            Happened::Cancelled | Happened::Expired => true,
        };
        if ends {
            self.open.retain(|(_, order)| Key::own(*order) != answer.key);
        }
    }
}

/// The order; nothing where its size or one of its prices is undefined.
fn ticket(plan: &SendPlan, size: f64, prices: [f64; 2], day_ends: Nanos, scene: &Scene<'_>) -> Option<Ticket> {
    let tick = scene.instruments[plan.market].tick;
    let on_grid = |snap: Option<_>, price: f64| match snap {
        None => Some(None),
        Some(snap) => snapped(tick, price, snap).map(Some),
    };
    let kind = match (on_grid(plan.limit, prices[0])?, on_grid(plan.stop, prices[1])?) {
        (None, None) => OrderKind::Market,
        (Some(price), None) => OrderKind::Limit { price },
        (None, Some(trigger)) => OrderKind::Stop { trigger },
        (Some(price), Some(trigger)) => OrderKind::StopLimit { trigger, price },
    };
    Some(Ticket {
        order: scene.ledger.next_id(),
        market: plan.market,
        side: if plan.buy { Side::Buy } else { Side::Sell },
        kind,
        size: Size::Steps(scene.steps(plan.market, size)?),
        in_force: plan.in_force,
        until: if plan.in_force == InForce::Day { day_ends } else { Nanos::MAX },
        post_only: plan.post_only,
        group: None,
        cap: None,
        bracket: Bracket::default(),
    })
}
