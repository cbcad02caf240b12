//! From the text form back to the flow: exactly what `print` writes, and nothing else that would mean something else.

use std::fmt;

use gbc_analysis::ClockSet;
use gbc_core::bars::Size;
use gbc_core::session::{Daily, Days, Hours};
use gbc_core::time::{moment_from, span_from};
use gbc_diagnostics::Span;
use gbc_hir::{Series, Session, SessionHours};

use crate::flow::{Expect, Flow, Node, NodeId, Op, Param, Root, State, Timer, Ty, Watch};
use crate::print::FILLS;
use crate::read_orders;
use crate::verify::verify;
use crate::vocabulary::{CONST, kinds, read_clock, read_op, read_ty, read_value};

/// Why a text is no flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for ReadError {}

/// What is wrong with a line; its number is added by whoever knows it.
pub(crate) type Line<T> = Result<T, String>;

/// Reads a flow, and holds it against the promises of every flow.
pub fn read(text: &str) -> Result<Flow, ReadError> {
    let mut flow = Flow::default();
    let mut node_lines = Vec::new();
    let mut named = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or("");
        let mut words = line.split_whitespace();
        let Some(first) = words.next() else { continue };
        let error = |reason: String| ReadError { line: index + 1, reason };
        match (first, named) {
            ("flow", false) => {
                flow.name = name(&mut words).map_err(error)?;
                named = true;
            }
            ("flow", true) => return Err(error("a second `flow`".to_owned())),
            (_, false) => return Err(error("a flow begins with `flow` and its name".to_owned())),
            (_, true) => item(&mut flow, first, &mut words).map_err(error)?,
        }
        node_lines.resize(flow.nodes.len(), index + 1);
        if let Some(rest) = words.next() {
            return Err(error(format!("`{}` is more than the line can hold", clip(rest))));
        }
    }
    let last = text.lines().count().max(1);
    if !named {
        return Err(ReadError { line: last, reason: "a flow begins with `flow` and its name".to_owned() });
    }
    verify(&flow).map_err(|broken| {
        let line = broken.node.map_or(last, |id| node_lines[id.0 as usize]);
        ReadError { line, reason: broken.promise }
    })?;
    Ok(flow)
}

pub(crate) type Words<'a, 'b> = &'b mut std::str::SplitWhitespace<'a>;

fn item(flow: &mut Flow, first: &str, words: Words<'_, '_>) -> Line<()> {
    match first {
        "market" => {
            numbered(words, kinds::market::read, flow.markets.len())?;
            flow.markets.push(name(words)?);
        }
        "param" => {
            numbered(words, kinds::param::read, flow.params.len())?;
            flow.params.push(Param { name: name(words)?, ty: ty(words)? });
        }
        "series" => {
            numbered(words, kinds::series::read, flow.series.len())?;
            let market = one(words, kinds::market::read, "a market")?;
            let size = size(words)?;
            let session = words.next().map(|word| {
                kinds::session::read(word).ok_or_else(|| format!("`{}` stands where a session belongs", clip(word)))
            });
            flow.series.push(Series { market, size, session: session.transpose()? });
        }
        "session" => {
            numbered(words, kinds::session::read, flow.sessions.len())?;
            flow.sessions.push(session(words)?);
        }
        "timer" => {
            numbered(words, kinds::timer::read, flow.timers.len())?;
            flow.timers.push(timer(words)?);
        }
        "clock" => {
            numbered(words, |word| kinds::clock::read(word).map(|id| id.0.into()), flow.clocks.len())?;
            flow.clocks.push(read_clock(words).ok_or("this is no clock")?);
        }
        "state" => {
            numbered(words, kinds::state::read, flow.states.len())?;
            let (name, ty) = (name(words)?, ty(words)?);
            exactly(words, "=")?;
            flow.states.push(State { name, ty, init: node(words)? });
        }
        "rules" => flow.rules = clocks(words)?,
        "write" => {
            let state = one(words, kinds::state::read, "a state")?;
            flow.roots.push(Root::Write { state, value: node(words)? });
        }
        "target" => {
            let market = one(words, kinds::market::read, "a market")?;
            let value = node(words)?;
            let read = |word| kinds::node::read(word).ok_or_else(|| format!("`{}` is no node", clip(word)));
            let unit = words.next().map(read).transpose()?;
            flow.roots.push(Root::Target { market, value, unit });
        }
        "export" => {
            let export = one(words, kinds::export::read, "an export")?;
            flow.roots.push(Root::Export { export, value: node(words)? });
        }
        "channel" => {
            let channel = one(words, kinds::channel::read, "a channel")?;
            flow.roots.push(Root::Channel { channel, value: node(words)? });
        }
        "fire" => {
            let trade = one(words, kinds::trade::read, "a trade")?;
            flow.roots.push(Root::Fire { trade, value: node(words)? });
        }
        "ask" => {
            let (send, when) = (one(words, kinds::send::read, "an order by hand")?, node(words)?);
            let numbers = [node(words)?, node(words)?, node(words)?];
            flow.roots.push(Root::Send { send, when, numbers });
        }
        "cancel" => {
            let send = one(words, kinds::send::read, "an order by hand")?;
            flow.roots.push(Root::Cancel { send, when: node(words)? });
        }
        "trade" => {
            numbered(words, kinds::trade::read, flow.orders.trades.len())?;
            flow.orders.trades.push(read_orders::trade(words)?);
        }
        "quote" => {
            numbered(words, kinds::quote::read, flow.orders.quotes.len())?;
            flow.orders.quotes.push(read_orders::quote(words)?);
        }
        "send" => {
            numbered(words, kinds::send::read, flow.orders.sends.len())?;
            flow.orders.sends.push(read_orders::send(words)?);
        }
        "limit" => flow.orders.limits.push(read_orders::limit(words)?),
        "read" => flow.roots.push(Root::Read { value: node(words)? }),
        "expect" => flow.expects.push(Expect { value: node(words)?, span: place(words)? }),
        "watch" => {
            let index = |word: &str| word.parse::<usize>().ok().filter(|index| index.to_string() == word);
            let expect = one(words, index, "an expectation")?;
            flow.watches.push(Watch { expect, value: node(words)?, name: name(words)? });
        }
        "look" => flow.looks.push(node(words)?),
        _ => {
            numbered(
                &mut first.split_whitespace(),
                |word| kinds::node::read(word).map(|id| id.0 as usize),
                flow.nodes.len(),
            )?;
            exactly(words, "=")?;
            let node = node_line(words)?;
            flow.nodes.push(node);
        }
    }
    Ok(())
}

