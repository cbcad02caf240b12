//! From the lines of orders and limits back to them.

use gbc_core::orders::{
    Amount, Channel, Enter, InForce, Leave, Limit, Opens, Per, Price, QuotePlan, QuoteSide, Rate, Reached, SendPlan,
    Snap, TradePlan, Via,
};
use gbc_core::session::{Daily, Days};
use gbc_core::time::moment_from;

use crate::order_words::{IN_FORCE, LIMITED, SNAPS};
use crate::read::{Line, Words, clip, one};
use crate::vocabulary::kinds;

/// `m0 long market fired size w1 …`
pub(crate) fn trade(words: Words<'_, '_>) -> Line<TradePlan> {
    let (market, long) = (one(words, kinds::market::read, "a market")?, either(words, "long", "short")?);
    let enter = match words.next() {
        Some("market") => Enter::Market,
        Some("limit") => Enter::Limit(price(words)?),
        Some("stop") => Enter::Stop(price(words)?),
        _ => return Err("a trade enters by `market`, `limit` or `stop`".to_owned()),
    };
    let opens = match words.next() {
        Some("fired") => Opens::Fired,
        Some("while") => Opens::While(channel(words)?),
        Some("flat") => Opens::Flat,
        _ => return Err("a trade opens when `fired`, `while` a condition holds, or when `flat`".to_owned()),
    };
    one(words, |word| (word == "size").then_some(()), "`size`")?;
    let size = Amount { value: channel(words)?, unit: None };
    let mut trade = TradePlan {
        market,
        long,
        enter,
        opens,
        size,
        stop: None,
        take: None,
        trail: None,
        exits: Vec::new(),
        exit_after: None,
        add: None,
        at_most: Vec::new(),
        cooldown: None,
        cancel_after: None,
        via: None,
    };
    while let Some(word) = words.next() {
        match word {
            "unit" => trade.size.unit = Some(channel(words)?),
            "lose" => trade.stop = Some(leave(words)?),
            "take" => trade.take = Some(leave(words)?),
            "trail" => trade.trail = Some([channel(words)?, channel(words)?]),
            "exit" => trade.exits.push(channel(words)?),
            "exit_after" => trade.exit_after = Some(channel(words)?),
            "add" => trade.add = Some([channel(words)?, channel(words)?, channel(words)?]),
            "at_most" => trade.at_most.push(rate(words)?),
            "cooldown" => trade.cooldown = Some((channel(words)?, false)),
            "cooldown_after_loss" => trade.cooldown = Some((channel(words)?, true)),
            "cancel_after" => trade.cancel_after = Some(channel(words)?),
            "twap" => trade.via = Some(Via::Twap { over: channel(words)?, every: channel(words)? }),
            "rest" => trade.via = Some(Via::Limit { rest: channel(words)?, then_market: false }),
            "rest_then_market" => trade.via = Some(Via::Limit { rest: channel(words)?, then_market: true }),
            other => return Err(unknown("trade", other)),
        }
    }
    Ok(trade)
}

/// `m0 bid w0 at w1 down while w2 ask …`
pub(crate) fn quote(words: Words<'_, '_>) -> Line<QuotePlan> {
    let market = one(words, kinds::market::read, "a market")?;
    let mut quote = QuotePlan { market, sides: [None; 2], levels: None, post_only: false, rest: None, rate: None };
    let mut last: Option<usize> = None;
    while let Some(word) = words.next() {
        match word {
            "bid" | "ask" => {
                let (side, size) = (usize::from(word == "ask"), channel(words)?);
                one(words, |word| (word == "at").then_some(()), "`at`")?;
                quote.sides[side] = Some(QuoteSide { size, price: price(words)?, condition: None, keep: None });
                last = Some(side);
            }
            "while" | "keep" => {
                let condition = Some(channel(words)?);
                let side = last.and_then(|side| quote.sides[side].as_mut());
                let side = side.ok_or("a condition belongs to a side, which comes before it")?;
                *(if word == "keep" { &mut side.keep } else { &mut side.condition }) = condition;
            }
            "levels" => quote.levels = Some([channel(words)?, channel(words)?]),
            "post_only" => quote.post_only = true,
            "rest" => quote.rest = Some(channel(words)?),
            "rate" => quote.rate = Some(rate(words)?),
            other => return Err(unknown("quote", other)),
        }
    }
    Ok(quote)
}

