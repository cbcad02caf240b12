//! Scenarios by chance: narrow prices and small sizes, so that everything meets everything.

use gbc_core::Nanos;
use gbc_core::orders::{InForce, Unit};
use gbc_exec::{Ask, Bracket, Guard, Key, Latency, OrderKind, Part, Size, Ticket};
use gbc_portfolio::Side;

use super::bars::Ohlc;
use super::ticks::Best;

/// A row of data.
#[derive(Clone, Copy, Debug)]
pub enum Row {
    /// A bar from its open to its end.
    Bar { opens: i64, ends: i64, bar: Ohlc },
    /// A quote.
    Quote { at: i64, best: Best },
    /// A trade; `who` took.
    Trade { at: i64, price: i64, size: i64, who: i64 },
}

/// What happens to come together.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub rows: Vec<Row>,
    /// What is sent, and when; in order of time.
    pub sends: Vec<(i64, Ask)>,
    pub latency: Latency,
}

/// A small generator: the same numbers everywhere.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n as u64) as i64
    }

    /// True in so many of a hundred cases.
    pub fn in_100(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }

    fn near(&mut self, price: i64, reach: i64) -> i64 {
        price + self.below(2 * reach + 1) - reach
    }
}

impl Scenario {
    pub fn of_bars(dice: &mut Dice) -> Scenario {
        let (mut rows, mut prices) = (Vec::new(), Vec::new());
        let (mut opens, mut price) = (1000, 100);
        for _ in 0..20 + dice.below(180) {
            opens += if dice.in_100(10) { 10 * dice.below(4) } else { 0 };
            let open = dice.near(price, 3);
            let close = dice.near(open, 4);
            let (high, low) = (open.max(close) + dice.below(4), open.min(close) - dice.below(4));
            rows.push(Row::Bar { opens, ends: opens + 10, bar: [open, high, low, close] });
            prices.push((opens + 10, close));
            (opens, price) = (opens + 10, close + (100 - close).signum() * dice.below(2));
        }
        let sends = sends(dice, &prices);
        Scenario { rows, sends, latency: Latency::default() }
    }

    pub fn of_ticks(dice: &mut Dice) -> Scenario {
        let (mut rows, mut prices) = (Vec::new(), Vec::new());
        let (mut at, mut bid, mut spread) = (1000, 100, 1);
        let (quotes_only, calm) = (dice.in_100(25), dice.in_100(50));
        for _ in 0..20 + dice.below(250) {
            at += dice.below(4);
            if !quotes_only && dice.in_100(40) {
                let price = bid + if calm { dice.below(spread + 1) } else { dice.near(0, 3) };
                rows.push(Row::Trade { at, price, size: dice.below(7), who: dice.below(3) - 1 });
            } else {
                bid = if dice.in_100(50) { dice.near(bid, if calm { 1 } else { 3 }) } else { bid };
                bid += (100 - bid).signum() * dice.below(2);
                spread = if dice.in_100(30) { 1 + dice.below(3) } else { spread };
                let mut side = |price| (!dice.in_100(4)).then(|| (price, 1 + dice.below(6)));
                rows.push(Row::Quote { at, best: [side(bid), side(bid + spread)] });
            }
            prices.push((at, bid));
        }
        let sends = sends(dice, &prices);
        let mut span = |percent| if dice.in_100(percent) { dice.below(12) } else { 0 };
        let latency = Latency {
            entry_ns: span(50),
            amend_ns: span(50),
            cancel_ns: span(50),
            reply_ns: span(50),
            ..Latency::default()
        };
        Scenario { rows, sends, latency }
    }
}

/// Tickets sent so far, to be spoken of later.
#[derive(Default)]
struct Sent {
    tickets: Vec<Ticket>,
    /// The groups, and which side opens them.
    groups: Vec<(u64, Side)>,
}

/// What is asked along the way, one request for about every two prices; not more than 400 events in all.
fn sends(dice: &mut Dice, prices: &[(i64, i64)]) -> Vec<(i64, Ask)> {
    let (mut sends, mut sent) = (Vec::new(), Sent::default());
    for &(at, price) in prices {
        while dice.in_100(35) {
            let at = if dice.in_100(70) { at } else { at + dice.below(10) };
            sends.push((at, sent.next(dice, price, at)));
        }
    }
    sends.sort_by_key(|(at, _)| *at);
    sends.truncate(400 - prices.len());
    sends
}