/// `time 5m`, `lots 5000000000`
fn size(words: Words<'_, '_>) -> Line<Size> {
    let kind = words.next().unwrap_or("");
    let count = |word: &str| word.parse::<i64>().ok().filter(|n| *n > 0 && n.to_string() == word);
    Ok(match kind {
        "time" => Size::Time(one(words, |word| span_from(word).filter(|ns| *ns > 0), "a span of time")?),
        "trades" => Size::Trades(one(words, count, "a count")?),
        "lots" => Size::Lots(one(words, count, "billionths of lots")?),
        "money" => Size::Money(one(words, count, "billionths of money")?),
        "range" => Size::Range(one(words, count, "a count of ticks")?),
        _ => return Err(format!("`{}` is no size of bars", clip(kind))),
    })
}

/// `es.rth m0 ;12..18`, or opening, close and zone in place of the market.
fn session(words: Words<'_, '_>) -> Line<Session> {
    let name = name(words)?;
    let first = words.next().unwrap_or("");
    let hours = match kinds::market::read(first) {
        Some(market) => SessionHours::Market(market),
        None => {
            let open_ns = moment_from(first).ok_or_else(|| format!("`{}` is no market and no time", clip(first)))?;
            let close_ns = one(words, moment_from, "a time of day")?;
            SessionHours::Own(Hours::weekdays(open_ns, close_ns, words.next().ok_or("a zone is missing")?))
        }
    };
    Ok(Session { name, hours, span: place(words)? })
}

/// `every n3`, or `at 15:45 weekday h0 ;12..18`
fn timer(words: Words<'_, '_>) -> Line<Timer> {
    match words.next() {
        Some("every") => Ok(Timer::Every(node(words)?)),
        Some("at") => {
            let time_ns = one(words, moment_from, "a time of day")?;
            let days = one(words, Days::from_name, "a rule about days")?;
            let session = one(
                words,
                |word| if word == "utc" { Some(None) } else { kinds::session::read(word).map(Some) },
                "a session or `utc`",
            )?;
            Ok(Timer::At(Daily { time_ns, days }, session, place(words)?))
        }
        Some("quiet") => {
            let market = words.next().and_then(kinds::market::read).ok_or("no market")?;
            let after = node(words)?;
            Ok(Timer::Quiet(market, after, longer(words)?))
        }
        Some("since") => {
            let (of, after) = (node(words)?, node(words)?);
            Ok(Timer::Since(of, after, longer(words)?))
        }
        _ => Err("a timer fires `every` so often, `at` a time, in the `quiet` or so long `since`".to_owned()),
    }
}

