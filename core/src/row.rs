//! What the rows of a feed are, schema by schema, and how the rows of a book belong together.
//!
//! A trade is 1 in every schema, so that nobody who waits for trades has to ask which one it is.

/// What one row of an L1 feed is, as stored in `Column::Kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum RowKind {
    /// The best bid or ask changed.
    Quote = 0,
    /// A trade; the quote columns hold the quote before it, or `NA`.
    Trade = 1,
}

/// What one row of a `Depth` feed is, as stored in `Column::Kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum DepthKind {
    /// A level now has this total size; 0 takes it away.
    Change = 0,
    /// A trade. It changes no level: what it took comes as changes.
    Trade = 1,
    /// A level as a snapshot shows it; otherwise like a change.
    Snapshot = 2,
    /// Levels from the best of a side to `Px`, itself included, are gone; without a price the whole side, without a side both.
    Clear = 3,
}

/// What one row of an `Orders` feed is, as stored in `Column::Kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum OrderAction {
    /// An order came to rest, behind all others at its price. A known number replaces the order that had it.
    Add = 0,
    /// A trade. It changes no order: what it took comes as cancels and modifications.
    Trade = 1,
    /// `Sz` of an order is taken off; at 0 it is gone.
    Cancel = 2,
    /// An order has a new price and size. It goes behind the others if its price changed or its size grew.
    Modify = 3,
    /// A resting order was hit. It changes nothing either; queue models want to know.
    Fill = 4,
    /// All orders of a side are gone; without a side, of both.
    Clear = 5,
    /// An order is gone, whatever its size.
    Remove = 6,
}

impl DepthKind {
    /// All kinds, in the order of their numbers.
    pub const ALL: [DepthKind; 4] = [DepthKind::Change, DepthKind::Trade, DepthKind::Snapshot, DepthKind::Clear];

    /// The kind with this number.
    pub fn of(number: i64) -> Option<DepthKind> {
        usize::try_from(number).ok().and_then(|index| DepthKind::ALL.get(index).copied())
    }
}

impl OrderAction {
    /// All kinds, in the order of their numbers.
    pub const ALL: [OrderAction; 7] = [
        OrderAction::Add,
        OrderAction::Trade,
        OrderAction::Cancel,
        OrderAction::Modify,
        OrderAction::Fill,
        OrderAction::Clear,
        OrderAction::Remove,
    ];

    /// The kind with this number.
    pub fn of(number: i64) -> Option<OrderAction> {
        usize::try_from(number).ok().and_then(|index| OrderAction::ALL.get(index).copied())
    }
}

/// What else is said of a row of a book, as bits in `Column::Flags`.
///
/// One thing that happened at the exchange can take several rows. The book between them never was, so nobody looks at it
/// before the row that has `LAST`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowFlags(pub i64);

impl RowFlags {
    /// The last row of what happened: the book is whole again.
    pub const LAST: RowFlags = RowFlags(1);
    /// A row of a snapshot: it says what rests, not what happened now.
    pub const SNAPSHOT: RowFlags = RowFlags(2);
    /// Rows are missing before this one.
    pub const GAP: RowFlags = RowFlags(4);
    /// Of a feed with two orders of rows: it is here for its place in the order in which we saw them; the exchange passes it over.
    pub const LOCAL_ONLY: RowFlags = RowFlags(8);
    /// Likewise for its place at the exchange: no strategy sees it, and its `time` is that of the row before.
    pub const EXCH_ONLY: RowFlags = RowFlags(16);

    /// Whether all of these are set.
    pub fn has(self, flags: RowFlags) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// These flags and those.
    pub const fn with(self, flags: RowFlags) -> RowFlags {
        RowFlags(self.0 | flags.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_the_number_of_their_place() {
        let numbers = |count: usize| (0..count as i64).collect::<Vec<_>>();
        assert_eq!(DepthKind::ALL.map(|kind| kind as i64).to_vec(), numbers(DepthKind::ALL.len()));
        assert_eq!(OrderAction::ALL.map(|kind| kind as i64).to_vec(), numbers(OrderAction::ALL.len()));
        assert!([-1, 7, i64::MIN].map(OrderAction::of).iter().all(Option::is_none));
    }

    #[test]
    fn a_trade_has_one_number_in_all_schemas() {
        assert_eq!([RowKind::Trade as i64, DepthKind::Trade as i64], [OrderAction::Trade as i64; 2]);
    }
}
