//! Types and units.

use std::fmt;

use gbc_core::MarketId;

/// What a number is measured in, as powers of price, money and time. All zero is a plain number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Dim {
    /// Power of price.
    pub price: i8,
    /// Power of money.
    pub money: i8,
    /// Power of time.
    pub time: i8,
}

impl Dim {
    /// A plain number.
    pub const NONE: Dim = Dim { price: 0, money: 0, time: 0 };
    /// A price, in points.
    pub const PRICE: Dim = Dim { price: 1, money: 0, time: 0 };
    /// An amount of money.
    pub const MONEY: Dim = Dim { price: 0, money: 1, time: 0 };
    /// What a point of one lot is worth.
    pub const POINT: Dim = Dim { price: -1, money: 1, time: 0 };

    /// Of a product.
    pub fn times(self, other: Dim) -> Dim {
        let add = |a: i8, b: i8| a.saturating_add(b);
        Dim {
            price: add(self.price, other.price),
            money: add(self.money, other.money),
            time: add(self.time, other.time),
        }
    }

    /// Of one over it.
    pub fn inverse(self) -> Dim {
        let turned = |power: i8| power.saturating_neg();
        Dim { price: turned(self.price), money: turned(self.money), time: turned(self.time) }
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let powers = [("money", self.money), ("price", self.price), ("time", self.time)];
        let side = |over: bool| {
            let named = powers.iter().filter(|(_, power)| if over { *power > 0 } else { *power < 0 });
            let words: Vec<String> = named
                .map(
                    |(name, power)| {
                        if power.abs() == 1 { (*name).to_owned() } else { format!("{name}^{}", power.abs()) }
                    },
                )
                .collect();
            words.join(" * ")
        };
        match (side(true), side(false)) {
            (top, bottom) if top.is_empty() && bottom.is_empty() => f.write_str("a plain number"),
            (top, bottom) if bottom.is_empty() => f.write_str(&top),
            (top, bottom) if top.is_empty() => write!(f, "1 / {bottom}"),
            (top, bottom) => write!(f, "{top} / {bottom}"),
        }
    }
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ty {
    /// True, false or undefined.
    Bool,
    /// A whole number.
    Int,
    /// A number with a unit.
    Num(Dim),
    /// A price that is a whole number of ticks of this market.
    Exact(MarketId),
    /// A span of time in nanoseconds.
    Duration,
    /// An arm of an enum, by the enum's index.
    Enum(usize),
    /// Something was wrong and has been said: agrees with everything.
    Unknown,
}

impl Ty {
    /// A plain number.
    pub const NUM: Ty = Ty::Num(Dim::NONE);

    /// What it is measured in; `None` for what is no number.
    pub fn dim(self) -> Option<Dim> {
        match self {
            Ty::Int => Some(Dim::NONE),
            Ty::Num(dim) => Some(dim),
            Ty::Exact(_) => Some(Dim::PRICE),
            Ty::Bool | Ty::Duration | Ty::Enum(_) | Ty::Unknown => None,
        }
    }

    /// Whether it is kept as a 64-bit integer.
    pub fn is_whole(self) -> bool {
        matches!(self, Ty::Int | Ty::Exact(_) | Ty::Duration | Ty::Enum(_))
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ty::Bool => f.write_str("true or false"),
            Ty::Int => f.write_str("a whole number"),
            Ty::Num(dim) => write!(f, "{dim}"),
            Ty::Exact(_) => f.write_str("price"),
            Ty::Duration => f.write_str("a duration"),
            Ty::Enum(_) => f.write_str("an arm of an enum"),
            Ty::Unknown => f.write_str("unknown"),
        }
    }
}