fn longer(words: Words<'_, '_>) -> Line<bool> {
    match words.next() {
        Some("longer") => Ok(true),
        Some("or") => Ok(false),
        _ => Err("a timer waits `longer` or, with `or`, so long".to_owned()),
    }
}

/// What follows `n5 =`: an operation on nodes, a colon, and the facts.
fn node_line(words: Words<'_, '_>) -> Line<Node> {
    let does: Vec<&str> = words.by_ref().take_while(|word| *word != ":").collect();
    let ty = ty(words)?;
    let clocks = clocks(words)?;
    let time = one(words, kinds::time::read, "a binding time")?;
    let mut next = words.next();
    let (params, feedback) = match next.filter(|word| word.starts_with('<')) {
        Some(word) => {
            next = words.next();
            reach(word)?
        }
        None => (0, false),
    };
    let span = next.and_then(span).ok_or("a place in the source is missing, as in `;12..18`")?;
    let mut does = does.into_iter();
    let op = operation(&mut does, ty)?;
    let args: Option<Vec<NodeId>> = does.map(kinds::node::read).collect();
    let args = args.ok_or("operands are nodes, as in `n3`")?;
    Ok(Node { op, args, ty, clocks, time, params, feedback, span })
}

fn operation(words: &mut std::vec::IntoIter<&str>, ty: Ty) -> Line<Op> {
    let first = words.as_slice().first().copied().unwrap_or("");
    if first != CONST {
        return read_op(words).ok_or(format!("`{}` begins no operation", clip(first)));
    }
    let value = words.nth(1).ok_or("a constant has a value")?;
    read_value(value, ty).map(Op::Const).ok_or(format!("`{}` is no value of this type", clip(value)))
}

pub(crate) fn one<T>(words: Words<'_, '_>, read: impl Fn(&str) -> Option<T>, wanted: &str) -> Line<T> {
    let word = words.next().unwrap_or("");
    read(word).ok_or_else(|| format!("`{}` stands where {wanted} belongs", clip(word)))
}

/// Things are numbered in the order of their lines.
fn numbered(words: Words<'_, '_>, read: impl Fn(&str) -> Option<usize>, expected: usize) -> Line<()> {
    let word = words.next().unwrap_or("");
    match read(word) {
        Some(number) if number == expected => Ok(()),
        Some(_) => Err(format!("`{}` is out of order: number {expected} comes next", clip(word))),
        None => Err(format!("`{}` begins nothing that a flow holds", clip(word))),
    }
}

fn name(words: Words<'_, '_>) -> Line<String> {
    words.next().map(str::to_owned).ok_or_else(|| "a name is missing".to_owned())
}

fn exactly(words: Words<'_, '_>, wanted: &str) -> Line<()> {
    one(words, |word| (word == wanted).then_some(()), &format!("`{wanted}`"))
}

fn node(words: Words<'_, '_>) -> Line<NodeId> {
    one(words, kinds::node::read, "a node")
}

fn ty(words: Words<'_, '_>) -> Line<Ty> {
    let read = |word: &str| {
        let mut parts = word.split('.');
        read_ty(&mut parts).filter(|_| parts.next().is_none())
    };
    one(words, read, "a type")
}

fn clocks(words: Words<'_, '_>) -> Line<ClockSet> {
    let read = |word: &str| {
        let names = word.strip_prefix("@{")?.strip_suffix('}')?;
        let mut ids = names.split(',').filter(|_| !names.is_empty()).map(kinds::clock::read);
        ids.try_fold(ClockSet::EMPTY, |all, id| Some(all.union(ClockSet::of(id?))))
    };
    one(words, read, "a set of clocks")
}

fn reach(word: &str) -> Line<(u64, bool)> {
    let read = || {
        let names = word.strip_prefix('<')?.strip_suffix('>')?;
        names.split(',').try_fold((0, false), |(params, feedback), name| match name {
            FILLS => Some((params, true)),
            name => kinds::param::read(name).filter(|index| *index < 64).map(|index| (params | 1 << index, feedback)),
        })
    };
    read().ok_or_else(|| format!("`{}` names no parameters", clip(word)))
}

fn place(words: Words<'_, '_>) -> Line<Span> {
    one(words, span, "a place in the source")
}

fn span(word: &str) -> Option<Span> {
    let (start, end) = word.strip_prefix(';')?.split_once("..")?;
    let span = Span { start: start.parse().ok()?, end: end.parse().ok()? };
    (span.start <= span.end).then_some(span)
}

/// A word short enough for a message.
pub(crate) fn clip(word: &str) -> String {
    word.chars().take(40).collect()
}
