//! The result hash: what a run did, and nothing of who ran it where.
//!
//! The canonical form is a header and three lists. Integers are little endian: `u64`/`i64` in 8 bytes, money (`i128`,
//! in billionths) in 16, words as one byte. A list is its length as `u64`, then its records in the order of the run:
//!
//! ```text
//! header   the 13 bytes `gbc-result-v2`
//! order    id u64, parent u64, market u64, time i64, side u8, kind u8, price i64, trigger i64, size i64, filled i64, status u8
//! fill     id u64, order u64, market u64, time i64, side u8, price i64, size i64, fee i128, maker u8, reason u8
//! equity   time i64, equity i128
//! side     1 buy · 2 sell
//! kind     1 market · 2 limit · 3 stop · 4 stop_limit
//! status   1 pending · 2 filled · 3 refused · 4 expired · 5 cancelled
//! reason   1 open · 2 touch · 3 close · 4 limit · 5 stop · 6 queue · 7 through · 8 crossed
//! ```
//!
//! No parent is 0, no price and no trigger are `i64::MIN`.
//!
//! New words take new numbers. A change of anything else takes a new header, and a line in the changelog.

use blake3::Hasher;
use gbc_core::NA;
use gbc_exec::{Order, OrderKind, OrderStatus};
use gbc_portfolio::{EquityPoint, Fill, FillReason, Side};

/// The version of the canonical form, and the header that begins it.
pub const RESULT_HASH_VERSION: &str = "gbc-result-v2";

/// BLAKE3 over the canonical form of every order, fill and equity point, in hex.
pub fn result_hash(orders: &[Order], fills: &[Fill], equity: &[EquityPoint]) -> String {
    let mut form = Form::new();
    form.list(orders, order);
    form.list(fills, fill);
    form.list(equity, equity_point);
    form.finish()
}

fn order(form: &mut Form, order: &Order) {
    form.u64(order.id);
    form.u64(order.parent.unwrap_or(0));
    form.u64(order.market as u64);
    form.i64(order.time.0);
    form.word(side_number(order.side));
    form.word(kind_number(order.kind));
    form.i64(order.kind.limit().unwrap_or(NA));
    form.i64(order.kind.trigger().unwrap_or(NA));
    form.i64(order.size);
    form.i64(order.filled);
    form.word(status_number(order.status));
}

fn fill(form: &mut Form, fill: &Fill) {
    form.u64(fill.id);
    form.u64(fill.order);
    form.u64(fill.market as u64);
    form.i64(fill.time.0);
    form.word(side_number(fill.side));
    form.i64(fill.price);
    form.i64(fill.size);
    form.i128(fill.fee.0);
    form.word(u8::from(fill.maker));
    form.word(reason_number(fill.reason));
}

fn equity_point(form: &mut Form, point: &EquityPoint) {
    form.i64(point.time.0);
    form.i128(point.equity.0);
}

fn side_number(side: Side) -> u8 {
    match side {
        Side::Buy => 1,
        Side::Sell => 2,
    }
}

fn kind_number(kind: OrderKind) -> u8 {
    match kind {
        OrderKind::Market => 1,
        OrderKind::Limit { .. } => 2,
        OrderKind::Stop { .. } => 3,
        OrderKind::StopLimit { .. } => 4,
    }
}

fn status_number(status: OrderStatus) -> u8 {
    match status {
        OrderStatus::Pending => 1,
        OrderStatus::Filled => 2,
        OrderStatus::Refused => 3,
        OrderStatus::Expired => 4,
        OrderStatus::Cancelled => 5,
    }
}

fn reason_number(reason: FillReason) -> u8 {
    match reason {
        FillReason::Open => 1,
        FillReason::Touch => 2,
        FillReason::Close => 3,
        FillReason::Limit => 4,
        FillReason::Stop => 5,
        FillReason::Queue => 6,
        FillReason::Through => 7,
        FillReason::Crossed => 8,
    }
}

/// The canonical form on its way into the hash, gathered into pieces that the hash likes.
struct Form {
    hasher: Hasher,
    pending: Vec<u8>,
}

impl Form {
    const PIECE: usize = 64 * 1024;

    fn new() -> Form {
        let mut hasher = Hasher::new();
        hasher.update(RESULT_HASH_VERSION.as_bytes());
        Form { hasher, pending: Vec::with_capacity(Form::PIECE + 128) }
    }

