//! Execution profiles: by which rules orders become fills.

use gbc_book::Crossing;
use gbc_core::{Instrument, MakerFees, Money, Ratio};
use serde::{Deserialize, Serialize};

use crate::exchange::Holds;
use crate::{Latency, Margin, QueueModel, Slippage};

/// How bars meet orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BarRules {
    /// Whether a market order that answers a bar's close fills there, rather than at the next open.
    pub market_at_close: bool,
    /// Whether a limit fills when the bar just touches it, rather than goes beyond.
    pub limit_on_touch: bool,
}

/// What trading costs, whatever the instruments say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fees {
    /// For every lot, either way.
    pub per_lot: Money,
    /// As a share of what was traded.
    pub rate: Option<Ratio>,
    /// What takes the place of both where an order rested.
    pub maker: Option<MakerFees>,
}

/// How a book of levels or of single orders meets what rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DepthRules {
    /// Each traded lot serves one order, and the book is read when it is whole.
    Strict,
    /// As hftbacktest's exchange without partial fills: every order by itself and whole, after every row, in a book whose other
    /// side retreats.
    HftCompat,
}

/// A named set of rules, hashed into the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its name on the command line.
    pub name: String,
    /// Whether bars meet the orders of a market that has ticks as well.
    pub prefers_bars: bool,
    /// How bars meet orders.
    pub bars: BarRules,
    /// Whether who takes finds as much as he wants at the best price, whatever is shown there.
    pub takes_whole: bool,
    /// How books of several levels meet orders.
    pub depth: DepthRules,
    /// How a resting order moves up where single orders are not known.
    pub queue: QueueModel,
    /// How long things take.
    pub latency: Latency,
    /// What takes the place of the instruments' own fees, if anything does.
    pub fees: Option<Fees>,
    /// How much worse than the data say orders fill that name no limit.
    pub slippage: Slippage,
    /// What an account must have for its lots; without it, positions of any size are carried.
    pub margin: Option<Margin>,
}

/// What holds under every profile. A change here is a change of results: it is part of the hash.
const COMMON_RULES: &str = "\
version = 3
wish = floored toward zero to the lot step, less what is held or ordered
arrival = latency after it was sent, after all data of its moment, before anything later
market with bars only = bars
market without bars = ticks
ticks: taking shown = what is shown at the best price, once until it says something new; the rest waits
ticks: taking whole = as much as it wants at the best price
ticks: an empty side refuses
ticks: resting = behind what is shown when its price is first the best; served by trades at its price, by trades beyond it up to their size, and by an opposite quote that reaches it
ticks: stop = the last trade, or the opposite quote where no trades are known
books: taking shown = the levels that its price allows, best first, each less what we took since it changed; the rest waits
books: resting = behind what its level shows, or behind the orders in it; served by trades and fills as they name, each lot once, and by an opposite level that reaches it; read when whole
books: hft_compat = every order whole and by itself, after every row; the other side of a new best price retreats
bars: open = what the gap reached fills there: who leaves, then stops, takes, then who enters, then their stops and takes
bars: range = each at its own price, stop before take; a take of lots that came in within the bar only if it closed there, neither better than their entry
fees = by the instrument, on each fill
";

impl Fees {
    fn rule(self) -> String {
        let rate = self.rate.map_or("0".to_owned(), |rate| format!("{} / {}", rate.num, rate.den));
        let rested = self.maker.map_or(String::new(), |maker| {
            format!(", of orders that rested per_lot {} rate {} / 1000000000", maker.per_lot.to_f64(), maker.rate)
        });
        format!("fees of every instrument = per_lot {} rate {rate}{rested}\n", self.per_lot.to_f64())
    }
}

impl Profile {
    /// `bars`: market orders fill at the open of the next bar, limits when a bar touches them.
    pub fn bars() -> Profile {
        Profile { name: "bars".to_owned(), prefers_bars: true, ..Profile::strict() }
    }

