//! A figure is a number, or the reason why there is none. Each is declared once: field, name and definition.

use std::fmt;

/// A number, or why it is none. Never NaN, never infinite.
pub type Figure = Result<f64, Undefined>;

/// Why a figure has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Undefined {
    /// No trade was closed.
    NoTrades,
    /// No closed trade won.
    NoWins,
    /// No closed trade lost.
    NoLosses,
    /// Too few closed trades for this.
    FewTrades,
    /// Too few days with data for this.
    FewDays,
    /// All returns, or all results, are the same.
    NoVariation,
    /// No return fell below zero.
    NoDownside,
    /// The account never fell from a peak.
    NoDrawdown,
    /// Prices never moved while a trade was open.
    NoExcursion,
    /// The account fell to zero or below.
    CapitalLost,
    /// The account started with nothing.
    NoCapital,
    /// The run took no time.
    NoTime,
    /// Nothing was traded.
    NothingTraded,
    /// No fees were paid.
    NoFees,
    /// The mean return is not above zero.
    NoEdge,
    /// The number is too large to write.
    TooLarge,
}

impl Undefined {
    /// All reasons.
    pub const ALL: [Undefined; 16] = [
        Undefined::NoTrades,
        Undefined::NoWins,
        Undefined::NoLosses,
        Undefined::FewTrades,
        Undefined::FewDays,
        Undefined::NoVariation,
        Undefined::NoDownside,
        Undefined::NoDrawdown,
        Undefined::NoExcursion,
        Undefined::CapitalLost,
        Undefined::NoCapital,
        Undefined::NoTime,
        Undefined::NothingTraded,
        Undefined::NoFees,
        Undefined::NoEdge,
        Undefined::TooLarge,
    ];

    /// The code in `report.json`.
    pub fn code(self) -> &'static str {
        self.names().0
    }

    /// The reason in words.
    pub fn words(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Undefined::NoTrades => ("no_trades", "no trade was closed"),
            Undefined::NoWins => ("no_wins", "no closed trade won"),
            Undefined::NoLosses => ("no_losses", "no closed trade lost"),
            Undefined::FewTrades => ("few_trades", "too few closed trades"),
            Undefined::FewDays => ("few_days", "too few days with data"),
            Undefined::NoVariation => ("no_variation", "all values are the same"),
            Undefined::NoDownside => ("no_downside", "no day lost"),
            Undefined::NoDrawdown => ("no_drawdown", "the account never fell from a peak"),
            Undefined::NoExcursion => ("no_excursion", "prices never moved while a trade was open"),
            Undefined::CapitalLost => ("capital_lost", "the account fell to zero or below"),
            Undefined::NoCapital => ("no_capital", "the account started with nothing"),
            Undefined::NoTime => ("no_time", "the run took no time"),
            Undefined::NothingTraded => ("nothing_traded", "nothing was traded"),
            Undefined::NoFees => ("no_fees", "no fees were paid"),
            Undefined::NoEdge => ("no_edge", "the mean return is not above zero"),
            Undefined::TooLarge => ("too_large", "the number is too large"),
        }
    }
}

impl fmt::Display for Undefined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// `a / b`, or the reason if `b` is zero.
pub(crate) fn over(a: f64, b: f64, zero: Undefined) -> Figure {
    if b == 0.0 { Err(zero) } else { finite(a / b) }
}

/// The number, if it can be written.
pub(crate) fn finite(x: f64) -> Figure {
    if x.is_finite() { Ok(x) } else { Err(Undefined::TooLarge) }
}

/// What stands under a name in the summary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Told {
    /// A whole number.
    Count(u64),
    /// A figure.
    Figure(Figure),
}

impl From<usize> for Told {
    fn from(count: usize) -> Told {
        Told::Count(count as u64)
    }
}

impl From<f64> for Told {
    fn from(number: f64) -> Told {
        Told::Figure(finite(number))
    }
}

impl From<Figure> for Told {
    fn from(figure: Figure) -> Told {
        Told::Figure(figure)
    }
}

/// One line of a summary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// The name in `report.json`.
    pub name: &'static str,
    /// What stands there.
    pub told: Told,
    /// How it is defined.
    pub definition: &'static str,
}

/// Declares a group of figures: each a field, its name in `report.json`, and its definition as its doc.
macro_rules! figures {
    ($(#[$meta:meta])* $group:ident { $($(#[doc = $doc:literal])+ $field:ident: $ty:ty = $name:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $group {
            $($(#[doc = $doc])+ pub $field: $ty,)+
        }

        impl $group {
            /// Every figure with its name and definition, in order.
            pub fn entries(&self) -> Vec<$crate::figure::Entry> {
                vec![$($crate::figure::Entry {
                    name: $name,
                    told: self.$field.into(),
                    definition: concat!($($doc),+).trim_ascii(),
                },)+]
            }
        }
    };
}
pub(crate) use figures;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_reason_has_a_code_of_its_own() {
        let codes: BTreeSet<&str> = Undefined::ALL.iter().map(|why| why.code()).collect();
        assert_eq!(codes.len(), Undefined::ALL.len());
        assert!(Undefined::ALL.windows(2).all(|pair| pair[0] < pair[1]), "each stands once, in order");
    }

    #[test]
    fn what_is_no_number_says_so() {
        assert_eq!(over(1.0, 0.0, Undefined::NoLosses), Err(Undefined::NoLosses));
        assert_eq!(over(1e300, 1e-300, Undefined::NoLosses), Err(Undefined::TooLarge));
        assert_eq!(Told::from(f64::NAN), Told::Figure(Err(Undefined::TooLarge)));
    }
}
