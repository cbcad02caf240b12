//! What must hold after every step, whatever the rules are.

use std::collections::{BTreeMap, BTreeSet};

use gbc_exec::floor::Floor;
use gbc_exec::{Answer, Ask, Happened, Key, OrderKind, Part, Profile, Refusal, Size};
use gbc_portfolio::FillReason::{Close, Crossed, Limit, Open, Queue, Stop, Through, Touch};
use gbc_portfolio::Side;

use super::ticks::Best;

/// What is known of one order.
#[derive(Clone, Copy, Debug)]
struct Known {
    kind: Option<OrderKind>,
    /// What it may still fill.
    left: Option<i64>,
    /// Whether its first fill settles its size.
    shares: bool,
    done: i64,
    over: bool,
}

/// A witness of everything said.
pub struct Laws {
    whole: bool,
    slips: bool,
    orders: BTreeMap<Key, Known>,
    position: i64,
    now: i64,
    // What the data said last.
    open: i64,
    range: [i64; 3],
    best: Best,
    taken: [i64; 2],
    trade: Option<(i64, i64)>,
    served: [i64; 2],
}

impl Laws {
    pub fn new(profile: &Profile) -> Laws {
        Laws {
            whole: profile.takes_whole,
            slips: !profile.slippage.is_none(),
            orders: BTreeMap::new(),
            position: 0,
            now: 0,
            open: 0,
            range: [0; 3],
            best: [None; 2],
            taken: [0; 2],
            trade: None,
            served: [0; 2],
        }
    }

    pub fn open(&mut self, price: i64) {
        self.open = price;
    }

    pub fn range(&mut self, range: [i64; 3]) {
        self.range = range;
    }

    pub fn quote(&mut self, best: Best) {
        for (side, now) in best.into_iter().enumerate() {
            if self.best[side] != now {
                self.taken[side] = 0;
            }
        }
        (self.best, self.trade) = (best, None);
    }

    pub fn trade(&mut self, price: i64, size: i64) {
        (self.trade, self.served) = (Some((price, size)), [0; 2]);
    }

    /// Something is asked.
    pub fn ask(&mut self, ask: &Ask, at: i64) {
        self.trade = None;
        assert!(at >= self.now, "requests arrive in order");
        match *ask {
            Ask::New(ticket) => {
                let left = if let Size::Steps(steps) = ticket.size { Some(steps) } else { None };
                let shares = matches!(ticket.size, Size::Share { .. });
                let fresh = Known { kind: Some(ticket.kind), left, shares, done: 0, over: false };
                assert!(self.orders.insert(Key::own(ticket.order), fresh).is_none(), "numbers are used once");
            }
            Ask::Amend { key, kind, size, .. } => {
                if let Some(known) = self.orders.get_mut(&key).filter(|known| !known.over) {
                    known.kind = Some(kind);
                    known.left = size.map(|size| size - known.done).or(known.left);
                }
            }
            Ask::Cancel(_) | Ask::Protect { .. } => {}
        }
    }

    /// The answers of one step, and the floor after it.
    pub fn hold(&mut self, answers: &[Answer], floor: &Floor) {
        for answer in answers {
            assert!(answer.at.0 >= self.now, "{answer:?} is older than what was said before");
            self.now = answer.at.0;
            self.heard(answer);
        }
        assert_eq!(self.position, floor.position, "the position is the sum of fills");
        for order in &floor.orders {
            assert!(order.place.ahead.is_none_or(|ahead| ahead >= 0.0), "{order:?}");
            assert!(self.orders.get(&order.key).is_some_and(|known| !known.over), "{order:?} is over");
        }
        let keys: BTreeSet<Key> = floor.orders.iter().map(|order| order.key).collect();
        assert_eq!(keys.len(), floor.orders.len(), "an order is there twice: {:?}", floor.orders);
    }

    pub fn all_are_done(&self) {
        let open: Vec<_> = self.orders.iter().filter(|(_, known)| !known.over).collect();
        assert!(open.is_empty(), "{open:?} never ended");
    }

    fn heard(&mut self, answer: &Answer) {
        let key = answer.key;
        if answer.what == Happened::Refused(Refusal::TooLate) {
            return;
        }
        if let (Happened::Accepted { kind, .. }, true) = (answer.what, key.part != Part::Own) {
            // Guards are born, or stand elsewhere.
            self.orders.insert(key, Known { kind: Some(kind), left: None, shares: false, done: 0, over: false });
        }
        let known = *self.orders.get(&key).unwrap_or_else(|| panic!("{answer:?} of an order that nobody sent"));
        assert!(!known.over, "{answer:?} after the end");
        let over = match answer.what {
            Happened::Accepted { kind, left, .. } => {
                // The size of a share is not known before its first fill.
                assert!(left > 0 || known.shares && known.done == 0, "{answer:?}");
                assert_eq!(known.kind, Some(kind), "{answer:?} is not what was asked");
                false
            }
            Happened::Filled { side, price, size, left, .. } => {
                self.filled(answer, known, side, price, size, left);
                left == 0
            }
            Happened::Cancelled | Happened::Expired | Happened::Refused(_) => true,
        };
        self.orders.get_mut(&key).expect("it was just there").over = over;
    }

    fn filled(&mut self, answer: &Answer, known: Known, side: Side, price: i64, size: i64, left: i64) {
        let Happened::Filled { reason, maker, slipped, .. } = answer.what else { unreachable!("it is a fill") };
        assert!(size > 0 && left >= 0, "{answer:?}");
        if let Some(most) = known.left {
            assert_eq!(size + left, most, "{answer:?}");
        }
        let order = self.orders.get_mut(&answer.key).expect("it is known");
        (order.left, order.done) = (known.left.map(|_| left), known.done + size);
        let sign = side.sign();
        self.position += sign * size;
        let limit = known.kind.and_then(OrderKind::limit);
        assert!(limit.is_none_or(|limit| sign * (limit - price) >= 0), "{answer:?} is beyond its limit");
        assert!(slipped == 0 || slipped > 0 && !maker && limit.is_none() && self.slips, "{answer:?} must not slip");
        // From here on as the data had it.
        let price = price - sign * slipped;
        let (own, other) = if side == Side::Buy { (0, 1) } else { (1, 0) };
        let [high, low, close] = self.range;
        match reason {
            Open => assert_eq!(price, self.open, "{answer:?}"),
            Close => assert_eq!(price, close, "{answer:?}"),
            Limit | Stop => assert!((low..=high).contains(&price), "{answer:?} is not within {:?}", self.range),
            Touch | Crossed => {
                let (shown, there) = self.best[other].unwrap_or_else(|| panic!("{answer:?} of nobody"));
                assert!(if maker { sign * (price - shown) >= 0 } else { price == shown }, "{answer:?} is not {shown}");
                self.taken[other] += size;
                assert!(self.whole || self.taken[other] <= there, "{answer:?} takes more than {there}");
            }
            Queue | Through => {
                let (traded, most) = self.trade.unwrap_or_else(|| panic!("{answer:?} without a trade"));
                let beyond = sign * (price - traded);
                assert!(if reason == Queue { beyond == 0 } else { beyond > 0 }, "{answer:?}");
                self.served[own] += size;
                assert!(self.served[own] <= most, "{answer:?} of {most} traded");
            }
        }
        assert!(!(maker && known.kind == Some(OrderKind::Market)), "{answer:?}");
    }
}