    /// `strict`: nothing fills that was not shown or traded.
    pub fn strict() -> Profile {
        Profile {
            name: "strict".to_owned(),
            prefers_bars: false,
            bars: BarRules { market_at_close: false, limit_on_touch: true },
            takes_whole: false,
            depth: DepthRules::Strict,
            queue: QueueModel::RiskAverse,
            latency: Latency::default(),
            fees: None,
            slippage: Slippage::default(),
            margin: None,
        }
    }

    /// `touch`: as `strict`, but who takes finds as much as he wants at the best price, whatever is shown there.
    pub fn touch() -> Profile {
        Profile { name: "touch".to_owned(), takes_whole: true, ..Profile::strict() }
    }

    /// `hft_compat`: where data hold books, the rules of hftbacktest's exchange without partial fills. Any of its queue models
    /// may be set.
    pub fn hft_compat() -> Profile {
        Profile { name: "hft_compat".to_owned(), takes_whole: true, depth: DepthRules::HftCompat, ..Profile::strict() }
    }

    /// The profiles that need no file.
    pub fn built_in() -> Vec<Profile> {
        vec![Profile::bars(), Profile::strict(), Profile::touch(), Profile::hft_compat()]
    }

    /// The built-in profile of that name.
    pub fn by_name(name: &str) -> Option<Profile> {
        Profile::built_in().into_iter().find(|profile| profile.name == name)
    }

    /// Lets an instrument cost what this profile says.
    pub fn charge(&self, instrument: &mut Instrument) {
        if let Some(fees) = self.fees {
            (instrument.fee_per_lot, instrument.fee_rate, instrument.maker) = (fees.per_lot, fees.rate, fees.maker);
        }
    }

    /// All rules as text, the same for the same behaviour: what a hash of the profile covers.
    pub fn rules(&self) -> String {
        let Profile { bars, queue, latency, .. } = self;
        let taking = if self.takes_whole { "whole" } else { "shown" };
        let market = if bars.market_at_close { "close" } else { "next_open" };
        let limit = if bars.limit_on_touch { "touch" } else { "through" };
        let depth = match self.depth {
            DepthRules::Strict => "strict",
            DepthRules::HftCompat => "hft_compat",
        };
        let both = if self.prefers_bars { "bars" } else { "ticks" };
        let latency = latency.rules();
        format!(
            "{COMMON_RULES}market with both = {both}\nmarket_fill = {market}\nlimit_fill = {limit}\ntaking = {taking}\nbooks = {depth}\nqueue = {queue:?}\n\
             {latency}{}{}{}",
            self.fees.map_or(String::new(), |fees| fees.rule()),
            self.slippage.rule(),
            self.margin.map_or(String::new(), Margin::rule)
        )
    }

    /// What books make of a bid that reaches an ask.
    pub fn crossing(&self) -> Crossing {
        match self.depth {
            DepthRules::Strict => Crossing::Shown,
            DepthRules::HftCompat => Crossing::Retreats,
        }
    }

    /// Whether bars meet the orders of a market with these data.
    pub fn meets_bars(&self, holds: Holds) -> bool {
        holds.bars && (self.prefers_bars || !holds.ticks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_found_by_its_name_and_told_apart_by_its_rules() {
        assert_eq!(Profile::by_name("strict"), Some(Profile::strict()));
        assert_eq!(Profile::by_name("perfect"), None);
        assert_ne!(Profile::bars().rules(), Profile::strict().rules());
    }

    #[test]
    fn its_fees_take_the_place_of_the_instruments_and_are_rules() {
        let mut instrument = Instrument { fee_rate: Some(Ratio::ONE), ..Instrument::generic("ES", Ratio::ONE) };
        Profile::strict().charge(&mut instrument);
        assert_eq!(instrument.fee_rate, Some(Ratio::ONE));
        let fees = Fees { per_lot: Money(620_000_000), ..Fees::default() };
        let dear = Profile { fees: Some(fees), ..Profile::strict() };
        dear.charge(&mut instrument);
        assert_eq!((instrument.fee_per_lot, instrument.fee_rate), (Money(620_000_000), None));
        assert!(dear.rules().ends_with("fees of every instrument = per_lot 0.62 rate 0\n"), "{}", dear.rules());
    }
}
