//! What the account and our own orders tell, in the slots of the language.

use gbc_core::{NewsKind, Ratio, maths};
use gbc_ir::{Mine, OfAccount, OfNews, Op, Ty};

use crate::evaluate::Here;

/// What is known of the account and of what rests.
pub(crate) fn of_view(op: Op, here: &Here<'_>) -> Option<u64> {
    let view = here.view;
    match op {
        Op::Account(OfAccount::Cash) => number(view.cash),
        Op::Account(OfAccount::Equity) => number(view.equity),
        Op::Mark(market) => number(view.markets.get(market)?.mark),
        Op::Risked(trade) => number(*view.risked.get(trade)?),
        Op::Queue(quote, side) => number(view.quotes.get(quote)?[side as usize].queue),
        Op::Drift(quote, side) => whole(view.quotes.get(quote)?[side as usize].drift),
        Op::Mine(market, side, field) => {
            let mine = view.markets.get(market)?.mine[side as usize];
            match field {
                Mine::Price => ticks(here.instruments[market].tick, mine.price),
                Mine::Size => number(mine.size),
                Mine::Queue => number(mine.queue),
            }
        }
        _ => None,
    }
}

/// What is known of the order that the news at hand are about.
pub(crate) fn of_news(field: OfNews, ty: Ty, here: &Here<'_>) -> Option<u64> {
    let kind = here.news.map(|news| news.kind);
    match field {
        OfNews::IsFill => return Some(u64::from(kind == Some(NewsKind::Filled))),
        OfNews::IsRejected => return Some(u64::from(kind == Some(NewsKind::Rejected))),
        _ => {}
    }
    let news = here.news?;
    match field {
        OfNews::Size => number(news.size),
        OfNews::Side => Some(if news.buy { 1 } else { -1_i64 as u64 }),
        OfNews::Fee => number(news.fee),
        _ => match ty {
            Ty::Ticks(market) => ticks(here.instruments[market].tick, news.price),
            _ => number(news.price),
        },
    }
}

fn number(value: f64) -> Option<u64> {
    (!value.is_nan()).then(|| maths::canonical(value).to_bits())
}

fn whole(value: f64) -> Option<u64> {
    (!value.is_nan()).then_some(value as i64 as u64)
}

fn ticks(tick: Ratio, points: f64) -> Option<u64> {
    tick.count_nearest(points).map(|ticks| ticks as u64)
}
