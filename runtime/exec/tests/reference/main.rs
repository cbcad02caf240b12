//! The exchange against a reference that anybody can check by eye, on scenarios by chance.

mod bars;
mod laws;
mod play;
mod scenario;
mod simulator;
mod ticks;

use gbc_exec::{BarRules, Happened, Impact, Profile, Slippage};
use scenario::{Dice, Scenario};

/// Says where the two differ first, with what led there. How many fills there were, and how many of them slipped.
fn agree(seed: u64, scenario: &Scenario, profile: &Profile) -> [usize; 2] {
    let wanted = play::by_reference(scenario, profile);
    let found = play::by_exchange(scenario, profile);
    let same = wanted.iter().zip(&found).take_while(|(wanted, found)| wanted == found).count();
    if same < wanted.len().max(found.len()) {
        let from = same.saturating_sub(6);
        let until = wanted.get(same).or(found.get(same)).map_or(i64::MAX, |(_, answer)| answer.at.0);
        let story = play::story(scenario, until);
        let alike: Vec<String> = wanted[from..same].iter().map(|heard| format!("{heard:?}")).collect();
        panic!(
            "scenario {seed} of {}, {:?}\n{}\nreference: {:?}\nexchange:  {:?}\n{}",
            profile.name,
            scenario.latency,
            alike.join("\n"),
            wanted.get(same),
            found.get(same),
            story[story.len().saturating_sub(40)..].join("\n")
        );
    }
    let slips = found.iter().filter_map(|(_, answer)| match answer.what {
        Happened::Filled { slipped, .. } => Some(slipped > 0),
        _ => None,
    });
    slips.fold([0; 2], |[fills, slipped], slips| [fills + 1, slipped + usize::from(slips)])
}

/// Three of four scenarios slip, each in its way.
fn slippage(seed: u64) -> Slippage {
    let bps = [0.0, 25.0, 170.0][seed as usize / 4 % 3];
    match seed % 4 {
        0 => Slippage::default(),
        1 => Slippage { ticks: 1 + (seed / 8 % 2) as i64, bps, impact: Impact::None },
        2 => Slippage { ticks: 0, bps, impact: Impact::Linear(30.0) },
        _ => Slippage { ticks: (seed / 8 % 2) as i64, bps, impact: Impact::SquareRoot(70.0) },
    }
}

#[test]
fn bars_meet_orders_as_the_reference_does() {
    let mut seen = [0; 2];
    for seed in 0..600 {
        let rules = BarRules { market_at_close: seed % 3 == 0, limit_on_touch: seed % 4 != 0 };
        let profile = Profile { bars: rules, slippage: slippage(seed / 12), ..Profile::bars() };
        let now = agree(seed, &Scenario::of_bars(&mut Dice::new(seed)), &profile);
        seen = [seen[0] + now[0], seen[1] + now[1]];
    }
    assert!(seen[0] > 6000 && seen[1] > 1000, "{seen:?} fills, fills that slipped: these scenarios show little");
}

#[test]
fn ticks_meet_orders_as_the_reference_does() {
    let mut seen = [0; 2];
    for seed in 0..600 {
        let rules = if seed % 5 == 0 { Profile::touch() } else { Profile::strict() };
        let profile = Profile { slippage: slippage(seed / 5), ..rules };
        let now = agree(seed, &Scenario::of_ticks(&mut Dice::new(seed)), &profile);
        seen = [seen[0] + now[0], seen[1] + now[1]];
    }
    assert!(seen[0] > 6000 && seen[1] > 1000, "{seen:?} fills, fills that slipped: these scenarios show little");
}
