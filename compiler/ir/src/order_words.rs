//! Orders and limits as text: a line each, a word before everything that may be there.

use std::fmt::Write;

use gbc_core::orders::{
    Amount, Channel, Enter, InForce, Leave, Limit, Limited, Opens, Per, Price, QuotePlan, Rate, Reached, SendPlan,
    Snap, TradePlan, Via,
};
use gbc_core::time::moment_text;

use crate::flow::Orders;
use crate::vocabulary::kinds;

pub(crate) const SNAPS: [(&str, Snap); 3] = [("down", Snap::Down), ("up", Snap::Up), ("nearest", Snap::Nearest)];

pub(crate) const LIMITED: [(&str, Limited); 6] = [
    ("position", Limited::Position),
    ("order_size", Limited::OrderSize),
    ("loss", Limited::Loss),
    ("drawdown", Limited::Drawdown),
    ("orders", Limited::Orders),
    ("leg_gap", Limited::LegGap),
];

pub(crate) const IN_FORCE: [(&str, InForce); 4] =
    [("gtc", InForce::Gtc), ("ioc", InForce::Ioc), ("fok", InForce::Fok), ("day", InForce::Day)];

/// The word of a value.
fn word<T: PartialEq>(words: &[(&'static str, T)], value: &T) -> &'static str {
    words.iter().find(|(_, known)| known == value).map(|(word, _)| *word).expect("every value has its word")
}

/// The lines of all orders and limits.
pub(crate) fn print(orders: &Orders, out: &mut String) {
    let mut line = |line: Line| {
        let _ = writeln!(out, "{}", line.0);
    };
    for (index, trade) in orders.trades.iter().enumerate() {
        line(trade_words(Line::of("trade").word(&kinds::trade::write(index)), trade));
    }
    for (index, quote) in orders.quotes.iter().enumerate() {
        line(quote_words(Line::of("quote").word(&kinds::quote::write(index)), quote));
    }
    for (index, send) in orders.sends.iter().enumerate() {
        line(send_words(Line::of("send").word(&kinds::send::write(index)), send));
    }
    orders.limits.iter().for_each(|limit| line(limit_words(Line::of("limit"), limit)));
}

/// A line in the making.
struct Line(String);

impl Line {
    fn of(first: &str) -> Line {
        Line(first.to_owned())
    }

    fn word(self, word: &str) -> Line {
        Line(self.0 + " " + word)
    }

    /// The word only where it holds.
    fn flag(self, word: &str, holds: bool) -> Line {
        if holds { self.word(word) } else { self }
    }

    fn channels(self, word: &str, channels: impl IntoIterator<Item = Channel>) -> Line {
        self.word(word).each(channels, |line, channel| line.word(&kinds::channel::write(channel)))
    }

    /// Whatever there is of something.
    fn each<T>(self, things: impl IntoIterator<Item = T>, add: impl FnMut(Line, T) -> Line) -> Line {
        things.into_iter().fold(self, add)
    }

    /// A channel behind its word, where there is one.
    fn maybe(self, word: &str, channel: Option<Channel>) -> Line {
        self.each(channel, |line, channel| line.channels(word, [channel]))
    }

    fn price(self, word: &str, price: Price) -> Line {
        self.channels(word, [price.at]).word(self::word(&SNAPS, &price.snap))
    }

    fn per(self, per: Per) -> Line {
        match per {
            Per::Day => self.word("day"),
            Per::Session(session) => self.word(&kinds::session::write(session)),
            Per::Span(span) => self.word(&kinds::channel::write(span)),
        }
    }

    fn rate(self, word: &str, rate: &Rate) -> Line {
        self.channels(word, [rate.count]).per(rate.per)
    }

    fn leave(self, word: &str, leave: Leave) -> Line {
        match leave {
            Leave::At(price) => self.word(word).price("at", price),
            Leave::Later(price) => self.word(word).price("later", price),
            Leave::Away(distance) => self.word(word).channels("away", [distance]),
        }
    }
}

fn trade_words(line: Line, trade: &TradePlan) -> Line {
    let line = line.word(&kinds::market::write(trade.market)).word(if trade.long { "long" } else { "short" });
    let line = match trade.enter {
        Enter::Market => line.word("market"),
        Enter::Limit(price) => line.price("limit", price),
        Enter::Stop(price) => line.price("stop", price),
    };
    let line = match trade.opens {
        Opens::Fired => line.word("fired"),
        Opens::While(condition) => line.channels("while", [condition]),
        Opens::Flat => line.word("flat"),
    };
    let Amount { value, unit } = trade.size;
    let line = line
        .channels("size", [value])
        .maybe("unit", unit)
        .each(trade.stop, |line, stop| line.leave("lose", stop))
        .each(trade.take, |line, take| line.leave("take", take))
        .each(trade.trail, |line, trail| line.channels("trail", trail))
        .each(&trade.exits, |line, exit| line.channels("exit", [*exit]))
        .maybe("exit_after", trade.exit_after)
        .each(trade.add, |line, add| line.channels("add", add))
        .each(&trade.at_most, |line, rate| line.rate("at_most", rate))
        .each(trade.cooldown, |line, (span, after_loss)| {
            line.channels(if after_loss { "cooldown_after_loss" } else { "cooldown" }, [span])
        })
        .maybe("cancel_after", trade.cancel_after);
    line.each(trade.via, |line, via| match via {
        Via::Twap { over, every } => line.channels("twap", [over, every]),
        Via::Limit { rest, then_market: true } => line.channels("rest_then_market", [rest]),
        Via::Limit { rest, .. } => line.channels("rest", [rest]),
    })
}

fn quote_words(line: Line, quote: &QuotePlan) -> Line {
    let sides = quote.sides.iter().zip(["bid", "ask"]).filter_map(|(side, word)| side.map(|side| (word, side)));
    line.word(&kinds::market::write(quote.market))
        .each(sides, |line, (word, side)| {
            let line = line.channels(word, [side.size]).price("at", side.price);
            line.maybe("while", side.condition).maybe("keep", side.keep)
        })
        .each(quote.levels, |line, levels| line.channels("levels", levels))
        .flag("post_only", quote.post_only)
        .maybe("rest", quote.rest)
        .each(&quote.rate, |line, rate| line.rate("rate", rate))
}

fn send_words(line: Line, send: &SendPlan) -> Line {
    line.word(&kinds::market::write(send.market))
        .word(if send.buy { "buy" } else { "sell" })
        .each(send.limit, |line, snap| line.word("limit").word(word(&SNAPS, &snap)))
        .each(send.stop, |line, snap| line.word("stop").word(word(&SNAPS, &snap)))
        .word(word(&IN_FORCE, &send.in_force))
        .flag("post_only", send.post_only)
}

fn limit_words(line: Line, limit: &Limit) -> Line {
    match *limit {
        Limit::Max { of, value, of_equity, per, then } => {
            let line = line.channels("max", [value]).word(word(&LIMITED, &of)).flag("of_equity", of_equity);
            let line = line.each(per, |line, per| line.word("per").per(per));
            match then {
                Reached::Refuse => line.word("refuse"),
                Reached::Flat => line.word("flat"),
                Reached::Halt(None) => line.word("halt"),
                Reached::Halt(Some(per)) => line.word("halt_for").per(per),
            }
        }
        Limit::FlatBy(daily, session) => {
            let session = session.map_or("utc".to_owned(), kinds::session::write);
            line.word("flat_by").word(&moment_text(daily.time_ns)).word(daily.days.name()).word(&session)
        }
        Limit::FlatWhen(condition) => line.channels("flat_when", [condition]),
    }
}
