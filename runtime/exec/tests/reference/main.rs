//! The exchange against a reference that anybody can check by eye, on scenarios by chance.

mod bars;
mod laws;
mod play;
mod scenario;
mod simulator;
mod ticks;

use gbc_exec::{BarRules, Profile};
use scenario::{Dice, Scenario};

/// Says where the two differ first, with what led there.
fn agree(seed: u64, scenario: &Scenario, profile: &Profile) -> usize {
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
    found.iter().filter(|(_, answer)| matches!(answer.what, gbc_exec::Happened::Filled { .. })).count()
}

#[test]
fn bars_meet_orders_as_the_reference_does() {
    let mut fills = 0;
    for seed in 0..600 {
        let rules = BarRules { market_at_close: seed % 3 == 0, limit_on_touch: seed % 4 != 0 };
        let profile = Profile { bars: rules, ..Profile::bars() };
        fills += agree(seed, &Scenario::of_bars(&mut Dice::new(seed)), &profile);
    }
    assert!(fills > 6000, "only {fills} fills: these scenarios show little");
}

#[test]
fn ticks_meet_orders_as_the_reference_does() {
    let mut fills = 0;
    for seed in 0..600 {
        let profile = if seed % 5 == 0 { Profile::touch() } else { Profile::strict() };
        fills += agree(seed, &Scenario::of_ticks(&mut Dice::new(seed)), &profile);
    }
    assert!(fills > 6000, "only {fills} fills: these scenarios show little");
}