impl Sent {
    fn next(&mut self, dice: &mut Dice, price: i64, at: i64) -> Ask {
        match dice.below(100) {
            0..14 if !self.tickets.is_empty() => Ask::Cancel(self.any_key(dice)),
            14..30 => self.amend(dice, price).unwrap_or_else(|| self.order(dice, price, at)),
            30..45 if !self.groups.is_empty() => {
                let (group, _) = self.any_group(dice);
                let part = if dice.in_100(50) { Part::Stop } else { Part::Take };
                Ask::Protect { group, part, price: (!dice.in_100(25)).then(|| dice.near(price, 4)) }
            }
            _ => self.order(dice, price, at),
        }
    }

    fn any_key(&self, dice: &mut Dice) -> Key {
        let order = self.late(dice, self.tickets.len()) as u64 + 1;
        let part = [Part::Own, Part::Own, Part::Own, Part::Stop, Part::Take][dice.below(5) as usize];
        Key { order, part }
    }

    fn any_group(&self, dice: &mut Dice) -> (u64, Side) {
        self.groups[self.late(dice, self.groups.len())]
    }

    /// Rather one of the last few: older ones are done.
    fn late(&self, dice: &mut Dice, len: usize) -> usize {
        len - 1 - dice.below(len.min(8) as i64) as usize
    }

    fn amend(&mut self, dice: &mut Dice, price: i64) -> Option<Ask> {
        let plain = |ticket: &Ticket| matches!(ticket.size, Size::Steps(_) | Size::Share { .. });
        let len = self.tickets.len();
        let from = len.saturating_sub(8);
        let candidates: Vec<&Ticket> = self.tickets[from..].iter().filter(|ticket| plain(ticket)).collect();
        if candidates.is_empty() {
            return None;
        }
        let ticket = candidates[dice.below(candidates.len() as i64) as usize];
        let counted = matches!(ticket.size, Size::Steps(_));
        let (kind, size) = (ticket.kind, Some(1 + dice.below(6)).filter(|_| counted));
        let kind = if dice.in_100(30) { kind } else { kind_near(dice, price) };
        Some(Ask::Amend { key: Key::own(ticket.order), kind, size, bracket: bracket(dice, price) })
    }

    fn order(&mut self, dice: &mut Dice, price: i64, at: i64) -> Ask {
        let order = self.tickets.len() as u64 + 1;
        let mut side = if dice.in_100(50) { Side::Buy } else { Side::Sell };
        let (mut kind, mut size, mut group) = (kind_near(dice, price), Size::Steps(1 + dice.below(5)), None);
        match dice.below(10) {
            0..4 => {
                group = Some(order);
                self.groups.push((order, side));
            }
            4 if !self.groups.is_empty() => {
                let (id, opened_by) = self.any_group(dice);
                (group, side) = (Some(id), opened_by);
            }
            5 | 6 if !self.groups.is_empty() => {
                let (id, opened_by) = self.any_group(dice);
                side = if opened_by == Side::Buy { Side::Sell } else { Side::Buy };
                (group, size) = (Some(id), Size::Rest);
            }
            7 => {
                let share = (dice.below(9) - 4) as f64 / 4.0;
                side = if share < 0.0 { Side::Sell } else { Side::Buy };
                (kind, size) = (OrderKind::Market, Size::Wanted(Unit::Cash, share));
            }
            8 => {
                let (share, most) = ((1 + dice.below(4)) as f64 / 4.0, 1 + dice.below(8));
                (group, size) = (Some(order), Size::Share { unit: Unit::Equity, share, most });
                self.groups.push((order, side));
            }
            _ => {}
        }
        let in_force = match dice.below(10) {
            0 => InForce::Ioc,
            1 => InForce::Fok,
            2 => InForce::Day,
            _ => InForce::Gtc,
        };
        let lasts = in_force == InForce::Day || dice.in_100(20);
        let ticket = Ticket {
            order,
            market: 0,
            side,
            kind,
            size,
            in_force,
            until: Nanos(if lasts { at + dice.below(60) } else { i64::MAX }),
            post_only: kind != OrderKind::Market && dice.in_100(15),
            group,
            cap: dice.in_100(30).then(|| dice.below(8)),
            bracket: bracket(dice, price),
        };
        self.tickets.push(ticket);
        Ask::New(ticket)
    }
}

fn kind_near(dice: &mut Dice, price: i64) -> OrderKind {
    match dice.below(10) {
        0..2 => OrderKind::Market,
        2..6 => OrderKind::Limit { price: dice.near(price, 4) },
        6..8 => OrderKind::Stop { trigger: dice.near(price, 4) },
        _ => OrderKind::StopLimit { trigger: dice.near(price, 4), price: dice.near(price, 4) },
    }
}

fn bracket(dice: &mut Dice, price: i64) -> Bracket {
    let mut guard = || match dice.below(3) {
        0 => None,
        1 => Some(Guard::At(dice.near(price, 5))),
        _ => Some(Guard::Away(1 + dice.below(4))),
    };
    Bracket { stop: guard(), take: guard() }
}
