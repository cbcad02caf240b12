//! Whose records are whose: a header maps numbers to names, day by day.

use std::collections::BTreeMap;

use dbn::{Metadata, SType};
use gbc_core::time::DAY;

use crate::DataError;
use crate::dbn_file::Wanted;
use crate::error::{shown, shown_list};

/// From when to when a name has a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    id: u32,
    from: i64,
    to: i64,
}

/// All names of a file.
#[derive(Debug)]
pub(crate) struct Symbols(BTreeMap<String, Vec<Span>>);

/// The one instrument whose records become rows.
#[derive(Clone, Debug)]
pub(crate) enum Chosen {
    Named {
        name: String,
        spans: Vec<(u32, i64, i64)>,
        /// How many others the header names.
        others: usize,
    },
    /// A file that names nothing: its only number, as soon as one is seen.
    Number(Option<u32>),
}

impl Symbols {
    pub(crate) fn of(metadata: &Metadata) -> Result<Symbols, DataError> {
        let mut names: BTreeMap<String, Vec<Span>> = BTreeMap::new();
        for mapping in &metadata.mappings {
            for interval in &mapping.intervals {
                // One of the two is the number that records carry.
                let (name, id) = match (metadata.stype_out, metadata.stype_in) {
                    (SType::InstrumentId, _) => (&mapping.raw_symbol, &interval.symbol),
                    (_, Some(SType::InstrumentId)) => (&interval.symbol, &mapping.raw_symbol),
                    _ => continue,
                };
                let Ok(id) = id.parse() else { continue };
                let (from, to) =
                    (midnight(interval.start_date.to_julian_day()), midnight(interval.end_date.to_julian_day()));
                names.entry(name.clone()).or_default().push(Span { id, from, to });
            }
        }
        Ok(Symbols(names))
    }

    /// By the user's word, else the only one, else the one that is called like the market.
    pub(crate) fn choose(&self, wanted: Wanted) -> Result<Chosen, DataError> {
        if let Some(word) = wanted.named {
            return self.named(word).ok_or_else(|| {
                DataError::choose(format!("there is no instrument `{}` inside; there are {}", shown(word), self.list()))
            });
        }
        if self.0.is_empty() {
            return Ok(Chosen::Number(None));
        }
        let all: Vec<&String> = self.0.keys().collect();
        let alike = |test: &dyn Fn(&str) -> bool| match all.iter().filter(|name| test(name)).collect::<Vec<_>>()[..] {
            [one] => Some((*one).clone()),
            _ => None,
        };
        let found = match &all[..] {
            [one] => Some((*one).clone()),
            _ => alike(&|name| name.eq_ignore_ascii_case(wanted.market))
                .or_else(|| alike(&|name| root(name).eq_ignore_ascii_case(wanted.market))),
        };
        found.and_then(|name| self.named(&name)).ok_or_else(|| {
            DataError::choose(format!(
                "holds several instruments, {}, and the market is called `{}`; say which with `FILE#{}`",
                self.list(),
                shown(wanted.market),
                all[0]
            ))
        })
    }

    fn named(&self, word: &str) -> Option<Chosen> {
        let key = self.0.keys().find(|name| name.eq_ignore_ascii_case(word));
        match key {
            Some(name) => {
                let spans = self.0[name].iter().map(|span| (span.id, span.from, span.to)).collect();
                Some(Chosen::Named { name: name.clone(), spans, others: self.0.len() - 1 })
            }
            None => word.parse().ok().map(|id| Chosen::Number(Some(id))),
        }
    }

    fn list(&self) -> String {
        shown_list(self.0.keys().map(String::as_str))
    }
}

impl Chosen {
    /// Whether a record of this number and time belongs to it. A file without names has but one number.
    #[inline]
    pub(crate) fn takes(&mut self, id: u32, time: i64) -> bool {
        match self {
            Chosen::Named { spans, .. } => {
                spans.iter().any(|(known, from, to)| *known == id && (*from..*to).contains(&time))
            }
            Chosen::Number(known) => *known.get_or_insert(id) == id,
        }
    }

    pub(crate) fn name(&self) -> String {
        match self {
            Chosen::Named { name, others: 0, .. } => shown(name),
            Chosen::Named { name, others, .. } => format!("{} (and {others} other instruments inside)", shown(name)),
            Chosen::Number(Some(id)) => format!("instrument {id}"),
            Chosen::Number(None) => "one instrument without a name".to_owned(),
        }
    }
}

/// `ES` of `ESZ5`: what stands before the month and year of a future.
fn root(name: &str) -> &str {
    let head = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    match head.len() < name.len() && head.ends_with(|letter| "FGHJKMNQUVXZ".contains(letter)) {
        true => &head[..head.len() - 1],
        false => name.split('.').next().unwrap_or(name),
    }
}

/// The Julian day that began 1970 at noon.
const JULIAN_1970: i64 = 2_440_588;

fn midnight(julian_day: i32) -> i64 {
    (i64::from(julian_day) - JULIAN_1970).saturating_mul(DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbols(names: &[(&str, u32)]) -> Symbols {
        let span = |id| Span { id, from: 0, to: 10 * DAY };
        Symbols(names.iter().map(|(name, id)| ((*name).to_owned(), vec![span(*id)])).collect())
    }

    fn choose(symbols: &Symbols, named: Option<&str>, market: &str) -> Result<String, String> {
        symbols
            .choose(Wanted { named, market, repairs: false })
            .map(|chosen| chosen.name())
            .map_err(|error| error.reason)
    }

    #[test]
    fn a_market_finds_its_instrument() {
        let two = symbols(&[("ESU4", 1), ("NQU4", 2)]);
        assert_eq!(choose(&two, None, "ES").unwrap(), "ESU4 (and 1 other instruments inside)");
        assert_eq!(choose(&two, None, "nqu4").unwrap(), "NQU4 (and 1 other instruments inside)");
        assert_eq!(choose(&two, Some("2"), "ES").unwrap(), "instrument 2");
        assert_eq!(choose(&symbols(&[("ESU4", 1)]), None, "X").unwrap(), "ESU4");
        let told = choose(&two, None, "CL").unwrap_err();
        assert!(told.contains("`ESU4`, `NQU4`") && told.contains("`FILE#ESU4`"), "{told}");
        assert!(choose(&two, Some("GC"), "CL").unwrap_err().contains("no instrument `GC` inside"));
        assert!(choose(&symbols(&[("ESU4", 1), ("ESZ4", 2)]), None, "ES").is_err());
    }

    #[test]
    fn a_number_belongs_to_a_name_for_some_days() {
        let mut chosen = symbols(&[("ESU4", 1)]).named("esu4").unwrap();
        assert!(chosen.takes(1, DAY) && !chosen.takes(1, 10 * DAY) && !chosen.takes(2, DAY));
    }
}
