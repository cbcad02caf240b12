//! The columns of a block: which there are, and what each holds.

/// The columns a block can hold. Prices are ticks, sizes are lot steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(usize)]
pub enum Column {
    /// What the row is: a `RowKind`, `DepthKind` or `OrderAction`, as the schema has it.
    Kind,
    /// Best bid price.
    BidPx,
    /// Size at the best bid.
    BidSz,
    /// Best ask price.
    AskPx,
    /// Size at the best ask.
    AskSz,
    /// Price of the trade, level or order.
    Px,
    /// Size of the trade; total size of the level; size of the order.
    Sz,
    /// Aggressor of a trade: 1 buyer, -1 seller, 0 unknown. Side of a level or order: 1 bid, -1 ask, 0 neither.
    Side,
    /// When the bar opened, in nanoseconds.
    OpenTime,
    /// First price of the bar.
    Open,
    /// Highest price of the bar.
    High,
    /// Lowest price of the bar.
    Low,
    /// Last price of the bar.
    Close,
    /// Quantity traded in the bar.
    Volume,
    /// How many orders make up the level; `NA` where the data do not tell.
    Count,
    /// Which order: the bits of its number.
    Order,
    /// `RowFlags` of a row of a book; where it is empty, every row stands for itself.
    Flags,
    /// When the exchange saw it, in nanoseconds; `time` says when we did.
    ExchTime,
}

impl Column {
    /// How many columns there are.
    pub const COUNT: usize = 18;

    /// Every column, in order.
    pub const ALL: [Column; Column::COUNT] = [
        Column::Kind,
        Column::BidPx,
        Column::BidSz,
        Column::AskPx,
        Column::AskSz,
        Column::Px,
        Column::Sz,
        Column::Side,
        Column::OpenTime,
        Column::Open,
        Column::High,
        Column::Low,
        Column::Close,
        Column::Volume,
        Column::Count,
        Column::Order,
        Column::Flags,
        Column::ExchTime,
    ];

    /// The name used in files, messages and printed IR.
    pub fn name(self) -> &'static str {
        match self {
            Column::Kind => "kind",
            Column::BidPx => "bid_px",
            Column::BidSz => "bid_sz",
            Column::AskPx => "ask_px",
            Column::AskSz => "ask_sz",
            Column::Px => "px",
            Column::Sz => "sz",
            Column::Side => "side",
            Column::OpenTime => "open_time",
            Column::Open => "open",
            Column::High => "high",
            Column::Low => "low",
            Column::Close => "close",
            Column::Volume => "volume",
            Column::Count => "count",
            Column::Order => "order_id",
            Column::Flags => "flags",
            Column::ExchTime => "exch_time",
        }
    }
}
