//! The order that would open a trade now.

use gbc_core::orders::{Amount, Enter, Leave, TradePlan, Unit};

use crate::OrderKind;
use crate::message::{Bracket, Guard, Size};
use crate::plan::scene::Scene;

/// What a trade would send to open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// At which price.
    pub kind: OrderKind,
    /// How much.
    pub size: Size,
    /// What protects it.
    pub bracket: Bracket,
}

/// The order that would open it now: what is undefined opens nothing. A take may come later, for R is not known yet; so may
/// a stop that only a position has.
pub fn wanted(plan: &TradePlan, scene: &Scene<'_>) -> Option<Wanted> {
    let market = plan.market;
    let kind = match plan.enter {
        Enter::Market => OrderKind::Market,
        Enter::Limit(price) => OrderKind::Limit { price: scene.price(market, price)? },
        Enter::Stop(price) => OrderKind::Stop { trigger: scene.price(market, price)? },
    };
    let guard = |leave: Leave| match leave {
        Leave::At(price) | Leave::Later(price) => scene.price(market, price).map(Guard::At),
        Leave::Away(distance) => scene.distance(market, scene.wishes.number(distance)?).map(Guard::Away),
    };
    let stop = plan.stop.map(guard);
    if stop == Some(None) && !matches!(plan.stop, Some(Leave::Later(_))) {
        return None;
    }
    let bracket = Bracket { stop: stop.flatten(), take: plan.take.and_then(guard) };
    Some(Wanted { kind, size: size(plan.size, market, scene)?, bracket })
}

/// Lots are counted now, a share of the account only at the fill.
fn size(amount: Amount, market: gbc_core::MarketId, scene: &Scene<'_>) -> Option<Size> {
    let value = scene.wishes.number(amount.value)?;
    let unit = match amount.unit {
        Some(unit) => Unit::of_code(scene.wishes.number(unit)?)?,
        None => Unit::Lots,
    };
    match unit {
        Unit::Lots => scene.steps(market, value).map(Size::Steps),
        _ => (value > 0.0).then_some(Size::Share { unit, share: value, most: i64::MAX }),
    }
}