/// `m0 buy limit down ioc`
pub(crate) fn send(words: Words<'_, '_>) -> Line<SendPlan> {
    let (market, buy) = (one(words, kinds::market::read, "a market")?, either(words, "buy", "sell")?);
    let mut send = SendPlan { market, buy, limit: None, stop: None, in_force: InForce::Gtc, post_only: false };
    while let Some(word) = words.next() {
        match word {
            "limit" => send.limit = Some(snap(words)?),
            "stop" => send.stop = Some(snap(words)?),
            "post_only" => send.post_only = true,
            other => send.in_force = of(&IN_FORCE, other).ok_or_else(|| unknown("send", other))?,
        }
    }
    Ok(send)
}

/// `max w0 loss per day halt_for day`, `flat_by 15:55 every h0`, `flat_when w1`
pub(crate) fn limit(words: Words<'_, '_>) -> Line<Limit> {
    match words.next() {
        Some("max") => max(words),
        Some("flat_by") => {
            let time_ns = one(words, moment_from, "a time of day")?;
            let days = one(words, Days::from_name, "a rule about days")?;
            let place = |word: &str| if word == "utc" { Some(None) } else { kinds::session::read(word).map(Some) };
            Ok(Limit::FlatBy(Daily { time_ns, days }, one(words, place, "a session or `utc`")?))
        }
        Some("flat_when") => Ok(Limit::FlatWhen(channel(words)?)),
        _ => Err("a limit is `max`, `flat_by` or `flat_when`".to_owned()),
    }
}

fn max(words: Words<'_, '_>) -> Line<Limit> {
    let value = channel(words)?;
    let limited = one(words, |word| of(&LIMITED, word), "what is limited")?;
    let (mut of_equity, mut stretch) = (false, None);
    let then = loop {
        match words.next() {
            Some("of_equity") => of_equity = true,
            Some("per") => stretch = Some(per(words)?),
            Some("refuse") => break Reached::Refuse,
            Some("flat") => break Reached::Flat,
            Some("halt") => break Reached::Halt(None),
            Some("halt_for") => break Reached::Halt(Some(per(words)?)),
            _ => return Err("a limit ends in `refuse`, `flat`, `halt` or `halt_for`".to_owned()),
        }
    };
    Ok(Limit::Max { of: limited, value, of_equity, per: stretch, then })
}

fn unknown(what: &str, word: &str) -> String {
    format!("a `{what}` has no `{}`", clip(word))
}

/// Whether it is the first of two words.
fn either(words: Words<'_, '_>, yes: &str, no: &str) -> Line<bool> {
    one(words, |word| [yes, no].contains(&word).then_some(word == yes), &format!("`{yes}` or `{no}`"))
}

fn of<T: Copy>(known: &[(&str, T)], word: &str) -> Option<T> {
    known.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
}

fn channel(words: Words<'_, '_>) -> Line<Channel> {
    one(words, kinds::channel::read, "a channel")
}

fn snap(words: Words<'_, '_>) -> Line<Snap> {
    one(words, |word| of(&SNAPS, word), "where a price goes between two ticks")
}

fn price(words: Words<'_, '_>) -> Line<Price> {
    Ok(Price { at: channel(words)?, snap: snap(words)? })
}

fn leave(words: Words<'_, '_>) -> Line<Leave> {
    match words.next() {
        Some("at") => price(words).map(Leave::At),
        Some("later") => price(words).map(Leave::Later),
        Some("away") => channel(words).map(Leave::Away),
        _ => Err("a trade is left `at` a price, `later` at one, or so far `away`".to_owned()),
    }
}

fn rate(words: Words<'_, '_>) -> Line<Rate> {
    Ok(Rate { count: channel(words)?, per: per(words)? })
}

fn per(words: Words<'_, '_>) -> Line<Per> {
    let read = |word: &str| match word {
        "day" => Some(Per::Day),
        word => kinds::session::read(word).map(Per::Session).or_else(|| kinds::channel::read(word).map(Per::Span)),
    };
    one(words, read, "a stretch of time")
}