    fn list<T>(&mut self, records: &[T], write: fn(&mut Form, &T)) {
        self.u64(records.len() as u64);
        for record in records {
            write(self, record);
            if self.pending.len() >= Form::PIECE {
                self.flush();
            }
        }
    }

    fn word(&mut self, number: u8) {
        self.pending.push(number);
    }

    fn u64(&mut self, number: u64) {
        self.pending.extend_from_slice(&number.to_le_bytes());
    }

    fn i64(&mut self, number: i64) {
        self.pending.extend_from_slice(&number.to_le_bytes());
    }

    fn i128(&mut self, number: i128) {
        self.pending.extend_from_slice(&number.to_le_bytes());
    }

    fn flush(&mut self) {
        self.hasher.update(&self.pending);
        self.pending.clear();
    }

    fn finish(mut self) -> String {
        self.flush();
        self.hasher.finalize().to_hex().to_string()
    }
}

#[cfg(test)]
mod tests {
    use gbc_core::{Money, Nanos};

    use super::*;
    use crate::run::sample;

    fn hash_after(change: impl Fn(&mut Vec<Order>, &mut Vec<Fill>, &mut Vec<EquityPoint>)) -> String {
        let (mut orders, mut fills, mut equity) = (sample::orders(), sample::fills(), sample::equity());
        change(&mut orders, &mut fills, &mut equity);
        result_hash(&orders, &fills, &equity)
    }

    #[test]
    fn the_form_is_pinned() {
        // A change here is a change of the form: it needs a new header and a line in the changelog.
        assert_eq!(hash_after(|_, _, _| ()), "d1c077204b15009512afd977c167ec461d29a0d1b4d5d9f2c779035ed72a1a8b");
        assert_eq!(result_hash(&[], &[], &[]), "61652ed95247822dfa331135cfbf6f4c104583e28703191e5966c79d958fcec6");
    }

    #[test]
    fn every_field_of_every_order_counts() {
        let same = hash_after(|_, _, _| ());
        let changes: [fn(&mut Order); 6] = [
            |order| order.id += 1,
            |order| order.market += 1,
            |order| order.time = Nanos(order.time.0 + 1),
            |order| order.side = Side::Sell,
            |order| order.size += 1,
            |order| order.status = OrderStatus::Expired,
        ];
        for change in changes {
            assert_ne!(hash_after(|orders, _, _| change(&mut orders[0])), same);
        }
        assert_ne!(hash_after(|orders, _, _| orders.truncate(1)), same);
        assert_ne!(hash_after(|orders, _, _| orders.swap(0, 1)), same);
    }

    #[test]
    fn every_field_of_every_fill_counts() {
        let same = hash_after(|_, _, _| ());
        let changes: [fn(&mut Fill); 9] = [
            |fill| fill.id += 1,
            |fill| fill.order += 1,
            |fill| fill.market += 1,
            |fill| fill.time = Nanos(fill.time.0 + 1),
            |fill| fill.side = Side::Sell,
            |fill| fill.price += 1,
            |fill| fill.size += 1,
            |fill| fill.fee += Money(1),
            |fill| fill.reason = FillReason::Touch,
        ];
        for change in changes {
            assert_ne!(hash_after(|_, fills, _| change(&mut fills[0])), same);
        }
        assert_ne!(hash_after(|_, fills, _| fills.truncate(1)), same);
    }

    #[test]
    fn every_equity_point_counts() {
        let same = hash_after(|_, _, _| ());
        assert_ne!(hash_after(|_, _, equity| equity[1].time = Nanos(equity[1].time.0 - 1)), same);
        assert_ne!(hash_after(|_, _, equity| equity[1].equity += Money(1)), same);
        assert_ne!(hash_after(|_, _, equity| equity.truncate(3)), same);
    }

    #[test]
    fn long_runs_hash_as_one_piece() {
        let point = EquityPoint { time: Nanos(1), equity: Money(2) };
        let many = vec![point; 10_000];
        let mut bytes = b"gbc-result-v2".to_vec();
        bytes.extend_from_slice(&[0; 16]);
        bytes.extend_from_slice(&10_000_u64.to_le_bytes());
        for _ in &many {
            bytes.extend_from_slice(&1_i64.to_le_bytes());
            bytes.extend_from_slice(&2_i128.to_le_bytes());
        }
        assert_eq!(result_hash(&[], &[], &many), blake3::hash(&bytes).to_hex().to_string());
    }
}
