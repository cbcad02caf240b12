//! What a column can mean, and the names under which files keep it.

use crate::Stamp;

/// The meaning of one column of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
pub(crate) enum Field {
    Time,
    Open,
    High,
    Low,
    Close,
    Volume,
    BidPx,
    BidSz,
    AskPx,
    AskSz,
    Px,
    Sz,
    Side,
    Kind,
    Action,
    Order,
    Count,
    Flags,
    ExchTime,
}

impl Field {
    pub(crate) const COUNT: usize = 19;

    /// The name that `--map column=field` takes and messages use.
    pub(crate) fn name(self) -> &'static str {
        NAMES[self as usize].1[0]
    }

    /// The field that a column of this name holds.
    pub(crate) fn of_column(name: &str) -> Option<Field> {
        let plain = plain(name);
        NAMES.iter().find(|(_, names)| names.iter().any(|known| self::plain(known) == plain)).map(|(field, _)| *field)
    }

    pub(crate) fn is_price(self) -> bool {
        use Field::*;
        matches!(self, Open | High | Low | Close | BidPx | AskPx | Px)
    }

    pub(crate) fn is_size(self) -> bool {
        use Field::*;
        matches!(self, Volume | BidSz | AskSz | Sz)
    }

    /// Whether it is kept as a whole number, which a float could not hold.
    pub(crate) fn is_whole(self) -> bool {
        use Field::*;
        matches!(self, Order | Count | Flags | ExchTime)
    }

    /// All names that `--map` takes.
    pub(crate) fn all_names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(_, names)| names[0])
    }
}

/// In the order of `Field`; the first name is the one we say. `adj close` is deliberately no `close`.
const NAMES: [(Field, &[&str]); Field::COUNT] = [
    (
        Field::Time,
        &["time", "ts", "timestamp", "date", "datetime", "ts_recv", "ts_event", "open_time", "close_time", "unix"],
    ),
    (Field::Open, &["open", "o"]),
    (Field::High, &["high", "h"]),
    (Field::Low, &["low", "l"]),
    (Field::Close, &["close", "c"]),
    (Field::Volume, &["volume", "vol", "v"]),
    (Field::BidPx, &["bid_px", "bid", "bid_price", "best_bid", "best_bid_price"]),
    (Field::BidSz, &["bid_sz", "bid_size", "bid_qty", "bid_quantity", "best_bid_size", "best_bid_qty"]),
    (Field::AskPx, &["ask_px", "ask", "ask_price", "best_ask", "best_ask_price"]),
    (Field::AskSz, &["ask_sz", "ask_size", "ask_qty", "ask_quantity", "best_ask_size", "best_ask_qty"]),
    (Field::Px, &["px", "price", "last", "last_price", "trade_px", "trade_price"]),
    (Field::Sz, &["sz", "size", "qty", "quantity", "last_size", "trade_sz", "trade_size"]),
    (Field::Side, &["side", "aggressor_side"]),
    (Field::Kind, &["kind", "row_kind"]),
    (Field::Action, &["action"]),
    (Field::Order, &["order_id", "order"]),
    (Field::Count, &["count", "orders"]),
    (Field::Flags, &["flags"]),
    (Field::ExchTime, &["exch_time", "exch_ts", "exchange_time"]),
];

/// A name as it is compared: no case, no `_`, space or `.`.
pub(crate) fn plain(name: &str) -> String {
    name.chars().filter(|letter| !matches!(letter, '_' | ' ' | '.')).flat_map(char::to_lowercase).collect()
}

/// Which end of the bar a time column of this name holds.
pub(crate) fn stamp_of_column(name: &str) -> Option<Stamp> {
    match plain(name).as_str() {
        "opentime" => Some(Stamp::Open),
        "closetime" => Some(Stamp::Close),
        _ => None,
    }
}

/// Of two time columns, which is the row's time: we act on receipt, and a bar is known by its start.
pub(crate) fn better_time<'a>(one: &'a str, other: &'a str) -> Option<&'a str> {
    let pairs = [("tsrecv", "tsevent"), ("opentime", "closetime")];
    let (first, second) = (plain(one), plain(other));
    pairs.iter().find_map(|(good, rest)| match () {
        () if first == *good && second == *rest => Some(one),
        () if second == *good && first == *rest => Some(other),
        () => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_the_order_of_the_fields() {
        for (index, (field, _)) in NAMES.iter().enumerate() {
            assert_eq!(*field as usize, index);
        }
    }

    #[test]
    fn case_and_separators_do_not_matter() {
        assert_eq!(Field::of_column("Bid Price"), Some(Field::BidPx));
        assert_eq!(Field::of_column("TS_EVENT"), Some(Field::Time));
        assert_eq!(Field::of_column("Adj Close"), None);
        assert_eq!(better_time("ts_event", "ts_recv"), Some("ts_recv"));
        assert_eq!(better_time("date", "time"), None);
    }
}
