//! What holds for the orders of every flow.

use gbc_core::orders::{Amount, Channel, Enter, Leave, Limit, Opens, Per, Price, Rate, Reached, Via};

use crate::flow::{Flow, NodeId, Op, Orders, Root, Ty};
use crate::verify::Broken;

/// Whether the root of an order takes what it can use, of things that exist.
pub(crate) fn order_root_fits(flow: &Flow, root: Root) -> bool {
    let ty = |id: NodeId| flow.nodes.get(id.0 as usize).map(|node| node.ty);
    let truth = |id: NodeId| ty(id) == Some(Ty::Bool);
    match root {
        Root::Channel { value, .. } | Root::Read { value } => ty(value).is_some(),
        Root::Fire { trade, value } => {
            let fires = flow.orders.trades.get(trade).is_some_and(|trade| trade.opens == Opens::Fired);
            fires && truth(value) && flow.node(value).op == Op::Edge
        }
        Root::Send { send, when, numbers } => {
            let numbers = numbers.into_iter().all(|id| ty(id).is_some_and(|ty| ty != Ty::Bool));
            send < flow.orders.sends.len() && truth(when) && numbers
        }
        Root::Cancel { send, when } => send < flow.orders.sends.len() && truth(when),
        Root::Write { .. } | Root::Target { .. } | Root::Export { .. } => true,
    }
}

/// Whether all that orders name exists.
pub(crate) fn orders_fit(flow: &Flow) -> Result<(), Broken> {
    let broken = |promise: &str| Err(Broken { node: None, promise: promise.to_owned() });
    let orders = &flow.orders;
    let trades = orders.trades.iter().map(|trade| trade.market);
    let quotes = orders.quotes.iter().map(|quote| quote.market);
    let mut markets = trades.chain(quotes).chain(orders.sends.iter().map(|send| send.market));
    if markets.any(|market| market >= flow.markets.len()) {
        return broken("orders are those of markets that exist");
    }
    let mut sessions = sessions(orders).into_iter();
    if sessions.any(|session| session >= flow.sessions.len()) {
        return broken("orders and limits speak of sessions that exist");
    }
    let written = flow.roots.iter().filter_map(|root| match root {
        Root::Channel { channel, .. } => Some(channel.0 as usize),
        _ => None,
    });
    let written: Vec<usize> = written.collect();
    if written.iter().enumerate().any(|(index, channel)| index != *channel) {
        return broken("each channel is written by one root, in order");
    }
    if channels(orders).iter().any(|channel| channel.0 as usize >= written.len()) {
        return broken("orders read channels that something writes");
    }
    Ok(())
}

fn sessions(orders: &Orders) -> Vec<usize> {
    let of = |per: &Per| if let Per::Session(session) = per { Some(*session) } else { None };
    let mut all: Vec<usize> = orders.trades.iter().flat_map(|it| &it.at_most).filter_map(|it| of(&it.per)).collect();
    all.extend(orders.quotes.iter().filter_map(|quote| quote.rate).filter_map(|rate| of(&rate.per)));
    for limit in &orders.limits {
        match limit {
            Limit::Max { per, then, .. } => {
                let halt = if let Reached::Halt(per) = then { *per } else { None };
                all.extend([*per, halt].iter().flatten().filter_map(of));
            }
            Limit::FlatBy(_, session) => all.extend(session),
            Limit::FlatWhen(_) => {}
        }
    }
    all
}

/// All channels that orders read.
fn channels(orders: &Orders) -> Vec<Channel> {
    let mut all = Vec::new();
    for trade in &orders.trades {
        if let Enter::Limit(price) | Enter::Stop(price) = trade.enter {
            all.push(price.at);
        }
        if let Opens::While(condition) = trade.opens {
            all.push(condition);
        }
        let Amount { value, unit } = trade.size;
        all.extend(std::iter::once(value).chain(unit));
        all.extend([trade.stop, trade.take].into_iter().flatten().map(|leave| match leave {
            Leave::At(Price { at, .. }) | Leave::Later(Price { at, .. }) | Leave::Away(at) => at,
        }));
        all.extend(trade.trail.iter().flatten().chain(trade.add.iter().flatten()).chain(&trade.exits));
        all.extend([trade.exit_after, trade.cooldown.map(|(span, _)| span), trade.cancel_after].into_iter().flatten());
        all.extend(trade.at_most.iter().flat_map(of_rate));
        match trade.via {
            Some(Via::Twap { over, every }) => all.extend([over, every]),
            Some(Via::Limit { rest, .. }) => all.push(rest),
            None => {}
        }
    }
    for quote in &orders.quotes {
        for side in quote.sides.iter().flatten() {
            all.extend([side.size, side.price.at].into_iter().chain(side.condition).chain(side.keep));
        }
        all.extend(quote.levels.iter().flatten().chain(&quote.rest));
        all.extend(quote.rate.iter().flat_map(of_rate));
    }
    for limit in &orders.limits {
        match *limit {
            Limit::Max { value, per, then, .. } => {
                let halt = if let Reached::Halt(per) = then { per } else { None };
                all.extend([per, halt].into_iter().flatten().filter_map(of_per).chain([value]));
            }
            Limit::FlatBy(..) => {}
            Limit::FlatWhen(condition) => all.push(condition),
        }
    }
    all
}

fn of_rate(rate: &Rate) -> Vec<Channel> {
    std::iter::once(rate.count).chain(of_per(rate.per)).collect()
}

fn of_per(per: Per) -> Option<Channel> {
    if let Per::Span(span) = per { Some(span) } else { None }
}
