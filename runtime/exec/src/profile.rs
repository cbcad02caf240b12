//! Execution profiles: by which rules orders become fills.

use serde::{Deserialize, Serialize};

/// What a market order meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarketFill {
    /// The open of the next bar.
    NextOpen,
    /// The best price on the other side, at the moment it arrives.
    Touch,
}

/// A named set of rules, hashed into the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Its name on the command line.
    pub name: String,
    /// How market orders fill where the data allow it: see `market_fill`.
    pub market_fill: MarketFill,
}

/// What holds under every profile so far. A change here is a change of results: it is part of the hash.
const COMMON_RULES: &str = "\
version = 1
orders = market, whole, no latency, no slippage, no limit of size
wish = floored toward zero to the lot step, less what is held or ordered
arrival = after all data of its moment, before anything later
touch = whole size at the best opposite price, whatever is shown there; an empty side refuses
next_open = first bar of the finest bars that opens at or after the order, or follows the bar that the order answers
market of bars only = next_open
market without bars = touch
fees = per lot, on each fill
";

impl Profile {
    /// `bars`: market orders fill at the open of the next bar.
    pub fn bars() -> Profile {
        Profile { name: "bars".to_owned(), market_fill: MarketFill::NextOpen }
    }

    /// `touch`: market orders fill whole, at once, at the best opposite price.
    ///
    /// Best bid and ask tell nothing of the depth behind them, so a large order fills better here than it would have.
    pub fn touch() -> Profile {
        Profile { name: "touch".to_owned(), market_fill: MarketFill::Touch }
    }

    /// The built-in profile of that name.
    pub fn by_name(name: &str) -> Option<Profile> {
        [Profile::bars(), Profile::touch()].into_iter().find(|profile| profile.name == name)
    }

    /// All rules as text, the same for the same behaviour: what a hash of the profile covers.
    pub fn rules(&self) -> String {
        let market_fill = match self.market_fill {
            MarketFill::NextOpen => "next_open",
            MarketFill::Touch => "touch",
        };
        format!("{COMMON_RULES}market_fill = {market_fill}\n")
    }

    /// How market orders fill in a market with these data: nothing touches where nobody quotes, or opens where no bar does.
    pub fn market_fill(&self, has_bars: bool, has_ticks: bool) -> MarketFill {
        match (has_bars, has_ticks) {
            (true, false) => MarketFill::NextOpen,
            (false, _) => MarketFill::Touch,
            (true, true) => self.market_fill,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_found_by_its_name_and_told_apart_by_its_rules() {
        assert_eq!(Profile::by_name("touch"), Some(Profile::touch()));
        assert_eq!(Profile::by_name("perfect"), None);
        assert_ne!(Profile::bars().rules(), Profile::touch().rules());
    }
}
